/* predicate.h - the little language in which a lesson says what a task must have achieved.
 *
 *     predicate = clause { " and " clause }
 *     clause    = "used" VERB  |  PATH ( == != < <= > >= ) VALUE        used sample   last.T == 0
 *     value     = 0.5 | 7/13 | 5% | inf | "text"                        last.text == "the cheese"
 *
 * Texts only know == and !=.  Numbers are equal when they differ by at most a billionth of the larger;
 * the other comparisons agree with that, so that exactly one of <, == and > holds. */
#ifndef LESSONS_PREDICATE_H
#define LESSONS_PREDICATE_H

#include "core/base/error.h"

typedef struct {
    bool is_number;
    double number;
    const char *text; /* borrowed until the next question; NULL for a number */
} PredicateValue;

/* Whom to ask about what the learner did; `used` and `find` receive `context`. */
typedef struct {
    bool (*used)(void *context, const char *verb);
    bool (*find)(void *context, const char *path, PredicateValue *value); /* false: there is no such path */
    void *context;
} PredicateWorld;

bool predicate_check(const char *text, Error *error); /* is it well written?  The error has a place */

/* False too where a path is unknown, a text is compared with a number, or the predicate is ill written. */
bool predicate_holds(const char *text, const PredicateWorld *world);

#endif
