/* `compress`: the code is as long as the theory says, and comes back. */

#include <math.h>
#include <string.h>

#include "tests/support/shell.h"

SHELL_SUITE(compress, "json")

/* L06: CS324's ten bits for the mouse that ate the cheese are an illustration; at p = .02 it is 5.64. */
Test(compress, of_the_mouse)
{
    double bits = shell_number(shell, "compress \"the mouse ate the cheese\"", "code_bits");
    CHECK_NEAR(json_number(shell->json, "bits"), -log2(0.02), 1e-12);
    CHECK(bits <= 7 && bits >= 5);
    CHECK_INT(strlen(json_string_value(json_path(shell->json, "code"))), bits);
    CHECK(json_is_true(json_path(shell->json, "round_trip")));
    CHECK_INT(json_number(shell->json, "rows.0.bytes"), strlen("the mouse ate the cheese"));
    CHECK_INT(json_number(shell->json, "rows.1.bytes"), 42); /* gzip -6 -n */
    CHECK_INT(shell_number(shell, "compress the mouse ate the cheese", "code_bits"), bits);
}

/* 44 tokens of known_answers mouse, n=2: .862091 bits each. */
Test(compress, of_a_corpus)
{
    double bits = shell_number(shell, "compress mouse @bigram", "code_bits");
    CHECK_NEAR(json_number(shell->json, "bits"), 44 * 0.862091, 1e-4);
    CHECK(bits >= 37 && bits <= ceil(44 * 0.862091) + 1);
    CHECK(json_is_true(json_path(shell->json, "round_trip")));
    CHECK_INT(json_number(shell->json, "tokens"), 44);
    CHECK_NEAR(shell_number(shell, "compress mouse @bigram eos=off", "tokens"), 36, 0);
}

/* Every kind of model, words and characters, lines and streams. */
Test(compress, comes_back_from_all)
{
    static const char *const lines[] = {
        "train ngram n=3 smooth=wb; compress",
        "train ngram n=2 smooth=kn; compress \"the ball ate the ball\"",
        "train ngram n=3 smooth=add k=.01 corpus=mouse tokens=chars; compress",
        "train ngram n=4 smooth=wb corpus=jobs tokens=chars lines=off; compress",
        "train softmax steps=20 corpus=mouse tokens=words lines=on; compress",
        "train mlp steps=20; compress",
        "train gru steps=10; compress",
        "train transformer steps=5; compress jobs @transformer"};
    for (size_t i = 0; i + 1 < COUNT_OF(lines); i++) {
        double code = shell_number(shell, lines[i], "code_bits"), ideal = json_number(shell->json, "bits");
        CHECK_FOR(json_is_true(json_path(shell->json, "round_trip")), "%s", lines[i]);
        CHECK_FOR(code <= ceil(ideal + 0.01) + 1 && code > ideal - 1.01, "%s: %g for %g", lines[i], code,
                  ideal);
        CHECK_NEAR(json_number(shell->json, "bits_per_token"), code / json_number(shell->json, "tokens"),
                   1e-9);
    }
}

/* A code never beats eval's cross-entropy, and hardly exceeds it. */
Test(compress, is_cross_entropy_made_real)
{
    shell_must(shell, "train ngram n=3 smooth=wb corpus=jobs");
    double bits = shell_number(shell, "eval jobs", "bits_per_token") * json_number(shell->json, "tokens");
    CHECK_NEAR(shell_number(shell, "compress jobs", "bits"), bits, 1e-6);
    CHECK_NEAR(json_number(shell->json, "code_bits"), bits, 2);
}

Test(compress, what_has_no_code_is_named)
{
    static const struct {
        const char *line, *says;
    } rows[] = {{"compress \"the dog ate\"", "'dog'"},
                {"compress \"the the\" @bigram", "'the' after 'the'"},
                {"compress mouse-chars @bigram", "mouse-chars"},
                {"train ngram n=2 smooth=backoff; compress mouse", "scores"},
                {"compress nowhere.txt", "nowhere.txt"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        CHECK_FOR(!shell_do(shell, rows[i].line) && strstr(shell_err(shell), rows[i].says), "%s: %s",
                  rows[i].line, shell_err(shell));
    CHECK(strstr(shell_err(shell), "hint"));
}

Test(compress, why)
{
    shell_must(shell, "set as=table; compress \"the mouse ate the cheese\"; why");
    CHECK(strstr(shell_out(shell), "5.64386") && strstr(shell_out(shell), "'cheese' = 2"));
}
