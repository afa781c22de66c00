/* `why` explains the number that was printed: the value of its tree is that number. */

#include <math.h>
#include <string.h>

#include "tests/support/shell.h"

SHELL_SUITE(why, "json")

/* After `line`, the value at `path` of its answer is that of the tree (at `fact` in it). */
static const struct {
    const char *line, *path, *why, *fact;
} rows[] = {
    {"prob the mouse ate the cheese", "p", "why", "why.value"},
    {"prob the mouse ate the cheese @trigram", "p", "why", "why.value"},
    {"prob the the @bigram", "p", "why", "why.value"},
    {"chain the mouse ate @bigram", "p", "why", "why.value"},
    {"next the", "rows.3.p", "why", "why.value"},
    {"next the", "rows.1.p", "why ball", "why.value"},
    {"next the T=2", "rows.3.p", "why mouse", "why.value"},
    {"next the T=0.5 top_k=2", "rows.2.p", "why cheese", "why.value"},
    {"next the T=0.5 top_k=2", "rows.1.p", "why ball", "why.value"},
    {"next the T=0", "rows.3.p", "why mouse", "why.value"},
    {"next the T=0", "rows.2.p", "why cheese", "why.value"},
    {"next the T=inf @bigram", "rows.2.p", "why cheese", "why.value"},
    {"next the T=inf @bigram", "rows.0.p", "why ate", "why.value"},
    {"next the top_p=0.6", "rows.2.p", "why cheese", "why.value"},
    {"next the min_p=0.5 T=2", "rows.2.p", "why cheese", "why.value"},
    {"train ngram n=3 smooth=add k=0.5; next ate the", "rows.2.p", "why cheese", "why.value"},
    {"train ngram n=3 smooth=interp weights=.5,.3,.2; next ate the", "rows.2.p", "why cheese", "why.value"},
    {"eval @bigram", "perplexity", "why", "why.value"},
    {"enumerate", "rows.0.p", "why", "why.value"},
    {"enumerate len=3 T=0.5", "rows.0.p", "why", "why.value"},
    {"enumerate len=2 @bigram", "rows.0.p", "why", "why.value"},
    {"compare \"the mouse\" \"the ball\"", "rows.1.p", "why", "why.reasons.1.value"},
    {"train ngram n=3", "loss", "why", "why.value"},
    {"rank the mouse ate", "p", "why", "why.value"},
    {"bits the mouse ate", "p", "why", "why.value"},
    {"sample seed=5 len=3", "samples.0.logp", "why", "log why.value"},
    {"sample seed=5 @bigram max=6", "samples.0.logp", "why", "log why.value"},
    {"complete \"the\" seed=5 len=3", "samples.0.logp", "why", "log why.value"},
};

Test(why, value_is_the_number_printed)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double number = shell_number(shell, rows[i].line, rows[i].path);
        bool logarithm = strncmp(rows[i].fact, "log ", 4) == 0;
        double value = shell_number(shell, rows[i].why, rows[i].fact + (logarithm ? 4 : 0));
        if (logarithm) value = log(value);
        CHECK_FOR(fabs(value - number) <= 1e-12 * fabs(number), "%s; %s: %.17g, not %.17g", rows[i].line,
                  rows[i].why, value, number);
    }
}

/* Products of reasons give the value they explain. */
Test(why, factors_multiply_to_the_product)
{
    size_t index;
    double product = 1;
    json_t *reason, *json = shell_json(shell, "prob the mouse ate the cheese @bigram; why");
    json_array_foreach(json_path(json, "why.reasons"), index, reason) product *= json_number(reason, "value");
    CHECK_NEAR(product, 8575.0 / 86528, 1e-14);
    CHECK_INT(json_number(json, "why.reasons.1.reasons.0.value"), 7);
    CHECK_INT(json_number(json, "why.reasons.1.reasons.1.value"), 13);
    CHECK_STR(json_string_value(json_path(json, "of")), "prob the mouse ate the cheese @bigram");
}

/* Looking around does not change what `why` speaks about. */
Test(why, looks_past_the_shell_verbs)
{
    double p = shell_number(shell, "prob the mouse", "p");
    shell_must(shell, "help prob; set; history; search bits");
    shell_do(shell, "nonsense");
    shell_do(shell, "prob the zebra");
    CHECK_NEAR(shell_number(shell, "why", "why.value"), p, 0);
    CHECK_NEAR(shell_number(shell, "why", "why.value"), p, 0);
}

/* The model may have been replaced or dropped since. */
Test(why, outlives_its_model)
{
    double p = shell_number(shell, "train ngram n=3 name=x; prob the mouse ate", "p");
    shell_must(shell, "undo");
    CHECK_NEAR(shell_number(shell, "why", "why.value"), p, 0);
}

Test(why, refuses_what_it_cannot_know)
{
    static const char *const lines[] = {"why", "next the; why zebra", "next the @bigram; why the mouse"};
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        Shell *fresh = shell_new(NULL);
        CHECK_FOR(!shell_do(fresh, lines[i]), "%s: %s", lines[i], shell_out(fresh));
        CHECK_FOR(strstr(shell_err(fresh), "error:"), "%s: %s", lines[i], shell_err(fresh));
        shell_free(fresh);
    }
}

/* A sweep is explained setting by setting. */
Test(why, several_settings_one_below_the_other)
{
    double warm = shell_number(shell, "next the T=0.5", "rows.3.p");
    shell_must(shell, "next the T=1,0.5");
    json_t *answer = shell_json(shell, "why mouse");
    CHECK_NEAR(json_number(answer, "why.reasons.0.reasons.0.value"), 0.4, 1e-15);
    CHECK_NEAR(json_number(answer, "why.reasons.1.reasons.0.value"), warm, 1e-15);
}

Test(why, takes_a_word_only_where_it_means_something)
{
    shell_must(shell, "prob the mouse");
    CHECK(!shell_do(shell, "why mouse"));
    CHECK(strstr(shell_err(shell), "only after next"));
}
