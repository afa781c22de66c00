#include "core/neural/learning.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

Learning *learning_new(const LearningOptions *options, size_t weights)
{
    Learning *learning = must_alloc(1, sizeof *learning);
    *learning = (Learning){
        .options = *options, .dice = random_seeded(options->seed), .goal = options->steps, .best_valid = NAN};
    optimizer_init(&learning->optimizer, options->optimizer, options->decay, weights);
    return learning;
}

Learning *learning_clone(const Learning *learning)
{
    Learning *clone = must_alloc(1, sizeof *clone);
    *clone = *learning;
    optimizer_copy(&clone->optimizer, &learning->optimizer);
    clone->curve.capacity = learning->curve.count;
    clone->curve.points = must_alloc(learning->curve.count, sizeof *clone->curve.points);
    if (learning->curve.count)
        memcpy(clone->curve.points, learning->curve.points,
               learning->curve.count * sizeof *clone->curve.points);
    return clone;
}

void learning_free(Learning *learning)
{
    if (!learning) return;
    optimizer_release(&learning->optimizer);
    free(learning->curve.points);
    free(learning);
}

/* cos(pi x) for 0 <= x <= 1 by its Taylor series about 1/2: the same bits on every machine. */
static double half_cosine(double x)
{
    double y = 3.14159265358979323846 * (0.5 - x), z = y * y, term = y, sum = y;
    for (int k = 1; k <= 12; k++) {
        term *= -z / (2 * k * (2 * k + 1));
        sum += term;
    }
    return sum;
}

double learning_rate(const Learning *learning)
{
    const LearningOptions *options = &learning->options;
    uint64_t step = learning->step, warmup = options->warmup;
    if (step < warmup) return options->lr * (double)(step + 1) / (double)warmup;
    if (options->schedule == SCHEDULE_CONSTANT || learning->goal <= warmup) return options->lr;
    double x = fmin(1, (double)(step - warmup) / (double)(learning->goal - warmup));
    double low = options->lr / 10;
    return low + (options->lr - low) * 0.5 * (1 + half_cosine(x));
}

void learning_add_point(Learning *learning, double valid)
{
    Curve *curve = &learning->curve;
    double steps = (double)learning->pending_steps;
    curve->points = must_extend(curve->points, curve->count, &curve->capacity, sizeof *curve->points);
    curve->points[curve->count++] = (CurvePoint){
        .step = learning->step, .train = steps > 0 ? learning->pending / steps : NAN, .valid = valid};
    learning->pending = 0;
    learning->pending_steps = 0;
    if (isfinite(valid) && !(valid >= learning->best_valid)) {
        learning->best_valid = valid;
        learning->best_step = learning->step;
    }
}
