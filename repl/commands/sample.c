/* sample.c - drawing text, with or without a prompt. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/model/sampling.h"
#include "core/model/sequence.h"
#include "repl/commands/commands.h"
#include "repl/commands/decode.h"
#include "repl/session.h"

enum { TEXTS_KEPT = 100000, TEXTS_TRACED = 1000, TALLY_ROWS = 20, TEXTS_SHOWN_WHEN_STOPPED = 20 };

static bool shows(const Call *call, const char *what) { return call_is(call, OPT_SHOW_SAMPLE, what); }
static bool traced(const Call *call) { return shows(call, "dice") || shows(call, "steps"); }

static bool read_prompt(const Call *call, Tokens *prompt, Error *error)
{
    return call_tokens(call, TOKENS_CONTEXT, call->words, call->word_count, prompt, error);
}

static SamplingOptions sampling_options(const Call *call, const Tokens *prompt)
{
    return (SamplingOptions){.decoding = decode_options(call),
                             .seed = call->seed,
                             .draws = call_size(call, OPT_DRAWS),
                             .max = call_size(call, OPT_MAX),
                             .length = call_size(call, OPT_LEN),
                             .prompt = prompt->ids,
                             .prompt_count = prompt->count,
                             .keep = shows(call, "tally") ? 1
                                     : traced(call)       ? TEXTS_TRACED
                                                          : TEXTS_KEPT,
                             .trace = traced(call)};
}

/* All settings of a statement throw the same dice. */
static uint64_t choose_seed(Session *session, const Call *call)
{
    if (call_given(call, OPT_SEED)) return (uint64_t)call_number(call, OPT_SEED);
    return call->first ? call->first->seed : session_next_seed(session);
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    Tokens prompt;
    (void)result;
    if (!read_prompt(call, &prompt, error)) return false;
    call->seed = choose_seed(session, call);
    SamplingOptions options = sampling_options(call, &prompt);
    call->job = sampling_new(call->model, &options);
    return true;
}

/* --- the forms of the answer --- */

static const char *joined(const Call *call, const TokenId *ids, size_t count)
{
    char *text = tokenizer_join(call->model->tokenizer, call->model->vocab, ids, count);
    const char *copy = arena_copy(call->arena, text, strlen(text));
    free(text);
    return copy;
}

/* What people read: `sample` writes the prompt and its continuation as one text, `complete` apart. */
static const char *shown_text(const Call *call, const Tokens *prompt, const Sample *sample)
{
    const char *text = joined(call, sample->ids, sample->count);
    bool apart = call->command == &complete_command || prompt->count == 0;
    if (call->command == &complete_command && sample->count == 0) return _("(ends here)");
    const char *joint = sample->count ? tokenizer_joint(call->model->tokenizer) : "";
    return apart ? text
                 : arena_format(call->arena, "%s%s%s", joined(call, prompt->ids, prompt->count), joint, text);
}

static void add_texts(const Call *call, const Tokens *prompt, bool secret, Result *result)
{
    result->layout = LAYOUT_LINES;
    result_table(result, "samples");
    int shown = result_column(result, NULL, _("text"), UNIT_NONE, false);
    int why = result_column(result, NULL, _("stopped"), UNIT_NONE, false);
    int text = result_column(result, "text", NULL, UNIT_NONE, false);
    int tokens = result_column(result, "tokens", NULL, UNIT_TOKEN, false);
    int logp = result_column(result, "logp", NULL, UNIT_NONE, false);
    int stop = result_column(result, "stop", NULL, UNIT_NONE, false);
    for (size_t i = 0; i < sampling_kept(call->done); i++) {
        const Sample *sample = sampling_sample(call->done, i);
        Value *cells = result_row(result);
        cells[shown] = value_text(shown_text(call, prompt, sample));
        cells[why] = value_text(sample->stop == STOP_MAX ? "..." : "");
        cells[text] = value_text(joined(call, sample->ids, sample->count));
        cells[tokens] = value_list(call_texts(call, sample->ids, sample->count), sample->count);
        cells[logp] = secret ? value_null() : value_number(sample->logp);
        cells[stop] = value_text(stop_name(sample->stop));
    }
}

static void add_tally(const Call *call, Result *result)
{
    double done = (double)sampling_done(call->done);
    result_table(result, "tally");
    int text = result_column(result, "text", _("text"), UNIT_NONE, false);
    int count = result_column(result, "count", _("times"), UNIT_NONE, false);
    int share = result_column(result, "share", _("share"), UNIT_PROBABILITY, true);
    for (size_t i = 0; i < sampling_texts(call->done); i++) {
        uint64_t times;
        const char *words = sampling_text(call->done, i, &times);
        Value *cells = result_row(result);
        cells[text] = value_text(arena_copy(call->arena, words, strlen(words)));
        cells[count] = value_count(times);
        cells[share] = value_number((double)times / done);
    }
    result->sort = count;
    result->shown_rows = TALLY_ROWS;
    if (sampling_texts(call->done) > TALLY_ROWS)
        result_note(result, _("The %d most frequent texts; as=csv gives them all."), TALLY_ROWS);
    result_field(result, "different", _("%s different texts"), UNIT_NONE,
                 value_count(sampling_texts(call->done)));
    if (sampling_tally_full(call->done))
        result_note(result, _("Only the first million different texts were told apart."));
}

static void add_dice(const Call *call, Result *result)
{
    result_table(result, "draws");
    int number = result_column(result, "sample", _("text"), UNIT_NONE, false);
    int token = result_column(result, "token", _("token"), UNIT_TOKEN, false);
    int u = result_column(result, "u", "u", UNIT_PROBABILITY, false);
    int low = result_column(result, "low", _("from"), UNIT_PROBABILITY, false);
    int high = result_column(result, "high", _("below"), UNIT_PROBABILITY, false);
    int p = result_column(result, "p", "p", UNIT_PROBABILITY, true);
    for (size_t i = 0; i < sampling_kept(call->done); i++) {
        const Sample *sample = sampling_sample(call->done, i);
        for (size_t d = 0; d < sample->draw_count; d++) {
            const Draw *draw = &sample->draws[d];
            Value *cells = result_row(result);
            cells[number] = value_count(i + 1);
            cells[token] = value_text(vocab_text(call->model->vocab, draw->token));
            cells[u] = call_number(call, OPT_T) == 0 ? value_null() : value_number(draw->u);
            cells[low] = value_number(draw->low);
            cells[high] = value_number(draw->high);
            cells[p] = value_number(draw->high - draw->low);
        }
    }
    result_note(
        result,
        _("u is one throw of the dice; the token drawn is the one whose stretch from..below holds u."));
}

/* --- notes --- */

/* The shortest cycle in which the text ends, seen at least twice; 0 for none. */
static size_t cycle_length(const Sample *sample)
{
    for (size_t length = 1; length * 2 <= sample->count; length++) {
        const TokenId *end = sample->ids + sample->count;
        if (memcmp(end - length, end - 2 * length, length * sizeof *end) == 0) return length;
    }
    return 0;
}

static void note_cycle(const Call *call, Result *result)
{
    if (call_number(call, OPT_T) != 0 || sampling_kept(call->done) == 0) return;
    const Sample *sample = sampling_sample(call->done, 0);
    size_t length = sample->stop == STOP_EOS ? 0 : cycle_length(sample);
    if (length == 0) return;
    const char *cycle = "";
    for (size_t i = sample->count - length; i < sample->count; i++)
        cycle = arena_format(call->arena, "%s%s -> ", cycle, vocab_text(call->model->vocab, sample->ids[i]));
    result_note(result, _("T=0 always takes the most probable word, so it can run in circles: %s%s"), cycle,
                vocab_text(call->model->vocab, sample->ids[sample->count - length]));
}

static void add_notes(const Call *call, bool interrupted, Result *result)
{
    size_t done = sampling_done(call->done), ties = sampling_ties(call->done);
    note_cycle(call, result);
    if (ties > 0)
        result_note(result, _("Tie: at T=0 the most probable word was not the only one; the first in "
                              "vocabulary order was taken."));
    if (sampling_unknown(call->done) > 0)
        result_note(result, _("<unk> is never drawn: its mass (up to %.4g) was given to the other words."),
                    sampling_unknown(call->done));
    if (interrupted)
        result_note(result, _("Stopped after %zu of %zu texts."), done, call_size(call, OPT_DRAWS));
    if (result->shown_rows && !shows(call, "tally"))
        result_note(result, _("The first %zu of them; show=tally counts them all."), result->shown_rows);
    else if (!shows(call, "tally") && done > sampling_kept(call->done))
        result_note(result, _("The first %zu of %zu texts; show=tally counts them all."),
                    sampling_kept(call->done), done);
    if (call_number(call, OPT_T) != 0) result_note(result, "seed=%llu", (unsigned long long)call->seed);
}

static bool finish(Session *session, Call *call, Result *result, bool interrupted, Error *error)
{
    Tokens prompt;
    if (!read_prompt(call, &prompt, error)) return false;
    if (interrupted && sampling_done(call->done) == 0)
        return error_set(error, _("stopped before the first text was complete"));
    call->questions = sampling_done(call->done);
    call->tokens = (double)(call->questions * prompt.count + sampling_tokens(call->done));
    result_field(result, "model", NULL, UNIT_NONE, value_text(call->model_name));
    decode_fields(call, result);
    result_field(result, "seed", NULL, UNIT_NONE, value_count(call->seed));
    result_field(result, "prompt", call->command == &complete_command ? "%s" : NULL, UNIT_NONE,
                 value_text(joined(call, prompt.ids, prompt.count)));
    if (traced(call))
        add_dice(call, result);
    else if (shows(call, "tally"))
        add_tally(call, result);
    else
        add_texts(call, &prompt, session_workspace(session)->access.api, result);
    bool flood =
        interrupted && session_options(session)->terminal && result->row_count > TEXTS_SHOWN_WHEN_STOPPED;
    if (flood)
        result->shown_rows = TEXTS_SHOWN_WHEN_STOPPED; /* nobody wants the rest of a billion on the screen */
    add_notes(call, interrupted, result);
    return true;
}

/* --- why --- */

static const char *draw_note(const Call *call, const Draw *draw)
{
    if (call_number(call, OPT_T) == 0)
        return draw->ties > 1
                   ? arena_format(call->arena,
                                  _("most probable, a tie of %zu: the first in vocabulary order"), draw->ties)
                   : _("most probable");
    return arena_format(call->arena, _("u = %.6g fell between %.6g and %.6g"), draw->u, draw->low,
                        draw->high);
}

/* Each token drawn, with its dice and the model's own p. */
static void add_draws(const Call *call, const Sample *sample, State *state, Fact *fact, Arena *arena)
{
    for (size_t i = 0; i < sample->draw_count; i++) {
        const Draw *draw = &sample->draws[i];
        const char *name = arena_format(arena, _("drew %s"), vocab_text(call->model->vocab, draw->token));
        Fact *token = fact_new(arena, FACT_PROBABILITY, name, draw_note(call, draw), draw->high - draw->low);
        fact_because(fact, fact_because(token, state_explain(state, draw->token, arena)));
        state_feed(state, draw->token);
    }
}

/* The first text again, with the same dice. */
static const Fact *explain(const Call *call, const Result *result, const Call *why, Error *error)
{
    enum { TOKENS_MAX = 8 };
    Tokens prompt;
    (void)result;
    if (!read_prompt(call, &prompt, error)) return NULL;
    SamplingOptions options = sampling_options(call, &prompt);
    options.draws = options.keep = 1;
    options.trace = true;
    if (!options.length && options.max > TOKENS_MAX) options.max = TOKENS_MAX;
    Job *job = sampling_new(call->model, &options);
    Fact *fact = NULL;
    if (job_run(job, error)) {
        const Sample *sample = sampling_sample(job, 0);
        fact = fact_new(why->arena, FACT_PROBABILITY, _("p of the first text at T=1, up to 8 tokens of it"),
                        NULL, exp(sample->logp));
        State *state = state_begin(call->model);
        for (size_t i = 0; i < prompt.count; i++) state_feed(state, prompt.ids[i]);
        add_draws(call, sample, state, fact, why->arena);
        state_free(state);
    }
    job_free(job);
    return fact;
}

#define SAMPLE_OPTIONS OPTIONS(DECODE_OPTIONS, OPT_DRAWS, OPT_MAX, OPT_LEN, OPT_SEED, OPT_SHOW_SAMPLE)

const Command sample_command = {
    .name = "sample",
    .aliases = "s",
    .family = N_("draw"),
    .usage = "[W...]",
    .summary = N_("Draw text from the model, after a prompt or from the start"),
    .example = "sample T=0",
    .words = WORDS_TOKENS,
    .most = SIZE_MAX,
    .options = SAMPLE_OPTIONS,
    .models = true,
    .api = true,
    .run = run,
    .finish = finish,
    .explain = explain,
};

const Command complete_command = {
    .name = "complete",
    .family = N_("draw"),
    .usage = "\"PROMPT\" ...",
    .summary = N_("Complete a prompt; prompt and completion are shown apart"),
    .example = "complete \"the mouse ate\" T=0",
    .words = WORDS_TOKENS,
    .least = 1,
    .most = SIZE_MAX,
    .options = SAMPLE_OPTIONS,
    .models = true,
    .api = true,
    .run = run,
    .finish = finish,
    .explain = explain,
};
