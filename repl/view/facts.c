/* facts.c - a tree of reasons, one number a line, the reasons indented below it. */
#include "repl/view/text.h"

typedef struct {
    FILE *out;
    const ViewStyle *style;
    Arena arena;
} Drawing;

static void draw_fact(Drawing *d, const Fact *fact, const char *indent)
{
    if (fact->kind == FACT_NOTE) {
        fprintf(d->out, "%s\n", fact->name);
        return;
    }
    Unit unit = fact->kind == FACT_PROBABILITY ? UNIT_PROBABILITY : UNIT_NONE;
    fprintf(d->out, "%s = %s", fact->name, text_number(fact->value, unit, d->style, &d->arena));
    bool fits =
        fact->formula &&
        text_width(indent) + text_width(fact->name) + text_width(fact->formula) + 16 < d->style->width;
    if (fits) fprintf(d->out, "   = %s", fact->formula);
    fputc('\n', d->out);
    if (fact->formula && !fits) fprintf(d->out, "%s   = %s\n", indent, fact->formula);
}

static void draw_reasons(Drawing *d, const Fact *fact, const char *indent)
{
    for (const Fact *reason = fact->reasons; reason; reason = reason->next) {
        fprintf(d->out, "%s%s", indent, reason->next ? "|- " : "`- ");
        const char *deeper = arena_format(&d->arena, "%s%s", indent, reason->next ? "|  " : "   ");
        draw_fact(d, reason, deeper);
        draw_reasons(d, reason, deeper);
    }
}

void view_facts(FILE *out, const Fact *fact, const ViewStyle *style)
{
    Drawing drawing = {.out = out, .style = style};
    draw_fact(&drawing, fact, "");
    draw_reasons(&drawing, fact, "");
    arena_release(&drawing.arena);
}
