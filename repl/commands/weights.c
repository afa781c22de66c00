/* weights.c - all numbers a network has learnt: its tensors as a list, or one of them opened. */
#include <math.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/neural/vector.h"
#include "repl/commands/axes.h"
#include "repl/commands/commands.h"
#include "repl/commands/look.h"
#include "repl/nearest.h"

enum { ROWS_SHOWN = 24, COLUMNS_SHOWN = 24, NUMBERS_MOST = 200000 };

/* --- the list --- */

static double largest_of(const Tensor *tensor)
{
    double largest = 0;
    size_t size = tensor_size(tensor);
    for (size_t i = 0; i < size; i++) largest = fmax(largest, fabs((double)tensor->x[i]));
    return largest;
}

static void show_list(const Call *call, const Network *network, Result *result)
{
    const Parameters *parameters = &network->parameters;
    result->title =
        arena_format(call->arena, "%s: %s", call->model_name, model_describe(call->model, call->arena));
    result_field(result, "parameters", _("%s weights"), UNIT_NONE, value_count(parameters->total));
    result_table(result, "rows");
    int name = result_column(result, "tensor", _("tensor"), UNIT_NONE, false),
        shape = result_column(result, "shape", _("shape"), UNIT_NONE, false),
        count = result_column(result, "numbers", _("numbers"), UNIT_NONE, false),
        norm = result_column(result, "norm", _("norm"), UNIT_BITS, false),
        largest = result_column(result, "largest", _("largest"), UNIT_BITS, false);
    for (size_t i = 0; i < parameters->count; i++) {
        const Tensor *tensor = &parameters->tensors[i];
        size_t size = tensor_size(tensor);
        Value *cells = result_row(result);
        cells[name] = value_text(tensor->name);
        cells[shape] = value_text(axis_shape(tensor, call->arena));
        cells[count] = value_count(size);
        cells[norm] = value_number(sqrt(vector_squares(size, tensor->x)));
        cells[largest] = value_number(largest_of(tensor));
    }
    result_fold(result);
    result_note(result, _("weights NAME opens one of them."));
}

/* --- one tensor --- */

/* A vector is a matrix of one column. */
typedef struct {
    const Call *call;
    const Tensor *tensor;
    size_t rows, columns, row, column; /* the part people see begins at row, column */
} Opened;

static bool open_tensor(const Call *call, const Tensor *tensor, Opened *o, Error *error)
{
    bool vector = tensor->dims == 1;
    *o = (Opened){.call = call,
                  .tensor = tensor,
                  .rows = vector ? tensor_columns(tensor) : tensor_rows(tensor),
                  .columns = vector ? 1 : tensor_columns(tensor)};
    return look_index(call, OPT_ROW, o->rows, _("rows there"), &o->row, error) &&
           look_index(call, OPT_COLUMN, o->columns, _("columns there"), &o->column, error);
}

static const char *row_name(const Opened *o, size_t row)
{
    return axis_name(o->call->model, o->tensor, 0, row, o->call->arena);
}

static const char *column_name(const Opened *o, size_t column)
{
    return o->tensor->dims == 1 ? _("value")
                                : axis_name(o->call->model, o->tensor, 1, column, o->call->arena);
}

static void add_numbers(const Opened *o, Result *result)
{
    result_table(result, "rows");
    int row = result_column(result, "row", NULL, UNIT_NONE, false),
        column = result_column(result, "column", NULL, UNIT_NONE, false),
        value = result_column(result, "value", NULL, UNIT_NONE, false);
    if (o->rows * o->columns > NUMBERS_MOST)
        result_note(result, _("The first %d of %zu numbers."), NUMBERS_MOST, o->rows * o->columns);
    const char **columns = arena_alloc(result->arena, o->columns, sizeof *columns);
    for (size_t c = 0; c < o->columns; c++) columns[c] = column_name(o, c);
    for (size_t r = 0; r < o->rows && r * o->columns < NUMBERS_MOST; r++) {
        const char *name = row_name(o, r);
        for (size_t c = 0; c < o->columns; c++) {
            Value *cells = result_row(result);
            cells[row] = value_text(name);
            cells[column] = value_text(columns[c]);
            cells[value] = value_number((double)o->tensor->x[r * o->columns + c]);
        }
    }
}

static void add_grid(const Opened *o, Result *result)
{
    Arena *arena = result->arena;
    size_t rows = o->rows - o->row < ROWS_SHOWN ? o->rows - o->row : ROWS_SHOWN,
           columns = o->columns - o->column < COLUMNS_SHOWN ? o->columns - o->column : COLUMNS_SHOWN;
    double *values = arena_alloc(arena, rows * columns, sizeof *values);
    const char **names = arena_alloc(arena, rows, sizeof *names),
               **heads = arena_alloc(arena, columns, sizeof *heads);
    for (size_t c = 0; c < columns; c++) heads[c] = column_name(o, o->column + c);
    for (size_t r = 0; r < rows; r++) {
        names[r] = row_name(o, o->row + r);
        for (size_t c = 0; c < columns; c++)
            values[r * columns + c] = (double)o->tensor->x[(o->row + r) * o->columns + o->column + c];
    }
    Grid grid = {.rows = names,
                 .columns = heads,
                 .row_count = rows,
                 .column_count = columns,
                 .values = values,
                 .full = look_largest(values, rows * columns),
                 .balanced = true};
    look_grid(&grid, result);
    if (rows < o->rows || columns < o->columns)
        result_note(result,
                    _("Rows %zu to %zu of %zu, columns %zu to %zu of %zu; row= and column= move on, "
                      "as=csv gives all."),
                    o->row + 1, o->row + rows, o->rows, o->column + 1, o->column + columns, o->columns);
}

static bool show_tensor(const Call *call, const Tensor *tensor, Result *result, Error *error)
{
    Opened o;
    if (!open_tensor(call, tensor, &o, error)) return false;
    size_t size = tensor_size(tensor);
    result->title = arena_format(call->arena, "%s: %s", call->model_name, tensor->name);
    result_field(result, "tensor", NULL, UNIT_NONE, value_text(tensor->name));
    result_field(result, "shape", "%s", UNIT_NONE, value_text(axis_shape(tensor, call->arena)));
    result_field(result, "norm", _("norm %s"), UNIT_BITS,
                 value_number(sqrt(vector_squares(size, tensor->x))));
    result_field(result, "largest", _("largest %s"), UNIT_BITS, value_number(largest_of(tensor)));
    add_numbers(&o, result);
    add_grid(&o, result);
    return true;
}

/* --- the command --- */

static const Tensor *find_tensor(const Network *network, const Word *word, Error *error)
{
    char sentence[160];
    Nearest nearest;
    const Tensor *tensor = parameters_find(&network->parameters, word->text);
    if (tensor) return tensor;
    nearest_init(&nearest, word->text);
    for (size_t i = 0; i < network->parameters.count; i++)
        nearest_offer(&nearest, network->parameters.tensors[i].name);
    nearest_sentence(&nearest, sentence, sizeof sentence);
    error_set(error, _("there is no tensor '%.60s' in it"), word->text);
    error_hint(error, "%s%s%s", sentence, *sentence ? "   " : "", _("weights lists them all"));
    error_place(error, word->start, word->length);
    return NULL;
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    (void)session;
    const Network *network = look_network(call, LOOK_ALL, _("neural networks"), error);
    if (!network) return false;
    result_field(result, "model", NULL, UNIT_NONE, value_text(call->model_name));
    if (call->word_count == 0) {
        show_list(call, network, result);
        return look_drawn(call, result, _("weights NAME as=svg draws one of these tensors"), error);
    }
    const Tensor *tensor = find_tensor(network, &call->words[0], error);
    return tensor && show_tensor(call, tensor, result, error);
}

const Command weights_command = {
    .name = "weights",
    .family = N_("look"),
    .usage = "[TENSOR]",
    .summary = N_("List the tensors of a network's weights, or open one"),
    .example = "train softmax steps=20; weights W",
    .words = WORDS_OTHER,
    .most = 1,
    .options = OPTIONS(OPT_ROW, OPT_COLUMN),
    .models = true,
    .draws = true,
    .run = run,
};
