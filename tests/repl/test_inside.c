/* `state`, `trace`, `embed`, `weights` and `grad` against PyTorch's numbers, finite differences and sums. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/looking.h"

SHELL_SUITE(inside, "json")

static const Architecture gpt = {.kind = NETWORK_TRANSFORMER,
                                 .outcomes = 65,
                                 .d = 32,
                                 .layers = 2,
                                 .heads = 4,
                                 .ctx = 16},
                          mlp = {.kind = NETWORK_MLP, .outcomes = 27, .n = 4, .d = 10, .h = 64};

static Architecture recurrent(NetworkKind kind)
{
    return (Architecture){.kind = kind, .outcomes = 27, .d = 16, .h = 32, .layers = 1, .ctx = 12};
}

static const struct {
    const char *name;
    NetworkKind kind;
} recurrents[] = {{"rnn", NETWORK_RNN}, {"gru", NETWORK_GRU}, {"lstm", NETWORK_LSTM}};

static json_t *ask(const char *format, ...) PRINTF_LIKE(1, 2);

static json_t *ask(const char *format, ...)
{
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    return shell_json(shell, line);
}

/* --- state --- */

Test(inside, states_are_those_of_pytorch)
{
    for (size_t k = 0; k < COUNT_OF(recurrents); k++) {
        Looking l = looking_begin(shell, recurrents[k].name, recurrent(recurrents[k].kind));
        double *hidden = figures_doubles(&l.figures, NULL, "act64.hidden");
        json_t *row, *rows = json_path(ask("state %s", l.words), "rows");
        size_t index;
        CHECK_INT(json_array_size(rows), 32 * l.steps);
        json_array_foreach(rows, index, row)
        {
            double wanted = looking_number(hidden, &l, (size_t)json_number(row, "position"), 32,
                                           (size_t)json_number(row, "unit") - 1);
            CHECK_FOR(fabs(json_number(row, "value") - wanted) < 1e-6, "%s row %zu", recurrents[k].name,
                      index);
        }
        free(hidden);
        looking_end(&l);
    }
}

/* A row of `state show=gates`: the gate, or h or c, of a unit at a position. */
static double gate(json_t *rows, const char *what, size_t position)
{
    size_t index;
    json_t *row;
    json_array_foreach(rows, index, row) if (strcmp(json_string_value(json_path(row, "what")), what) == 0 &&
                                             json_number(row, "position") ==
                                                 (double)position) return json_number(row, "value");
    CHECK_FOR(false, "no %s at %zu", what, position);
    return NAN;
}

/* The gates make of the state before the state after. */
Test(inside, gates_make_the_state)
{
    Looking l = looking_begin(shell, "lstm", recurrent(NETWORK_LSTM));
    json_t *rows = json_path(ask("state %s show=gates unit=7", l.words), "rows");
    CHECK_INT(json_array_size(rows), 6 * l.steps);
    for (size_t t = 0; t < l.steps; t++) {
        double before = t ? gate(rows, "c", t - 1) : 0;
        double c = gate(rows, "f", t) * before + gate(rows, "i", t) * gate(rows, "g", t);
        CHECK(fabs(gate(rows, "c", t) - c) < 1e-6);
        CHECK(fabs(gate(rows, "h", t) - gate(rows, "o", t) * tanh(c)) < 1e-6);
    }
    looking_end(&l);
    l = looking_begin(shell, "gru", recurrent(NETWORK_GRU));
    rows = json_path(ask("state %s show=gates unit=32", l.words), "rows");
    for (size_t t = 0; t < l.steps; t++) {
        double before = t ? gate(rows, "h", t - 1) : 0, z = gate(rows, "z", t);
        CHECK(fabs(gate(rows, "h", t) - ((1 - z) * gate(rows, "n", t) + z * before)) < 1e-6);
    }
    looking_end(&l);
}

/* --- trace --- */

static double line_number(json_t *line, const char *key)
{
    return json_is_null(json_path(line, key)) ? NAN : json_number(line, key);
}

/* The last line of the arithmetic, worked out from those above it. */
static double recompute(json_t *rows, const char *function)
{
    size_t index, last = json_array_size(rows) - 1;
    double sum = 0, logit = 0, largest = 0, normaliser = 0;
    json_t *line;
    json_array_foreach(rows, index, line)
    {
        double weight = line_number(line, "weight"), value = line_number(line, "value");
        const char *term = json_string_value(json_path(line, "term"));
        json_t *formula = json_path(line, "formula");
        if (index == last) break;
        if (!isnan(weight)) {
            CHECK_FOR(value == weight * line_number(line, "input"), "%s", term);
            sum += value;
        } else if (strcmp(term, "U h' + bh") == 0) {
            CHECK(fabs(value - sum) < 1e-12);
            sum = 0;
        } else if (strcmp(term, "sum") == 0 && json_is_null(formula)) {
            CHECK(fabs(value - sum) < 1e-12);
        } else if (strcmp(term, "sum") == 0) {
            normaliser = value;
        } else if (strcmp(term, "largest") == 0) {
            largest = value;
        } else if (json_is_null(formula) && strcmp(term, "c") != 0 && strncmp(term, "exp", 3) != 0) {
            sum += value;
        }
        if (index == 0) logit = value;
    }
    if (strcmp(function, "tanh(sum)") == 0 || strcmp(function, "tanh(x)") == 0) return tanh(sum);
    if (strcmp(function, "sigmoid(sum)") == 0) return 1 / (1 + exp(-sum));
    if (strcmp(function, "0.5 x (1 + t)") == 0)
        return 0.5 * logit * (1 + tanh(sqrt(2 / acos(-1)) * (logit + 0.044715 * logit * logit * logit)));
    if (strncmp(function, "exp", 3) == 0) return exp(logit - largest) / normaliser;
    return sum;
}

/* At every stop, the first and the last unit multiply out to what the network has. */
static void check_stops(const char *words, const char *name)
{
    json_t *stops = json_incref(json_path(ask("trace %s @%s", words, name), "rows")), *stop;
    size_t index;
    json_array_foreach(stops, index, stop)
    {
        size_t units = (size_t)json_number(stop, "units");
        for (size_t unit = 1; unit <= units; unit += units > 1 ? units - 1 : 1) {
            json_t *one = ask("trace %s @%s stop=%zu unit=%zu", words, name, index + 1, unit),
                   *rows = json_path(one, "rows");
            double value = json_number(one, "value");
            const char *function = json_string_value(json_path(rows, "-1.formula"));
            CHECK_FOR(fabs(recompute(rows, function) - value) < 2e-6 * (1 + fabs(value)),
                      "%s stop %zu unit %zu: %.9g, not %.9g", name, index + 1, unit, value,
                      recompute(rows, function));
            CHECK(json_number(rows, "-1.value") == value);
            if (unit == 1) CHECK(json_number(stop, "first") == value);
        }
    }
    json_decref(stops);
}

Test(inside, a_trace_multiplies_out)
{
    Looking l = looking_begin(shell, "gpt_untied", gpt);
    check_stops("w3 w5 w1", "gpt_untied");
    looking_end(&l);
    for (size_t k = 0; k < COUNT_OF(recurrents); k++) {
        l = looking_begin(shell, recurrents[k].name, recurrent(recurrents[k].kind));
        check_stops("w3 w5 w1", recurrents[k].name);
        looking_end(&l);
    }
}

/* Stops of the last position, every unit, against PyTorch. */
static void check_stop(const Looking *l, const char *stop, const char *figure, size_t units)
{
    double *wanted = figures_doubles(&l->figures, NULL, "%s", figure);
    for (size_t unit = 0; unit < units; unit += 3) {
        double value = json_number(ask("trace %s stop=%s unit=%zu", l->words, stop, unit + 1), "value");
        CHECK_FOR(fabs(value - looking_number(wanted, l, l->steps - 1, units, unit)) < 1e-5, "%s unit %zu",
                  stop, unit);
    }
    free(wanted);
}

Test(inside, stops_are_pytorchs_tensors)
{
    Looking l = looking_begin(shell, "gpt_untied", gpt);
    check_stop(&l, "h.0.ln_1", "act64.h.0.ln_1", 32);
    check_stop(&l, "h.1.attn_concat", "act64.h.1.attn_concat", 32);
    check_stop(&l, "h.1.mlp_fc", "act64.h.1.mlp_fc", 128);
    check_stop(&l, "h.1.resid", "act64.h.1.resid", 32);
    check_stop(&l, "ln_f", "act64.ln_f", 32);
    looking_end(&l);
}

/* The first row of the figures is the context w24 w20 w15. */
static Looking begin_mlp(void)
{
    Looking l = {.figures = figures_open("mlp"), .architecture = mlp, .steps = 1, .length = 1};
    Network *network = network_new(&mlp, true);
    figures_load(&l.figures, &network->parameters);
    Vocab *vocab = vocab_new();
    for (size_t i = 0; i < mlp.outcomes; i++) {
        char word[24];
        snprintf(word, sizeof word, "w%zu", i);
        vocab_add(vocab, i ? word : TEXT_END, strlen(i ? word : TEXT_END));
    }
    snprintf(l.words, sizeof l.words, "w24 w20 w15");
    workspace_put_model(session_workspace(shell->session), "mlp",
                        neural_new(vocab, TOKENIZER_WORDS, network, NULL, NULL), "");
    return l;
}

Test(inside, an_mlp_is_traced)
{
    Looking l = begin_mlp();
    check_stop(&l, "emb", "act64.emb", 30);
    check_stop(&l, "hpre", "act64.hpre", 64);
    check_stop(&l, "h", "act64.h", 64);
    check_stop(&l, "logits", "logits64", 27);
    check_stop(&l, "p", "probs64", 27);
    check_stops(l.words, "mlp");
    looking_end(&l);
}

/* --- embed and weights --- */

Test(inside, neighbours_are_by_cosine)
{
    Looking l = begin_mlp();
    double c[270];
    CHECK(stored_tensor_doubles(safetensors_find(l.figures.weights, "C"), c));
    json_t *rows = json_path(ask("embed w5 show=nearest top=26"), "rows"), *row;
    double last = 1;
    size_t index;
    CHECK_INT(json_array_size(rows), 26);
    json_array_foreach(rows, index, row)
    {
        const char *name = json_string_value(json_path(row, "nearest"));
        size_t other = strcmp(name, TEXT_END) == 0 ? 0 : (size_t)atoi(name + 1);
        double dot = 0, a = 0, b = 0;
        for (size_t d = 0; d < 10; d++) {
            dot += c[50 + d] * c[other * 10 + d];
            a += c[50 + d] * c[50 + d];
            b += c[other * 10 + d] * c[other * 10 + d];
        }
        CHECK(other != 5 && fabs(json_number(row, "cosine") - dot / sqrt(a * b)) < 1e-12);
        CHECK(json_number(row, "cosine") <= last && json_number(row, "rank") == (double)index + 1);
        last = json_number(row, "cosine");
    }
    looking_end(&l);
}

/* On the plane distances are those of the vectors, less what the other components have. */
Test(inside, the_plane_keeps_what_it_says)
{
    Looking l = begin_mlp();
    double c[270], mean[10] = {0}, whole = 0, shown = 0;
    CHECK(stored_tensor_doubles(safetensors_find(l.figures.weights, "C"), c));
    for (size_t i = 0; i < 270; i++) mean[i % 10] += c[i] / 27;
    for (size_t i = 0; i < 270; i++) whole += (c[i] - mean[i % 10]) * (c[i] - mean[i % 10]);
    json_t *plane = ask("plot embed"), *row;
    size_t index;
    json_array_foreach(json_path(plane, "rows"), index, row) shown +=
        json_number(row, "x") * json_number(row, "x") + json_number(row, "y") * json_number(row, "y");
    CHECK(fabs(shown / whole - json_number(plane, "variance.0") - json_number(plane, "variance.1")) < 1e-9);
    CHECK(json_number(plane, "variance.0") >= json_number(plane, "variance.1"));
    looking_end(&l);
}

Test(inside, weights_are_listed_and_opened)
{
    Looking l = begin_mlp();
    json_t *list = ask("weights"), *row;
    double w2[64 * 27], all = 0;
    size_t index;
    CHECK(stored_tensor_doubles(safetensors_find(l.figures.weights, "W2"), w2));
    json_array_foreach(json_path(list, "rows"), index, row) all += json_number(row, "numbers");
    CHECK(all == json_number(list, "parameters") && all == 270 + 30 * 64 + 64 + 64 * 27 + 27);
    CHECK_STR(json_string_value(json_path(list, "rows.3.shape")), "64 x 27");
    json_t *rows = json_path(ask("weights W2"), "rows");
    json_array_foreach(rows, index, row)
    {
        CHECK(json_number(row, "value") == w2[index]);
        CHECK(atoi(json_string_value(json_path(row, "row"))) == (int)(index / 27) + 1);
        const char *column = json_string_value(json_path(row, "column"));
        CHECK(index % 27 == 0 ? strcmp(column, TEXT_END) == 0 : atoi(column + 1) == (int)(index % 27));
    }
    CHECK_INT(index, 64 * 27);
    shell_must(shell, "weights W2 as=table row=60 column=20");
    CHECK(strstr(shell_out(shell), "  60  ") && strstr(shell_out(shell), "w19") &&
          !strstr(shell_out(shell), "  59  "));
    CHECK(!shell_do(shell, "weights w2") && strstr(shell_err(shell), "W2"));
    CHECK(!shell_do(shell, "weights W2 row=65") && strstr(shell_err(shell), "64 rows"));
    looking_end(&l);
}

/* --- grad --- */

static double surprise_of(const char *name, const char *words, const char *word)
{
    return -log(json_number(ask("next %s for=%s @%s", words, word, name), "rows.0.p"));
}

/* The gradient by the embedding of w5, moved along it: what -log p does, from two models. */
Test(inside, gradients_by_distance_are_finite_differences)
{
    Looking l = looking_begin(shell, "lstm", recurrent(NETWORK_LSTM));
    json_t *rows = json_path(ask("grad w3 w5 w1 w9"), "rows");
    CHECK_INT(json_array_size(rows), 4); /* <s> and the three words before w9 */
    double norm = json_number(rows, "1.norm"), e = 1e-2, squares = 0;
    CHECK_STR(json_string_value(json_path(rows, "1.token")), "w5");
    CHECK(json_number(rows, "1.distance") == 2);
    for (size_t d = 0; d < 16; d++) {
        double side[2];
        for (int up = 0; up < 2; up++) {
            const NamedModel *named = workspace_current(session_workspace(shell->session));
            Network *network = network_clone(neural_network(named->model));
            parameters_find(&network->parameters, "wte.weight")->x[5 * 16 + d] += (Real)(up ? e : -e);
            Model *moved = neural_new(vocab_share(named->model->vocab), TOKENIZER_WORDS, network, NULL, NULL);
            workspace_put_model(session_workspace(shell->session), "moved", moved, "");
            side[up] = surprise_of("moved", "w3 w5 w1", "w9");
            shell_must(shell, "use lstm");
        }
        squares += pow((side[1] - side[0]) / (2 * e), 2);
    }
    CHECK_FOR(fabs(norm / sqrt(squares) - 1) < 1e-2, "%.6g, not %.6g", norm, sqrt(squares));
    looking_end(&l);
}

Test(inside, gradients_of_every_kind_are_right)
{
    for (size_t k = 0; k < COUNT_OF(recurrents); k++) {
        Looking l = looking_begin(shell, recurrents[k].name, recurrent(recurrents[k].kind));
        CHECK(json_number(ask("grad check w3 w5 w1 w9"), "worst") < 1e-8);
        looking_end(&l);
    }
    Looking l = begin_mlp();
    json_t *check = ask("grad check w3 w5 w1 w9");
    CHECK(json_number(check, "worst") < 1e-8);
    double logp = json_number(ask("prob w3 w5 w1 w9"), "logp");
    CHECK(fabs(json_number(ask("grad check w3 w5 w1 w9"), "loss") + logp / 5) < 1e-6);
    CHECK(!shell_do(shell, "grad check") && strstr(shell_err(shell), "no text"));
    looking_end(&l);
}
