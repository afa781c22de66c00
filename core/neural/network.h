/* network.h - an architecture with its weights: from batches of token ids to logits.
 *
 * Six kinds, one row of functions and one file each: softmax.c, mlp.c, recurrent.c (rnn, gru, lstm),
 * transformer.c. Weights have the names and layouts of the PyTorch modules they correspond to, so that files
 * can be exchanged; every intermediate tensor of a pass has a name on the tape. */
#ifndef CORE_NEURAL_NETWORK_H
#define CORE_NEURAL_NETWORK_H

#include "core/neural/batch.h"
#include "core/neural/parameters.h"
#include "core/neural/tape.h"

typedef enum {
    NETWORK_SOFTMAX,
    NETWORK_MLP,
    NETWORK_RNN,
    NETWORK_GRU,
    NETWORK_LSTM,
    NETWORK_TRANSFORMER,
    NETWORK_KINDS
} NetworkKind;

/* Numbers that a kind does not use are 0. */
typedef struct {
    NetworkKind kind;
    size_t outcomes; /* V */
    size_t n;        /* softmax (2), mlp: order, the context is the last n - 1 tokens */
    size_t d;        /* mlp, recurrent: of an embedding; transformer: of the residual stream */
    size_t h;        /* mlp, recurrent: hidden units of a layer */
    size_t layers;   /* recurrent, transformer */
    size_t heads;    /* transformer: d is a multiple of them */
    size_t ctx;      /* transformer: positions; recurrent: the window it was trained on */
    bool tied;       /* transformer: the head is the embedding */
    double dropout;  /* while learning */
} Architecture;

typedef struct Network Network;

/* What a recurrent network remembers between passes: [layer][h or c][sequence][unit]. */
typedef struct {
    size_t sequences;
    Real *values; /* (network_memory(network) * sequences), zeros at the beginning of a text */
} Memory;

typedef struct {
    const char *name;
    void (*declare)(Network *network);
    void (*initialise)(Network *network, Random *random);
    Tensor *(*forward)(const Network *network, Tape *tape, const Batch *batch, Memory *memory);
    uint64_t (*multiply_adds)(const Architecture *architecture);
} NetworkType;

extern const NetworkType softmax_type, mlp_type, rnn_type, gru_type, lstm_type, transformer_type;

struct Network {
    Architecture architecture;
    const NetworkType *type;
    Parameters parameters;
    bool exact; /* products in fixed order, the same on every machine */
};

const char *network_kind_name(NetworkKind kind); /* "transformer" */
bool network_kind_find(const char *name, NetworkKind *kind);

/* Fails when the numbers do not fit together or would take more than NETWORK_MAX weights. */
#define NETWORK_MAX ((size_t)1 << 28)
bool architecture_check(const Architecture *architecture, Error *error);

/* "transformer, layers=2 heads=2 d=32 ctx=32": kind and numbers as a learner types them. */
const char *architecture_describe(const Architecture *architecture, Arena *arena);

Network *network_new(const Architecture *architecture, bool exact); /* checked before; all weights 0 */
void network_initialise(Network *network, Random *random);          /* PyTorch's defaults, see each kind */
Network *network_clone(const Network *network);
Network *network_twin(const Network *network); /* the same weights, gradients of its own; for a thread */
void network_free(Network *network);           /* NULL is fine */

bool network_recurrent(const Network *network); /* time is the slow index of its batches; has a memory */
bool network_windowed(const Network *network);  /* predicts once a context: softmax, mlp */
size_t network_context(const Network *network); /* tokens back: n - 1 or ctx; 0: all of them, by memory */
size_t network_memory(const Network *network);  /* numbers a sequence; 0 for those without */

/* Logits [rows, V] of a batch, with every intermediate tensor on the tape. `memory` may be NULL (zeros, not
 * kept); else it is read and then holds what it is after the last step. A transformer takes at most ctx
 * steps. */
Tensor *network_forward(const Network *network, Tape *tape, const Batch *batch, Memory *memory);

/* Work of predicting one token with full context, as multiply-adds; learning takes three times that. */
uint64_t network_multiply_adds(const Architecture *architecture);

/* --- for the kinds --- */
void fill_uniform(Tensor *tensor, double bound, Random *random); /* in [-bound, bound) */
void fill_normal(Tensor *tensor, double deviation, Random *random);
void fill_constant(Tensor *tensor, double value);

#endif
