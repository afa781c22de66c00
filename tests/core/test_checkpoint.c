/* Networks in files: everything comes back to the last bit, training goes on as if it had never stopped, and
 * what PyTorch wrote gives its logits. */

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "core/neural/checkpoint.h"
#include "tests/support/engine.h"
#include "tests/support/runs.h"
#include "tests/support/oracle.h"
#include "tests/support/shell.h"

static char folder[FOLDER_SIZE];
static const char *path;

static void start(void)
{
    folder_make(folder);
    path = path_in(folder, "m.safetensors");
}

static void finish(void) { folder_remove(folder); }

TestSuite(checkpoint, .init = start, .fini = finish, .timeout = 20);

static Model *read_back(const Model *model)
{
    Error error;
    CHECK_FOR(checkpoint_write(model, path, &error), "%s", error.message);
    Model *again = checkpoint_read(path, false, &error);
    CHECK_FOR(again, "%s", error.message);
    return again;
}

/* --- the same to the last bit --- */

static bool same_bits(const void *a, const void *b, size_t bytes)
{
    return (!a && !b) || (a && b && memcmp(a, b, bytes) == 0);
}

static void check_same_architecture(const Architecture *a, const Architecture *b)
{
    CHECK(a->kind == b->kind && a->outcomes == b->outcomes && a->n == b->n && a->d == b->d && a->h == b->h);
    CHECK(a->layers == b->layers && a->heads == b->heads && a->ctx == b->ctx);
    CHECK(a->tied == b->tied && a->dropout == b->dropout);
}

static void check_same_network(const Network *a, const Network *b)
{
    check_same_architecture(&a->architecture, &b->architecture);
    CHECK_INT(a->parameters.total, b->parameters.total);
    CHECK(same_bits(a->parameters.x, b->parameters.x, a->parameters.total * sizeof(Real)));
}

static void check_same_curve(const Curve *a, const Curve *b)
{
    CHECK_INT(a->count, b->count);
    CHECK(a->count == 0 || same_bits(a->points, b->points, a->count * sizeof *a->points));
}

static void check_same_learning(const Learning *a, const Learning *b)
{
    const LearningOptions *x = &a->options, *y = &b->options;
    size_t bytes = a->optimizer.total * sizeof(Real);
    CHECK(x->lr == y->lr && x->schedule == y->schedule && x->warmup == y->warmup && x->batch == y->batch);
    CHECK(x->steps == y->steps && x->epochs == y->epochs && x->optimizer == y->optimizer);
    CHECK(x->decay == y->decay && x->clip == y->clip && x->seed == y->seed && x->valid == y->valid);
    CHECK(x->until == y->until && x->threads == y->threads);
    CHECK(a->optimizer.kind == b->optimizer.kind && a->optimizer.decay == b->optimizer.decay);
    CHECK(a->optimizer.steps == b->optimizer.steps && a->optimizer.total == b->optimizer.total);
    CHECK(same_bits(a->optimizer.first, b->optimizer.first, bytes));
    CHECK(same_bits(a->optimizer.second, b->optimizer.second, bytes));
    CHECK(a->dice.state == b->dice.state && a->step == b->step && a->goal == b->goal);
    CHECK(a->shuffled == b->shuffled && a->position == b->position && a->epoch == b->epoch);
    CHECK(a->pending == b->pending && a->pending_steps == b->pending_steps && a->tokens == b->tokens);
    CHECK(same_bits(&a->best_valid, &b->best_valid, sizeof a->best_valid) && a->best_step == b->best_step);
    CHECK(a->diverged == b->diverged);
    check_same_curve(&a->curve, &b->curve);
}

static void check_same_answers(const Model *a, const Model *b)
{
    Random random = random_seeded(2);
    size_t outcomes = model_outcomes(a);
    State *one = state_begin(a), *other = state_begin(b);
    for (int i = 0; i < 12; i++) {
        for (size_t w = 0; w < outcomes; w++)
            CHECK_EACH(state_probability(one, (TokenId)w) == state_probability(other, (TokenId)w), "p of %zu",
                       w);
        TokenId next = (TokenId)(random_next(&random) % (outcomes + 1)) - 1; /* TOKEN_NONE too */
        state_feed(one, next);
        state_feed(other, next);
    }
    state_free(one);
    state_free(other);
}

static void check_same_model(const Model *a, const Model *b)
{
    Arena arena = {0};
    CHECK_STR(model_describe(a, &arena), model_describe(b, &arena));
    CHECK(a->kind == b->kind && a->tokenizer == b->tokenizer && a->context == b->context);
    CHECK_INT(model_outcomes(a), model_outcomes(b));
    for (size_t w = 0; w < model_outcomes(a); w++)
        CHECK_STR(vocab_text(a->vocab, (TokenId)w), vocab_text(b->vocab, (TokenId)w));
    check_same_network(neural_network(a), neural_network(b));
    check_same_learning(neural_learning(a), neural_learning(b));
    check_same_answers(a, b);
    arena_release(&arena);
}

Test(checkpoint, every_kind_comes_back_bit_for_bit)
{
    for (int kind = 0; kind < NETWORK_KINDS; kind++) {
        Model *model = run_model((NetworkKind)kind, 13), *again = read_back(model);
        CHECK(!neural_corpus(again) && neural_learning(again)->step == 13);
        CHECK(again->seconds == model->seconds && again->seconds > 0);
        check_same_model(model, again);
        model_free(again);
        model_free(model);
    }
}

Test(checkpoint, characters_come_back_too)
{
    Corpus *corpus = corpus_stream("né \"a\\b\"\t→\nend", TOKENIZER_CHARS);
    Job *job = run_new(corpus, run_shapes[NETWORK_MLP], run_options(NETWORK_MLP));
    run_steps(job, 2);
    Model *model = run_end(job), *again = read_back(model);
    check_same_model(model, again);
    CHECK(again->tokenizer == TOKENIZER_CHARS);
    model_free(again);
    model_free(model);
    corpus_free(corpus);
}

/* Stopped after any number of steps, written, read, and taken up again: as if it had never stopped. */
static void check_resumed(NetworkKind kind, int stop)
{
    Error error;
    Corpus *corpus = corpus_random(3, 30);
    Job *whole = run_new(corpus, run_shapes[kind], run_options(kind)),
        *first = run_new(corpus, run_shapes[kind], run_options(kind));
    run_steps(first, stop);
    Model *stopped = run_end(first), *again = read_back(stopped);
    Job *second = neural_training_continue(again, 0, corpus, NULL, &error);
    CHECK_FOR(second, "%s", error.message);
    CHECK(job_run(whole, &error) && job_run(second, &error));
    Model *wanted = run_end(whole), *resumed = run_end(second);
    CHECK_INT(neural_learning(resumed)->step, 20);
    check_same_model(wanted, resumed);
    model_free(wanted);
    model_free(resumed);
    model_free(again);
    model_free(stopped);
    corpus_free(corpus);
}

Test(checkpoint, a_resumed_run_equals_the_uninterrupted_one)
{
    for (int kind = 0; kind < NETWORK_KINDS; kind++)
        for (int stop = 1; stop < 20; stop += 6) check_resumed(kind, stop);
}

/* --- files from elsewhere --- */

/* A copy of a file with other metadata and other names: what `rename` makes of each; NULL leaves it out. */
static void rewrite(const char *from, const char *vocab, const char *heads, const char *prefix)
{
    Error error;
    char name[128];
    Safetensors *file = safetensors_read(from, &error);
    CHECK_FOR(file, "%s", error.message);
    SafetensorsWriter *writer = safetensors_writer_new();
    if (vocab) safetensors_put_metadata(writer, "vocab", vocab);
    if (heads) safetensors_put_metadata(writer, "n_head", heads);
    for (size_t i = 0; i < safetensors_count(file); i++) {
        const StoredTensor *t = safetensors_at(file, i);
        bool ours = strncmp(t->name, "optimizer.", 10) == 0 || strncmp(t->name, "learning.", 9) == 0;
        bool head = strcmp(t->name, "lm_head.weight") == 0;
        snprintf(name, sizeof name, "%s%s", head ? "" : prefix, t->name);
        if (!ours) safetensors_put(writer, name, t->dtype, t->dims, t->shape, t->bytes);
    }
    CHECK_FOR(safetensors_write(writer, path, &error), "%s", error.message);
    safetensors_free(file);
}

/* ["<t0>", "<t1>", ...], the last one </s>; the caller frees it. */
static char *made_up_vocab(int size)
{
    json_t *list = json_array();
    for (int i = 0; i < size - 1; i++) json_array_append_new(list, json_sprintf("<t%d>", i));
    json_array_append_new(list, json_string(TEXT_END));
    char *text = json_dumps(list, 0);
    json_decref(list);
    return text;
}

static Model *read_foreign(void)
{
    Error error;
    Model *model = checkpoint_read(path, false, &error);
    CHECK_FOR(model, "%s", error.message);
    CHECK(!neural_learning(model));
    return model;
}

/* Logits of the inputs of an oracle, which are one sequence after another. */
static Difference logits_difference(const Model *model, const char *name, size_t sequences)
{
    Figures figures = figures_open(name);
    const Network *network = neural_network(model);
    size_t count, v = model_outcomes(model);
    TokenId *ids = figures_ids(&figures, &count, "inputs"), *turned = calloc(count, sizeof *turned);
    size_t steps = count / sequences, rows = network_windowed(network) ? sequences : count;
    bool slow = network_recurrent(network);
    for (size_t b = 0; b < sequences; b++)
        for (size_t t = 0; t < steps; t++)
            turned[slow ? t * sequences + b : b * steps + t] = ids[b * steps + t];
    Batch batch = {.sequences = sequences, .steps = steps, .rows = rows, .ids = turned};
    Tape *tape = tape_new(false);
    tape_begin(tape, PASS_PREDICT);
    Tensor *logits = network_forward(network, tape, &batch, NULL);
    Real *x = calloc(rows * v, sizeof *x);
    for (size_t r = 0; r < rows; r++) {
        size_t from = slow ? (r % steps) * sequences + r / steps : r;
        memcpy(x + r * v, logits->x + from * v, v * sizeof *x);
    }
    Difference found = figures_difference(&figures, x, rows * v, "logits64");
    free(x);
    free(ids);
    free(turned);
    tape_free(tape);
    figures_close(&figures);
    return found;
}

Test(checkpoint, weights_that_pytorch_wrote_give_its_logits)
{
    static const struct {
        const char *name;
        NetworkKind kind;
        size_t sequences;
    } rows[] = {{"bigram", NETWORK_SOFTMAX, 64},
                {"mlp", NETWORK_MLP, 32},
                {"rnn", NETWORK_RNN, 4},
                {"gru", NETWORK_GRU, 4},
                {"lstm", NETWORK_LSTM, 4}};
    char *vocab = made_up_vocab(27), file[64];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        snprintf(file, sizeof file, "tests/data/neural/%s.safetensors", rows[i].name);
        rewrite(file, vocab, NULL, "");
        Model *model = read_foreign();
        CHECK(neural_network(model)->architecture.kind == rows[i].kind);
        CHECK(model->tokenizer == TOKENIZER_WORDS && model_ends(model));
        Difference d = logits_difference(model, rows[i].name, rows[i].sequences);
        CHECK_FOR(d.absolute < 1e-5, "%s: %g", rows[i].name, d.absolute);
        model_free(model);
    }
    free(vocab);
}

Test(checkpoint, what_a_file_from_elsewhere_lacks_is_said)
{
    Error error;
    rewrite("tests/data/neural/lstm.safetensors", "[\"a\",\"</s>\"]", NULL, "");
    CHECK(!checkpoint_read(path, false, &error) && strstr(error.message, "has 2 tokens, its network 27"));
    Model *model = run_model(NETWORK_TRANSFORMER, 1);
    CHECK(checkpoint_write(model, path_in(folder, "t.safetensors"), &error));
    rewrite(path_in(folder, "t.safetensors"), "[\"a\"]", NULL, "");
    CHECK(!checkpoint_read(path, false, &error) && strstr(error.message, "no n_head"));
    CHECK(strstr(error.hint, "\"n_head\" into the metadata"));
    model_free(model);
}

static void check_gpt(const char *name, const char *prefix, bool tied)
{
    char *vocab = made_up_vocab(65), file[128];
    snprintf(file, sizeof file, "../shared/oracle/neural/%s.safetensors", name);
    need_file(file);
    rewrite(file, vocab, "4", prefix);
    Model *model = read_foreign();
    const Architecture *a = &neural_network(model)->architecture;
    CHECK(a->kind == NETWORK_TRANSFORMER && a->tied == tied && a->heads == 4 && a->layers == 2 &&
          a->ctx == 16);
    Difference d = logits_difference(model, name, 3);
    CHECK_FOR(d.absolute < 1e-5, "%s: %g", name, d.absolute);
    model_free(model);
    free(vocab);
}

Test(checkpoint, gpt2_files_with_and_without_prefix_and_head)
{
    check_gpt("gpt_untied", "", false);
    check_gpt("gpt_untied", "transformer.", false);
    check_gpt("gpt_tied", "", true);
    check_gpt("gpt_tied", "transformer.", true);
}

/* A real one of two layers, without </s>: the figure is PyTorch's for the same text. */
Test(checkpoint, a_real_network_of_characters)
{
    Error error;
    need_file(SHARED_DATA "charlstm/shakespeare.safetensors");
    need_file(SHARED_DATA "tinyshakespeare.txt");
    Model *model = checkpoint_read(SHARED_DATA "charlstm/shakespeare.safetensors", false, &error);
    CHECK_FOR(model, "%s", error.message);
    CHECK(model->tokenizer == TOKENIZER_CHARS && !model_ends(model) && model_outcomes(model) == 65);
    enum { LENGTH = 20000 };
    char *text = file_text(SHARED_DATA "tinyshakespeare.txt");
    TokenId *ids = calloc(LENGTH, sizeof *ids);
    double *logp = calloc(LENGTH, sizeof *logp), sum = 0;
    for (size_t i = 0; i < LENGTH; i++) ids[i] = vocab_find(model->vocab, text + i, 1);
    model_score_all(model, ids, LENGTH, false, logp);
    for (size_t i = 1; i < LENGTH; i++) sum -= logp[i];
    CHECK_NEAR(sum / (LENGTH - 1), 1.3203164339065552, 1e-3);
    free(text);
    free(ids);
    free(logp);
    model_free(model);
}
