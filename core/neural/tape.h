/* tape.h - one forward pass, remembered so that it can be walked backwards (reverse-mode differentiation;
 * Griewank & Walther 2008, ch. 3).
 *
 * Operations (core/neural/ops) compute at once and record a Node. All memory of a pass is the tape's: every
 * intermediate tensor keeps its values and gradient, and can be found by name, until the next
 * tape_begin. A tape belongs to one thread. */
#ifndef CORE_NEURAL_TAPE_H
#define CORE_NEURAL_TAPE_H

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/neural/tensor.h"

typedef struct Tape Tape;

typedef struct Node Node;
struct Node {
    void (*backward)(const Node *node); /* reads out->g, adds to the g of its inputs */
    Tensor *out;
    Tensor *in[6]; /* NULL where there is none */
    void *saved;   /* what else backward needs, from tape_alloc */
    bool exact;    /* of the tape: for matmul */
};

typedef enum { PASS_PREDICT, PASS_LEARN } PassKind; /* only a pass that learns has gradients */

Tape *tape_new(bool exact); /* exact: products in fixed order, see matmul.h */
void tape_free(Tape *tape); /* NULL is fine */

/* Forget the last pass and begin another one; memory is kept for it. */
void tape_begin(Tape *tape, PassKind kind);

/* Dropout is part of a pass from here on, with these dice (borrowed); without it dropout does nothing. */
void tape_set_dice(Tape *tape, Random *dice);
Random *tape_dice(const Tape *tape); /* NULL: none */

bool tape_learns(const Tape *tape);
bool tape_exact(const Tape *tape);

/* Uninitialised memory that lives as long as the pass. */
void *tape_alloc(Tape *tape, size_t count, size_t size);
const char *tape_name(Tape *tape, const char *format, ...) PRINTF_LIKE(2, 3);

/* A tensor of this pass, its x uninitialised and, when the pass learns, its g not yet written. Of the shape
 * only the first `dims` numbers count. `name` is kept, not copied. */
Tensor *tape_tensor(Tape *tape, const char *name, int dims, const size_t *shape);
Tensor *tape_matrix(Tape *tape, const char *name, size_t rows, size_t columns);

/* A tensor with the values and gradient of `source` under another shape of the same size; operations read it
 * in the place of `source` from then on. */
Tensor *tape_view(Tape *tape, const char *name, Tensor *source, int dims, const size_t *shape);

/* The node of an operation just computed, to be filled in; its `exact` and `out` are. When the pass does not
 * learn, a node that nobody will walk. */
Node *tape_record(Tape *tape, Tensor *out, void (*backward)(const Node *node));

/* From the last node to the first. The g of the tensors to start from must have been written, which
 * op_cross_entropy does; a node whose out nobody wrote is passed over. */
void tape_backward(Tape *tape);

const Tensor *tape_find(const Tape *tape, const char *name); /* NULL if there is none */
size_t tape_tensors(const Tape *tape);                       /* how many, and which: in the order made */
const Tensor *tape_at(const Tape *tape, size_t index);

#endif
