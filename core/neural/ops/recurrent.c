#include "core/neural/ops/recurrent.h"

#include <string.h>

#include "core/neural/matmul.h"
#include "core/neural/vector.h"

static size_t rows_of(const Recurrence *layer) { return layer->shape.steps * layer->shape.sequences; }

Real *recurrence_alloc(Tape *tape, const Recurrence *layer, size_t columns)
{
    return tape_alloc(tape, rows_of(layer) * columns, sizeof(Real));
}

Real *recurrence_first(Tape *tape, const Recurrence *layer, const Real *given)
{
    Real *block = tape_alloc(tape, layer->block, sizeof *block);
    if (given)
        memcpy(block, given, layer->block * sizeof *block);
    else
        memset(block, 0, layer->block * sizeof *block);
    return block;
}

static Real *transpose(Tape *tape, const Tensor *w)
{
    size_t rows = tensor_rows(w), columns = tensor_columns(w);
    Real *transposed = tape_alloc(tape, rows * columns, sizeof *transposed);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) transposed[j * rows + i] = w->x[i * columns + j];
    return transposed;
}

static void add_gates(Tape *tape, const char *prefix, Recurrence *layer)
{
    layer->gates = tape_matrix(tape, tape_name(tape, "%s.gates", prefix), rows_of(layer), layer->width);
    layer->d_input = layer->d_hidden = layer->gates->g;
}

Recurrence *recurrence_new(Tape *tape, const char *prefix, Tensor *x, RecurrentWeights weights,
                           RecurrentShape shape)
{
    Recurrence *layer = tape_alloc(tape, 1, sizeof *layer);
    size_t units = tensor_columns(weights.w_hh), width = tensor_rows(weights.w_hh);
    assert(shape.steps > 0 && tensor_columns(weights.w_ih) == tensor_columns(x));
    assert(shape.ids || tensor_rows(x) == shape.steps * shape.sequences);
    *layer = (Recurrence){.x = x,
                          .weights = weights,
                          .shape = shape,
                          .exact = tape_exact(tape),
                          .inputs = tensor_columns(x),
                          .units = units,
                          .width = width,
                          .block = shape.sequences * units};
    layer->h = tape_matrix(tape, tape_name(tape, "%s.h", prefix), rows_of(layer), units);
    layer->h_first = recurrence_first(tape, layer, shape.h);
    if (shape.steps > 1 && shape.sequences > 1) layer->transposed = transpose(tape, weights.w_hh);
    if (width > units) add_gates(tape, prefix, layer);
    if (shape.ids) layer->from_x = tape_alloc(tape, (tensor_rows(x) + 1) * width, sizeof(Real));
    return layer;
}

/* Every row as the biases are: bi, and the first `columns` of bh on top. */
static void fill_bias(const Recurrence *layer, size_t columns, size_t rows, Real *out)
{
    size_t bytes = layer->width * sizeof *out;
    memcpy(out, layer->weights.b_ih->x, bytes);
    vector_add(columns, layer->weights.b_hh->x, out);
    for (size_t i = 1; i < rows; i++) memcpy(out + i * layer->width, out, bytes);
}

/* out += x W^T */
static void add_input_product(const Recurrence *layer, size_t rows, Real *out)
{
    matmul(layer->exact, (MatmulSize){.m = rows, .n = layer->width, .k = layer->inputs},
           matrix(layer->x->x, layer->inputs), matrix_transposed(layer->weights.w_ih->x, layer->inputs),
           (Product){out, layer->width, 1});
}

/* The row of from_x for input i. */
static size_t row_read(const Recurrence *layer, size_t i)
{
    TokenId id = layer->shape.ids[i];
    size_t rows = tensor_rows(layer->x);
    assert(id == TOKEN_NONE || (id >= 0 && (size_t)id < rows));
    return id == TOKEN_NONE ? rows : (size_t)id;
}

void recurrence_inputs(const Recurrence *layer, size_t columns, Real *gates)
{
    size_t width = layer->width, rows = layer->shape.ids ? tensor_rows(layer->x) : rows_of(layer);
    Real *out = layer->shape.ids ? layer->from_x : gates;
    fill_bias(layer, columns, layer->shape.ids ? rows + 1 : rows, out);
    add_input_product(layer, rows, out);
    for (size_t i = 0; layer->shape.ids && i < rows_of(layer); i++)
        memcpy(gates + i * width, out + row_read(layer, i) * width, width * sizeof *gates);
}

void recurrence_product(const Recurrence *layer, size_t t, Real beta, Real *out)
{
    Matrix weights = layer->transposed ? matrix(layer->transposed, layer->width)
                                       : matrix_transposed(layer->weights.w_hh->x, layer->units);
    matmul(layer->exact, (MatmulSize){.m = layer->shape.sequences, .n = layer->width, .k = layer->units},
           matrix(recurrence_h_before(layer, t), layer->units), weights, (Product){out, layer->width, beta});
}

const Real *recurrence_h_before(const Recurrence *layer, size_t t)
{
    return t > 0 ? layer->h->x + (t - 1) * layer->block : layer->h_first;
}

const Real *recurrence_c_before(const Recurrence *layer, size_t t)
{
    return t > 0 ? layer->c->x + (t - 1) * layer->block : layer->c_first;
}

Tensor *recurrence_record(Tape *tape, Recurrence *layer, void (*backward)(const Node *node))
{
    RecurrentWeights *weights = &layer->weights;
    Node *node = tape_record(tape, layer->h, backward);
    node->in[0] = layer->x;
    node->in[1] = weights->w_ih;
    node->in[2] = weights->w_hh;
    node->in[3] = weights->b_ih;
    node->in[4] = weights->b_hh;
    node->saved = layer;
    return layer->h;
}

void recurrence_product_back(const Recurrence *layer, size_t t)
{
    if (t == 0) return;
    matmul(layer->exact, (MatmulSize){.m = layer->shape.sequences, .n = layer->units, .k = layer->width},
           matrix(layer->d_hidden + t * layer->shape.sequences * layer->width, layer->width),
           matrix(layer->weights.w_hh->x, layer->units),
           (Product){layer->h->g + (t - 1) * layer->block, layer->units, 1});
}

/* dw = beta dw + dy^T x, for dy [rows, width] and x [rows, columns] */
static void weight_back(const Recurrence *layer, Tensor *w, Real beta, size_t rows, const Real *dy,
                        const Real *x)
{
    size_t columns = tensor_columns(w);
    matmul(layer->exact, (MatmulSize){.m = layer->width, .n = columns, .k = rows},
           matrix_transposed(dy, layer->width), matrix(x, columns), (Product){w->g, columns, beta});
}

/* The first step's h' stands apart from the others, and is often zero. */
static void hidden_weights_back(const Recurrence *layer)
{
    size_t sequences = layer->shape.sequences, others = rows_of(layer) - sequences;
    Tensor *w = layer->weights.w_hh;
    Real beta = tensor_claim(w);
    if (layer->shape.h || others == 0) {
        weight_back(layer, w, beta, sequences, layer->d_hidden, layer->h_first);
        beta = 1;
    }
    if (others > 0)
        weight_back(layer, w, beta, others, layer->d_hidden + sequences * layer->width, layer->h->x);
}

static void bias_back(const Recurrence *layer, Tensor *b, size_t rows, const Real *dy)
{
    if (tensor_claim(b) == 0) memset(b->g, 0, layer->width * sizeof *b->g);
    for (size_t i = 0; i < rows; i++) vector_add(layer->width, dy + i * layer->width, b->g);
}

/* dx, dW and dbi for the `rows` rows of x, and `more` of zeros below them */
static void inputs_back(const Recurrence *layer, size_t rows, size_t more, const Real *dy)
{
    weight_back(layer, layer->weights.w_ih, tensor_claim(layer->weights.w_ih), rows, dy, layer->x->x);
    bias_back(layer, layer->weights.b_ih, rows + more, dy);
    matmul(layer->exact, (MatmulSize){.m = rows, .n = layer->inputs, .k = layer->width},
           matrix(dy, layer->width), matrix(layer->weights.w_ih->x, layer->inputs),
           (Product){layer->x->g, layer->inputs, tensor_claim(layer->x)});
}

/* The gradient of from_x, whose values are not needed any more, takes their place. */
static void table_back(const Recurrence *layer)
{
    size_t rows = tensor_rows(layer->x), width = layer->width;
    memset(layer->from_x, 0, (rows + 1) * width * sizeof(Real));
    for (size_t i = 0; i < rows_of(layer); i++)
        vector_add(width, layer->d_input + i * width, layer->from_x + row_read(layer, i) * width);
    inputs_back(layer, rows, 1, layer->from_x);
}

void recurrence_finish_back(const Recurrence *layer)
{
    if (layer->gates) tensor_claim(layer->gates);
    if (layer->c) tensor_claim(layer->c);
    hidden_weights_back(layer);
    bias_back(layer, layer->weights.b_hh, rows_of(layer), layer->d_hidden);
    if (layer->shape.ids)
        table_back(layer);
    else
        inputs_back(layer, rows_of(layer), 0, layer->d_input);
}
