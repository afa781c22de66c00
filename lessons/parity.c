#include "lessons/parity.h"

#include <string.h>

#include "core/base/i18n.h"
#include "lessons/transcript.h"

static const char *shown(const char *text) { return text ? text : _("nothing"); }

static bool same(const char *wanted, const char *got)
{
    return wanted && got ? strcmp(wanted, got) == 0 : wanted == got;
}

static void compare(const char *what, const char *wanted, const char *got, size_t line, const Faults *faults)
{
    if (!same(wanted, got))
        fault(faults, line, 1, _("%s is %s here, but %s in the other language"), what, shown(got),
              shown(wanted));
}

static bool compare_counts(const char *what, size_t wanted, size_t got, size_t line, const Faults *faults)
{
    if (wanted == got) return true;
    fault(faults, line, 1, _("%zu %s here, but %zu in the other language"), got, what, wanted);
    return false;
}

static void compare_lines(const char *what, const Lines *wanted, const Lines *got, size_t line,
                          const Faults *faults)
{
    if (!compare_counts(what, wanted->count, got->count, line, faults)) return;
    for (size_t i = 0; i < got->count; i++) compare(what, wanted->at[i], got->at[i], got->lines[i], faults);
}

static void compare_transcripts(const Block *wanted, const Block *got, const Faults *faults)
{
    Arena arena = {0};
    TranscriptEntry a, b;
    Transcript original = transcript_open(wanted->text, &arena), copy = transcript_open(got->text, &arena);
    for (bool more = true; more;) {
        more = transcript_next(&original, &a);
        bool other = transcript_next(&copy, &b);
        if (more && other) compare(_("the command"), a.command, b.command, got->line + b.line, faults);
        if (more != other)
            fault(faults, got->line, 1, _("more or fewer commands than in the other language"));
        more = more && other;
    }
    arena_release(&arena);
}

static void compare_wrongs(const Wrong *wanted, size_t wanted_count, const Wrong *got, size_t count,
                           size_t line, const Faults *faults)
{
    if (!compare_counts("wrong:", wanted_count, count, line, faults)) return;
    for (size_t i = 0; i < count; i++) compare("wrong:", wanted[i].value, got[i].value, got[i].line, faults);
}

static void compare_tasks(const Task *wanted, const Task *got, size_t line, const Faults *faults)
{
    compare_lines("check:", &wanted->checks, &got->checks, line, faults);
    compare("solution:", wanted->solution, got->solution, got->solution_line, faults);
    compare_wrongs(wanted->wrongs, wanted->wrong_count, got->wrongs, got->wrong_count, line, faults);
}

static void compare_questions(const Question *wanted, const Question *got, size_t line, const Faults *faults)
{
    bool text = wanted->type == QUESTION_TEXT;
    compare("id:", wanted->id, got->id, line, faults);
    compare("equals:", wanted->equals, got->equals, line, faults);
    compare("unit:", wanted->unit, got->unit, line, faults);
    if (wanted->type != got->type)
        fault(faults, line, 1, _("the type differs from that in the other language"));
    if (wanted->tolerance != got->tolerance || wanted->relative != got->relative)
        fault(faults, line, 1, _("the tolerance differs from that in the other language"));
    if (text || wanted->type != got->type) return;
    compare("answer:", wanted->answer, got->answer, line, faults);
    compare_wrongs(wanted->wrongs, wanted->wrong_count, got->wrongs, got->wrong_count, line, faults);
    if (!compare_counts(_("options"), wanted->choice_count, got->choice_count, line, faults)) return;
    for (size_t i = 0; i < got->choice_count; i++)
        if (wanted->choices[i].right != got->choices[i].right)
            fault(faults, line, 1, _("option %zu is right in one language only"), i + 1);
}

static void compare_quotes(const Block *wanted, const Block *got, const Faults *faults)
{
    if (!compare_counts(_("numbers are checked"), wanted->quotes.count, got->quotes.count, got->line, faults))
        return;
    for (size_t i = 0; i < got->quotes.count; i++) {
        const Quote *a = &wanted->quotes.at[i], *b = &got->quotes.at[i];
        compare(_("the command"), a->command, b->command, b->line, faults);
        compare(_("the number"), a->value, b->value, b->line, faults);
    }
}

static void compare_blocks(const Block *wanted, const Block *got, const Faults *faults)
{
    switch (got->kind) {
    case BLOCK_PROSE: compare_quotes(wanted, got, faults); break;
    case BLOCK_SETUP: compare_lines(_("the command"), &wanted->lines, &got->lines, got->line, faults); break;
    case BLOCK_RUN: compare_transcripts(wanted, got, faults); break;
    case BLOCK_DO: compare_tasks(&wanted->task, &got->task, got->line, faults); break;
    case BLOCK_ASK:
    case BLOCK_PREDICT: compare_questions(&wanted->question, &got->question, got->line, faults); break;
    case BLOCK_HINT:
        compare_counts(_("hints"), wanted->lines.count, got->lines.count, got->line, faults);
        break;
    }
}

/* A step that has other blocks is told once, where they part. */
static void compare_steps(const Step *wanted, const Step *got, const Faults *faults)
{
    compare(_("the id of the step"), wanted->id, got->id, got->line, faults);
    for (size_t i = 0; i < got->count && i < wanted->count; i++) {
        if (wanted->blocks[i].kind != got->blocks[i].kind) {
            fault(faults, got->blocks[i].line, 1,
                  _("another kind of block stands here in the other language"));
            return;
        }
        compare_blocks(&wanted->blocks[i], &got->blocks[i], faults);
    }
    compare_counts(_("blocks in this step"), wanted->count, got->count, got->line, faults);
}

void parity_check(const Lesson *original, const Lesson *lesson, const Faults *faults)
{
    compare("id:", original->id, lesson->id, 1, faults);
    compare("needs:", original->needs, lesson->needs, lesson->needs_line, faults);
    compare("minutes:", original->minutes, lesson->minutes, 1, faults);
    if (original->risk != lesson->risk)
        fault(faults, 1, 1, _("risk: differs from that in the other language"));
    for (size_t i = 0; i < lesson->count && i < original->count; i++)
        compare_steps(&original->steps[i], &lesson->steps[i], faults);
    compare_counts(_("steps"), original->count, lesson->count, 1, faults);
}
