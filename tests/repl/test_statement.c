/* The grammar of a line: words, strings, options, models, marks, full-width forms, and the place of
 * everything. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "repl/statement.h"
#include "tests/support/check.h"

TestSuite(statement, .timeout = 20);

static void put_word(FILE *out, const char *before, const Word *word)
{
    fprintf(out, word->quoted ? "%s'%s'" : "%s%s", before, word->text);
}

static void put_statement(FILE *out, const Statement *s)
{
    put_word(out, s->timed ? "time:" : "", &s->verb);
    for (size_t i = 0; i < s->word_count; i++) put_word(out, " ", &s->words[i]);
    for (size_t i = 0; i < s->option_count; i++) {
        put_word(out, " {", &s->options[i].key);
        for (size_t v = 0; v < s->options[i].count; v++)
            put_word(out, v ? "," : "=", &s->options[i].values[v]);
        fputc('}', out);
    }
    for (size_t i = 0; i < s->model_count; i++) put_word(out, " @", &s->models[i]);
    if (s->path.text) put_word(out, " >", &s->path);
}

/* A line as text: "prob the 'mouse' {T=0,1} @toy >file | next"; an error as its message. */
static char *parsed(const char *text)
{
    char *shown;
    size_t length;
    Arena arena = {0};
    Error error;
    Line line;
    FILE *out = open_memstream(&shown, &length);
    if (!line_parse(text, &arena, &line, &error))
        fprintf(out, "error: %s", error.message);
    else
        for (size_t i = 0; i < line.count; i++) {
            fputs(i ? " | " : "", out);
            put_statement(out, &line.statements[i]);
        }
    fclose(out);
    arena_release(&arena);
    return shown;
}

typedef struct {
    const char *line, *wanted;
} Row;

static void check_rows(const Row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *shown = parsed(rows[i].line);
        CHECK_FOR(strcmp(shown, rows[i].wanted) == 0, "[%s] gives [%s], not [%s]", rows[i].line, shown,
                  rows[i].wanted);
        free(shown);
    }
}

Test(statement, words_options_models)
{
    static const Row rows[] = {
        {"", ""},
        {"   \t ", ""},
        {"# only a comment", ""},
        {"prob the mouse", "prob the mouse"},
        {"  prob\tthe   mouse  ", "prob the mouse"},
        {"prob the mouse\r", "prob the mouse"},
        {"prob \"the mouse\" 'ate it'", "prob 'the mouse' 'ate it'"},
        {"prob \"it's\" 'say \"x\"'", "prob 'it's' 'say \"x\"'"},
        {"prob don't stop", "prob don't stop"},
        {"prob the mice' cheese", "prob the mice' cheese"},
        {"prob \"\"", "prob ''"},
        {"next the T=0.5", "next the {T=0.5}"},
        {"next T=0.5 the", "next the {T=0.5}"},
        {"next the T=0,0.5,inf", "next the {T=0,0.5,inf}"},
        {"train n=1..4", "train {n=1..4}"},
        {"next for=\"ate\",'the ball',x", "next {for='ate','the ball',x}"},
        {"next T=", "next {T=}"},
        {"next T=1,", "next {T=1,}"},
        {"next top_k=3 min_p2=x", "next {top_k=3} {min_p2=x}"},
        {"prob 2=3 =x a-b=c", "prob 2=3 =x a-b=c"},
        {"prob \"T=0\"", "prob 'T=0'"},
        {"next @toy", "next @toy"},
        {"next the @bigram,trigram T=1", "next the {T=1} @bigram @trigram"},
        {"prob a@b", "prob a@b"},
    };
    check_rows(rows, COUNT_OF(rows));
}

Test(statement, marks)
{
    static const Row rows[] = {
        {"prob the; next", "prob the | next"},
        {"prob the;next", "prob the | next"},
        {";;prob the;;", "prob the"},
        {"prob \"a;b\"", "prob 'a;b'"},
        {"prob the # and so on; next", "prob the"},
        {"prob the;# next", "prob the"},
        {"prob c# a#b", "prob c# a#b"},
        {"prob '#'", "prob '#'"},
        {"prob -- T=0 @toy > x", "prob T=0 @toy > x"},
        {"prob -- -- x", "prob -- x"},
        {"prob --x", "prob --x"},
        {"prob <s> the </s> <unk>", "prob <s> the </s> <unk>"},
        {"prob a>b >c", "prob a>b >c"},
        {"prob the > out.csv", "prob the >out.csv"},
        {"prob the >   out.csv T=1", "prob the {T=1} >out.csv"},
        {"prob the > \"my file\"; next", "prob the >'my file' | next"},
        {"prob the > out;next", "prob the >out | next"},
        {"time next the", "time:next the"},
        {"time", "time"},
        {"time time next", "time:time next"},
        {"next time", "next time"},
    };
    check_rows(rows, COUNT_OF(rows));
}

Test(statement, full_width)
{
    static const Row rows[] = {
        {"next the Ｔ＝０", "next the {T=0}"},
        {"next the T=0，1", "next the {T=0,1}"},
        {"prob the；next", "prob the | next"},
        {"prob　the　mouse", "prob the mouse"},
        {"ｐｒｏｂ ｔｈｅ", "prob the"},
        {"prob “the mouse” x", "prob 'the mouse' x"},
        {"prob ＂the mouse＂", "prob 'the mouse'"},
        {"prob “Ｔ＝０，１；　”", "prob 'Ｔ＝０，１；　'"},
        {"prob '“x”'", "prob '“x”'"},
        {"prob 老鼠 吃", "prob 老鼠 吃"},
        {"next ＠toy，bigram", "next @toy @bigram"},
        {"prob the ＃ rest", "prob the"},
        {"prob the ＞ out", "prob the >out"},
    };
    check_rows(rows, COUNT_OF(rows));
}

Test(statement, says_when_it_folded)
{
    static const struct {
        const char *line;
        bool folded;
    } rows[] = {
        {"next T=0", false}, {"next Ｔ=0", true}, {"prob '，'", false}, {"prob 老鼠", false}, {"a　b", true}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        Arena arena = {0};
        Error error;
        Line line;
        CHECK(line_parse(rows[i].line, &arena, &line, &error));
        CHECK_FOR(line.folded == rows[i].folded, "%s", rows[i].line);
        arena_release(&arena);
    }
}

Test(statement, errors_have_places)
{
    static const struct {
        const char *line, *word;
        size_t start, length;
    } rows[] = {
        {"prob \"the mouse", "closed", 5, 10},
        {"prob the; next 'a", "closed", 15, 2},
        {"prob “the", "closed", 5, 6},
        {"next for=a,\"b", "closed", 11, 2},
        {"prob the >", "file", 9, 1},
        {"prob the > ", "file", 9, 1},
        {"prob the > ; next", "file", 9, 1},
        {"prob the \xFF mouse", "UTF-8", 9, 1},
        {"\xC3", "UTF-8", 0, 1},
        {"prob \xE8\x80", "UTF-8", 5, 1},
        {"prob \xED\xA0\x80", "UTF-8", 5, 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        Arena arena = {0};
        Error error = {{0}, {0}, 0, 0};
        Line line;
        bool ok = line_parse(rows[i].line, &arena, &line, &error);
        CHECK_FOR(!ok, "%s is understood", rows[i].line);
        CHECK_FOR(strstr(error.message, rows[i].word), "%s: %s", rows[i].line, error.message);
        CHECK_FOR(error.start == rows[i].start && error.length == rows[i].length, "%s: place %zu+%zu",
                  rows[i].line, error.start, error.length);
        arena_release(&arena);
    }
}

Test(statement, places_are_bytes_of_the_line)
{
    Arena arena = {0};
    Error error;
    Line line;
    const char *text = "time prob 老鼠 “ate” Ｔ＝０，１ @toy > 文.csv; next";
    CHECK(line_parse(text, &arena, &line, &error));
    const Statement *s = &line.statements[0];
    const struct {
        const Word *word;
        const char *bytes;
    } rows[] = {
        {&s->verb, "prob"},
        {&s->words[0], "老鼠"},
        {&s->words[1], "“ate”"},
        {&s->options[0].key, "Ｔ"},
        {&s->options[0].values[0], "０"},
        {&s->options[0].values[1], "１"},
        {&s->models[0], "toy"},
        {&s->path, "文.csv"},
        {&line.statements[1].verb, "next"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t start = (size_t)(strstr(text, rows[i].bytes) - text);
        CHECK_FOR(rows[i].word->start == start && rows[i].word->length == strlen(rows[i].bytes),
                  "%s at %zu+%zu, not %zu", rows[i].bytes, rows[i].word->start, rows[i].word->length, start);
    }
    CHECK_STR(s->source, "time prob 老鼠 “ate” Ｔ＝０，１ @toy > 文.csv");
    CHECK_STR(line.statements[1].source, "next");
    arena_release(&arena);
}

Test(statement, long_lines)
{
    enum { BYTES = 100000 };
    static const char *const pieces[] = {"a",  "the ", "x=1,", "'q' ", ";p ", "老",
                                         "＝", "@m,",  "=",    "> ",   "\"",  "“”"};
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        Arena arena = {0};
        Error error;
        Line line;
        char *text = malloc(BYTES + 16);
        strcpy(text, "prob ");
        size_t length = 5, step = strlen(pieces[i]);
        for (; length + step < BYTES; length += step) memcpy(text + length, pieces[i], step);
        text[length] = '\0';
        bool ok = line_parse(text, &arena, &line, &error);
        CHECK_FOR(!ok || line.count > 0, "%s", pieces[i]);
        CHECK_FOR(ok || error.message[0], "%s", pieces[i]);
        arena_release(&arena);
        free(text);
    }
}

Test(statement, takes_any_bytes)
{
    static const char marks[] = "a =,;@#>\"'-.\t\xEF\xBC\x9D\x80 ";
    unsigned state = 1;
    for (size_t round = 0; round < 20000; round++) {
        char text[24];
        size_t length = 0;
        while (length + 1 < sizeof text && (state = state * 1103515245u + 12345u) >> 16 & 15)
            text[length++] = marks[(state >> 20) % (sizeof marks - 1)];
        text[length] = '\0';
        char *shown = parsed(text);
        if (!shown) CHECK(false);
        free(shown);
    }
}
