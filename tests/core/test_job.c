/* Jobs: stepping, running to the end, failing. */

#include "core/base/job.h"
#include "tests/support/check.h"

typedef struct {
    Job job;
    int done, all, fails_at;
    bool *freed;
} Counting;

static JobStatus counting_step(Job *job, double milliseconds, Error *error)
{
    (void)milliseconds;
    Counting *counting = (Counting *)job;
    counting->done++;
    if (counting->done == counting->fails_at)
        return error_set(error, "stuck at %d", counting->done), JOB_FAILED;
    return counting->done < counting->all ? JOB_MORE : JOB_DONE;
}

static double counting_progress(const Job *job)
{
    const Counting *counting = (const Counting *)job;
    return (double)counting->done / counting->all;
}

static void counting_free(Job *job) { *((Counting *)job)->freed = true; }

static const JobKind kind = {counting_step, counting_progress, counting_free};

TestSuite(job, .timeout = 20);

Test(job, runs_in_slices_until_it_is_done)
{
    Error error;
    bool freed = false;
    Counting counting = {.job.kind = &kind, .all = 4, .freed = &freed};
    CHECK_INT(job_step(&counting.job, 1, &error), JOB_MORE);
    CHECK_NEAR(job_progress(&counting.job), 0.25, 0);
    CHECK(job_run(&counting.job, &error));
    CHECK_INT(counting.done, 4);
    job_free(&counting.job);
    CHECK(freed);
    job_free(NULL);
}

Test(job, a_failing_one_stops_with_its_error)
{
    Error error;
    bool freed = false;
    Counting counting = {.job.kind = &kind, .all = 9, .fails_at = 3, .freed = &freed};
    CHECK(!job_run(&counting.job, &error));
    CHECK_INT(counting.done, 3);
    CHECK_STR(error.message, "stuck at 3");
}

Test(job, the_clock_never_goes_back_and_counts_milliseconds)
{
    double before = job_clock(), last = before;
    while (last - before < 20) {
        double now = job_clock();
        if (now < last) CHECK_FOR(false, "%f after %f", now, last);
        last = now;
    }
}
