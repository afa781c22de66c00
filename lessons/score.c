#include "lessons/score.h"

#include <math.h>
#include <string.h>

#include "core/base/i18n.h"
#include "lessons/answer.h"

double score_cross_entropy(const double *p, const double *q, size_t count)
{
    double bits = 0;
    for (size_t i = 0; i < count; i++)
        if (p[i] > 0) bits -= p[i] * log2(q[i]);
    return bits == 0 ? 0 : bits;
}

/* --- reading --- */

/* "80%", "0.8" and "80" are the same confidence. */
static bool read_confidence(const char *text, double *confidence)
{
    bool percent = strchr(text, '%') != NULL;
    if (!answer_scan(&text, confidence) || text[strspn(text, " \t.")]) return false;
    if (*confidence >= 2 && !percent) *confidence /= 100;
    return *confidence > 0 && *confidence <= 1;
}

static bool read_choice(const Question *question, const char *typed, Arena *arena, Guess *guess)
{
    guess->plain = answer_choice(question, typed, &guess->choice);
    guess->confidence = SCORE_PLAIN_CONFIDENCE;
    if (guess->plain) return true;
    const char *end = typed + strlen(typed);
    while (end > typed && strchr(" \t", end[-1])) end--;
    const char *last = end;
    while (last > typed && !strchr(" \t", last[-1])) last--;
    const char *name = arena_copy(arena, typed, (size_t)(last - typed));
    return last > typed && answer_choice(question, name, &guess->choice) &&
           read_confidence(arena_copy(arena, last, (size_t)(end - last)), &guess->confidence);
}

/* Every outcome of the answer gets its share of what was typed; those not named share what is left of 1. */
static bool fit(const Distribution *truth, Guess *guess, Error *error)
{
    Distribution typed = guess->distribution, *fitted = &guess->distribution;
    size_t missing = truth->count;
    for (size_t i = 0; i < typed.count; i++) {
        if (distribution_of(truth, typed.names[i]) < 0)
            return error_set(error, _("'%.40s' is not one of the outcomes"), typed.names[i]);
        missing--;
    }
    double sum = distribution_sum(&typed), rest = missing && sum < 1 ? 1 - sum : 0;
    guess->scaled = fabs(sum + rest - 1) > 1e-9;
    *fitted = *truth;
    for (size_t i = 0; i < truth->count; i++) {
        double p = distribution_of(&typed, truth->names[i]);
        fitted->p[i] = (p < 0 ? rest / (double)missing : p) / (sum + rest);
    }
    return true;
}

static bool read_distribution(const Question *question, const char *typed, Arena *arena, Guess *guess,
                              Error *error)
{
    Distribution truth;
    return distribution_read(&truth, question->answer, arena, error) &&
           distribution_read(&guess->distribution, typed, arena, error) && fit(&truth, guess, error);
}

bool guess_read(const Question *question, const char *typed, Arena *arena, Guess *guess, Error *error)
{
    *guess = (Guess){.plain = false};
    switch (question->type) {
    case QUESTION_CHOICE:
        return read_choice(question, typed, arena, guess) ||
               error_set(error, "%s",
                         _("Type the number of one of the choices; 2 80% says how sure you are."));
    case QUESTION_NUMBER:
        return answer_number(typed, question->unit, &guess->number) ||
               error_set(error, "%s", _("A number is wanted: 1/3, 0.333 or 33.3% are all fine."));
    case QUESTION_DISTRIBUTION: return read_distribution(question, typed, arena, guess, error);
    case QUESTION_TEXT: break;
    }
    return error_set(error, "%s", _("A guess is a choice, a number or a distribution."));
}

/* --- measuring --- */

static double clip(double q) { return fmin(fmax(q, 1 - SCORE_CERTAIN), SCORE_CERTAIN); }

/* An infinite price would stay in every mean for ever. */
static Score measure(const double *p, const double *q, size_t count, Arena *arena)
{
    double *even = arena_alloc(arena, count, sizeof *even), *kept = arena_alloc(arena, count, sizeof *kept);
    for (size_t i = 0; i < count; i++) {
        even[i] = 1 / (double)count;
        kept[i] = clip(q[i]);
    }
    Score score = {.bits = score_cross_entropy(p, q, count),
                   .least = score_cross_entropy(p, p, count),
                   .even = score_cross_entropy(p, even, count)};
    score.certain = isinf(score.bits);
    if (score.certain) score.bits = score_cross_entropy(p, kept, count);
    return score;
}

/* Several right options are one event. */
static Score score_choice(const Question *question, const Guess *guess, Arena *arena)
{
    size_t count = question->choice_count, right_count = 0;
    double right = 0, others = (1 - guess->confidence) / (double)(count - 1);
    for (size_t i = 0; i < count; i++) {
        if (!question->choices[i].right) continue;
        right += i == guess->choice ? guess->confidence : others;
        right_count++;
    }
    double p[] = {1, 0}, q[] = {fmin(right, 1), fmax(1 - right, 0)};
    Score score = measure(p, q, 2, arena);
    score.even = log2((double)count / (double)right_count);
    return score;
}

static bool score_number(const Question *question, const Guess *guess, Arena *arena, Score *score)
{
    double truth, guessed = guess->number;
    if (!answer_number(question->answer, question->unit, &truth)) return false;
    bool prob = question->unit && strcmp(question->unit, "prob") == 0;
    if (prob && truth >= 0 && truth <= 1) {
        if (guessed < 0 || guessed > 1) return false;
        double p[] = {truth, 1 - truth}, q[] = {guessed, 1 - guessed};
        *score = measure(p, q, 2, arena);
        return true;
    }
    double bits = guessed == truth ? 0 : fabs(log2(guessed / truth));
    *score = (Score){.bits = bits, .even = NAN};
    return isfinite(bits);
}

bool score_guess(const Question *question, const Guess *guess, Arena *arena, Score *score)
{
    Error ignored;
    Distribution truth;
    switch (question->type) {
    case QUESTION_CHOICE: *score = score_choice(question, guess, arena); return true;
    case QUESTION_NUMBER: return score_number(question, guess, arena, score);
    case QUESTION_DISTRIBUTION:
        if (!distribution_read(&truth, question->answer, arena, &ignored)) return false;
        *score = measure(truth.p, guess->distribution.p, truth.count, arena);
        return true;
    case QUESTION_TEXT: break;
    }
    return false;
}
