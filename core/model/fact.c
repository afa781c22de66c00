#include "core/model/fact.h"

Fact *fact_new(Arena *arena, FactKind kind, const char *name, const char *formula, double value)
{
    Fact *fact = arena_alloc(arena, 1, sizeof *fact);
    *fact = (Fact){.kind = kind, .name = name, .formula = formula, .value = value};
    return fact;
}

Fact *fact_note(Arena *arena, const char *sentence) { return fact_new(arena, FACT_NOTE, sentence, NULL, 0); }

Fact *fact_because(Fact *fact, Fact *reason)
{
    Fact **end = &fact->reasons;
    while (*end) end = &(*end)->next;
    *end = reason;
    return fact;
}
