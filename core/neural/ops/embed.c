#include "core/neural/ops/embed.h"

#include <string.h>

#include "core/neural/vector.h"

typedef struct {
    const TokenId *ids;
    size_t count;
} Looked;

static void embed_back(const Node *node)
{
    const Looked *looked = node->saved;
    size_t columns = tensor_columns(node->out);
    for (size_t i = 0; i < looked->count; i++)
        if (looked->ids[i] != TOKEN_NONE)
            vector_add(columns, node->out->g + i * columns,
                       node->in[0]->g + (size_t)looked->ids[i] * columns);
}

Tensor *op_embed(Tape *tape, const char *name, Tensor *table, const TokenId *ids, size_t count)
{
    size_t columns = tensor_columns(table);
    Tensor *y = tape_matrix(tape, name, count, columns);
    for (size_t i = 0; i < count; i++) {
        Real *row = y->x + i * columns;
        assert(ids[i] == TOKEN_NONE || (ids[i] >= 0 && (size_t)ids[i] < tensor_rows(table)));
        if (ids[i] == TOKEN_NONE)
            memset(row, 0, columns * sizeof *row);
        else
            memcpy(row, table->x + (size_t)ids[i] * columns, columns * sizeof *row);
    }
    Looked *looked = tape_alloc(tape, 1, sizeof *looked);
    *looked = (Looked){.ids = ids, .count = count};
    Node *node = tape_record(tape, y, embed_back);
    node->in[0] = table;
    node->saved = looked;
    return y;
}
