#include "repl/execution.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "repl/nearest.h"

/* --- a private copy of the statement, which outlives the line --- */

static Word copy_word(Arena *arena, const Word *word)
{
    Word copy = *word;
    if (word->text) copy.text = arena_copy(arena, word->text, strlen(word->text));
    return copy;
}

static Word *copy_words(Arena *arena, const Word *words, size_t count)
{
    Word *copy = arena_alloc(arena, count + 1, sizeof *copy);
    for (size_t i = 0; i < count; i++) copy[i] = copy_word(arena, &words[i]);
    return copy;
}

static Statement copy_statement(Arena *arena, const Statement *s)
{
    Statement copy = *s;
    copy.verb = copy_word(arena, &s->verb);
    copy.words = copy_words(arena, s->words, s->word_count);
    copy.models = copy_words(arena, s->models, s->model_count);
    copy.path = copy_word(arena, &s->path);
    copy.source = arena_copy(arena, s->source, strlen(s->source));
    copy.options = arena_alloc(arena, s->option_count + 1, sizeof *copy.options);
    for (size_t i = 0; i < s->option_count; i++)
        copy.options[i] =
            (OptionWords){copy_word(arena, &s->options[i].key),
                          copy_words(arena, s->options[i].values, s->options[i].count), s->options[i].count};
    return copy;
}

/* --- options --- */

/* " sample complete": the commands that have such an option. */
static const char *takers(const char *key, Arena *arena)
{
    const char *text = "";
    for (size_t i = 0; command_table[i]; i++)
        if (option_find(key, command_table[i]->options) != OPTION_COUNT)
            text = arena_format(arena, "%s %s", text, command_table[i]->name);
    return text;
}

/* `source` is the command whose options they are: `again` takes those of another one. */
static bool fail_option(const Command *command, const Command *source, const Word *key, Arena *arena,
                        Error *error)
{
    char sentence[160];
    Nearest nearest;
    nearest_init(&nearest, key->text);
    for (OptionId id = 0; id < OPTION_COUNT; id++)
        if (command_takes(source, id)) nearest_offer(&nearest, option_table[id].key);
    nearest_sentence(&nearest, sentence, sizeof sentence);
    error_set(error, _("%s has no option '%s='"), command->name, key->text);
    const char *others = takers(key->text, arena);
    if (*others)
        error_hint(error, _("%s= is taken by%s"), key->text, others);
    else
        error_hint(error, _("%s%shelp %s lists them; quote a word with \"=\""), sentence,
                   *sentence ? "   " : "", command->name);
    return error_place(error, key->start, key->length);
}

static bool is_whole(double number) { return isfinite(number) && number == floor(number); }

/* "2..4" becomes the words 2, 3, 4. */
static bool expand_range(Arena *arena, OptionWords *words, Error *error)
{
    const Word *word = &words->values[0];
    const char *dots = words->count == 1 && !word->quoted ? strstr(word->text, "..") : NULL;
    double low, high;
    if (!dots) return true;
    const char *first = arena_copy(arena, word->text, (size_t)(dots - word->text));
    bool whole = number_read(first, &low) && number_read(dots + 2, &high) && is_whole(low) && is_whole(high);
    if (!whole || high < low || high - low >= SETTINGS_MAX) {
        error_set(error, _("a range is two whole numbers, low..high, not '%s'"), word->text);
        return error_place(error, word->start, word->length);
    }
    size_t count = (size_t)(high - low) + 1;
    Word *values = arena_alloc(arena, count, sizeof *values);
    for (size_t i = 0; i < count; i++) {
        values[i] = *word;
        values[i].text = arena_format(arena, "%.0f", low + (double)i);
    }
    words->values = values;
    words->count = count;
    return true;
}

/* One dimension of the settings: an option with several values, or the models. */
typedef struct {
    OptionId id; /* OPTION_COUNT for models */
    Word *values;
    size_t count;
} Sweep;

typedef struct {
    Workspace *workspace;
    const Execution *last;
    Execution *execution;
    const Command *source;   /* whose options and @models this statement may have */
    bool seen[OPTION_COUNT]; /* options it has had so far */
    Call base;               /* what all settings share */
    Sweep sweeps[8];
    size_t sweep_count;
} Builder;

static bool add_sweep(Builder *b, OptionId id, Word *values, size_t count, Error *error)
{
    if (b->execution->command->repeats) return true; /* the command repeated will sweep */
    if (b->sweep_count == COUNT_OF(b->sweeps)) {
        error_set(error, _("at most %zu options can take several values"), COUNT_OF(b->sweeps));
        return error_place(error, values[0].start, values[0].length);
    }
    b->sweeps[b->sweep_count++] = (Sweep){id, values, count};
    return true;
}

static bool read_option_words(Builder *b, OptionWords *words, Error *error)
{
    OptionId id = command_option(b->source, words->key.text);
    if (id == OPTION_COUNT)
        return fail_option(b->execution->command, b->source, &words->key, &b->execution->arena, error);
    if (b->seen[id]) {
        error_set(error, _("%s= is given twice"), option_table[id].key);
        error_hint(error, _("several values go into one list: %s=A,B"), option_table[id].key);
        return error_place(error, words->key.start, words->key.length);
    }
    b->seen[id] = true;
    if (words->count > 1 && option_listed(id, common_options)) {
        error_set(error, _("%s= takes one value"), option_table[id].key);
        error_hint(error, _("it says how the answer looks; run the command once for each"));
        return error_place(error, words->values[1].start, words->values[1].length);
    }
    OptionValue *value = &b->base.values[id];
    if (option_table[id].list) return option_read_list(id, words, value, &b->execution->arena, error);
    bool number = option_table[id].type == OPTION_WHOLE || option_table[id].type == OPTION_NUMBER;
    if (number && !expand_range(&b->execution->arena, words, error)) return false;
    if (words->count > 1 && b->execution->command->whole)
        return option_read_list(id, words, value, &b->execution->arena, error);
    for (size_t i = 0; i < words->count; i++)
        if (!option_read(id, &words->values[i], value, error)) return false;
    return words->count == 1 || add_sweep(b, id, words->values, words->count, error);
}

/* What is in force when the statement says nothing: a setting, else the option's fallback. */
static void fill_defaults(Builder *b)
{
    for (OptionId id = 0; id < OPTION_COUNT; id++) {
        const char *set = b->workspace->settings[id];
        const char *text = set ? set : option_table[id].fallback;
        if (!text || !command_takes(b->source, id)) continue;
        Error never;
        Word word = {.text = arena_copy(&b->execution->arena, text, strlen(text))};
        bool ok = option_read(id, &word, &b->base.values[id], &never);
        assert(ok);
        b->base.values[id].given = set != NULL;
    }
}

static bool read_options(Builder *b, Error *error)
{
    Statement *statement = &b->execution->statement;
    fill_defaults(b);
    for (size_t i = 0; i < statement->option_count; i++)
        if (!read_option_words(b, &statement->options[i], error)) return false;
    return true;
}

/* --- words and models --- */

static bool check_words(const Execution *e, Error *error)
{
    const Command *command = e->command;
    size_t count = e->statement.word_count;
    if (count >= command->least && count <= command->most) return true;
    const Word *at = count > command->most ? &e->statement.words[command->most] : &e->statement.verb;
    if (count > command->most && command->most == 0)
        error_set(error, _("%s takes no words"), command->name);
    else if (count > command->most)
        error_set(error, _("too many words for %s"), command->name);
    else
        error_set(error, _("%s needs more words"), command->name);
    if (count > command->most && e->statement.option_count)
        error_hint(error, _("a value with blanks goes in double quotes: %s=\"...\""),
                   e->statement.options[0].key.text);
    else
        error_hint(error, _("for example: %s"), command->example);
    return error_place(error, at->start, at->length);
}

static bool choose_model(Builder *b, Call *call, const Word *name, Error *error)
{
    const NamedModel *named = workspace_current(b->workspace);
    if (name && !(named = workspace_model(b->workspace, name->text, error)))
        return error_place(error, name->start, name->length);
    call->model_name = arena_copy(call->arena, named->name, strlen(named->name));
    call->model = model_share(named->model);
    return true;
}

static bool check_models(Builder *b, Error *error)
{
    const Statement *statement = &b->execution->statement;
    if (statement->model_count == 0) return true;
    const Word *first = &statement->models[0];
    if (!b->source->models) {
        error_set(error, _("%s does not ask a model, so @%s says nothing"), b->execution->command->name,
                  first->text);
        if (b->source->words == WORDS_MODEL)
            error_hint(error, _("write %s %s"), b->execution->command->name, first->text);
        else
            error_hint(error, _("leave it out"));
        return error_place(error, first->start, first->length);
    }
    return statement->model_count == 1 ||
           add_sweep(b, OPTION_COUNT, statement->models, statement->model_count, error);
}

/* --- settings --- */

static const char *add_setting(Arena *arena, const char *setting, const Sweep *sweep, const Word *value)
{
    const char *key = sweep->id == OPTION_COUNT ? "" : option_table[sweep->id].key;
    return arena_format(arena, "%s%s%s%s%s", setting ? setting : "", setting ? " " : "", key, *key ? "=" : "",
                        value->text);
}

/* Setting number `index`: the last sweep changes fastest. */
static bool build_call(Builder *b, size_t index, Call *call, Error *error)
{
    const Statement *statement = &b->execution->statement;
    const Word *model = statement->model_count ? &statement->models[0] : NULL;
    size_t rest = b->execution->call_count;
    *call = b->base;
    for (size_t i = 0; i < b->sweep_count; i++) {
        const Sweep *sweep = &b->sweeps[i];
        rest /= sweep->count;
        const Word *value = &sweep->values[index / rest % sweep->count];
        call->setting = add_setting(call->arena, call->setting, sweep, value);
        if (sweep->id == OPTION_COUNT)
            model = value;
        else if (!option_read(sweep->id, value, &call->values[sweep->id], error))
            return false;
    }
    return !b->execution->command->models || choose_model(b, call, model, error);
}

static bool build_calls(Builder *b, Error *error)
{
    Execution *e = b->execution;
    size_t count = 1;
    for (size_t i = 0; i < b->sweep_count; i++) {
        if (count > SETTINGS_MAX / b->sweeps[i].count)
            return error_set(error, _("that is more than %d settings"), SETTINGS_MAX);
        count *= b->sweeps[i].count;
    }
    e->call_count = count;
    e->calls = arena_alloc(&e->arena, count, sizeof *e->calls);
    e->results = arena_alloc(&e->arena, count, sizeof *e->results);
    for (size_t i = 0; i < count; i++) {
        if (!build_call(b, i, &e->calls[i], error)) return false;
        e->calls[i].number = count > 1 ? i + 1 : 0;
        e->calls[i].first = i ? &e->calls[0] : NULL;
        result_init(&e->results[i], &e->arena, e->command->name);
        e->results[i].setting = e->calls[i].setting;
    }
    return true;
}

/* `compare next W... @a,b` is `next` on several models. */
static void read_compare_next(Statement *s)
{
    bool compare = strcmp(s->verb.text, "compare") == 0 && s->word_count > 0 && !s->words[0].quoted;
    if (!compare || strcmp(s->words[0].text, "next") != 0) return;
    s->verb = s->words[0];
    s->words++;
    s->word_count--;
}

static bool build(Builder *b, Error *error)
{
    Execution *e = b->execution;
    read_compare_next(&e->statement);
    if (!(e->command = command_find(&e->statement.verb, error))) return false;
    b->source = e->command->repeats && b->last ? b->last->command : e->command;
    b->base = (Call){.command = e->command,
                     .statement = &e->statement,
                     .arena = &e->arena,
                     .words = e->statement.words,
                     .word_count = e->statement.word_count,
                     .started = e->started};
    return read_options(b, error) && check_models(b, error) && check_words(e, error) && build_calls(b, error);
}

Execution *execution_new(Workspace *workspace, const Execution *last, const Statement *statement,
                         Error *error)
{
    Execution *execution = must_alloc(1, sizeof *execution);
    execution->started = job_clock();
    execution->statement = copy_statement(&execution->arena, statement);
    Builder builder = {.workspace = workspace, .last = last, .execution = execution};
    if (build(&builder, error)) return execution;
    execution_free(execution);
    return NULL;
}

void execution_truncate(Execution *execution)
{
    for (size_t i = execution->at; i < execution->call_count; i++) call_release(&execution->calls[i]);
    execution->call_count = execution->at;
}

void execution_free(Execution *execution)
{
    if (!execution) return;
    for (size_t i = 0; execution->calls && i < execution->call_count; i++) call_release(&execution->calls[i]);
    arena_release(&execution->arena);
    free(execution);
}
