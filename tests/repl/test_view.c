/* One result in five forms: the same numbers everywhere, aligned, quoted, and no wider than asked. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "repl/view/text.h"
#include "tests/support/shell.h"

SHELL_SUITE(view, NULL)

/* --- a result made by hand --- */

static void fill(Result *result, Arena *arena)
{
    static const char *const tokens[] = {"the", "a,\"b\"", "老鼠", "x|y"};
    static const double numbers[] = {0.5, 0.25, 0.125, 0};
    result_init(result, arena, "demo");
    result->title = "a title";
    result_field(result, "count", "%s words", UNIT_NONE, value_count(3));
    result_field(result, "hidden", NULL, UNIT_NONE, value_number(1.0 / 3));
    result_field(result, "nothing", "no %s", UNIT_NONE, value_number(INFINITY));
    result_table(result, "rows");
    int token = result_column(result, "token", "token", UNIT_TOKEN, false);
    int p = result_column(result, "p", "p", UNIT_PROBABILITY, true);
    int secret = result_column(result, "secret", NULL, UNIT_NONE, false);
    result_column(result, NULL, "mark", UNIT_NONE, false);
    for (size_t i = 0; i < COUNT_OF(tokens); i++) {
        Value *cells = result_row(result);
        cells[token] = value_text(tokens[i]);
        cells[p] = value_number(numbers[i]);
        cells[secret] = value_bool(i == 0);
        cells[3] = value_text(i ? "" : "*");
    }
}

static char *drawn(const char *format, bool ascii, int width)
{
    char *text;
    size_t length;
    Arena arena = {0};
    Result result;
    ViewStyle style = {.format = format, .width = width, .ascii = ascii};
    FILE *out = open_memstream(&text, &length);
    fill(&result, &arena);
    view_results(out, &result, 1, &style);
    fclose(out);
    arena_release(&arena);
    return text;
}

static void check_has(const char *form, const char *wanted, bool has)
{
    char *text = drawn(form, false, 80);
    CHECK_FOR((strstr(text, wanted) != NULL) == has, "%s: [%s] %s in\n%s", form, wanted,
              has ? "is not" : "is", text);
    free(text);
}

Test(view, five_forms)
{
    static const struct {
        const char *form, *wanted;
        bool has;
    } rows[] = {
        {"table", "a title", true},
        {"table", "3 words", true},
        {"table", "hidden", false},
        {"table", "secret", false},
        {"list", "a title\n", true},
        {"list", "1. token the, p 0.5, mark *.\n", true},
        {"list", "secret", false},
        {"md", "| the | 0.5 | \\* |", true},
        {"md", "x\\|y", true},
        {"md", "secret", false},
        {"csv", "token,p,secret\n", true},
        {"csv", "the,0.5,true\n", true},
        {"csv", "\"a,\"\"b\"\"\",0.25,false\n", true},
        {"csv", "mark", false},
        {"csv", "老鼠,0.125,false\n", true},
        {"csv", "title", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) check_has(rows[i].form, rows[i].wanted, rows[i].has);
}

Test(view, json_is_one_object)
{
    char *text = drawn("json", false, 80);
    CHECK_INT(lines_in(text), 1);
    json_t *json = json_line(text, 0);
    CHECK_STR(json_string_value(json_path(json, "command")), "demo");
    CHECK_INT(json_number(json, "count"), 3);
    CHECK(json_number(json, "hidden") == 1.0 / 3);
    CHECK(json_is_null(json_path(json, "nothing")));
    CHECK_STR(json_string_value(json_path(json, "rows.1.token")), "a,\"b\"");
    CHECK(json_is_true(json_path(json, "rows.0.secret")));
    CHECK(!json_object_get(json_path(json, "rows.0"), "mark"));
    json_decref(json);
    free(text);
}

Test(view, chinese_text_is_aligned)
{
    static const char *const tokens[] = {"the", "a,\"b\"", "老鼠", "x|y"};
    char *text = drawn("table", true, 60);
    int wanted = -1;
    for (size_t i = 0; i < COUNT_OF(tokens); i++) {
        const char *row = strstr(text, tokens[i]), *point;
        CHECK_FOR(row, "no %s in %s", tokens[i], text);
        while (row > text && row[-1] != '\n') row--;
        char *line = strndup(row, strcspn(row, "\n"));
        point = strchr(line, '0');
        char *before = strndup(line, (size_t)(point - line));
        if (wanted < 0) wanted = text_width(before);
        CHECK_FOR(text_width(before) == wanted, "%s begins at %d, not %d:\n%s", tokens[i], text_width(before),
                  wanted, text);
        free(before);
        free(line);
    }
    free(text);
}

Test(view, widths)
{
    static const struct {
        const char *text;
        int wanted;
    } rows[] = {{"", 0}, {"the", 3}, {"老鼠", 4}, {"ａ", 2}, {"é", 1}, {"e\xCC\x81", 1}, {"█▉", 2}};
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        CHECK_FOR(text_width(rows[i].text) == rows[i].wanted, "%s is %d wide", rows[i].text,
                  text_width(rows[i].text));
}

static void check_width(const char *text, int width, const char *line)
{
    for (; *text; text += strcspn(text, "\n") + (text[strcspn(text, "\n")] == '\n')) {
        char *one = strndup(text, strcspn(text, "\n"));
        size_t length = strlen(one);
        CHECK_FOR(text_width(one) <= width, "%s: %d columns: [%s]", line, text_width(one), one);
        CHECK_FOR(length == 0 || one[length - 1] != ' ', "%s: blanks at the end of [%s]", line, one);
        free(one);
    }
}

/* --- pictures --- */

static char *plotted(const Plot *plot, bool ascii, int width)
{
    char *text;
    size_t length;
    ViewStyle style = {.format = "table", .width = width, .ascii = ascii};
    FILE *out = open_memstream(&text, &length);
    if (width)
        view_plot(out, plot, &style);
    else
        view_svg(out, plot);
    fclose(out);
    return text;
}

/* The row and the column of the n-th mark inside the axes; the test fails when there is none. */
static void find_mark(const char *text, char mark, size_t n, int *row, int *column)
{
    *row = 0;
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1, ++*row) {
        size_t length = strcspn(line, "\n");
        for (size_t i = 10; i<length && * row> 0 && (line[9] == '|' || line[9] == '+') && line[10] != '-';
             i++)
            if (line[i] == mark && n-- == 0) {
                char *before = strndup(line, i);
                *column = text_width(before);
                free(before);
                return;
            }
    }
    CHECK_FOR(false, "no %c in\n%s", mark, text);
}

static const double two_x[] = {1, 2, 3}, falling[] = {100, 10, 1}, level[] = {1, 1, INFINITY};

Test(view, plot_places_points_where_their_numbers_say)
{
    const Series series[] = {{"falls", two_x, falling, 3, false, false},
                             {"level", two_x, level, 3, false, false}};
    const Plot log = {"n", "y", series, 2, false, true}, linear = {"n", "y", series, 2, false, false};
    int rows[3], columns[3];
    for (int ascii = 0; ascii <= 1; ascii++) {
        char *text = plotted(&log, ascii, 80);
        for (size_t i = 0; i < 3; i++) find_mark(text, 'o', i, &rows[i], &columns[i]);
        CHECK_FOR(abs((rows[2] - rows[1]) - (rows[1] - rows[0])) <= 1, "%d %d %d:\n%s", rows[0], rows[1],
                  rows[2], text);
        CHECK_FOR(abs((columns[2] - columns[1]) - (columns[1] - columns[0])) <= 1, "%s", text);
        CHECK(columns[0] < columns[1]);
        CHECK(strstr(text, "y (logarithmic)") && strstr(text, "o falls   x level"));
        free(text);
        text = plotted(&linear, ascii, 80);
        for (size_t i = 0; i < 3; i++) find_mark(text, 'o', i, &rows[i], &columns[i]);
        CHECK_FOR(rows[1] - rows[0] > 8 * (rows[2] - rows[1]), "%d %d %d", rows[0], rows[1], rows[2]);
        free(text);
    }
}

Test(view, plot_marks_points_that_fall_together)
{
    const Series series[] = {{"a", two_x, falling, 3, false, false}, {"b", two_x, falling, 2, false, false}};
    const Plot plot = {"n", "y", series, 2, false, false};
    int row, column;
    char *text = plotted(&plot, true, 80);
    find_mark(text, '&', 1, &row, &column);
    find_mark(text, 'o', 0, &row, &column); /* the third one is alone */
    CHECK(strstr(text, "& several in one place"));
    free(text);
}

Test(view, plots_of_odd_numbers)
{
    static const double same[] = {5, 5, 5}, none[] = {INFINITY, NAN, INFINITY}, huge[] = {1e-300, 1, 1e300};
    static const double *const values[] = {same, none, huge, falling};
    for (size_t i = 0; i < COUNT_OF(values); i++)
        for (int width = 0; width <= 120; width += 30)
            for (int log = 0; log <= 1; log++)
                for (size_t count = 0; count <= 3; count++) {
                    const Series series = {"老鼠 <&>", two_x, values[i], count, count == 2, false};
                    const Plot plot = {"n", "y", &series, 1, log, log};
                    char *text = plotted(&plot, log, width);
                    CHECK_FOR(!strstr(text, "nan") && !strstr(text, "inf"), "%s", text);
                    CHECK_FOR(width || (strstr(text, "&lt;&amp;&gt;") && !strstr(text, "<&")), "%s", text);
                    if (width) check_width(text, width > 40 ? width : 40, "plot");
                    free(text);
                }
}

Test(view, lists_of_numbers)
{
    static const double numbers[] = {1, 0.25, NAN};
    Arena arena = {0};
    Value value = value_numbers(numbers, 3);
    ViewStyle style = {.format = "table", .width = 80};
    CHECK_STR(text_value(&value, UNIT_NONE, &style, &arena), "1 0.25 -");
    Result result;
    result_init(&result, &arena, "demo");
    result_field(&result, "numbers", NULL, UNIT_NONE, value);
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    view_json(out, &result);
    fclose(out);
    CHECK_STR(text, "{\"command\":\"demo\",\"numbers\":[1,0.25,null]}\n");
    free(text);
    arena_release(&arena);
}

/* --- what commands draw --- */

Test(view, no_line_is_wider_than_asked)
{
    static const char *const lines[] = {
        "next the",
        "next the @bigram",
        "next the T=0,0.5,1",
        "next the show=steps T=2",
        "chain the mouse ate the cheese",
        "chain the mouse ate the cheese @bigram",
        "chain the mouse show=surprise",
        "chain the mouse show=steps",
        "enumerate",
        "enumerate len=3 @bigram",
        "rank the mouse ate the cheese",
        "rank the mouse ate the cheese @trigram",
        "tree the",
        "tree the depth=3 @bigram",
        "prob the mouse ate the cheese",
        "bits the mouse ate",
        "compare \"the mouse ate\" \"the ball\"",
        "eval @bigram",
        "counts the @bigram",
        "help next",
        "help conventions",
        "counts @bigram",
        "corpus",
        "vocab @bigram",
    };
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        for (int width = 60; width <= 120; width += 20) {
            char line[256];
            snprintf(line, sizeof line, "%s width=%d", lines[i], width);
            shell_must(shell, line);
            check_width(shell_out(shell), width, line);
        }
}

Test(view, sweeps_fit_80_columns)
{
    static const char *const lines[] = {
        "sweep n=1..4 smooth=mkn,wb,add heldout=facts",
        "sweep n=2 smooth=add,wb k=0.001,0.01,0.1,1,10,100,1000 heldout=facts",
        "sweep n=1..3 smooth=add,wb k=0.001,1000 cutoff=1,2,100 heldout=facts",
        "sweep n=8 smooth=mkn heldout=facts",
        "sweep n=8 smooth=mle,backoff heldout=facts",
    };
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        shell_must(shell, lines[i]);
        check_width(shell_out(shell), 80, lines[i]);
    }
}

Test(view, ascii_means_ascii)
{
    static const char *const lines[] = {"next the",
                                        "next the T=0,1,inf",
                                        "chain the mouse",
                                        "enumerate",
                                        "tree the",
                                        "rank the mouse",
                                        "why",
                                        "sample n=50 show=tally seed=1",
                                        "sample show=dice",
                                        "bits the mouse",
                                        "help",
                                        "help conventions",
                                        "counts the @bigram",
                                        "models",
                                        "sweep n=1..4 smooth=mkn,wb,add heldout=facts",
                                        "train ngram n=3 smooth=mkn; model",
                                        "set"};
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        char line[128];
        snprintf(line, sizeof line, "%s ascii=on", lines[i]);
        shell_must(shell, line);
        for (const char *c = shell_out(shell); *c; c++) CHECK_FOR((unsigned char)*c < 127, "%s: %s", line, c);
    }
}

Test(view, color_only_when_asked_for)
{
    shell_must(shell, "next the");
    CHECK(!strchr(shell_out(shell), '\033'));
    shell_must(shell, "next the color=on");
    CHECK(strstr(shell_out(shell), "\033["));
    shell_must(shell, "next the color=on as=json; next the color=on as=csv");
    CHECK(!strchr(shell_out(shell), '\033'));
}

Test(view, digits)
{
    shell_must(shell, "next the T=2 digits=3");
    CHECK(strstr(shell_out(shell), "0.298") && !strstr(shell_out(shell), "0.2984"));
    shell_must(shell, "next the T=2 digits=12");
    CHECK(strstr(shell_out(shell), "0.298397938456"));
    shell_must(shell, "next the T=2 digits=3 as=csv"); /* for machines: all of them */
    CHECK(strstr(shell_out(shell), "0.29839793845587692"));
}

Test(view, several_settings_stand_side_by_side)
{
    shell_must(shell, "next the T=0,1,inf");
    const char *text = shell_out(shell), *mouse = strstr(text, "mouse");
    CHECK(strstr(text, "T=0") && strstr(text, "T=1") && strstr(text, "T=inf"));
    char *row = strndup(mouse, strcspn(mouse, "\n"));
    CHECK_FOR(strstr(row, "1") && strstr(row, "0.4") && strstr(row, "0.2"), "%s", row);
    CHECK(!strstr(mouse + 1, "mouse"));
    free(row);
    shell_must(shell, "prob the mouse @toy,bigram");
    CHECK(strstr(shell_out(shell), "toy") && strstr(shell_out(shell), "bigram") &&
          strstr(shell_out(shell), "0.32"));
    shell_must(shell, "train ngram n=1..3");
    CHECK(strstr(shell_out(shell), "ngram-1") && strstr(shell_out(shell), "ngram-3"));
}

/* In the table that joins several settings, all data rows are tokens: a CSV reader sums a column to 1. */
Test(view, joined_csv_holds_the_rows_only)
{
    shell_must(shell, "next the T=1,2 as=csv");
    CHECK_INT(lines_in(shell_out(shell)), 6);
    CHECK(strncmp(shell_out(shell), "token,T=1,T=2\n", 14) == 0);
}

Test(view, numbers_agree_in_all_forms)
{
    static const char *const forms[] = {"table", "list", "csv", "md", "json"};
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        char line[64];
        snprintf(line, sizeof line, "next the @bigram as=%s", forms[i]);
        shell_must(shell, line);
        CHECK_FOR(strstr(shell_out(shell), "0.53846"), "%s: %s", forms[i], shell_out(shell));
        CHECK_FOR(strstr(shell_out(shell), "0.384615"), "%s: %s", forms[i], shell_out(shell));
    }
}

/* The keys that DESIGN.md promises. */
Test(view, promised_keys)
{
    static const struct {
        const char *line, *keys;
    } rows[] = {
        {"prob the mouse", "command model tokens eos p logp bits perplexity"},
        {"chain the mouse @bigram", "command model tokens eos p logp bits perplexity steps steps.0.token "
                                    "steps.0.given steps.0.p steps.0.bits steps.0.product "
                                    "steps.0.count steps.0.total"},
        {"next the", "command model given T entropy_bits rows rows.0.token rows.0.p"},
        {"sample",
         "command model T seed prompt samples samples.0.text samples.0.tokens samples.0.logp samples.0.stop"},
        {"complete the",
         "command model T seed prompt samples samples.0.text samples.0.tokens samples.0.logp samples.0.stop"},
        {"tokens \"the mouse\"", "command tokenizer tokens ids"},
        {"eval @bigram",
         "command model sentences tokens oov logp bits_per_token perplexity perplexity_excluding_oov"},
        {"enumerate",
         "command model len sequences mass entropy_bits rows rows.0.rank rows.0.tokens rows.0.p"},
        {"train ngram", "command model kind parameters tokens loss seconds"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char line[128], keys[256], *rest = keys;
        snprintf(line, sizeof line, "%s as=json", rows[i].line);
        snprintf(keys, sizeof keys, "%s", rows[i].keys);
        json_t *json = shell_json(shell, line);
        for (char *key; (key = strsep(&rest, " "));) json_path(json, key);
    }
}

Test(view, rows_are_in_vocabulary_order_for_machines)
{
    static const char *const wanted[] = {"ate", "ball", "cheese", "mouse", "the", "</s>"};
    json_t *json = shell_json(shell, "next the @bigram as=json");
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        char path[32];
        snprintf(path, sizeof path, "rows.%zu.token", i);
        CHECK_STR(json_string_value(json_path(json, path)), wanted[i]);
    }
    shell_must(shell, "next the sort=vocab");
    CHECK(strstr(shell_out(shell), "ate") < strstr(shell_out(shell), "mouse"));
    shell_must(shell, "next the");
    CHECK(strstr(shell_out(shell), "  ate") > strstr(shell_out(shell), "  mouse"));
}

Test(view, notes_go_to_err)
{
    shell_must(shell, "sample T=0");
    CHECK(strstr(shell_err(shell), "circles") && !strstr(shell_out(shell), "circles"));
    CHECK(strstr(shell_err(shell), "ate -> the -> mouse -> ate") || strstr(shell_err(shell), "->"));
    shell_must(shell, "train ngram corpus=sam; next I T=0; sample am T=0");
    CHECK_FOR(strstr(shell_err(shell), "Tie") || strstr(shell_err(shell), "tie"), "%s", shell_err(shell));
    shell_must(shell, "next the T=inf @bigram");
    CHECK_FOR(strstr(shell_err(shell), "3 of 6"), "%s", shell_err(shell));
    shell_must(shell, "sample T=0 as=json");
    CHECK_STR(shell_err(shell), "");
}

Test(view, a_failing_stream_is_an_error)
{
    FILE *full = fopen("/dev/full", "w"), *err = tmpfile();
    SessionOptions options = {.out = full, .err = err, .seed = 1};
    Session *session = session_new(&options);
    CHECK(!session_do(session, "next the", NULL, 1));
    CHECK(ftell(err) > 0);
    session_free(session);
    fclose(full);
    fclose(err);
}

/* --- lines of text --- */

static char *wrapped(const char *text, int width)
{
    char *lines;
    size_t length;
    FILE *out = open_memstream(&lines, &length);
    text_wrap(out, text, 0, width);
    fclose(out);
    return lines;
}

Test(view, lines_break_where_the_language_allows)
{
    static const char *const rows[][2] = {
        {"one of three makes 33 %.", "one of three makes\n33 %.\n"},           /* a number keeps its sign */
        {"ends with the mark </s> there", "ends with the mark\n</s> there\n"}, /* and a mark its slash */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char *lines = wrapped(rows[i][0], 20);
        CHECK_STR(lines, rows[i][1]);
        free(lines);
    }
}
