#include "core/neural/descent.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/neural/ops/cross_entropy.h"
#include "core/neural/vector.h"

void descent_init(Descent *descent, Network *network, int threads)
{
    *descent = (Descent){.network = network, .threads = threads};
    if (threads > 1) descent->twin = network_twin(network);
    for (int i = 0; i < threads; i++)
        descent->workers[i] =
            (Worker){.network = i ? descent->twin : network, .tape = tape_new(network->exact)};
    size_t total = network->parameters.total;
    descent->before = must_alloc(total, sizeof *descent->before);
    memcpy(descent->before, network->parameters.x, total * sizeof *descent->before);
}

void descent_release(Descent *descent)
{
    for (int i = 0; i < descent->threads; i++) {
        tape_free(descent->workers[i].tape);
        batch_room_release(&descent->workers[i].room);
    }
    network_free(descent->twin);
    free(descent->before);
    *descent = (Descent){0};
}

/* --- the passes of one step --- */

/* What a worker does in a step: every `threads`-th of the passes, beginning with its own number. */
typedef struct {
    Worker *worker;
    const Dataset *dataset;
    const uint32_t *order;
    size_t count, positions; /* units, and positions a pass */
    double scale;            /* of gradients: 1 / predictions */
    Random dice;             /* the same for all workers: the seeds of the passes' own */
    int number, threads;
    bool learns;
    double loss; /* out: summed over its passes */
} Share;

static double one_pass(const Share *share, const uint32_t *order, size_t count, uint64_t seed)
{
    Worker *worker = share->worker;
    Random dice = random_seeded(seed);
    Batch batch = dataset_batch(share->dataset, order, count, &worker->room);
    tape_begin(worker->tape, share->learns ? PASS_LEARN : PASS_PREDICT);
    if (share->learns && worker->network->architecture.dropout > 0) tape_set_dice(worker->tape, &dice);
    Tensor *logits = network_forward(worker->network, worker->tape, &batch, NULL);
    double loss = op_cross_entropy(worker->tape, logits, &batch, share->scale);
    if (share->learns) tape_backward(worker->tape);
    return loss;
}

static void *run_share(void *argument)
{
    Share *share = argument;
    size_t done = 0;
    for (int pass = 0; done < share->count; pass++) {
        const uint32_t *order = share->order + done;
        size_t fit = dataset_fit(share->dataset, order, share->count - done, share->positions);
        uint64_t seed = random_next(&share->dice);
        if (pass % share->threads == share->number) share->loss += one_pass(share, order, fit, seed);
        done += fit;
    }
    return NULL;
}

/* Both halves at once where the system gives us a thread, else one after the other: the result is the same.
 */
static double run_shares(Share *shares, int threads)
{
    pthread_t thread;
    bool second = threads > 1 && pthread_create(&thread, NULL, run_share, &shares[1]) == 0;
    run_share(&shares[0]);
    if (second)
        pthread_join(thread, NULL);
    else if (threads > 1)
        run_share(&shares[1]);
    return threads > 1 ? shares[0].loss + shares[1].loss : shares[0].loss;
}

/* How many positions the units have together. */
static size_t count_positions(const Dataset *dataset, const uint32_t *order, size_t count)
{
    size_t positions = 0;
    if (dataset->windowed) return count;
    for (size_t i = 0; i < count; i++) positions += dataset->units[order[i]].length;
    return positions;
}

/* Two threads want two passes. */
static size_t pass_positions(const Descent *descent, const Share *share)
{
    size_t half = (count_positions(share->dataset, share->order, share->count) + 1) / 2;
    return descent->threads > 1 && half < PASS_POSITIONS ? half : PASS_POSITIONS;
}

static double run_passes(Descent *descent, Share share)
{
    Share shares[DESCENT_THREADS] = {0};
    share.threads = descent->threads;
    share.positions = pass_positions(descent, &share);
    for (int i = 0; i < descent->threads; i++) {
        shares[i] = share;
        shares[i].number = i;
        shares[i].worker = &descent->workers[i];
    }
    return run_shares(shares, descent->threads);
}

/* --- a step --- */

static double gradient(Descent *descent, Learning *learning, Share share)
{
    Parameters *parameters = &descent->network->parameters;
    parameters_clear_gradients(parameters);
    if (descent->twin) parameters_clear_gradients(&descent->twin->parameters);
    share.dice = random_seeded(random_next(&learning->dice));
    double loss = run_passes(descent, share);
    if (descent->twin) vector_add(parameters->total, descent->twin->parameters.g, parameters->g);
    return loss;
}

/* Whether all numbers are, and none is so large that their sum is not. */
static bool is_finite(const Real *x, size_t count) { return isfinite((double)vector_sum(count, x)); }

static void put_back(Descent *descent)
{
    Parameters *parameters = &descent->network->parameters;
    memcpy(parameters->x, descent->before, parameters->total * sizeof *parameters->x);
}

static void move(Descent *descent, Learning *learning)
{
    Parameters *parameters = &descent->network->parameters;
    memcpy(descent->before, parameters->x, parameters->total * sizeof *parameters->x);
    if (learning->options.clip > 0) gradient_clip(parameters, learning->options.clip);
    optimizer_step(&learning->optimizer, parameters, learning_rate(learning));
    learning->step++;
}

double descent_step(Descent *descent, Learning *learning, const Dataset *dataset, const uint32_t *order,
                    size_t count, size_t *predictions)
{
    *predictions = dataset_targets(dataset, order, count);
    double targets = *predictions ? (double)*predictions : 1;
    double loss =
        gradient(
            descent, learning,
            (Share){
                .dataset = dataset, .order = order, .count = count, .scale = 1 / targets, .learns = true}) /
        targets;
    if (isfinite(loss) && is_finite(descent->network->parameters.g, descent->network->parameters.total)) {
        move(descent, learning);
        return loss;
    }
    put_back(descent);
    return NAN;
}

double descent_loss(Descent *descent, const Dataset *dataset, const uint32_t *order, size_t count)
{
    size_t targets = dataset_targets(dataset, order, count);
    if (targets == 0) return NAN;
    return run_passes(descent, (Share){.dataset = dataset, .order = order, .count = count}) / (double)targets;
}

bool descent_settle(Descent *descent, const Dataset *dataset, const uint32_t *order, size_t count)
{
    const Parameters *parameters = &descent->network->parameters;
    bool asks = dataset_targets(dataset, order, count) > 0;
    if (is_finite(parameters->x, parameters->total) &&
        (!asks || isfinite(descent_loss(descent, dataset, order, count))))
        return true;
    put_back(descent);
    return false;
}
