/* trace_stops.c - the stops of a forward pass, one list a kind of network. */
#include "core/base/i18n.h"
#include "core/neural/trace.h"

enum { STOPS_MOST = 10 }; /* a layer, and besides */

typedef struct {
    const Architecture *architecture;
    TraceStop *stops;
    size_t count;
    Arena *arena;
    size_t layer; /* from 0 */
} List;

static TraceStop *add(List *list, TraceOperation operation, size_t units, const char *name,
                      const char *formula)
{
    TraceStop *stop = &list->stops[list->count++];
    *stop =
        (TraceStop){.name = name, .tensor = name, .formula = formula, .units = units, .operation = operation};
    return stop;
}

/* "h.1.qkv" from "h.%zu.qkv" */
#define LAYERED(list, format) arena_format((list)->arena, format, (list)->layer)

static void add_end(List *list, const char *input, const char *weight, const char *bias)
{
    size_t v = list->architecture->outcomes;
    TraceStop *logits =
        add(list, TRACE_HEAD, v, "logits", bias ? _("input . row of head + bias") : _("input . row of head"));
    logits->input = input;
    logits->weight = weight;
    logits->bias = bias;
    add(list, TRACE_SOFTMAX, v, "p", "exp(logit - largest) / sum")->tensor = "logits";
}

/* --- softmax, mlp --- */

static void list_softmax(List *list)
{
    size_t v = list->architecture->outcomes;
    add(list, TRACE_LOOKUP, v, "logits", _("row of W"))->weight = "W";
    add(list, TRACE_SOFTMAX, v, "p", "exp(logit - largest) / sum")->tensor = "logits";
}

static void list_mlp(List *list)
{
    const Architecture *a = list->architecture;
    add(list, TRACE_LOOKUP, (a->n - 1) * a->d, "emb", _("rows of C, side by side"))->weight = "C";
    TraceStop *sum = add(list, TRACE_LINEAR, a->h, "hpre", "emb W1 + b1");
    sum->input = "emb";
    sum->weight = "W1";
    sum->bias = "b1";
    TraceStop *hidden = add(list, TRACE_TANH, a->h, "h", "tanh(hpre)");
    hidden->input = "hpre";
    hidden->hidden = true;
    sum->layer = hidden->layer = 1;
    TraceStop *logits = add(list, TRACE_LINEAR, a->outcomes, "logits", "h W2 + b2");
    logits->input = "h";
    logits->weight = "W2";
    logits->bias = "b2";
    add(list, TRACE_SOFTMAX, a->outcomes, "p", "exp(logit - largest) / sum")->tensor = "logits";
}

/* --- recurrent --- */

/* A gate: its values lie in rnn.N.gates. */
static TraceStop *add_gate(List *list, TraceOperation operation, const char *letter, size_t gate,
                           const char *formula)
{
    const char *name = arena_format(list->arena, "rnn.%zu.%s", list->layer, letter);
    TraceStop *stop = add(list, operation, list->architecture->h, name, formula);
    stop->tensor = LAYERED(list, "rnn.%zu.gates");
    stop->gate = gate;
    return stop;
}

#define SUM "W x + bi + U h' + bh"

static void list_gru(List *list)
{
    add_gate(list, TRACE_GATE, "r", 0, "sigmoid(" SUM ")");
    add_gate(list, TRACE_GATE, "z", 1, "sigmoid(" SUM ")");
    add_gate(list, TRACE_GRU_NEW, "n", 2, "tanh(W x + bi + r (U h' + bh))");
    add(list, TRACE_GRU_H, list->architecture->h, LAYERED(list, "rnn.%zu.h"), "(1 - z) n + z h'");
}

static void list_lstm(List *list)
{
    size_t h = list->architecture->h;
    add_gate(list, TRACE_GATE, "i", 0, "sigmoid(" SUM ")");
    add_gate(list, TRACE_GATE, "f", 1, "sigmoid(" SUM ")");
    add_gate(list, TRACE_LSTM_NEW, "g", 2, "tanh(" SUM ")");
    add_gate(list, TRACE_GATE, "o", 3, "sigmoid(" SUM ")");
    add(list, TRACE_LSTM_C, h, LAYERED(list, "rnn.%zu.c"), "f c' + i g");
    add(list, TRACE_LSTM_H, h, LAYERED(list, "rnn.%zu.h"), "o tanh(c)");
}

static void list_recurrent_layer(List *list)
{
    size_t begin = list->count;
    const char *input = list->layer ? arena_format(list->arena, "rnn.%zu.h", list->layer - 1) : "emb";
    switch (list->architecture->kind) {
    case NETWORK_GRU: list_gru(list); break;
    case NETWORK_LSTM: list_lstm(list); break;
    default: add(list, TRACE_RNN, list->architecture->h, LAYERED(list, "rnn.%zu.h"), "tanh(" SUM ")");
    }
    for (size_t i = begin; i < list->count; i++) {
        list->stops[i].layer = list->layer + 1;
        list->stops[i].input = input;
    }
    list->stops[list->count - 1].hidden = true;
}

static void list_recurrent(List *list)
{
    const Architecture *a = list->architecture;
    add(list, TRACE_LOOKUP, a->d, "emb", _("row of wte"))->weight = "wte.weight";
    for (list->layer = 0; list->layer < a->layers; list->layer++) list_recurrent_layer(list);
    list->layer--;
    add_end(list, LAYERED(list, "rnn.%zu.h"), "head.weight", "head.bias");
}

/* --- transformer --- */

static TraceStop *add_block_stop(List *list, TraceOperation operation, size_t units, const char *name,
                                 const char *formula)
{
    TraceStop *stop =
        add(list, operation, units, arena_format(list->arena, "h.%zu.%s", list->layer, name), formula);
    stop->layer = list->layer + 1;
    return stop;
}

static const char *in_block(const List *list, const char *name)
{
    return arena_format(list->arena, "h.%zu.%s", list->layer, name);
}

static void add_layer(List *list, size_t units, const char *name, const char *input, const char *weights,
                      const char *formula)
{
    TraceStop *stop = add_block_stop(list, TRACE_LINEAR, units, name, formula);
    stop->input = in_block(list, input);
    stop->weight = arena_format(list->arena, "h.%zu.%s.weight", list->layer, weights);
    stop->bias = arena_format(list->arena, "h.%zu.%s.bias", list->layer, weights);
}

static void add_norm(List *list, const char *name, const char *input)
{
    TraceStop *stop =
        add_block_stop(list, TRACE_NORM, list->architecture->d, name, "(x - mean) / deviation w + b");
    stop->input = input;
    stop->weight = arena_format(list->arena, "h.%zu.%s.weight", list->layer, name);
    stop->bias = arena_format(list->arena, "h.%zu.%s.bias", list->layer, name);
}

static void add_sum(List *list, const char *name, const char *input, const char *other, const char *formula)
{
    TraceStop *stop = add_block_stop(list, TRACE_ADD, list->architecture->d, name, formula);
    stop->input = input;
    stop->other = in_block(list, other);
}

/* `stream`: the tensor that the block reads; returns the one it writes. */
static const char *list_block(List *list, const char *stream)
{
    size_t d = list->architecture->d;
    add_norm(list, "ln_1", stream);
    add_layer(list, 3 * d, "qkv", "ln_1", "attn.c_attn", _("ln_1 W + b: q, k and v"));
    add_block_stop(list, TRACE_MIX, d, "attn_concat", _("sum of weight x v"))->input = in_block(list, "qkv");
    add_layer(list, d, "attn_out", "attn_concat", "attn.c_proj", "attn_concat W + b");
    add_sum(list, "resid_mid", stream, "attn_out", _("what came in + attn_out"));
    add_norm(list, "ln_2", in_block(list, "resid_mid"));
    add_layer(list, 4 * d, "mlp_fc", "ln_2", "mlp.c_fc", "ln_2 W + b");
    TraceStop *active = add_block_stop(list, TRACE_GELU, 4 * d, "mlp_act", "gelu(mlp_fc)");
    active->input = in_block(list, "mlp_fc");
    active->hidden = true;
    add_layer(list, d, "mlp_out", "mlp_act", "mlp.c_proj", "mlp_act W + b");
    add_sum(list, "resid", in_block(list, "resid_mid"), "mlp_out", "resid_mid + mlp_out");
    return in_block(list, "resid");
}

static void list_transformer(List *list)
{
    const Architecture *a = list->architecture;
    const char *stream = "emb";
    TraceStop *embedding = add(list, TRACE_LOOKUP, a->d, "emb", _("row of wte + row of wpe"));
    embedding->weight = "wte.weight";
    embedding->bias = "wpe.weight";
    for (list->layer = 0; list->layer < a->layers; list->layer++) stream = list_block(list, stream);
    TraceStop *norm = add(list, TRACE_NORM, a->d, "ln_f", "(x - mean) / deviation w + b");
    norm->input = stream;
    norm->weight = "ln_f.weight";
    norm->bias = "ln_f.bias";
    add_end(list, "ln_f", a->tied ? "wte.weight" : "lm_head.weight", NULL);
}

size_t trace_stops(const Network *network, TraceStop **stops, Arena *arena)
{
    const Architecture *a = &network->architecture;
    List list = {.architecture = a, .arena = arena};
    *stops = list.stops = arena_alloc(arena, (a->layers + 1) * STOPS_MOST, sizeof *list.stops);
    switch (a->kind) {
    case NETWORK_SOFTMAX: list_softmax(&list); break;
    case NETWORK_MLP: list_mlp(&list); break;
    case NETWORK_TRANSFORMER: list_transformer(&list); break;
    default: list_recurrent(&list);
    }
    return list.count;
}
