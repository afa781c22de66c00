#include "core/ngram/arpa_line.h"

#include <math.h>
#include <string.h>

#include "core/base/decimal.h"
#include "core/base/i18n.h"

static const double LN10 = 2.302585092994045684;

bool arpa_is_blank(char c)
{
    return (unsigned char)c <= ' ' && (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\0');
}

const char *arpa_skip_blanks(const char *at, const char *end)
{
    while (at < end && arpa_is_blank(*at)) at++;
    return at;
}

static const char *skip_text(const char *line, const char *end, const char *text)
{
    size_t length = strlen(text);
    bool there = (size_t)(end - line) >= length && memcmp(line, text, length) == 0;
    return there ? line + length : NULL;
}

bool arpa_is_only(const char *line, const char *end, const char *text)
{
    const char *at = skip_text(line, end, text);
    return at && arpa_skip_blanks(at, end) == end;
}

/* --- counts and headings --- */

/* NULL where there is no number. */
static const char *read_whole(const char *at, const char *end, uint64_t *number)
{
    const char *first = at;
    *number = 0;
    for (; at < end && *at >= '0' && *at <= '9'; at++) {
        uint64_t digit = (uint64_t)(*at - '0');
        *number = *number > (UINT64_MAX - digit) / 10 ? UINT64_MAX : *number * 10 + digit;
    }
    return at > first ? at : NULL;
}

bool arpa_count_read(const char *line, const char *end, uint64_t *level, uint64_t *count)
{
    const char *at = skip_text(line, end, "ngram");
    if (!at || !(at = read_whole(arpa_skip_blanks(at, end), end, level))) return false;
    at = arpa_skip_blanks(at, end);
    if (at == end || *at != '=') return false;
    at = read_whole(arpa_skip_blanks(at + 1, end), end, count);
    return at && arpa_skip_blanks(at, end) == end;
}

bool arpa_heading_read(const char *line, const char *end, uint64_t *level)
{
    const char *at = skip_text(line, end, "\\");
    return at && (at = read_whole(at, end, level)) && arpa_is_only(at, end, "-grams:");
}

/* --- n-grams --- */

static double power_of_ten(double x)
{
    if (x == 0) return 1; /* most back-off weights */
    return x <= ARPA_ZERO ? 0 : exp(x * LN10);
}

static bool fail(int level, bool highest, Error *error)
{
    error_set(error, _("this is no %d-gram"), level);
    return error_hint(error,
                      highest
                          ? _("a line here is log10 p and words, %d in number")
                          : _("a line here is log10 p, words, %d in number, and perhaps a back-off weight"),
                      level);
}

static bool set_p(ArpaEntry *entry, double x, Error *error)
{
    entry->positive = x > 0;
    entry->p = x > 0 ? 1 : power_of_ten(x);
    if (!isnan(x)) return true;
    error_set(error, _("the probability is not a number"));
    return error_hint(error, _("log10 p is a number up to 0; -99 or -inf stands for p = 0"));
}

static bool fail_backoff(double x, Error *error)
{
    error_set(error, _("the back-off weight is %g"), x);
    return error_hint(error, _("its log10 is a number, not above %g"), log10(ARPA_BACKOFF_MOST));
}

static bool set_backoff(ArpaEntry *entry, double x, bool highest, Error *error)
{
    entry->backoff = power_of_ten(x);
    if (!isfinite(x) || entry->backoff > ARPA_BACKOFF_MOST * (1 + 1e-9)) return fail_backoff(x, error);
    if (!highest || x == 0) return true;
    error_set(error, _("an n-gram of the highest order has a back-off weight"));
    return error_hint(error, _("nothing longer backs off from it; is a section of the file missing?"));
}

static const char *read_words(const char *at, const char *end, int level, ArpaEntry *entry)
{
    for (int i = 0; i < level; i++) {
        const char *word = at = arpa_skip_blanks(at, end);
        while (!arpa_is_blank(*at)) at++;
        entry->words[i] = word;
        entry->lengths[i] = (size_t)(at - word);
        if (at == word) return NULL;
    }
    return at;
}

bool arpa_entry_read(const char *line, const char *end, int level, bool highest, ArpaEntry *entry,
                     Error *error)
{
    double x;
    const char *at = decimal_read(line, end, &x);
    if (!at || !arpa_is_blank(*at)) return fail(level, highest, error);
    if (!set_p(entry, x, error)) return false;
    if (!(at = read_words(at, end, level, entry))) return fail(level, highest, error);
    entry->backoff = 1;
    at = arpa_skip_blanks(at, end);
    if (at == end) return true;
    at = decimal_read(at, end, &x);
    if (!at || arpa_skip_blanks(at, end) != end) return fail(level, highest, error);
    return set_backoff(entry, x, highest, error);
}
