/* trace.h - a forward pass as arithmetic: the stops it makes, and how one number at a stop comes about.
 *
 * A stop is a set of units that are computed alike: the embedding, the sums of a layer, what a function makes
 * of them, the logits, p. The numbers are those of the pass; products and sums of them are taken in double,
 * so what is shown multiplies out. */
#ifndef CORE_NEURAL_TRACE_H
#define CORE_NEURAL_TRACE_H

#include "core/neural/neural.h"

/* How the units of a stop are computed. */
typedef enum {
    TRACE_LOOKUP,   /* a row of `weight`, chosen by the token; of several tables the sum */
    TRACE_LINEAR,   /* input weight + bias, weight [inputs, outputs] */
    TRACE_HEAD,     /* the same with weight [outputs, inputs] */
    TRACE_TANH,     /* of input */
    TRACE_GELU,     /* of input */
    TRACE_NORM,     /* layernorm of input */
    TRACE_MIX,      /* attention's weighted sum of v */
    TRACE_ADD,      /* input + other */
    TRACE_RNN,      /* tanh(W x + bi + U h' + bh) */
    TRACE_GATE,     /* sigmoid of the same */
    TRACE_GRU_NEW,  /* tanh(W x + bi + r (U h' + bh)) */
    TRACE_GRU_H,    /* (1 - z) n + z h' */
    TRACE_LSTM_NEW, /* tanh(W x + bi + U h' + bh) */
    TRACE_LSTM_C,   /* f c' + i g */
    TRACE_LSTM_H,   /* o tanh(c) */
    TRACE_SOFTMAX   /* exp(logit - largest) / sum */
} TraceOperation;

typedef struct {
    const char *name;    /* "h.0.mlp_fc", "rnn.0.z"; the last one is "p" */
    const char *formula; /* "ln_2 W + b" */
    size_t layer;        /* from 1; 0: belongs to none */
    size_t units;
    bool hidden; /* what people mean by the units of that layer */
    TraceOperation operation;
    const char *tensor;        /* on the tape, where the units are, */
    size_t gate;               /* that many times `units` behind its first column */
    const char *input, *other; /* tensors it is computed from; NULL where there is none */
    const char *weight, *bias; /* parameters; likewise */
} TraceStop;

/* One line of the arithmetic: a product, value = weight * input; or, where these are NaN, just a value, with
 * the formula it came from or NULL. */
typedef struct {
    const char *name, *formula;
    double weight, input, value;
} TraceLine;

typedef struct {
    TraceLine *lines;
    size_t count;
    double value; /* the unit, as the network computed it */
} Trace;

/* The stops of a network in order; returns how many. All memory is the arena's. */
size_t trace_stops(const Network *network, TraceStop **stops, Arena *arena);

/* A pass to be taken apart: what neural_pass read, oldest first, as many as its steps. */
typedef struct {
    const Network *network;
    const Tape *tape;
    const TokenId *ids; /* with <s> as it is read */
    size_t steps;
} TracePass;

/* Unit `unit` of `stop` at `position`, which for softmax and mlp is the only one. */
Trace trace_unit(const TracePass *pass, const TraceStop *stop, size_t position, size_t unit, Arena *arena);

/* Only its value. */
double trace_value(const TracePass *pass, const TraceStop *stop, size_t position, size_t unit);

#endif
