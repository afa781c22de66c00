/* train softmax, mlp, rnn, gru, lstm, transformer: what they say, when they refuse, going on and stopping. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/neural/neural.h"
#include "tests/support/shell.h"

SHELL_SUITE(train_neural, "json")

static const char *const kinds[] = {"softmax", "mlp", "rnn", "gru", "lstm", "transformer"};

/* The notes of a line as people see them, in one line. */
static const char *told(const char *line)
{
    static char text[2048];
    char people[512];
    snprintf(people, sizeof people, "%s as=table", line);
    shell_do(shell, people);
    snprintf(text, sizeof text, "%s", shell_err(shell));
    for (char *c = text; *c; c++) *c = *c == '\n' ? ' ' : *c;
    for (char *two; (two = strstr(text, "  "));) memmove(two, two + 1, strlen(two));
    return text;
}

static void check_told(const char *line, const char *wanted)
{
    const char *text = told(line);
    CHECK_FOR(strstr(text, wanted), "%s: no [%s] in\n%s", line, wanted, text);
}

static const Model *current(void) { return workspace_current(session_workspace(shell->session))->model; }

static bool has_finite_weights(const Model *model)
{
    const Parameters *p = &neural_network(model)->parameters;
    for (size_t i = 0; i < p->total; i++)
        if (!isfinite(p->x[i])) return false;
    return true;
}

static void check_same_weights(const Model *a, const Model *b)
{
    const Parameters *x = &neural_network(a)->parameters, *y = &neural_network(b)->parameters;
    CHECK_INT(x->total, y->total);
    CHECK(memcmp(x->x, y->x, x->total * sizeof *x->x) == 0);
}

/* --- numbers --- */

/* known_answers, mouse.gd: lr 5, all at once. Floats are good for seven digits. */
Test(train_neural, softmax_descends_as_computed_elsewhere)
{
    static const struct {
        int steps;
        double loss;
    } known[] = {{0, 1.791759469},  {1, 1.386544309},   {2, 1.134440987},   {5, 0.851397207},
                 {10, 0.746879205}, {100, 0.614533866}, {1000, 0.599145763}};
    double counted = shell_number(shell, "train ngram n=2", "loss");
    for (size_t i = 0; i < 2 * COUNT_OF(known); i++) {
        char line[96];
        snprintf(line, sizeof line, "train softmax lr=5 steps=%d exact=%s", known[i / 2].steps,
                 i % 2 ? "on" : "off");
        json_t *json = shell_json(shell, line);
        CHECK_NEAR(json_number(json, "loss"), known[i / 2].loss, 1e-7);
        CHECK_NEAR(json_number(json, "floor"), counted, 1e-12); /* no bigram is better than counting */
        CHECK_INT(json_number(json, "steps"), known[i / 2].steps);
        CHECK_INT(json_number(json, "parameters"), 36);
        CHECK_INT(json_number(json, "tokens"), 44);
    }
}

/* Weights counted by hand: V = 6 outcomes, and no sentence has more than 6 with its </s>. */
Test(train_neural, every_kind_has_its_shape)
{
    static const struct {
        const char *line, *kind;
        int weights;
    } rows[] = {
        {"train softmax", "softmax", 6 * 6},
        {"train mlp n=3 d=2 h=3", "mlp", 6 * 2 + (2 * 2 + 1) * 3 + (3 + 1) * 6},
        {"train rnn d=2 h=3", "rnn", 6 * 2 + 3 * (2 + 3 + 2) + (3 + 1) * 6},
        {"train rnn d=2 h=3 layers=2", "rnn", 6 * 2 + 3 * (2 + 3 + 2) + 3 * (3 + 3 + 2) + (3 + 1) * 6},
        {"train gru d=2 h=3", "gru", 6 * 2 + 3 * 3 * (2 + 3 + 2) + (3 + 1) * 6},
        {"train lstm d=2 h=3", "lstm", 6 * 2 + 4 * 3 * (2 + 3 + 2) + (3 + 1) * 6},
        {"train transformer d=4 heads=2 layers=1", "transformer",
         6 * 4 + 6 * 4 + (12 * 16 + 13 * 4) + 2 * 4 + 6 * 4},
        {"train transformer d=4 heads=2 layers=3 ctx=5 tied=on", "transformer",
         6 * 4 + 5 * 4 + 3 * (12 * 16 + 13 * 4) + 2 * 4},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char line[128];
        snprintf(line, sizeof line, "%s steps=3", rows[i].line);
        json_t *json = shell_json(shell, line);
        CHECK_STR(json_string_value(json_path(json, "kind")), rows[i].kind);
        CHECK_STR(json_string_value(json_path(json, "model")), rows[i].kind);
        CHECK_FOR(json_number(json, "parameters") == rows[i].weights, "%s: %g weights, not %d", rows[i].line,
                  json_number(json, "parameters"), rows[i].weights);
        CHECK_STR(workspace_current(session_workspace(shell->session))->name, rows[i].kind);
    }
}

/* Left alone, each kind learns the mouse corpus nearly as well as can be done with its context. */
Test(train_neural, defaults_reach_the_data_floor)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        char line[64];
        snprintf(line, sizeof line, "train %s seed=1", kinds[i]);
        json_t *json = shell_json(shell, line);
        double loss = json_number(json, "loss"), floor = json_number(json, "floor");
        CHECK_FOR(loss > floor - 1e-6 && loss < floor + 0.01, "%s: loss %g, floor %g", kinds[i], loss, floor);
        CHECK(!json_object_get(json, "valid")); /* 44 tokens: none are held back */
    }
}

/* The loss on the whole of a corpus is what eval says of it. */
Test(train_neural, loss_is_what_eval_finds)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        char line[64];
        snprintf(line, sizeof line, "train %s steps=50", kinds[i]);
        double loss = shell_number(shell, line, "loss");
        CHECK_NEAR(shell_number(shell, "eval", "perplexity"), exp(loss), 1e-5 * exp(loss));
    }
}

/* 7 + 7 tokens of floor worked out by hand: after "a" come b, b and c; after "<s>" always a. */
Test(train_neural, floor_by_hand)
{
    const char *path = path_in(folder, "abc.txt");
    char line[160];
    file_put(path, "a b\na b\na c\n");
    snprintf(line, sizeof line, "train mlp steps=1 corpus=%s", path);
    double wanted = -(2 * log(2 / 3.0) + log(1 / 3.0)) / 9;
    CHECK_NEAR(shell_number(shell, line, "floor"), wanted, 1e-12);
}

/* --- validation --- */

Test(train_neural, part_of_the_text_is_held_back)
{
    json_t *json = shell_json(shell, "train mlp corpus=jobs valid=0.25 steps=40"); /* 10 of 40 sentences */
    CHECK_INT(json_number(json, "tokens"), 30 * 7);
    CHECK(isfinite(json_number(json, "valid")) && json_number(json, "best_step") > 0);
    CHECK(json_number(json, "best_valid") <= json_number(json, "valid"));
    json = shell_json(shell, "train rnn corpus=jobs heldout=mouse unk=on steps=20");
    CHECK_INT(json_number(json, "tokens"), 40 * 7);
    CHECK(isfinite(json_number(json, "valid")));
}

Test(train_neural, what_was_striking_is_told)
{
    check_told("train mlp valid=0.5 steps=2000 seed=1", "it has begun to over-fit");
    check_told("train mlp until=1", "the loss is down to until=1");
    check_told("train transformer ctx=1000 steps=5", "ctx=6, not 1000");
    check_told("train softmax lr=1e9 steps=5", "worse than guessing, log V = 1.79");
    check_told("train mlp heldout=facts steps=2", "11 of 15 different tokens of facts are unknown to mlp");
    check_told("train mlp heldout=facts steps=2 unk=on", "11 of 15 different tokens of facts are <unk>");
    CHECK_STR(told("train mlp steps=20"), "");
}

/* --- too large steps --- */

Test(train_neural, a_network_that_diverges_keeps_finite_weights)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        char line[64];
        snprintf(line, sizeof line, "train %s lr=inf", kinds[i]);
        check_told(line, "It diverged after step");
        CHECK_FOR(has_finite_weights(current()), "%s", kinds[i]);
        double sum = 0;
        size_t index;
        json_t *row;
        json_array_foreach(json_path(shell_json(shell, "next the"), "rows"), index, row) sum +=
            json_number(row, "p");
        CHECK_NEAR(sum, 1, 1e-9);
    }
    shell_must(shell, "train softmax lr=1e9 steps=5");
    CHECK(has_finite_weights(current()));
}

/* --- refusals --- */

Test(train_neural, refusals_name_the_place_and_change_nothing)
{
    static const struct {
        const char *line, *at, *phrase;
    } rows[] = {
        {"train transformer d=30 heads=4", "4", "d=32"},
        {"train mlp heads=2", "2", "it belongs to transformer; mlp takes n= d= h= dropout="},
        {"train softmax d=2", "2", "softmax takes n="},
        {"train mlp smooth=mkn", "mkn", "it belongs to ngram"},
        {"train ngram lr=3", "3", "it belongs to softmax|mlp|rnn|gru|lstm|transformer"},
        {"train lr=3", "3", "belongs to softmax"},
        {"train gpu", "gpu", "did you mean 'gru'"},
        {"train softmax n=3", "3", "n=2"},
        {"train mlp n=1", "1", "at least 2"},
        {"train ngram n=11", "11", "at most 10"},
        {"train mlp steps=5 epochs=1", "1", "leave out one"},
        {"train mlp valid=0.1 heldout=sam", "heldout=sam", "leave out one"},
        {"train mlp cutoff=2 unk=off", "off", "<unk>"},
        {"train mlp lr=0", "0", "inf"},
        {"train mlp lr=-1", "-1", "inf"},
        {"train mlp batch=0", "0", "all"},
        {"train mlp threads=3", "3", "from 1 to 2"},
        {"train mlp dropout=1", "1", "0.99"},
        {"train mlp tokens=chars", "chars", "corpus=mouse"},
        {"train transformer ctx=1000 corpus=mouse lines=off", "1000", "ctx=37 or less"},
        {"train rnn d=8192 h=8192 layers=64", "8192", "million weights"},
        {"train mlp corpus=BLANK", "BLANK", "vocabulary of one"},
        {"train mlp corpus=EMPTY", "EMPTY", "empty"},
    };
    file_put(path_in(folder, "BLANK"), "\n\n");
    file_put(path_in(folder, "EMPTY"), "");
    char *before = shell_state(shell);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char line[256], at[160];
        bool file = strstr(rows[i].line, "corpus=BLANK") || strstr(rows[i].line, "corpus=EMPTY");
        snprintf(at, sizeof at, "%s", file ? path_in(folder, rows[i].at) : rows[i].at);
        snprintf(line, sizeof line, "%.*s%s", file ? 17 : 100, rows[i].line, file ? at : "");
        const char *text = told(line);
        CHECK_FOR(strstr(text, rows[i].phrase), "%s: no [%s] in\n%s", line, rows[i].phrase, text);
        const char *caret = strstr(shell_err(shell), "^");
        CHECK_FOR(caret && strspn(caret, "^") == strlen(at), "%s: %s", line, shell_err(shell));
    }
    char *after = shell_state(shell);
    CHECK_STR(after, before);
    free(before);
    free(after);
}

Test(train_neural, an_emptied_corpus_is_refused)
{
    const char *path = path_in(folder, "one.txt");
    char line[160];
    file_put(path, "a b\n");
    snprintf(line, sizeof line, "corpus %s; corpus drop \"a b\"", path);
    if (!shell_do(shell, line)) return; /* then no corpus is ever empty */
    CHECK(!shell_do(shell, "train mlp"));
}

/* Where only one of d and heads is said, the other follows. */
Test(train_neural, d_and_heads_follow_each_other)
{
    static const struct {
        const char *options;
        size_t d, heads;
    } rows[] = {{"", 32, 2}, {"heads=3", 33, 3}, {"d=33", 33, 1}, {"d=6", 6, 2}, {"d=6 heads=3", 6, 3}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char line[80];
        snprintf(line, sizeof line, "train transformer steps=1 %s", rows[i].options);
        shell_must(shell, line);
        const Architecture *a = &neural_network(current())->architecture;
        CHECK_FOR(a->d == rows[i].d && a->heads == rows[i].heads, "%s: d=%zu heads=%zu", rows[i].options,
                  a->d, a->heads);
    }
}

/* --- the same again --- */

Test(train_neural, seeds_are_told_and_repeat)
{
    json_t *json = shell_json(shell, "train mlp steps=20");
    CHECK_INT(json_number(json, "seed"), 1);
    double loss = json_number(json, "loss");
    CHECK_INT(shell_number(shell, "train mlp steps=20", "seed"), 2);
    CHECK(json_number(shell->json, "loss") != loss);
    CHECK(shell_number(shell, "train mlp steps=20 seed=1", "loss") == loss);
    shell_must(shell, "set seed=1");
    CHECK(shell_number(shell, "train mlp steps=20", "loss") == loss);
}

Test(train_neural, a_list_of_values_trains_several)
{
    shell_must(shell, "train mlp h=4,8 steps=5");
    json_t *first = json_line(shell_out(shell), 0), *second = json_line(shell_out(shell), 1);
    CHECK_STR(json_string_value(json_path(first, "model")), "mlp-1");
    CHECK_STR(json_string_value(json_path(second, "model")), "mlp-2");
    CHECK(json_number(first, "seed") == json_number(second, "seed"));
    CHECK(json_number(first, "parameters") < json_number(second, "parameters"));
    json_decref(first);
    json_decref(second);
}

/* --- going on --- */

Test(train_neural, train_alone_goes_on)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        char line[128];
        const char *options = i == 0 ? "" : "batch=3 schedule=constant warmup=0 seed=4 corpus=jobs valid=0.2";
        snprintf(line, sizeof line, "train %s %s steps=30 name=whole", kinds[i], options);
        shell_must(shell, line);
        Model *whole = model_share((Model *)current());
        snprintf(line, sizeof line, "train %s %s steps=10", kinds[i], options);
        shell_must(shell, line);
        CHECK_INT(shell_number(shell, "train steps=5", "steps"), 15);
        CHECK_INT(shell_number(shell, "train steps=5", "steps"), 20);
        CHECK_INT(shell_number(shell, "train", "steps"), 30); /* as many as it was asked for first */
        check_same_weights(current(), whole);
        model_free(whole);
        CHECK_STR(workspace_current(session_workspace(shell->session))->name, kinds[i]);
    }
}

Test(train_neural, undo_brings_the_younger_one_back)
{
    shell_must(shell, "train rnn steps=10");
    Model *before = model_share((Model *)current());
    shell_must(shell, "train");
    CHECK(neural_learning(current())->step == 20 && neural_learning(before)->step == 10);
    shell_must(shell, "undo");
    check_same_weights(current(), before);
    CHECK_INT(neural_learning(current())->step, 10);
    shell_must(shell, "redo");
    CHECK_INT(neural_learning(current())->step, 20);
    shell_must(shell, "undo; undo");
    CHECK(!neural_network(current()));
    model_free(before);
}

Test(train_neural, going_on_needs_the_same_words)
{
    static const struct {
        const char *line, *phrase;
    } rows[] = {
        {"train corpus=sam", "knows not one word of sam"},
        {"train corpus=mouse tokens=chars", "not cut into words"},
        {"train h=3", "train mlp h=3"},
        {"train lr=1", "is for a new one"},
        {"train smooth=mkn n=2 lr=1", "says nothing with ngram"},
        {"train steps=0", "nothing more"},
    };
    shell_must(shell, "train mlp steps=3");
    for (size_t i = 0; i < COUNT_OF(rows); i++) check_told(rows[i].line, rows[i].phrase);
    check_told("train corpus=facts steps=2", "11 of 15 different tokens of facts are unknown to mlp");
}

/* Its own corpus, not whatever is current; with what was added to it since. */
Test(train_neural, going_on_finds_its_corpus)
{
    shell_must(shell, "train mlp steps=3; corpus add \"the mouse ate the mouse\"; corpus jobs");
    json_t *json = shell_json(shell, "train");
    CHECK_STR(json_string_value(json_path(json, "corpus")), "mouse");
    CHECK_INT(json_number(json, "tokens"), 44 + 6);
}

/* --- Ctrl-C --- */

/* Begin a line and stop it after so many slices, each of one step of training. */
static void stop_after(const char *line, int slices)
{
    session_run(shell->session, line, NULL, 1);
    for (int i = 0; i < slices; i++) CHECK(session_step(shell->session, 0) == SESSION_BUSY);
    session_interrupt(shell->session);
    while (session_step(shell->session, 0) == SESSION_BUSY) continue;
    CHECK(session_interrupted(shell->session));
}

Test(train_neural, ctrl_c_keeps_what_was_learnt)
{
    static const int moments[] = {3, 4, 7, 20, 29};
    shell_must(shell, "train gru h=4 steps=30 batch=2 seed=3 name=whole");
    Model *whole = model_share((Model *)current());
    for (size_t i = 0; i < COUNT_OF(moments); i++) {
        shell_must(shell, "use toy");
        stop_after("train gru h=4 steps=30 batch=2 seed=3", moments[i]);
        CHECK(neural_network(current()));
        uint64_t steps = neural_learning(current())->step;
        CHECK(steps > 0 && steps < 30);
        shell_must(shell, "prob the mouse ate"); /* usable as it is */
        CHECK_INT(shell_number(shell, "train", "steps"), 30);
        check_same_weights(current(), whole); /* as if nothing had happened */
    }
    model_free(whole);
}

Test(train_neural, ctrl_c_before_the_first_step_changes_nothing)
{
    char *before = shell_state(shell);
    stop_after("train mlp", 2);
    CHECK(strstr(shell_err(shell), "before the first step"));
    char *after = shell_state(shell);
    CHECK_STR(after, before);
    free(before);
    free(after);
}

Test(train_neural, ctrl_c_while_going_on_can_be_undone)
{
    shell_must(shell, "train mlp steps=10 h=4");
    stop_after("train steps=50", 8);
    uint64_t steps = neural_learning(current())->step;
    CHECK(steps > 10 && steps < 60);
    shell_must(shell, "undo");
    CHECK_INT(neural_learning(current())->step, 10);
}

/* --- why, again, the rest of the shell --- */

Test(train_neural, the_shell_knows_networks)
{
    shell_must(shell, "train mlp steps=5; why; again steps=6; models; model; next the T=0,1; sample the n=2");
    CHECK_INT(neural_learning(current())->step, 6);
    shell_must(shell, "train transformer steps=5; compare next the @bigram,transformer; set exact=on");
    shell_must(shell, "train rnn steps=5");
    CHECK(neural_network(current())->exact);
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        char line[32];
        snprintf(line, sizeof line, "help %s", kinds[i]);
        shell_must(shell, line);
        CHECK_FOR(strstr(shell_out(shell), "By default"), "%s", shell_out(shell));
    }
}
