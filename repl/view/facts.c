/* facts.c - a tree of reasons, one number a line, the reasons indented below it. What has been explained
 * higher up is not explained again, and a note that has been made is not made again. */
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

static void draw_fact(Drawing *d, const Branch *branch, const char *indent)
{
    const Fact *fact = branch->fact;
    if (fact->kind == FACT_NOTE) {
        fprintf(d->out, "%s\n", fact->name);
        return;
    }
    Unit unit = fact->kind == FACT_PROBABILITY ? UNIT_PROBABILITY : UNIT_NONE;
    fprintf(d->out, "%s = %s", fact->name, text_number(fact->value, unit, d->style, &d->arena));
    bool fits = fact->formula && text_width(indent) + text_width(fact->name) + text_width(fact->formula) +
                                         16 + (branch->explained ? 13 : 0) <
                                     d->style->width;
    if (fits) fprintf(d->out, "   = %s", fact->formula);
    fprintf(d->out, "%s\n", branch->explained ? _("   (as above)") : "");
    if (fact->formula && !fits) fprintf(d->out, "%s   = %s\n", indent, fact->formula);
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
