/* growth_job.c - texts drawn, models trained on their beginnings, each scored; one job. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/model/cross_entropy.h"
#include "core/model/drawn_text.h"
#include "core/model/evaluation.h"
#include "core/neural/training.h"
#include "core/ngram/training.h"
#include "core/text/lexicon.h"
#include "repl/commands/growth.h"

enum { STAGE_SIZE = 96 };

/* Texts are drawn and the source's entropy is found once; then each point learns and is scored. */
typedef enum { DRAW_TEXT, DRAW_HELDOUT, MEASURE_SOURCE, LEARN, SCORE, OVER } Stage;

typedef struct {
    Job job;
    Call *call;
    Growth *growth;
    Stage stage;
    Job *inner;
    Corpus *part; /* what the points of this size learn from */
    Model *model; /* what is scored: of a network as it was when it did best in validation */
    double best;  /* that validation loss */
    char *text;   /* of call->stage */
} Growing;

static Point *point_of(Growing *g) { return &g->growth->points[g->growth->done]; }

static size_t predictions(const Corpus *corpus) { return corpus_tokens(corpus) + corpus_sentences(corpus); }

/* --- texts --- */

static Job *begin_drawing(const Growing *g, size_t tokens, bool heldout)
{
    DrawnTextOptions options = {.name = g->growth->source,
                                .tokens = tokens,
                                .length = g->growth->length,
                                .stream = g->growth->stream,
                                .measure = heldout,
                                .seed = g->growth->seed + (heldout ? 1 : 0)};
    return drawn_text_new(g->call->model, &options);
}

static void end_drawing(Growing *g, Corpus **text)
{
    *text = drawn_text_take(g->inner);
    if (g->stage == DRAW_HELDOUT)
        g->growth->floor = -drawn_text_logp(g->inner) / (double)predictions(*text) / log(2);
    g->growth->unknown_mass = fmax(g->growth->unknown_mass, drawn_text_unknown(g->inner));
}

/* All learn the words of the longest text, so that all choose among the same; those of a source are its own.
 */
static void choose_vocabulary(Growing *g)
{
    Growth *growth = g->growth;
    if (g->call->vocabulary) return;
    Corpus *longest = corpus_part(g->call->corpus, (size_t)growth->sizes[growth->size_count - 1]);
    const Vocab *words = growth->source ? g->call->model->vocab : corpus_vocab(longest);
    g->call->vocabulary = vocab_clone(words);
    corpus_free(longest);
}

/* --- the source itself --- */

/* Bits a token of those its learners predict, </s> among them though it may not cost the source anything. */
static void end_measuring(Growing *g)
{
    Growth *growth = g->growth;
    growth->floor = cross_entropy_nats(g->inner) / (double)(growth->length + 1) / log(2);
}

/* --- learning --- */

static Job *begin_counting(Growing *g, const Variant *variant)
{
    NgramOptions options = variant->ngram.ngram;
    options.vocabulary = g->call->vocabulary;
    return ngram_training_new(g->part, &options, NULL);
}

static Job *begin_descent(Growing *g, const Variant *variant, Error *error)
{
    NeuralRecipe recipe = variant->neural;
    double valid = recipe.learning.valid;
    Job *job = NULL;
    recipe.lexicon.vocabulary = g->call->vocabulary;
    Lexicon lexicon = lexicon_new(g->part, &recipe.lexicon);
    if (recipe_neural_fit(&recipe, variant->values, g->part, vocab_size(lexicon.vocab), error)) {
        recipe.learning.seed = g->growth->seed;
        recipe.learning.valid = valid;
        job = neural_training_new(
            &recipe.architecture, &recipe.learning, recipe.exact,
            (TrainingText){.corpus = g->part, .vocab = vocab_share(lexicon.vocab), .ids = lexicon.ids},
            error);
    }
    lexicon_release(&lexicon);
    return job;
}

static bool begin_learning(Growing *g, Error *error)
{
    const Point *point = point_of(g);
    const Variant *variant = point->variant;
    size_t tokens = (size_t)g->growth->sizes[point->size];
    if (!g->part) g->part = corpus_part(g->call->corpus, tokens);
    g->best = INFINITY;
    g->inner = variant->kind.neural ? begin_descent(g, variant, error) : begin_counting(g, variant);
    return g->inner != NULL;
}

static void keep_model(Growing *g, Model *model)
{
    model_free(g->model);
    g->model = model;
}

/* Step by step, so that which model was best does not depend on the clock. */
static JobStatus descend(Growing *g, double milliseconds, Error *error)
{
    double deadline = job_clock() + milliseconds;
    JobStatus status;
    do {
        size_t before = neural_training_status(g->inner).curve->count;
        status = job_step(g->inner, 0, error);
        const Curve *curve = neural_training_status(g->inner).curve;
        double valid = curve->count > before ? curve->points[curve->count - 1].valid : NAN;
        if (!(valid < g->best)) continue;
        g->best = valid;
        keep_model(g, neural_training_take(g->inner));
    } while (status == JOB_MORE && job_clock() < deadline);
    return status;
}

static void end_descent(Growing *g)
{
    Point *point = point_of(g);
    Model *last = neural_training_take(g->inner);
    point->cost = cost_of(last);
    point->diverged = neural_learning(last)->diverged;
    if (g->model)
        model_free(last);
    else
        g->model = last;
    point->steps = neural_learning(g->model)->step;
}

static void end_counting(Growing *g)
{
    const NgramRecipe *recipe = &point_of(g)->variant->ngram;
    Model *model = ngram_training_take(g->inner);
    double seconds = model->seconds;
    if (recipe->prunes) {
        size_t removed;
        Model *pruned = pruning_apply(model, &recipe->pruning, &removed);
        model_free(model);
        model = pruned;
    }
    model->seconds = seconds;
    keep_model(g, model);
    point_of(g)->cost = cost_of(model);
}

static void end_learning(Growing *g)
{
    if (point_of(g)->variant->kind.neural)
        end_descent(g);
    else
        end_counting(g);
    point_of(g)->tokens = predictions(g->part);
}

/* --- scoring --- */

static void begin_scoring(Growing *g)
{
    if (g->growth->exact) {
        g->inner = cross_entropy_new(g->call->model, g->growth->length, g->model);
        return;
    }
    g->inner = evaluation_new(g->model, g->call->heldout, true);
    evaluation_detail(g->inner, (EvaluationDetail){.last = call_is(g->call, OPT_AT, "last")});
}

static void end_scoring(Growing *g)
{
    Growth *growth = g->growth;
    Point *point = point_of(g);
    if (growth->exact) {
        point->bits = cross_entropy_nats(g->inner) / (double)(growth->length + 1) / log(2);
    } else {
        const Evaluation *e = evaluation_result(g->inner);
        growth->tokens = e->tokens;
        growth->unknown = e->unknown;
        point->bits = -e->logp_known / (double)(e->tokens - e->unknown) / log(2);
    }
    keep_model(g, NULL);
    size_t size = point->size;
    growth->done++;
    if (growth->done < growth->count && growth->points[growth->done].size == size) return;
    corpus_free(g->part);
    g->part = NULL;
}

/* --- stages --- */

static bool begin_stage(Growing *g, Error *error)
{
    const Growth *growth = g->growth;
    switch (g->stage) {
    case DRAW_TEXT:
        g->inner = begin_drawing(g, (size_t)growth->sizes[growth->size_count - 1], false);
        return true;
    case DRAW_HELDOUT: g->inner = begin_drawing(g, GROWTH_HELDOUT_TOKENS, true); return true;
    case MEASURE_SOURCE:
        g->inner = cross_entropy_new(g->call->model, growth->length, g->call->model);
        return true;
    case LEARN: return begin_learning(g, error);
    default: return begin_scoring(g), true;
    }
}

static void end_stage(Growing *g)
{
    switch (g->stage) {
    case DRAW_TEXT: end_drawing(g, &g->call->corpus); break;
    case DRAW_HELDOUT: end_drawing(g, &g->call->heldout); break;
    case MEASURE_SOURCE: end_measuring(g); break;
    case LEARN: end_learning(g); break;
    default: end_scoring(g);
    }
    job_free(g->inner);
    g->inner = NULL;
}

static void next_stage(Growing *g)
{
    const Growth *growth = g->growth;
    if (g->stage == SCORE)
        g->stage = growth->done < growth->count ? LEARN : OVER;
    else if (g->stage == LEARN)
        g->stage = SCORE;
    else if (g->stage == DRAW_TEXT)
        g->stage = growth->exact ? MEASURE_SOURCE : DRAW_HELDOUT;
    else
        g->stage = LEARN;
    if (g->stage == LEARN) choose_vocabulary(g); /* once: it is then there */
}

static void tell_stage(Growing *g)
{
    const Growth *growth = g->growth;
    if (g->stage == LEARN)
        snprintf(g->text, STAGE_SIZE, _("sweep %zu of %zu: %.40s"), growth->done + 1, growth->count,
                 point_of(g)->variant->name);
    else if (g->stage < LEARN)
        snprintf(g->text, STAGE_SIZE, _("drawing text"));
    g->call->stage = g->text;
}

static JobStatus step_inner(Growing *g, double milliseconds, Error *error)
{
    bool descent = g->stage == LEARN && point_of(g)->variant->kind.neural;
    return descent ? descend(g, milliseconds, error) : job_step(g->inner, milliseconds, error);
}

static JobStatus step(Job *job, double milliseconds, Error *error)
{
    Growing *g = (Growing *)job;
    double deadline = job_clock() + milliseconds;
    while (g->stage != OVER) {
        tell_stage(g);
        if (!g->inner && !begin_stage(g, error)) return JOB_FAILED;
        JobStatus status = step_inner(g, deadline - job_clock(), error);
        if (status != JOB_DONE) return status;
        end_stage(g);
        next_stage(g);
        if (g->stage != OVER && job_clock() > deadline) return JOB_MORE;
    }
    return JOB_DONE;
}

static double progress(const Job *job)
{
    const Growing *g = (const Growing *)job;
    bool learning = g->inner && g->stage == LEARN;
    return ((double)g->growth->done + (learning ? job_progress(g->inner) : 0)) / (double)g->growth->count;
}

static void free_growing(Job *job)
{
    Growing *g = (Growing *)job;
    job_free(g->inner);
    model_free(g->model);
    corpus_free(g->part);
    free(g);
}

Job *growth_job_new(Call *call, Growth *growth)
{
    static const JobKind kind = {step, progress, free_growing};
    Growing *g = must_alloc(1, sizeof *g);
    *g = (Growing){.job.kind = &kind,
                   .call = call,
                   .growth = growth,
                   .stage = growth->source ? DRAW_TEXT : LEARN,
                   .text = arena_alloc(call->arena, STAGE_SIZE, 1)};
    if (g->stage == LEARN) choose_vocabulary(g);
    return &g->job;
}
