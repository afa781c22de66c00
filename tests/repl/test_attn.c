/* `attn` and `lens` show PyTorch's numbers, and what they show multiplies out. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/looking.h"

SHELL_SUITE(attn, "json")

static const Architecture gpt = {
    .kind = NETWORK_TRANSFORMER, .outcomes = 65, .d = 32, .layers = 2, .heads = 4, .ctx = 16};

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

/* Every weight of every head, and no weight on what comes later. */
Test(attn, weights_are_those_of_pytorch)
{
    Looking l = looking_begin(shell, "gpt_untied", gpt);
    for (size_t layer = 0; layer < 2; layer++) {
        double *wanted = figures_doubles(&l.figures, NULL, "act64.h.%zu.attn_probs", layer);
        json_t *row, *rows = json_path(ask("attn %s layer=%zu head=all", l.words, layer + 1), "rows");
        size_t index;
        CHECK_INT(json_array_size(rows), 4 * l.steps * (l.steps + 1) / 2);
        json_array_foreach(rows, index, row)
        {
            size_t head = (size_t)json_number(row, "head") - 1, to = (size_t)json_number(row, "position"),
                   from = (size_t)json_number(row, "key_position");
            double w = wanted[((l.sequence * 4 + head) * 16 + to) * 16 + from];
            CHECK_FOR(fabs(json_number(row, "weight") - w) < 1e-6, "layer %zu head %zu, %zu looks at %zu",
                      layer + 1, head + 1, to, from);
            CHECK(json_number(row, "layer") == (double)layer + 1);
        }
        free(wanted);
    }
    looking_end(&l);
}

/* q.k from PyTorch's qkv; scaled, exp and the sum from what stands beside them. */
Test(attn, one_row_opened_up_multiplies_out)
{
    Looking l = looking_begin(shell, "gpt_untied", gpt);
    double *qkv = figures_doubles(&l.figures, NULL, "act64.h.1.qkv"), sum = 0;
    size_t to = 5, head = 2, index;
    json_t *row, *rows = json_path(ask("attn %s layer=2 head=3 from=5 show=steps", l.words), "rows");
    CHECK_INT(json_array_size(rows), 7); /* <s>, five words, the sum */
    json_array_foreach(rows, index, row) if (index < 6) sum += json_number(row, "exp");
    json_array_foreach(rows, index, row)
    {
        double dot = 0;
        if (index == 6) break;
        for (size_t i = 0; i < 8; i++)
            dot += looking_number(qkv, &l, to, 96, head * 8 + i) *
                   looking_number(qkv, &l, index, 96, 32 + head * 8 + i);
        CHECK(fabs(json_number(row, "qk") - dot) < 1e-5);
        CHECK(fabs(json_number(row, "scaled") - json_number(row, "qk") / sqrt(8)) < 1e-12);
        CHECK(fabs(json_number(row, "exp") - exp(json_number(row, "scaled"))) < 1e-9);
        CHECK(fabs(json_number(row, "weight") - json_number(row, "exp") / sum) < 1e-6);
        CHECK(json_number(row, "key_position") == (double)index);
    }
    CHECK(fabs(json_number(json_array_get(rows, 6), "weight") - 1) < 1e-6);
    CHECK(fabs(json_number(json_array_get(rows, 6), "exp") - sum) < 1e-12);
    free(qkv);
    looking_end(&l);
}

Test(attn, why_is_the_largest_weight_of_the_row)
{
    Looking l = looking_begin(shell, "gpt_untied", gpt);
    double largest = 0;
    size_t index;
    json_t *row, *rows = json_path(ask("attn %s from=7 head=2", l.words), "rows");
    json_array_foreach(rows, index, row) if (index < 8) largest = fmax(largest, json_number(row, "weight"));
    json_t *why = shell_json(shell, "why");
    double value = json_number(why, "why.value"), e = json_number(why, "why.reasons.1.value"),
           sum = json_number(why, "why.reasons.2.value");
    CHECK(value == largest && fabs(value - e / sum) < 1e-6);
    CHECK(fabs(e - exp(json_number(why, "why.reasons.0.value"))) < 1e-9);
    looking_end(&l);
}

/* After the last layer the lens sees what the model predicts, to the last bit; below it, what PyTorch's
 * streams give through the last norm and the head. */
static void check_layer(const Looking *l, json_t *rows, size_t layer, TokenId token)
{
    double *stream = figures_doubles(&l->figures, NULL, "act64.h.%zu.resid", layer - 1),
           *head = calloc(65 * 32, sizeof *head), mean = 0, variance = 0, logits[65], sum = 0;
    CHECK(stored_tensor_doubles(safetensors_find(l->figures.weights, "lm_head.weight"), head));
    double w[32], b[32], x[32];
    CHECK(stored_tensor_doubles(safetensors_find(l->figures.weights, "ln_f.weight"), w));
    CHECK(stored_tensor_doubles(safetensors_find(l->figures.weights, "ln_f.bias"), b));
    size_t at = l->steps - 1;
    for (size_t i = 0; i < 32; i++) x[i] = looking_number(stream, l, at, 32, i);
    for (size_t i = 0; i < 32; i++) mean += x[i] / 32;
    for (size_t i = 0; i < 32; i++) variance += (x[i] - mean) * (x[i] - mean) / 32;
    for (size_t v = 0; v < 65; v++) {
        logits[v] = 0;
        for (size_t i = 0; i < 32; i++)
            logits[v] += ((x[i] - mean) / sqrt(variance + 1e-5) * w[i] + b[i]) * head[v * 32 + i];
        sum += exp(logits[v]);
    }
    json_t *row = json_array_get(rows, layer * l->steps + at);
    CHECK(json_number(row, "layer") == (double)layer && json_number(row, "position") == (double)at);
    CHECK(fabs(json_number(row, "p") - exp(logits[token]) / sum) < 1e-6);
    double rank = 1;
    for (size_t v = 0; v < 65; v++) rank += logits[v] > logits[token];
    CHECK(json_number(row, "rank") == rank);
    free(stream);
    free(head);
}

Test(attn, lens_is_the_head_on_the_stream)
{
    Looking l = looking_begin(shell, "gpt_untied", gpt);
    json_t *rows = json_incref(json_path(ask("lens %s watch=w7", l.words), "rows"));
    CHECK_INT(json_array_size(rows), 3 * l.steps);
    check_layer(&l, rows, 1, 7);
    check_layer(&l, rows, 2, 7);
    double p = json_number(ask("next %s for=w7", l.words), "rows.0.p");
    CHECK(json_number(json_array_get(rows, 3 * l.steps - 1), "p") == p);
    json_decref(rows);
    looking_end(&l);
}

Test(attn, mistakes_have_a_way_out)
{
    static const struct {
        const char *line, *message, *hint;
    } rows[] = {
        {"attn the @bigram", "bigram counts n-grams", "try counts"},
        {"lens the @toy", "toy is a table", "try next"},
        {"state w1", "rnn, gru and lstm", "attn, lens"},
        {"attn w1 layer=3", "has 2 layers", "layer="},
        {"attn w1 head=5", "has 4 heads", "head="},
        {"attn w1 w2 from=3", "read the words 1 to 2", "from="},
        {"lens w1 watch=mouse", "'mouse' is not in the vocabulary", "vocab"},
        {"attn w1 from=1 as=svg", "no picture", "whole matrix"},
    };
    Looking l = looking_begin(shell, "gpt_untied", gpt);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        CHECK_FOR(!shell_do(shell, rows[i].line), "%s runs", rows[i].line);
        CHECK_FOR(strstr(shell_err(shell), rows[i].message) && strstr(shell_err(shell), rows[i].hint),
                  "%s: %s", rows[i].line, shell_err(shell));
    }
    looking_end(&l);
}

/* Nothing is wider than 80 columns, in either form of marks; a drawing has a square a weight. */
Test(attn, pictures_fit)
{
    static const char *const forms[] = {"", "ascii=on", "head=all", "show=grid ascii=on", "as=list"};
    Looking l = looking_begin(shell, "gpt_untied", gpt);
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        char line[512];
        snprintf(line, sizeof line, "attn %s as=table %s", l.words, forms[i]);
        if (strstr(forms[i], "as=")) snprintf(line, sizeof line, "attn %s %s", l.words, forms[i]);
        shell_must(shell, line);
        for (const char *at = shell_out(shell); *at && i < 4; at += strcspn(at, "\n") + 1) {
            size_t columns = 0;
            for (const char *c = at; *c && *c != '\n'; c++) columns += (*c & 0xC0) != 0x80;
            CHECK_FOR(columns <= 80, "%s: %.*s", line, (int)strcspn(at, "\n"), at);
        }
    }
    size_t squares = 0;
    char line[512];
    snprintf(line, sizeof line, "attn %s as=svg", l.words);
    shell_must(shell, line);
    for (const char *at = shell_out(shell); (at = strstr(at, "fill-opacity")); at++) squares++;
    CHECK_INT(squares, l.steps * (l.steps + 1) / 2);
    looking_end(&l);
}

/* Long texts have marks relative to their row, as far as there is room; machines get every weight. */
Test(attn, long_texts_fit_too)
{
    char text[512] = "", line[700];
    for (size_t i = 0; i < 70; i++) strcat(text, i % 3 ? " the" : " mouse");
    file_put(path_in(folder, "text"), text);
    snprintf(line, sizeof line,
             "corpus \"%s\" lines=off; train transformer layers=1 heads=1 d=4 ctx=71 steps=1 valid=0",
             path_in(folder, "text"));
    shell_must(shell, line);
    snprintf(line, sizeof line, "attn%s", text);
    CHECK_INT(json_array_size(json_path(shell_json(shell, line), "rows")), 71 * 72 / 2);
    snprintf(line, sizeof line, "attn%s as=table", text);
    shell_must(shell, line);
    CHECK(strstr(shell_err(shell), "60 of 71") && strstr(shell_err(shell), "largest weight of its row"));
    CHECK_INT(lines_in(shell_out(shell)), 62); /* two headings */
    CHECK(strstr(shell_out(shell), "  70 mouse") && !strstr(shell_out(shell), "  10 mouse"));
}

/* A token that is a line break breaks no line. */
Test(attn, blank_tokens_are_visible)
{
    file_put(path_in(folder, "text"), "a b\nb a\n\nab\n");
    char line[256];
    snprintf(line, sizeof line,
             "corpus \"%s\" tokens=chars lines=off; train transformer layers=1 heads=1 d=4 ctx=8 steps=40",
             path_in(folder, "text"));
    shell_must(shell, line);
    static const char *const views[] = {"lens \"a b\" as=table", "attn \"a b\" as=table",
                                        "lens \"a b\" watch=a as=table"};
    static const size_t lines[] = {5, 6, 5};
    for (size_t i = 0; i < COUNT_OF(views); i++) {
        shell_must(shell, views[i]);
        CHECK_FOR(lines_in(shell_out(shell)) == lines[i] && strstr(shell_out(shell), "' '"), "%s: %s",
                  views[i], shell_out(shell));
    }
}
