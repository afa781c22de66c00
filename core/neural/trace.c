#include "core/neural/trace.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/neural/elementary.h"
#include "core/neural/vector.h"

/* One number being taken apart. */
typedef struct {
    const TracePass *pass;
    const TraceStop *stop;
    size_t position, unit;
    Arena *arena;
    Trace trace;
    size_t capacity;
    double sum; /* of the lines so far */
} Work;

/* --- lines --- */

static void add_line(Work *w, TraceLine line)
{
    if (w->trace.count == w->capacity) {
        size_t capacity = w->capacity ? 2 * w->capacity : 32;
        TraceLine *lines = arena_alloc(w->arena, capacity, sizeof *lines);
        if (w->trace.count) memcpy(lines, w->trace.lines, w->trace.count * sizeof *lines);
        w->trace.lines = lines;
        w->capacity = capacity;
    }
    w->trace.lines[w->trace.count++] = line;
}

static void add_product(Work *w, const char *name, double weight, double input)
{
    add_line(w, (TraceLine){.name = name, .weight = weight, .input = input, .value = weight * input});
    w->sum += weight * input;
}

static void add_value(Work *w, const char *name, const char *formula, double value)
{
    add_line(w, (TraceLine){name, formula, NAN, NAN, value});
}

static void add_term(Work *w, const char *name, double value)
{
    add_value(w, name, NULL, value);
    w->sum += value;
}

/* "emb[3]" */
static const char *element(const Work *w, const char *tensor, size_t index)
{
    return arena_format(w->arena, "%s[%zu]", tensor, index + 1);
}

/* --- numbers of the pass --- */

static const Tensor *parameter(const Work *w, const char *name)
{
    return parameters_find(&w->pass->network->parameters, name);
}

static const Tensor *layer_parameter(const Work *w, const char *format)
{
    char name[64];
    snprintf(name, sizeof name, "rnn.%s_l%zu", format, w->stop->layer - 1);
    return parameter(w, name);
}

static const Real *row_of(const TracePass *pass, const char *tensor, size_t position)
{
    const Tensor *found = tape_find(pass->tape, tensor);
    return found->x + position * tensor_columns(found);
}

static const char *layer_tensor(const Work *w, const char *name)
{
    return arena_format(w->arena, "rnn.%zu.%s", w->stop->layer - 1, name);
}

/* A gate of this layer at this position, and what the layer remembered before it. */
static double gate(const Work *w, size_t index)
{
    const Real *gates = row_of(w->pass, layer_tensor(w, "gates"), w->position);
    return (double)gates[index * w->stop->units + w->unit];
}

static double before(const Work *w, const char *name)
{
    return w->position ? (double)row_of(w->pass, layer_tensor(w, name), w->position - 1)[w->unit] : 0;
}

/* --- operations --- */

static void add_lookup(Work *w, const char *table, TokenId row, size_t column)
{
    const Tensor *tensor = parameter(w, table);
    bool place = strcmp(table, "wpe.weight") == 0;
    const char *name =
        arena_format(w->arena, _("%s, row of %s %d"), table, place ? _("position") : _("token"), (int)row);
    add_term(w, name,
             row == TOKEN_NONE ? 0 : (double)tensor->x[(size_t)row * tensor_columns(tensor) + column]);
}

/* Of an mlp's embedding a unit belongs to one of the words side by side. */
static void trace_lookup(Work *w)
{
    size_t columns = tensor_columns(parameter(w, w->stop->weight)), slot = w->unit / columns;
    bool windowed = network_windowed(w->pass->network);
    add_lookup(w, w->stop->weight, w->pass->ids[windowed ? slot : w->position], w->unit % columns);
    if (w->stop->bias) add_lookup(w, w->stop->bias, (TokenId)w->position, w->unit);
}

static void add_inputs(Work *w, const char *name, const Real *x, const Real *weights, size_t stride,
                       size_t count)
{
    for (size_t i = 0; i < count; i++)
        add_product(w, element(w, name, i), (double)weights[i * stride], (double)x[i]);
}

static void trace_linear(Work *w, bool transposed)
{
    const TraceStop *stop = w->stop;
    const Tensor *weight = parameter(w, stop->weight), *bias = stop->bias ? parameter(w, stop->bias) : NULL;
    size_t columns = tensor_columns(weight), inputs = transposed ? columns : tensor_rows(weight);
    const Real *first = weight->x + (transposed ? w->unit * columns : w->unit);
    add_inputs(w, stop->input, row_of(w->pass, stop->input, w->position), first, transposed ? 1 : columns,
               inputs);
    if (bias) add_term(w, stop->bias, (double)bias->x[w->unit]);
}

static void trace_function(Work *w)
{
    double x = (double)row_of(w->pass, w->stop->input, w->position)[w->unit];
    add_value(w, element(w, w->stop->input, w->unit), NULL, x);
    if (w->stop->operation == TRACE_GELU)
        add_value(w, "t", "tanh(sqrt(2/pi) (x + 0.044715 x^3))",
                  tanh(sqrt(2 / acos(-1)) * (x + 0.044715 * x * x * x)));
}

static void trace_norm(Work *w)
{
    const Tensor *tensor = tape_find(w->pass->tape, w->stop->input);
    size_t columns = tensor_columns(tensor);
    const Real *x = tensor->x + w->position * columns;
    double mean = 0, variance = 0;
    for (size_t i = 0; i < columns; i++) mean += (double)x[i] / (double)columns;
    for (size_t i = 0; i < columns; i++)
        variance += ((double)x[i] - mean) * ((double)x[i] - mean) / (double)columns;
    double deviation = sqrt(variance + 1e-5), normal = ((double)x[w->unit] - mean) / deviation;
    add_value(w, element(w, w->stop->input, w->unit), "x", (double)x[w->unit]);
    add_value(w, "mean", arena_format(w->arena, _("of the %zu units"), columns), mean);
    add_value(w, "deviation", "sqrt(variance + 1e-5)", deviation);
    add_product(w, "(x - mean) / deviation", (double)parameter(w, w->stop->weight)->x[w->unit], normal);
    add_term(w, w->stop->bias, (double)parameter(w, w->stop->bias)->x[w->unit]);
}

/* Each position gives its v, as much as its weight says. */
static void trace_mix(Work *w)
{
    const Architecture *a = &w->pass->network->architecture;
    size_t steps = w->pass->steps, head = w->unit / (a->d / a->heads);
    char name[64];
    snprintf(name, sizeof name, "h.%zu.attn_probs", w->stop->layer - 1);
    const Real *weights = tape_find(w->pass->tape, name)->x + (head * steps + w->position) * steps;
    for (size_t from = 0; from <= w->position; from++) {
        double v = (double)row_of(w->pass, w->stop->input, from)[2 * a->d + w->unit];
        const char *line = arena_format(w->arena, _("weight x v[%zu] of position %zu, head %zu"), w->unit + 1,
                                        from, head + 1);
        add_product(w, line, (double)weights[from], v);
    }
}

static void trace_add(Work *w)
{
    add_term(w, element(w, w->stop->input, w->unit),
             (double)row_of(w->pass, w->stop->input, w->position)[w->unit]);
    add_term(w, element(w, w->stop->other, w->unit),
             (double)row_of(w->pass, w->stop->other, w->position)[w->unit]);
}

/* W x + bi of this gate */
static void add_from_input(Work *w)
{
    const Tensor *weights = layer_parameter(w, "weight_ih");
    size_t row = w->stop->gate * w->stop->units + w->unit, columns = tensor_columns(weights);
    add_inputs(w, w->stop->input, row_of(w->pass, w->stop->input, w->position), weights->x + row * columns, 1,
               columns);
    add_term(w, "bi", (double)layer_parameter(w, "bias_ih")->x[row]);
}

/* U h' + bh of this gate; at the first position h' is 0. */
static void add_from_memory(Work *w)
{
    const Tensor *weights = layer_parameter(w, "weight_hh");
    size_t row = w->stop->gate * w->stop->units + w->unit, columns = tensor_columns(weights);
    const Real *h = w->position ? row_of(w->pass, layer_tensor(w, "h"), w->position - 1) : NULL;
    for (size_t i = 0; i < columns; i++)
        add_product(w, element(w, "h'", i), (double)weights->x[row * columns + i], h ? (double)h[i] : 0);
    add_term(w, "bh", (double)layer_parameter(w, "bias_hh")->x[row]);
}

static void trace_gate(Work *w)
{
    add_from_input(w);
    add_from_memory(w);
}

/* r decides how much of the memory the new value hears. */
static void trace_gru_new(Work *w)
{
    add_from_memory(w);
    double heard = w->sum;
    add_value(w, "U h' + bh", _("sum so far"), heard);
    w->sum = 0;
    add_from_input(w);
    add_product(w, "r (U h' + bh)", gate(w, 0), heard);
}

static void trace_gru_h(Work *w)
{
    add_product(w, "(1 - z) n", 1 - gate(w, 1), gate(w, 2));
    add_product(w, "z h'", gate(w, 1), before(w, "h"));
}

static void trace_lstm_c(Work *w)
{
    add_product(w, "f c'", gate(w, 1), before(w, "c"));
    add_product(w, "i g", gate(w, 0), gate(w, 2));
}

static void trace_lstm_h(Work *w)
{
    double c = (double)row_of(w->pass, layer_tensor(w, "c"), w->position)[w->unit];
    add_value(w, "c", NULL, c);
    add_product(w, "o tanh(c)", gate(w, 3), tanh(c));
}

static void trace_softmax(Work *w)
{
    size_t v = w->stop->units;
    const Real *logits = row_of(w->pass, "logits", w->position);
    double *p = must_alloc(v, sizeof *p), log_sum, largest = (double)vector_max(v, logits);
    softmax_double(v, logits, p, &log_sum);
    add_value(w, element(w, "logits", w->unit), "logit", (double)logits[w->unit]);
    add_value(w, "largest", _("of all logits"), largest);
    add_value(w, "exp(logit - largest)", NULL, exact_exp((double)logits[w->unit] - largest));
    add_value(w, "sum", arena_format(w->arena, _("exp(logit - largest) over %zu outcomes"), v),
              exact_exp(log_sum - largest));
    free(p);
}

static void trace_operation(Work *w)
{
    switch (w->stop->operation) {
    case TRACE_LOOKUP: trace_lookup(w); break;
    case TRACE_LINEAR: trace_linear(w, false); break;
    case TRACE_HEAD: trace_linear(w, true); break;
    case TRACE_TANH:
    case TRACE_GELU: trace_function(w); break;
    case TRACE_NORM: trace_norm(w); break;
    case TRACE_MIX: trace_mix(w); break;
    case TRACE_ADD: trace_add(w); break;
    case TRACE_RNN:
    case TRACE_GATE:
    case TRACE_LSTM_NEW: trace_gate(w); break;
    case TRACE_GRU_NEW: trace_gru_new(w); break;
    case TRACE_GRU_H: trace_gru_h(w); break;
    case TRACE_LSTM_C: trace_lstm_c(w); break;
    case TRACE_LSTM_H: trace_lstm_h(w); break;
    case TRACE_SOFTMAX: trace_softmax(w); break;
    }
}

/* What is done with the sum at the end; NULL: it is the unit itself. */
static const char *function_of(const TraceStop *stop)
{
    switch (stop->operation) {
    case TRACE_RNN:
    case TRACE_GRU_NEW:
    case TRACE_LSTM_NEW: return "tanh(sum)";
    case TRACE_GATE: return "sigmoid(sum)";
    case TRACE_TANH: return "tanh(x)";
    case TRACE_GELU: return "0.5 x (1 + t)";
    case TRACE_SOFTMAX: return "exp(logit - largest) / sum";
    case TRACE_LSTM_H: return "o tanh(c)";
    default: return _("sum");
    }
}

static bool has_sum_line(TraceOperation operation)
{
    return operation == TRACE_RNN || operation == TRACE_GATE || operation == TRACE_GRU_NEW ||
           operation == TRACE_LSTM_NEW;
}

double trace_value(const TracePass *pass, const TraceStop *stop, size_t position, size_t unit)
{
    const Real *row = row_of(pass, stop->tensor, position);
    if (stop->operation != TRACE_SOFTMAX) return (double)row[stop->gate * stop->units + unit];
    double *p = must_alloc(stop->units, sizeof *p);
    softmax_double(stop->units, row, p, NULL);
    double value = p[unit];
    free(p);
    return value;
}

Trace trace_unit(const TracePass *pass, const TraceStop *stop, size_t position, size_t unit, Arena *arena)
{
    Work w = {.pass = pass, .stop = stop, .position = position, .unit = unit, .arena = arena};
    trace_operation(&w);
    if (has_sum_line(stop->operation)) add_value(&w, "sum", NULL, w.sum);
    w.trace.value = trace_value(pass, stop, position, unit);
    add_value(&w, element(&w, stop->name, unit), function_of(stop), w.trace.value);
    return w.trace;
}
