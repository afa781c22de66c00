/* main.c - drives a session from Readline, a script, -c or --check. */
#include <getopt.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/base/utf8.h"
#include "repl/arguments.h"
#include "repl/checking/check.h"
#include "repl/checking/new_lesson.h"
#include "repl/complete.h"
#include "repl/course/progress.h"
#include "repl/interrupt.h"
#include "repl/language.h"
#include "repl/line_input.h"
#include "repl/session.h"

enum { EXIT_USAGE = 2, EXIT_DIFFERS = 3, EXIT_INTERRUPTED = 130, SLICE_MS = 20, SCRIPT_BYTES_MAX = 16 << 20 };

/* --- the surroundings --- */

static int terminal_columns(void)
{
    struct winsize size;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

static bool is_set(const char *variable)
{
    const char *value = getenv(variable);
    return value && *value;
}

static bool is_dumb(void)
{
    const char *term = getenv("TERM");
    return !term || strcmp(term, "dumb") == 0;
}

static bool wants_color(const Arguments *a)
{
    if (a->color != WHEN_AUTO) return a->color == WHEN_ALWAYS;
    return isatty(STDOUT_FILENO) && !is_set("NO_COLOR") && !is_dumb() && !a->speech;
}

/* Messages in the person's language, characters as UTF-8, and numbers always with a point. Returns whether
 * the terminal, too, shows UTF-8: where the locale says otherwise, drawing keeps to ASCII. The system's own
 * messages are left in English, which our catalogue knows. */
static bool set_language(const char *lang)
{
    setlocale(LC_ALL, "");
    setlocale(LC_NUMERIC, "C");
    setlocale(LC_MESSAGES, "C");
    bool utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    if (!utf8 && !setlocale(LC_CTYPE, "C.UTF-8")) setlocale(LC_CTYPE, "");
    language_use(lang ? lang : language_of_surroundings());
    return utf8;
}

static SessionOptions session_options_from(const Arguments *a, bool terminal)
{
    return (SessionOptions){.out = stdout,
                            .err = stderr,
                            .width = terminal_columns(),
                            .terminal = terminal && !a->speech,
                            .progress = isatty(STDERR_FILENO) && !a->speech,
                            .ascii = a->ascii,
                            .color = wants_color(a),
                            .seed = a->seed,
                            .format = a->json     ? "json"
                                      : a->speech ? "list"
                                                  : NULL};
}

static int show_diagnosis(const Arguments *a)
{
    SessionOptions o = session_options_from(a, isatty(STDIN_FILENO) && isatty(STDOUT_FILENO));
    printf("lmsh %s\nterminal: %s\ncolumns: %d\ncharset: %s\nASCII only: %s\ncolour: %s\n", VERSION,
           o.terminal ? "yes" : "no", o.width, nl_langinfo(CODESET), o.ascii ? "yes" : "no",
           o.color ? "yes" : "no");
    return EXIT_SUCCESS;
}

/* --- driving a session --- */

/* Ctrl-C that came after the last slice, or while a read was waiting. */
static void notice_interrupt(Session *session)
{
    if (!interrupt_requested()) return;
    interrupt_clear();
    session_interrupt(session);
    session_step(session, 0);
}

/* Run text to its end; Ctrl-C stops it. */
static void drive(Session *session, const char *text, const char *source, size_t line)
{
    interrupt_clear();
    session_run(session, text, source, line);
    while (session_step(session, SLICE_MS) == SESSION_BUSY) {
        if (!interrupt_requested()) continue;
        interrupt_clear();
        session_interrupt(session);
    }
    notice_interrupt(session);
}

static int exit_code(const Session *session)
{
    return session_interrupted(session) ? EXIT_INTERRUPTED
           : session_failed(session)    ? EXIT_FAILURE
                                        : EXIT_SUCCESS;
}

static bool goes_on(const Session *session)
{
    return !session_failed(session) && !session_interrupted(session) && !session_leaving(session);
}

static void run_commands(Session *session, const Arguments *a)
{
    for (size_t i = 0; i < a->command_count && goes_on(session); i++) drive(session, a->commands[i], "-", 1);
}

static void run_script(Session *session, const char *path)
{
    Error error;
    char *text;
    size_t length;
    if (!file_read(path, SCRIPT_BYTES_MAX, &text, &length, &error)) {
        fprintf(stderr, _("error: %s\n"), error.message);
        exit(EXIT_FAILURE);
    }
    if (strlen(text) != length) {
        fprintf(stderr, _("error: %s holds a NUL byte; it is not a script\n"), path);
        exit(EXIT_FAILURE);
    }
    drive(session, utf8_skip_mark(text), path, 1);
    free(text);
}

/* Line by line as they come, so that another program can hold a conversation. */
static bool run_stdin(Session *session)
{
    char *line = NULL;
    size_t capacity = 0, number = 0;
    ssize_t length;
    bool text = true;
    while (text && goes_on(session) && (length = getline(&line, &capacity, stdin)) >= 0) {
        if (length > 0 && line[length - 1] == '\n') line[--length] = '\0';
        number++;
        text = strlen(line) == (size_t)length;
        if (text)
            drive(session, line, "-", number);
        else
            fprintf(stderr, _("-:%zu:%zu: error: a NUL byte; this is not text\n"), number, strlen(line) + 1);
    }
    notice_interrupt(session);
    free(line);
    return text;
}

/* --- the prompt --- */

static size_t complete(void *session, const char *line, size_t start, char **out, size_t max)
{
    return complete_word(session, line, start, out, max);
}

static const char *edit(void *session) { return session_edit(session); }

static void run_settings_file(Session *session)
{
    Error error;
    char path[4096], *text;
    size_t length;
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (config && config[0] == '/')
        snprintf(path, sizeof path, "%s/lmsh/lmshrc", config);
    else
        snprintf(path, sizeof path, "%s/.config/lmsh/lmshrc", home ? home : "");
    if (!file_is_regular(path)) return;
    if (!file_read(path, SCRIPT_BYTES_MAX, &text, &length, &error)) {
        fprintf(stderr, _("error: %s\n"), error.message);
        return;
    }
    session_set_quiet(session, true);
    drive(session, utf8_skip_mark(text), path, 1);
    session_set_quiet(session, false);
    free(text);
}

static void greet(Session *session)
{
    enum { FEW = 12 };
    const NamedModel *model = workspace_current(session_workspace(session));
    const Vocab *vocab = model->model->vocab;
    printf(_("lmsh %s - language models you can take apart\n"), VERSION);
    printf(_("%s knows %zu words"), model->name, vocab_words(vocab));
    for (size_t i = 0; i < vocab_words(vocab) && vocab_words(vocab) <= FEW; i++)
        printf("%s %s", i ? "" : ":", vocab_text(vocab, (TokenId)i));
    printf("\n%s\n", _("lesson 1 guides you, help lists commands, Tab completes, Ctrl-D leaves."));
}

static void greet_learner(const Session *session)
{
    CourseProgress course = progress_read(session_options(session)->journal);
    if (course.last) printf(_("resume goes on with lesson %s.\n"), course.last);
    progress_release(&course);
}

static void run_prompt(Session *session, const Arguments *a)
{
    LineInputOptions input = {
        .app_name = "lmsh", .color = wants_color(a), .complete = complete, .edit = edit, .context = session};
    line_input_open(&input);
    signal(SIGPIPE, SIG_IGN); /* a reader of a pipe that leaves is an error, not the end */
    atexit(line_input_close); /* out of memory ends here too: the history is kept */
    if (!a->norc) run_settings_file(session);
    if (a->lang) language_use(a->lang); /* whatever `lang` in the file said */
    greet(session);
    greet_learner(session);
    while (!session_leaving(session)) {
        char *line;
        fflush(stdout);
        LineStatus status = line_input_read(session_prompt(session), &line);
        if (status != LINE_OK) putchar('\n');
        if (status == LINE_EOF) break;
        if (status == LINE_INTERRUPTED) {
            session_interrupt(session);
            session_step(session, 0);
            continue;
        }
        line_input_remember(line);
        session_resize(session, line_input_columns());
        drive(session, line, NULL, 1);
        free(line);
    }
    line_input_close();
}

/* --- checks --- */

static int run_checks(char *const *paths, size_t count)
{
    CheckCounts counts = {0};
    signal(SIGINT, SIG_DFL); /* nothing to keep: Ctrl-C ends it */
    if (count == 0) {
        fputs(_(arguments_usage), stderr);
        return EXIT_USAGE;
    }
    for (size_t i = 0; i < count; i++) {
        Error error;
        if (check_path(paths[i], stdout, &counts, &error)) continue;
        fprintf(stderr, _("error: %s\n"), error.message);
        return EXIT_FAILURE;
    }
    printf(_("%zu files, %zu commands, %zu differ\n"), counts.files, counts.commands, counts.failures);
    return counts.failures ? EXIT_DIFFERS : EXIT_SUCCESS;
}

static int begin_lesson(const char *name)
{
    Error error;
    if (!new_lesson_write(name, &error)) {
        fprintf(stderr, _("error: %s\n"), error.message);
        fprintf(stderr, "  %s\n", error.hint);
        return EXIT_FAILURE;
    }
    printf(_("wrote %s/en.md\n"), name);
    printf(_("Change it, and see: lmsh --check %s. To play it: lesson %s/en.md. The format: help "
             "lesson-format.\n"),
           name, name);
    return EXIT_SUCCESS;
}

static int run_session(const Arguments *a, const char *script)
{
    bool terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    bool prompt = a->command_count == 0 && !script && terminal;
    Arena arena = {0};
    SessionOptions options = session_options_from(a, prompt);
    if (prompt || a->command_count > 0)
        options.journal = journal_path(&arena); /* scripts repeat themselves */
    Session *session = session_new(&options);
    if (a->command_count > 0) run_commands(session, a);
    if (script && strcmp(script, "-") != 0 && goes_on(session)) run_script(session, script);
    if (prompt) run_prompt(session, a);
    bool read_stdin = !prompt && a->command_count == 0 && (!script || strcmp(script, "-") == 0);
    bool text = !read_stdin || run_stdin(session);
    int code = prompt ? EXIT_SUCCESS : text ? exit_code(session) : EXIT_FAILURE;
    session_free(session);
    arena_release(&arena);
    return code;
}

static int run(const Arguments *a, char *const *paths, size_t count)
{
    if (a->help)
        fputs(_(arguments_usage), stdout);
    else if (a->version)
        printf("lmsh %s\n", VERSION);
    else if (a->diag)
        return show_diagnosis(a);
    else if (a->new_lesson)
        return begin_lesson(a->new_lesson);
    else if (a->check)
        return run_checks(paths, count);
    else
        return run_session(a, count ? paths[0] : NULL);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    Arguments a = {0};
    int code = EXIT_USAGE;
    memory_tune();
    bool ok = arguments_read(argc, argv, &a);
    a.ascii = !set_language(a.lang) || a.ascii;
    interrupt_install();
    if (ok && (a.check || argc - optind <= 1))
        code = run(&a, argv + optind, (size_t)(argc - optind));
    else
        fputs(_(arguments_usage), stderr);
    free(a.commands);
    return code;
}
