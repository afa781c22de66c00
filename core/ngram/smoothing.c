#include "core/ngram/smoothing.h"

#include <string.h>

#include "core/base/error.h"

static const char *const names[] = {
    [SMOOTH_MLE] = "mle",     [SMOOTH_ADD] = "add",   [SMOOTH_INTERP] = "interp",
    [SMOOTH_WB] = "wb",       [SMOOTH_AD] = "ad",     [SMOOTH_KN] = "kn",
    [SMOOTH_MKN] = "mkn",     [SMOOTH_KATZ] = "katz", [SMOOTH_BACKOFF] = "backoff",
    [SMOOTH_GIVEN] = "given",
};

const char *smoothing_name(SmoothingKind kind) { return names[kind]; }

bool smoothing_find(const char *name, SmoothingKind *kind)
{
    for (size_t i = 0; i < SMOOTH_GIVEN; i++)
        if (strcmp(names[i], name) == 0) return *kind = (SmoothingKind)i, true;
    return false;
}

bool smoothing_adjusts(SmoothingKind kind) { return kind == SMOOTH_KN || kind == SMOOTH_MKN; }
