#include "repl/course/telling.h"

#include <string.h>

#include "core/base/i18n.h"
#include "lessons/distribution.h"
#include "repl/course/asked.h"
#include "repl/view/text.h"

static FILE *out_of(Session *session) { return session_options(session)->out; }

static int width_of(Session *session)
{
    enum { NARROW = 40, COMFORTABLE = 76 };
    int width = session_options(session)->width;
    return width <= 0 || width > COMFORTABLE ? COMFORTABLE : width < NARROW ? NARROW : width;
}

void tell(Session *session, const char *text) { text_wrap(out_of(session), text, 0, width_of(session)); }

void tell_aside(Session *session, const char *text)
{
    text_wrap(out_of(session), text, 2, width_of(session));
}

void tell_marked(Session *session, const char *mark, const char *text)
{
    Arena arena = {0};
    tell(session, arena_format(&arena, "%s %s", mark, text));
    arena_release(&arena);
}

void tell_heading(Session *session)
{
    const char *heading = step_of(playing_of(session))->heading;
    Arena arena = {0};
    if (*heading) fputc('\n', out_of(session));
    if (*heading) tell(session, arena_format(&arena, "== %s ==", heading));
    arena_release(&arena);
}

void tell_entry(Session *session)
{
    Playing *p = playing_of(session);
    Arena arena = {0};
    fputc('\n', out_of(session));
    tell_aside(session, arena_format(&arena, _("(Enter runs:  %s)"), p->entry.command));
    arena_release(&arena);
    p->announced = true;
}

void tell_task(Session *session)
{
    fputc('\n', out_of(session));
    tell_aside(session, _("(Your turn. hint helps; solve puts a solution into the line.)"));
}

void tell_end(Session *session)
{
    fputc('\n', out_of(session));
    tell_aside(session, _("(Enter goes on.)"));
}

static void tell_choices(Session *session, const Question *question)
{
    Arena arena = {0};
    for (size_t i = 0; i < question->choice_count; i++)
        tell_aside(session, arena_format(&arena, "%zu. %s", i + 1, question->choices[i].text));
    arena_release(&arena);
}

static const char *what_to_type(const Block *block)
{
    bool guess = block->kind == BLOCK_PREDICT;
    switch (block->question.type) {
    case QUESTION_CHOICE:
        return guess ? _("Guess before you see it. Type the number of your choice; 2 80% says how sure you "
                         "are.")
                     : _("Type the number of your choice.");
    case QUESTION_NUMBER:
        return guess ? _("Guess before you see it. Type a number: 1/3, 0.333 or 33.3% are all fine.")
                     : _("Type a number: 1/3, 0.333 or 33.3% are all fine.");
    case QUESTION_DISTRIBUTION:
        return _("Guess before you see it. Type each outcome with its share: mouse 0.5 cheese 30% ball 0.2");
    case QUESTION_TEXT: break;
    }
    return _("Type your answer.");
}

/* The outcomes that a whole distribution is asked of, without their shares. */
static const char *outcomes(const Question *question, Arena *arena)
{
    Error ignored;
    Distribution truth;
    const char *text = "";
    if (!distribution_read(&truth, question->answer, arena, &ignored)) return text;
    for (size_t i = 0; i < truth.count; i++)
        text = arena_format(arena, "%s%s%s", text, i ? "  " : "", truth.names[i]);
    return text;
}

void tell_question(Session *session)
{
    const Block *block = block_of(playing_of(session));
    Arena arena = {0};
    fputc('\n', out_of(session));
    tell_choices(session, &block->question);
    if (block->question.type == QUESTION_DISTRIBUTION)
        tell_aside(session, outcomes(&block->question, &arena));
    tell_aside(session, arena_format(&arena, _("(%s)"), what_to_type(block)));
    arena_release(&arena);
}

void tell_answer(Session *session, const Question *question)
{
    Arena arena = {0};
    for (size_t i = 0; i < question->choice_count; i++)
        if (question->choices[i].right)
            tell(session, arena_format(&arena, _("The answer: %zu. %s"), i + 1, question->choices[i].text));
    if (question->answer) tell(session, arena_format(&arena, _("The answer: %s"), question->answer));
    if (question->right) tell(session, question->right);
    arena_release(&arena);
}

void tell_again(Session *session)
{
    Playing *p = playing_of(session);
    Arena arena = {0};
    bool asks = p->phase == AT_TASK || p->phase == AT_ANSWER;
    const char *asked = asks ? asked_text(step_of(p), p->block, ASKED_PARAGRAPH, &arena) : NULL;
    if (asked) {
        fputc('\n', out_of(session));
        tell(session, asked);
    }
    if (p->phase == AT_TASK) tell_task(session);
    if (p->phase == AT_ANSWER) tell_question(session);
    if (p->phase == AT_ANSWER) tell_aside(session, _("(hint helps; solve tells the answer.)"));
    if (p->phase == AT_END) tell_end(session);
    if (p->phase == AT_RUN) p->announced = false;
    arena_release(&arena);
}

void tell_open_question(Session *session)
{
    Arena arena = {0};
    const Playing *p = playing_of(session);
    const char *asked = asked_text(step_of(p), p->block, ASKED_SENTENCE, &arena);
    if (asked)
        tell_aside(session, arena_format(&arena, _("(Still asked: %s - Enter shows it again.)"), asked));
    else
        tell_aside(session, _("(The question is still open; Enter shows it again.)"));
    arena_release(&arena);
}

static const char *next_thing(const Playing *p, Arena *arena)
{
    bool last = p->step + 1 == p->lesson.count;
    const char *asked = asked_text(step_of(p), p->block, ASKED_PARAGRAPH, arena);
    switch (p->phase) {
    case AT_RUN: return arena_format(arena, _("Enter runs the next command: %s"), p->entry.command);
    case AT_TASK:
        return arena_format(arena, _("A task is yours to do, with any command:\n  %s"), asked ? asked : "");
    case AT_ANSWER:
        return arena_format(arena, _("A question is open; type your answer:\n  %s"), asked ? asked : "");
    case AT_END:
        return last ? _("Enter ends the lesson.")
                    : arena_format(arena, _("Enter goes to the next step: %s"), step_of(p)[1].heading);
    case SHOWING:
    case SETTING_UP:
    case COMING_BACK: break;
    }
    return _("Enter goes on.");
}

const char *telling_now(Session *session, Arena *arena)
{
    const Playing *p = playing_of(session);
    if (!p) return NULL;
    return arena_format(arena,
                        _("%s: %s\n%s\n"
                          "All commands work here as always, and these lead through the lesson:"),
                        p->lesson.id, p->lesson.title, next_thing(p, arena));
}
