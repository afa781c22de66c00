#include "core/neural/matmul.h"

#include <cblas.h>
#include <limits.h>
#include <string.h>

#include "core/base/error.h"
#include "core/neural/lanes.h"

Matrix matrix(const Real *x, size_t stride) { return (Matrix){.x = x, .stride = stride}; }

Matrix matrix_transposed(const Real *x, size_t stride)
{
    return (Matrix){.x = x, .stride = stride, .transposed = true};
}

/* --- plain --- */

enum { TILE = 64 };

static Real element(Matrix a, size_t row, size_t column)
{
    return a.transposed ? a.x[column * a.stride + row] : a.x[row * a.stride + column];
}

/* The part of b that begins at (k, j) as rows of TILE numbers; zeros beyond its edge. */
static void pack(Matrix b, size_t k, size_t j, size_t rows, size_t columns, Real *tile)
{
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < TILE; c++) tile[r * TILE + c] = c < columns ? element(b, k + r, j + c) : 0;
}

/* sums[TILE] += a[row, k ...] times the tile: for each sum, k runs from first to last. */
LANES static void multiply_row(const Real *a, size_t step, size_t rows, const Real *restrict tile,
                               Real *restrict sums)
{
    for (size_t r = 0; r < rows; r++) {
        Real factor = a[r * step];
        for (size_t c = 0; c < TILE; c++) sums[c] += factor * tile[r * TILE + c];
    }
}

/* The columns of c above a tile: its share of k of every row. */
static void multiply_tile(MatmulSize part, Matrix a, size_t k, const Real *tile, Product product)
{
    Real sums[TILE] = {0};
    const Real *from = a.transposed ? a.x + k * a.stride : a.x + k;
    size_t row = a.transposed ? 1 : a.stride, step = a.transposed ? a.stride : 1;
    for (size_t i = 0; i < part.m; i++) {
        Real *c = product.c + i * product.stride;
        memcpy(sums, c, part.n * sizeof *c);
        multiply_row(from + i * row, step, part.k, tile, sums);
        memcpy(c, sums, part.n * sizeof *c);
    }
}

static size_t at_most(size_t number, size_t most) { return number < most ? number : most; }

static void multiply_plainly(MatmulSize size, Matrix a, Matrix b, Product product)
{
    Real tile[TILE * TILE];
    if (product.beta == 0)
        for (size_t i = 0; i < size.m; i++)
            memset(product.c + i * product.stride, 0, size.n * sizeof *product.c);
    for (size_t j = 0; j < size.n; j += TILE)
        for (size_t k = 0; k < size.k; k += TILE) {
            MatmulSize part = {size.m, at_most(size.n - j, TILE), at_most(size.k - k, TILE)};
            pack(b, k, j, part.k, part.n, tile);
            multiply_tile(part, a, k, tile, (Product){product.c + j, product.stride, 1});
        }
}

/* --- the library --- */

#ifdef REAL_DOUBLE
#define GEMM cblas_dgemm
#else
#define GEMM cblas_sgemm
#endif

static int whole(size_t number)
{
    assert(number <= INT_MAX);
    return (int)number;
}

/* One thread: more gain nothing at our sizes, and theirs spin while they wait. */
static void multiply_fast(MatmulSize size, Matrix a, Matrix b, Product product)
{
    if (openblas_get_num_threads() != 1) openblas_set_num_threads(1);
    GEMM(CblasRowMajor, a.transposed ? CblasTrans : CblasNoTrans, b.transposed ? CblasTrans : CblasNoTrans,
         whole(size.m), whole(size.n), whole(size.k), 1, a.x, whole(a.stride), b.x, whole(b.stride),
         product.beta, product.c, whole(product.stride));
}

/* Of fewer than SMALL multiply-adds OpenBLAS makes a product without packing its matrices, where the machine
 * has AVX-512 and b is not transposed: 10 to 25 % faster. */
enum { SMALL = 1000000, PIECE = 16 };

static bool has_small_products(void)
{
#if defined(__x86_64__) && defined(__GNUC__)
    return __builtin_cpu_supports("avx512f");
#else
    return false;
#endif
}

/* How much of `length` is multiplied at once, when each of it takes `each` multiply-adds: all of it where
 * pieces would be slivers. */
static size_t piece_of(size_t length, size_t each)
{
    size_t most = SMALL / each / PIECE * PIECE;
    return most < 2 * (size_t)PIECE || most > length ? length : most;
}

/* A large product as small ones: the rows of c one after the other, or what each sum runs over. */
static void multiply_in_pieces(MatmulSize size, Matrix a, Matrix b, Product product)
{
    bool by_rows = !a.transposed;
    size_t length = by_rows ? size.m : size.k, other = by_rows ? size.k : size.m;
    size_t piece = piece_of(length, size.n * other);
    for (size_t at = 0; at < length; at += piece) {
        size_t part = at_most(length - at, piece);
        Matrix some = {a.x + at * a.stride, a.stride, a.transposed};
        if (by_rows) {
            multiply_fast((MatmulSize){part, size.n, size.k}, some, b,
                          (Product){product.c + at * product.stride, product.stride, product.beta});
        } else {
            multiply_fast((MatmulSize){size.m, size.n, part}, some, matrix(b.x + at * b.stride, b.stride),
                          product);
            product.beta = 1;
        }
    }
}

void matmul(bool exact, MatmulSize size, Matrix a, Matrix b, Product product)
{
    if (size.m == 0 || size.n == 0) return;
    bool large = size.m * size.n * size.k > SMALL && !b.transposed && has_small_products();
    if (exact || size.k == 0)
        multiply_plainly(size, a, b, product);
    else
        (large ? multiply_in_pieces : multiply_fast)(size, a, b, product);
}
