#include "core/neural/ops/attention.h"

#include <math.h>
#include <string.h>

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
    if (!qkv->g) return head;
    head.dq = qkv->g + in;
    head.dk = head.dq + channels;
    head.dv = head.dk + channels;
    head.dy = y->g + out;
    head.dweights = weights->g + square;
    return head;
}

/* 1 / sqrt(C / heads): keeps the scores of wide heads from growing. */
static Real score_scale(const Head *head) { return (Real)(1 / sqrt((double)head->width)); }

/* Scores become weights, row by row: of t + 1 positions, and 0 for those to come. */
static void weigh(const Head *head)
{
    size_t steps = head->steps;
    Real scale = score_scale(head);
    for (size_t t = 0; t < steps; t++) {
        Real *row = head->weights + t * steps;
        vector_scale_add(t + 1, scale, row, 0, row);
        vector_softmax(t + 1, row, row);
        memset(row + t + 1, 0, (steps - t - 1) * sizeof *row);
    }
}

static void attend(const Head *head, bool exact)
{
    size_t steps = head->steps;
    matmul(exact, (MatmulSize){steps, steps, head->width}, matrix(head->q, head->in),
           matrix_transposed(head->k, head->in), 0, head->weights, steps);
    weigh(head);
    matmul(exact, (MatmulSize){steps, head->width, steps}, matrix(head->weights, steps),
           matrix(head->v, head->in), 0, head->y, head->out);
}

/* d scores = weight (d weight - mean of d weight, each as often as it weighs), times the scale. */
LANES static void softmax_back(size_t n, const Real *restrict p, const Real *restrict dp, Real mean,
                               Real scale, Real *restrict slopes)
{
    for (size_t i = 0; i < n; i++) slopes[i] = scale * p[i] * (dp[i] - mean);
}

static void weigh_back(const Head *head, Real *slopes)
{
    size_t steps = head->steps;
    Real scale = score_scale(head);
    for (size_t t = 0; t < steps; t++) {
        Real *p = head->weights + t * steps, *dp = head->dweights + t * steps, *row = slopes + t * steps;
        softmax_back(t + 1, p, dp, vector_dot(t + 1, p, dp), scale, row);
        memset(row + t + 1, 0, (steps - t - 1) * sizeof *row);
        memset(dp + t + 1, 0, (steps - t - 1) * sizeof *dp);
    }
}

static void attend_back(const Head *head, bool exact, Real *slopes, Real beta)
{
    size_t steps = head->steps, width = head->width;
    Matrix dy = matrix(head->dy, head->out);
    matmul(exact, (MatmulSize){steps, steps, width}, dy, matrix_transposed(head->v, head->in), 0,
           head->dweights, steps);
    matmul(exact, (MatmulSize){steps, width, steps}, matrix_transposed(head->weights, steps), dy, beta,
           head->dv, head->in);
    weigh_back(head, slopes);
    matmul(exact, (MatmulSize){steps, width, steps}, matrix(slopes, steps), matrix(head->k, head->in), beta,
           head->dq, head->in);
    matmul(exact, (MatmulSize){steps, width, steps}, matrix_transposed(slopes, steps),
           matrix(head->q, head->in), beta, head->dk, head->in);
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
            attend_back(&head, node->exact, attention->slopes, beta);
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
