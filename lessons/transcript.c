#include "lessons/transcript.h"

#include <math.h>
#include <string.h>

#include "lessons/answer.h"

typedef struct {
    const char *start, *end;
} Span;

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool span_is(Span span, const char *text)
{
    size_t length = (size_t)(span.end - span.start);
    return length == strlen(text) && memcmp(span.start, text, length) == 0;
}

/* Takes the next line off `text`, without the blanks at its end; false when nothing is left. */
static bool take_line(Span *text, Span *line)
{
    if (text->start == text->end) return false;
    const char *newline = memchr(text->start, '\n', (size_t)(text->end - text->start));
    *line = (Span){text->start, newline ? newline : text->end};
    text->start = newline ? newline + 1 : text->end;
    while (line->end > line->start && is_blank(line->end[-1])) line->end--;
    return true;
}

/* All of `text` but the blanks and blank lines at its end. */
static Span whole(const char *text)
{
    Span span = {text, text + strlen(text)};
    while (span.end > span.start && (is_blank(span.end[-1]) || span.end[-1] == '\n')) span.end--;
    return span;
}

Transcript transcript_open(const char *text, Arena *arena) { return (Transcript){text, 1, arena}; }

static bool starts_command(const char *line)
{
    return strncmp(line, "lm>", 3) == 0 && (line[3] == '\0' || line[3] == '\n' || is_blank(line[3]));
}

static void skip_line(Transcript *transcript)
{
    const char *newline = strchr(transcript->rest, '\n');
    transcript->rest = newline ? newline + 1 : transcript->rest + strlen(transcript->rest);
    transcript->line++;
}

static void skip_to_command(Transcript *transcript)
{
    while (*transcript->rest && !starts_command(transcript->rest)) skip_line(transcript);
}

static const char *keep(Transcript *transcript, const char *start)
{
    char *copy = arena_copy(transcript->arena, start, (size_t)(transcript->rest - start));
    copy[whole(copy).end - copy] = '\0';
    return copy;
}

bool transcript_next(Transcript *transcript, TranscriptEntry *entry)
{
    skip_to_command(transcript);
    if (!*transcript->rest) return false;
    entry->line = transcript->line;
    const char *command = transcript->rest + 3;
    while (is_blank(*command)) command++;
    skip_line(transcript);
    entry->command = keep(transcript, command);
    const char *expected = transcript->rest;
    skip_to_command(transcript);
    entry->expected = keep(transcript, expected);
    return true;
}

/* --- one line --- */

typedef enum { TOKEN_GAP, TOKEN_NUMBER, TOKEN_BLANK, TOKEN_BYTE } TokenKind;

typedef struct {
    TokenKind kind;
    Span span;
    double value, step; /* of a number; no step: it is whole */
} Token;

static bool starts_gap(Span rest) { return rest.end - rest.start >= 3 && memcmp(rest.start, "...", 3) == 0; }

static const char *gap_end(const char *at, const char *end)
{
    while (at < end && *at == '.') at++;
    return at;
}

static bool is_whole(Span span)
{
    while (span.start < span.end && is_digit(*span.start)) span.start++;
    return span.start == span.end;
}

/* The token at the start of `rest`, which is not empty. */
static Token token_at(Span rest)
{
    Token token = {TOKEN_BYTE, {rest.start, rest.start + 1}, 0, 0};
    if (starts_gap(rest)) {
        token.kind = TOKEN_GAP;
        token.span.end = gap_end(rest.start, rest.end);
    } else if (is_blank(*rest.start)) {
        token.kind = TOKEN_BLANK;
        while (token.span.end < rest.end && is_blank(*token.span.end)) token.span.end++;
    } else {
        const char *end = rest.start;
        if (!answer_digits(&end, &token.value, &token.step)) return token;
        token.kind = TOKEN_NUMBER;
        token.span.end = end;
    }
    return token;
}

static bool same_span(Span a, Span b)
{
    size_t length = (size_t)(a.end - a.start);
    return length == (size_t)(b.end - b.start) && memcmp(a.start, b.start, length) == 0;
}

/* `cut`: digits may have been left out after the expected ones, as in 0.53... */
static bool same_number(const Token *expected, const Token *actual, bool cut)
{
    Span wanted = expected->span, got = actual->span;
    if (same_span(wanted, got)) return true;
    if (cut && got.end - got.start > wanted.end - wanted.start) {
        got.end = got.start + (wanted.end - wanted.start);
        if (same_span(wanted, got)) return true;
    }
    if (is_whole(wanted)) return !is_whole(actual->span) && expected->value == actual->value;
    return fabs(expected->value - actual->value) <= expected->step / 2 + 1e-12;
}

static bool same_token(const Token *expected, const Token *actual, bool cut)
{
    if (expected->kind != actual->kind) return false;
    if (expected->kind == TOKEN_NUMBER) return same_number(expected, actual, cut);
    return expected->kind == TOKEN_BLANK || same_span(expected->span, actual->span);
}

/* Takes one token off both lines if they agree. */
static bool take_pair(Span *expected, Span *actual)
{
    if (expected->start == expected->end || actual->start == actual->end) return false;
    Token wanted = token_at(*expected), got = token_at(*actual);
    Span after = {wanted.span.end, expected->end};
    if (!same_token(&wanted, &got, starts_gap(after))) return false;
    expected->start = wanted.span.end;
    actual->start = got.span.end;
    return true;
}

/* As with * in file names it is enough to try the last gap again, with one token more in it. */
static bool line_matches(Span expected, Span actual)
{
    Span after_gap = {0}, in_gap = {0};
    while (expected.start < expected.end || actual.start < actual.end) {
        if (starts_gap(expected)) {
            expected.start = gap_end(expected.start, expected.end);
            after_gap = expected;
            in_gap = actual;
        } else if (!take_pair(&expected, &actual)) {
            if (!after_gap.start || in_gap.start == in_gap.end) return false;
            in_gap.start = token_at(in_gap).span.end;
            expected = after_gap;
            actual = in_gap;
        }
    }
    return true;
}

/* --- all lines --- */

/* The lines expected from here on, and the number of the first. */
typedef struct {
    Span text;
    size_t line;
} Place;

static bool take_gap_line(Place *expected)
{
    Span text = expected->text, line;
    if (!take_line(&text, &line) || !span_is(line, "...")) return false;
    *expected = (Place){text, expected->line + 1};
    return true;
}

static bool take_line_pair(Place *expected, Span *actual)
{
    Span wanted_rest = expected->text, got_rest = *actual, wanted, got;
    if (!take_line(&wanted_rest, &wanted) || !take_line(&got_rest, &got)) return false;
    if (!line_matches(wanted, got)) return false;
    *expected = (Place){wanted_rest, expected->line + 1};
    *actual = got_rest;
    return true;
}

bool transcript_matches(const char *expected_text, const char *actual_text, size_t *line)
{
    Place expected = {whole(expected_text), 0}, after_gap = {0};
    Span actual = whole(actual_text), in_gap = {0}, skipped;
    *line = 0;
    while (expected.text.start < expected.text.end || actual.start < actual.end) {
        if (expected.line > *line) *line = expected.line;
        if (take_gap_line(&expected)) {
            after_gap = expected;
            in_gap = actual;
        } else if (!take_line_pair(&expected, &actual)) {
            if (!after_gap.line || !take_line(&in_gap, &skipped)) return false;
            expected = after_gap;
            actual = in_gap;
        }
    }
    return true;
}
