/* dup.c - a sentence that the training text has is there more often: duplication makes it easy to recite. */
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "repl/commands/commands.h"
#include "repl/commands/copies.h"
#include "repl/nearest.h"

enum { SENTENCES_OFFERED = 10000 }; /* looked through for one that is near */

static bool offered(const Nearest *nearest, const char *text)
{
    for (size_t i = 0; i < nearest->count; i++)
        if (strcmp(nearest->names[i], text) == 0) return true;
    return false;
}

static bool fail_missing(const Call *call, const Corpus *corpus, const Copies *copies, Error *error)
{
    Nearest nearest;
    char sentence[160];
    nearest_init(&nearest, copies->sentence);
    for (size_t i = 0; i < corpus_sentences(corpus) && i < SENTENCES_OFFERED; i++) {
        size_t count;
        const TokenId *ids = corpus_sentence(corpus, i, &count);
        char *text = tokenizer_join(corpus_tokenizer(corpus), corpus_vocab(corpus), ids, count);
        if (!offered(&nearest, text)) nearest_offer(&nearest, arena_copy(call->arena, text, strlen(text)));
        free(text);
    }
    nearest_sentence(&nearest, sentence, sizeof sentence);
    error_set(error, _("no sentence of %s is \"%s\""), corpus_name(corpus), copies->sentence);
    if (*sentence)
        error_hint(error, "%s", sentence);
    else
        error_hint(error, _("corpus show lists them; poison puts in one that is not there"));
    return error_place(error, call->words[1].start, call->words[1].length);
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    Copies copies;
    const Corpus *corpus = workspace_corpus(session_workspace(session));
    if (!copies_read(call, &copies, error)) return false;
    if (corpus_count(corpus, copies.sentence) == 0) return fail_missing(call, corpus, &copies, error);
    return copies_run(session, call, &copies, result, error);
}

const Command dup_command = {
    .name = "dup",
    .aliases = "duplicate",
    .family = N_("experiments"),
    .usage = "K \"SENTENCE\"",
    .summary = N_("Put K more copies of a sentence of the corpus into it, and see how it is remembered"),
    .example = "train ngram n=3; dup 4 \"the mouse ate cheese\"",
    .words = WORDS_OTHER,
    .least = 2,
    .most = SIZE_MAX,
    .models = true,
    .run = run,
    .finish = copies_finish,
    .explain = copies_explain,
};
