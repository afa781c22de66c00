#include "repl/checking/numbers.h"

#include <math.h>
#include <string.h>

#include "lessons/answer.h"
#include "lessons/distribution.h"

static bool is_number(const Value *value, double *number)
{
    if (!value || (value->type != VALUE_NUMBER && value->type != VALUE_COUNT)) return false;
    *number = value->number;
    return true;
}

static int column_of(const Result *result, const char *key)
{
    for (size_t c = 0; c < result->column_count; c++)
        if (result->columns[c].key && strcmp(result->columns[c].key, key) == 0) return (int)c;
    return NO_COLUMN;
}

bool numbers_find(const Execution *last, const QuoteCommand *command, double *number)
{
    if (!last || last->call_count == 0) return false;
    const Result *result = &last->results[0];
    if (!command->key) return result_main_number(result, number);
    if (command->row == 0 && is_number(result_find(result, command->key), number)) return true;
    int column = column_of(result, command->key);
    size_t row = command->row ? command->row - 1 : 0;
    return column != NO_COLUMN && row < result->row_count &&
           is_number(result_cell(result, row, (size_t)column), number);
}

/* In all its digits: 0.25 as typed would stand for what rounds to it. */
bool numbers_agree(const Question *question, double number)
{
    Arena arena = {0};
    bool agrees = answer_matches(question, arena_format(&arena, "%.16e", number));
    arena_release(&arena);
    return agrees;
}

bool numbers_miss_change(const Question *question, double number)
{
    double answer;
    Arena arena = {0};
    Question changed = *question;
    if (!answer_number(question->answer, question->unit, &answer) || answer == 0 || isinf(answer))
        return false;
    double finest = question->relative ? question->tolerance : question->tolerance / fabs(answer);
    changed.answer = arena_format(&arena, "%.17g", answer * 1.01);
    bool missed = finest < 0.01 && numbers_agree(&changed, number);
    arena_release(&arena);
    return missed;
}

bool numbers_agree_all(const Question *question, const Execution *last, Arena *arena)
{
    Error ignored;
    Distribution wanted;
    if (!last || last->call_count == 0 || !distribution_read(&wanted, question->answer, arena, &ignored))
        return false;
    const Result *result = &last->results[0];
    int token = column_of(result, "token"), p = column_of(result, "p");
    size_t found = 0;
    for (size_t row = 0; token != NO_COLUMN && p != NO_COLUMN && row < result->row_count; row++) {
        const char *name = result_cell(result, row, (size_t)token)->text;
        double share = name ? distribution_of(&wanted, name) : -1;
        if (share < 0) continue;
        if (fabs(share - result_cell(result, row, (size_t)p)->number) > 1e-3) return false;
        found++;
    }
    return found == wanted.count;
}
