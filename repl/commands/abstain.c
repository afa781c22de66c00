/* abstain.c - a model that says nothing where it is unsure: how much it then answers, and how much of that is
 * right. */
#include <math.h>

#include "core/base/i18n.h"
#include "core/model/quiz.h"
#include "repl/commands/commands.h"
#include "repl/commands/excerpt.h"
#include "repl/commands/original.h"
#include "repl/commands/reading.h"

enum { READING, ASKING };

/* How many of the prompts; in the arena of the call. */
typedef struct {
    size_t prompts, said, right, right_in_all;
} Tally;

static bool is_said(const Call *call, const QuizAnswer *answer)
{
    return answer->answer != TOKEN_NONE && answer->p >= call_number(call, OPT_BELOW);
}

static bool begin_asking(Call *call, Error *error)
{
    if (!original_fits(call, error)) return false;
    if (!corpus_lines(call->corpus)) {
        error_set(error, _("%s is one stream: there are no lines to leave the last word out of"),
                  corpus_name(call->corpus));
        return error_hint(error, _("read it in lines: corpus FILE lines=on"));
    }
    call->phase = ASKING;
    call->job = quiz_new(call->model, call->corpus);
    return true;
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    (void)result;
    call->phase = READING;
    if (!original_begin(session, call, call->word_count ? &call->words[0] : NULL, error)) return false;
    return call->job || begin_asking(call, error);
}

/* --- the answer --- */

static double share(size_t part, size_t all) { return all ? (double)part / (double)all : NAN; }

static Tally count(const Call *call, const QuizAnswer *answers, size_t prompts)
{
    Tally tally = {.prompts = prompts};
    for (size_t i = 0; i < prompts; i++) {
        bool said = is_said(call, &answers[i]);
        tally.said += said;
        tally.right += said && answers[i].right;
        tally.right_in_all += answers[i].right;
    }
    return tally;
}

static void add_figures(const Call *call, const Tally *t, Result *result)
{
    if (!call->setting)
        result->title =
            arena_format(call->arena, "%s asked about %s", call->model_name, corpus_name(call->corpus));
    result_field(result, "model", NULL, UNIT_NONE, value_text(call->model_name));
    result_field(result, "corpus", NULL, UNIT_NONE, value_text(corpus_name(call->corpus)));
    result_field(result, "below", "silent below p = %s", UNIT_PROBABILITY,
                 value_number(call_number(call, OPT_BELOW)));
    result_field(result, "prompts", "prompts %s", UNIT_NONE, value_count(t->prompts));
    result_field(result, "answered", "answered %s", UNIT_NONE, value_count(t->said));
    result_field(result, "right", "right %s", UNIT_NONE, value_count(t->right));
    result_field(result, "coverage", "coverage %s", UNIT_PROBABILITY,
                 value_number(share(t->said, t->prompts)));
    result_field(result, "accuracy", "accuracy of the answers %s", UNIT_PROBABILITY,
                 value_number(share(t->right, t->said)));
    result_field(result, "accuracy_of_all", NULL, UNIT_PROBABILITY,
                 value_number(share(t->right_in_all, t->prompts)));
    result->answer = "accuracy";
}

static void add_rows(const Call *call, const QuizAnswer *answers, size_t prompts, Result *result)
{
    const Corpus *text = quiz_prompts(call->done);
    result_table(result, "rows");
    int prompt = result_column(result, "prompt", "prompt", UNIT_NONE, false),
        word = result_column(result, "answer", "answer", UNIT_NONE, false),
        p = result_column(result, "p", "p", UNIT_PROBABILITY, true),
        said = result_column(result, "answered", "said", UNIT_NONE, false),
        right = result_column(result, "right", "right", UNIT_NONE, false);
    for (size_t i = 0; i < prompts; i++) {
        const QuizAnswer *a = &answers[i];
        Value *cells = result_row(result);
        cells[prompt] = value_text(excerpt_whole(text, a->prompt, a->count, call->arena));
        if (a->answer != TOKEN_NONE) cells[word] = value_text(call_texts(call, &a->answer, 1)[0]);
        cells[p] = value_number(a->p);
        cells[said] = value_bool(is_said(call, a));
        cells[right] = value_bool(a->right);
    }
    result_fold(result);
}

static bool answer(Call *call, bool interrupted, Result *result, Error *error)
{
    size_t prompts;
    const QuizAnswer *answers = quiz_answers(call->done, &prompts);
    if (interrupted) return error_set(error, _("stopped: a part of the questions says nothing"));
    if (prompts == 0) return error_set(error, _("%s has no words to ask about"), corpus_name(call->corpus));
    Tally *tally = call->work = arena_alloc(call->arena, 1, sizeof *tally);
    *tally = count(call, answers, prompts);
    add_figures(call, tally, result);
    if (!call->setting) add_rows(call, answers, prompts, result);
    if (tally->said == 0) result_note(result, _("It answers nothing: no answer has so large a p."));
    return true;
}

static bool finish(Session *session, Call *call, Result *result, bool interrupted, Error *error)
{
    (void)session;
    if (call->phase == ASKING) return answer(call, interrupted, result, error);
    if (interrupted) return error_set(error, _("stopped before anything was asked"));
    reading_finish(call);
    return begin_asking(call, error);
}

static Fact *ratio(const Call *why, const char *name, const char *formula, size_t part, size_t all)
{
    Fact *fact = fact_new(why->arena, FACT_PROBABILITY, name, formula, share(part, all));
    fact_because(fact, fact_new(why->arena, FACT_COUNT, "numerator, prompts", NULL, (double)part));
    return fact_because(fact, fact_new(why->arena, FACT_COUNT, "denominator, prompts", NULL, (double)all));
}

static const Fact *explain(const Call *call, const Result *result, const Call *why, Error *error)
{
    const Tally *t = call->work;
    (void)result;
    (void)error;
    Fact *fact =
        fact_note(why->arena, _("a prompt is a line without its last word; the answer is the most "
                                "probable word, and right when the line it makes stands in the text"));
    fact_because(fact, ratio(why, "coverage", "answered / prompts", t->said, t->prompts));
    fact_because(fact, ratio(why, "accuracy of the answers", "right / answered", t->right, t->said));
    return fact_because(
        fact, ratio(why, "accuracy if it answered all", "right / prompts", t->right_in_all, t->prompts));
}

const Command abstain_command = {
    .name = "abstain",
    .family = N_("experiments"),
    .usage = "[CORPUS|FILE]",
    .summary = N_("Say nothing where unsure: how much is answered then, and how much of that is right"),
    .example = "train ngram corpus=facts; abstain below=0.3",
    .options = OPTIONS(OPT_BELOW),
    .words = WORDS_CORPUS,
    .most = 1,
    .models = true,
    .run = run,
    .finish = finish,
    .explain = explain,
};
