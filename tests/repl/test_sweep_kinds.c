/* sweep kind= data=: every row is what train and eval say of that much text; against a source the bits are
 * those of all its sentences. */

#include <math.h>
#include <string.h>

#include "core/model/cross_entropy.h"
#include "tests/support/models.h"
#include "tests/support/shell.h"

SHELL_SUITE(sweep_kinds, "json")

static double cell(size_t row, const char *key)
{
    char path[64];
    snprintf(path, sizeof path, "rows.%zu.%s", row, key);
    return json_number(shell->json, path);
}

static const char *text_cell(size_t row, const char *key)
{
    char path[64];
    snprintf(path, sizeof path, "rows.%zu.%s", row, key);
    return json_string_value(json_path(shell->json, path));
}

static size_t rows(void) { return json_array_size(json_path(shell->json, "rows")); }

static const Model *current(void) { return workspace_current(session_workspace(shell->session))->model; }

/* --- on a text --- */

static const char *const sentences[] = {"a b c a",   "b b a",       "c a b a c b", "a a b",
                                        "b c a b c", "a c c a b b", "c b",         "a b a b a b c"};

/* The first `count` sentences as a file, and its predicted tokens. */
static size_t put_part(const char *name, size_t count)
{
    char text[512] = "";
    size_t tokens = 0;
    for (size_t i = 0; i < count; i++) {
        strcat(strcat(text, sentences[i]), "\n");
        tokens += strlen(sentences[i]) / 2 + 2;
    }
    file_put(path_in(folder, name), text);
    return tokens;
}

static double bits_by_hand(const char *training)
{
    char line[800];
    snprintf(line, sizeof line, "train %s; eval %s", training, path_in(folder, "held.txt"));
    return log2(shell_number(shell, line, "perplexity_excluding_oov"));
}

typedef struct {
    const char *sweep, *train;
} Pair;

/* Row by row: the same model trained on a file of those sentences, with the same words to choose among. */
static void check_pair(const Pair *pair)
{
    char line[600];
    size_t parts[] = {3, 6, 8}, tokens[3];
    for (size_t i = 0; i < 3; i++) tokens[i] = put_part("part.txt", parts[i]);
    put_part("all.txt", 8);
    file_put(path_in(folder, "held.txt"), "a b a\nc c\nb a d b\n");
    snprintf(line, sizeof line, "sweep %s corpus=%s heldout=%s data=%zu,%zu,%zu", pair->sweep,
             path_in(folder, "all.txt"), path_in(folder, "held.txt"), tokens[0], tokens[1] + 1, tokens[2]);
    json_t *json = json_incref(shell_json(shell, line));
    for (size_t i = 0; i < 3; i++) {
        char path[32];
        put_part("part.txt", parts[i]);
        snprintf(line, sizeof line, "%s vocabulary=%s corpus=%s", pair->train, path_in(folder, "all.txt"),
                 path_in(folder, "part.txt"));
        double wanted = bits_by_hand(line);
        snprintf(path, sizeof path, "rows.%zu.bits", i);
        CHECK_FOR(near(json_number(json, path), wanted, 1e-9), "%s, %zu sentences: %.12g, not %.12g",
                  pair->sweep, parts[i], json_number(json, path), wanted);
        snprintf(path, sizeof path, "rows.%zu.tokens", i);
        CHECK_INT(json_number(json, path), tokens[i]);
    }
    json_decref(json);
}

Test(sweep_kinds, rows_are_what_train_and_eval_say)
{
    static const Pair pairs[] = {
        {"ngram", "ngram n=4 smooth=mkn"},
        {"kind=ngram n=2 smooth=add k=0.5", "ngram n=2 smooth=add k=0.5"},
        {"mlp n=3 h=8 valid=0 steps=30 seed=5", "mlp n=3 h=8 valid=0 steps=30 seed=5"},
        {"kind=gru h=6 d=4 valid=0 steps=5 seed=2", "gru h=6 d=4 valid=0 steps=5 seed=2"},
        {"kind=transformer d=8 heads=2 layers=1 valid=0 steps=5 seed=2",
         "transformer d=8 heads=2 layers=1 valid=0 steps=5 seed=2"},
    };
    for (size_t i = 0; i < COUNT_OF(pairs); i++) check_pair(&pairs[i]);
}

Test(sweep_kinds, lists_are_curves)
{
    shell_json(shell, "sweep kind=ngram,mlp n=2,3 smooth=mkn,add k=1,2 h=4 steps=3 data=10,1e3 heldout=facts "
                      "seed=1");
    static const char *const names[] = {"ngram n=2 smooth=mkn",
                                        "ngram n=2 smooth=add k=1",
                                        "ngram n=2 smooth=add k=2",
                                        "ngram n=3 smooth=mkn",
                                        "ngram n=3 smooth=add k=1",
                                        "ngram n=3 smooth=add k=2",
                                        "mlp n=2",
                                        "mlp n=3"};
    CHECK_INT(rows(), 2 * COUNT_OF(names));
    for (size_t i = 0; i < rows(); i++) {
        CHECK_STR(text_cell(i, "model"), names[i % COUNT_OF(names)]);
        CHECK_INT(cell(i, "tokens"), i < COUNT_OF(names) ? 6 : 44); /* all there is */
    }
    CHECK_INT(cell(6, "parameters"), cell(14, "parameters"));
    shell_must(shell, "sweep kind=ngram data=10,1e3 heldout=facts as=table");
    CHECK(strstr(shell_err(shell), "mouse has 44 tokens"));
}

Test(sweep_kinds, repeat_to_the_last_bit)
{
    const char *line = "sweep kind=mlp,rnn,ngram h=8 steps=60 data=20,44 heldout=facts seed=3";
    double bits[6];
    shell_json(shell, line);
    for (size_t i = 0; i < 6; i++) bits[i] = cell(i, "bits");
    shell_json(shell, line);
    for (size_t i = 0; i < 6; i++) CHECK_FOR(cell(i, "bits") == bits[i], "row %zu", i);
}

/* --- on a source --- */

/* The same sentences as `sample` draws, as a corpus of their own. */
static void put_drawn(size_t count, size_t seed)
{
    char line[256];
    snprintf(line, sizeof line, "sample n=%zu len=5 seed=%zu @toy", count, seed);
    json_t *samples = json_path(shell_json(shell, line), "samples"), *sample;
    size_t index;
    FILE *file = fopen(path_in(folder, "drawn.txt"), "w");
    json_array_foreach(samples, index, sample)
        fprintf(file, "%s\n", json_string_value(json_path(sample, "text")));
    fclose(file);
}

static double exact_bits(const Model *source, const Model *model)
{
    Error error;
    Job *job = cross_entropy_new(source, 5, model);
    CHECK(job_run(job, &error));
    double bits = cross_entropy_nats(job) / 6 / log(2);
    job_free(job);
    return bits;
}

Test(sweep_kinds, toy_is_scored_on_all_its_sentences)
{
    static const char *const words = "ate\nball\ncheese\nmouse\nthe\n";
    char line[256];
    Model *toy = toy_model();
    json_t *json =
        json_incref(shell_json(shell, "sweep kind=ngram n=3 smooth=wb data=96,960 heldout=toy seed=4"));
    file_put(path_in(folder, "words.txt"), words);
    for (size_t i = 0; i < 2; i++) {
        char path[40];
        put_drawn(i ? 160 : 16, 4);
        snprintf(line, sizeof line, "train ngram n=3 smooth=wb corpus=%s vocabulary=%s",
                 path_in(folder, "drawn.txt"), path_in(folder, "words.txt"));
        shell_must(shell, line);
        snprintf(path, sizeof path, "rows.%zu.bits", i);
        double bits = json_number(json, path);
        CHECK_NEAR(bits, exact_bits(toy, current()), 1e-12);
        snprintf(path, sizeof path, "rows.%zu.excess_bits", i);
        CHECK_NEAR(json_number(json, path), bits - exact_bits(toy, toy), 1e-12);
    }
    CHECK(json_is_true(json_path(json, "exact")));
    CHECK_NEAR(json_number(json, "entropy_bits"),
               shell_number(shell, "enumerate len=5 @toy", "entropy_bits") / 6, 1e-12);
    json_decref(json);
    model_free(toy);
}

/* What a model of the same family lacks goes away with more of its text. */
Test(sweep_kinds, a_model_learns_its_own_kind_of_text)
{
    shell_must(shell, "train ngram n=2 smooth=wb corpus=jobs name=source");
    shell_json(shell, "sweep kind=ngram n=2 smooth=wb data=1e2,1e3,1e4,1e5 heldout=source seed=1");
    CHECK_INT(rows(), 4);
    for (size_t i = 1; i < 4; i++) CHECK(cell(i, "excess_bits") < cell(i - 1, "excess_bits"));
    CHECK(cell(3, "excess_bits") > -1e-3 && cell(3, "excess_bits") < 0.02);
    for (size_t i = 0; i < 4; i++)
        CHECK_NEAR(cell(i, "bits") - cell(i, "excess_bits"), json_number(shell->json, "entropy_bits"), 1e-12);
}

Test(sweep_kinds, a_network_can_be_the_source)
{
    shell_must(shell, "train rnn h=8 steps=60 seed=1 name=net");
    shell_json(shell, "sweep kind=ngram,rnn h=8 steps=200 data=1e2,3e3 heldout=@net seed=1");
    CHECK_INT(rows(), 4);
    CHECK(cell(2, "excess_bits") < cell(0, "excess_bits"));
    CHECK(cell(3, "excess_bits") < cell(1, "excess_bits"));
    for (size_t i = 0; i < 4; i++) CHECK(cell(i, "excess_bits") > -0.02);
    CHECK(json_is_false(json_path(shell->json, "exact")));
}

/* --- stopping --- */

Test(sweep_kinds, ctrl_c_keeps_the_rows_that_are_done)
{
    char *before = shell_state(shell);
    bool stopped = false;
    for (size_t slices = 1; slices < 400 && !stopped; slices += 7) {
        shell_take(shell);
        session_run(shell->session, "sweep kind=ngram,mlp,rnn steps=2000 data=1e2,1e3,1e4 heldout=toy", NULL,
                    1);
        SessionStatus status = SESSION_BUSY;
        for (size_t i = 0; i < slices && status == SESSION_BUSY; i++)
            status = session_step(shell->session, 1);
        if (status != SESSION_BUSY) break;
        session_interrupt(shell->session);
        while (session_step(shell->session, 1) == SESSION_BUSY) continue;
        json_t *json = shell_out(shell)[0] ? json_line(shell_out(shell), 0) : NULL;
        size_t done = json ? json_array_size(json_path(json, "rows")) : 0;
        stopped = done > 0 && done < 9;
        json_decref(json);
    }
    CHECK(stopped);
    char *after = shell_state(shell);
    CHECK_STR(after, before);
    free(before);
    free(after);
}

/* --- looks --- */

Test(sweep_kinds, has_a_picture_and_reasons)
{
    shell_must(shell, "set as=table; sweep kind=ngram,rnn steps=100 data=1e2,1e3 heldout=toy seed=1");
    CHECK(strstr(shell_out(shell), "entropy of toy") && strstr(shell_out(shell), "training tokens"));
    shell_must(shell, "why");
    CHECK(strstr(shell_out(shell), "statistical efficiency"));
    CHECK(strstr(shell_out(shell), "computational efficiency"));
    shell_must(shell, "sweep kind=ngram,rnn steps=50 data=1e2,1e3 heldout=toy show=seconds as=svg");
    CHECK(strncmp(shell_out(shell), "<svg", 4) == 0 && strstr(shell_out(shell), "seconds of training"));
    shell_must(shell, "sweep kind=ngram data=1e2,1e3 heldout=toy as=csv");
    CHECK_INT(lines_in(shell_out(shell)), 3);
}

Test(sweep_kinds, says_where_curves_cross)
{
    shell_must(shell, "set as=table; sweep kind=ngram,mlp steps=4000 data=1e2,1e3 heldout=toy seed=1");
    shell_must(shell, "why");
    CHECK(strstr(shell_out(shell), "the curves cross"));
}

/* --- mistakes --- */

Test(sweep_kinds, mistakes_are_named)
{
    static const char *const rows[][2] = {
        {"sweep kind=mlp", "sweep needs a text"},
        {"sweep kind=ngram,nosuch heldout=facts", "kind= takes one of"},
        {"sweep kind=mlp,mlp heldout=facts", "mlp is named twice"},
        {"sweep mlp kind=rnn heldout=facts", "the kind is named twice"},
        {"sweep kind=ngram,mlp heads=2 heldout=facts", "heads= says nothing"},
        {"sweep kind=ngram corpus=facts heldout=toy", "corpus= says nothing here"},
        {"sweep kind=ngram k=2 heldout=facts", "k= says nothing with smooth=mkn"},
        {"sweep kind=mlp steps=5 epochs=2 heldout=facts", "say the same thing"},
        {"sweep kind=transformer d=8 heads=3 heldout=facts", "cannot be split"},
        {"sweep kind=ngram smooth=interp weights=em heldout=facts", "weights=em would tune"},
        {"sweep kind=mlp seed=1,2 heldout=facts", "one seed="},
        {"sweep kind=ngram lines=on,off corpus=sam heldout=facts", "one lines="},
        {"sweep kind=ngram data=0 heldout=facts", "data= takes a number"},
        {"sweep kind=ngram n=11 heldout=facts", "at most 10"},
        {"sweep kind=ngram n=1..8 smooth=mkn,wb heldout=facts", "more than 14 curves"},
        {"sweep kind=ngram heldout=nosuch", "no corpus and no file"},
        {"train ngram smooth=backoff name=s; sweep kind=ngram heldout=s", "gives scores"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        CHECK_FOR(!shell_do(shell, rows[i][0]), "%s", rows[i][0]);
        CHECK_FOR(strstr(shell_err(shell), rows[i][1]), "%s: %s", rows[i][0], shell_err(shell));
    }
}

Test(sweep_kinds, a_network_that_diverges_is_a_row_all_the_same)
{
    shell_json(shell, "sweep kind=ngram,mlp lr=inf data=40 heldout=facts");
    CHECK_INT(rows(), 2);
    CHECK(isfinite(cell(1, "bits")));
    shell_must(shell, "sweep kind=mlp lr=inf data=40 heldout=facts as=table");
    CHECK(strstr(shell_err(shell), "beyond all bounds"));
}
