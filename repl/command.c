#include "repl/command.h"

#include <ctype.h>
#include <string.h>

#include "core/base/i18n.h"
#include "repl/commands/commands.h"
#include "repl/language.h"
#include "repl/nearest.h"

const OptionId *const common_options =
    OPTIONS(OPT_AS, OPT_DIGITS, OPT_WIDTH, OPT_FORCE, OPT_ASCII, OPT_COLOR);

const Command *const command_table[] = {
    &prob_command,     &chain_command,
    &next_command,     &compare_command,
    &rank_command,     &enumerate_command,
    &tree_command,     &bits_command,
    &why_command,      &sample_command,
    &complete_command, &train_command,
    &step_command,     &eval_command,
    &sweep_command,    &corpus_command,
    &vocab_command,    &tokens_command,
    &counts_command,   &weights_command,
    &embed_command,    &attn_command,
    &state_command,    &lens_command,
    &trace_command,    &grad_command,
    &plot_command,     &cost_command,
    &access_command,   &compress_command,
    &shannon_command,  &models_command,
    &use_command,      &model_command,
    &save_command,     &load_command,
    &drop_command,     &make_command,
    &poison_command,   &dup_command,
    &swap_command,     &scale_command,
    &gap_command,      &filter_command,
    &novelty_command,  &abstain_command,
    &extract_command,  &decode_command,
    &tv_command,       &mix_command,
    &xent_command,     &lesson_command,
    &go_command,       &back_command,
    &hint_command,     &solve_command,
    &skip_command,     &leave_command,
    &resume_command,   &reset_command,
    &notes_command,    &help_command,
    &search_command,   &set_command,
    &undo_command,     &redo_command,
    &again_command,    &history_command,
    &run_command,      &check_command,
    &time_command,     &lang_command,
    &quit_command,     NULL,
};

static bool is_among(const char *names, const char *name)
{
    size_t length = strlen(name);
    for (; names && *names; names += strcspn(names, " "), names += *names == ' ')
        if (strcspn(names, " ") == length && memcmp(names, name, length) == 0) return true;
    return false;
}

bool command_is(const Command *command, const char *name)
{
    return strcmp(command->name, name) == 0 || is_among(command->aliases, name);
}

static const Command *find_exact(const char *name)
{
    for (size_t i = 0; command_table[i]; i++)
        if (command_is(command_table[i], name)) return command_table[i];
    return NULL;
}

/* "/help", ".quit", "\q", ":q" and "help()" as people bring them from other programs. */
static void strip_marks(const char *typed, char *name, size_t size)
{
    size_t used = 0;
    typed += strspn(typed, "/.\\:");
    for (; *typed && *typed != '(' && used + 1 < size; typed++)
        name[used++] = (char)tolower((unsigned char)*typed);
    name[used] = '\0';
}

const Command *command_find(const Word *verb, Error *error)
{
    char name[32], sentence[160];
    const char *spoken = language_verb(verb->text);
    const Command *command = find_exact(spoken ? spoken : verb->text);
    if (command) return command;
    strip_marks(verb->text, name, sizeof name);
    if ((command = find_exact(name))) return command;
    Nearest nearest;
    nearest_init(&nearest, verb->text);
    for (size_t i = 0; command_table[i]; i++) nearest_offer(&nearest, command_table[i]->name);
    nearest_sentence(&nearest, sentence, sizeof sentence);
    error_set(error, _("there is no command '%.60s'"), verb->text);
    error_hint(error, "%s%s%s", sentence, *sentence ? "   " : "", _("help lists them all"));
    error_place(error, verb->start, verb->length);
    return NULL;
}

bool command_takes(const Command *command, OptionId id)
{
    return option_listed(id, command->options) || option_listed(id, common_options);
}

OptionId command_option(const Command *command, const char *key)
{
    OptionId id = option_find(key, command->options);
    return id == OPTION_COUNT ? option_find(key, common_options) : id;
}

/* Options that must be given stand among the words already. */
static bool names_option(const char *usage, const char *key)
{
    const char *at = strstr(usage, key);
    return at && at[strlen(key)] == '=';
}

enum { USAGE_OPTIONS = 16 /* more are not spelt out */ };

static size_t count_options(const Command *command)
{
    size_t count = 0;
    while (command->options && command->options[count] != OPTION_COUNT) count++;
    return count;
}

const char *command_usage(const Command *command, Arena *arena)
{
    const char *usage =
        arena_format(arena, "%s%s%s", command->name, *command->usage ? " " : "", command->usage);
    bool settings =
        option_listed(OPT_AS, command->options); /* `set` takes them all: its usage says so in a word */
    bool many = count_options(command) > USAGE_OPTIONS;
    if (many && !settings) usage = arena_format(arena, "%s [option=value ...]", usage);
    for (OptionId id = 0; id < OPTION_COUNT && !settings && !many; id++)
        if (option_listed(id, command->options) && !names_option(command->usage, option_table[id].key))
            usage = arena_format(arena, "%s [%s=%s]", usage, option_table[id].key,
                                 option_table[id].fallback ? option_table[id].fallback : "");
    return command->models ? arena_format(arena, "%s [@model]", usage) : usage;
}
