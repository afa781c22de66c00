/* course.h - plays lessons as a learner who knows all answers, or asks for them. */
#ifndef TESTS_SUPPORT_COURSE_H
#define TESTS_SUPPORT_COURSE_H

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "repl/course/playing.h"
#include "tests/support/shell.h"

/* Sanitizers are slow. Criterion leaks where suites of one program have different timeouts, and that is
 * where they look for leaks: with them all have 20 seconds. */
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define COURSE_SANITIZED 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define COURSE_SANITIZED 1
#endif
#ifndef COURSE_SANITIZED
#define COURSE_SANITIZED 0
#endif
#define COURSE_TIMEOUT (COURSE_SANITIZED ? 20 : 120) /* some lessons train networks */

/* A small lesson: an introduction; "look" with a set-up and a transcript of two commands; "do" with a task, a
 * wrong way and two hints; "guess" with a prediction, a question and a choice. */
extern const char *const course_small;

/* The lessons that are compiled in, as parameters of a test: indices of embedded_files. Under sanitizers
 * without those that train recurrent networks or transformers or look up many draws, which would take
 * minutes. */
struct criterion_test_params course_lessons(void);

/* Where the lesson waits; AT_END too for no lesson. */
Phase course_phase(Shell *shell);
bool course_is_open(Shell *shell);

/* One line that leads on from wherever the lesson waits: Enter, a solution, an answer (or `solve`). Returns
 * what was typed, good until the next call. */
const char *course_step(Shell *shell, bool asks);

/* Go on until the lesson waits in this phase, or `times` lines have been typed; whether it does. */
bool course_until(Shell *shell, Phase phase, int times);

/* Go on to the end of the lesson; the test fails where it never comes. */
void course_finish(Shell *shell, bool asks);

#endif
