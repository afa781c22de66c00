/* progress.h - what the journal says: steps done, where the learner is, what brings the workspace back. */
#ifndef REPL_COURSE_PROGRESS_H
#define REPL_COURSE_PROGRESS_H

#include "repl/course/journal.h"

typedef struct {
    const char **at;
    size_t count, capacity;
} Names;

/* A prediction of the learner; only the first at each place counts. */
typedef struct {
    const char *step;
    size_t block;
    double bits, least, even; /* NaN where it could not be measured */
} Prediction;

/* Statements in the order in which they changed the lesson's workspace, and the step each belongs to. */
typedef struct {
    const char *step, *text;
    bool typed; /* by the learner, not the lesson's own */
} Change;

typedef struct {
    const char *id, *name; /* name: for library_open() */
    uint64_t visit;        /* the last one; where others are is no matter */
    uint64_t fingerprint;  /* of the lesson as it was played last */
    Names done;            /* ids of steps */
    bool finished;         /* gone through to its end since it began last */
    bool open;             /* the learner is somewhere in it: */
    const char *step;
    bool waited;         /* for the learner, in this step */
    size_t block, entry; /* of the step; of its transcript */
    bool credit;         /* nothing of this step was left out so far */
    size_t hints;        /* had in this lesson */
    Names entered;       /* steps, in the order in which they were entered */
    Change *changes;     /* since it began */
    size_t change_count, change_capacity;
    Prediction *predictions;
    size_t prediction_count, prediction_capacity;
} LessonProgress;

typedef struct {
    Arena arena;
    LessonProgress *lessons;
    size_t count, capacity;
    const char *last; /* id of the lesson played last, if it is still open; or NULL */
} CourseProgress;

CourseProgress progress_read(const char *path); /* NULL, or no such file: empty */
void progress_release(CourseProgress *progress);

const LessonProgress *progress_find(const CourseProgress *progress, const char *id); /* or NULL */
bool progress_is_done(const LessonProgress *lesson, const char *step);

/* The price of a prediction as the journal has it, in bits; false where there is none. */
bool progress_price(const char *result, double *bits, double *least, double *even);

/* The learner's mean cross-entropy over predictions that have one, in bits, and what even odds would have had
 * on the same. Returns how many there are; with 0 both are NaN. `lesson` NULL: the whole course. */
size_t progress_bits(const CourseProgress *progress, const LessonProgress *lesson, double *bits,
                     double *even);

#endif
