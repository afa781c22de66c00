/* corpus.c - the text that models learn from: list, choose, read, write, add to, take from, show. */
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/model/sequence.h"
#include "repl/commands/commands.h"
#include "repl/commands/reading.h"

enum { SHOWN_MAX = 1000 };

static void add_columns(Result *result)
{
    result_table(result, "rows");
    result_column(result, NULL, "", UNIT_NONE, false);
    result_column(result, "name", _("corpus"), UNIT_NONE, false);
    result_column(result, "sentences", _("sentences"), UNIT_NONE, false);
    result_column(result, "tokens", _("tokens"), UNIT_NONE, false);
    result_column(result, "types", _("different"), UNIT_NONE, false);
    result_column(result, "tokenizer", _("cut into"), UNIT_NONE, false);
    result_column(result, "current", NULL, UNIT_NONE, false);
}

static void add_corpus(const Corpus *corpus, bool current, Arena *arena, Result *result)
{
    Value *cells = result_row(result);
    const char *name = corpus_name(corpus);
    cells[0] = value_text(current ? "*" : "");
    cells[1] = value_text(arena_copy(arena, name, strlen(name)));
    cells[2] = value_count(corpus_sentences(corpus));
    cells[3] = value_count(corpus_tokens(corpus));
    cells[4] = value_count(vocab_size(corpus_vocab(corpus)));
    cells[5] = value_text(tokenizer_name(corpus_tokenizer(corpus)));
    cells[6] = value_bool(current);
}

static bool list(Session *session, Call *call, Result *result)
{
    Workspace *workspace = session_workspace(session);
    for (size_t i = 0; builtin_corpora[i]; i++) workspace_find_corpus(workspace, builtin_corpora[i]);
    add_columns(result);
    for (size_t i = 0; i < workspace->corpus_count; i++)
        add_corpus(workspace->corpora[i], i == workspace->current_corpus, call->arena, result);
    return true;
}

/* --- show --- */

static bool show(const Corpus *corpus, Call *call, Result *result)
{
    result_table(result, "rows");
    int line = result_column(result, "line", _("line"), UNIT_NONE, false);
    int text = result_column(result, "text", _("text"), UNIT_NONE, false);
    bool chosen = call_given(call, OPT_SHOWN_LINES);
    size_t most = chosen ? call_size(call, OPT_SHOWN_LINES) : SHOWN_MAX, sentences = corpus_sentences(corpus);
    for (size_t i = 0; i < sentences && i < most; i++) {
        size_t count;
        const TokenId *ids = corpus_sentence(corpus, i, &count);
        Value *cells = result_row(result);
        cells[line] = value_count(i + 1);
        char *words = tokenizer_join(corpus_tokenizer(corpus), corpus_vocab(corpus), ids, count);
        cells[text] = value_text(arena_copy(call->arena, words, strlen(words)));
        free(words);
    }
    result_field(result, "corpus", "%s", UNIT_NONE, value_text(corpus_name(corpus)));
    if (!chosen) result_fold(result);
    if (sentences > most) result_note(result, _("The first %zu of %zu sentences."), most, sentences);
    return true;
}

/* --- add, drop --- */

static void report(Session *session, Call *call, Result *result)
{
    const Corpus *corpus = workspace_corpus(session_workspace(session));
    const char *name = arena_copy(call->arena, corpus_name(corpus), strlen(corpus_name(corpus)));
    result_field(result, "corpus", "%s", UNIT_NONE, value_text(name));
    result_field(result, "sentences", _("sentences %s"), UNIT_NONE, value_count(corpus_sentences(corpus)));
    result_field(result, "tokens", _("tokens %s"), UNIT_NONE, value_count(corpus_tokens(corpus)));
    result_field(result, "types", _("different %s"), UNIT_NONE,
                 value_count(vocab_size(corpus_vocab(corpus))));
}

/* The words behind "add" or "drop" as one text. */
static const char *rest_of_words(const Call *call)
{
    size_t size = 1;
    for (size_t i = 1; i < call->word_count; i++) size += strlen(call->words[i].text) + 1;
    char *text = arena_alloc(call->arena, size, 1), *at = text;
    for (size_t i = 1; i < call->word_count; i++) {
        if (i > 1) *at++ = ' ';
        at = stpcpy(at, call->words[i].text);
    }
    return text;
}

static bool need_words(const Call *call, Error *error)
{
    if (call->word_count > 1) return true;
    error_set(error, _("corpus add needs a sentence"));
    return error_hint(error, _("for example: corpus add \"the mouse ate the ball\" times=2"));
}

static bool add(Session *session, Call *call, Result *result, Error *error)
{
    if (!need_words(call, error)) return false;
    const char *sentence = rest_of_words(call);
    Corpus *changed = corpus_clone(workspace_corpus(session_workspace(session)));
    for (size_t i = 0; i < call_size(call, OPT_TIMES); i++)
        if (!corpus_add(changed, sentence, strlen(sentence), error)) {
            corpus_free(changed);
            return error_place(error, call->words[1].start, call->words[1].length);
        }
    workspace_put_corpus(session_workspace(session), changed);
    report(session, call, result);
    result_note(result, _("Models keep what they have learnt; train counts the corpus again."));
    return true;
}

/* Without a sentence the whole corpus goes. */
static bool drop(Session *session, Call *call, Result *result, Error *error)
{
    Workspace *workspace = session_workspace(session);
    if (call->word_count == 1) {
        workspace_drop_corpus(workspace);
        report(session, call, result);
        return true;
    }
    const char *sentence = rest_of_words(call);
    Corpus *changed = corpus_clone(workspace_corpus(workspace));
    size_t removed = corpus_remove(changed, sentence, call_size(call, OPT_TIMES));
    if (removed == 0 || corpus_sentences(changed) == 0) {
        corpus_free(changed);
        if (removed == 0)
            error_set(error, _("no sentence of %s is \"%s\""), corpus_name(workspace_corpus(workspace)),
                      sentence);
        else
            error_set(error, _("a corpus needs at least one sentence"));
        error_hint(error, _("corpus show lists the sentences; corpus drop alone drops the whole corpus"));
        return error_place(error, call->words[1].start, call->words[1].length);
    }
    workspace_put_corpus(workspace, changed);
    report(session, call, result);
    result_field(result, "removed", _("taken out %s"), UNIT_NONE, value_count(removed));
    return true;
}

/* --- new --- */

/* Every word or string behind the name is a sentence. */
static bool add_sentences(Corpus *corpus, const Call *call, Error *error)
{
    for (size_t i = 2; i < call->word_count; i++) {
        const Word *word = &call->words[i];
        if (!corpus_add(corpus, word->text, strlen(word->text), error))
            return error_place(error, word->start, word->length);
    }
    return true;
}

/* One of that name is replaced, as train replaces models. */
static bool make_new(Session *session, Call *call, Result *result, Error *error)
{
    if (call->word_count < 3 || !*call->words[1].text) {
        error_set(error, _("corpus new needs a name and at least one sentence"));
        return error_hint(error, _("for example: corpus new pets \"cats sleep\" \"owls hoot\""));
    }
    Corpus *corpus = corpus_new(call->words[1].text, reading_tokenizer(call), true);
    if (!add_sentences(corpus, call, error)) {
        corpus_free(corpus);
        return false;
    }
    workspace_put_corpus(session_workspace(session), corpus);
    report(session, call, result);
    return true;
}

/* --- choose --- */

static bool make_current(Session *session, Call *call, Result *result)
{
    workspace_put_corpus(session_workspace(session), corpus_share(call->corpus));
    report(session, call, result);
    return true;
}

static bool check_one_word(const Call *call, Error *error)
{
    if (call->word_count == 1) return true;
    error_set(error, _("corpus takes one name or file"));
    error_hint(error, _("corpus add \"...\" adds a sentence; a name with spaces goes in quotes"));
    return error_place(error, call->words[1].start, call->words[1].length);
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    const Word *first = call->word_count ? &call->words[0] : NULL;
    if (!first) return list(session, call, result);
    bool name = first->quoted;
    if (!name && strcmp(first->text, "add") == 0) return add(session, call, result, error);
    if (!name && strcmp(first->text, "drop") == 0) return drop(session, call, result, error);
    if (!name && strcmp(first->text, "new") == 0) return make_new(session, call, result, error);
    if (!name && strcmp(first->text, "show") == 0 && call->word_count == 1)
        return show(workspace_corpus(session_workspace(session)), call, result);
    if (!check_one_word(call, error)) return false;
    if (!reading_begin(session, call, first, reading_tokenizer(call), reading_lines(call), error))
        return false;
    return call->job || make_current(session, call, result);
}

static bool finish(Session *session, Call *call, Result *result, bool interrupted, Error *error)
{
    if (interrupted) return error_set(error, _("stopped while reading; nothing has changed"));
    reading_finish(call);
    return make_current(session, call, result);
}

const Command corpus_command = {
    .name = "corpus",
    .family = N_("learn"),
    .usage = "[NAME|FILE | new NAME \"...\" ... | add \"...\" | drop [\"...\"] | show]",
    .summary = N_("List the corpora, choose or read one, or change the current one"),
    .example = "corpus add \"the mouse ate the ball\" times=2",
    .subwords = "new|add|drop|show",
    .words = WORDS_CORPUS,
    .most = SIZE_MAX,
    .options = OPTIONS(OPT_TOKENS, OPT_LINES, OPT_TIMES, OPT_SHOWN_LINES),
    .run = run,
    .finish = finish,
};
