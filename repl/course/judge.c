#include "repl/course/judge.h"

#include <string.h>

#include "core/base/i18n.h"
#include "lessons/answer.h"
#include "repl/command.h"

static bool is_command(const char *text)
{
    Arena arena = {0};
    Error ignored;
    Line line;
    bool command = line_parse(text, &arena, &line, &ignored) && line.count > 0 &&
                   !line.statements[0].verb.quoted && command_find(&line.statements[0].verb, &ignored);
    arena_release(&arena);
    return command;
}

bool judge_is_answer(const Question *question, const char *text)
{
    size_t choice;
    double number;
    if (question->type == QUESTION_CHOICE && answer_choice(question, text, &choice)) return true;
    if (question->type == QUESTION_NUMBER && answer_number(text, question->unit, &number)) return true;
    if (question->type == QUESTION_TEXT && (answer_matches(question, text) || answer_wrong(question, text)))
        return true;
    return !is_command(text);
}

const char *judge_shape(const Question *question, const char *typed)
{
    size_t choice;
    double number;
    if (question->type == QUESTION_CHOICE && !answer_choice(question, typed, &choice))
        return _("Type the number of one of the choices.");
    if (question->type == QUESTION_NUMBER && !answer_number(typed, question->unit, &number))
        return _("A number is wanted: 1/3, 0.333 or 33.3% are all fine.");
    return NULL;
}

static bool same_words(const Word *a, size_t a_count, const Word *b, size_t b_count)
{
    if (a_count != b_count) return false;
    for (size_t i = 0; i < a_count; i++)
        if (strcmp(a[i].text, b[i].text) != 0) return false;
    return true;
}

static bool has_option(const Statement *statement, const OptionWords *option)
{
    for (size_t i = 0; i < statement->option_count; i++) {
        const OptionWords *other = &statement->options[i];
        if (strcmp(other->key.text, option->key.text) == 0 &&
            same_words(other->values, other->count, option->values, option->count))
            return true;
    }
    return false;
}

/* The same command, whatever the order of its options and the width of its blanks. */
static bool same_statement(const Statement *a, const Statement *b)
{
    bool same = strcmp(a->verb.text, b->verb.text) == 0 && a->option_count == b->option_count &&
                same_words(a->words, a->word_count, b->words, b->word_count) &&
                same_words(a->models, a->model_count, b->models, b->model_count);
    for (size_t i = 0; same && i < a->option_count; i++) same = has_option(b, &a->options[i]);
    return same;
}

bool judge_ends_line(const Statement *statement, const char *text)
{
    Arena arena = {0};
    Error ignored;
    Line line;
    bool ends = line_parse(text, &arena, &line, &ignored) && line.count > 0 &&
                same_statement(statement, &line.statements[line.count - 1]);
    arena_release(&arena);
    return ends;
}

/* Whether all statements of `way` were said in this order, its last one last. */
static bool was_gone(const Line *said, const Line *way)
{
    size_t left = way->count;
    if (left == 0 || said->count == 0) return false;
    if (!same_statement(&said->statements[said->count - 1], &way->statements[left - 1])) return false;
    for (size_t i = said->count; i-- > 0 && left > 0;)
        if (same_statement(&said->statements[i], &way->statements[left - 1])) left--;
    return left == 0;
}

const char *judge_task_wrong(const Task *task, const World *world)
{
    Arena arena = {0};
    Error ignored;
    Line said, way;
    const char *message = NULL;
    size_t longest = 0;
    bool read = line_parse(world->said, &arena, &said, &ignored);
    for (size_t i = 0; read && i < task->wrong_count; i++) {
        if (!line_parse(task->wrongs[i].value, &arena, &way, &ignored)) continue;
        if (way.count <= longest || !was_gone(&said, &way)) continue;
        message = task->wrongs[i].message;
        longest = way.count;
    }
    arena_release(&arena);
    return message;
}
