/* Decimal texts: read as strtod reads them, written short, and read again. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/decimal.h"
#include "tests/support/models.h"

TestSuite(decimal, .timeout = 20);

static const char *read_text(const char *text, double *number)
{
    return decimal_read(text, text + strlen(text), number);
}

Test(decimal, numbers_are_read_like_strtod)
{
    static const char *const texts[] = {"0",
                                        "-0",
                                        "1",
                                        "-1.4055457",
                                        "+.5",
                                        "5.",
                                        "-.25",
                                        "1e-7",
                                        "-1E+3",
                                        "-inf",
                                        "Infinity",
                                        "0.1",
                                        "123456789012345",
                                        "1234567890123456789012",
                                        "0.30000000000000004",
                                        "-99.000000",
                                        "0.000000000000000000000000000001",
                                        "9007199254740993",
                                        "1e400"};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        double number, wanted = strtod(texts[i], NULL);
        const char *end = read_text(texts[i], &number);
        CHECK_FOR(end == texts[i] + strlen(texts[i]), "%s", texts[i]);
        CHECK_FOR(number == wanted && signbit(number) == signbit(wanted), "%s is %.17g", texts[i], number);
    }
    double number;
    CHECK(read_text("NaN", &number) && isnan(number));
}

Test(decimal, random_numbers_are_read_like_strtod)
{
    Random random = random_seeded(4);
    for (int i = 0; i < 100000; i++) {
        char text[40];
        double number;
        snprintf(text, sizeof text, "%.*f", (int)(random_next(&random) % 15), random_unit(&random) * 20 - 10);
        CHECK_EACH(read_text(text, &number) && number == strtod(text, NULL), "%s is %.17g", text, number);
    }
}

Test(decimal, a_number_ends_where_it_ends)
{
    double number;
    const char *text = "-1.5\tthe";
    CHECK(decimal_read(text, text + 8, &number) == text + 4 && number == -1.5);
    text = "2 3";
    CHECK(decimal_read(text, text + 1, &number) == text + 1 && number == 2);
}

Test(decimal, what_is_no_number_is_refused)
{
    static const char *const texts[] = {
        "",     "-",      ".",   "-.",
        "+-1",  "e5",     "the", "1.2.3",
        "0x1",  "1e",     "1e+", "--1",
        "inf2", "nanana", "1a",  "1111111111111111111111111111111111111111111111111111111111111111"};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        double number;
        CHECK_FOR(!read_text(texts[i], &number), "%s is %g", texts[i], number);
    }
}

Test(decimal, short_texts_by_hand)
{
    static const struct {
        double number;
        const char *text;
    } rows[] = {{0, "0"},
                {-0.0, "0"},
                {1, "1"},
                {-1, "-1"},
                {-99, "-99"},
                {0.5, "0.5"},
                {-0.25, "-0.25"},
                {-1.40554568, "-1.4055457"},
                {9.99999999, "10"},
                {0.999999999, "1"},
                {100, "100"},
                {123456789, "123456789"},
                {1e-12, "0.000000000001"},
                {1e-14, "0"},
                {-1e-14, "0"},
                {-0.19602960, "-0.1960296"},
                {1.0 / 3, "0.33333333"},
                {200.0 / 3, "66.666667"},
                {-2e-5 / 3, "-0.000006666667"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[DECIMAL_BYTES + 1];
        *decimal_write(text, rows[i].number) = '\0';
        CHECK_STR(text, rows[i].text);
    }
}

Test(decimal, what_is_written_is_near_and_fits)
{
    Random random = random_seeded(5);
    for (int i = 0; i < 200000; i++) {
        char text[DECIMAL_BYTES + 1];
        double number = pow(10, random_unit(&random) * 24 - 10) * (i % 2 ? 1 : -1), again;
        char *end = decimal_write(text, number);
        CHECK_EACH(end - text <= DECIMAL_BYTES, "%g is long", number);
        *end = '\0';
        CHECK_EACH(read_text(text, &again), "%s", text);
        double most = fabs(number) * 5e-8 > 5e-13 ? fabs(number) * 5e-8 : 5e-13;
        CHECK_EACH(fabs(again - number) <= most * 1.000001, "%.17g became %s", number, text);
        CHECK_EACH(!strchr(text, '.') || end[-1] != '0', "%s ends in zeros", text);
    }
}
