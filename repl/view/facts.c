/* facts.c - a tree of reasons, one number a line, the reasons indented below it. What has been explained
 * higher up is not explained again, and a note that has been made is not made again. */
#include <math.h>
#include <string.h>

#include "core/base/i18n.h"
#include "repl/view/text.h"

enum { TOLD_MAX = 256 };

/* A fact to be drawn. */
typedef struct Branch Branch;
struct Branch {
    const Fact *fact;
    bool explained; /* above: its reasons are not drawn again */
    Branch *reasons, *next;
};

typedef struct {
    FILE *out;
    const ViewStyle *style;
    Arena arena;
    const Fact *told[TOLD_MAX]; /* notes, and facts with reasons */
    size_t told_count;
} Drawing;

static bool same_text(const char *a, const char *b) { return a == b || (a && b && strcmp(a, b) == 0); }

static bool same_fact(const Fact *a, const Fact *b)
{
    return a->kind == b->kind && a->value == b->value && same_text(a->name, b->name) &&
           same_text(a->formula, b->formula);
}

/* Whether an equal fact was told before; remembers this one. */
static bool is_told(Drawing *d, const Fact *fact)
{
    for (size_t i = 0; i < d->told_count; i++)
        if (same_fact(d->told[i], fact)) return true;
    if (d->told_count < TOLD_MAX) d->told[d->told_count++] = fact;
    return false;
}

static bool is_note(const Fact *fact) { return fact->kind == FACT_NOTE && !fact->reasons; }

/* What is left of the tree, known before anything is drawn: each line shows whether another follows. */
static Branch *grow(Drawing *d, const Fact *fact)
{
    Branch *branch = arena_alloc(&d->arena, 1, sizeof *branch), **end = &branch->reasons;
    branch->fact = fact;
    branch->explained = fact->kind != FACT_NOTE && fact->reasons && is_told(d, fact);
    if (branch->explained) return branch;
    for (const Fact *reason = fact->reasons; reason; reason = reason->next) {
        if (is_note(reason) && is_told(d, reason)) continue;
        *end = grow(d, reason);
        end = &(*end)->next;
    }
    return branch;
}

/* Counts in full: 1373400, never 1.3734e+06. */
static const char *fact_number(Drawing *d, const Fact *fact, Unit unit)
{
    bool whole = fact->kind == FACT_COUNT && fact->value == floor(fact->value) && fabs(fact->value) < 1e15;
    if (whole) return arena_format(&d->arena, "%.0f", fact->value);
    return text_number(fact->value, unit, d->style, &d->arena);
}

/* Text that stands behind `at` columns of a line and goes on, where it must, below itself: inside the tree's
 * lines and `further` in. */
static void put(Drawing *d, const char *text, const char *indent, int at, const char *further)
{
    int least = text_width(indent) + text_width(further);
    size_t blanks = 0;
    while (*text) {
        size_t length = strcspn(text, " ");
        const char *word = arena_format(&d->arena, "%.*s", (int)length, text);
        int width = (int)blanks + text_width(word);
        bool full = at + width > d->style->width && at > least;
        if (full) fprintf(d->out, "\n%s%s%s", indent, further, word);
        if (!full) fprintf(d->out, "%*s%s", (int)blanks, "", word);
        at = full ? least + width - (int)blanks : at + width;
        text += length;
        blanks = strspn(text, " ");
        text += blanks;
    }
    fputc('\n', d->out);
}

static void draw_fact(Drawing *d, const Branch *branch, const char *indent)
{
    const Fact *fact = branch->fact;
    int at = text_width(indent);
    if (fact->kind == FACT_NOTE) {
        put(d, fact->name, indent, at, "  ");
        return;
    }
    Unit unit = fact->kind == FACT_PROBABILITY ? UNIT_PROBABILITY : UNIT_NONE;
    const char *line = arena_format(&d->arena, "%s = %s", fact->name, fact_number(d, fact, unit)),
               *formula = branch->explained ? NULL : fact->formula;
    bool fits = formula && at + text_width(line) + 5 + text_width(formula) <= d->style->width;
    if (fits) line = arena_format(&d->arena, "%s   = %s", line, formula);
    if (branch->explained) line = arena_format(&d->arena, "%s   %s", line, _("(as above)"));
    put(d, line, indent, at, "  ");
    if (!formula || fits) return;
    fprintf(d->out, "%s   ", indent);
    put(d, arena_format(&d->arena, "= %s", formula), indent, at + 3, "     ");
}

static void draw_reasons(Drawing *d, const Branch *branch, const char *indent)
{
    for (const Branch *reason = branch->reasons; reason; reason = reason->next) {
        fprintf(d->out, "%s%s", indent, reason->next ? "|- " : "`- ");
        const char *deeper = arena_format(&d->arena, "%s%s", indent, reason->next ? "|  " : "   ");
        draw_fact(d, reason, deeper);
        draw_reasons(d, reason, deeper);
    }
}

void view_facts(FILE *out, const Fact *fact, const ViewStyle *style)
{
    Drawing drawing = {.out = out, .style = style};
    const Branch *root = grow(&drawing, fact);
    draw_fact(&drawing, root, "");
    draw_reasons(&drawing, root, "");
    arena_release(&drawing.arena);
}
