/* Grids and scatters: every number and name is where it belongs, and nothing is wider than asked. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "repl/view/text.h"
#include "tests/support/check.h"

TestSuite(pictures, .timeout = 20);

static char *drawn(const Result *result, ViewStyle style)
{
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    view_results(out, result, 1, &style);
    fclose(out);
    return text;
}

static void check_text(const Result *result, ViewStyle style, const char *wanted)
{
    char *text = drawn(result, style);
    CHECK_STR(text, wanted);
    free(text);
}

static const char *const words[] = {"the", "mouse", "ate"};
static const double weights[] = {1, NAN, NAN, 0.75, 0.25, NAN, 0.0625, 0.5, 0.4375};
static const Grid attention = {
    .rows = words, .columns = words, .row_count = 3, .column_count = 3, .values = weights, .full = 1};

static Result grid_result(const Grids *grids, Arena *arena)
{
    Result result;
    result_init(&result, arena, "demo");
    result.grids = grids;
    return result;
}

Test(pictures, a_grid_of_shares)
{
    Arena arena = {0};
    const Grids grids = {.grids = &attention, .count = 1};
    Result result = grid_result(&grids, &arena);
    check_text(&result, (ViewStyle){.format = "table", .width = 80},
               "             the    mouse      ate\n"
               "  the    ██ 1.00        .        .\n"
               "  mouse  ▓▓ 0.75  ░░ 0.25        .\n"
               "  ate       0.06  ▒▒ 0.50  ▒▒ 0.44\n");
    check_text(&result, (ViewStyle){.format = "table", .width = 80, .ascii = true},
               "             the    mouse      ate\n"
               "  the    ## 1.00        .        .\n"
               "  mouse  ** 0.75  :: 0.25        .\n"
               "  ate       0.06  ++ 0.50  ++ 0.44\n");
    check_text(&result, (ViewStyle){.format = "list", .width = 80},
               "the: the 1.00.\nmouse: the 0.75, mouse 0.25.\nate: the 0.06, mouse 0.50, ate 0.44.\n");
    arena_release(&arena);
}

Test(pictures, a_narrow_grid_goes_on_in_bands)
{
    Arena arena = {0};
    const Grids grids = {.grids = &attention, .count = 1};
    Result result = grid_result(&grids, &arena);
    check_text(&result, (ViewStyle){.format = "table", .width = 30},
               "             the    mouse\n"
               "  the    ██ 1.00        .\n"
               "  mouse  ▓▓ 0.75  ░░ 0.25\n"
               "  ate       0.06  ▒▒ 0.50\n"
               "\n"
               "             ate\n"
               "  the          .\n"
               "  mouse        .\n"
               "  ate    ▒▒ 0.44\n");
    arena_release(&arena);
}

Test(pictures, bare_grids_stand_side_by_side)
{
    Arena arena = {0};
    Grid two[] = {attention, attention};
    two[0].title = "head 1";
    two[1].title = "head 2";
    const Grids grids = {.grids = two, .count = 2, .across = 2, .bare = true};
    Result result = grid_result(&grids, &arena);
    check_text(&result, (ViewStyle){.format = "table", .width = 80},
               "         head 1  head 2\n"
               "  the    ██. .   ██. .\n"
               "  mouse  ▓▓░░.   ▓▓░░.\n"
               "  ate      ▒▒▒▒    ▒▒▒▒\n");
    check_text(&result, (ViewStyle){.format = "table", .width = 20},
               "         head 1\n"
               "  the    ██. .\n"
               "  mouse  ▓▓░░.\n"
               "  ate      ▒▒▒▒\n"
               "\n"
               "         head 2\n"
               "  the    ██. .\n"
               "  mouse  ▓▓░░.\n"
               "  ate      ▒▒▒▒\n");
    arena_release(&arena);
}

Test(pictures, numbers_on_both_sides_of_zero_have_heights)
{
    static const char *const units[] = {"h1"};
    static const double values[] = {0.5, -0.5, 0};
    const Grid state = {.rows = units,
                        .columns = words,
                        .row_count = 1,
                        .column_count = 3,
                        .values = values,
                        .full = 0.5,
                        .balanced = true};
    const Grids grids = {.grids = &state, .count = 1};
    Arena arena = {0};
    Result result = grid_result(&grids, &arena);
    check_text(&result, (ViewStyle){.format = "table", .width = 80},
               "           the     mouse       ate\n"
               "  h1  +0.500 █  -0.500 ▁  +0.000 ▅\n");
    arena_release(&arena);
}

/* Every form of a scatter has every name once; in characters the rightmost point is rightmost. */
Test(pictures, a_scatter_names_its_points)
{
    static const double x[] = {0, 1, 2}, y[] = {1, 0, 1};
    const Scatter scatter = {
        .x_label = "first", .y_label = "second", .names = words, .x = x, .y = y, .count = 3};
    Arena arena = {0};
    Result result;
    result_init(&result, &arena, "demo");
    result.scatter = &scatter;
    char *text = drawn(&result, (ViewStyle){.format = "table", .width = 60, .ascii = true}),
         *line = strtok(text, "\n");
    CHECK_STR(line, "  second");
    line = strtok(NULL, "\n");
    CHECK(strstr(line, "+the") && strstr(line, "ate") == line + strlen(line) - 3);
    for (size_t lines = 0; (line = strtok(NULL, "\n")); lines++) {
        CHECK(strlen(line) <= 60);
        if (lines == 18) CHECK(strstr(line, "mouse"));
    }
    free(text);
    text = drawn(&result, (ViewStyle){.format = "svg"});
    for (size_t i = 0; i < COUNT_OF(words); i++) CHECK(strstr(text, words[i]));
    CHECK(strncmp(text, "<svg", 4) == 0 && strstr(text, "</svg>"));
    free(text);
    arena_release(&arena);
}

Test(pictures, a_grid_as_a_drawing_escapes_its_names)
{
    static const char *const odd[] = {"<s>", "a&b", "\n"};
    Grid grid = attention;
    grid.rows = grid.columns = odd;
    const Grids grids = {.grids = &grid, .count = 1};
    Arena arena = {0};
    Result result = grid_result(&grids, &arena);
    char *text = drawn(&result, (ViewStyle){.format = "svg"});
    CHECK(strstr(text, "&lt;s&gt;") && strstr(text, "a&amp;b") && !strstr(text, "<s>"));
    free(text);
    arena_release(&arena);
}
