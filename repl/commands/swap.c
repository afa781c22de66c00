/* swap.c - counterfactual data: the text once more with words exchanged, so that both are treated alike. */
#include <math.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/text/edit.h"
#include "repl/commands/commands.h"
#include "repl/commands/edited.h"
#include "repl/nearest.h"

typedef struct {
    Edited base;
    WordPair *pairs;
    size_t count;   /* of pairs */
    size_t changed; /* sentences with one of their words */
} Work;

static Work *work_of(const Call *call) { return call->work; }

/* --- the words --- */

static bool has_word(const Corpus *corpus, const char *word)
{
    return vocab_find(corpus_vocab(corpus), word, strlen(word)) != TOKEN_NONE;
}

static bool fail_unknown(const Corpus *corpus, const Word *a, const Word *b, Error *error)
{
    char sentence[160];
    Nearest nearest;
    nearest_init(&nearest, a->text);
    for (size_t id = 0; id < vocab_size(corpus_vocab(corpus)); id++)
        nearest_offer(&nearest, vocab_text(corpus_vocab(corpus), (TokenId)id));
    nearest_sentence(&nearest, sentence, sizeof sentence);
    error_set(error, _("%s has neither '%s' nor '%s': nothing would change"), corpus_name(corpus), a->text,
              b->text);
    if (*sentence)
        error_hint(error, "%s", sentence);
    else
        error_hint(error, _("corpus jobs has he and she: corpus jobs; swap he she"));
    return error_place(error, a->start, b->start + b->length - a->start);
}

/* It is one token that a text may hold, and stands in no pair before it. */
static bool check_word(const Call *call, size_t index, Error *error)
{
    const Word *word = &call->words[index];
    const char *text = word->text, *token;
    size_t length;
    bool one = tokenizer_next(TOKENIZER_WORDS, &text, text + strlen(text), &token, &length) &&
               length == strlen(word->text) && !vocab_is_special(token, length);
    bool again = false;
    for (size_t i = 0; i < index; i++) again = again || strcmp(call->words[i].text, word->text) == 0;
    if (one && !again) return true;
    if (again)
        error_set(error, _("'%s' is named twice"), word->text);
    else
        error_set(error, _("swap exchanges single words, not '%s'"), word->text);
    error_hint(error, _("one pair after the other: swap he she his her"));
    return error_place(error, word->start, word->length);
}

static bool check_text(const Call *call, const Corpus *corpus, Error *error)
{
    if (corpus_tokenizer(corpus) != TOKENIZER_WORDS) {
        error_set(error, _("%s is cut into %s, and swap exchanges words"), corpus_name(corpus),
                  tokenizer_name(corpus_tokenizer(corpus)));
        return error_hint(error, _("read it anew: corpus FILE tokens=words"));
    }
    if (call->word_count % 2 == 0) return true;
    const Word *last = &call->words[call->word_count - 1];
    error_set(error, _("'%s' has no word to be exchanged with"), last->text);
    error_hint(error, _("words come in pairs: swap he she his her"));
    return error_place(error, last->start, last->length);
}

static bool read_pairs(const Call *call, const Corpus *corpus, Error *error)
{
    Work *work = work_of(call);
    if (!check_text(call, corpus, error)) return false;
    work->pairs = arena_alloc(call->arena, call->word_count / 2, sizeof *work->pairs);
    for (size_t i = 0; i < call->word_count; i += 2) {
        const Word *a = &call->words[i], *b = &call->words[i + 1];
        if (!check_word(call, i, error) || !check_word(call, i + 1, error)) return false;
        if (!has_word(corpus, a->text) && !has_word(corpus, b->text))
            return fail_unknown(corpus, a, b, error);
        work->pairs[work->count++] = (WordPair){a->text, b->text};
    }
    return true;
}

/* --- the work --- */

static bool keep(Session *session, Call *call, Result *result)
{
    bool both = call_is(call, OPT_KEEP, "both");
    edited_fields(call, result);
    result_field(result, "changed", both ? _("sentences swapped and added %s") : _("sentences swapped %s"),
                 UNIT_NONE, value_count(work_of(call)->changed));
    result_field(result, "keep", NULL, UNIT_NONE, value_text(call_text(call, OPT_KEEP)));
    edited_keep(session, call);
    return true;
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    Work *work = call->work = arena_alloc(call->arena, 1, sizeof *work);
    const Corpus *corpus = workspace_corpus(session_workspace(session));
    Corpus *swapped = edited_by_first(call);
    work->base.measures = true;
    if (swapped) {
        *work = *work_of(call->first);
    } else {
        if (!read_pairs(call, corpus, error)) return false;
        swapped = edit_swap(corpus, arena_format(call->arena, "%s-swapped", corpus_name(corpus)), work->pairs,
                            work->count, call_is(call, OPT_KEEP, "both"), &work->changed);
    }
    edited_begin(session, call, swapped);
    return call->job || keep(session, call, result);
}

static bool finish(Session *session, Call *call, Result *result, bool interrupted, Error *error)
{
    if (interrupted) return error_set(error, _("stopped while counting; nothing has changed"));
    edited_go_on(call);
    return call->job || keep(session, call, result);
}

static const Fact *explain(const Call *call, const Result *result, const Call *why, Error *error)
{
    const Work *work = work_of(call);
    Arena *arena = why->arena;
    (void)result;
    (void)error;
    Fact *fact =
        fact_note(arena, _("a word and its partner now stand in the same sentences equally often, so "
                           "that counts cannot tell them apart:"));
    for (size_t i = 0; i < work->count; i++)
        fact_because(fact,
                     fact_note(arena, arena_format(arena, "%s <-> %s", work->pairs[i].a, work->pairs[i].b)));
    fact_because(fact,
                 fact_new(arena, FACT_COUNT, _("sentences with one of them"), NULL, (double)work->changed));
    if (isnan(work->base.before)) return fact;
    fact_because(fact, fact_new(arena, FACT_NUMBER, _("bits a token of the text as it was, before"), NULL,
                                work->base.before));
    return fact_because(fact,
                        fact_new(arena, FACT_NUMBER, _("and now: what it costs to believe both equally"),
                                 NULL, work->base.after));
}

const Command swap_command = {
    .name = "swap",
    .family = N_("experiments"),
    .usage = "A B [C D ...]",
    .summary = N_("Add the corpus with words exchanged to it, and count the model on that"),
    .example = "train ngram n=3 corpus=jobs; swap he she",
    .words = WORDS_TOKENS,
    .least = 2,
    .most = 100,
    .options = OPTIONS(OPT_KEEP),
    .models = true,
    .run = run,
    .finish = finish,
    .explain = explain,
};
