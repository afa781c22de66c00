#include "lessons/answer.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unicase.h>
#include <uninorm.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "lessons/distribution.h"

static const double ln2 = 0.693147180559945309417;

/* What was typed, and the numbers that look like it when rounded to the digits typed. */
typedef struct {
    double value, low, high;
} Reading;

static bool is_blank(char c) { return c == ' ' || c == '\t'; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static const char *skip_blanks(const char *at)
{
    while (is_blank(*at)) at++;
    return at;
}

static const char *skip_digits(const char *at)
{
    while (is_digit(*at)) at++;
    return at;
}

bool answer_digits(const char **text, double *value, double *step)
{
    const char *at = skip_digits(*text), *point = at;
    if (*at == '.' && is_digit(at[1])) at = skip_digits(at + 1);
    if (at == *text) return false;
    long power = at > point ? -(long)(at - point - 1) : 0;
    if (*at == 'e' || *at == 'E') {
        const char *digits = at + 1 + (at[1] == '-' || at[1] == '+');
        if (is_digit(*digits)) {
            long exponent = strtol(at + 1, NULL, 10);
            power += exponent > 1000 ? 1000 : exponent < -1000 ? -1000 : exponent;
            at = skip_digits(digits);
        }
    }
    *value = strtod(*text, NULL);
    *step = pow(10, (double)power);
    *text = at;
    return true;
}

static bool starts_hexadecimal(const char *text)
{
    return text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
}

/* Digits, or digits / digits, or digits %. */
static bool scan_unsigned(const char **text, Reading *reading)
{
    double value, step, below;
    if (starts_hexadecimal(*text) || !answer_digits(text, &value, &step) || !isfinite(value)) return false;
    double half = value >= 9.999 * step ? step / 2 : 0; /* one digit alone is no rounding, but a guess */
    const char *after = skip_blanks(*text);
    if (*after == '/') {
        after = skip_blanks(after + 1);
        if (!answer_digits(&after, &below, &step) || below <= 0) return false;
        value /= below;
        half = 0;
        *text = after;
    } else if (*after == '%') {
        value /= 100;
        half /= 100;
        *text = after + 1;
    }
    *reading = (Reading){value, value - half, value + half};
    return isfinite(value);
}

static bool scan_infinity(const char **text)
{
    static const char *const names[] = {"infinity", "inf", "∞"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        size_t length = strlen(names[i]);
        if (strncasecmp(*text, names[i], length) != 0 || isalnum((unsigned char)(*text)[length])) continue;
        *text += length;
        return true;
    }
    return false;
}

static bool scan(const char **text, Reading *reading)
{
    const char *at = *text;
    bool negative = *at == '-';
    if (*at == '-' || *at == '+') at++;
    if (scan_infinity(&at))
        *reading = (Reading){INFINITY, INFINITY, INFINITY};
    else if (!scan_unsigned(&at, reading))
        return false;
    if (negative) *reading = (Reading){-reading->value, -reading->high, -reading->low};
    *text = at;
    return true;
}

bool answer_scan(const char **text, double *value)
{
    Reading reading;
    if (!scan(text, &reading)) return false;
    *value = reading.value;
    return true;
}

static const char *skip_equals(const char *text)
{
    const char *at = skip_blanks(text), *equals = skip_blanks(*at == 'p' || *at == 'P' ? at + 1 : at);
    return *equals == '=' ? skip_blanks(equals + 1) : at;
}

/* The unit typed after a number: how many nats it is, or 0 where there is none. */
static double scan_unit(const char **text)
{
    static const struct {
        const char *name;
        double nats;
    } units[] = {
        {"bits", ln2},
        {"bit", ln2},
        {"nats", 1},
        {"nat", 1},
    };
    for (size_t i = 0; i < COUNT_OF(units); i++) {
        size_t length = strlen(units[i].name);
        if (strncasecmp(*text, units[i].name, length) != 0) continue;
        *text += length;
        return units[i].nats;
    }
    return 0;
}

static bool is_unit(const char *unit, const char *name) { return unit && strcmp(unit, name) == 0; }

/* `nats` is the size of the unit typed. */
static Reading convert(Reading typed, double nats, const char *unit)
{
    if (is_unit(unit, "prob"))
        return (Reading){exp(-typed.value * nats), exp(-typed.high * nats), exp(-typed.low * nats)};
    double wanted = is_unit(unit, "bits") ? ln2 : is_unit(unit, "nats") ? 1 : nats;
    double factor = nats == wanted ? 1 : nats / wanted;
    return (Reading){typed.value * factor, typed.low * factor, typed.high * factor};
}

static bool read_number(const char *text, const char *unit, Reading *reading)
{
    const char *at = skip_equals(text);
    if (!scan(&at, reading)) return false;
    at = skip_blanks(at);
    double nats = scan_unit(&at);
    if (nats > 0 && is_unit(unit, "count")) return false;
    if (nats > 0) *reading = convert(*reading, nats, unit);
    if (*at == '.') at++;
    return *skip_blanks(at) == '\0';
}

bool answer_number(const char *text, const char *unit, double *value)
{
    Reading reading;
    if (!read_number(text, unit, &reading)) return false;
    *value = reading.value;
    return true;
}

static double distance(double a, double b) { return a == b ? 0 : fabs(a - b); }

static bool is_near(const Question *question, const Reading *typed, double target)
{
    if (isinf(target)) return typed->value == target;
    double dust = 1e-9 * fabs(target); /* both sides were computed in floating point */
    double slack = question->relative ? question->tolerance * fabs(target) : question->tolerance;
    return distance(typed->value, target) <= slack + dust ||
           (target >= typed->low - dust && target <= typed->high + dust);
}

/* The wrong value nearest to what was typed, or NULL; its distance in *gap. */
static const Wrong *nearest_wrong(const Question *question, double typed, double *value, double *gap)
{
    const Wrong *nearest = NULL;
    *gap = INFINITY;
    for (size_t i = 0; i < question->wrong_count; i++) {
        double wrong;
        if (!answer_number(question->wrongs[i].value, question->unit, &wrong)) continue;
        if (nearest && distance(typed, wrong) >= *gap) continue;
        nearest = &question->wrongs[i];
        *value = wrong;
        *gap = distance(typed, wrong);
    }
    return nearest;
}

static bool number_matches(const Question *question, const char *typed)
{
    Reading reading;
    double answer, wrong, gap;
    if (!read_number(typed, question->unit, &reading)) return false;
    if (!answer_number(question->answer, question->unit, &answer)) return false;
    nearest_wrong(question, reading.value, &wrong, &gap);
    double miss = distance(reading.value, answer);
    return (miss == 0 || miss <= gap) && is_near(question, &reading, answer);
}

static const char *wrong_number(const Question *question, const char *typed)
{
    Reading reading;
    double wrong, gap;
    if (!read_number(typed, question->unit, &reading)) return NULL;
    const Wrong *nearest = nearest_wrong(question, reading.value, &wrong, &gap);
    if (!nearest || number_matches(question, typed) || !is_near(question, &reading, wrong)) return NULL;
    return nearest->message;
}

static bool is_quote(char c) { return c == '"' || c == '\''; }

/* A copy without the blanks and quotes around it, each run of blanks as one space. */
static char *tidy(const char *text, size_t length)
{
    while (length > 0 && (is_blank(*text) || is_quote(*text))) text++, length--;
    while (length > 0 && (is_blank(text[length - 1]) || is_quote(text[length - 1]))) length--;
    char *copy = must_copy(text, length), *end = copy;
    for (const char *at = copy; *at; at++)
        if (!is_blank(*at))
            *end++ = *at;
        else if (!is_blank(at[1]))
            *end++ = ' ';
    *end = '\0';
    return copy;
}

/* Compatibility forms are equal, so that full-width letters are letters. */
static bool same_text(const char *a, size_t a_length, const char *b)
{
    char *left = tidy(a, a_length), *right = tidy(b, strlen(b));
    int order = 1;
    bool compared = u8_casecmp((const uint8_t *)left, strlen(left), (const uint8_t *)right, strlen(right),
                               NULL, UNINORM_NFKC, &order) == 0;
    bool same = compared && order == 0 && *left;
    free(left);
    free(right);
    return same;
}

static bool text_matches(const char *answers, const char *typed)
{
    for (const char *at = answers; at;) {
        const char *bar = strstr(at, " | ");
        if (same_text(at, bar ? (size_t)(bar - at) : strlen(at), typed)) return true;
        at = bar ? bar + 3 : NULL;
    }
    return false;
}

/* "2", "b", "B)" and "(b)" are the second option. */
static bool read_position(const char *typed, size_t *position)
{
    char *name = tidy(typed, strlen(typed)), *at = name + (*name == '('), *end = at;
    if (isalpha((unsigned char)*at) && !isalnum((unsigned char)at[1]))
        *position = (size_t)(tolower((unsigned char)*end++) - 'a') + 1;
    else
        *position = is_digit(*at) ? strtoul(at, &end, 10) : 0;
    if (end > at && (*end == ')' || *end == '.')) end++;
    bool read = end > at && *end == '\0';
    free(name);
    return read;
}

bool answer_choice(const Question *question, const char *typed, size_t *index)
{
    size_t position;
    if (read_position(typed, &position) && position >= 1 && position <= question->choice_count) {
        *index = position - 1;
        return true;
    }
    for (size_t i = 0; i < question->choice_count; i++) {
        const char *text = question->choices[i].text;
        if (!same_text(text, strlen(text), typed)) continue;
        *index = i;
        return true;
    }
    return false;
}

static bool choice_matches(const Question *question, const char *typed)
{
    size_t index;
    return answer_choice(question, typed, &index) && question->choices[index].right;
}

/* Every outcome to a percent point. */
static bool distribution_matches(const char *answer, const char *typed)
{
    Error ignored;
    Arena arena = {0};
    Distribution truth, read;
    bool matches = distribution_read(&truth, answer, &arena, &ignored) &&
                   distribution_read(&read, typed, &arena, &ignored) && truth.count == read.count;
    for (size_t i = 0; matches && i < truth.count; i++)
        matches = fabs(distribution_of(&read, truth.names[i]) - truth.p[i]) <= 0.0101;
    arena_release(&arena);
    return matches;
}

bool answer_matches(const Question *question, const char *typed)
{
    switch (question->type) {
    case QUESTION_NUMBER: return number_matches(question, typed);
    case QUESTION_CHOICE: return choice_matches(question, typed);
    case QUESTION_TEXT: return text_matches(question->answer, typed);
    case QUESTION_DISTRIBUTION: return distribution_matches(question->answer, typed);
    }
    return false;
}

/* Is this wrong answer, of a choice or a text, what was typed? */
static bool is_wrong(const Question *question, const char *wrong, const char *typed)
{
    size_t meant, chosen;
    if (question->type == QUESTION_TEXT) return same_text(wrong, strlen(wrong), typed);
    return answer_choice(question, wrong, &meant) && answer_choice(question, typed, &chosen) &&
           meant == chosen;
}

const char *answer_wrong(const Question *question, const char *typed)
{
    if (question->type == QUESTION_NUMBER) return wrong_number(question, typed);
    for (size_t i = 0; i < question->wrong_count; i++)
        if (is_wrong(question, question->wrongs[i].value, typed)) return question->wrongs[i].message;
    return NULL;
}

/* --- is the question well posed? --- */

static bool refuse(Error *error, const char *message, const char *hint)
{
    error_set(error, "%s", message);
    return error_hint(error, "%s", hint);
}

static bool is_one_of(const char *text, const char *const *names, size_t count, size_t *index)
{
    for (*index = 0; *index < count; ++*index)
        if (text && strcmp(text, names[*index]) == 0) return true;
    return false;
}

bool answer_read_rule(Question *question, const char *type, const char *tolerance, Error *error)
{
    static const char *const types[] = {"number", "choice", "text", "distribution"};
    static const char *const units[] = {"prob", "bits", "nats", "count"};
    size_t known, index;
    if (!is_one_of(type, types, COUNT_OF(types), &known))
        return refuse(error, _("the question has no known type"),
                      _("write type: number, choice, text or distribution"));
    if (question->unit && !is_one_of(question->unit, units, COUNT_OF(units), &index))
        return refuse(error, _("this unit is not known"), _("write unit: prob, bits, nats or count"));
    question->type = (QuestionType)known;
    question->tolerance = is_unit(question->unit, "count") ? 0 : 0.005;
    question->relative = !tolerance || strchr(tolerance, '%');
    if (tolerance && !(answer_number(tolerance, NULL, &question->tolerance) && question->tolerance >= 0))
        return refuse(error, _("the tolerance is not a number"), _("write tol: 0.5% or tol: 0.01"));
    return true;
}

static size_t count_right(const Question *question)
{
    size_t right = 0;
    for (size_t i = 0; i < question->choice_count; i++) right += question->choices[i].right;
    return right;
}

static bool check_choices(const Question *question, bool prediction, Error *error)
{
    size_t right = count_right(question);
    if (question->answer)
        return refuse(error, _("a choice has no answer:"), _("mark the right option with [x]"));
    if (question->choice_count < 2 || right == 0)
        return refuse(error, _("a choice needs options, one of them right"),
                      _("write lines - [ ] text, and - [x] text for the right one"));
    if (right > 1 && !prediction)
        return refuse(error, _("more than one option is right"), _("mark only one with [x]"));
    return true;
}

static bool check_distribution(const Question *question, bool prediction, Error *error)
{
    Arena arena = {0};
    Distribution truth;
    bool read = distribution_read(&truth, question->answer, &arena, error);
    arena_release(&arena);
    if (!prediction)
        return refuse(error, _("a distribution is only predicted"), _("make an lm predict block of it"));
    if (!read) return false;
    return (truth.count > 1 && fabs(distribution_sum(&truth) - 1) <= 1e-4) ||
           refuse(error, _("the answer is no distribution"),
                  _("write answer: and all outcomes, each with its p: mouse 7/13 cheese 5/13 ball 1/13"));
}

static bool check_answer(const Question *question, bool prediction, Error *error)
{
    double value;
    if (question->type == QUESTION_CHOICE) return check_choices(question, prediction, error);
    if (question->choice_count > 0)
        return refuse(error, _("only a choice has options"), _("write type: choice"));
    if (prediction && question->type == QUESTION_TEXT)
        return refuse(error, _("a text cannot be predicted"), _("write type: number or type: choice"));
    if (!question->answer)
        return refuse(error, _("the question has no answer"), _("write answer: and what is right"));
    if (question->type == QUESTION_NUMBER && !answer_number(question->answer, question->unit, &value))
        return refuse(error, _("the answer is not a number"),
                      _("write for example answer: 0.02 or answer: 7/13"));
    return question->type != QUESTION_DISTRIBUTION || check_distribution(question, prediction, error);
}

static bool check_wrong(const Question *question, const char *wrong, Error *error)
{
    double value;
    size_t index;
    if (question->type == QUESTION_NUMBER && !answer_number(wrong, question->unit, &value))
        return refuse(error, _("the wrong answer is not a number"), _("write wrong: 0.5 | message"));
    if (question->type == QUESTION_CHOICE && !answer_choice(question, wrong, &index))
        return refuse(error, _("the wrong answer is not an option"),
                      _("write wrong: N | message with the option's number, from 1"));
    if (answer_matches(question, wrong))
        return refuse(error, _("the wrong answer is right"), _("change one of the two"));
    return true;
}

bool answer_check(const Question *question, bool prediction, size_t *line, Error *error)
{
    if (!check_answer(question, prediction, error)) return false;
    for (size_t i = 0; i < question->wrong_count; i++) {
        if (check_wrong(question, question->wrongs[i].value, error)) continue;
        *line = question->wrongs[i].line;
        return false;
    }
    return true;
}
