/* json.c - a result as one JSON object on one line; keys are stable and never translated. */
#include <jansson.h>
#include <math.h>

#include "repl/view/view.h"

enum { DIGITS = 17 }; /* enough to bring every double back */

static bool is_whole(double number) { return number == floor(number); }

static json_t *list_to_json(const Value *value)
{
    json_t *array = json_array();
    for (size_t i = 0; i < value->count; i++) {
        json_t *item = value->type == VALUE_LIST     ? json_string(value->list[i])
                       : isnan(value->numbers[i])    ? json_null()
                       : is_whole(value->numbers[i]) ? json_integer((json_int_t)value->numbers[i])
                                                     : json_real(value->numbers[i]);
        json_array_append_new(array, item);
    }
    return array;
}

static json_t *to_json(const Value *value)
{
    switch (value->type) {
    case VALUE_NUMBER: return isfinite(value->number) ? json_real(value->number) : json_null();
    case VALUE_COUNT: return json_integer((json_int_t)value->number);
    case VALUE_BOOL: return json_boolean(value->number != 0);
    case VALUE_TEXT: return json_string(value->text);
    case VALUE_NULL: return json_null();
    case VALUE_LIST:
    case VALUE_NUMBERS: break;
    }
    return list_to_json(value);
}

static json_t *rows_to_json(const Result *result)
{
    json_t *rows = json_array();
    for (size_t row = 0; row < result->row_count; row++) {
        json_t *object = json_object();
        for (size_t c = 0; c < result->column_count; c++)
            if (result->columns[c].key)
                json_object_set_new(object, result->columns[c].key, to_json(result_cell(result, row, c)));
        json_array_append_new(rows, object);
    }
    return rows;
}

static json_t *fact_to_json(const Fact *fact)
{
    json_t *object = json_object();
    json_object_set_new(object, "name", json_string(fact->name));
    if (fact->formula) json_object_set_new(object, "formula", json_string(fact->formula));
    if (fact->kind == FACT_COUNT)
        json_object_set_new(object, "value", json_integer((json_int_t)fact->value));
    else if (fact->kind != FACT_NOTE && isfinite(fact->value))
        json_object_set_new(object, "value", json_real(fact->value));
    if (!fact->reasons) return object;
    json_t *reasons = json_array();
    for (const Fact *reason = fact->reasons; reason; reason = reason->next)
        json_array_append_new(reasons, fact_to_json(reason));
    json_object_set_new(object, "reasons", reasons);
    return object;
}

void view_json(FILE *out, const Result *result)
{
    json_t *object = json_object();
    json_object_set_new(object, "command", json_string(result->command));
    for (size_t i = 0; i < result->field_count; i++)
        if (result->fields[i].key)
            json_object_set_new(object, result->fields[i].key, to_json(&result->fields[i].value));
    if (result->rows_key) json_object_set_new(object, result->rows_key, rows_to_json(result));
    if (result->text) json_object_set_new(object, "text", json_string(result->text));
    if (result->fact) json_object_set_new(object, "why", fact_to_json(result->fact));
    json_dumpf(object, out, JSON_COMPACT | JSON_REAL_PRECISION(DIGITS));
    fputc('\n', out);
    json_decref(object);
}
