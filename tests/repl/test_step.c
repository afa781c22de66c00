/* `step` takes the step that `train` would take, shows where it went, and can be undone. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/models.h"
#include "tests/support/networks.h"
#include "tests/support/shell.h"

SHELL_SUITE(step, "json")

static const Model *put(NetworkKind kind, uint64_t steps, LearningOptions options)
{
    Corpus *mouse = corpus_built_in("mouse", TOKENIZER_WORDS);
    options.steps = steps;
    Model *model = train_network_with(mouse, small_architecture(kind), options);
    workspace_put_model(session_workspace(shell->session), "net", model, "mouse");
    corpus_free(mouse);
    return model;
}

static const Model *current(void) { return workspace_current(session_workspace(shell->session))->model; }

static bool same_weights(const Model *a, const Model *b)
{
    const Parameters *p = &neural_network(a)->parameters, *q = &neural_network(b)->parameters;
    return p->total == q->total && memcmp(p->x, q->x, p->total * sizeof *p->x) == 0;
}

/* From zero logits p is 1/6 everywhere; after "mouse" come ate (7 of 8) and </s> (1 of 8), of 44 predictions.
 * w = 0 - lr (p - target) 8/44. */
Test(step, the_first_step_of_a_softmax_by_hand)
{
    put(NETWORK_SOFTMAX, 0, small_options(NETWORK_SOFTMAX, 0));
    json_t *rows = json_path(shell_json(shell, "step context=mouse"), "rows"), *row;
    size_t index;
    CHECK_INT(json_array_size(rows), 6);
    json_array_foreach(rows, index, row)
    {
        const char *token = json_string_value(json_path(row, "token"));
        double target = strcmp(token, "ate") == 0 ? 7.0 / 8 : strcmp(token, "</s>") == 0 ? 1.0 / 8 : 0;
        double gradient = (1.0 / 6 - target) * 8 / 44;
        CHECK(json_number(row, "target") == target && fabs(json_number(row, "p") - 1.0 / 6) < 1e-7);
        CHECK(fabs(json_number(row, "gradient") - gradient) < 1e-7 && json_number(row, "old") == 0);
        CHECK(fabs(json_number(row, "new") + 5 * gradient) < 1e-6);
    }
}

/* The losses of the known answers: ln 6 before the first step, then 1.386.., then 1.134... */
Test(step, losses_are_the_known_ones)
{
    static const double losses[] = {1.791759469, 1.386544309, 1.134440987};
    put(NETWORK_SOFTMAX, 0, small_options(NETWORK_SOFTMAX, 0));
    json_t *rows = json_path(shell_json(shell, "step 3"), "rows");
    CHECK_INT(json_array_size(rows), 3);
    for (size_t i = 0; i < 3; i++) {
        json_t *row = json_array_get(rows, i);
        CHECK(fabs(json_number(row, "loss") - losses[i]) < 1e-6);
        CHECK(json_number(row, "step") == (double)i + 1 && json_number(row, "lr") == 5);
    }
}

/* One step here and one step of training: the same weights, of every kind; undo brings the old ones back. */
Test(step, it_is_the_step_of_training)
{
    for (int kind = 0; kind < NETWORK_KINDS; kind++) {
        Corpus *mouse = corpus_built_in("mouse", TOKENIZER_WORDS);
        put((NetworkKind)kind, 4, small_options((NetworkKind)kind, 4));
        Model *before = model_share((Model *)(uintptr_t)current()), *after = train_on_from(before, mouse, 2);
        shell_must(shell, "step 2");
        CHECK_FOR(same_weights(current(), after), "%s", network_kind_name((NetworkKind)kind));
        CHECK(neural_learning(current())->step == 6);
        shell_must(shell, "undo");
        CHECK(same_weights(current(), before) && neural_learning(current())->step == 4);
        model_free(before);
        model_free(after);
        corpus_free(mouse);
    }
}

/* What is called the gradient is what an SGD step follows. */
Test(step, weights_follow_the_gradient)
{
    LearningOptions options = small_options(NETWORK_MLP, 4);
    options.optimizer = OPTIMIZER_SGD;
    options.lr = 0.5;
    put(NETWORK_MLP, 4, options);
    json_t *rows = json_path(shell_json(shell, "step show=weights"), "rows"), *row;
    size_t index;
    double last = INFINITY;
    CHECK(json_array_size(rows) > 100);
    json_array_foreach(rows, index, row)
    {
        double change = json_number(row, "new") - json_number(row, "old");
        CHECK(fabs(change + 0.5 * json_number(row, "gradient")) < 1e-6 &&
              json_number(row, "change") == change);
        CHECK(fabs(change) <= last);
        last = fabs(change);
    }
    json_t *whole = shell_json(shell, "step show=grad");
    double squares = 0;
    json_array_foreach(json_path(whole, "rows"), index, row) squares += pow(json_number(row, "gradient"), 2);
    CHECK(fabs(sqrt(squares) - json_number(whole, "gradient")) < 1e-9);
    CHECK(fabs(json_number(whole, "change") - 0.5 * json_number(whole, "gradient")) < 1e-6);
}

Test(step, a_cut_gradient_is_said)
{
    LearningOptions options = small_options(NETWORK_MLP, 4);
    options.clip = 1e-3;
    put(NETWORK_MLP, 4, options);
    shell_must(shell, "step as=table");
    CHECK(strstr(shell_err(shell), "clip=") != NULL);
    CHECK(json_number(shell_json(shell, "step"), "gradient") > 1e-3);
}

Test(step, a_prediction_before_and_after)
{
    put(NETWORK_GRU, 4, small_options(NETWORK_GRU, 4));
    double before = shell_number(shell, "next the mouse for=ate", "rows.0.p");
    double old = NAN, new = NAN;
    json_t *row;
    size_t index;
    json_t *rows = json_path(shell_json(shell, "step context=\"the mouse\""), "rows");
    json_array_foreach(rows, index, row)
    {
        if (strcmp(json_string_value(json_path(row, "token")), "ate") != 0) continue;
        old = json_number(row, "old");
        new = json_number(row, "new");
    }
    CHECK_FOR(old == before, "%.17g, not %.17g", old, before);
    CHECK(new == shell_number(shell, "next the mouse for=ate", "rows.0.p") && new != old);
}

Test(step, mistakes_have_a_way_out)
{
    LearningOptions options = small_options(NETWORK_MLP, 4);
    options.until = 50; /* fulfilled at once */
    put(NETWORK_MLP, 4, options);
    static const struct {
        const char *line, *message;
    } rows[] = {{"step @bigram", "counts n-grams"},
                {"step 0", "whole number"},
                {"step many", "whole number"},
                {"step", "until="},
                {"step context=nonsense", "nonsense"}};
    char *state = shell_state(shell);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        CHECK_FOR(!shell_do(shell, rows[i].line), "%s runs", rows[i].line);
        CHECK_FOR(strstr(shell_err(shell), rows[i].message), "%s: %s", rows[i].line, shell_err(shell));
    }
    char *now = shell_state(shell);
    CHECK_STR(now, state);
    free(now);
    free(state);
}

/* --- plot loss --- */

Test(step, the_curve_is_the_models)
{
    put(NETWORK_RNN, 12, small_options(NETWORK_RNN, 12));
    const Curve *curve = &neural_learning(current())->curve;
    json_t *rows = json_path(shell_json(shell, "plot loss"), "rows");
    CHECK_INT(json_array_size(rows), curve->count);
    for (size_t i = 0; i < curve->count; i++) {
        CHECK(json_number(json_array_get(rows, i), "train") == curve->points[i].train);
        CHECK(json_number(json_array_get(rows, i), "step") == (double)curve->points[i].step);
    }
    put(NETWORK_MLP, 12, small_options(NETWORK_MLP, 12));
    shell_must(shell, "use bigram");
    CHECK(!shell_do(shell, "plot loss") && !shell_do(shell, "plot nonsense @net"));
}

/* Both runs in one picture, each under its name. */
Test(step, curves_are_overlaid)
{
    Corpus *mouse = corpus_built_in("mouse", TOKENIZER_WORDS);
    workspace_put_model(session_workspace(shell->session), "a", train_network(mouse, NETWORK_RNN, 9),
                        "mouse");
    workspace_put_model(session_workspace(shell->session), "b", train_network(mouse, NETWORK_MLP, 9),
                        "mouse");
    corpus_free(mouse);
    static const char *const forms[] = {"table", "svg", "md"};
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        char line[64];
        snprintf(line, sizeof line, "plot loss @a,b as=%s", forms[i]);
        shell_must(shell, line);
        CHECK_FOR(strstr(shell_out(shell), "a train") && strstr(shell_out(shell), "b train"), "%s: %s",
                  forms[i], shell_out(shell));
    }
    shell_must(shell, "plot loss @a,b as=csv");
    CHECK_INT(lines_in(shell_out(shell)), 20); /* two headings, nine points each */
}

/* Ctrl-C at any moment: the steps taken so far are kept, and no half of one. */
Test(step, stopping_keeps_whole_steps)
{
    for (int slices = 0; slices < 40; slices += 3) {
        put(NETWORK_LSTM, 4, small_options(NETWORK_LSTM, 4));
        session_run(shell->session, "step 1000", NULL, 1);
        for (int i = 0; i < slices; i++)
            if (session_step(shell->session, 0) == SESSION_READY) break;
        session_interrupt(shell->session);
        while (session_step(shell->session, 1) == SESSION_BUSY) continue;
        uint64_t taken = neural_learning(current())->step - 4;
        CHECK(taken < 1000);
        Corpus *mouse = corpus_built_in("mouse", TOKENIZER_WORDS);
        Model *before = train_network(mouse, NETWORK_LSTM, 4),
              *after = taken ? train_on_from(before, mouse, taken) : model_share(before);
        CHECK_FOR(same_weights(current(), after), "after %d slices, %d steps", slices, (int)taken);
        model_free(after);
        model_free(before);
        corpus_free(mouse);
    }
}
