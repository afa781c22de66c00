/* fact.h - a number together with how it came about.
 *
 * Models answer "why?" with a tree of facts: a name, the formula in the field's notation, the value, and
 * the facts it was computed from.  Nothing here knows how it is shown. */
#ifndef CORE_MODEL_FACT_H
#define CORE_MODEL_FACT_H

#include "core/base/arena.h"

typedef enum { FACT_COUNT, FACT_PROBABILITY, FACT_NUMBER, FACT_NOTE } FactKind;

typedef struct Fact Fact;
struct Fact {
    FactKind kind;
    const char *name;    /* "p(mouse | the)"; for a note, the whole sentence */
    const char *formula; /* "count(the mouse) / count(the ...)", or NULL for a plain observation */
    double value;        /* nothing for a note */
    Fact *reasons;       /* what it was computed from, in order */
    Fact *next;          /* the following fact among its parent's reasons */
};

/* `name` and `formula` are kept, not copied: allocate them in the same arena. */
Fact *fact_new(Arena *arena, FactKind kind, const char *name, const char *formula, double value);
Fact *fact_note(Arena *arena, const char *sentence);
Fact *fact_because(Fact *fact, Fact *reason); /* appends the reason; returns `fact` */

#endif
