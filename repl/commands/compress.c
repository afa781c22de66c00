/* compress.c - a text as short as the model can make it: an arithmetic coder, there and back. */
#include <math.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/model/compression.h"
#include "core/model/sequence.h"
#include "repl/commands/commands.h"
#include "repl/commands/reading.h"
#include "repl/session.h"

enum { READING_IT, COMPRESSING };
enum { BITS_SHOWN = 64 };

/* --- what is to be compressed --- */

static bool begin_coding(Call *call, Error *error)
{
    if (call->model->scores) {
        error_set(error, _("%s gives scores, not probabilities, so there is no code"), call->model_name);
        return error_hint(error, _("any other smoothing will do: train ngram smooth=wb"));
    }
    if (corpus_tokenizer(call->corpus) != call->model->tokenizer) {
        error_set(error, _("%s is cut into %s, but %s reads %s"), corpus_name(call->corpus),
                  tokenizer_name(corpus_tokenizer(call->corpus)), call->model_name,
                  tokenizer_name(call->model->tokenizer));
        return error_hint(error, _("read it anew: corpus FILE tokens=%s"),
                          tokenizer_name(call->model->tokenizer));
    }
    call->phase = COMPRESSING;
    call->job = compression_new(call->model, call->corpus, call_is(call, OPT_EOS, "on"));
    return true;
}

/* A text in quotes, or several words, is one sentence; a single bare word names a corpus or a file. */
static bool is_text(const Call *call) { return call->word_count > 1 || call->words[0].quoted; }

static bool begin_text(Call *call, Error *error)
{
    const char *text = "";
    for (size_t i = 0; i < call->word_count; i++)
        text = arena_format(call->arena, "%s%s%s", text, i ? " " : "", call->words[i].text);
    call->corpus = corpus_new("text", call->model->tokenizer, true);
    if (!corpus_add(call->corpus, text, strlen(text), error))
        return error_place(error, call->words[0].start, call->words[0].length);
    return begin_coding(call, error);
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    (void)result;
    call->phase = READING_IT;
    if (call->word_count > 0) call->about = &call->words[0];
    if (call->word_count == 0) {
        call->corpus = corpus_share(workspace_corpus(session_workspace(session)));
        return begin_coding(call, error);
    }
    if (is_text(call)) return begin_text(call, error);
    if (!reading_begin(session, call, &call->words[0], call->model->tokenizer, reading_lines(call), error))
        return false;
    return call->job || begin_coding(call, error);
}

/* --- the answer --- */

static const char *digits(const Compression *c, Arena *arena)
{
    char *text = arena_alloc(arena, BITS_SHOWN + 1, 1);
    for (size_t i = 0; i < c->bits; i++) text[i] = c->code[i / 8] & (0x80 >> i % 8) ? '1' : '0';
    return text;
}

static double per(double amount, size_t count) { return count ? amount / (double)count : 0; }

static void add_fields(const Call *call, const Compression *c, Result *result)
{
    bool shown = c->bits <= BITS_SHOWN, text = call->word_count > 0 && is_text(call);
    result_field(result, "model", NULL, UNIT_NONE, value_text(call->model_name));
    result_field(result, "corpus", NULL, UNIT_NONE,
                 text ? value_null() : value_text(corpus_name(call->corpus)));
    result_field(result, "code", shown ? "code %s" : NULL, UNIT_NONE,
                 shown ? value_text(digits(c, call->arena)) : value_null());
    result_field(result, "code_bits", "%s bits", UNIT_NONE, value_count(c->bits));
    result_field(result, "bits", "ideal %s bits", UNIT_BITS, value_number(c->ideal));
    result_field(result, "tokens", "tokens %s", UNIT_NONE, value_count(c->tokens));
    result_field(result, "characters", NULL, UNIT_NONE, value_count(c->characters));
    result_field(result, "bits_per_token", NULL, UNIT_BITS, value_number(per((double)c->bits, c->tokens)));
    result_field(result, "bits_per_character", NULL, UNIT_BITS,
                 value_number(per((double)c->bits, c->characters)));
    result_field(result, "round_trip", NULL, UNIT_NONE, value_bool(c->checked));
    result->answer = "code_bits";
}

/* The same text in several hands. */
static void add_row(Result *result, const Compression *c, const char *what, double bytes, double bits)
{
    Value *cells = result_row(result);
    cells[0] = value_text(what);
    cells[1] = bytes == floor(bytes) ? value_count((uint64_t)bytes) : value_number(bytes);
    cells[2] = bits == floor(bits) ? value_count((uint64_t)bits) : value_number(bits);
    cells[3] = value_number(per(bits, c->tokens));
    cells[4] = value_number(per(bits, c->characters));
}

static void add_rows(const Call *call, const Compression *c, Result *result)
{
    size_t whole = (c->bits + 7) / 8;
    result_table(result, "rows");
    result_column(result, "what", _("as"), UNIT_NONE, false);
    result_column(result, "bytes", _("bytes"), UNIT_NONE, false);
    result_column(result, "bits", _("bits"), UNIT_NONE, false);
    result_column(result, "bits_per_token", _("bits/token"), UNIT_BITS, false);
    result_column(result, "bits_per_character", _("bits/character"), UNIT_BITS, false);
    add_row(result, c, "text", (double)c->bytes, 8 * (double)c->bytes);
    add_row(result, c, "gzip", (double)c->gzip, 8 * (double)c->gzip);
    add_row(result, c, arena_format(call->arena, "%s code", call->model_name), (double)whole,
            (double)c->bits);
    add_row(result, c, arena_format(call->arena, "%s -log2 p", call->model_name), c->ideal / 8, c->ideal);
}

static bool finish(Session *session, Call *call, Result *result, bool interrupted, Error *error)
{
    (void)session;
    if (call->phase == READING_IT) {
        if (interrupted) return error_set(error, _("stopped while reading"));
        reading_finish(call);
        return begin_coding(call, error);
    }
    Compression c = compression_result(call->done);
    if (interrupted && !c.code) return error_set(error, _("stopped before the code was complete"));
    add_fields(call, &c, result);
    add_rows(call, &c, result);
    if (c.ideal > (double)c.bits + 1)
        result_note(result, _("Shorter than the ideal: no token takes more than 29 bits, however rare."));
    if (interrupted)
        result_note(result, _("Stopped before all was read back."));
    else
        result_note(result, c.checked ? _("Read back by the same model: the text, token by token.")
                                      : _("Read back by the same model, it is another text!"));
    return true;
}

/* --- why --- */

static Fact *explain_tokens(const Call *call, double ideal, Arena *arena)
{
    enum { TOKENS_SHOWN = 20 };
    size_t count, shown = 0;
    const TokenId *ids = corpus_sentence(call->corpus, 0, &count);
    const Vocab *vocab = call->model->vocab;
    Fact *fact = fact_new(arena, FACT_NUMBER, _("the ideal, bits"), _("the sum of -log2 p"), ideal);
    State *state = state_begin(call->model);
    bool end = call_is(call, OPT_EOS, "on") && model_ends(call->model);
    for (; shown < count + end && shown < TOKENS_SHOWN; shown++) {
        const char *text = shown < count ? vocab_text(corpus_vocab(call->corpus), ids[shown]) : TEXT_END;
        TokenId id = vocab_find(vocab, text, strlen(text));
        fact_because(fact, fact_new(arena, FACT_NUMBER, arena_format(arena, _("bits of '%s'"), text),
                                    arena_format(arena, "-log2 %.4g", state_probability(state, id)),
                                    -state_score(state, id) / log(2) + 0.0));
        state_feed(state, id);
    }
    state_free(state);
    if (shown < count + end || corpus_sentences(call->corpus) > 1)
        fact_because(fact, fact_note(arena, _("and so on, to the end of the text")));
    return fact;
}

static const Fact *explain(const Call *call, const Result *result, const Call *why, Error *error)
{
    (void)error;
    double bits = result_find(result, "code_bits")->number, ideal = result_find(result, "bits")->number;
    Fact *fact =
        fact_new(why->arena, FACT_COUNT, _("bits of the code"), _("the ideal + what the end takes"), bits);
    fact_because(fact, explain_tokens(call, ideal, why->arena));
    fact_because(fact, fact_new(why->arena, FACT_NUMBER, _("more than the ideal"), NULL, bits - ideal));
    fact_because(
        fact, fact_note(why->arena, _("each token narrows an interval to its share p of it; the code is the "
                                      "shortest row of bits whose every continuation lies inside: at most "
                                      "-log2 p, rounded up, and 1")));
    return fact_because(fact,
                        fact_note(why->arena, _("who reads it back has the same model, and is told how many "
                                                "sentences there are, and without </s> how long they are")));
}

const Command compress_command = {
    .name = "compress",
    .family = N_("experiments"),
    .usage = "[\"TEXT\"|FILE|corpus]",
    .summary = N_("Write a text in as few bits as the model allows, and read it back"),
    .example = "compress \"the mouse ate the cheese\"",
    .words = WORDS_CORPUS,
    .most = SIZE_MAX,
    .options = OPTIONS(OPT_LINES, OPT_EOS),
    .models = true,
    .run = run,
    .finish = finish,
    .explain = explain,
};
