#include "tests/support/arpa.h"

#include <stdio.h>

#include "core/ngram/arpa_reader.h"

Model *arpa_try(const char *file, char *notes, size_t size, Error *error)
{
    Job *job = arpa_reading_new(file);
    bool ok = job_run(job, error);
    Model *model = ok ? arpa_reading_take(job) : NULL;
    size_t used = 0;
    if (size) notes[0] = '\0';
    for (size_t i = 0; arpa_reading_note(job, i) && used + 1 < size; i++)
        used += (size_t)snprintf(notes + used, size - used, "%s\n", arpa_reading_note(job, i));
    job_free(job);
    return model;
}

Model *arpa_noting(const char *file, char *notes, size_t size)
{
    Error error;
    Model *model = arpa_try(file, notes, size, &error);
    CHECK_FOR(model, "%s", error.message);
    return model;
}

Model *arpa_model(const char *file) { return arpa_noting(file, NULL, 0); }
