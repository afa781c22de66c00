#include "lessons/lint.h"

#include <string.h>

#include "core/base/i18n.h"
#include "lessons/lint_text.h"
#include "lessons/quote.h"

enum { HINTS_LEAST = 2 };

/* --- ids --- */

/* step-3, q1, 12: right only until something is put before it. */
static bool counts(const char *id)
{
    static const char *const words[] = {"",     "step",    "question", "q",  "task",
                                        "part", "section", "s",        "do", "ask"};
    size_t letters = strcspn(id, "-0123456789"), after = letters + (id[letters] == '-');
    if (!id[after] || id[after + strspn(id + after, "0123456789")]) return false;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strlen(words[i]) == letters && strncmp(words[i], id, letters) == 0) return true;
    return false;
}

static bool has_upper_case(const char *id)
{
    for (; *id; id++)
        if (*id >= 'A' && *id <= 'Z') return true;
    return false;
}

static void lint_id(const char *id, size_t line, const Faults *faults)
{
    if (!*id) return;
    if (counts(id))
        fault(faults, line, 1, _("the id %s counts; ids stay for ever, so say what it is about"), id);
    else if (has_upper_case(id))
        fault(faults, line, 1, _("the id %s has capital letters"), id);
}

/* --- blocks --- */

static const char *no_hint(const Block *block)
{
    return block->kind == BLOCK_DO ? block->task.no_hint : block->question.no_hint;
}

/* The hints the player gives for a block: those before the next task or question. */
static size_t hint_count(const Step *step, size_t index)
{
    for (size_t i = index + 1; i < step->count; i++) {
        const Block *block = &step->blocks[i];
        if (block->kind == BLOCK_HINT) return block->lines.count;
        if (block->kind != BLOCK_PROSE) return 0;
    }
    return 0;
}

static void lint_hints(const Step *step, size_t index, const Faults *faults)
{
    const Block *block = &step->blocks[index];
    size_t count = hint_count(step, index);
    if (no_hint(block) && count > 0)
        fault(faults, block->line, 1, _("hint: none, but hints follow"));
    else if (!no_hint(block) && count < HINTS_LEAST)
        fault(faults, block->line, 1,
              _("fewer than two hints; write ```lm hint behind, or hint: none | reason"));
}

static void lint_wrongs(const Block *block, const Faults *faults)
{
    size_t count = block->kind == BLOCK_DO ? block->task.wrong_count : block->question.wrong_count;
    if (count == 0)
        fault(faults, block->line, 1, _("no wrong answer is anticipated; add wrong: ... | message"));
}

static void lint_question(const Block *block, const Faults *faults)
{
    const Question *question = &block->question;
    lint_id(question->id, block->line, faults);
    if (question->type == QUESTION_NUMBER && !question->equals && !question->no_equals)
        fault(faults, block->line, 1,
              _("no command gives this number; add equals: COMMAND, or equals: none | reason"));
}

static void lint_quotes(const Block *block, const Faults *faults)
{
    for (size_t i = 0; i < block->quotes.count; i++) {
        const Quote *quote = &block->quotes.at[i];
        if (!quote_stands(block->text, quote->from, quote->to, quote->value))
            fault(faults, quote->line, 1, _("%s does not stand in the prose before this comment"),
                  quote->value);
    }
}

static void lint_block(const Step *step, size_t index, const Faults *faults)
{
    const Block *block = &step->blocks[index];
    bool asks = block->kind == BLOCK_DO || block->kind == BLOCK_ASK;
    if (asks) lint_hints(step, index, faults);
    if (asks) lint_wrongs(block, faults);
    if (block->kind == BLOCK_ASK || block->kind == BLOCK_PREDICT) lint_question(block, faults);
    if (block->kind == BLOCK_PROSE) lint_quotes(block, faults);
}

/* --- the lesson --- */

static bool says_limits(const char *prose)
{
    static const char *const names[] = {"Limits:", "局限："};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const char *at = strstr(prose, names[i]);
        if (at && (at == prose || at[-1] == '\n')) return true;
    }
    return false;
}

static void lint_limits(const Lesson *lesson, const Faults *faults)
{
    bool said = !lesson->risk;
    for (size_t s = 0; s < lesson->count; s++)
        for (size_t b = 0; b < lesson->steps[s].count; b++) {
            const Block *block = &lesson->steps[s].blocks[b];
            said = said || (block->kind == BLOCK_PROSE && says_limits(block->text));
        }
    if (!said) fault(faults, 1, 1, _("a lesson about risks has no paragraph > Limits: ..."));
}

void lint_lesson(const Lesson *lesson, const char *text, const Faults *faults)
{
    for (size_t s = 0; s < lesson->count; s++) {
        lint_id(lesson->steps[s].id, lesson->steps[s].line, faults);
        for (size_t b = 0; b < lesson->steps[s].count; b++) lint_block(&lesson->steps[s], b, faults);
    }
    lint_title(lesson, faults);
    lint_limits(lesson, faults);
    lint_emphasis(lesson, faults);
    lint_lines(text, faults);
}
