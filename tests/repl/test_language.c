/* The program in Chinese: how it comes to it, and that lines stay in place. */

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "core/base/memory.h"
#include "core/base/utf8.h"
#include "repl/commands/commands.h"
#include "repl/language.h"
#include "repl/view/text.h"
#include "tests/support/shell.h"
#include "tests/support/terminal.h"

SHELL_SUITE(language, NULL)

static bool is_chinese(const char *text)
{
    for (size_t at = 0, step, length = strlen(text); at < length; at += step) {
        uint32_t character = utf8_decode(text + at, length - at, &step);
        if (character >= 0x4E00 && character <= 0x9FFF) return true;
    }
    return false;
}

/* The first line of `text` that is wider than `width`, for the message; NULL when there is none. */
static const char *wide_line(const char *text, int width)
{
    static char line[4096];
    for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
        snprintf(line, sizeof line, "%.*s", (int)strcspn(text, "\n"), text);
        if (text_width(line) > width) return line;
    }
    return NULL;
}

/* --- which language --- */

Test(language, is_one_of_those_there_are)
{
    CHECK(language_use("zh"));
    CHECK_STR(i18n_language(), "zh");
    CHECK(!language_use("fr"));
    CHECK(!language_use(""));
    CHECK_STR(i18n_language(), "zh");
    CHECK(language_use("en"));
    CHECK_STR(i18n_language(), "en");
}

Test(language, comes_from_the_surroundings)
{
    static const struct {
        const char *language, *all, *messages, *lang, *wanted;
    } rows[] = {
        {NULL, NULL, NULL, NULL, "en"},
        {NULL, NULL, NULL, "zh_CN.UTF-8", "zh"},
        {NULL, NULL, NULL, "zh", "zh"},
        {NULL, NULL, NULL, "zh-Hans", "zh"},
        {NULL, NULL, NULL, "zha", "en"},
        {NULL, NULL, NULL, "C.UTF-8", "en"},
        {NULL, NULL, "zh_TW", "en_GB.UTF-8", "zh"},
        {NULL, "C", "zh_CN", "zh_CN", "en"},
        {NULL, "", "", "zh_CN", "zh"},
        {"zh_CN", "C", NULL, NULL, "zh"},
        {"en", NULL, NULL, "zh_CN", "en"},
        {"de:zh_CN:en", NULL, NULL, "de_DE", "zh"},
        {"de:en:zh", NULL, NULL, "zh_CN", "en"},
        {"de", NULL, NULL, "zh_CN", "zh"},
        {"", NULL, NULL, "zh_CN", "zh"},
    };
    static const char *const names[] = {"LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *values[] = {rows[i].language, rows[i].all, rows[i].messages, rows[i].lang};
        for (size_t n = 0; n < COUNT_OF(names); n++)
            if (values[n])
                setenv(names[n], values[n], 1);
            else
                unsetenv(names[n]);
        CHECK_FOR(strcmp(language_of_surroundings(), rows[i].wanted) == 0, "row %zu: %s", i,
                  language_of_surroundings());
    }
}

Test(language, changes_at_once)
{
    shell_must(shell, "lang zh");
    CHECK_STR(shell_out(shell), "language: zh\n");
    CHECK(!shell_do(shell, "nxet the"));
    CHECK(is_chinese(shell_err(shell)));
    shell_must(shell, "lang en");
    CHECK(!shell_do(shell, "nxet the"));
    CHECK(!is_chinese(shell_err(shell)));
}

Test(language, refuses_one_there_is_not)
{
    shell_must(shell, "lang zh");
    CHECK(!shell_do(shell, "lang french"));
    CHECK(strstr(shell_err(shell), "lang french"));
    CHECK(strstr(shell_err(shell), "lang en"));
    CHECK_STR(i18n_language(), "zh");
}

/* What the program says to a mistake in this environment, from another folder; the caller frees it. */
static char *said(const char *settings, const char *arguments)
{
    char command[1024];
    snprintf(command, sizeof command, "cd %s && env -i %s %s %s -c nxet > said 2>&1", folder, settings,
             PROGRAM, arguments);
    CHECK_INT(WEXITSTATUS(system(command)), EXIT_FAILURE);
    return file_get(path_in(folder, "said"));
}

/* No locale need be there: not for the sentences, nor for the characters. */
Test(language, program_follows_its_surroundings)
{
    static const struct {
        const char *settings, *arguments;
        bool chinese;
    } rows[] = {
        {"", "", false},
        {"LC_ALL=C", "--lang=zh", true},
        {"LANG=zh_CN.UTF-8", "", true},
        {"LANG=zh_CN.UTF-8", "--lang=en", false},
        {"LANGUAGE=zh LC_ALL=C", "", true},
        {"LANG=zh_CN LC_ALL=C", "", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char *text = said(rows[i].settings, rows[i].arguments);
        CHECK_FOR(is_chinese(text) == rows[i].chinese, "row %zu: %s", i, text);
        free(text);
    }
}

/* The settings file chooses a language for good; --lang goes before it. */
Test(language, settings_file_chooses)
{
    Terminal terminal;
    char command[128 + FOLDER_SIZE];
    char *plain[] = {PROGRAM, NULL}, *given[] = {PROGRAM, (char *)"--lang=en", NULL};
    snprintf(command, sizeof command, "mkdir -p %s/.config/lmsh", folder);
    CHECK(system(command) == 0);
    file_put(path_in(folder, ".config/lmsh/lmshrc"), "lang zh\n");
    terminal_start(&terminal, plain, folder, "dumb");
    CHECK(terminal_shows(&terminal, "可以拆开来看的语言模型"));
    CHECK(terminal_shows(&terminal, "toy> "));
    terminal_type(&terminal, "quit\r");
    CHECK_INT(terminal_finish(&terminal), 0);
    terminal_start(&terminal, given, folder, "dumb");
    CHECK(terminal_shows(&terminal, "language models you can take apart"));
    CHECK(terminal_shows(&terminal, "toy> "));
    terminal_type(&terminal, "quit\r");
    CHECK_INT(terminal_finish(&terminal), 0);
}

/* --- what stays in place --- */

/* A mistake in a language of wide characters: the line and the marks below it are the same in both. */
Test(language, caret_stands_below_the_mistake)
{
    static const char *const lines[] = {"next the T=abc", "prob 老鼠 mouse", "nxet the", "train ngram n=0"};
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        char english[512], line[512];
        language_use("en");
        CHECK(!shell_do(shell, lines[i]));
        snprintf(english, sizeof english, "%s", strchr(shell_err(shell), '\n'));
        language_use("zh");
        CHECK(!shell_do(shell, lines[i]));
        snprintf(line, sizeof line, "%s", strchr(shell_err(shell), '\n'));
        const char *caret = strrchr(english, '^');
        CHECK_FOR(caret && strncmp(line, english, (size_t)(caret - english)) == 0, "%s", shell_err(shell));
    }
}

static void check_fits(const char *line)
{
    shell_must(shell, line);
    CHECK_FOR(is_chinese(shell_out(shell)), "%s", line);
    CHECK_FOR(!wide_line(shell_out(shell), 80), "%s: %s", line, wide_line(shell_out(shell), 80));
    CHECK_FOR(!wide_line(shell_err(shell), 80), "%s: %s", line, wide_line(shell_err(shell), 80));
}

Test(language, help_fits_80_columns)
{
    static const char *const lines[] = {"help", "set", "search 概率", "help conventions", "help smooth"};
    shell_free(shell);
    shell = shell_new_with((SessionOptions){.width = 80, .terminal = true, .seed = 1});
    language_use("zh");
    for (size_t i = 0; i < COUNT_OF(lines); i++) check_fits(lines[i]);
    for (size_t i = 0; command_table[i]; i++) {
        char line[64];
        snprintf(line, sizeof line, "help %s", command_table[i]->name);
        check_fits(line);
    }
}

static void check_result_is_english(const char *line)
{
    Shell *fresh = shell_new(NULL);
    shell_do(fresh, line);
    CHECK_FOR(!is_chinese(shell_out(fresh)), "%s\n%s", line, shell_out(fresh));
    shell_free(fresh);
}

/* help, search, set and the lessons speak; what other commands print are results. */
static bool speaks(const Command *command)
{
    return strcmp(command->family, "lessons") == 0 || command->words == WORDS_VERB ||
           command == &set_command || command == &search_command || command == &lang_command;
}

/* Titles, headings, labels and reasons are the same on every screen of a class. */
Test(language, results_stay_english)
{
    static const char *const lines[] = {"prob the zebra oov=unk",
                                        "corpus",
                                        "corpus show",
                                        "models",
                                        "next the T=0,inf @toy,bigram",
                                        "chain the mouse ate @bigram; why",
                                        "prob the mouse @trigram; why",
                                        "sample the T=0 show=steps",
                                        "eval mouse @bigram; why",
                                        "train ngram n=2 smooth=kn; next the; why",
                                        "cost @bigram; why"};
    language_use("zh");
    for (size_t i = 0; i < COUNT_OF(lines); i++) check_result_is_english(lines[i]);
    for (size_t i = 0; command_table[i]; i++)
        if (!speaks(command_table[i])) check_result_is_english(command_table[i]->example);
}

Test(language, commands_have_chinese_names)
{
    shell_must(shell, "prob the mouse");
    char *wanted = must_copy(shell_out(shell), strlen(shell_out(shell)));
    shell_must(shell, "概率 the mouse");
    CHECK_STR(shell_out(shell), wanted);
    free(wanted);
    shell_must(shell, "help prob");
    CHECK(!is_chinese(shell_out(shell)));
    shell_must(shell, "语言 zh; 帮助 概率");
    CHECK(strstr(shell_out(shell), "概率"));
}

Test(language, words_of_the_field_are_found_in_chinese)
{
    shell_must(shell, "lang zh");
    shell_must(shell, "help 困惑度");
    CHECK(strstr(shell_out(shell), "几何平均"));
    shell_must(shell, "help 过拟合");
    CHECK(strstr(shell_out(shell), "valid=0.25"));
    CHECK(!shell_do(shell, "help 天气"));
}

/* No two commands share one, and none is a command of its own. */
Test(language, chinese_names_lead_to_one_command_each)
{
    language_use("zh");
    for (size_t i = 0; command_table[i]; i++) {
        const char *spoken = language_spoken(command_table[i]->name);
        if (spoken) CHECK_STR(language_verb(spoken), command_table[i]->name);
    }
    CHECK(!language_verb("prob"));
}
