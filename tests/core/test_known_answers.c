/* The table of known answers: each row is computed through the public functions and compared with its exact
 * value.
 *
 * Columns: id, corpus, setting, quantity, exact, value, tolerance, source. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/enumeration.h"
#include "core/model/sampling.h"
#include "core/text/labelled.h"
#include "lessons/embedded.h"
#include "tests/support/models.h"
#include "tests/support/networks.h"
#include "tests/support/oracle.h"

TestSuite(known_answers, .timeout = 20);

typedef struct {
    char *id, *exact, *value;
    double tolerance;
} Row;

/* What the ids of the rows computed below begin with. */
static const char *const covered[] = {"fx.",    "mouse.", "sam.", "jobs.",   "poison.",
                                      "facts.", "filter", "rng.", "xorshift"};

/* A to D4 of the rows */
static const struct {
    const char *id, *text;
} sentences[] = {
    {"A", "the mouse ate the cheese"}, {"B", "the cheese ate the mouse"},   {"C", "mouse the the cheese ate"},
    {"D4", "mouse the cheese ate"},    {"best", "the mouse ate the mouse"},
};

static const char *sentence_named(const char *id)
{
    for (size_t i = 0; i < COUNT_OF(sentences); i++)
        if (strcmp(sentences[i].id, id) == 0) return sentences[i].text;
    CHECK_FOR(false, "no sentence %s", id);
    return NULL;
}

/* The exact value is a fraction, a whole number, or not given as a number. */
static double wanted_of(const Row *row)
{
    char *end;
    double up = strtod(row->exact, &end);
    if (end > row->exact && *end == '/') return up / strtod(end + 1, NULL);
    if (end > row->exact && *end == '\0') return up;
    return strtod(row->value, NULL);
}

static void check_number(const Row *row, double got)
{
    double wanted = wanted_of(row), scale = fmin(1, fabs(wanted));
    CHECK_FOR(got == wanted || fabs(got - wanted) <= row->tolerance * scale, "%s: %.15g, not %.15g", row->id,
              got, wanted);
}

/* --- fx: the toy table --- */

static bool fixed_row(const Row *row)
{
    TokenId ids[IDS_MAX];
    Error error;
    Model *toy = toy_model();
    char name[8] = "A";
    bool score = sscanf(row->id, "fx.P.%7s", name) == 1,
         place = !score && sscanf(row->id, "fx.rank.%7s", name) == 1;
    size_t count = ids_of(toy, sentence_named(name), ids);
    EnumerationOptions options = {.length = count, .top = 1, .temperature = 1, .target = ids};
    Job *job = enumeration_new(toy, &options);
    CHECK(job_run(job, &error));
    const Enumeration *all = enumeration_result(job);
    if (score) check_number(row, text_probability(toy, sentence_named(name)));
    if (score) check_number(row, all->target_plain);
    if (place) check_number(row, (double)all->board.better + 1);
    bool mass = strcmp(row->id, "fx.sum5") == 0, entropy = strcmp(row->id, "fx.H5") == 0;
    if (mass) check_number(row, all->board.mass);
    if (entropy) check_number(row, all->entropy_bits);
    job_free(job);
    model_free(toy);
    return score || place || mass || entropy;
}

/* --- mouse --- */

static double perplexity(const Model *model, const char *text)
{
    Corpus *corpus = corpus_from(text, TOKENIZER_WORDS);
    Evaluation result = evaluate(model, corpus, true);
    corpus_free(corpus);
    return exp(-result.logp / (double)result.tokens);
}

static double cross_entropy(const Model *model, const Corpus *corpus, bool a_sentence)
{
    Evaluation result = evaluate(model, corpus, true);
    return -result.logp / log(2) / (double)(a_sentence ? result.sentences : result.tokens);
}

/* p that a sample is, word for word, one of the sentences counted. */
static double memorised(const Model *model, const Corpus *corpus)
{
    double mass = 0;
    Vocab *lines = vocab_new(); /* each once */
    for (size_t s = 0; s < corpus_sentences(corpus); s++) {
        char *line = corpus_line(corpus, s);
        size_t before = vocab_size(lines);
        vocab_add(lines, line, strlen(line));
        if (vocab_size(lines) > before) mass += text_probability(model, line);
        free(line);
    }
    vocab_free(lines);
    return mass;
}

/* Sum of L x P(length = L), each from one more step of the chain of words. */
static double expected_length(const Model *model)
{
    double reach[16], expected = 0;
    State *state = state_begin(model);
    size_t V = model_outcomes(model), end = (size_t)vocab_end(model->vocab);
    state_predict(state, reach);
    state_free(state);
    for (int length = 1; length < 2000; length++) {
        double row[16], next[16] = {0};
        for (size_t from = 0; from < V; from++) {
            if (from == end) continue;
            State *after = state_after(model, vocab_text(model->vocab, (TokenId)from));
            state_predict(after, row);
            for (size_t to = 0; to < V; to++) next[to] += reach[from] * row[to];
            state_free(after);
        }
        expected += length * next[end];
        memcpy(reach, next, sizeof reach);
    }
    return expected;
}

/* "a | b": the six samples of seed 1337. */
static void check_samples(const Row *row, const Model *model)
{
    Error error;
    char got[256] = "";
    SamplingOptions options = {
        .decoding = {.temperature = 1, .top_p = 1}, .seed = 1337, .draws = 6, .max = 50, .keep = 6};
    Job *job = sampling_new(model, &options);
    CHECK(job_run(job, &error));
    for (size_t i = 0; i < 6; i++) {
        const Sample *sample = sampling_sample(job, i);
        char *text = tokenizer_join(model->tokenizer, model->vocab, sample->ids, sample->count);
        strcat(strcat(got, i ? " | " : ""), text);
        free(text);
    }
    CHECK_FOR(strcmp(got, row->value) == 0, "%s: %s", row->id, got);
    job_free(job);
}

/* "the.ate" or "ate_the.ate": contexts and a token */
static double next_of(const Model *model, const char *text)
{
    char given[64] = "";
    size_t length = strcspn(text, ".");
    memcpy(given, text, length);
    for (char *c = given; *c; c++) *c = *c == '_' ? ' ' : *c;
    return next_probability(model, given, text + length + 1);
}

static bool bigram_row(const Row *row, const Model *model, const Corpus *corpus)
{
    const char *rest = strrchr(row->id, '.') + 1;
    if (strcmp(rest, "H") == 0)
        check_number(row, cross_entropy(model, corpus, false));
    else if (strcmp(rest, "Hsent") == 0)
        check_number(row, cross_entropy(model, corpus, true));
    else if (strcmp(rest, "len") == 0)
        check_number(row, expected_length(model));
    else if (strcmp(rest, "samples") == 0)
        check_samples(row, model);
    else
        return false;
    return true;
}

/* mouse.nN.kK.P.X, mouse.nN.kK.trainppl, mouse.nN.next.CONTEXT.TOKEN, mouse.nN.memmass and the bigram's own
 */
static bool mouse_row(const Row *row, const Corpus *corpus)
{
    int order = 2, k = 0, at = 0;
    char name[8];
    if (sscanf(row->id, "mouse.n%d.k%d.%n", &order, &k, &at) < 2)
        sscanf(row->id, "mouse.n%d.%n", &order, &at);
    const char *rest = row->id + at;
    Model *model = train_on(corpus, k > 0 ? added(order, k) : counted(order));
    bool done = true;
    if (sscanf(rest, "P.%7s", name) == 1)
        check_number(row, text_probability(model, sentence_named(name)));
    else if (strcmp(rest, "trainppl") == 0)
        check_number(row, exp2(cross_entropy(model, corpus, false)));
    else if (strcmp(rest, "memmass") == 0)
        check_number(row, memorised(model, corpus));
    else if (strncmp(rest, "next.", 5) == 0)
        check_number(row, next_of(model, rest + 5));
    else
        done = bigram_row(row, model, corpus);
    model_free(model);
    return done;
}

/* mouse.gd.N: N steps of the softmax bigram. Its weights are floats, good for seven digits. */
static bool descent_row(const Row *row, Corpus *corpus)
{
    Model *model = train_network(corpus, NETWORK_SOFTMAX, strtoul(row->id + strlen("mouse.gd."), NULL, 10));
    check_number(&(Row){row->id, row->exact, row->value, 1e-7}, neural_loss(model, corpus, 0));
    model_free(model);
    return true;
}

/* poison.kN: the mouse corpus with N more lies */
static bool poison_row(const Row *row)
{
    Error error;
    int lies;
    if (sscanf(row->id, "poison.k%d", &lies) != 1) return false;
    Corpus *corpus = corpus_built_in("mouse", TOKENIZER_WORDS);
    while (lies-- > 0) CHECK(corpus_add(corpus, "the mouse ate the ball", 22, &error));
    Model *model = train_on(corpus, counted(3));
    check_number(row, next_probability(model, "ate the", "ball"));
    model_free(model);
    corpus_free(corpus);
    return true;
}

/* --- sam, jobs, facts --- */

/* sam.TOKEN|CONTEXT and four more */
static bool sam_row(const Row *row)
{
    Model *model = train_built_in("sam", strcmp(row->id, "sam.add1") == 0 ? added(2, 1) : counted(2));
    const char *rest = row->id + strlen("sam."), *bar = strchr(rest, '|');
    bool done = true;
    if (bar) {
        char *token = strndup(rest, (size_t)(bar - rest));
        check_number(row, next_probability(model, strcmp(bar + 1, TEXT_BEGIN) ? bar + 1 : "", token));
        free(token);
    } else if (strcmp(rest, "P") == 0)
        check_number(row, text_probability(model, "I am Sam"));
    else if (strcmp(rest, "ppl") == 0)
        check_number(row, perplexity(model, "I am Sam\n"));
    else if (strcmp(rest, "add1") == 0)
        check_number(row, next_probability(model, "am", "Sam"));
    else
        done = false;
    model_free(model);
    return done;
}

/* Counterfactual data augmentation: every sentence once more with he and she exchanged. */
static double augmented_perplexity(void)
{
    Error error;
    Corpus *original = corpus_built_in("jobs", TOKENIZER_WORDS), *augmented = corpus_clone(original);
    for (size_t s = 0; s < corpus_sentences(original); s++) {
        char swapped[128] = "", *line = corpus_line(original, s), *rest = line;
        for (char *word; (word = strsep(&rest, " "));) {
            if (*swapped) strcat(swapped, " ");
            strcat(swapped, strcmp(word, "he") == 0 ? "she" : strcmp(word, "she") == 0 ? "he" : word);
        }
        CHECK(corpus_add(augmented, swapped, strlen(swapped), &error));
        free(line);
    }
    Model *model = train_on(augmented, counted(3));
    double result = exp2(cross_entropy(model, original, false));
    model_free(model);
    corpus_free(original);
    corpus_free(augmented);
    return result;
}

static bool jobs_row(const Row *row)
{
    char given[32], job[16];
    if (strcmp(row->id, "jobs.cda.ppl") == 0) return check_number(row, augmented_perplexity()), true;
    bool trigram = sscanf(row->id, "jobs.n3.he.%15s", job) == 1;
    if (!trigram && strcmp(row->id, "jobs.n2.he") != 0) return false;
    snprintf(given, sizeof given, "the %s said", trigram ? job : "nurse");
    Model *model = train_built_in("jobs", counted(trigram ? 3 : 2));
    check_number(row, next_probability(model, given, "he"));
    model_free(model);
    return true;
}

/* P("the X ate Y" and no line of the corpus says so), over all X and Y */
static double hallucinated(const Model *model, const Corpus *corpus)
{
    double mass = 0;
    size_t words = vocab_words(model->vocab);
    for (size_t i = 0; i < words * words; i++) {
        char text[64];
        bool known = false;
        snprintf(text, sizeof text, "the %s ate %s", vocab_text(model->vocab, (TokenId)(i / words)),
                 vocab_text(model->vocab, (TokenId)(i % words)));
        for (size_t s = 0; !known && s < corpus_sentences(corpus); s++) {
            char *line = corpus_line(corpus, s);
            known = strcmp(line, text) == 0;
            free(line);
        }
        if (!known) mass += text_probability(model, text);
    }
    return mass;
}

/* Good and Turing's guess at what was not seen yet: facts told once, of all. A whole sentence is a 6-gram. */
static double unseen_facts(const Corpus *corpus)
{
    NgramOptions options = usual(SMOOTH_KATZ, 6);
    Model *model = train_on(corpus, options);
    double once = (double)ngram_estimate(model)->discounts[6].counts[1];
    model_free(model);
    return once / (double)corpus_sentences(corpus);
}

static bool facts_row(const Row *row)
{
    static const char prefix[] = "facts.n2.";
    bool halluc = strcmp(row->id, "facts.halluc") == 0, score = strncmp(row->id, prefix, strlen(prefix)) == 0,
         unseen = strcmp(row->id, "facts.gt") == 0;
    Corpus *corpus = corpus_built_in("facts", TOKENIZER_WORDS);
    Model *model = train_on(corpus, counted(2));
    if (halluc) check_number(row, hallucinated(model, corpus));
    if (unseen) check_number(row, unseen_facts(corpus));
    if (score) check_number(row, text_probability(model, row->id + strlen(prefix)));
    model_free(model);
    corpus_free(corpus);
    return halluc || score || unseen;
}

/* --- the generator --- */

static bool random_row(const Row *row)
{
    Random random = row->id[0] == 'x' ? (Random){.state = 1337} : random_seeded(1337);
    char *text = row->value;
    for (int i = 0; i < 3; i++) {
        uint64_t wanted = strtoull(text, &text, 10), got = random_next(&random) >> 32;
        CHECK_FOR(got == wanted, "%s, draw %d: %lu, not %lu", row->id, i, (unsigned long)got,
                  (unsigned long)wanted);
    }
    return true;
}

/* --- all of them --- */

static bool begins(const char *text, const char *with) { return strncmp(text, with, strlen(with)) == 0; }

/* TP FP FN TN */
static bool filter_row(const Row *row)
{
    static const char *const blocked[] = {"rotten", "stupid"};
    const char *text = embedded_text("corpora/filter.tsv"), *word;
    Arena arena = {0};
    Error error;
    LabelledText lines;
    Confusion got = {0};
    char figures[64];
    CHECK_FOR(labelled_read(text, strlen(text), &arena, &lines, &error), "%s", error.message);
    for (size_t i = 0; i < lines.count; i++)
        confusion_add(&got, lines.lines[i].label,
                      labelled_blocks(blocked, COUNT_OF(blocked), lines.lines[i].text, &word));
    snprintf(figures, sizeof figures, "%zu %zu %zu %zu", got.tp, got.fp, got.fn, got.tn);
    CHECK_FOR(strcmp(row->exact, figures) == 0 || strcmp(row->value, figures) == 0, "%s: %s", row->id,
              figures);
    arena_release(&arena);
    return true;
}

static bool is_ours(const Row *row)
{
    for (size_t i = 0; i < COUNT_OF(covered); i++)
        if (begins(row->id, covered[i])) return true;
    return false;
}

static bool check_row(const Row *row, Corpus *mouse)
{
    if (begins(row->id, "mouse.gd.")) return descent_row(row, mouse);
    switch (row->id[0]) {
    case 'm': return mouse_row(row, mouse);
    case 's': return sam_row(row);
    case 'j': return jobs_row(row);
    case 'p': return poison_row(row);
    case 'f':
        return begins(row->id, "fx.")      ? fixed_row(row)
               : begins(row->id, "filter") ? filter_row(row)
                                           : facts_row(row);
    default: return random_row(row);
    }
}

static bool read_row(char **text, Row *row)
{
    char *cells[8], *line = strsep(text, "\n");
    for (size_t i = 0; i < 8; i++) {
        cells[i] = strsep(&line, "\t");
        if (!cells[i]) return false;
    }
    *row = (Row){cells[0], cells[4], cells[5], strtod(cells[6], NULL)};
    return true;
}

Test(known_answers, every_row_that_can_be_computed_is_right)
{
    char *text = file_text("tests/data/known_answers.tsv"), *rest = text;
    Corpus *mouse = corpus_built_in("mouse", TOKENIZER_WORDS);
    size_t right = 0;
    Row row;
    for (strsep(&rest, "\n"); read_row(&rest, &row);) {
        if (!is_ours(&row)) continue;
        CHECK_FOR(check_row(&row, mouse), "%s: no rule for this row", row.id);
        right++;
    }
    CHECK_INT(right, 115);
    corpus_free(mouse);
    free(text);
}

/* --- texts beside the repository: characters of names and of Shakespeare --- */

#define NAMES SHARED_DATA "names_"

static Corpus *read_characters(const char *const *paths, size_t count)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    for (size_t i = 0; i < count; i++) {
        char *part = file_text(paths[i]);
        fputs(part, out);
        free(part);
    }
    fclose(out);
    Corpus *corpus = corpus_from(text, TOKENIZER_CHARS);
    free(text);
    return corpus;
}

static double nats_a_token(const Model *model, const Corpus *corpus)
{
    Evaluation result = evaluate(model, corpus, true);
    return -result.logp / (double)result.tokens;
}

/* names.wb.nN: trained on one part, tested on another. */
static void check_names_wb(const Row *row, int order)
{
    Corpus *train = read_characters((const char *const[]){NAMES "train.txt"}, 1),
           *dev = read_characters((const char *const[]){NAMES "dev.txt"}, 1);
    Model *model = train_on(train, usual(SMOOTH_WB, order));
    check_number(row, nats_a_token(model, dev));
    model_free(model);
    corpus_free(train);
    corpus_free(dev);
}

/* names.n2.mle, names.n2.add1, names.memmass.nN: on all names. */
static bool check_all_names(const Row *row)
{
    int order = 2;
    bool mle = strcmp(row->id, "names.n2.mle") == 0, add = strcmp(row->id, "names.n2.add1") == 0,
         mass = sscanf(row->id, "names.memmass.n%d", &order) == 1;
    if ((!mle && !add && !mass) || order > NGRAM_ORDER_MAX) return false;
    Corpus *all =
        read_characters((const char *const[]){NAMES "train.txt", NAMES "dev.txt", NAMES "test.txt"}, 3);
    Model *model = train_on(all, add ? added(2, 1) : counted(order));
    check_number(row, mass ? memorised(model, all) : nats_a_token(model, all));
    model_free(model);
    corpus_free(all);
    return true;
}

Test(known_answers, rows_about_names)
{
    need_file(NAMES "train.txt");
    size_t right = 0;
    Table table = table_open("tests/data/known_answers.tsv");
    while (table_row(&table)) {
        Row row = {table.cells[0], table.cells[4], table.cells[5], strtod(table.cells[6], NULL)};
        int order;
        /* The table's last digits are off by 1.8e-9; and its four decimals are not relative ones. */
        row.tolerance = begins(row.id, "names.n2.") ? 2e-9 : row.tolerance / fmin(1, fabs(wanted_of(&row)));
        bool wb = sscanf(row.id, "names.wb.n%d", &order) == 1;
        if (wb) check_names_wb(&row, order);
        right += wb || check_all_names(&row);
    }
    CHECK_INT(right, 8 + 2 + 9); /* and not what 32-bit floats make of two of them */
    table_close(&table);
}

/* Without </s>, and without the first characters: they are read, but not scored. */
static double nats_after(const Model *model, const Corpus *corpus, size_t unscored)
{
    Error error;
    Job *job = evaluation_new(model, corpus, false);
    evaluation_detail(job, (EvaluationDetail){.tokens = unscored});
    CHECK_FOR(job_run(job, &error), "%s", error.message);
    const EvaluationToken *first = evaluation_tokens(job, &unscored);
    const Evaluation *all = evaluation_result(job);
    double logp = all->logp;
    for (size_t i = 0; i < unscored; i++) logp -= first[i].logp;
    double nats = -logp / (double)(all->tokens - unscored);
    job_free(job);
    return nats;
}

/* tinyshk.wb.nN. The table scores the last tenth from its tenth character on, the first with a whole history
 * in each of its ten orders, and no </s>; its row of order 5 is 7e-7 further off than rounding explains. */
Test(known_answers, rows_about_shakespeare)
{
    need_file(SHARED_DATA "tinyshakespeare.txt");
    char *text = file_text(SHARED_DATA "tinyshakespeare.txt"),
         *beginning = strndup(text, strlen(text) * 9 / 10);
    Corpus *train = corpus_stream(beginning, TOKENIZER_CHARS),
           *rest = corpus_stream(text + strlen(beginning), TOKENIZER_CHARS);
    Table table = table_open("tests/data/known_answers.tsv");
    int right = 0, order;
    while (table_row(&table)) {
        if (sscanf(table.cells[0], "tinyshk.wb.n%d", &order) != 1 || order > NGRAM_ORDER_MAX) continue;
        Row row = {table.cells[0], table.cells[4], table.cells[5], strtod(table.cells[6], NULL) + 1e-6};
        Model *model = train_on(train, usual(SMOOTH_WB, order));
        check_number(&row, nats_after(model, rest, 9));
        model_free(model);
        right++;
    }
    CHECK_INT(right, NGRAM_ORDER_MAX);
    table_close(&table);
    corpus_free(train);
    corpus_free(rest);
    free(beginning);
    free(text);
}
