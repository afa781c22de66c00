/* numbers.h - what commands say about the numbers that a lesson asks for and quotes. */
#ifndef REPL_CHECKING_NUMBERS_H
#define REPL_CHECKING_NUMBERS_H

#include "lessons/lesson.h"
#include "lessons/quote.h"
#include "repl/execution.h"

/* The number `command` means in the answer `last`, which may be NULL; false when there is none. */
bool numbers_find(const Execution *last, const QuoteCommand *command, double *number);

/* Whether `number` is what the question wants. */
bool numbers_agree(const Question *question, double number);

/* Whether an answer 1 % off would agree as well, though the tolerance is finer than that. */
bool numbers_miss_change(const Question *question, double number);

/* Whether the rows of `last` (token, p) are the distribution that the question wants. */
bool numbers_agree_all(const Question *question, const Execution *last, Arena *arena);

#endif
