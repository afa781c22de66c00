/* Lines of files of every kind: long, packed, without an end, with other ends. */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/draft.h"
#include "core/base/line_reader.h"
#include "tests/support/models.h"
#include "tests/support/shell.h"

static char folder[FOLDER_SIZE];
static const char *path;

static void start(void)
{
    folder_make(folder);
    path = path_in(folder, "text");
}

static void finish(void) { folder_remove(folder); }

TestSuite(line_reader, .init = start, .fini = finish, .timeout = 20);

/* All lines as "[line][line]"; the caller frees it. */
static char *lines_of(const char *file)
{
    Error error;
    char *text;
    size_t size, length, count = 0;
    const char *line;
    FILE *out = open_memstream(&text, &size);
    LineReader *reader = line_reader_new(file, &error);
    CHECK_FOR(reader, "%s", error.message);
    LineStatus status;
    while ((status = line_reader_next(reader, &line, &length, &error)) == LINE_GIVEN) {
        CHECK_EACH(line_reader_number(reader) == ++count, "line %zu", count);
        CHECK_EACH(strchr(" \t\r\n", line[length]), "no blank behind line %zu", count);
        fprintf(out, "[%.*s]", (int)length, line);
    }
    CHECK_FOR(status == LINE_END, "%s", error.message);
    line_reader_free(reader);
    fclose(out);
    return text;
}

static void put_packed(const char *file, const char *text, size_t length)
{
    Error error;
    Draft *draft = draft_new(file, true, &error);
    draft_write(draft, text, length);
    CHECK(draft_finish(draft, &error));
}

Test(line_reader, ends_of_lines)
{
    static const char *const rows[][2] = {
        {"", ""},
        {"\n", "[]"},
        {"a", "[a]"},
        {"a\n", "[a]"},
        {"a\n\nb", "[a][][b]"},
        {"a\r\nb\r\n\r\n", "[a][b][]"},
        {"a\rb\n", "[a\rb]"},
        {"\r", "[]"},
        {"\xEF\xBB\xBF"
         "a\nb\n",
         "[a][b]"},
        {"\xEF\xBB", "[\xEF\xBB]"},
        {"\x1F", "[\x1F]"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        file_put(path, rows[i][0]);
        char *plain = lines_of(path);
        CHECK_STR(plain, rows[i][1]);
        put_packed(path, rows[i][0], strlen(rows[i][0]));
        char *packed = lines_of(path);
        CHECK_STR(packed, rows[i][1]);
        free(plain);
        free(packed);
    }
}

/* Lines of every length around the size of a piece, and one much longer. */
Test(line_reader, long_lines_are_whole)
{
    enum { LENGTH = 3000000 };
    char *text = malloc(LENGTH + 4);
    for (size_t i = 0; i < LENGTH; i++) text[i] = (char)('a' + i % 26);
    for (size_t at = 100; at + 2 * 131072 < LENGTH / 2; at += 131072 - 7) text[at] = '\n';
    strcpy(text + LENGTH, "\nz");
    char *wanted, *plain;
    size_t size;
    FILE *out = open_memstream(&wanted, &size);
    fputc('[', out);
    for (const char *c = text; *c; c++) *c == '\n' ? fputs("][", out) : fputc(*c, out);
    fputc(']', out);
    fclose(out);
    file_put(path, text);
    plain = lines_of(path);
    CHECK_FOR(strcmp(plain, wanted) == 0, "plain lines differ");
    free(plain);
    put_packed(path, text, strlen(text));
    plain = lines_of(path);
    CHECK_FOR(strcmp(plain, wanted) == 0, "packed lines differ");
    free(plain);
    free(wanted);
    free(text);
}

/* What unpacks into a line without an end stops at a limit, not at the end of memory. */
Test(line_reader, a_bomb_is_refused)
{
    Error error;
    char *zeros = calloc(1 << 20, 1);
    const char *line;
    size_t length;
    Draft *draft = draft_new(path, true, &error);
    for (int i = 0; i < 100; i++) draft_write(draft, zeros, 1 << 20);
    CHECK(draft_finish(draft, &error));
    LineReader *reader = line_reader_new(path, &error);
    CHECK_INT(line_reader_next(reader, &line, &length, &error), LINE_FAILED);
    CHECK(strstr(error.message, "line 1 is longer than 64 MiB"));
    line_reader_free(reader);
    free(zeros);
}

Test(line_reader, pipes_are_read_too)
{
    int ends[2];
    char name[64];
    CHECK_INT(pipe(ends), 0);
    CHECK(write(ends[1], "one\ntwo", 7) == 7);
    close(ends[1]);
    snprintf(name, sizeof name, "/proc/self/fd/%d", ends[0]);
    char *lines = lines_of(name);
    CHECK_STR(lines, "[one][two]");
    free(lines);
    close(ends[0]);
}

Test(line_reader, what_cannot_be_read_is_said)
{
    Error error;
    CHECK(!line_reader_new(folder, &error) && strstr(error.message, "is a folder"));
    CHECK(!line_reader_new(path_in(folder, "none"), &error) && strstr(error.message, "cannot open"));
    file_put_bytes(path, "\x1F\x8B\x08", 3);
    const char *line;
    size_t length;
    LineReader *reader = line_reader_new(path, &error);
    CHECK_INT(line_reader_next(reader, &line, &length, &error), LINE_FAILED);
    CHECK(strstr(error.message, "cut off"));
    line_reader_free(reader);
}
