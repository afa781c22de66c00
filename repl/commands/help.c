/* help.c - pages made from the command table, the option table and the topics. */
#include <ctype.h>
#include <string.h>

#include "core/base/i18n.h"
#include "repl/commands/commands.h"
#include "repl/commands/recipe_neural.h"
#include "repl/course/player.h"
#include "repl/language.h"
#include "repl/nearest.h"
#include "repl/topic.h"

/* --- all commands --- */

static void list_family(const char *family, Result *result)
{
    for (size_t i = 0; command_table[i]; i++) {
        if (strcmp(command_table[i]->family, family) != 0) continue;
        Value *cells = result_row(result);
        cells[0] = value_text(_(family));
        cells[1] = value_text(command_table[i]->name);
        cells[2] = value_text(_(command_table[i]->summary));
    }
}

static bool is_first_of_family(size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(command_table[i]->family, command_table[index]->family) == 0) return false;
    return true;
}

static void add_columns(Result *result)
{
    result_table(result, "rows");
    result_column(result, "family", _("family"), UNIT_NONE, false);
    result_column(result, "command", _("command"), UNIT_NONE, false);
    result_column(result, "summary", _("what it does"), UNIT_NONE, false);
}

/* Inside a lesson: what to do now and its verbs, which all fit on the screen. */
static bool list_lesson_verbs(Result *result, const char *now)
{
    result->title = now;
    add_columns(result);
    list_family("lessons", result);
    result_note(result, _("help all lists all commands; help COMMAND explains one."));
    return true;
}

static bool list_commands(Result *result)
{
    add_columns(result);
    for (size_t i = 0; command_table[i]; i++)
        if (is_first_of_family(i)) list_family(command_table[i]->family, result);
    result_note(
        result,
        _("help COMMAND, help OPTION or a word of the field (help perplexity); help keys; help conventions; "
          "lesson 1 to be guided; search WORD looks everywhere."));
    return true;
}

/* --- one page --- */

static const char *option_line(OptionId id, Arena *arena)
{
    const Option *o = &option_table[id];
    const char *values = o->choices ? arena_format(arena, " (%s)", o->choices) : "";
    const char *fallback = o->fallback ? arena_format(arena, _(" [%s]"), o->fallback) : "";
    return arena_format(arena, "\n  %s=  %s%s%s", o->key, _(o->summary), values, fallback);
}

static const char *command_page(const Command *command, Arena *arena)
{
    const char *text =
        arena_format(arena, _("%s\n  %s."), command_usage(command, arena), _(command->summary));
    const char *aliases = command->aliases, *spoken = language_spoken(command->name);
    if (spoken) aliases = aliases ? arena_format(arena, "%s %s", aliases, spoken) : spoken;
    if (aliases) text = arena_format(arena, _("%s\n  Also: %s"), text, aliases);
    text = arena_format(arena, _("%s\n  For example: %s"), text, command->example);
    if (command->options) text = arena_format(arena, "%s\n", text);
    for (OptionId id = 0; id < OPTION_COUNT; id++)
        if (option_listed(id, command->options))
            text = arena_format(arena, "%s%s", text, option_line(id, arena));
    return text;
}

static bool takes_option(const Command *command, const char *key)
{
    return command_option(command, key) != OPTION_COUNT;
}

static const char *takers(const char *key, Arena *arena)
{
    const char *text = "";
    if (option_find(key, common_options) != OPTION_COUNT) return _(" every command");
    for (size_t i = 0; command_table[i]; i++)
        if (takes_option(command_table[i], key))
            text = arena_format(arena, "%s %s", text, command_table[i]->name);
    return text;
}

/* Whether `name` is one of the values of a choice: "interp" of smooth=. */
static bool has_choice(const Option *option, const char *name)
{
    const char *choices = option->choices, *choice;
    for (size_t length; choices && (length = option_next_choice(&choices, &choice)) > 0;)
        if (strlen(name) == length && memcmp(choice, name, length) == 0) return true;
    return false;
}

static const char *option_page(const char *name, Arena *arena)
{
    const char *text = "", *key = name;
    for (OptionId id = 0; id < OPTION_COUNT; id++) {
        bool value = has_choice(&option_table[id], name);
        if (option_find(name, OPTIONS(id)) != id && !value) continue;
        if (value) key = option_table[id].key;
        text = arena_format(arena, "%s%s", text, option_line(id, arena));
    }
    return *text ? arena_format(arena, _("%s\n  Taken by:%s"), text + 1, takers(key, arena)) : NULL;
}

static bool is_ascii(const char *text)
{
    while (*text && (unsigned char)*text < 0x80) text++;
    return *text == '\0';
}

/* By its name, or, where names are not of the person's language, by a word of what it is about. */
static const Topic *topic_find(const char *name)
{
    for (const Topic *topic = topics; topic->name; topic++)
        if (strcmp(topic->name, name) == 0) return topic;
    for (const Topic *topic = topics; topic->name && !is_ascii(name); topic++)
        if (strstr(_(topic->summary), name)) return topic;
    return NULL;
}

static const char *join_pages(const char *first, const char *second, Arena *arena)
{
    if (!first || !second) return first ? first : second;
    return arena_format(arena, "%s\n\n%s", first, second);
}

/* All that goes by this name: a command, an option or one of its values, a topic. */
static const char *page(const char *name, Arena *arena)
{
    Error ignored;
    Word word = {.text = name};
    const Topic *topic = topic_find(name);
    const char *option = option_page(name, arena);
    const Command *command = command_find(&word, &ignored);
    NetworkKind kind;
    const char *network = network_kind_find(name, &kind) ? recipe_neural_page(kind, arena) : NULL;
    bool folded = command && option && !command_is(command, name); /* "T" is not "t" when it is an option */
    const char *first = command && !folded ? command_page(command, arena) : NULL;
    first = join_pages(first, network, arena);
    return join_pages(join_pages(first, topic ? _(topic->text) : NULL, arena), option, arena);
}

static bool fail_unknown(const Word *word, Error *error)
{
    char sentence[160];
    Nearest nearest;
    nearest_init(&nearest, word->text);
    for (size_t i = 0; command_table[i]; i++) nearest_offer(&nearest, command_table[i]->name);
    for (const Topic *topic = topics; topic->name; topic++) nearest_offer(&nearest, topic->name);
    for (OptionId id = 0; id < OPTION_COUNT; id++) nearest_offer(&nearest, option_table[id].key);
    nearest_sentence(&nearest, sentence, sizeof sentence);
    error_set(error, _("there is no help on '%.60s'"), word->text);
    error_hint(error, _("%s%ssearch %.40s looks inside all pages"), sentence, *sentence ? "   " : "",
               word->text);
    return error_place(error, word->start, word->length);
}

static bool run_help(Session *session, Call *call, Result *result, Error *error)
{
    const char *now = player_now(session, call->arena);
    if (call->word_count == 0 && now) return list_lesson_verbs(result, now);
    if (call->word_count == 0 || strcmp(call->words[0].text, "all") == 0) return list_commands(result);
    result->text = page(call->words[0].text, call->arena);
    return result->text || fail_unknown(&call->words[0], error);
}

const Command help_command = {
    .name = "help",
    .aliases = "? h man",
    .family = N_("shell"),
    .usage = "[COMMAND|OPTION|TOPIC]",
    .summary = N_("List the commands, or explain a command, an option or a word of the field"),
    .example = "help train",
    .words = WORDS_VERB,
    .most = 1,
    .shell = true,
    .run = run_help,
};

/* --- search --- */

static bool contains(const char *text, const char *word)
{
    size_t length = strlen(word);
    for (; *text; text++) {
        size_t i = 0;
        while (i < length && tolower((unsigned char)text[i]) == tolower((unsigned char)word[i])) i++;
        if (i == length) return true;
    }
    return false;
}

static void add_hit(Result *result, const char *kind, const char *name, const char *summary)
{
    Value *cells = result_row(result);
    cells[0] = value_text(kind);
    cells[1] = value_text(name);
    cells[2] = value_text(summary);
}

static bool run_search(Session *session, Call *call, Result *result, Error *error)
{
    (void)session;
    const Word *word = &call->words[0];
    result_table(result, "rows");
    result_column(result, "kind", _("kind"), UNIT_NONE, false);
    result_column(result, "name", _("name"), UNIT_NONE, false);
    result_column(result, "summary", _("what it is"), UNIT_NONE, false);
    for (size_t i = 0; command_table[i]; i++)
        if (contains(command_table[i]->name, word->text) ||
            contains(_(command_table[i]->summary), word->text))
            add_hit(result, _("command"), command_table[i]->name, _(command_table[i]->summary));
    for (OptionId id = 0; id < OPTION_COUNT; id++)
        if (contains(option_table[id].key, word->text) || contains(_(option_table[id].summary), word->text))
            add_hit(result, _("option"), arena_format(call->arena, "%s=", option_table[id].key),
                    _(option_table[id].summary));
    for (const Topic *topic = topics; topic->name; topic++)
        if (contains(topic->name, word->text) || contains(_(topic->text), word->text))
            add_hit(result, _("topic"), topic->name, _(topic->summary));
    if (result->row_count > 0) return true;
    error_set(error, _("nothing mentions '%.60s'"), word->text);
    error_hint(error, _("help lists the commands"));
    return error_place(error, word->start, word->length);
}

const Command search_command = {
    .name = "search",
    .aliases = "apropos",
    .family = N_("shell"),
    .usage = "WORD",
    .summary = N_("Find a word in commands, options and topics"),
    .example = "search temperature",
    .words = WORDS_OTHER,
    .least = 1,
    .most = 1,
    .shell = true,
    .run = run_search,
};
