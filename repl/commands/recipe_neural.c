#include "repl/commands/recipe_neural.h"

#include <math.h>
#include <string.h>

#include "core/base/i18n.h"

enum { VALID_FROM = 1000 /* predictions: of fewer none are held back unless asked */ };

#define RECURRENT_SHAPE .d = 16, .h = 32, .layers = 1, .ctx = 32
#define ADAMW .optimizer = OPTIMIZER_ADAMW, .schedule = SCHEDULE_COSINE, .valid = 0.1

/* What a learner need not say: on the names of ../shared/data, tokens=chars, it takes about a second and
 * comes near what more patience would reach.
 *
 * lr is that of the optimiser named here; `descent` is for opt=sgd, a tenth of it for momentum, whose steps
 * add up to ten times as much; `adaptive` is for adam and adamw. Full batches of softmax cannot overshoot
 * with lr <= 4: its loss bends at most by 1/2. */
static const struct {
    Architecture architecture;
    LearningOptions learning;
    double descent, adaptive; /* learning rates */
} usual[NETWORK_KINDS] = {
    [NETWORK_SOFTMAX] = {{.n = 2}, {.optimizer = OPTIMIZER_SGD, .steps = 300}, .descent = 4, .adaptive = 0.1},
    [NETWORK_MLP] = {{.n = 4, .d = 10, .h = 64}, {ADAMW, .batch = 64, .steps = 10000}, 0.5, 5e-3},
    [NETWORK_RNN] = {{RECURRENT_SHAPE}, {ADAMW, .batch = 32, .steps = 3000, .clip = 1}, 0.5, 1e-2},
    [NETWORK_GRU] = {{RECURRENT_SHAPE}, {ADAMW, .batch = 32, .steps = 2500, .clip = 1}, 0.5, 1e-2},
    [NETWORK_LSTM] = {{RECURRENT_SHAPE}, {ADAMW, .batch = 32, .steps = 2000, .clip = 1}, 0.5, 1e-2},
    [NETWORK_TRANSFORMER] = {{.d = 32, .layers = 2, .heads = 2, .ctx = 32},
                             {ADAMW, .batch = 32, .steps = 1000, .warmup = 50},
                             0.5,
                             5e-3},
};

typedef struct {
    const OptionValue *values;
    NetworkKind kind;
    NeuralRecipe *recipe;
} Reader;

static bool given(const Reader *r, OptionId id) { return r->values[id].given; }

static bool is(const Reader *r, OptionId id, const char *choice)
{
    return r->values[id].text && strcmp(r->values[id].text, choice) == 0;
}

static bool fail_at(const Reader *r, OptionId id, Error *error)
{
    return error_place(error, r->values[id].start, r->values[id].length);
}

/* --- which option belongs to which kind --- */

#define KIND(kind) (1u << (kind))
#define RECURRENT (KIND(NETWORK_RNN) | KIND(NETWORK_GRU) | KIND(NETWORK_LSTM))

static const struct {
    OptionId id;
    unsigned kinds;
} belongings[] = {
    {OPT_ORDER, KIND(NETWORK_SOFTMAX) | KIND(NETWORK_MLP)},
    {OPT_D, KIND(NETWORK_MLP) | RECURRENT | KIND(NETWORK_TRANSFORMER)},
    {OPT_H, KIND(NETWORK_MLP) | RECURRENT},
    {OPT_LAYERS, RECURRENT | KIND(NETWORK_TRANSFORMER)},
    {OPT_HEADS, KIND(NETWORK_TRANSFORMER)},
    {OPT_CTX, RECURRENT | KIND(NETWORK_TRANSFORMER)},
    {OPT_TIED, KIND(NETWORK_TRANSFORMER)},
    {OPT_DROPOUT, KIND(NETWORK_MLP) | RECURRENT | KIND(NETWORK_TRANSFORMER)},
};

bool recipe_neural_uses(NetworkKind kind, OptionId id)
{
    for (size_t i = 0; i < COUNT_OF(belongings); i++)
        if (belongings[i].id == id) return belongings[i].kinds & KIND(kind);
    return option_listed(id, OPTIONS(NEURAL_LEARNING, NEURAL_WORDS));
}

/* --- numbers --- */

static void read_size(const Reader *r, OptionId id, size_t *number)
{
    if (given(r, id) && recipe_neural_uses(r->kind, id)) *number = (size_t)r->values[id].number;
}

static void read_steps(const Reader *r, OptionId id, uint64_t *number)
{
    if (given(r, id)) *number = (uint64_t)r->values[id].number;
}

static void read_number(const Reader *r, OptionId id, double *number)
{
    if (given(r, id) && recipe_neural_uses(r->kind, id)) *number = r->values[id].number;
}

/* d is a multiple of heads; where only one of them was given, the other follows. */
static void match_heads(const Reader *r)
{
    Architecture *a = &r->recipe->architecture;
    if (a->heads == 0) return;
    if (!given(r, OPT_D)) a->d = (a->d + a->heads - 1) / a->heads * a->heads;
    while (!given(r, OPT_HEADS) && a->d % a->heads != 0) a->heads--;
}

static void read_architecture(const Reader *r)
{
    Architecture *a = &r->recipe->architecture;
    *a = usual[r->kind].architecture;
    a->kind = r->kind;
    read_size(r, OPT_ORDER, &a->n);
    read_size(r, OPT_D, &a->d);
    read_size(r, OPT_H, &a->h);
    read_size(r, OPT_LAYERS, &a->layers);
    read_size(r, OPT_HEADS, &a->heads);
    read_size(r, OPT_CTX, &a->ctx);
    read_number(r, OPT_DROPOUT, &a->dropout);
    a->tied = recipe_neural_uses(r->kind, OPT_TIED) && is(r, OPT_TIED, "on");
    match_heads(r);
}

static double usual_rate(NetworkKind kind, OptimizerKind optimizer)
{
    switch (optimizer) {
    case OPTIMIZER_SGD: return usual[kind].descent;
    case OPTIMIZER_MOMENTUM: return usual[kind].descent / 10;
    default: return usual[kind].adaptive;
    }
}

static void read_learning(const Reader *r)
{
    LearningOptions *o = &r->recipe->learning;
    *o = usual[r->kind].learning;
    read_steps(r, OPT_STEPS, &o->steps);
    if (o->warmup > o->steps / 10) o->warmup = o->steps / 10;
    read_steps(r, OPT_WARMUP, &o->warmup);
    read_number(r, OPT_EPOCHS, &o->epochs);
    read_number(r, OPT_DECAY, &o->decay);
    read_number(r, OPT_CLIP, &o->clip);
    read_number(r, OPT_UNTIL, &o->until);
    read_number(r, OPT_VALID, &o->valid);
    if (given(r, OPT_BATCH)) o->batch = is(r, OPT_BATCH, "all") ? 0 : (size_t)r->values[OPT_BATCH].number;
    if (given(r, OPT_OPTIMIZER)) optimizer_find(r->values[OPT_OPTIMIZER].text, &o->optimizer);
    o->lr = usual_rate(r->kind, o->optimizer);
    read_number(r, OPT_LR, &o->lr);
    if (given(r, OPT_SCHEDULE))
        o->schedule = is(r, OPT_SCHEDULE, "cosine") ? SCHEDULE_COSINE : SCHEDULE_CONSTANT;
    if (given(r, OPT_EPOCHS) && o->epochs == 0) o->steps = 0;
    if (given(r, OPT_HELDOUT)) o->valid = 0;
    o->threads = is(r, OPT_THREADS, "2") ? 2 : 1;
}

/* --- what does not go together --- */

static bool check_order(const Reader *r, Error *error)
{
    size_t n = r->recipe->architecture.n;
    if (!given(r, OPT_ORDER) || !recipe_neural_uses(r->kind, OPT_ORDER)) return true;
    if (r->kind == NETWORK_SOFTMAX && n != 2) {
        error_set(error, _("softmax looks one token back: n=2, not n=%zu"), n);
        error_hint(error, _("mlp looks n - 1 tokens back: train mlp n=4"));
        return fail_at(r, OPT_ORDER, error);
    }
    if (n >= 2) return true;
    error_set(error, _("mlp looks n - 1 tokens back: n is at least 2"));
    error_hint(error, _("train ngram n=1 looks at nothing"));
    return fail_at(r, OPT_ORDER, error);
}

static bool check_pair(const Reader *r, OptionId one, OptionId other, Error *error)
{
    if (!given(r, one) || !given(r, other)) return true;
    error_set(error, _("%s= and %s= say the same thing in two ways"), option_table[one].key,
              option_table[other].key);
    error_hint(error, _("leave out one of the two"));
    return fail_at(r, other, error);
}

static bool check_unknown(const Reader *r, Error *error)
{
    OptionId needs = given(r, OPT_VOCABULARY)        ? OPT_VOCABULARY
                     : r->recipe->lexicon.cutoff > 1 ? OPT_CUTOFF
                                                     : OPTION_COUNT;
    r->recipe->lexicon.unknown = is(r, OPT_UNK, "on");
    if (needs == OPTION_COUNT || !is(r, OPT_UNK, "off")) return true;
    error_set(error, _("unk=off does not go with %s=%s, which needs <unk>"), option_table[needs].key,
              r->values[needs].text);
    error_hint(error, _("leave out one of the two"));
    return fail_at(r, OPT_UNK, error);
}

bool recipe_neural_read(NetworkKind kind, const OptionValue *values, NeuralRecipe *recipe, Error *error)
{
    Reader reader = {values, kind, recipe};
    *recipe = (NeuralRecipe){.exact = is(&reader, OPT_EXACT, "on")};
    if (given(&reader, OPT_CUTOFF)) recipe->lexicon.cutoff = (uint64_t)values[OPT_CUTOFF].number;
    read_architecture(&reader);
    read_learning(&reader);
    return check_order(&reader, error) && check_pair(&reader, OPT_STEPS, OPT_EPOCHS, error) &&
           check_pair(&reader, OPT_VALID, OPT_HELDOUT, error) && check_unknown(&reader, error);
}

/* --- the corpus --- */

static size_t longest_sentence(const Corpus *corpus)
{
    size_t longest = 0, length;
    for (size_t i = 0; i < corpus_sentences(corpus); i++) {
        corpus_sentence(corpus, i, &length);
        if (length > longest) longest = length;
    }
    return longest;
}

/* Positions that no text reaches would stay as the dice left them. */
static bool fit_context(const Reader *r, const Corpus *corpus, Error *error)
{
    size_t *ctx = &r->recipe->architecture.ctx, most = longest_sentence(corpus) + 1;
    if (!recipe_neural_uses(r->kind, OPT_CTX) || *ctx <= most) return true;
    if (given(r, OPT_CTX) && !corpus_lines(corpus)) {
        error_set(error, _("ctx=%zu is longer than %s, which has %zu tokens with </s>"), *ctx,
                  corpus_name(corpus), most);
        error_hint(error, _("take ctx=%zu or less, or a longer text"), most);
        return fail_at(r, OPT_CTX, error);
    }
    if (given(r, OPT_CTX)) r->recipe->ctx_wanted = *ctx;
    *ctx = most;
    return true;
}

static bool check_corpus(const Reader *r, const Corpus *corpus, size_t outcomes, Error *error)
{
    if (corpus_sentences(corpus) == 0) {
        error_set(error, _("%s holds no sentence"), corpus_name(corpus));
        error_hint(error, _("corpus add \"...\" adds one; corpus lists the others"));
        return fail_at(r, OPT_CORPUS, error);
    }
    if (outcomes > 1) return true;
    error_set(error, _("%s has a vocabulary of one: what comes next is always %s"), corpus_name(corpus),
              TEXT_END);
    error_hint(error, _("add words: corpus add \"the mouse ate\""));
    return fail_at(r, OPT_CORPUS, error);
}

/* Where a network that cannot be built went wrong: heads, else what makes it large, as far as given. */
static bool fail_architecture(const Reader *r, Error *error)
{
    static const OptionId suspects[] = {OPT_HEADS, OPT_D, OPT_H, OPT_ORDER, OPT_LAYERS, OPT_CTX};
    const Architecture *a = &r->recipe->architecture;
    bool split = a->heads > 0 && a->d % a->heads != 0;
    for (size_t i = split ? 0 : 1; i < COUNT_OF(suspects); i++)
        if (given(r, suspects[i])) return fail_at(r, suspects[i], error);
    return false;
}

bool recipe_neural_fit(NeuralRecipe *recipe, const OptionValue *values, const Corpus *corpus, size_t outcomes,
                       Error *error)
{
    Reader reader = {values, recipe->architecture.kind, recipe};
    size_t predictions = corpus_tokens(corpus) + corpus_sentences(corpus);
    recipe->architecture.outcomes = outcomes;
    if (predictions < VALID_FROM && !given(&reader, OPT_VALID)) recipe->learning.valid = 0;
    if (!check_corpus(&reader, corpus, outcomes, error) || !fit_context(&reader, corpus, error)) return false;
    return architecture_check(&recipe->architecture, error) || fail_architecture(&reader, error);
}

/* --- in words --- */

const char *recipe_neural_describe(const LearningOptions *o, Arena *arena)
{
    const char *text = arena_format(arena, "%s lr=%g", optimizer_name(o->optimizer), o->lr);
    text = o->batch ? arena_format(arena, "%s batch=%zu", text, o->batch)
                    : arena_format(arena, "%s batch=all", text);
    if (o->schedule == SCHEDULE_COSINE) text = arena_format(arena, "%s schedule=cosine", text);
    if (o->warmup) text = arena_format(arena, "%s warmup=%llu", text, (unsigned long long)o->warmup);
    if (o->decay > 0) text = arena_format(arena, "%s wd=%g", text, o->decay);
    if (o->clip > 0) text = arena_format(arena, "%s clip=%g", text, o->clip);
    if (o->valid > 0) text = arena_format(arena, "%s valid=%g", text, o->valid);
    if (o->threads > 1) text = arena_format(arena, "%s threads=%d", text, o->threads);
    return text;
}

const char *recipe_neural_page(NetworkKind kind, Arena *arena)
{
    static const char *const what[NETWORK_KINDS] = {
        [NETWORK_SOFTMAX] = N_("a row of logits for each token, its softmax the next one's distribution: a "
                               "bigram that is learnt, not counted"),
        [NETWORK_MLP] =
            N_("the vectors of the last n - 1 tokens through one hidden layer (Bengio et al. 2003)"),
        [NETWORK_RNN] = N_("a hidden state that takes in one token after the other (Elman 1990)"),
        [NETWORK_GRU] = N_("an rnn with gates for what to keep and what to forget (Cho et al. 2014)"),
        [NETWORK_LSTM] = N_("an rnn with a memory behind gates (Hochreiter & Schmidhuber 1997)"),
        [NETWORK_TRANSFORMER] =
            N_("layers in which each token attends to those before it (Vaswani et al. 2017), "
               "in the form of GPT-2"),
    };
    const OptionValue nothing[OPTION_COUNT] = {{0}};
    NeuralRecipe recipe;
    Error never;
    bool ok = recipe_neural_read(kind, nothing, &recipe, &never);
    assert(ok);
    return arena_format(
        arena, _("train %s\n  %s.\n  By default: %s, %s steps=%llu.\n  help train explains the options."),
        network_kind_name(kind), _(what[kind]), architecture_describe(&recipe.architecture, arena),
        recipe_neural_describe(&recipe.learning, arena), (unsigned long long)recipe.learning.steps);
}
