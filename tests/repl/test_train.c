/* train: every smoothing and every option of it, by numbers worked out by hand or by another program. */

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/shell.h"

SHELL_SUITE(train, "json")

static const char *const smoothings[] = {"mle", "add", "interp", "wb", "ad", "kn", "mkn", "katz"};

/* The text of the notes and errors of a line, as people see them. */
static const char *told(const char *line)
{
    char people[512];
    snprintf(people, sizeof people, "%s as=table", line);
    shell_do(shell, people);
    return shell_err(shell);
}

static void check_told(const char *line, const char *wanted)
{
    char text[1024];
    snprintf(text, sizeof text, "%s", told(line));
    for (char *c = text; *c; c++) *c = *c == '\n' ? ' ' : *c;
    for (char *two; (two = strstr(text, "  "));) memmove(two, two + 1, strlen(two));
    CHECK_FOR(strstr(text, wanted), "%s: no [%s] in\n%s", line, wanted, text);
}

/* --- probabilities: fractions worked out by hand from the eight sentences ---
 *
 * c(the mouse) = 7, c(the cheese) = 5, c(the ball) = 1; 44 tokens: the 13, mouse 8, ate 8, cheese 6, ball 1,
 * </s> 8. */
Test(train, probabilities_worked_out_by_hand)
{
    static const struct {
        const char *options;
        double wanted; /* p(mouse | the) */
    } rows[] = {
        {"smooth=mle", 7.0 / 13},
        {"smooth=add k=0.5", 7.5 / 16},
        {"smooth=interp weights=0.75,0.25", 0.75 * 7 / 13 + 0.25 * 8 / 44},
        {"smooth=wb", (7 + 3 * (9.0 / 50)) / 16},
        {"smooth=wb unigrams=plain", (7 + 3 * (8.0 / 44)) / 16},
        {"smooth=ad discount=0.5", (6.5 + 1.5 * (7.5 / 44 + 0.5 / 44)) / 13},
        {"smooth=ad discount=0.5 unigrams=plain", (6.5 + 1.5 * 8 / 44) / 13},
        {"smooth=ad", (6.25 + 2.25 * (7.25 / 44 + 0.75 / 44)) / 13}, /* n2 = 0, so 0.75 stands in */
        /* left neighbours: the 2 (<s> ate), mouse 2 (the <s>), ate 2 (mouse cheese), cheese 2, ball 1,
         * </s> 4 (cheese ball ate mouse): 13 in all */
        {"smooth=kn unk=off discount=0.5", (6.5 + 1.5 * (1.5 / 13 + 3.0 / 13 / 6)) / 13},
        {"smooth=kn discount=0.5", (6.5 + 1.5 * (1.5 / 13 + 3.0 / 13 / 7)) / 13},
        {"smooth=kn discount=0.5 unigrams=plain", (6.5 + 1.5 * 1.5 / 13) / 13},
        {"smooth=mkn unk=off discount=0.5,1,1.5", (5.5 + 3.5 * (1 / 13.0 + (0.5 + 4 + 1.5) / 13 / 6)) / 13},
        {"smooth=backoff", 7.0 / 13},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char line[160];
        snprintf(line, sizeof line, "train ngram n=2 %s; next the for=mouse", rows[i].options);
        double p = shell_number(shell, line, "rows.0.p");
        CHECK_FOR(fabs(p - rows[i].wanted) < 1e-12, "%s: %.17g, not %.17g", rows[i].options, p,
                  rows[i].wanted);
    }
}

/* The loss of training is what eval says of the same text. */
Test(train, loss_is_what_eval_finds)
{
    for (size_t i = 0; i < COUNT_OF(smoothings); i++)
        for (int n = 1; n <= 4; n++) {
            char line[96];
            snprintf(line, sizeof line, "train ngram n=%d smooth=%s", n, smoothings[i]);
            json_t *json = json_incref(shell_json(shell, line));
            double loss = json_number(json, "loss"), perplexity = json_number(json, "perplexity");
            double wanted = shell_number(shell, "eval", "perplexity");
            CHECK_FOR(fabs(perplexity - wanted) < 1e-12 * wanted, "%s: %.17g, not %.17g", line, perplexity,
                      wanted);
            CHECK_NEAR(exp(loss), wanted, 1e-12 * wanted);
            CHECK_INT(json_number(json, "tokens"), 44);
            json_decref(json);
        }
}

Test(train, sums_are_1)
{
    for (size_t i = 1; i < COUNT_OF(smoothings); i++) {
        char line[96];
        size_t index;
        double sum = 0;
        json_t *row;
        snprintf(line, sizeof line, "train ngram n=3 smooth=%s; next the ball", smoothings[i]);
        json_array_foreach(json_path(shell_json(shell, line), "rows"), index, row) sum +=
            json_number(row, "p");
        CHECK_FOR(fabs(sum - 1) < 1e-12, "%s: %.17g", smoothings[i], sum);
    }
}

Test(train, as_kenlm_does)
{
    static const struct {
        int order;
        double with, without;
    } rows[] = {{3, 156.57705509485464, 110.84149226973493}, {5, 155.472, 110.043}};
    if (access("../shared/data/ts_train.txt", R_OK) != 0) cr_skip_test("../shared is not here");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char line[200];
        snprintf(line, sizeof line,
                 "train ngram n=%d smooth=mkn corpus=../shared/data/ts_train.txt; "
                 "eval ../shared/data/ts_test.txt",
                 rows[i].order);
        json_t *json = shell_json(shell, line);
        CHECK_NEAR(json_number(json, "perplexity"), rows[i].with, 1e-3);
        CHECK_NEAR(json_number(json, "perplexity_excluding_oov"), rows[i].without, 1e-3);
    }
}

/* --- unknown words --- */

Test(train, unknown_words)
{
    static const struct {
        const char *options;
        int outcomes; /* five words and </s>, with <unk> 7 */
    } rows[] = {
        {"smooth=mle", 6},         {"smooth=wb", 6},
        {"smooth=katz", 6},        {"smooth=kn", 7},
        {"smooth=mkn", 7},         {"smooth=mkn unk=off", 6},
        {"smooth=wb unk=on", 7},   {"smooth=mkn compat=kenlm", 7},
        {"smooth=wb cutoff=2", 6}, /* ball became <unk> */
        {"smooth=wb cutoff=7", 5}, /* ball and cheese did */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char line[96];
        snprintf(line, sizeof line, "train ngram n=2 %s; vocab", rows[i].options);
        double outcomes = shell_number(shell, line, "outcomes");
        CHECK_FOR((int)outcomes == rows[i].outcomes, "%s: %g", rows[i].options, outcomes);
    }
}

Test(train, vocabulary_from_a_file)
{
    char line[256];
    file_put(path_in(folder, "words.txt"), "mouse\nthe\ncheese\n");
    snprintf(line, sizeof line, "train ngram n=2 smooth=mle vocabulary=%s; next the for=mouse,cheese,<unk>",
             path_in(folder, "words.txt"));
    json_t *json = shell_json(shell, line);
    CHECK_NEAR(json_number(json, "rows.0.p"), 5.0 / 13, 1e-15);
    CHECK_NEAR(json_number(json, "rows.1.p"), 7.0 / 13, 1e-15);
    CHECK_NEAR(json_number(json, "rows.2.p"), 1.0 / 13, 1e-15);
    double loss = shell_number(shell, "train", "loss"); /* the words are remembered */
    CHECK_INT(shell_number(shell, "vocab", "outcomes"), 5);
    CHECK_NEAR(exp(loss), shell_number(shell, "eval", "perplexity"), 1e-12);
}

/* --- weights found on a held-out text --- */

static double heldout_perplexity(double first)
{
    char line[160];
    snprintf(line, sizeof line, "train ngram n=2 smooth=interp weights=%.17g,%.17g; eval jobs", first,
             1 - first);
    return shell_number(shell, line, "perplexity_excluding_oov");
}

/* No other weights are better: tuned on half of the text, for that half. */
Test(train, weights_by_em)
{
    json_t *weights = json_path(
        shell_json(shell, "train ngram n=2 smooth=interp weights=em corpus=jobs heldout=mouse"), "weights");
    CHECK_INT(json_array_size(weights), 2);
    double first = json_number(weights, "0"), second = json_number(weights, "1");
    CHECK_NEAR(first + second, 1, 1e-12);
    weights = json_path(
        shell_json(shell, "corpus mouse; train ngram n=2 smooth=interp weights=em heldout=jobs"), "weights");
    first = json_number(weights, "0");
    double tuned = heldout_perplexity(first);
    for (double step = 0.001; step < 0.5; step *= 5) {
        if (first + step <= 1) CHECK(heldout_perplexity(first + step) >= tuned * (1 - 1e-9));
        if (first >= step) CHECK(heldout_perplexity(first - step) >= tuned * (1 - 1e-9));
    }
    CHECK(tuned <= heldout_perplexity(0.5) * (1 + 1e-9));
}

Test(train, a_heldout_file_is_cut_as_the_corpus)
{
    char line[256];
    file_put(path_in(folder, "held.txt"), "the mouse\nate ate\n");
    snprintf(line, sizeof line, "train ngram n=2 smooth=interp weights=em tokens=chars corpus=sam heldout=%s",
             path_in(folder, "held.txt"));
    double second = json_number(json_path(shell_json(shell, line), "weights"), "1");
    CHECK_FOR(second > 0 && second < 1, "%g", second);
}

/* --- pruning --- */

/* Of 35 n-grams 7 bigrams and 11 trigrams occurred once; no trigram that stays needs one of those. */
Test(train, pruning_by_count)
{
    static const struct {
        const char *options;
        int pruned;
    } rows[] = {
        {"prune=count", 18},
        {"prune=count threshold=1", 18},
        {"prune=count threshold=0,0,1", 11},
        {"prune=count threshold=0,1", 18},
        {"prune=count threshold=0", 0},
        {"prune=entropy threshold=0", 0},
    };
    double whole = shell_number(shell, "train ngram n=3 smooth=mkn", "perplexity");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char line[96];
        snprintf(line, sizeof line, "train ngram n=3 smooth=mkn %s", rows[i].options);
        json_t *json = json_incref(shell_json(shell, line));
        CHECK_FOR((int)json_number(json, "pruned") == rows[i].pruned, "%s: %g", line,
                  json_number(json, "pruned"));
        CHECK_INT(json_number(json, "parameters") + json_number(json, "pruned"), 35);
        CHECK_NEAR(json_number(json, "perplexity_unpruned"), whole, 1e-12);
        double pruned = json_number(json, "perplexity"), wanted = shell_number(shell, "eval", "perplexity");
        CHECK_NEAR(pruned, wanted, 1e-12);
        json_decref(json);
    }
    check_told("train ngram n=3 smooth=mkn prune=count",
               "Pruning left out 18 of 35 n-grams; perplexity on the training text 1.92008");
}

Test(train, more_entropy_more_pruned)
{
    double before = 0;
    for (double threshold = 1e-4; threshold < 10; threshold *= 10) {
        char line[96];
        snprintf(line, sizeof line, "train ngram n=3 smooth=wb prune=entropy threshold=%g", threshold);
        double pruned = shell_number(shell, line, "pruned");
        CHECK_FOR(pruned >= before, "%g: %g after %g", threshold, pruned, before);
        before = pruned;
    }
    CHECK(before > 0);
}

/* --- what is said --- */

Test(train, discounts_that_cannot_be_estimated_are_told)
{
    check_told("train ngram n=3 smooth=kn",
               "Order 3 (n2 = 0): the discount cannot be estimated, so 0.75 stands in.");
    check_told("train ngram n=3 smooth=mkn",
               "Orders 1 (n3 = 0), 2 (n3 = 0), 3 (n2 = 0): the discounts cannot be "
               "estimated, so 0.5, 1, 1.5 stand in.");
    check_told("train ngram n=3 smooth=mkn fallback=0.4,0.8,1.2", "so 0.4, 0.8, 1.2 stand in.");
    check_told("train ngram n=2,3 smooth=kn", "n=3: Order 3 (n2 = 0)");
    CHECK_FOR(!strstr(told("train ngram n=3 smooth=kn discount=0.5"), "stand"), "%s", shell_err(shell));
    CHECK_FOR(!strstr(told("train ngram n=3 smooth=wb"), "stand"), "%s", shell_err(shell));
}

Test(train, scores_have_no_loss)
{
    json_t *json = shell_json(shell, "train ngram n=2 smooth=backoff");
    CHECK(json_is_null(json_path(json, "loss")) && json_is_null(json_path(json, "perplexity")));
    CHECK_INT(json_number(json, "tokens"), 44);
    CHECK(strstr(json_string_value(json_path(shell_json(shell, "why"), "why.name")), "no loss"));
    check_told("train ngram n=2 smooth=backoff", "scores, not probabilities");
}

Test(train, model_shows_what_smoothing_does)
{
    json_t *json = shell_json(shell, "train ngram n=3 smooth=kn; model");
    CHECK_STR(json_string_value(json_path(json, "smooth")), "kn");
    CHECK_INT(json_number(json, "discounts.1.n1"), 7);
    CHECK_INT(json_number(json, "discounts.1.n2"), 5);
    CHECK_NEAR(json_number(json, "discounts.1.D1"), 7.0 / 17, 1e-15);
    json = shell_json(shell, "train ngram n=2 smooth=interp weights=.75,.25; model");
    CHECK_NEAR(json_number(json, "weights.0"), 0.75, 0);
    CHECK(json_is_false(json_path(json, "unk")));
}

/* --- once more --- */

/* `train` alone gives the model that training afresh would give, whatever its options. */
Test(train, alone_is_training_afresh)
{
    static const char *const options[] = {
        "n=3",
        "n=3 smooth=add k=0.3",
        "n=2 smooth=interp weights=.7,.3",
        "n=3 smooth=wb unigrams=plain",
        "n=3 smooth=ad discount=0.4",
        "n=3 smooth=kn unk=off",
        "n=4 smooth=mkn",
        "n=3 smooth=mkn fallback=0.4,0.8,1.2",
        "n=2 smooth=katz",
        "n=2 smooth=wb cutoff=3",
        "n=2 smooth=mkn compat=kenlm",
    };
    static const char *const changes[] = {"corpus add \"the ball ate the owl\" times=2",
                                          "corpus drop \"the mouse ate\"", "corpus jobs"};
    for (size_t i = 0; i < COUNT_OF(options); i++)
        for (size_t c = 0; c < COUNT_OF(changes); c++) {
            char line[256];
            snprintf(line, sizeof line, "corpus mouse; train ngram %s; %s; train", options[i], changes[c]);
            json_t *json = json_incref(shell_json(shell, line));
            snprintf(line, sizeof line, "train ngram %s", options[i]);
            json_t *fresh = shell_json(shell, line);
            const char *const keys[] = {"loss", "parameters", "tokens"};
            for (size_t k = 0; k < COUNT_OF(keys); k++)
                CHECK_FOR(json_number(json, keys[k]) == json_number(fresh, keys[k]),
                          "%s, %s: %s %.17g, not %.17g", options[i], changes[c], keys[k],
                          json_number(json, keys[k]), json_number(fresh, keys[k]));
            json_decref(json);
            shell_must(shell, "undo; undo; undo; undo");
        }
}

/* --- refusals --- */

static void check_refused(const char *line, const char *offender, const char *phrase)
{
    char *before = shell_state(shell), typed[256];
    snprintf(typed, sizeof typed, "%s as=table", line);
    CHECK_FOR(!shell_do(shell, typed), "%s works", line);
    const char *message = shell_err(shell);
    CHECK_FOR(strstr(message, phrase), "%s: no %s in\n%s", line, phrase, message);
    if (offender) {
        const char *caret = strchr(message, '^');
        CHECK_FOR(caret, "%s: no caret in\n%s", line, message);
        while (caret > message && caret[-1] != '\n') caret--;
        size_t column = strspn(caret, " ") - 2;
        CHECK_FOR(column == (size_t)(strstr(line, offender) - line), "%s: caret at %zu", line, column);
    }
    char *after = shell_state(shell);
    CHECK_STR(after, before);
    free(before);
    free(after);
}

Test(train, options_that_say_nothing)
{
    static const struct {
        const char *line, *offender, *phrase;
    } rows[] = {
        {"train ngram smooth=mkn k=1", "1", "smooth=add"},
        {"train ngram smooth=wb weights=em", "weights", "smooth=interp"},
        {"train ngram smooth=wb discount=0.5", "discount", "smooth=ad|kn|mkn"},
        {"train ngram smooth=katz fallback=0.5", "fallback", "smooth=ad|kn|mkn"},
        {"train ngram smooth=add unigrams=plain", "plain", "smooth=wb|ad|kn|mkn"},
        {"train ngram smooth=ad compat=kenlm", "kenlm", "smooth=kn|mkn"},
        {"train ngram smooth=mle prune=count", "count", "smooth="},
        {"train ngram smooth=backoff prune=entropy", "entropy", "smooth="},
        {"train ngram smooth=wb threshold=1", "threshold", "prune="},
        {"train ngram smooth=wb heldout=sam", "sam", "weights=em"},
        {"train ngram smooth=interp heldout=sam", "sam", "weights=em"},
        {"train ngram smooth=interp weights=em", "weights", "heldout=FILE"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *offender = strcmp(rows[i].offender, "sam") == 0 ? "heldout" : rows[i].offender;
        check_refused(rows[i].line, offender, rows[i].phrase);
    }
}

Test(train, wrong_values)
{
    static const struct {
        const char *line, *offender, *phrase;
    } rows[] = {
        {"train ngram smooth=mkn discount=0.5", "discount", "three numbers"},
        {"train ngram smooth=mkn discount=1.5,1,1", "discount", "at most 1, 2 and 3"},
        {"train ngram smooth=kn discount=2", "discount", "0 to 1"},
        {"train ngram smooth=ad discount=0.5,1,1.5", "discount", "one number"},
        {"train ngram smooth=kn fallback=0", "0", "fallback="},
        {"train ngram smooth=interp weights=em,0.5 heldout=sam", "weights", "em stands alone"},
        {"train ngram smooth=interp weights=ems", "ems", "or em"},
        {"train ngram smooth=wb n=3 prune=count threshold=1,1", "threshold", "begins with 0"},
        {"train ngram smooth=wb n=2 prune=count threshold=0,1,1", "threshold", "more thresholds"},
        {"train ngram smooth=wb prune=count threshold=0.5", "threshold", "whole"},
        {"train ngram smooth=wb prune=entropy threshold=0.5,1", "threshold", "one threshold"},
        {"train ngram smooth=mkn unk=off cutoff=2", "off", "cutoff=2"},
        {"train ngram smooth=mkn unk=off compat=kenlm", "off", "compat=kenlm"},
        {"train ngram smooth=wb unk=off vocabulary=sam", "off", "vocabulary=sam"},
        {"train ngram smooth=interp weights=em heldout=sam,jobs", "heldout", "one text"},
        {"train ngram smooth=interp weights=em heldout=nowhere", "heldout", "no corpus and no file"},
        {"train ngram vocabulary=nowhere", "nowhere", "no corpus and no file"},
        {"train ngram smooth=good", "good", "mkn"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) check_refused(rows[i].line, rows[i].offender, rows[i].phrase);
    check_refused("use toy; train", NULL, "table");
    shell_must(shell, "train ngram smooth=wb prune=count");
    check_refused("train", NULL, "pruned");
}

/* --- Ctrl-C --- */

Test(train, interrupted_anywhere_it_is_usable_or_nothing_happened)
{
    char line[256];
    FILE *file = fopen(path_in(folder, "large.txt"), "w");
    for (size_t i = 0; i < 30000; i++) fprintf(file, "w%zu a%zu b%zu c%zu\n", i % 7919, i, i % 101, i % 13);
    fclose(file);
    snprintf(line, sizeof line, "train ngram n=3 smooth=mkn prune=count name=big corpus=%s",
             path_in(folder, "large.txt"));
    char *before = shell_state(shell);
    for (size_t slices = 1; slices < 400; slices = slices * 2 + 1) {
        shell_take(shell);
        session_run(shell->session, line, NULL, 1);
        SessionStatus status = SESSION_BUSY;
        for (size_t i = 0; i < slices && status == SESSION_BUSY; i++)
            status = session_step(shell->session, 1);
        session_interrupt(shell->session);
        while (session_step(shell->session, 1) == SESSION_BUSY) continue;
        if (strstr(shell_out(shell), "\"model\":\"big\"")) {
            CHECK(shell_number(shell, "prob w0", "p") > 0);
            shell_must(shell, "undo");
        }
        char *after = shell_state(shell);
        CHECK_STR(after, before);
        free(after);
    }
    free(before);
}
