#include "core/text/labelled.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/utf8.h"

/* --- reading --- */

static size_t count_lines(const char *text, size_t length)
{
    size_t count = 1;
    for (size_t i = 0; i < length; i++) count += text[i] == '\n';
    return count;
}

/* [line, line + length) is one line, its end taken off. */
static bool read_line(const char *line, size_t length, Arena *arena, LabelledLine *read)
{
    const char *end = line + length;
    bool labelled = length >= 2 && (line[0] == '0' || line[0] == '1') && line[1] == '\t';
    if (!labelled || memchr(line, '\0', length)) return false;
    read->label = line[0] == '1' ? LABEL_BAD : LABEL_GOOD;
    line += 2;
    const char *tab = memchr(line, '\t', (size_t)(end - line));
    if (tab) {
        read->group = arena_copy(arena, line, (size_t)(tab - line));
        line = tab + 1;
    }
    read->text = arena_copy(arena, line, (size_t)(end - line));
    return true;
}

static bool fail_line(size_t number, Error *error)
{
    error_set(error, _("line %zu is not a label, a tab and a text"), number);
    return error_hint(error,
                      _("the label is 1 for bad and 0 for good; a group may stand between: 0 TAB group "
                        "TAB text"));
}

bool labelled_read(const char *text, size_t length, Arena *arena, LabelledText *labelled, Error *error)
{
    const char *end = text + length;
    size_t good = utf8_valid_prefix(text, length);
    if (good < length) return error_set(error, _("byte %zu is not UTF-8"), good + 1);
    *labelled = (LabelledText){.lines = arena_alloc(arena, count_lines(text, length), sizeof(LabelledLine))};
    for (size_t number = 1; text < end; number++) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        size_t bytes = (size_t)((newline ? newline : end) - text);
        const char *next = newline ? newline + 1 : end;
        if (bytes > 0 && text[bytes - 1] == '\r') bytes--;
        if (bytes > 0 && !read_line(text, bytes, arena, &labelled->lines[labelled->count++]))
            return fail_line(number, error);
        text = next;
    }
    return labelled->count > 0 || error_set(error, _("there is no line in it"));
}

/* --- blocked words --- */

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

static bool same_word(const char *word, size_t length, const char *blocked)
{
    for (size_t i = 0; i < length; i++)
        if (tolower((unsigned char)word[i]) != tolower((unsigned char)blocked[i])) return false;
    return blocked[length] == '\0';
}

bool labelled_blocks(const char *const *blocked, size_t count, const char *line, const char **word)
{
    while (*line) {
        const char *begin = line;
        while (*line && !is_blank(*line)) line++;
        const char *end = line;
        while (begin < end && ispunct((unsigned char)*begin)) begin++;
        while (begin < end && ispunct((unsigned char)end[-1])) end--;
        for (size_t i = 0; begin < end && i < count; i++)
            if (same_word(begin, (size_t)(end - begin), blocked[i])) return *word = blocked[i], true;
        while (is_blank(*line)) line++;
    }
    return false;
}

/* --- right and wrong --- */

void confusion_add(Confusion *c, Label label, bool flagged)
{
    if (label == LABEL_BAD)
        flagged ? c->tp++ : c->fn++;
    else if (label == LABEL_GOOD)
        flagged ? c->fp++ : c->tn++;
}

static double share(size_t part, size_t whole) { return whole ? (double)part / (double)whole : NAN; }

double confusion_precision(const Confusion *c) { return share(c->tp, c->tp + c->fp); }
double confusion_recall(const Confusion *c) { return share(c->tp, c->tp + c->fn); }
double confusion_accuracy(const Confusion *c) { return share(c->tp + c->tn, c->tp + c->fp + c->fn + c->tn); }
double confusion_false_positive_rate(const Confusion *c) { return share(c->fp, c->fp + c->tn); }

double confusion_idle_accuracy(const Confusion *c)
{
    return share(c->fp + c->tn, c->tp + c->fp + c->fn + c->tn);
}
