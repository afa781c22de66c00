#include "core/base/i18n.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Where things are in the file: 32-bit numbers, little-endian as msgfmt writes them. The two tables hold a
 * length and an offset for each text; the originals are sorted as strcmp sorts. */
enum { MO_MAGIC = 0, MO_COUNT = 8, MO_ORIGINALS = 12, MO_TRANSLATIONS = 16, MO_HEADER = 28, MO_ENTRY = 8 };

/* The one state in core: every sentence would have to be handed the language otherwise. */
static _Atomic(const Catalogue *) current;

static uint32_t number_at(const Catalogue *catalogue, size_t at)
{
    assert(at + 4 <= catalogue->length);
    const unsigned char *b = catalogue->bytes + at;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static const char *text_at(const Catalogue *catalogue, int table, size_t index)
{
    size_t entry = number_at(catalogue, (size_t)table) + index * MO_ENTRY;
    size_t length = number_at(catalogue, entry), at = number_at(catalogue, entry + 4);
    assert(at + length < catalogue->length && catalogue->bytes[at + length] == '\0');
    return (const char *)catalogue->bytes + at;
}

void i18n_use(const Catalogue *catalogue)
{
    assert(!catalogue ||
           (catalogue->length >= MO_HEADER && number_at(catalogue, MO_MAGIC) == UINT32_C(0x950412DE)));
    atomic_store(&current, catalogue);
}

const char *i18n_language(void)
{
    const Catalogue *catalogue = atomic_load(&current);
    return catalogue ? catalogue->language : "en";
}

static const char *find(const Catalogue *catalogue, const char *sentence)
{
    size_t low = 0, high = number_at(catalogue, MO_COUNT);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(sentence, text_at(catalogue, MO_ORIGINALS, middle));
        if (order == 0) return text_at(catalogue, MO_TRANSLATIONS, middle);
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const char *i18n_translate(const char *sentence)
{
    const Catalogue *catalogue = atomic_load(&current);
    bool header = *sentence == '\0'; /* the entry of "" tells about the file */
    const char *found = catalogue && !header ? find(catalogue, sentence) : NULL;
    return found ? found : sentence;
}
