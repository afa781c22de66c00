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
#include "tests/support/models.h"

TestSuite(known_answers, .timeout = 20);

typedef struct {
    char *id, *exact, *value;
    double tolerance;
} Row;

/* Rows of the corpora and generators below that nothing here can compute yet. */
static const struct {
    const char *id, *why;
} postponed[] = {
    {"mouse.gd.", "trains the softmax bigram, a kind that does not exist yet"},
    {"filter", "labelled lines and the filter command do not exist yet"},
    {"facts.gt", "Good-Turing counts of counts belong to katz and ad, which do not exist yet"},
};
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
    for (size_t s = 0; s < corpus_sentences(corpus); s++) {
        char *line = corpus_line(corpus, s);
        bool first = true;
        for (size_t t = 0; t < s; t++) {
            char *before = corpus_line(corpus, t);
            first = first && strcmp(before, line) != 0;
            free(before);
        }
        if (first) mass += text_probability(model, line);
        free(line);
    }
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

static bool facts_row(const Row *row)
{
    static const char prefix[] = "facts.n2.";
    bool halluc = strcmp(row->id, "facts.halluc") == 0, score = strncmp(row->id, prefix, strlen(prefix)) == 0;
    Corpus *corpus = corpus_built_in("facts", TOKENIZER_WORDS);
    Model *model = train_on(corpus, counted(2));
    if (halluc) check_number(row, hallucinated(model, corpus));
    if (score) check_number(row, text_probability(model, row->id + strlen(prefix)));
    model_free(model);
    corpus_free(corpus);
    return halluc || score;
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

static bool is_postponed(const Row *row)
{
    for (size_t i = 0; i < COUNT_OF(postponed); i++)
        if (begins(row->id, postponed[i].id)) return true;
    return false;
}

static bool is_ours(const Row *row)
{
    for (size_t i = 0; i < COUNT_OF(covered); i++)
        if (begins(row->id, covered[i])) return true;
    return false;
}

static bool check_row(const Row *row, const Corpus *mouse)
{
    switch (row->id[0]) {
    case 'm': return mouse_row(row, mouse);
    case 's': return sam_row(row);
    case 'j': return jobs_row(row);
    case 'p': return poison_row(row);
    case 'f': return begins(row->id, "fx.") ? fixed_row(row) : facts_row(row);
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
    size_t right = 0, waiting = 0;
    Row row;
    for (strsep(&rest, "\n"); read_row(&rest, &row);) {
        if (!is_ours(&row)) continue;
        if (is_postponed(&row)) {
            waiting++;
            continue;
        }
        CHECK_FOR(check_row(&row, mouse), "%s: no rule for this row", row.id);
        right++;
    }
    CHECK_INT(right, 106);
    CHECK_INT(waiting, 9);
    corpus_free(mouse);
    free(text);
}
