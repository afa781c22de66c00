#include "core/neural/training.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/neural/descent.h"
#include "core/neural/floor.h"

enum { CURVE_POINTS = 200, VALIDATIONS = 20, VALID_TOKENS = 1 << 14, FLOOR_TOKENS = 1 << 20 };

typedef struct {
    Job job;
    Vocab *vocab;
    Tokenizer tokenizer;
    Corpus *corpus;
    Network *network;
    Learning *learning;
    Descent descent;
    Dataset learn, valid; /* valid has no units where nothing is validated */
    uint32_t *order;      /* (learn.unit_count): of this epoch */
    uint32_t *valid_order;
    size_t valid_count; /* units looked at in a validation */
    uint64_t began;     /* learning->step when this run began */
    uint64_t tokens;    /* predicted in this run */
    double seconds;     /* of training before this run */
    double joules;      /* and what it used; 0: not known */
    double floor;       /* NaN: not computed */
} Training;

/* --- what to learn from --- */

static void shuffle(uint32_t *order, size_t count, Random *dice)
{
    for (size_t i = count; i > 1; i--) {
        size_t j = (size_t)(random_next(dice) % i);
        uint32_t swapped = order[i - 1];
        order[i - 1] = order[j];
        order[j] = swapped;
    }
}

static uint32_t *in_order(size_t count)
{
    uint32_t *order = must_alloc(count, sizeof *order);
    for (size_t i = 0; i < count; i++) order[i] = (uint32_t)i;
    return order;
}

/* Which sentences to hold out: as many as `valid` says, drawn with the seed alone, so that a run that goes on
 * holds out the same. The caller frees both. */
static void draw_sentences(const Corpus *corpus, const LearningOptions *options, bool *learnt, bool *held)
{
    size_t count = corpus_sentences(corpus), out = (size_t)((double)count * options->valid);
    Random dice = random_seeded(options->seed ^ 0x76616c6964u);
    uint32_t *order = in_order(count);
    shuffle(order, count, &dice);
    for (size_t i = 0; i < count; i++) {
        held[order[i]] = i < out;
        learnt[order[i]] = i >= out;
    }
    free(order);
}

static void find_floor(Training *t, const bool *learnt, const TokenId *ids)
{
    const Architecture *a = &t->network->architecture;
    if (corpus_tokens(t->corpus) > FLOOR_TOKENS) return;
    size_t back = network_windowed(t->network) ? a->n - 1 : a->ctx;
    t->floor = floor_of_sentences(t->corpus, learnt, ids, back);
}

static bool split_lines(Training *t, const TokenId *ids, Error *error)
{
    size_t count = corpus_sentences(t->corpus);
    bool *learnt = must_alloc(count, sizeof *learnt), *held = must_alloc(count, sizeof *held);
    draw_sentences(t->corpus, &t->learning->options, learnt, held);
    TokenId begin = vocab_end(t->vocab);
    find_floor(t, learnt, ids);
    bool fine = dataset_init(&t->learn, t->network, begin, t->corpus,
                             (DatasetPart){.ids = ids, .chosen = learnt}, error) &&
                dataset_init(&t->valid, t->network, begin, t->corpus,
                             (DatasetPart){.ids = ids, .chosen = held}, error);
    free(learnt);
    free(held);
    return fine;
}

/* The end of a stream is what it is validated on. */
static bool split_stream(Training *t, const TokenId *ids, Error *error)
{
    size_t total = corpus_tokens(t->corpus) + corpus_sentences(t->corpus);
    size_t out = (size_t)((double)total * t->learning->options.valid);
    TokenId begin = vocab_end(t->vocab);
    if (!dataset_init(&t->learn, t->network, begin, t->corpus, (DatasetPart){.ids = ids, .to = total - out},
                      error))
        return false;
    if (out == 0) find_floor(t, NULL, ids);
    if (out == 0) return true;
    return dataset_init(&t->valid, t->network, begin, t->corpus,
                        (DatasetPart){.ids = ids, .from = total - out, .to = total}, error);
}

/* The network's ids of another corpus's words. The caller frees them. */
static TokenId *translate(const Vocab *vocab, const Corpus *corpus)
{
    const Vocab *words = corpus_vocab(corpus);
    TokenId *ids = must_alloc(vocab_size(words), sizeof *ids), unknown = vocab_unknown(vocab);
    for (size_t i = 0; i < vocab_size(words); i++) {
        const char *text = vocab_text(words, (TokenId)i);
        ids[i] = vocab_find(vocab, text, strlen(text));
        if (ids[i] == TOKEN_NONE) ids[i] = unknown;
    }
    return ids;
}

static bool read_heldout(Training *t, const Corpus *heldout, Error *error)
{
    TokenId *ids = translate(t->vocab, heldout);
    dataset_release(&t->valid);
    bool fine =
        dataset_init(&t->valid, t->network, vocab_end(t->vocab), heldout, (DatasetPart){.ids = ids}, error);
    free(ids);
    return fine;
}

/* Units spread over all of them, *count of which make about `tokens` predictions; 0: all, in order. The
 * caller frees them. */
static uint32_t *draw_units(const Dataset *dataset, size_t tokens, size_t *count)
{
    uint32_t *order = in_order(dataset->unit_count);
    Random dice = random_seeded(1);
    size_t drawn = 0;
    *count = dataset->unit_count;
    if (tokens == 0 || dataset->followers) return order;
    shuffle(order, dataset->unit_count, &dice);
    for (*count = 0; *count < dataset->unit_count && drawn < tokens; ++*count)
        drawn += dataset_targets(dataset, &order[*count], 1);
    return order;
}

static bool gather(Training *t, const TokenId *ids, const Corpus *heldout, Error *error)
{
    const LearningOptions *options = &t->learning->options;
    bool fine = corpus_lines(t->corpus) ? split_lines(t, ids, error) : split_stream(t, ids, error);
    if (!fine || (heldout && !read_heldout(t, heldout, error))) return false;
    if (t->learn.unit_count == 0) {
        error_set(error, _("%s has nothing to learn from"), corpus_name(t->corpus));
        return error_hint(error, _("add text: corpus add \"the mouse ate\""));
    }
    if (t->network->architecture.kind == NETWORK_SOFTMAX && options->batch == 0) dataset_merge(&t->learn);
    t->order = must_alloc(t->learn.unit_count, sizeof *t->order);
    t->valid_order = draw_units(&t->valid, VALID_TOKENS, &t->valid_count);
    return true;
}

/* --- epochs --- */

static size_t batch_units(const Training *t)
{
    size_t batch = t->learning->options.batch, all = t->learn.unit_count;
    return batch == 0 || batch > all ? all : batch;
}

/* The order that follows from learning->shuffled. Learning from all at once needs none. */
static void order_epoch(Training *t)
{
    Random dice = {.state = t->learning->shuffled};
    if (t->learning->options.batch != 0)
        dataset_cut(&t->learn, (size_t)(random_next(&dice) % t->learn.steps));
    free(t->order);
    t->order = in_order(t->learn.unit_count);
    if (t->learning->options.batch != 0) shuffle(t->order, t->learn.unit_count, &dice);
}

static void begin_epoch(Training *t)
{
    Learning *learning = t->learning;
    random_next(&learning->dice);
    learning->shuffled = learning->dice.state;
    learning->position = 0;
    order_epoch(t);
    learning->epoch = t->learn.unit_count;
}

/* An epoch under way is taken up again; on another corpus another one begins. */
static void resume_epoch(Training *t)
{
    if (t->learning->epoch == 0) return;
    order_epoch(t);
    if (t->learning->epoch != t->learn.unit_count) t->learning->epoch = 0;
}

/* --- steps --- */

static uint64_t every(const Training *t, uint64_t parts) { return (t->learning->goal + parts - 1) / parts; }

static bool is_good_enough(const Training *t)
{
    const Learning *learning = t->learning;
    if (learning->options.until <= 0 || learning->curve.count == 0) return false;
    const CurvePoint *last = &learning->curve.points[learning->curve.count - 1];
    if (last->step != learning->step) return false;
    return (t->valid_count ? last->valid : last->train) <= learning->options.until;
}

static bool is_over(const Training *t)
{
    const Learning *learning = t->learning;
    return learning->diverged || learning->step >= learning->goal || is_good_enough(t);
}

static void note_progress(Training *t, double loss)
{
    Learning *learning = t->learning;
    learning->pending += loss;
    learning->pending_steps++;
    bool last = learning->step == learning->goal;
    bool validate = t->valid_count && (last || learning->step % every(t, VALIDATIONS) == 0);
    if (!validate && !last && learning->step % every(t, CURVE_POINTS) != 0) return;
    learning_add_point(learning,
                       validate ? descent_loss(&t->descent, &t->valid, t->valid_order, t->valid_count) : NAN);
}

/* Moments that led astray are forgotten: going on begins afresh from the last good weights. */
static void give_up(Training *t)
{
    Learning *learning = t->learning;
    Optimizer fresh;
    optimizer_init(&fresh, learning->optimizer.kind, learning->optimizer.decay, learning->optimizer.total);
    optimizer_release(&learning->optimizer);
    learning->optimizer = fresh;
    learning->diverged = true;
}

/* A handful of examples tells whether the last step went too far. */
static bool settle(Training *t)
{
    size_t few = t->learn.unit_count < 8 ? t->learn.unit_count : 8;
    return descent_settle(&t->descent, &t->learn, t->order, few);
}

static void take_step(Training *t)
{
    Learning *learning = t->learning;
    if (learning->epoch == 0 || learning->position >= learning->epoch) begin_epoch(t);
    size_t left = (size_t)(learning->epoch - learning->position), count = batch_units(t), predictions;
    if (count > left) count = left;
    double loss =
        descent_step(&t->descent, learning, &t->learn, t->order + learning->position, count, &predictions);
    if (isfinite(loss) && learning->step == learning->goal && !settle(t)) loss = NAN;
    if (!isfinite(loss)) {
        give_up(t);
        return;
    }
    learning->position += count;
    learning->tokens += predictions;
    t->tokens += predictions;
    note_progress(t, loss);
}

static JobStatus step(Job *job, double milliseconds, Error *error)
{
    Training *t = (Training *)job;
    double deadline = job_clock() + milliseconds;
    (void)error;
    while (!is_over(t)) {
        take_step(t);
        if (job_clock() >= deadline) return is_over(t) ? JOB_DONE : JOB_MORE;
    }
    return JOB_DONE;
}

static double progress(const Job *job)
{
    const Training *t = (const Training *)job;
    uint64_t wanted = t->learning->goal - t->began;
    return wanted == 0 ? 1 : (double)(t->learning->step - t->began) / (double)wanted;
}

static void free_training(Job *job)
{
    Training *t = (Training *)job;
    descent_release(&t->descent);
    dataset_release(&t->learn);
    dataset_release(&t->valid);
    vocab_free(t->vocab);
    corpus_free(t->corpus);
    network_free(t->network);
    learning_free(t->learning);
    free(t->order);
    free(t->valid_order);
    free(t);
}

static const JobKind training_kind = {.step = step, .progress = progress, .free = free_training};

/* --- beginnings --- */

static uint64_t steps_of(const Training *t, const LearningOptions *options)
{
    if (options->epochs <= 0) return options->steps;
    size_t batch = batch_units(t), a_epoch = 1;
    if (batch > 0) a_epoch += (t->learn.unit_count - 1) / batch;
    return (uint64_t)ceil(options->epochs * (double)a_epoch);
}

static Training *training_of(Corpus *corpus, Vocab *vocab, Network *network, Learning *learning)
{
    Training *t = must_alloc(1, sizeof *t);
    t->job.kind = &training_kind;
    t->corpus = corpus_share(corpus);
    t->tokenizer = corpus_tokenizer(corpus);
    t->vocab = vocab;
    t->network = network;
    t->learning = learning;
    t->began = learning->step;
    t->floor = NAN;
    return t;
}

Job *neural_training_new(const Architecture *architecture, const LearningOptions *options, bool exact,
                         TrainingText text, Error *error)
{
    Network *network = network_new(architecture, exact);
    Training *t =
        training_of(text.corpus, text.vocab, network, learning_new(options, network->parameters.total));
    if (!gather(t, text.ids, text.heldout, error)) {
        free_training(&t->job);
        return NULL;
    }
    t->learning->goal = steps_of(t, options);
    network_initialise(network, &t->learning->dice);
    descent_init(&t->descent, network, options->threads);
    return &t->job;
}

static uint64_t next_goal(const Training *t, uint64_t steps)
{
    const Learning *learning = t->learning;
    if (steps > 0) return learning->step + steps;
    if (learning->step < learning->goal && !learning->diverged) return learning->goal;
    return learning->step + steps_of(t, &learning->options);
}

Job *neural_training_continue(const Model *model, uint64_t steps, Corpus *corpus, Corpus *heldout,
                              Error *error)
{
    const Learning *learning = neural_learning(model);
    if (!learning) {
        error_set(error, _("how this model was trained is not known, so it cannot go on"));
        error_hint(error, _("train a model of your own: train mlp"));
        return NULL;
    }
    Training *t = training_of(corpus, vocab_share(model->vocab), network_clone(neural_network(model)),
                              learning_clone(learning));
    TokenId *ids = translate(t->vocab, corpus);
    bool fine = gather(t, ids, heldout, error);
    free(ids);
    if (!fine) {
        free_training(&t->job);
        return NULL;
    }
    t->seconds = model->seconds;
    t->joules = model->joules;
    t->learning->goal = next_goal(t, steps);
    t->learning->diverged = false;
    resume_epoch(t);
    descent_init(&t->descent, t->network, t->learning->options.threads);
    return &t->job;
}

/* --- results --- */

Model *neural_training_take(Job *job)
{
    Training *t = (Training *)job;
    if (!settle(t)) give_up(t);
    Model *model = neural_new(vocab_share(t->vocab), t->tokenizer, network_clone(t->network),
                              learning_clone(t->learning), corpus_share(t->corpus));
    model->seconds = t->seconds + t->job.spent / 1e3;
    if (t->seconds == 0 || t->joules > 0) model->joules = t->joules + t->job.joules;
    return model;
}

TrainingStatus neural_training_status(const Job *job)
{
    const Training *t = (const Training *)job;
    const Curve *curve = &t->learning->curve;
    TrainingStatus status = {.step = t->learning->step,
                             .goal = t->learning->goal,
                             .train = NAN,
                             .valid = NAN,
                             .curve = curve,
                             .tokens = t->tokens,
                             .floor = t->floor};
    for (size_t i = curve->count; i-- > 0 && (isnan(status.train) || isnan(status.valid));) {
        if (isnan(status.train)) status.train = curve->points[i].train;
        if (isnan(status.valid)) status.valid = curve->points[i].valid;
    }
    return status;
}

size_t neural_training_tokens(const Job *job)
{
    const Training *t = (const Training *)job;
    uint32_t *order = in_order(t->learn.unit_count);
    size_t tokens = dataset_targets(&t->learn, order, t->learn.unit_count);
    free(order);
    return tokens;
}

double neural_training_loss(Job *job, size_t most)
{
    Training *t = (Training *)job;
    size_t count;
    uint32_t *order = draw_units(&t->learn, most, &count);
    double loss = descent_loss(&t->descent, &t->learn, order, count);
    free(order);
    return loss;
}

double neural_loss(const Model *model, const Corpus *corpus, size_t tokens)
{
    Dataset dataset;
    Error error;
    Network *network = network_clone(neural_network(model));
    TokenId *ids = translate(model->vocab, corpus);
    double loss = NAN;
    if (dataset_init(&dataset, network, vocab_end(model->vocab), corpus, (DatasetPart){.ids = ids}, &error)) {
        Descent descent;
        size_t count;
        uint32_t *order = draw_units(&dataset, tokens, &count);
        descent_init(&descent, network, 1);
        loss = descent_loss(&descent, &dataset, order, count);
        descent_release(&descent);
        free(order);
    }
    dataset_release(&dataset);
    free(ids);
    network_free(network);
    return loss;
}
