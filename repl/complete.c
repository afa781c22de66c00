#include "repl/complete.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/memory.h"
#include "lessons/embedded.h"
#include "repl/topic.h"

typedef struct {
    Session *session;
    const char *typed; /* the part to complete, behind any "key=" or "@" */
    size_t keep;       /* bytes of the word before it, given back in front of each offer */
    const char *word;
    char **out;
    size_t count, max;
} Offers;

static void offer_with(Offers *o, const char *text, const char *tail)
{
    if (o->count == o->max || strncmp(text, o->typed, strlen(o->typed)) != 0) return;
    size_t size = o->keep + strlen(text) + strlen(tail) + 1;
    char *whole = must_alloc(size, 1);
    snprintf(whole, size, "%.*s%s%s", (int)o->keep, o->word, text, tail);
    for (size_t i = 0; i < o->count; i++)
        if (strcmp(o->out[i], whole) == 0) {
            free(whole);
            return;
        }
    o->out[o->count++] = whole;
}

static void offer(Offers *o, const char *text) { offer_with(o, text, ""); }

static void offer_choices(Offers *o, const char *choices)
{
    const char *choice;
    for (size_t length; choices && (length = option_next_choice(&choices, &choice)) > 0;) {
        char *text = must_copy(choice, length);
        offer(o, text);
        free(text);
    }
}

static void offer_verbs(Offers *o)
{
    for (size_t i = 0; command_table[i]; i++) offer(o, command_table[i]->name);
}

static void offer_models(Offers *o)
{
    const Workspace *workspace = session_workspace(o->session);
    for (size_t i = 0; i < workspace->model_count; i++) offer(o, workspace->models[i].name);
    for (size_t i = 0; builtin_models[i]; i++) offer(o, builtin_models[i]);
}

static void offer_files(Offers *o)
{
    const char *slash = strrchr(o->typed, '/');
    char *folder = slash ? must_copy(o->typed, (size_t)(slash - o->typed) + 1) : must_copy("./", 2);
    DIR *entries = opendir(folder);
    for (struct dirent *entry; entries && (entry = readdir(entries));) {
        if (entry->d_name[0] == '.' && (!slash || slash[1] != '.')) continue;
        size_t size = strlen(folder) + strlen(entry->d_name) + 1;
        char *path = must_alloc(size, 1);
        snprintf(path, size, "%s%s", folder, entry->d_name);
        offer_with(o, slash ? path : entry->d_name, file_is_folder(path) ? "/" : "");
        free(path);
    }
    if (entries) closedir(entries);
    free(folder);
}

static void offer_corpora(Offers *o)
{
    const Workspace *workspace = session_workspace(o->session);
    for (size_t i = 0; builtin_corpora[i]; i++) offer(o, builtin_corpora[i]);
    for (size_t i = 0; i < workspace->corpus_count; i++) offer(o, corpus_name(workspace->corpora[i]));
    offer_files(o);
}

/* Words of the model that the line names with @, or of the current one. */
static void offer_tokens(Offers *o, const Statement *statement)
{
    Error ignored;
    Workspace *workspace = session_workspace(o->session);
    const NamedModel *named = workspace_current(workspace);
    if (statement && statement->model_count) {
        const NamedModel *wanted = workspace_model(workspace, statement->models[0].text, &ignored);
        if (wanted) named = wanted;
    }
    const Vocab *vocab = named->model->vocab;
    for (size_t i = 0; i < vocab_words(vocab) && o->count < o->max; i++)
        offer(o, vocab_text(vocab, (TokenId)i));
}

static void offer_topics(Offers *o)
{
    offer_verbs(o);
    for (const Topic *topic = topics; topic->name; topic++) offer(o, topic->name);
    for (OptionId id = 0; id < OPTION_COUNT; id++) offer(o, option_table[id].key);
}

static void offer_lessons(Offers *o)
{
    for (const EmbeddedFile *file = embedded_files; file->path; file++) {
        if (file->path[0] < '0' || file->path[0] > '9' || !strstr(file->path, "/en.md")) continue;
        char *number = must_copy(file->path + (file->path[0] == '0'), file->path[0] == '0' ? 1 : 2);
        offer(o, number);
        free(number);
    }
}

static void offer_option_names(Offers *o, const Command *command)
{
    const Execution *last = command->repeats ? session_last(o->session) : NULL;
    const OptionId *common = *o->typed ? common_options : NULL; /* only when asked for */
    for (OptionId id = 0; id < OPTION_COUNT; id++)
        if (option_listed(id, command->options) || option_listed(id, common) ||
            (last && option_listed(id, last->command->options)))
            offer_with(o, option_table[id].key, "=");
}

/* The part behind "key=", or behind the last comma of its list. */
static void offer_values(Offers *o, const Command *command)
{
    char *key = must_copy(o->word, strcspn(o->word, "="));
    OptionId id = command_option(command, key);
    const char *comma = strrchr(o->word, ',');
    o->typed = comma ? comma + 1 : strchr(o->word, '=') + 1;
    o->keep = (size_t)(o->typed - o->word);
    free(key);
    if (id == OPTION_COUNT) return;
    if (option_table[id].choices)
        offer_choices(o, option_table[id].choices);
    else if (id == OPT_CORPUS || id == OPT_HELDOUT || id == OPT_VOCABULARY)
        offer_corpora(o);
    else if (id == OPT_FOR || id == OPT_RANK)
        offer_tokens(o, NULL);
    else if (id == OPT_T)
        offer_choices(o, "0|0.5|1|2|inf");
    else if (option_table[id].fallback)
        offer(o, option_table[id].fallback);
}

static void offer_words(Offers *o, const Command *command, const Statement *statement)
{
    if (statement->word_count == 0) offer_choices(o, command->subwords);
    switch (command->words) {
    case WORDS_TOKENS: offer_tokens(o, statement); break;
    case WORDS_MODEL: offer_models(o); break;
    case WORDS_CORPUS: offer_corpora(o); break;
    case WORDS_FILE: offer_files(o); break;
    case WORDS_VERB: offer_topics(o); break;
    case WORDS_LESSON: offer_lessons(o); break;
    case WORDS_NONE:
    case WORDS_OTHER: break;
    }
}

static void offer_argument(Offers *o, const Command *command, const Statement *statement, bool path)
{
    if (path) {
        offer_files(o);
    } else if (o->word[0] == '@') {
        const char *comma = strrchr(o->word, ',');
        o->typed = comma ? comma + 1 : o->word + 1;
        o->keep = (size_t)(o->typed - o->word);
        if (command->models || command->repeats) offer_models(o);
    } else if (strchr(o->word, '=')) {
        offer_values(o, command);
    } else {
        offer_words(o, command, statement);
        offer_option_names(o, command);
    }
}

size_t complete_word(Session *session, const char *line, size_t start, char **out, size_t max)
{
    Arena arena = {0};
    Error ignored;
    Line before;
    Offers offers = {.session = session, .word = line + start, .typed = line + start, .out = out, .max = max};
    char *head = arena_copy(&arena, line, start);
    size_t end = start;
    while (end > 0 && head[end - 1] == ' ') end--;
    bool path = end > 0 && head[end - 1] == '>' && (end == 1 || head[end - 2] == ' ');
    bool fresh = end == 0 || head[end - 1] == ';';
    if (path) head[end - 1] = '\0';
    bool parsed = line_parse(head, &arena, &before, &ignored) && before.count > 0;
    const Statement *statement = parsed ? &before.statements[before.count - 1] : NULL;
    bool after_time = statement && strcmp(statement->verb.text, "time") == 0;
    if (fresh || after_time) offer_verbs(&offers);
    const Command *command =
        statement && !fresh && !after_time ? command_find(&statement->verb, &ignored) : NULL;
    if (command) offer_argument(&offers, command, statement, path);
    arena_release(&arena);
    return offers.count;
}
