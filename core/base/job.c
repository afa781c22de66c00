#include "core/base/job.h"

#include <time.h>

JobStatus job_step(Job *job, double milliseconds, Error *error)
{
    double start = job_clock();
    JobStatus status = job->kind->step(job, milliseconds, error);
    job->spent += job_clock() - start;
    return status;
}

double job_progress(const Job *job) { return job->kind->progress(job); }

void job_free(Job *job)
{
    if (job) job->kind->free(job);
}

bool job_run(Job *job, Error *error)
{
    JobStatus status;
    do status = job_step(job, 1000, error);
    while (status == JOB_MORE);
    return status == JOB_DONE;
}

double job_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}
