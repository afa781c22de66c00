/* The line of progress: it fits the terminal whatever it has to tell, and a pipe gets few lines. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "repl/view/progress.h"
#include "repl/view/text.h"
#include "tests/support/check.h"

TestSuite(progress, .timeout = 20);

/* 120 of 1000 steps in 1.4 s: 61,000 tokens a second, 10.3 s to go. */
static Report training(void)
{
    Report report = {.what = "train",
                     .fraction = 0.12,
                     .elapsed = 1700,
                     .spent = 1400,
                     .step = 120,
                     .goal = 1000,
                     .train = 2.314,
                     .valid = 2.399,
                     .floor = 1.791759,
                     .tokens = 85400,
                     .curve_count = REPORT_CURVE};
    for (size_t i = 0; i < REPORT_CURVE; i++) report.curve[i] = 3.3 - 0.1 * (double)i;
    return report;
}

static char *shown(const Report *report, int width, bool ascii)
{
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    Progress progress = {0};
    progress_show(&progress, out, report, width, ascii);
    fclose(out);
    return text;
}

static void check_has(const char *text, const char *wanted)
{
    CHECK_FOR(strstr(text, wanted), "no [%s] in %s", wanted, text);
}

Test(progress, eighty_columns_hold_it_all)
{
    static const char *const wanted[] = {"train  120/1000 ", "train 2.31", "valid 2.40",
                                         "61k tok/s",        "11 s left",  "floor 1.79"};
    Report report = training();
    char *wide = shown(&report, 110, false), *text = shown(&report, 80, false);
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        check_has(wide, wanted[i]);
        check_has(text, wanted[i]);
    }
    check_has(wide, "\u2588\u2587"); /* falling, from the highest on */
    check_has(text, "\u2588\u2587");
    CHECK(strchr(wide, '[') && !strchr(text, '['));
    CHECK(text[0] == '\r' && !strchr(text, '\n'));
    free(wide);
    free(text);
}

static void check_width(const Report *report, int width, bool ascii)
{
    char *text = shown(report, width, ascii);
    const char *line = text + strspn(text, "\r");
    CHECK_FOR(text_width(line) < width || width < 30, "%d columns of %d: %s", text_width(line), width, line);
    for (const char *c = line; ascii && *c; c++) CHECK_FOR((unsigned char)*c < 128, "%s", line);
    check_has(line, "120/1000");
    free(text);
}

Test(progress, it_fits_every_width)
{
    Report bare = training(), report = training(), huge = training();
    bare.train = bare.valid = bare.floor = NAN;
    bare.curve_count = 0;
    bare.tokens = 0;
    huge.train = 1e300;
    huge.valid = INFINITY;
    huge.tokens = 1e12;
    huge.spent = 1e9;
    for (int width = 20; width <= 130; width++)
        for (int ascii = 0; ascii < 2; ascii++) {
            check_width(&report, width, ascii);
            check_width(&bare, width, ascii);
            check_width(&huge, width, ascii);
        }
}

Test(progress, time_left_in_its_unit)
{
    static const struct {
        double fraction, seconds;
        const char *wanted;
    } rows[] = {
        {0.5, 10, "10 s left"}, {0.1, 20, "3 min left"}, {0.01, 100, "3 h left"}, {0.99, 1, "1 s left"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        Report report = training();
        report.fraction = rows[i].fraction;
        report.spent = rows[i].seconds * 1e3;
        char *text = shown(&report, 100, true);
        check_has(text, rows[i].wanted);
        free(text);
    }
}

Test(progress, work_without_steps_has_a_bar_alone)
{
    Report report = {.what = "sweep 3 of 18", .fraction = 0.5, .elapsed = 400, .spent = 400};
    char *text = shown(&report, 80, true);
    CHECK_STR(text, "\r  sweep 3 of 18 [##########..........] 50%   Ctrl-C stops");
    free(text);
    report.elapsed = 200; /* too soon */
    text = shown(&report, 80, true);
    CHECK_STR(text, "");
    free(text);
}

/* What stood there is overwritten, also by a shorter line, and wiped away in the end. */
Test(progress, nothing_is_left_behind)
{
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    Progress progress = {0};
    Report report = training();
    progress_show(&progress, out, &report, 80, true);
    fflush(out);
    size_t first = length;
    report.elapsed += 10; /* too soon for another one */
    progress_show(&progress, out, &report, 80, true);
    fflush(out);
    CHECK_INT(length, first);
    report = (Report){.what = "train", .fraction = 0.5, .elapsed = 3000, .spent = 10};
    progress_show(&progress, out, &report, 80, true);
    fflush(out);
    CHECK_INT(length, 2 * first); /* padded to the same width */
    progress_clear(&progress, out);
    fflush(out);
    CHECK(text[length - 1] == '\r' && strspn(text + 2 * first, "\r ") == length - 2 * first);
    size_t cleared = length;
    progress_clear(&progress, out); /* there is nothing any more */
    fclose(out);
    CHECK_INT(length, cleared);
    free(text);
}

/* Of a thousand steps that take so long each. */
static size_t lines_written(double milliseconds)
{
    char *text;
    size_t length, lines = 0;
    FILE *out = open_memstream(&text, &length);
    Progress progress = {0};
    Report report = training();
    for (report.step = 0; report.step < report.goal; report.step++) {
        report.fraction = (double)report.step / (double)report.goal;
        report.elapsed = report.spent = (double)report.step * milliseconds;
        progress_write(&progress, out, &report);
    }
    fclose(out);
    for (const char *c = text; *c; c++) {
        lines += *c == '\n';
        CHECK((unsigned char)*c < 128 && *c != '\r');
    }
    free(text);
    return lines;
}

Test(progress, a_pipe_gets_a_line_a_tenth)
{
    CHECK_INT(lines_written(0.9), 0); /* less than a second */
    CHECK_INT(lines_written(10), 9);  /* at 1, 2, .. 9 s */
    CHECK_INT(lines_written(2.5), 6); /* from 1 s, 40 %, on */
    CHECK_INT(lines_written(1000), 9);
}
