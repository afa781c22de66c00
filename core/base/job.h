/* job.h - long work in slices, so that whoever drives it can stay responsive.
 *
 * A job is any struct whose first member is a Job.  It is created by its own module, stepped until it
 * is done or fails, and freed.  To cancel one, stop stepping it: what it has done so far stays readable
 * through its module until it is freed. */
#ifndef CORE_BASE_JOB_H
#define CORE_BASE_JOB_H

#include "core/base/error.h"

typedef enum { JOB_MORE, JOB_DONE, JOB_FAILED } JobStatus;

typedef struct Job Job;
typedef struct {
    JobStatus (*step)(Job *job, double milliseconds, Error *error);
    double (*progress)(const Job *job); /* 0 to 1 */
    void (*free)(Job *job);
} JobKind;

struct Job {
    const JobKind *kind;
    double spent;  /* milliseconds in its steps so far */
    double joules; /* of the processors meanwhile, as far as whoever drives it has read them; 0: not known */
};

JobStatus job_step(Job *job, double milliseconds, Error *error);
double job_progress(const Job *job);
void job_free(Job *job); /* NULL is fine */

/* Run to the end without pause: for tests and for work known to be small. */
bool job_run(Job *job, Error *error);

double job_clock(void); /* milliseconds since some fixed moment, never going back */

#endif
