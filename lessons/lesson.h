/* lesson.h - a lesson as data: steps of prose, commands, tasks and questions, read from one Markdown file.
 *
 *     ---                         the header: format (1), id, title, needs (the ids of lessons, perhaps none)
 *     format: 1                   and minutes are required, risk (yes or no) may be given
 *     ---
 *     ## Heading {#step-id}       starts a step; what stands before the first one is a step with id ""
 *     ```lm run                   a fenced block for lmsh: setup, run, do, ask, predict or hint
 *     <!-- lm: COMMAND = 0.5 -->  behind a paragraph: a number it quotes, and the command that gives it
 *
 * lmsh-lessons(7) explains the format to authors, lint.h the rules beyond what can be read at all.
 *
 * Files are untrusted.  Texts of a Lesson are valid UTF-8 whose only control characters are tabs and
 * newlines, so that they may be printed as they are. */
#ifndef LESSONS_LESSON_H
#define LESSONS_LESSON_H

#include "core/base/arena.h"

typedef struct {
    const char *value;   /* what a learner may type: a command line in a Task, an answer in a Question */
    const char *message; /* what to say to that */
    size_t line;         /* of the file, from 1; so is every `line` below */
} Wrong;

typedef struct {
    const char *const *at;
    const size_t *lines; /* of the file */
    size_t count;
} Lines;

/* lm do.  `check: PREDICATE` (predicate.h; at least one), `solution: LINE`, `wrong: COMMAND | message`,
 * `hint: none | reason` where no hints are to follow. */
typedef struct {
    Lines checks; /* all must hold */
    const char *solution;
    size_t solution_line;
    const char *no_hint; /* the reason, or NULL */
    const Wrong *wrongs;
    size_t wrong_count;
} Task;

typedef enum { QUESTION_NUMBER, QUESTION_CHOICE, QUESTION_TEXT, QUESTION_DISTRIBUTION } QuestionType;

typedef struct {
    const char *text;
    bool right;
} Choice;

/* lm ask and lm predict, judged by answer.h.  `id:`, `type: number|choice|text`, `answer:`, `equals:
 * COMMAND` (quote.h) or `equals: none | reason`, `tol: 0.5%` (of the answer) or `tol: 0.01`, `unit:
 * prob|bits|nats|count`, `wrong: VALUE | message`, `right: message`, `hint: none | reason`; for choices lines
 * `- [ ] option` and `- [x] right option`, and no answer.  A prediction may be of `type: distribution` with
 * `answer: mouse 7/13 cheese 5/13 ball 1/13`: all outcomes and their probabilities, which add up to 1; what
 * was guessed is scored (score.h). */
typedef struct {
    const char *id;     /* "" where a prediction has none */
    QuestionType type;  /* a prediction is never a text */
    const char *answer; /* number: readable by answer_number; text: alternatives between " | ";
                         * distribution: outcomes with their probabilities; else NULL */
    const char *equals; /* the command that gives the answer, or NULL */
    size_t equals_line;
    const char *no_equals, *no_hint; /* the reasons, or NULL */
    const char *unit;                /* NULL when not given */
    double tolerance;                /* 0.5 % unless given, but 0 for a count */
    bool relative;                   /* the tolerance is a share of the answer */
    const Choice *choices;           /* at least two; one is right in an ask, at least one in a predict */
    size_t choice_count;
    const Wrong *wrongs; /* none of them is right; for choices the value is an option's number from 1 */
    size_t wrong_count;
    const char *right; /* what to say after a right answer, or NULL */
} Question;

/* A number in the prose, which stands there as written between bytes `from` and `to` of its text. */
typedef struct {
    const char *command, *value;
    size_t from, to, line;
} Quote;

typedef struct {
    const Quote *at;
    size_t count;
} Quotes;

typedef enum {
    BLOCK_PROSE,
    BLOCK_SETUP,
    BLOCK_RUN,
    BLOCK_DO,
    BLOCK_ASK,
    BLOCK_PREDICT,
    BLOCK_HINT
} BlockKind;

typedef struct {
    BlockKind kind;
    size_t line; /* of the opening fence; of the first paragraph for prose */
    union {
        /* Prose: paragraphs of any length without markup but `code`, parted by empty lines, for the reader to
         * wrap. List items start with "- " or "1. " after at most two spaces; lines that start with four
         * spaces are code and keep their shape.
         * Run: a transcript (transcript.h) whose line 1 is line + 1 of the file. */
        const char *text;
        Lines lines;       /* setup: commands; hint: the hints without their numbers */
        Task task;         /* do */
        Question question; /* ask, predict */
    };
    Quotes quotes; /* of prose */
} Block;

typedef struct {
    const char *id;      /* letters, digits and hyphens; unique in the lesson; "" for the introduction */
    const char *heading; /* "" for the introduction */
    size_t line;
    const Block *blocks;
    size_t count;
} Step;

typedef struct {
    Arena arena; /* owns everything below */
    const char *id, *title, *needs, *minutes;
    bool risk; /* about harm: it must say its limits */
    size_t needs_line;
    const Step *steps;
    size_t count;
} Lesson;

/* Fills *lesson, which needs no initialisation.  On failure the message starts with "LINE:COLUMN: " and
 * there is nothing to release. */
bool lesson_parse(Lesson *lesson, const char *text, Error *error);
void lesson_release(Lesson *lesson);

#endif
