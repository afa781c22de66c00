#include "core/neural/ops/attention.h"

#include <math.h>
#include <string.h>

#include "core/neural/elementary.h"
#include "core/neural/lanes.h"
#include "core/neural/matmul.h"
#include "core/neural/vector.h"

typedef struct {
    AttentionShape shape;
    Tensor *weights;
    Real *slopes; /* [steps, steps]: d loss / d scores of the head that backward is at */
} Attention;

/* One head of one sequence: its own places in the tensors of all. */
typedef struct {
    size_t steps, width;      /* T and C / heads */
    size_t in, out;           /* strides: 3 C and C */
    const Real *q, *k, *v;    /* [T, width], stride `in` */
    Real *dq, *dk, *dv;       /* likewise */
    Real *y, *dy;             /* [T, width], stride `out` */
    Real *weights, *dweights; /* [T, T] */
} Head;

static Head head_at(AttentionShape shape, size_t sequence, size_t number, const Tensor *qkv,
                    const Tensor *weights, const Tensor *y)
{
    size_t channels = tensor_columns(y), width = channels / shape.heads, steps = shape.steps;
    size_t in = sequence * steps * 3 * channels + number * width;
    size_t out = sequence * steps * channels + number * width;
    size_t square = (sequence * shape.heads + number) * steps * steps;
    Head head = {.steps = steps, .width = width, .in = 3 * channels, .out = channels};
    head.q = qkv->x + in;
    head.k = head.q + channels;
    head.v = head.k + channels;
    head.y = y->x + out;
    head.weights = weights->x + square;
    if (!y->g) return head; /* a tape that does not learn */
    head.dq = qkv->g + in;
    head.dk = head.dq + channels;
    head.dv = head.dk + channels;
    head.dy = y->g + out;
    head.dweights = weights->g + square;
    return head;
}

/* --- rows of weights --- */

/* A row of `steps` numbers, of which those up to t count, is read in pieces of VECTOR_LANES: number i goes
 * to lane i mod VECTOR_LANES. These see to one piece of n numbers, less than VECTOR_LANES only in the last,
 * of which the first `seen` count. */

static inline void most_of_piece(const Real *restrict x, size_t n, size_t seen, Real *restrict lane)
{
    for (size_t j = 0; j < n; j++) lane[j] = j < seen && x[j] > lane[j] ? x[j] : lane[j];
}

static inline void exp_of_piece(Real *restrict x, size_t n, size_t seen, Real scale, Real shift,
                                Real *restrict lane)
{
    for (size_t j = 0; j < n; j++) {
        Real y = real_exp(scale * (x[j] - shift));
        lane[j] += x[j] = j < seen ? y : 0;
    }
}

static inline Real most_of_lanes(Real *lane)
{
    for (size_t j = 0; j < 8; j++) lane[j] = lane[j] > lane[j + 8] ? lane[j] : lane[j + 8];
    for (size_t j = 0; j < 4; j++) lane[j] = lane[j] > lane[j + 4] ? lane[j] : lane[j + 4];
    for (size_t j = 0; j < 2; j++) lane[j] = lane[j] > lane[j + 2] ? lane[j] : lane[j + 2];
    return lane[0] > lane[1] ? lane[0] : lane[1];
}

static inline Real sum_of_lanes(Real *lane)
{
    for (size_t j = 0; j < 8; j++) lane[j] += lane[j + 8];
    for (size_t j = 0; j < 4; j++) lane[j] += lane[j + 4];
    return (lane[0] + lane[2]) + (lane[1] + lane[3]);
}

static inline size_t whole_pieces(size_t n) { return n - n % VECTOR_LANES; }

/* Numbers up to t, and as many after it as fill a piece. */
static inline size_t filled(size_t t, size_t steps)
{
    size_t n = whole_pieces(t) + VECTOR_LANES;
    return n < steps ? n : steps;
}

/* Scores become weights: softmax of the scaled scores. */
LANES static void weigh_row(size_t t, size_t steps, Real scale, Real *restrict x)
{
    size_t n = filled(t, steps), whole = whole_pieces(n);
    Real lane[VECTOR_LANES];
    for (size_t j = 0; j < VECTOR_LANES; j++) lane[j] = x[0];
    for (size_t i = 0; i < whole; i += VECTOR_LANES) most_of_piece(x + i, VECTOR_LANES, t + 1 - i, lane);
    if (whole < n) most_of_piece(x + whole, n - whole, t + 1 - whole, lane);
    Real shift = most_of_lanes(lane);
    for (size_t j = 0; j < VECTOR_LANES; j++) lane[j] = 0;
    for (size_t i = 0; i < whole; i += VECTOR_LANES)
        exp_of_piece(x + i, VECTOR_LANES, t + 1 - i, scale, shift, lane);
    if (whole < n) exp_of_piece(x + whole, n - whole, t + 1 - whole, scale, shift, lane);
    Real share = 1 / sum_of_lanes(lane);
    for (size_t i = 0; i < whole; i += VECTOR_LANES)
        for (size_t j = 0; j < VECTOR_LANES; j++) x[i + j] *= share;
    for (size_t i = whole; i < n; i++) x[i] *= share;
    memset(x + n, 0, (steps - n) * sizeof *x);
}

/* slopes = d loss / d scores = scale weight (d weight - mean of d weight, each as often as it weighs). */
LANES static void weigh_row_back(size_t t, size_t steps, Real scale, const Real *restrict p,
                                 const Real *restrict dp, Real *restrict slopes)
{
    size_t n = filled(t, steps), whole = whole_pieces(n);
    Real lane[VECTOR_LANES] = {0};
    for (size_t i = 0; i < whole; i += VECTOR_LANES)
        for (size_t j = 0; j < VECTOR_LANES; j++) lane[j] += p[i + j] * dp[i + j];
    for (size_t i = whole; i < n; i++) lane[i - whole] += p[i] * dp[i];
    Real mean = sum_of_lanes(lane);
    for (size_t i = 0; i < whole; i += VECTOR_LANES)
        for (size_t j = 0; j < VECTOR_LANES; j++) slopes[i + j] = scale * p[i + j] * (dp[i + j] - mean);
    for (size_t i = whole; i < n; i++) slopes[i] = scale * p[i] * (dp[i] - mean);
    memset(slopes + n, 0, (steps - n) * sizeof *slopes);
}

/* 1 / sqrt(C / heads): keeps the scores of wide heads from growing. */
static Real score_scale(const Head *head) { return (Real)(1 / sqrt((double)head->width)); }

/* --- a head --- */

/* Products are made for so many positions at once, and only with those they can see: larger pieces mean more
 * products with what is still to come, smaller ones more calls. */
enum { PIECE = 32 };

static size_t piece_end(size_t begin, size_t steps) { return begin + PIECE < steps ? begin + PIECE : steps; }

static void attend(const Head *head, bool exact)
{
    size_t steps = head->steps;
    Real scale = score_scale(head);
    for (size_t begin = 0, end; begin < steps; begin = end) {
        end = piece_end(begin, steps);
        Real *weights = head->weights + begin * steps;
        matmul(exact, (MatmulSize){end - begin, end, head->width},
               matrix(head->q + begin * head->in, head->in), matrix_transposed(head->k, head->in),
               (Product){weights, steps, 0});
        for (size_t t = begin; t < end; t++) weigh_row(t, steps, scale, head->weights + t * steps);
        matmul(exact, (MatmulSize){end - begin, head->width, end}, matrix(weights, steps),
               matrix(head->v, head->in), (Product){head->y + begin * head->out, head->out, 0});
    }
}

/* The gradients of weights, scores and queries: each position looks back. */
static void look_back(const Head *head, bool exact, Real *slopes, Real beta)
{
    size_t steps = head->steps;
    Real scale = score_scale(head);
    assert(head->dweights && slopes);
    for (size_t begin = 0, end; begin < steps; begin = end) {
        end = piece_end(begin, steps);
        matmul(exact, (MatmulSize){end - begin, end, head->width},
               matrix(head->dy + begin * head->out, head->out), matrix_transposed(head->v, head->in),
               (Product){head->dweights + begin * steps, steps, 0});
        for (size_t t = begin; t < end; t++) {
            Real *row = head->dweights + t * steps;
            weigh_row_back(t, steps, scale, head->weights + t * steps, row, slopes + t * steps);
            memset(row + t + 1, 0, (steps - t - 1) * sizeof *row);
        }
        matmul(exact, (MatmulSize){end - begin, head->width, end}, matrix(slopes + begin * steps, steps),
               matrix(head->k, head->in), (Product){head->dq + begin * head->in, head->in, beta});
    }
}

/* The gradients of values and keys: each position was looked at by itself and those after it. */
static void looked_at(const Head *head, bool exact, const Real *slopes, Real beta)
{
    size_t steps = head->steps;
    for (size_t begin = 0, end; begin < steps; begin = end) {
        end = piece_end(begin, steps);
        MatmulSize size = {end - begin, head->width, steps - begin};
        size_t corner = begin * steps + begin, in = begin * head->in;
        matmul(exact, size, matrix_transposed(head->weights + corner, steps),
               matrix(head->dy + begin * head->out, head->out), (Product){head->dv + in, head->in, beta});
        matmul(exact, size, matrix_transposed(slopes + corner, steps), matrix(head->q + in, head->in),
               (Product){head->dk + in, head->in, beta});
    }
}

/* in: qkv. */
static void attention_back(const Node *node)
{
    const Attention *attention = node->saved;
    AttentionShape shape = attention->shape;
    Real beta = tensor_claim(node->in[0]);
    tensor_claim(attention->weights);
    for (size_t s = 0; s < shape.sequences; s++)
        for (size_t h = 0; h < shape.heads; h++) {
            Head head = head_at(shape, s, h, node->in[0], attention->weights, node->out);
            look_back(&head, node->exact, attention->slopes, beta);
            looked_at(&head, node->exact, attention->slopes, beta);
        }
}

static void record(Tape *tape, Tensor *y, Tensor *weights, Tensor *qkv, AttentionShape shape)
{
    Attention *attention = tape_alloc(tape, 1, sizeof *attention);
    *attention = (Attention){.shape = shape, .weights = weights};
    if (tape_learns(tape))
        attention->slopes = tape_alloc(tape, shape.steps * shape.steps, sizeof *attention->slopes);
    Node *node = tape_record(tape, y, attention_back);
    node->in[0] = qkv;
    node->saved = attention;
}

Tensor *op_attention(Tape *tape, const char *name, const char *weights_name, Tensor *qkv,
                     AttentionShape shape)
{
    size_t channels = tensor_columns(qkv) / 3;
    assert(tensor_columns(qkv) == 3 * channels && channels % shape.heads == 0);
    assert(tensor_rows(qkv) == shape.sequences * shape.steps);
    Tensor *weights = tape_tensor(tape, weights_name, 4,
                                  (const size_t[]){shape.sequences, shape.heads, shape.steps, shape.steps});
    Tensor *y = tape_matrix(tape, name, tensor_rows(qkv), channels);
    for (size_t s = 0; s < shape.sequences; s++)
        for (size_t h = 0; h < shape.heads; h++) {
            Head head = head_at(shape, s, h, qkv, weights, y);
            attend(&head, tape_exact(tape));
        }
    record(tape, y, weights, qkv, shape);
    return y;
}
