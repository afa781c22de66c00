/* Looking sentences up in a catalogue as the GNU gettext manual lays it out ("The Format of GNU MO Files").
 */

#include <string.h>

#include "core/base/error.h"
#include "core/base/i18n.h"
#include "tests/support/check.h"

TestSuite(i18n, .timeout = 20);

enum { PAIRS = 4, TABLES = 28, TEXTS = TABLES + 2 * 8 * PAIRS };

static const char *const pairs[PAIRS][2] = {
    {"", "Language: zz\n"}, {"ate", "mangea"}, {"mouse", "souris"}, {"the %s", "la %s"}};

typedef struct {
    unsigned char bytes[512];
    size_t length;
} File;

static void put_number(File *file, size_t at, size_t number)
{
    for (int i = 0; i < 4; i++) file->bytes[at + (size_t)i] = (unsigned char)(number >> (8 * i));
}

static void put_text(File *file, size_t entry, const char *text)
{
    put_number(file, entry, strlen(text));
    put_number(file, entry + 4, file->length);
    memcpy(file->bytes + file->length, text, strlen(text) + 1);
    file->length += strlen(text) + 1;
}

static File make_file(void)
{
    File file = {.length = TEXTS};
    put_number(&file, 0, 0x950412de);
    put_number(&file, 8, PAIRS);
    put_number(&file, 12, TABLES);
    put_number(&file, 16, TABLES + 8 * PAIRS);
    for (size_t side = 0; side < 2; side++)
        for (size_t i = 0; i < PAIRS; i++) put_text(&file, TABLES + 8 * (side * PAIRS + i), pairs[i][side]);
    return file;
}

Test(i18n, says_what_it_is_given_until_a_catalogue_is_used)
{
    CHECK_STR(_("mouse"), "mouse");
    CHECK_STR(i18n_language(), "en");
}

Test(i18n, looks_every_sentence_up)
{
    File file = make_file();
    Catalogue catalogue = {"zz", file.bytes, file.length};
    i18n_use(&catalogue);
    for (size_t i = 1; i < PAIRS; i++) CHECK_STR(i18n_translate(pairs[i][0]), pairs[i][1]);
    CHECK_STR(i18n_language(), "zz");
    i18n_use(NULL);
    CHECK_STR(_("mouse"), "mouse");
}

/* Before the first, between two, after the last, a beginning of one, one that goes on, and none. */
Test(i18n, a_sentence_that_is_missing_stays_as_it_is)
{
    static const char *const missing[] = {"a", "bat", "zebra", "mous", "mouses", ""};
    File file = make_file();
    Catalogue catalogue = {"zz", file.bytes, file.length};
    i18n_use(&catalogue);
    for (size_t i = 0; i < COUNT_OF(missing); i++) CHECK(i18n_translate(missing[i]) == missing[i]);
}
