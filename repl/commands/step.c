/* step.c - learning in slow motion: one step of training, and what it did to the weights.
 *
 * Every step is taken twice: once for its gradient alone (probe.h), once in earnest. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/neural/probe.h"
#include "core/neural/training.h"
#include "core/neural/vector.h"
#include "repl/commands/axes.h"
#include "repl/commands/commands.h"
#include "repl/commands/look.h"
#include "repl/session.h"

enum { STEPS_MOST = 1000, ROWS_SHOWN = 12, MOVED_KEPT = 200, PROBING = 0, STEPPING };

/* One step. */
typedef struct {
    uint64_t number;
    double rate, loss, gradient, change; /* the last two are lengths of vectors */
} Update;

typedef struct {
    size_t wanted, taken;
    Update *updates;         /* (wanted) */
    size_t total;            /* weights */
    Real *gradient, *before; /* (total): of the last step */
    double *p;               /* (V): what context= predicted before the last step; NULL without it */
    Tokens context;
} Work;

static Work *work_of(const Call *call) { return call->work; }

static Corpus *corpus_of(Session *session, const Call *call)
{
    Corpus *own = neural_corpus(call->model);
    return own ? own : workspace_corpus(session_workspace(session));
}

/* --- the work: two jobs a step --- */

static bool begin_probe(Session *session, Call *call, Error *error)
{
    Model *probe = probe_new(call->model);
    call->phase = PROBING;
    call->job = neural_training_continue(probe, 1, corpus_of(session, call), NULL, error);
    model_free(probe);
    return call->job != NULL;
}

static bool begin_step(Session *session, Call *call, Error *error)
{
    call->phase = STEPPING;
    call->job = neural_training_continue(call->model, 1, corpus_of(session, call), NULL, error);
    return call->job != NULL;
}

static void predict(const Call *call, double *p)
{
    const Tokens *context = &work_of(call)->context;
    State *state = state_begin(call->model);
    for (size_t i = 0; i < context->count; i++) state_feed(state, context->ids[i]);
    state_predict(state, p);
    state_free(state);
}

/* What is to be compared with after the step. */
static void keep_before(Call *call)
{
    Work *w = work_of(call);
    Model *probed = neural_training_take(call->done);
    memcpy(w->gradient, probe_gradient(probed), w->total * sizeof *w->gradient);
    memcpy(w->before, neural_network(call->model)->parameters.x, w->total * sizeof *w->before);
    if (w->p) predict(call, w->p);
    model_free(probed);
}

static bool fail_step(const Call *call, bool diverged, Error *error)
{
    if (diverged) {
        error_set(error, _("the loss is no longer finite: the step was not taken"));
        return error_hint(error, _("train afresh with a smaller learning rate: lr=0.1"));
    }
    error_set(error, _("%s is as good as until= asked for: it takes no step"), call->model_name);
    return error_hint(error, _("train afresh without until="));
}

/* Of the step that leads from `old` on: it meant to stop there. */
static double rate_of(const Learning *old)
{
    Learning next = *old;
    next.goal = old->step + 1;
    return learning_rate(&next);
}

/* The model after the step takes the place of the one before. */
static bool keep_after(Call *call, Error *error)
{
    Work *w = work_of(call);
    Model *stepped = neural_training_take(call->done);
    const Learning *old = neural_learning(call->model), *now = neural_learning(stepped);
    if (now->diverged || now->step == old->step) {
        bool diverged = now->diverged;
        model_free(stepped);
        return fail_step(call, diverged, error);
    }
    const Real *x = neural_network(stepped)->parameters.x;
    double squares = 0;
    for (size_t i = 0; i < w->total; i++) {
        double moved = (double)x[i] - (double)w->before[i];
        squares += moved * moved;
    }
    w->updates[w->taken++] = (Update){.number = now->step,
                                      .rate = rate_of(old),
                                      .loss = now->curve.points[now->curve.count - 1].train,
                                      .gradient = sqrt(vector_squares(w->total, w->gradient)),
                                      .change = sqrt(squares)};
    model_free(call->model);
    call->model = stepped;
    return true;
}

/* --- a line a step --- */

static void show_steps(const Work *w, Result *result)
{
    result_table(result, "rows");
    int number = result_column(result, "step", _("step"), UNIT_NONE, false),
        rate = result_column(result, "lr", "lr", UNIT_NONE, false),
        loss = result_column(result, "loss", _("loss"), UNIT_BITS, true),
        gradient = result_column(result, "gradient", _("gradient"), UNIT_BITS, false),
        change = result_column(result, "change", _("change of the weights"), UNIT_BITS, false);
    for (size_t i = 0; i < w->taken; i++) {
        Value *cells = result_row(result);
        cells[number] = value_count(w->updates[i].number);
        cells[rate] = value_number(w->updates[i].rate);
        cells[loss] = value_number(w->updates[i].loss);
        cells[gradient] = value_number(w->updates[i].gradient);
        cells[change] = value_number(w->updates[i].change);
    }
    result_fold(result);
}

/* --- gradients of a softmax: a row a context and token --- */

/* How often each token followed each context in the corpus; [V + 1, V], the contexts in vocabulary order;
 * NULL where the step did not see all of the corpus. `total` is how many. */
static double *count_pairs(const Model *model, double *total, Arena *arena)
{
    const Corpus *corpus = neural_corpus(model);
    const LearningOptions *options = &neural_learning(model)->options;
    size_t v = model_outcomes(model), length;
    *total = 0;
    if (!corpus || options->batch != 0 || options->valid > 0 || !corpus_lines(corpus)) return NULL;
    double *counts = arena_alloc(arena, v * v, sizeof *counts);
    for (size_t s = 0; s < corpus_sentences(corpus); s++) {
        const TokenId *line = corpus_sentence(corpus, s, &length);
        TokenId before = neural_begin_id(model);
        for (size_t i = 0; i <= length; i++) {
            const char *text = i < length ? vocab_text(corpus_vocab(corpus), line[i]) : TEXT_END;
            TokenId id = vocab_find(model->vocab, text, strlen(text));
            if (id == TOKEN_NONE) return NULL;
            if (before != TOKEN_NONE) counts[(size_t)before * v + (size_t)id]++;
            before = id;
            ++*total;
        }
    }
    return counts;
}

typedef struct {
    int context, token, target, p, gradient, before, after, size;
} PairColumns;

static PairColumns add_pair_columns(bool one, Result *result)
{
    PairColumns c;
    result_table(result, "rows");
    c.context = result_column(result, "context", one ? NULL : _("context"), UNIT_TOKEN, false);
    c.token = result_column(result, "token", _("token"), UNIT_TOKEN, false);
    c.target = result_column(result, "target", _("target"), UNIT_BITS, false);
    c.p = result_column(result, "p", _("model p"), UNIT_BITS, false);
    c.gradient = result_column(result, "gradient", _("gradient"), UNIT_NONE, false);
    c.before = result_column(result, "old", _("old w"), UNIT_NONE, false);
    c.after = result_column(result, "new", _("new w"), UNIT_NONE, false);
    c.size = result_column(result, NULL, NULL, UNIT_NONE, false);
    return c;
}

/* One row of the matrix W: the logits after one context. */
static void add_pairs(const Call *call, size_t row, const double *counts, const PairColumns *c,
                      Result *result)
{
    const Work *w = work_of(call);
    size_t v = model_outcomes(call->model), at = row * v;
    const Real *now = neural_network(call->model)->parameters.x;
    double *p = arena_alloc(result->arena, v, sizeof *p), seen = 0;
    softmax_double(v, w->before + at, p, NULL);
    for (size_t i = 0; counts && i < v; i++) seen += counts[at + i];
    bool begin = (TokenId)row == neural_begin_id(call->model);
    for (size_t i = 0; i < v; i++) {
        Value *cells = result_row(result);
        double gradient = (double)w->gradient[at + i];
        cells[c->context] = value_text(vocab_text(call->model->vocab, begin ? TOKEN_NONE : (TokenId)row));
        cells[c->token] = value_text(vocab_text(call->model->vocab, (TokenId)i));
        cells[c->target] = counts && seen > 0 ? value_number(counts[at + i] / seen) : value_null();
        cells[c->p] = value_number(p[i]);
        cells[c->gradient] = value_number(gradient);
        cells[c->before] = value_number((double)w->before[at + i]);
        cells[c->after] = value_number((double)now[at + i]);
        cells[c->size] = value_number(fabs(gradient));
    }
}

static void note_pairs(const double *counts, size_t row, size_t v, double total, Result *result)
{
    double seen = 0;
    for (size_t i = 0; i < v; i++) seen += counts[row * v + i];
    result_note(result, _("gradient = (p - target) x %.0f/%.0f: so often the context occurs."), seen, total);
}

static void show_pairs(const Call *call, Result *result)
{
    const Work *w = work_of(call);
    size_t v = model_outcomes(call->model);
    double total;
    const double *counts = count_pairs(call->model, &total, result->arena);
    PairColumns columns = add_pair_columns(w->p != NULL, result);
    if (w->p) {
        TokenId id = w->context.count ? w->context.ids[w->context.count - 1] : neural_begin_id(call->model);
        if (id != TOKEN_NONE) add_pairs(call, (size_t)id, counts, &columns, result);
        if (id != TOKEN_NONE && counts) note_pairs(counts, (size_t)id, v, total, result);
        return;
    }
    for (size_t row = 0; row < v; row++) add_pairs(call, row, counts, &columns, result);
    result->sort = columns.size;
    result->shown_rows = ROWS_SHOWN;
    if (result->row_count <= ROWS_SHOWN) return;
    result_note(result, _("The %d largest of %zu; context=WORD shows all of one, as=csv all there are."),
                ROWS_SHOWN, result->row_count);
    result->folded = result->note_count;
}

/* --- gradients of the others: a row a tensor, or what was predicted --- */

static void show_tensors(const Call *call, Result *result)
{
    const Work *w = work_of(call);
    const Parameters *parameters = &neural_network(call->model)->parameters;
    result_table(result, "rows");
    int name = result_column(result, "tensor", _("tensor"), UNIT_NONE, false),
        weights = result_column(result, "weights", _("norm of weights"), UNIT_BITS, false),
        gradient = result_column(result, "gradient", _("of gradient"), UNIT_BITS, false),
        change = result_column(result, "change", _("of change"), UNIT_BITS, false),
        ratio = result_column(result, "ratio", _("change/weights"), UNIT_BITS, false);
    size_t at = 0;
    for (size_t i = 0; i < parameters->count; i++) {
        const Tensor *tensor = &parameters->tensors[i];
        size_t size = tensor_size(tensor);
        double squares = 0, norm = sqrt(vector_squares(size, w->before + at));
        for (size_t k = 0; k < size; k++) {
            double moved = (double)tensor->x[k] - (double)w->before[at + k];
            squares += moved * moved;
        }
        Value *cells = result_row(result);
        cells[name] = value_text(arena_copy(result->arena, tensor->name, strlen(tensor->name)));
        cells[weights] = value_number(norm);
        cells[gradient] = value_number(sqrt(vector_squares(size, w->gradient + at)));
        cells[change] = value_number(sqrt(squares));
        cells[ratio] = norm > 0 ? value_number(sqrt(squares) / norm) : value_null();
        at += size;
    }
    result_fold(result);
}

static void show_prediction(const Call *call, Result *result)
{
    const Work *w = work_of(call);
    size_t v = model_outcomes(call->model);
    double *p = arena_alloc(result->arena, v, sizeof *p);
    predict(call, p);
    result_table(result, "rows");
    int token = result_column(result, "token", _("token"), UNIT_TOKEN, false),
        before = result_column(result, "old", _("old p"), UNIT_PROBABILITY, false),
        after = result_column(result, "new", _("new p"), UNIT_PROBABILITY, true),
        change = result_column(result, "change", _("change"), UNIT_NONE, false);
    for (size_t i = 0; i < v; i++) {
        Value *cells = result_row(result);
        cells[token] = value_text(vocab_text(call->model->vocab, (TokenId)i));
        cells[before] = value_number(w->p[i]);
        cells[after] = value_number(p[i]);
        cells[change] = value_number(p[i] - w->p[i]);
    }
    result->sort = after;
    result_fold(result);
}

/* --- single weights, those that moved most first --- */

typedef struct {
    size_t at;
    double moved;
} Moved;

/* The places of the MOVED_KEPT largest changes. */
static size_t find_moved(const Call *call, Moved *moved)
{
    const Work *w = work_of(call);
    const Real *now = neural_network(call->model)->parameters.x;
    size_t count = 0;
    for (size_t i = 0; i < w->total; i++) {
        double size = fabs((double)now[i] - (double)w->before[i]);
        if (size == 0 || (count == MOVED_KEPT && size <= moved[count - 1].moved)) continue;
        size_t at = count < MOVED_KEPT ? count++ : MOVED_KEPT - 1;
        for (; at > 0 && moved[at - 1].moved < size; at--) moved[at] = moved[at - 1];
        moved[at] = (Moved){i, size};
    }
    return count;
}

/* "W1[3, 7]", with words where the index is one. */
static const char *weight_name(const Call *call, size_t at)
{
    const Parameters *parameters = &neural_network(call->model)->parameters;
    const Tensor *tensor = parameters->tensors;
    for (; at >= tensor_size(tensor); tensor++) at -= tensor_size(tensor);
    if (tensor->dims == 1)
        return arena_format(call->arena, "%s[%s]", tensor->name,
                            look_token(axis_name(call->model, tensor, 0, at, call->arena)));
    size_t columns = tensor_columns(tensor);
    return arena_format(call->arena, "%s[%s, %s]", tensor->name,
                        look_token(axis_name(call->model, tensor, 0, at / columns, call->arena)),
                        look_token(axis_name(call->model, tensor, 1, at % columns, call->arena)));
}

static void show_weights(const Call *call, Result *result)
{
    const Work *w = work_of(call);
    const Real *now = neural_network(call->model)->parameters.x;
    Moved *moved = arena_alloc(result->arena, MOVED_KEPT, sizeof *moved);
    size_t count = find_moved(call, moved);
    result_table(result, "rows");
    int name = result_column(result, "weight", _("weight"), UNIT_NONE, false),
        gradient = result_column(result, "gradient", _("gradient"), UNIT_NONE, false),
        before = result_column(result, "old", _("old w"), UNIT_NONE, false),
        after = result_column(result, "new", _("new w"), UNIT_NONE, false),
        change = result_column(result, "change", _("change"), UNIT_NONE, false);
    for (size_t i = 0; i < count; i++) {
        size_t at = moved[i].at;
        Value *cells = result_row(result);
        cells[name] = value_text(weight_name(call, at));
        cells[gradient] = value_number((double)w->gradient[at]);
        cells[before] = value_number((double)w->before[at]);
        cells[after] = value_number((double)now[at]);
        cells[change] = value_number((double)now[at] - (double)w->before[at]);
    }
    result->shown_rows = ROWS_SHOWN;
    result_note(result, _("The weights that moved most, of %zu; as=csv gives %zu of them."), w->total, count);
}

/* --- the command --- */

static bool read_count(const Call *call, size_t *count, Error *error)
{
    double number = 1;
    *count = 1;
    if (call->word_count == 0) return true;
    const Word *word = &call->words[0];
    if (number_read(word->text, &number) && number >= 1 && number <= STEPS_MOST && number == floor(number)) {
        *count = (size_t)number;
        return true;
    }
    error_set(error, _("step takes a whole number of steps from 1 to %d, not '%s'"), STEPS_MOST, word->text);
    error_hint(error, _("more of them: train steps=N"));
    return error_place(error, word->start, word->length);
}

/* The words of context=, as those of a line would be read. */
static bool read_context(Call *call, Work *w, Error *error)
{
    const OptionValue *value = &call->values[OPT_CONTEXT];
    if (!value->given) return true;
    Word *words = arena_alloc(call->arena, strlen(value->text) + 1, sizeof *words);
    size_t count = 0;
    char *rest = arena_copy(call->arena, value->text, strlen(value->text));
    for (char *word; (word = strsep(&rest, " "));)
        if (*word) words[count++] = (Word){.text = word, .start = value->start, .length = value->length};
    w->p = arena_alloc(call->arena, model_outcomes(call->model), sizeof *w->p);
    return call_tokens(call, TOKENS_CONTEXT, words, count, &w->context, error);
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    (void)result;
    const Network *network = look_network(call, LOOK_ALL, _("neural networks"), error);
    Work *w = arena_alloc(call->arena, 1, sizeof *w);
    call->work = w;
    if (!network || !read_count(call, &w->wanted, error) || !read_context(call, w, error)) return false;
    if (!neural_learning(call->model)) {
        error_set(error, _("how %s was trained is not known, so it cannot go on"), call->model_name);
        return error_hint(error, _("train a model of your own: %s"), call->command->example);
    }
    w->total = network->parameters.total;
    w->updates = arena_alloc(call->arena, w->wanted, sizeof *w->updates);
    w->gradient = arena_alloc(call->arena, w->total, sizeof *w->gradient);
    w->before = arena_alloc(call->arena, w->total, sizeof *w->before);
    return begin_probe(session, call, error);
}

static void add_fields(const Call *call, Result *result)
{
    const Work *w = work_of(call);
    const Update *last = &w->updates[w->taken - 1];
    result->title =
        arena_format(result->arena, _("%s   step %llu"), call->model_name, (unsigned long long)last->number);
    result_field(result, "model", NULL, UNIT_NONE, value_text(call->model_name));
    result_field(result, "step", NULL, UNIT_NONE, value_count(last->number));
    result_field(result, "lr", "lr %s", UNIT_NONE, value_number(last->rate));
    result_field(result, "loss", _("loss before it %s"), UNIT_BITS, value_number(last->loss));
    result_field(result, "gradient", _("norm of the gradient %s"), UNIT_BITS, value_number(last->gradient));
    result_field(result, "change", _("of the change %s"), UNIT_BITS, value_number(last->change));
}

static void show(const Call *call, Result *result)
{
    const Work *w = work_of(call);
    const LearningOptions *options = &neural_learning(call->model)->options;
    bool given = call_given(call, OPT_SHOW_STEP);
    bool lines = given ? call_is(call, OPT_SHOW_STEP, "steps") : w->wanted > 1 && !w->p;
    bool softmax = neural_network(call->model)->architecture.kind == NETWORK_SOFTMAX;
    add_fields(call, result);
    if (lines)
        show_steps(w, result);
    else if (call_is(call, OPT_SHOW_STEP, "weights"))
        show_weights(call, result);
    else if (softmax)
        show_pairs(call, result);
    else if (w->p)
        show_prediction(call, result);
    else
        show_tensors(call, result);
    if (options->clip > 0 && w->updates[w->taken - 1].gradient > options->clip)
        result_note(result, _("The gradient was cut to a norm of %g (clip=) before the step."),
                    options->clip);
}

/* The new model takes the old one's name; undo brings the old one back. */
static void finish_steps(Session *session, const Call *call, Result *result)
{
    const Corpus *corpus = neural_corpus(call->model);
    show(call, result);
    workspace_put_model(session_workspace(session), call->model_name, model_share(call->model),
                        corpus ? corpus_name(corpus) : "");
}

static bool finish(Session *session, Call *call, Result *result, bool interrupted, Error *error)
{
    Work *w = work_of(call);
    if (interrupted && w->taken == 0) return error_set(error, _("stopped: no step was taken"));
    if (interrupted) {
        result_note(result, _("Stopped after %zu of %zu steps."), w->taken, w->wanted);
        finish_steps(session, call, result);
        return true;
    }
    if (call->phase == PROBING) {
        keep_before(call);
        return begin_step(session, call, error);
    }
    if (!keep_after(call, error)) return false;
    if (w->taken < w->wanted) return begin_probe(session, call, error);
    finish_steps(session, call, result);
    return true;
}

const Command step_command = {
    .name = "step",
    .family = N_("learn"),
    .usage = "[K]",
    .summary = N_("Take one step of training, and show what it did to the weights"),
    .example = "train softmax lr=5 steps=20; step context=mouse",
    .words = WORDS_OTHER,
    .most = 1,
    .options = OPTIONS(OPT_SHOW_STEP, OPT_CONTEXT, OPT_OOV),
    .models = true,
    .run = run,
    .finish = finish,
};
