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

static void multiply_tile(MatmulSize size, Matrix a, const Real *tile, size_t k, size_t rows, size_t columns,
                          Real *c, size_t stride)
{
    Real sums[TILE] = {0};
    for (size_t i = 0; i < size.m; i++) {
        memcpy(sums, c + i * stride, columns * sizeof *c);
        multiply_row(&a.x[a.transposed ? k * a.stride + i : i * a.stride + k], a.transposed ? a.stride : 1,
                     rows, tile, sums);
        memcpy(c + i * stride, sums, columns * sizeof *c);
    }
}

static size_t at_most(size_t number, size_t most) { return number < most ? number : most; }

static void multiply_plainly(MatmulSize size, Matrix a, Matrix b, Real *c, size_t stride)
{
    Real tile[TILE * TILE];
    for (size_t j = 0; j < size.n; j += TILE)
        for (size_t k = 0; k < size.k; k += TILE) {
            size_t rows = at_most(size.k - k, TILE), columns = at_most(size.n - j, TILE);
            pack(b, k, j, rows, columns, tile);
            multiply_tile(size, a, tile, k, rows, columns, c + j, stride);
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
static void multiply_fast(MatmulSize size, Matrix a, Matrix b, Real beta, Real *c, size_t stride)
{
    if (openblas_get_num_threads() != 1) openblas_set_num_threads(1);
    GEMM(CblasRowMajor, a.transposed ? CblasTrans : CblasNoTrans, b.transposed ? CblasTrans : CblasNoTrans,
         whole(size.m), whole(size.n), whole(size.k), 1, a.x, whole(a.stride), b.x, whole(b.stride), beta, c,
         whole(stride));
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
static void multiply_in_pieces(MatmulSize size, Matrix a, Matrix b, Real beta, Real *c, size_t stride)
{
    bool by_rows = !a.transposed;
    size_t length = by_rows ? size.m : size.k, other = by_rows ? size.k : size.m;
    size_t piece = piece_of(length, size.n * other);
    for (size_t at = 0; at < length; at += piece) {
        size_t part = at_most(length - at, piece);
        if (by_rows)
            multiply_fast((MatmulSize){.m = part, .n = size.n, .k = size.k},
                          matrix(a.x + at * a.stride, a.stride), b, beta, c + at * stride, stride);
        else
            multiply_fast((MatmulSize){.m = size.m, .n = size.n, .k = part},
                          matrix_transposed(a.x + at * a.stride, a.stride),
                          matrix(b.x + at * b.stride, b.stride), at > 0 ? 1 : beta, c, stride);
    }
}

void matmul(bool exact, MatmulSize size, Matrix a, Matrix b, Real beta, Real *c, size_t stride)
{
    if (size.m == 0 || size.n == 0) return;
    if (!exact && size.k > 0) {
        bool cut = size.m * size.n * size.k > SMALL && !b.transposed && has_small_products();
        (cut ? multiply_in_pieces : multiply_fast)(size, a, b, beta, c, stride);
        return;
    }
    if (beta == 0)
        for (size_t i = 0; i < size.m; i++) memset(c + i * stride, 0, size.n * sizeof *c);
    multiply_plainly(size, a, b, c, stride);
}
