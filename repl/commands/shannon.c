/* shannon.c - the Shannon game: how many guesses each symbol takes a person, and each model. */
#include <math.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/model/shannon.h"
#include "repl/commands/commands.h"
#include "repl/commands/guessing.h"
#include "repl/commands/reading.h"

/* How often the guess of each number was right, for `why`. */
typedef struct {
    double *q; /* (count) */
    size_t count;
} Tally;

/* --- results --- */

typedef struct {
    int who, first, mean, lower, upper, bits;
} Columns;

static Columns add_columns(Result *result)
{
    Columns c;
    result_table(result, "rows");
    c.who = result_column(result, "who", _("who"), UNIT_NONE, false);
    c.first = result_column(result, "first", _("right at once"), UNIT_PROBABILITY, false);
    c.mean = result_column(result, "guesses", _("mean guesses"), UNIT_RATIO, false);
    c.lower = result_column(result, "lower", _("H >="), UNIT_BITS, false);
    c.upper = result_column(result, "upper", _("H <="), UNIT_BITS, false);
    c.bits = result_column(result, "bits", _("cross-entropy"), UNIT_BITS, false);
    return c;
}

static Tally count_up(const size_t *guesses, size_t count, Arena *arena)
{
    Tally tally = {.count = 0};
    for (size_t i = 0; i < count; i++)
        if (guesses[i] > tally.count) tally.count = guesses[i];
    tally.q = arena_alloc(arena, tally.count + 1, sizeof *tally.q);
    for (size_t i = 0; i < count; i++) tally.q[guesses[i] - 1]++;
    return tally;
}

/* `bits`: a symbol, by the model's own p; NaN for people, who have none to tell. */
static Tally add_row(const Columns *c, const char *who, const size_t *guesses, size_t count, double bits,
                     Result *result)
{
    double sum = 0;
    Tally tally = count_up(guesses, count, result->arena);
    EntropyBounds bounds = shannon_bounds(tally.q, tally.count);
    for (size_t i = 0; i < count; i++) sum += (double)guesses[i];
    Value *cells = result_row(result);
    cells[c->who] = value_text(who);
    cells[c->first] = value_number(tally.q[0] / (double)count);
    cells[c->mean] = value_number(sum / (double)count);
    cells[c->lower] = value_number(bounds.lower);
    cells[c->upper] = value_number(bounds.upper);
    cells[c->bits] = value_number(bits);
    return tally;
}

/* --- models --- */

/* A model on its way through the passage: a state behind everything before a place. */
typedef struct {
    const Model *model;
    const Corpus *text;
    State *state;
    size_t sentence, position;
} Walk;

static TokenId token_at(const Walk *walk, size_t sentence, size_t position)
{
    size_t count;
    TokenId id = corpus_sentence(walk->text, sentence, &count)[position];
    const char *symbol = vocab_text(corpus_vocab(walk->text), id);
    return vocab_find(walk->model->vocab, symbol, strlen(symbol));
}

static void walk_to(Walk *walk, size_t sentence, size_t position)
{
    if (!walk->state || walk->sentence != sentence) {
        state_free(walk->state);
        walk->state = state_begin(walk->model);
        walk->sentence = sentence;
        walk->position = 0;
    }
    for (; walk->position < position; walk->position++) {
        TokenId id = token_at(walk, sentence, walk->position);
        state_feed(walk->state, id == TOKEN_NONE ? vocab_unknown(walk->model->vocab) : id);
    }
}

static void add_model(const Game *game, const NamedModel *named, const Columns *columns, Result *result)
{
    size_t done = game_done(game), sentence, position;
    size_t *guesses = arena_alloc(result->arena, done, sizeof *guesses);
    double bits = 0;
    Walk walk = {.model = named->model, .text = game_corpus(game)};
    for (size_t i = 0; i < done; i++) {
        game_place(game, i, &sentence, &position);
        walk_to(&walk, sentence, position);
        TokenId id = token_at(&walk, sentence, position);
        guesses[i] = shannon_rank(walk.state, id);
        bits -= state_score(walk.state, id) / log(2);
    }
    state_free(walk.state);
    const char *name = arena_copy(result->arena, named->name, strlen(named->name));
    add_row(columns, name, guesses, done, bits / (double)done + 0.0, result);
}

/* Every model that reads text cut like this one. Under `access api` nobody sees their probabilities. */
static void add_models(Session *session, const Game *game, const Columns *columns, Result *result)
{
    Error ignored;
    Workspace *workspace = session_workspace(session);
    if (workspace->access.api) return;
    for (size_t i = 0; builtin_models[i]; i++) workspace_model(workspace, builtin_models[i], &ignored);
    for (size_t i = 0; i < workspace->model_count; i++) {
        const NamedModel *named = &workspace->models[i];
        if (named->model->tokenizer != game_unit(game) || named->model->scores) continue;
        add_model(game, named, columns, result);
    }
}

/* --- the end of a game --- */

/* "1: 12   2: 3   5: 1" */
static const char *tally_text(const Tally *tally, Arena *arena)
{
    const char *text = "";
    for (size_t i = 0; i < tally->count; i++)
        if (tally->q[i] > 0)
            text = arena_format(arena, "%s%s%zu: %.6g", text, *text ? "   " : "", i + 1, tally->q[i]);
    return text;
}

static void add_tally(Call *call, const Tally *tally, Result *result)
{
    EntropyBounds bounds = shannon_bounds(tally->q, tally->count);
    Tally *kept = call->work = arena_alloc(call->arena, 1, sizeof *kept);
    *kept = *tally;
    result_field(result, "counts", NULL, UNIT_NONE, value_numbers(tally->q, tally->count));
    result_field(result, NULL, "guesses needed %s", UNIT_NONE, value_text(tally_text(tally, call->arena)));
    result_field(result, "lower", "H >= %s", UNIT_BITS, value_number(bounds.lower));
    result_field(result, "upper", "H <= %s bits a symbol", UNIT_BITS, value_number(bounds.upper));
    result->answer = "upper";
}

static void report(Session *session, Call *call, const Game *game, Result *result)
{
    size_t done = game_done(game), *guesses = arena_alloc(call->arena, done + 1, sizeof *guesses);
    bool words = game_unit(game) == TOKENIZER_WORDS;
    result_field(result, "corpus", NULL, UNIT_NONE,
                 value_text(arena_format(call->arena, "%s", corpus_name(game_corpus(game)))));
    result_field(result, "unit", NULL, UNIT_NONE, value_text(words ? "word" : "char"));
    result_field(result, "symbols", words ? "words %s" : "letters %s", UNIT_NONE, value_count(done));
    if (done == 0) {
        result_note(result, _("Nothing was guessed."));
        return;
    }
    for (size_t i = 0; i < done; i++) guesses[i] = game_guesses(game, i);
    Tally tally = count_up(guesses, done, call->arena);
    add_tally(call, &tally, result);
    Columns columns = add_columns(result);
    add_row(&columns, "you", guesses, done, NAN, result);
    add_models(session, game, &columns, result);
    result_note(result,
                _("All on these %zu symbols alone, which a model may have learnt from: the fewer, the "
                  "rougher the bounds."),
                done);
}

/* --- its beginning --- */

/* Text in quotes is the passage itself; a bare word names a corpus or a file. */
static bool is_text(const Call *call) { return call->word_count > 0 && call->words[0].quoted; }

static Tokenizer unit_of(const Call *call, Tokenizer otherwise)
{
    if (!call_given(call, OPT_SYMBOL)) return otherwise;
    return call_is(call, OPT_SYMBOL, "word") ? TOKENIZER_WORDS : TOKENIZER_CHARS;
}

static void play_guesses(const Call *call, Game *game, Result *result)
{
    const OptionValue *value = &call->values[OPT_GUESSES];
    size_t used = 0;
    for (; used < value->count && !game_over(game); used++)
        if (strcmp(value->texts[used], "?") == 0)
            game_tell(game);
        else
            game_guess(game, value->texts[used]);
    if (used < value->count)
        result_note(result, _("%zu guesses were left when all was guessed."), value->count - used);
}

static bool begin_game(Session *session, Call *call, Result *result, Error *error)
{
    Tokenizer unit = unit_of(call, corpus_tokenizer(call->corpus));
    Game *game = game_new(call->corpus, unit, call_size(call, OPT_SYMBOLS), call->seed, error);
    if (!game) return false;
    if (call_given(call, OPT_GUESSES)) {
        play_guesses(call, game, result);
        report(session, call, game, result);
        game_free(game);
        return true;
    }
    result->title = arena_format(call->arena,
                                 unit == TOKENIZER_WORDS ? _("%s: guess %zu words, one after the other")
                                                         : _("%s: guess %zu letters, one after the other"),
                                 corpus_name(call->corpus), game_symbols(game));
    result_field(result, "corpus", NULL, UNIT_NONE,
                 value_text(arena_format(call->arena, "%s", corpus_name(call->corpus))));
    result_field(result, "symbols", NULL, UNIT_NONE, value_count(game_symbols(game)));
    result_field(result, "seed", NULL, UNIT_NONE, value_count(call->seed));
    result_field(result, "text", "%s", UNIT_NONE, value_text(game_text(game, call->arena)));
    result_note(result, _("Type what comes next (_ is a blank); ? tells it, Enter or stop ends the game."));
    guessing_begin(session, game);
    return true;
}

static bool begin_text(Session *session, Call *call, Result *result, Error *error)
{
    const char *text = call->words[0].text;
    call->corpus = corpus_new("text", unit_of(call, TOKENIZER_CHARS), true);
    if (!corpus_add(call->corpus, text, strlen(text), error))
        return error_place(error, call->words[0].start, call->words[0].length);
    return begin_game(session, call, result, error);
}

static bool begin_reading(Session *session, Call *call, Result *result, Error *error)
{
    const Word *word = &call->words[0];
    Corpus *known = workspace_find_corpus(session_workspace(session), word->text);
    if (known)
        call->corpus = corpus_share(known);
    else if (!reading_begin(session, call, word, unit_of(call, TOKENIZER_CHARS), reading_lines(call), error))
        return false;
    return call->job || begin_game(session, call, result, error);
}

static bool run_stop(Session *session, Call *call, Result *result, Error *error)
{
    const Game *game = guessing_game(session);
    if (!game) {
        error_set(error, _("no game is being played"));
        error_hint(error, _("shannon begins one"));
        return error_place(error, call->words[0].start, call->words[0].length);
    }
    report(session, call, game, result);
    guessing_end(session);
    return true;
}

static void run_frequencies(Call *call, Result *result)
{
    const OptionValue *value = &call->values[OPT_FREQUENCIES];
    Tally tally = {.q = value->numbers, .count = value->count};
    add_tally(call, &tally, result);
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    if (call_given(call, OPT_FREQUENCIES)) return run_frequencies(call, result), true;
    if (call->word_count > 0 && !is_text(call) && strcmp(call->words[0].text, "stop") == 0)
        return run_stop(session, call, result, error);
    call->seed =
        call_given(call, OPT_SEED) ? (uint64_t)call_number(call, OPT_SEED) : session_next_seed(session);
    if (is_text(call)) return begin_text(session, call, result, error);
    if (call->word_count > 0) return begin_reading(session, call, result, error);
    call->corpus = corpus_share(workspace_corpus(session_workspace(session)));
    return begin_game(session, call, result, error);
}

static bool finish(Session *session, Call *call, Result *result, bool interrupted, Error *error)
{
    if (interrupted) return error_set(error, _("stopped while reading"));
    reading_finish(call);
    return begin_game(session, call, result, error);
}

/* --- why --- */

static const Fact *explain(const Call *call, const Result *result, const Call *why, Error *error)
{
    (void)result;
    Arena *arena = why->arena;
    const Tally *tally = call->work;
    if (!tally) {
        error_set(error, _("the game is not over yet"));
        error_hint(error, _("shannon stop ends it"));
        return NULL;
    }
    EntropyBounds bounds = shannon_bounds(tally->q, tally->count);
    double sum = 0;
    for (size_t i = 0; i < tally->count; i++) sum += tally->q[i];
    Fact *upper = fact_new(arena, FACT_NUMBER, _("H <= bits a symbol"), "-sum q_i log2 q_i", bounds.upper);
    for (size_t i = 0; i < tally->count; i++)
        if (tally->q[i] > 0)
            fact_because(upper, fact_new(arena, FACT_PROBABILITY,
                                         arena_format(arena, _("q_%zu, right at guess %zu"), i + 1, i + 1),
                                         NULL, tally->q[i] / sum));
    fact_because(upper,
                 fact_note(arena, _("the numbers of guesses tell the text to anyone who guesses in the "
                                    "same order, so the text holds no more than they do")));
    Fact *lower =
        fact_new(arena, FACT_NUMBER, _("H >= bits a symbol"), "sum i (q_i - q_i+1) log2 i", bounds.lower);
    fact_because(lower,
                 fact_note(arena, _("the least entropy of which the best guesses are right as often; the "
                                    "q in falling order")));
    Fact *both = fact_note(arena, _("Shannon's bounds (1951):"));
    return fact_because(fact_because(both, lower), upper);
}

const Command shannon_command = {
    .name = "shannon",
    .family = N_("experiments"),
    .usage = "[corpus|FILE|\"TEXT\"|stop]",
    .summary = N_("Guess a text symbol by symbol: bounds of its entropy, and how models do"),
    .example = "shannon \"the mouse\" guesses=t,h,e,_,c,m,o,u,s,e",
    .subwords = "stop",
    .words = WORDS_CORPUS,
    .most = 1,
    .options = OPTIONS(OPT_SYMBOL, OPT_SYMBOLS, OPT_SEED, OPT_LINES, OPT_GUESSES, OPT_FREQUENCIES),
    .run = run,
    .finish = finish,
    .explain = explain,
};
