#include "repl/course/answering.h"

#include <math.h>

#include "core/base/i18n.h"
#include "lessons/answer.h"
#include "lessons/score.h"
#include "repl/course/judge.h"
#include "repl/course/record.h"
#include "repl/course/telling.h"

static void answer_question(Session *session, const char *typed)
{
    Playing *p = playing_of(session);
    const Question *question = &block_of(p)->question;
    bool right = answer_matches(question, typed);
    const char *message = right ? question->right : answer_wrong(question, typed);
    if (!right && !message && judge_shape(question, typed)) {
        tell(session, judge_shape(question, typed));
        return;
    }
    if (!message) message = right ? _("Right.") : _("Not that. Try again, or type hint.");
    record(session, right ? EVENT_RIGHT : EVENT_WRONG, typed, message);
    tell_marked(session, right ? "[ok]" : "[--]", message);
    p->acted = true;
    if (right) playing_next_block(p);
}

/* "0.42 bits; the best possible here is 0.31", or how far off a number is. What a plain choice counts is said
 * once a lesson. */
static const char *price(const Score *score, const Guess *guess, bool *sure, Arena *arena)
{
    double factor = exp2(score->bits);
    if (isnan(score->even))
        return score->bits == 0
                   ? _("0 bits: exactly that.")
                   : arena_format(arena, _("%.3g bits: off by a factor of %.3g."), score->bits, factor);
    const char *text =
        score->least > 0
            ? arena_format(arena, _("%.3g bits; the best possible here is %.3g, even odds cost %.3g."),
                           score->bits, score->least, score->even)
            : arena_format(arena, _("%.3g bits; even odds cost %.3g."), score->bits, score->even);
    if (score->certain)
        return arena_format(
            arena, _("%s Certain and wrong would cost infinitely many bits; it is counted as 99.9 %% sure."),
            text);
    if (guess->plain && !*sure) {
        *sure = true;
        return arena_format(arena, _("%s (A choice alone counts as 70 %% sure; 2 90%% says it otherwise.)"),
                            text);
    }
    return guess->scaled ? arena_format(arena, _("%s (Your shares were scaled to add up to 1.)"), text)
                         : text;
}

static const char *as_answer(const Question *question, const Guess *guess, const char *typed, Arena *arena)
{
    return question->type == QUESTION_CHOICE ? arena_format(arena, "%zu", guess->choice + 1) : typed;
}

static void say_guess(Session *session, const Question *question, const char *answer)
{
    bool right = answer_matches(question, answer);
    const char *message = right ? question->right : answer_wrong(question, answer);
    tell_marked(session, right ? "[ok]" : "[guess]",
                message ? message
                : right ? _("Right.")
                        : _("Now look."));
}

static void take_prediction(Session *session, const char *typed)
{
    Error error;
    Guess guess;
    Score score;
    Arena arena = {0};
    Playing *p = playing_of(session);
    const Question *question = &block_of(p)->question;
    if (!guess_read(question, typed, &arena, &guess, &error)) {
        tell(session, error.message);
        arena_release(&arena);
        return;
    }
    bool scored = score_guess(question, &guess, &arena, &score);
    record(session, EVENT_PREDICT, typed,
           scored ? arena_format(&arena, "%.17g %.17g %.17g", score.bits, score.least, score.even) : "");
    say_guess(session, question, as_answer(question, &guess, typed, &arena));
    if (scored) tell_aside(session, price(&score, &guess, &p->sure, &arena));
    p->acted = true;
    playing_next_block(p);
    arena_release(&arena);
}

void answering_judge(Session *session, const char *typed)
{
    if (block_of(playing_of(session))->kind == BLOCK_PREDICT)
        take_prediction(session, typed);
    else
        answer_question(session, typed);
}
