/* sweep: each row is what train and eval say of that setting; nothing is kept, nothing is lost. */

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/shell.h"

SHELL_SUITE(sweep, "json")

/* A number or, for null, infinity. */
static double number_or_inf(json_t *json, const char *path)
{
    json_t *value = json_path(json, path);
    return json_is_null(value) ? INFINITY : json_number(json, path);
}

static bool same(double a, double b) { return a == b || fabs(a - b) <= 1e-12 * fabs(b); }

static void check_row(json_t *row, const char *heldout)
{
    char line[200], k[40] = "";
    if (!json_is_null(json_path(row, "k"))) snprintf(k, sizeof k, "k=%.17g", json_number(row, "k"));
    snprintf(line, sizeof line, "train ngram n=%g smooth=%s %s cutoff=%g", json_number(row, "order"),
             json_string_value(json_path(row, "smooth")), k, json_number(row, "cutoff"));
    json_t *trained = shell_json(shell, line);
    CHECK_FOR(same(number_or_inf(row, "train_perplexity"), number_or_inf(trained, "perplexity")), "%s", line);
    CHECK_FOR(json_number(row, "ngrams") == json_number(trained, "parameters"), "%s", line);
    char score[64];
    snprintf(score, sizeof score, "eval %s", heldout);
    json_t *scored = shell_json(shell, score);
    CHECK_FOR(same(number_or_inf(row, "heldout_perplexity"), number_or_inf(scored, "perplexity")), "%s",
              line);
    CHECK_FOR(same(number_or_inf(row, "heldout_perplexity_excluding_oov"),
                   number_or_inf(scored, "perplexity_excluding_oov")),
              "%s", line);
    CHECK_FOR(json_number(row, "heldout_oov") == json_number(scored, "oov"), "%s", line);
}

static void check_rows(const char *line, const char *heldout, size_t count)
{
    size_t index;
    json_t *row, *json = json_incref(shell_json(shell, line));
    CHECK_FOR(json_array_size(json_path(json, "rows")) == count, "%s: %zu rows", line,
              json_array_size(json_path(json, "rows")));
    json_array_foreach(json_path(json, "rows"), index, row) check_row(row, heldout);
    json_decref(json);
}

Test(sweep, rows_are_what_train_and_eval_say)
{
    check_rows("sweep n=1..4 smooth=mle,add,interp,wb,ad,kn,mkn,katz heldout=facts", "facts", 32);
    check_rows("sweep ngram n=2,4 smooth=mkn,wb cutoff=1,2,7 heldout=facts", "facts", 12);
    check_rows("sweep n=2 smooth=add,wb k=0.01,0.1,1 heldout=facts", "facts", 4); /* wb has no k */
    check_rows("sweep heldout=jobs", "jobs", 5);                                  /* n=1..5 smooth=mkn */
}

Test(sweep, orders_of_settings)
{
    json_t *json = shell_json(shell, "sweep n=1..2 smooth=add,wb k=1,2 heldout=facts");
    static const struct {
        const char *smooth;
        double k, n;
    } wanted[] = {{"add", 1, 1}, {"add", 1, 2}, {"add", 2, 1}, {"add", 2, 2}, {"wb", 0, 1}, {"wb", 0, 2}};
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        json_t *row = json_array_get(json_path(json, "rows"), i);
        CHECK_STR(json_string_value(json_path(row, "smooth")), wanted[i].smooth);
        CHECK_NEAR(json_number(row, "order"), wanted[i].n, 0);
        if (wanted[i].k > 0)
            CHECK_NEAR(json_number(row, "k"), wanted[i].k, 0);
        else
            CHECK(json_is_null(json_path(row, "k")));
    }
}

/* The best setting is the least number of its column; why starts from it. */
Test(sweep, best_is_the_least)
{
    static const char *const lines[] = {"sweep n=1..5 smooth=mkn,wb,add heldout=facts",
                                        "sweep n=1..5 smooth=add heldout=jobs",
                                        "sweep n=2 smooth=add k=0.001,0.01,0.1,1,10 heldout=facts"};
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        size_t index;
        double least = INFINITY;
        char setting[64] = "";
        json_t *row, *json = shell_json(shell, lines[i]);
        json_array_foreach(json_path(json, "rows"), index, row)
        {
            if (!(number_or_inf(row, "heldout_perplexity_excluding_oov") < least)) continue;
            least = number_or_inf(row, "heldout_perplexity_excluding_oov");
            snprintf(setting, sizeof setting, "n=%g smooth=%s", json_number(row, "order"),
                     json_string_value(json_path(row, "smooth")));
        }
        CHECK_NEAR(json_number(json, "best_perplexity"), least, 1e-9 * least);
        CHECK(strstr(json_string_value(json_path(json, "best")), setting));
        CHECK_NEAR(shell_number(shell, "why", "why.value"), least, 1e-9 * least);
    }
}

/* On a text of which half is held out: one word of history is too little, and the best n is told. */
Test(sweep, why_names_the_ends)
{
    shell_must(shell, "corpus facts; sweep n=1..4 smooth=add heldout=jobs; why as=table");
    const char *text = shell_out(shell);
    CHECK_FOR(strstr(text, "the least held-out perplexity"), "%s", text);
    CHECK_FOR(strstr(text, "too large") || strstr(text, "too small"), "%s", text);
    CHECK_FOR(strstr(text, "occurred only once"), "%s", text);
    CHECK(!shell_do(shell, "sweep n=2 smooth=mle heldout=sam; why"));
}

Test(sweep, infinite_is_null_and_not_the_best)
{
    json_t *json = shell_json(shell, "sweep n=3 smooth=mle,wb heldout=facts");
    CHECK(json_is_null(json_path(json, "rows.0.heldout_perplexity_excluding_oov")));
    CHECK_STR(json_string_value(json_path(json, "best")), "n=3 smooth=wb");
    json = shell_json(shell, "sweep n=3 smooth=mle heldout=facts");
    CHECK(json_is_null(json_path(json, "best")) && json_is_null(json_path(json, "best_perplexity")));
    json = shell_json(shell, "sweep n=2 smooth=backoff heldout=facts");
    CHECK(json_is_null(json_path(json, "rows.0.train_perplexity")));
}

/* A curve on the known text: KenLM's perplexities. */
Test(sweep, as_kenlm_does)
{
    static const double wanted[] = {118.52257340482198, 110.84149226973493, 110.11218848557604};
    if (access("../shared/data/ts_train.txt", R_OK) != 0) cr_skip_test("../shared is not here");
    json_t *json = shell_json(shell, "sweep n=2..4 smooth=mkn corpus=../shared/data/ts_train.txt "
                                     "heldout=../shared/data/ts_test.txt");
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        char path[64];
        snprintf(path, sizeof path, "rows.%zu.heldout_perplexity_excluding_oov", i);
        CHECK_NEAR(json_number(json, path), wanted[i], 1e-6 * wanted[i]);
    }
    CHECK_INT(json_number(json, "rows.0.heldout_oov"), 1158);
}

/* --- state --- */

Test(sweep, keeps_no_model)
{
    char *before = shell_state(shell);
    shell_must(shell, "sweep n=1..3 heldout=sam");
    char *after = shell_state(shell);
    CHECK_STR(after, before);
    free(after);
    shell_must(shell,
               "sweep n=1..2 corpus=facts heldout=sam"); /* as with train, it becomes the current one */
    CHECK_STR(json_string_value(json_path(shell_json(shell, "eval @bigram"), "corpus")), "facts");
    shell_must(shell, "undo");
    after = shell_state(shell);
    CHECK_STR(after, before);
    free(before);
    free(after);
}

Test(sweep, refusals_change_nothing)
{
    static const struct {
        const char *line, *phrase;
    } rows[] = {
        {"sweep n=1..3", "heldout="},
        {"sweep heldout=nowhere", "no corpus and no file"},
        {"sweep heldout=sam,jobs", "one text"},
        {"sweep n=1..11 heldout=sam", "n="},
        {"sweep n=3..1 heldout=sam", "range"},
        {"sweep green heldout=sam", "kinds"},
        {"sweep gru n=3 heldout=sam", "n= says nothing"},
        {"sweep heldout=sam smooth=mkn k=0.1", "smooth=add"},
        {"sweep heldout=sam smooth=good", "mkn"},
        {"sweep heldout=sam unk=on,off", "varies"},
        {"sweep heldout=sam tokens=words,chars corpus=sam", "varies"},
        {"sweep heldout=sam smooth=mkn discount=0.5", "three numbers"},
        {"sweep heldout=sam n=1,2 smooth=interp weights=0.5,0.5", "n=1"},
        {"sweep heldout=sam @bigram", "does not ask a model"},
        {"sweep heldout=sam name=x", "no option"},
        {"sweep heldout=sam n=1,2 n=3", "twice"},
        {"sweep heldout=sam smooth=add k=1..999 n=1,2", "settings"},
    };
    char *before = shell_state(shell);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        CHECK_FOR(!shell_do(shell, rows[i].line), "%s works", rows[i].line);
        CHECK_FOR(strstr(shell_err(shell), rows[i].phrase), "%s: %s", rows[i].line, shell_err(shell));
    }
    char *after = shell_state(shell);
    CHECK_STR(after, before);
    free(before);
    free(after);
}

Test(sweep, ctrl_c_keeps_the_settings_that_are_done)
{
    char line[256];
    FILE *file = fopen(path_in(folder, "large.txt"), "w");
    for (size_t i = 0; i < 20000; i++) fprintf(file, "w%zu a%zu b%zu c%zu\n", i % 7919, i, i % 101, i % 13);
    fclose(file);
    shell_must(shell, "set as=json");
    snprintf(line, sizeof line, "corpus %s", path_in(folder, "large.txt"));
    shell_must(shell, line);
    char *before = shell_state(shell);
    size_t most = 0;
    for (size_t slices = 2; slices < 2000; slices = slices * 2) {
        shell_take(shell);
        session_run(shell->session, "sweep n=1..8 smooth=wb,add heldout=sam", NULL, 1);
        SessionStatus status = SESSION_BUSY;
        for (size_t i = 0; i < slices && status == SESSION_BUSY; i++)
            status = session_step(shell->session, 1);
        if (status != SESSION_BUSY) break;
        session_interrupt(shell->session);
        while (session_step(shell->session, 1) == SESSION_BUSY) continue;
        json_t *json = shell_out(shell)[0] ? json_line(shell_out(shell), 0) : NULL;
        if (json) CHECK(json_array_size(json_path(json, "rows")) >= most);
        if (json) most = json_array_size(json_path(json, "rows"));
        json_decref(json);
    }
    CHECK_FOR(most > 0 && most < 16, "%zu rows", most);
    char *after = shell_state(shell);
    CHECK_STR(after, before);
    free(before);
    free(after);
}

/* --- looks --- */

Test(sweep, picture_for_people_only)
{
    static const struct {
        const char *form;
        bool picture;
    } rows[] = {{"table", true}, {"md", true}, {"list", false}, {"csv", false}, {"json", false}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char line[96];
        snprintf(line, sizeof line, "sweep n=1..4 smooth=mkn,wb heldout=facts as=%s", rows[i].form);
        shell_must(shell, line);
        CHECK_FOR((strstr(shell_out(shell), "+--") != NULL) == rows[i].picture, "%s: %s", line,
                  shell_out(shell));
        if (rows[i].picture) CHECK(strstr(shell_out(shell), "o mkn   x wb   . wb on the training text"));
    }
    shell_must(shell, "sweep n=1..4 smooth=mkn,wb heldout=facts as=csv");
    CHECK_INT(lines_in(shell_out(shell)), 9);
}

Test(sweep, picture_as_svg)
{
    char line[160];
    shell_must(shell, "sweep n=1..4 smooth=mkn,wb heldout=facts as=svg");
    CHECK(strncmp(shell_out(shell), "<svg ", 5) == 0);
    CHECK(strstr(shell_out(shell), "wb on the training text") && strstr(shell_out(shell), "</svg>\n"));
    snprintf(line, sizeof line, "sweep n=1..4 heldout=facts > %s", path_in(folder, "n.svg"));
    shell_must(shell, line);
    char *text = file_get(path_in(folder, "n.svg"));
    CHECK(text && strncmp(text, "<svg ", 5) == 0);
    free(text);
    CHECK(!shell_do(shell, "next the as=svg"));
    CHECK_FOR(strstr(shell_err(shell), "sweep"), "%s", shell_err(shell));
    shell_must(shell, "set as=svg; next the; sweep n=1,2 heldout=facts"); /* a setting waits for pictures */
    CHECK(strstr(shell_out(shell), "p(x | the)") && strstr(shell_out(shell), "<svg "));
}
