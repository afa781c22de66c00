/* Why an n-gram model says what it says: trees whose every formula gives its number. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/ngram/pruning.h"
#include "tests/support/models.h"

TestSuite(explain, .timeout = 20);

/* --- a formula worked out: names are those of the reasons, and of what was told before --- */

typedef struct Scope Scope;
struct Scope {
    const Fact *fact; /* whose reasons have names */
    const Scope *up;
};

typedef struct {
    const char *at;
    const char *given; /* ", n1 = 7, n2 = 5" behind a formula */
    const Scope *scope;
    bool failed;
} Reader;

static double sum(Reader *r);

static bool ends_name(const char *name, const char *after)
{
    char last = name[strlen(name) - 1];
    return last == ')' || last == '>' ||
           !((*after >= '0' && *after <= '9') || (*after >= 'A' && *after <= 'z'));
}

/* The longest name that stands here. "count" is the first count of all. */
static const Fact *named(const Reader *r, size_t *length)
{
    const Fact *best = NULL;
    *length = 0;
    for (const Scope *scope = r->scope; scope; scope = scope->up)
        for (const Fact *f = scope->fact->reasons; f; f = f->next) {
            size_t size = strlen(f->name);
            if (f->kind == FACT_NOTE || size <= *length || strncmp(r->at, f->name, size) != 0) continue;
            if (ends_name(f->name, r->at + size)) best = f, *length = size;
        }
    for (const Fact *f = r->scope->fact->reasons; f && !best && strncmp(r->at, "count ", 6) == 0; f = f->next)
        if (f->kind == FACT_COUNT) return *length = 5, f;
    return best;
}

/* n1, n2, ...: written behind the formula. */
static bool count_given(Reader *r, double *value)
{
    char name[16];
    int length = 0, r_of = 0;
    if (sscanf(r->at, "n%d%n", &r_of, &length) != 1 || !r->given) return false;
    snprintf(name, sizeof name, ", n%d = ", r_of);
    const char *found = strstr(r->given, name);
    if (!found) return false;
    *value = strtod(found + strlen(name), NULL);
    r->at += length;
    return true;
}

static double factor(Reader *r)
{
    size_t length;
    char *end;
    double value;
    const Fact *fact = named(r, &length);
    if (fact) return r->at += length, fact->value;
    if (count_given(r, &value)) return value;
    if (*r->at == '(') {
        r->at++;
        value = sum(r);
        r->failed |= *r->at != ')';
        r->at += !r->failed;
        return value;
    }
    value = strtod(r->at, &end);
    r->failed |= end == r->at;
    r->at = end;
    return value;
}

static bool takes(Reader *r, const char *text)
{
    size_t length = strlen(text);
    if (strncmp(r->at, text, length) != 0) return false;
    r->at += length;
    return true;
}

/* "3 Y n3 / n2" is (3 Y n3) / n2. */
static double product(Reader *r)
{
    double value = factor(r);
    while (!r->failed && *r->at && *r->at != ',' && *r->at != ')') {
        if (takes(r, "^"))
            value = pow(value, factor(r));
        else if (takes(r, " x "))
            value *= factor(r);
        else if (takes(r, " / "))
            value /= factor(r);
        else if (strncmp(r->at, " + ", 3) == 0 || strncmp(r->at, " - ", 3) == 0 || !takes(r, " "))
            break;
        else
            value *= factor(r);
    }
    return value;
}

static double sum(Reader *r)
{
    double value = product(r);
    while (!r->failed)
        if (takes(r, " + "))
            value += product(r);
        else if (takes(r, " - "))
            value -= product(r);
        else
            break;
    return value;
}

/* Whether the formula is one, rather than a sentence. */
static bool work_out(const Fact *fact, const Scope *scope, double *value)
{
    Reader r = {fact->formula, strstr(fact->formula, ", n"), scope, false};
    *value = sum(&r);
    return !r.failed && (*r.at == '\0' || r.at == r.given);
}

typedef struct {
    size_t formulas, facts, stored; /* stored: probabilities that no counts explain */
} Seen;

static void check_tree(const Fact *fact, const Scope *up, const char *where, Seen *seen)
{
    const Scope scope = {fact, up};
    double value = 0;
    bool formula = fact->formula && work_out(fact, &scope, &value);
    bool needed = fact->kind == FACT_PROBABILITY || strncmp(fact->name, "backoff", 7) == 0;
    /* weights are written with 6 digits, as are powers of ten */
    double tolerance = formula && (strstr(fact->formula, "10^") || strstr(fact->formula, "0.")) ? 1e-5 : 1e-9;
    CHECK_EACH(formula || !fact->formula || !needed, "%s: %s = %s", where, fact->name, fact->formula);
    CHECK_EACH(!formula || isnan(value) || fabs(value - fact->value) <= tolerance * fabs(fact->value) + 1e-15,
               "%s: %s = %s is %.17g, not %.17g", where, fact->name, fact->formula, value, fact->value);
    CHECK_EACH(!needed || fact->formula || fact->value == 0, "%s: %s for no reason", where, fact->name);
    seen->formulas += formula;
    seen->stored += fact->kind == FACT_PROBABILITY && fact->formula && strncmp(fact->formula, "10^", 3) == 0;
    seen->facts++;
    for (const Fact *reason = fact->reasons; reason; reason = reason->next)
        check_tree(reason, &scope, where, seen);
}

/* --- every smoothing, on walks through text --- */

static void check_state(const State *state, Seen *seen)
{
    Arena arena = {0};
    for (TokenId word = 0; word < (TokenId)model_outcomes(state->model); word++) {
        const Fact *fact = state_explain(state, word, &arena);
        double p = state_probability(state, word);
        CHECK_EACH(fact->value == p, "%s: %s = %.17g, not %.17g", model_describe(state->model, &arena),
                   fact->name, fact->value, p);
        check_tree(fact, NULL, model_describe(state->model, &arena), seen);
    }
    arena_release(&arena);
}

static void check_walk(const Model *model, const Corpus *corpus, Seen *seen)
{
    Random random = random_seeded(5);
    for (size_t s = 0; s < corpus_sentences(corpus) && s < 4; s++) {
        size_t count;
        const TokenId *ids = corpus_sentence(corpus, s, &count);
        State *state = state_begin(model);
        check_state(state, seen);
        for (size_t i = 0; i < count; i++) {
            double u = random_unit(&random);
            TokenId word = id_of(model, vocab_text(corpus_vocab(corpus), ids[i]));
            if (u < 0.2) word = (TokenId)(random_next(&random) % model_outcomes(model));
            state_feed(state, u < 0.05 ? TOKEN_NONE : word);
            check_state(state, seen);
        }
        state_free(state);
    }
}

static void check_smoothing(Smoothing smoothing)
{
    Seen seen = {0};
    for (int source = 0; source < 3; source++)
        for (int order = 1; order <= 5; order += 2)
            for (int unknown = 0; unknown < 2; unknown++) {
                NgramOptions options = usual(smoothing.kind, order);
                memcpy(smoothing.weights, options.smoothing.weights, sizeof smoothing.weights);
                options.smoothing = smoothing;
                options.unknown = unknown;
                Corpus *corpus = source == 0   ? corpus_built_in("mouse", TOKENIZER_WORDS)
                                 : source == 1 ? corpus_random(17, 60)
                                               : corpus_random(3, 400);
                Model *model = train_on(corpus, options);
                check_walk(model, corpus, &seen);
                model_free(model);
                corpus_free(corpus);
            }
    CHECK_FOR(seen.formulas > 1000, "only %zu formulas", seen.formulas);
    CHECK_FOR(seen.stored == 0, "%s: %zu without a reason", smoothing_name(smoothing.kind), seen.stored);
}

Test(explain, every_formula_gives_its_number)
{
    for (SmoothingKind kind = SMOOTH_MLE; kind < SMOOTH_GIVEN; kind++) {
        check_smoothing((Smoothing){.kind = kind, .k = 0.25});
        check_smoothing((Smoothing){.kind = kind, .k = 1, .plain_unigrams = true});
        if (kind != SMOOTH_AD && kind != SMOOTH_KN && kind != SMOOTH_MKN) continue;
        check_smoothing((Smoothing){.kind = kind, .k = 1, .fixed = true, .discounts = {0.4, 0.9, 1.3}});
        check_smoothing((Smoothing){.kind = kind, .k = 1, .fallback = {0.3, 0.6, 0.9}});
    }
}

Test(explain, characters_and_streams)
{
    static const char text[] = "老鼠吃奶酪, 猫吃老鼠 (x / y) + 1 - 2\n老鼠";
    for (SmoothingKind kind = SMOOTH_MLE; kind < SMOOTH_GIVEN; kind++) {
        Corpus *corpus = corpus_stream(text, TOKENIZER_CHARS);
        Model *model = train_on(corpus, usual(kind, 4));
        State *state = state_begin(model);
        Arena arena = {0};
        for (TokenId word = 0; word < (TokenId)model_outcomes(model); word++) {
            CHECK_EACH(state_explain(state, word, &arena)->value == state_probability(state, word), "%s",
                       smoothing_name(kind));
            state_feed(state, word);
        }
        arena_release(&arena);
        state_free(state);
        model_free(model);
        corpus_free(corpus);
    }
}

/* The value of an interpolation is the sum of weight x part that its formula writes down. */
Test(explain, an_interpolation_lists_the_orders_it_used)
{
    static const struct {
        const char *given;
        size_t parts;
        double weights[3];
    } cases[] = {
        {"the mouse", 3, {0.5, 0.3, 0.2}},
        {"", 3, {0.5, 0.3, 0.2}},
        {"ball the", 2, {0.8, 0.2}},
        {"the zebra", 1, {1}},
    };
    NgramOptions options = {.order = 3, .smoothing = {.kind = SMOOTH_INTERP, .weights = {0.5, 0.3, 0.2}}};
    Model *model = train_built_in("mouse", options);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Arena arena = {0};
        State *state = state_after(model, cases[i].given);
        const Fact *fact = state_explain(state, id_of(model, "ate"), &arena), *part = fact->reasons;
        double total = 0;
        for (size_t k = 0; k < cases[i].parts; k++, part = part->next) {
            CHECK_FOR(part && part->kind == FACT_PROBABILITY, "row %zu, part %zu", i, k);
            total += cases[i].weights[k] * part->value;
        }
        CHECK_FOR(near(fact->value, total, 1e-12), "row %zu: %g, not %g", i, fact->value, total);
        CHECK_FOR(!part == (cases[i].parts == 3) && (!part || part->kind == FACT_NOTE),
                  "row %zu: passing on is said", i);
        state_free(state);
        arena_release(&arena);
    }
    model_free(model);
}

/* Its numbers are those of a file, and no counts give them. */
Test(explain, a_pruned_model)
{
    size_t removed;
    Seen seen = {0};
    Corpus *corpus = corpus_built_in("mouse", TOKENIZER_WORDS);
    Model *model = train_on(corpus, usual(SMOOTH_MKN, 3));
    Model *pruned = pruning_apply(model, &(Pruning){.thresholds = {0, 0, 1, 1}}, &removed);
    CHECK(removed > 0);
    check_walk(pruned, corpus, &seen);
    CHECK(seen.stored > 0);
    model_free(pruned);
    model_free(model);
    corpus_free(corpus);
}
