#include "lessons/predicate.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "core/base/i18n.h"
#include "lessons/answer.h"

typedef enum { EQUAL, NOT_EQUAL, AT_MOST, AT_LEAST, LESS, MORE } Comparison;

enum { NAME_BYTES = 64 };

typedef struct {
    char name[NAME_BYTES]; /* a path, or the verb of a use */
    bool is_use, is_number;
    Comparison comparison;
    double number;
    const char *text; /* not terminated */
    size_t length;
} Clause;

/* Where reading has come to. */
typedef struct {
    const char *start, *at;
    Error *error;
} Reader;

static bool is_blank(char c) { return c == ' ' || c == '\t'; }
static bool is_name(char c) { return isalnum((unsigned char)c) || c == '.' || c == '_' || c == '-'; }

static void skip_blanks(Reader *reader)
{
    while (is_blank(*reader->at)) reader->at++;
}

/* The error's place is the word at hand. */
static bool refuse(Reader *reader, const char *message, const char *hint)
{
    const char *end = reader->at;
    while (*end && !is_blank(*end)) end++;
    error_set(reader->error, "%s", message);
    error_hint(reader->error, "%s", hint);
    return error_place(reader->error, (size_t)(reader->at - reader->start), (size_t)(end - reader->at));
}

static bool read_name(Reader *reader, char name[NAME_BYTES])
{
    size_t length = 0;
    skip_blanks(reader);
    while (is_name(reader->at[length])) length++;
    if (length == 0 || length >= NAME_BYTES) return false;
    memcpy(name, reader->at, length);
    name[length] = '\0';
    reader->at += length;
    return true;
}

static bool read_comparison(Reader *reader, Comparison *comparison)
{
    static const char *const names[] = {"==", "!=", "<=", ">=", "<", ">"}; /* "<=" before "<" */
    skip_blanks(reader);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (strncmp(reader->at, names[i], strlen(names[i])) != 0) continue;
        reader->at += strlen(names[i]);
        *comparison = (Comparison)i;
        return true;
    }
    return refuse(reader, _("a comparison is missing"), _("write ==, !=, <, <=, > or >= after the path"));
}

static bool read_text(Reader *reader, Clause *clause)
{
    const char *end = strchr(reader->at + 1, '"');
    if (!end) return refuse(reader, _("the quotation mark is never closed"), _("end the text with \""));
    if (clause->comparison != EQUAL && clause->comparison != NOT_EQUAL)
        return refuse(reader, _("a text is neither more nor less than another"),
                      _("compare it with == or !="));
    clause->text = reader->at + 1;
    clause->length = (size_t)(end - clause->text);
    reader->at = end + 1;
    return true;
}

static bool read_value(Reader *reader, Clause *clause)
{
    skip_blanks(reader);
    if (*reader->at == '"') return read_text(reader, clause);
    const char *at = reader->at;
    clause->is_number = answer_scan(&at, &clause->number) && (*at == '\0' || is_blank(*at));
    if (!clause->is_number)
        return refuse(reader, _("a value is missing"),
                      _("write a number such as 0.5, 7/13, 5% or inf, or a \"text\""));
    reader->at = at;
    return true;
}

static bool read_clause(Reader *reader, Clause *clause)
{
    *clause = (Clause){0};
    skip_blanks(reader);
    const char *start = reader->at;
    bool named = read_name(reader, clause->name);
    clause->is_use = named && strcmp(clause->name, "used") == 0;
    if (clause->is_use)
        return read_name(reader, clause->name) ||
               refuse(reader, _("used needs a command"), _("write for example: used sample"));
    reader->at = start;
    if (!named || !strchr(clause->name, '.'))
        return refuse(reader, _("this is not a condition"),
                      _("write for example: used sample, last.T == 0 or model.order >= 3"));
    reader->at += strlen(clause->name);
    return read_comparison(reader, &clause->comparison) && read_value(reader, clause);
}

/* True at the end and after an "and", which it skips. */
static bool read_joint(Reader *reader, bool *more)
{
    skip_blanks(reader);
    *more = *reader->at != '\0';
    if (!*more) return true;
    if (strncmp(reader->at, "and", 3) != 0 || !is_blank(reader->at[3]))
        return refuse(reader, _("this does not belong to the condition"), _("join two conditions with: and"));
    reader->at += 3;
    return true;
}

static bool same_number(double a, double b)
{
    if (isinf(a) || isinf(b)) return a == b;
    return fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b));
}

static bool compare_numbers(double a, Comparison comparison, double b)
{
    bool same = same_number(a, b);
    switch (comparison) {
    case EQUAL: return same;
    case NOT_EQUAL: return !same && !isnan(a);
    case AT_MOST: return same || a < b;
    case AT_LEAST: return same || a > b;
    case LESS: return !same && a < b;
    case MORE: return !same && a > b;
    }
    return false;
}

static bool clause_holds(const Clause *clause, const PredicateWorld *world)
{
    PredicateValue value = {0};
    if (clause->is_use) return world->used(world->context, clause->name);
    if (!world->find(world->context, clause->name, &value)) return false;
    if (value.is_number != clause->is_number) return false;
    if (value.is_number) return compare_numbers(value.number, clause->comparison, clause->number);
    bool same = strlen(value.text) == clause->length && memcmp(value.text, clause->text, clause->length) == 0;
    return same == (clause->comparison == EQUAL);
}

/* Without a world only the writing is judged. */
static bool judge(const char *text, const PredicateWorld *world, Error *error)
{
    Reader reader = {text, text, error};
    bool holds = true, more = true;
    while (more) {
        Clause clause;
        if (!read_clause(&reader, &clause) || !read_joint(&reader, &more)) return false;
        if (world && holds) holds = clause_holds(&clause, world);
    }
    return holds;
}

bool predicate_check(const char *text, Error *error) { return judge(text, NULL, error); }

bool predicate_holds(const char *text, const PredicateWorld *world)
{
    Error unread;
    return judge(text, world, &unread);
}
