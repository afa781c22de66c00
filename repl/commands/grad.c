/* grad.c - gradients: how far back a word still moves a prediction, and whether they are right at all. */
#include <math.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/neural/gradient_check.h"
#include "core/neural/vector.h"
#include "repl/commands/commands.h"
#include "repl/commands/look.h"

enum { CHECK_TOKENS = 32 };

static bool is_check(const Call *call)
{
    return call->word_count > 0 && !call->words[0].quoted && strcmp(call->words[0].text, "check") == 0;
}

/* --- by distance --- */

typedef struct {
    Look look;      /* its words without the last one, */
    TokenId target; /* which is asked for */
    double *norms;  /* (steps): of d(-log p) / d embedding */
    double p;
} Backward;

static bool read_target(const Call *call, Backward *b, Error *error)
{
    Tokens *words = &b->look.words;
    if (!call_tokens(call, TOKENS_SEQUENCE, call->words, call->word_count, words, error)) return false;
    if (words->ended) {
        b->target = vocab_end(call->model->vocab);
        return true;
    }
    b->target = words->ids[--words->count];
    if (b->target != TOKEN_NONE) return true;
    error_set(error, _("the last word is unknown, so it has no probability that could change"));
    return error_hint(error, _("end with a word of the vocabulary; vocab lists them"));
}

/* A window's vectors lie side by side in one row, those of the others one below the other. */
static void find_norms(Backward *b)
{
    const Tensor *vectors = look_tensor(&b->look, "emb"), *logits = look_tensor(&b->look, "logits");
    size_t steps = b->look.steps, d = tensor_size(vectors) / steps, v = tensor_columns(logits);
    double *p = arena_alloc(b->look.call->arena, v, sizeof *p);
    b->norms = arena_alloc(b->look.call->arena, steps, sizeof *b->norms);
    for (size_t i = 0; i < steps; i++) b->norms[i] = sqrt(vector_squares(d, vectors->g + i * d));
    softmax_double(v, logits->x + (tensor_rows(logits) - 1) * v, p, NULL);
    b->p = p[b->target];
}

static void add_plot(const Backward *b, Result *result)
{
    size_t steps = b->look.steps;
    double *x = arena_alloc(result->arena, steps, sizeof *x),
           *y = arena_alloc(result->arena, steps, sizeof *y);
    Series *series = arena_alloc(result->arena, 1, sizeof *series);
    Plot *plot = arena_alloc(result->arena, 1, sizeof *plot);
    bool positive = true;
    for (size_t i = 0; i < steps; i++) {
        x[i] = (double)(i + 1);
        y[i] = b->norms[steps - 1 - i];
        positive = positive && y[i] > 0;
    }
    *series = (Series){.label = b->look.call->model_name, .x = x, .y = y, .count = steps};
    *plot = (Plot){.x_label = _("back"),
                   .y_label = _("norm of the gradient"),
                   .series = series,
                   .count = 1,
                   .log_y = positive};
    result->plot = plot;
}

static void show_distances(const Backward *b, Result *result)
{
    const Look *look = &b->look;
    const Call *call = look->call;
    result->title = arena_format(result->arena, _("%s: d(-log p(%s)) / d(vector of each word before)"),
                                 call->model_name, look_token(vocab_text(call->model->vocab, b->target)));
    result_field(result, "model", NULL, UNIT_NONE, value_text(call->model_name));
    result_field(result, "tokens", NULL, UNIT_TOKEN, value_list(look_words(look), look->steps));
    result_field(result, "target", NULL, UNIT_TOKEN, value_text(vocab_text(call->model->vocab, b->target)));
    result_field(result, "p", "p = %s", UNIT_PROBABILITY, value_number(b->p));
    result_table(result, "rows");
    int distance = result_column(result, "distance", _("back"), UNIT_NONE, false),
        token = result_column(result, "token", _("token"), UNIT_TOKEN, false),
        norm = result_column(result, "norm", _("norm of gradient"), UNIT_BITS, true);
    for (size_t i = look->steps; i-- > 0;) {
        Value *cells = result_row(result);
        cells[distance] = value_count(look->steps - i);
        cells[token] = value_text(look_word(look, i));
        cells[norm] = value_number(b->norms[i]);
    }
    result_fold(result);
    look_note(look, result);
    bool wanted = call_is(call, OPT_AS, "svg") ||
                  (call->statement->path.text && strstr(call->statement->path.text, ".svg"));
    if (wanted) add_plot(b, result);
}

static bool run_distances(Call *call, Result *result, Error *error)
{
    unsigned kinds = LOOK_ALL & ~LOOK(NETWORK_SOFTMAX);
    const Network *network =
        look_network(call, kinds, _("networks that look back further than one word"), error);
    if (!network) return false;
    Backward b = {.look = {.call = call, .network = network}};
    if (call->word_count == 0) {
        error_set(error, _("grad needs words, the last of which is the one predicted"));
        return error_hint(error,
                          _("for example: grad the mouse ate;   or compare with differences: grad check"));
    }
    if (!read_target(call, &b, error)) return false;
    b.look.tape = neural_pass(call->model, b.look.words.ids, b.look.words.count, b.target, &b.look.steps);
    find_norms(&b);
    show_distances(&b, result);
    look_release(&b.look);
    return true;
}

/* --- against differences --- */

/* The words behind "check", else the first line of what the model learnt from, with <s> and </s> around them;
 * not more than CHECK_TOKENS. Returns how many. */
static bool check_text(const Call *call, TokenId *ids, size_t *count, Error *error)
{
    const Vocab *vocab = call->model->vocab;
    const Corpus *corpus = neural_corpus(call->model);
    size_t context = network_context(neural_network(call->model)), most = CHECK_TOKENS, length = 0;
    bool windowed = network_windowed(neural_network(call->model));
    Tokens words = {0};
    if (!windowed && context && context < most) most = context;
    if (call->word_count > 1 &&
        !call_tokens(call, TOKENS_SEQUENCE, call->words + 1, call->word_count - 1, &words, error))
        return false;
    *count = 0;
    ids[(*count)++] = neural_begin_id(call->model);
    for (size_t i = 0; i < words.count && *count < most; i++) ids[(*count)++] = words.ids[i];
    const TokenId *line =
        words.count == 0 && corpus && corpus_sentences(corpus) ? corpus_sentence(corpus, 0, &length) : NULL;
    for (size_t i = 0; i < length && *count < most; i++) {
        const char *text = vocab_text(corpus_vocab(corpus), line[i]);
        ids[(*count)++] = vocab_find(vocab, text, strlen(text));
    }
    if (vocab_end(vocab) != TOKEN_NONE) ids[(*count)++] = vocab_end(vocab);
    if (*count >= 2 && (words.count || length)) return true;
    error_set(error, _("there is no text to check %s on"), call->model_name);
    return error_hint(error, _("name one: grad check the mouse ate"));
}

static void add_checks(const GradientCheck *checks, size_t count, Result *result)
{
    result_table(result, "rows");
    int name = result_column(result, "tensor", _("tensor"), UNIT_NONE, false),
        checked = result_column(result, "checked", _("checked"), UNIT_NONE, false),
        size = result_column(result, "numbers", _("of"), UNIT_NONE, false),
        norm = result_column(result, "norm", _("norm"), UNIT_SECONDS, false),
        gradient = result_column(result, "gradient", _("gradient"), UNIT_NONE, false),
        differs = result_column(result, "difference", _("difference"), UNIT_NONE, false),
        worst = result_column(result, "worst", _("off by"), UNIT_SECONDS, false);
    for (size_t i = 0; i < count; i++) {
        Value *cells = result_row(result);
        cells[name] = value_text(arena_copy(result->arena, checks[i].name, strlen(checks[i].name)));
        cells[checked] = value_count(checks[i].checked);
        cells[size] = value_count(checks[i].size);
        cells[norm] = value_number(checks[i].norm);
        cells[gradient] = value_number(checks[i].gradient);
        cells[differs] = value_number(checks[i].difference);
        cells[worst] = value_number(checks[i].worst);
    }
}

static void show_check(const Call *call, const GradientCheck *checks, size_t count, double loss,
                       Result *result)
{
    double worst = 0, squares = 0;
    for (size_t i = 0; i < count; i++) {
        worst = fmax(worst, checks[i].worst);
        squares += checks[i].norm * checks[i].norm;
    }
    result->title =
        arena_format(result->arena, _("%s: gradients and finite differences, in double"), call->model_name);
    result_field(result, "model", NULL, UNIT_NONE, value_text(call->model_name));
    result_field(result, "loss", _("loss %s nats a token"), UNIT_RATIO, value_number(loss));
    result_field(result, "norm", _("norm %s"), UNIT_BITS, value_number(sqrt(squares)));
    result_field(result, "worst", _("off by %s at most"), UNIT_SECONDS, value_number(worst));
    add_checks(checks, count, result);
    result_fold(result);
    result_note(result,
                _("difference: (loss(w + e) - loss(w - e)) / 2e with e = 1e-5; of each tensor the number "
                  "that is furthest off."));
}

static bool run_check(const Call *call, Result *result, Error *error)
{
    TokenId ids[CHECK_TOKENS + 2];
    size_t count;
    const Network *network = look_network(call, LOOK_ALL, _("neural networks"), error);
    if (!network || !check_text(call, ids, &count, error)) return false;
    size_t tensors = network->parameters.count;
    GradientCheck *checks = arena_alloc(call->arena, tensors, sizeof *checks);
    double loss = gradient_check(&network->architecture, network->parameters.x, ids, count, checks);
    show_check(call, checks, tensors, loss, result);
    return look_drawn(call, result, _("grad W... draws the gradient by distance"), error);
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    (void)session;
    return is_check(call) ? run_check(call, result, error) : run_distances(call, result, error);
}

const Command grad_command = {
    .name = "grad",
    .family = N_("look"),
    .usage = "W... | check [W...]",
    .summary = N_("Show how far back words still move a prediction, or check the gradients"),
    .example = "train mlp n=3 d=2 h=4 steps=20; grad the mouse ate",
    .subwords = "check",
    .words = WORDS_TOKENS,
    .most = SIZE_MAX,
    .options = OPTIONS(OPT_OOV),
    .models = true,
    .draws = true,
    .run = run,
};
