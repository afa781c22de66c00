#include "repl/commands/reading.h"

#include <stdio.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "lessons/embedded.h"
#include "repl/nearest.h"

Tokenizer reading_tokenizer(const Call *call)
{
    Tokenizer tokenizer = TOKENIZER_WORDS;
    if (call_text(call, OPT_TOKENS)) tokenizer_find(call_text(call, OPT_TOKENS), &tokenizer);
    return tokenizer;
}

bool reading_lines(const Call *call) { return !call_is(call, OPT_LINES, "off"); }

static bool fail_missing(Session *session, const Word *word, Error *error)
{
    char sentence[160];
    Nearest nearest;
    const Workspace *workspace = session_workspace(session);
    nearest_init(&nearest, word->text);
    for (size_t i = 0; builtin_corpora[i]; i++) nearest_offer(&nearest, builtin_corpora[i]);
    for (size_t i = 0; i < workspace->corpus_count; i++) {
        bool builtin = false;
        for (size_t j = 0; builtin_corpora[j]; j++)
            builtin = builtin || strcmp(builtin_corpora[j], corpus_name(workspace->corpora[i])) == 0;
        if (!builtin) nearest_offer(&nearest, corpus_name(workspace->corpora[i]));
    }
    nearest_sentence(&nearest, sentence, sizeof sentence);
    error_set(error, _("there is no corpus and no file called '%s'"), word->text);
    error_hint(error, "%s%s%s", sentence, *sentence ? "   " : "", _("corpus lists the corpora"));
    return error_place(error, word->start, word->length);
}

/* The text of a built-in corpus; NULL when `name` is not one. */
static const char *builtin_text(const char *name)
{
    char path[80];
    for (size_t i = 0; builtin_corpora[i]; i++)
        if (strcmp(builtin_corpora[i], name) == 0) {
            snprintf(path, sizeof path, "corpora/%s.txt", name);
            return embedded_text(path);
        }
    return NULL;
}

static bool fits(const Corpus *corpus, Tokenizer tokenizer, bool lines)
{
    return corpus && corpus_tokenizer(corpus) == tokenizer && corpus_lines(corpus) == lines;
}

bool reading_begin(Session *session, Call *call, const Word *word, Tokenizer tokenizer, bool lines,
                   Error *error)
{
    const char *name = word->text, *text = builtin_text(name);
    if (text &&
        (tokenizer != TOKENIZER_WORDS || !lines)) /* another cut of a built-in text is another corpus */
        name = arena_format(call->arena, "%s%s%s", name, tokenizer == TOKENIZER_CHARS ? "-chars" : "",
                            lines ? "" : "-stream");
    Corpus *known = workspace_find_corpus(session_workspace(session), name);
    const char *file = word->text;
    bool path = file_is_regular(word->text) || file_is_folder(word->text) || strchr(word->text, '/');
    bool reread = path && !text && known && !corpus_changed(known); /* the file may have changed */
    if (fits(known, tokenizer, lines) && !reread) {
        call->corpus = corpus_share(known);
        return true;
    }
    if (!text && !path && !session_sandbox(session)) return fail_missing(session, word, error);
    if (!text && !sandbox_path(session_sandbox(session), word, call->arena, &file, error)) return false;
    call->about = word;
    call->job = corpus_reading_new(name, text ? NULL : file, text, tokenizer, lines);
    return true;
}

void reading_finish(Call *call) { call->corpus = corpus_reading_take(call->done); }
