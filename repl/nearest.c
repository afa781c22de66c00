#include "repl/nearest.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/base/i18n.h"

enum { LONGEST = 64 }; /* bytes; longer words are compared by their beginnings */

static size_t shorter(size_t a, size_t b) { return a < b ? a : b; }
static int letter(const char *word, size_t i) { return tolower((unsigned char)word[i]); }

size_t nearest_distance(const char *a, const char *b)
{
    size_t rows = shorter(strlen(a), LONGEST), columns = shorter(strlen(b), LONGEST);
    size_t d[LONGEST + 1][LONGEST + 1];
    for (size_t j = 0; j <= columns; j++) d[0][j] = j;
    for (size_t i = 1; i <= rows; i++) {
        d[i][0] = i;
        for (size_t j = 1; j <= columns; j++) {
            bool same = letter(a, i - 1) == letter(b, j - 1);
            d[i][j] = shorter(shorter(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + !same);
            bool swapped = i > 1 && j > 1 && letter(a, i - 1) == letter(b, j - 2) &&
                           letter(a, i - 2) == letter(b, j - 1);
            if (swapped) d[i][j] = shorter(d[i][j], d[i - 2][j - 2] + 1);
        }
    }
    return d[rows][columns];
}

void nearest_init(Nearest *nearest, const char *typed) { *nearest = (Nearest){.typed = typed}; }

void nearest_offer(Nearest *nearest, const char *name)
{
    size_t length = shorter(strlen(nearest->typed), LONGEST), allowed = length < 5 ? 1 : length < 8 ? 2 : 3;
    size_t distance = nearest_distance(nearest->typed, name), at = nearest->count;
    if (distance > allowed || distance >= strlen(name)) return;
    for (size_t i = 0; i < nearest->count; i++)
        if (strcmp(nearest->names[i], name) == 0) return; /* a command, and a topic of that name */
    while (at > 0 && nearest->distances[at - 1] > distance) at--;
    if (at == NEAREST_MAX) return;
    if (nearest->count < NEAREST_MAX) nearest->count++;
    for (size_t i = nearest->count - 1; i > at; i--) {
        nearest->names[i] = nearest->names[i - 1];
        nearest->distances[i] = nearest->distances[i - 1];
    }
    nearest->names[at] = name;
    nearest->distances[at] = distance;
}

void nearest_sentence(const Nearest *nearest, char *text, size_t size)
{
    const char *const *n = nearest->names;
    text[0] = '\0';
    if (nearest->count == 1) snprintf(text, size, _("did you mean '%s'?"), n[0]);
    if (nearest->count == 2) snprintf(text, size, _("did you mean '%s' or '%s'?"), n[0], n[1]);
    if (nearest->count == 3) snprintf(text, size, _("did you mean '%s', '%s' or '%s'?"), n[0], n[1], n[2]);
}
