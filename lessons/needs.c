#include "lessons/needs.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"

enum { NOT_FOUND = -1 };

static long find(const NeedsEntry *entries, size_t count, const char *id, size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(entries[i].id) == length && memcmp(entries[i].id, id, length) == 0) return (long)i;
    return NOT_FOUND;
}

/* The next id at *needs, which moves behind it; 0 at the end. */
static size_t next_id(const char **needs, const char **id)
{
    *id = *needs + strspn(*needs, " \t,");
    size_t length = strcspn(*id, " \t,");
    *needs = *id + length;
    return length;
}

static void check_existence(const NeedsEntry *entries, size_t count, const NeedsEntry *entry)
{
    const char *needs = entry->needs, *id;
    for (size_t length; (length = next_id(&needs, &id)) > 0;)
        if (find(entries, count, id, length) == NOT_FOUND)
            fault(entry->faults, entry->line, 1, _("needs %.*s, but no lesson has that id"), (int)length, id);
}

static void check_uniqueness(const NeedsEntry *entries, size_t at)
{
    if (find(entries, at, entries[at].id, strlen(entries[at].id)) != NOT_FOUND)
        fault(entries[at].faults, 1, 1, _("another lesson has the id %s"), entries[at].id);
}

/* Lessons all of whose needs are settled are settled; whoever is left stands in a circle, or needs one. */
static bool settle(const NeedsEntry *entries, size_t count, size_t at, bool *settled)
{
    const char *needs = entries[at].needs, *id;
    if (settled[at]) return false;
    for (size_t length; (length = next_id(&needs, &id)) > 0;) {
        long need = find(entries, count, id, length);
        if (need != NOT_FOUND && !settled[need]) return false;
    }
    return settled[at] = true;
}

static void check_circles(const NeedsEntry *entries, size_t count)
{
    bool *settled = must_alloc(count + 1, sizeof *settled);
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < count; i++) more = settle(entries, count, i, settled) || more;
    }
    for (size_t i = 0; i < count; i++)
        if (!settled[i] && entries[i].faults)
            fault(entries[i].faults, entries[i].line, 1, _("needs go in a circle: %s comes before itself"),
                  entries[i].id);
    free(settled);
}

void needs_check(const NeedsEntry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!entries[i].faults) continue;
        check_uniqueness(entries, i);
        check_existence(entries, count, &entries[i]);
    }
    check_circles(entries, count);
}
