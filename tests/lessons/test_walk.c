/* Every lesson that is compiled in, walked from its first line to its last as a person would: with Enter,
 * answers and solutions, asking for a hint wherever it waits. Nobody is ever stuck. */

#include <string.h>

#include "lessons/embedded.h"
#include "repl/language.h"
#include "tests/support/course.h"

TestSuite(walk, .timeout = COURSE_TIMEOUT);

/* Enter, hint and help say something wherever the lesson waits. */
static void ask_around(Shell *shell, const char *path)
{
    shell_must(shell, "hint");
    CHECK_FOR(*shell_out(shell), "%s: no hint at %s", path, session_prompt(shell->session));
    shell_must(shell, "help");
    CHECK_FOR(strstr(shell_out(shell), playing_of(shell->session)->lesson.id), "%s: no help", path);
    if (course_phase(shell) != AT_TASK && course_phase(shell) != AT_ANSWER) return;
    shell_must(shell, "");
    CHECK_FOR(*shell_out(shell), "%s: Enter says nothing at %s", path, session_prompt(shell->session));
}

static void walk(const EmbeddedFile *file)
{
    enum { ENOUGH = 400 };
    char language[3] = {0}, number[3] = {0};
    memcpy(language, strchr(file->path, '/') + 1, 2);
    memcpy(number, file->path, 2);
    Arena arena = {0};
    Shell *shell = shell_new(NULL);
    language_use(language);
    shell_must(shell, arena_format(&arena, "lesson %s", number));
    for (int i = 0; i < ENOUGH && course_is_open(shell); i++) {
        Phase phase = course_phase(shell);
        const Block *block = phase == AT_END ? NULL : block_of(playing_of(shell->session));
        ask_around(shell, file->path);
        const char *typed = course_step(shell, i % 2 == 1);
        if (phase != AT_TASK || !course_is_open(shell) || course_phase(shell) != AT_TASK) continue;
        CHECK_FOR(block_of(playing_of(shell->session)) != block, "%s: [%s] does not solve it:\n%s%s",
                  file->path, typed, shell_out(shell), shell_err(shell));
    }
    CHECK_FOR(!course_is_open(shell), "%s never ends", file->path);
    CHECK_STR(session_prompt(shell->session), "toy> ");
    shell_free(shell);
    arena_release(&arena);
}

ParameterizedTestParameters(walk, every_lesson) { return course_lessons(); }

ParameterizedTest(size_t *index, walk, every_lesson) { walk(&embedded_files[*index]); }
