#include "repl/game.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/base/random.h"

enum { GIVEN = 60 /* symbols of a stream that are shown before the passage */ };

struct Game {
    Corpus *text;
    size_t given, symbols; /* before the passage; in it */
    size_t sentence, position;
    size_t done, tries;
    size_t *guesses; /* (symbols) */
    Vocab *tried;    /* for the symbol at hand */
    size_t all;      /* different symbols of the corpus */
};

/* --- the passage --- */

/* How much of the sentence from `from` on is taken when `room` symbols are wanted, and added. */
static bool add_piece(Game *game, const Corpus *corpus, size_t sentence, size_t from, Error *error)
{
    size_t count;
    const TokenId *ids = corpus_sentence(corpus, sentence, &count);
    size_t most = game->given + game->symbols, rest = count - from;
    /* a symbol of the passage is at least one token of the corpus, or a part of one */
    size_t taken = rest < 16 * most ? rest : 16 * most;
    char *text = tokenizer_join(corpus_tokenizer(corpus), corpus_vocab(corpus), ids + from, taken);
    bool ok = corpus_add(game->text, text, strlen(text), error);
    free(text);
    return ok;
}

static size_t symbols_of(const Game *game)
{
    return corpus_tokens(game->text) > game->given ? corpus_tokens(game->text) - game->given : 0;
}

static bool take_lines(Game *game, const Corpus *corpus, Random *random, Error *error)
{
    size_t all = corpus_sentences(corpus), first = (size_t)(random_unit(random) * (double)all);
    for (size_t i = 0; i < all && symbols_of(game) < game->symbols; i++)
        if (!add_piece(game, corpus, (first + i) % all, 0, error)) return false;
    return true;
}

static bool take_stream(Game *game, const Corpus *corpus, Random *random, Error *error)
{
    size_t count = corpus_tokens(corpus), wanted = game->symbols + GIVEN;
    size_t places = count > wanted ? count - wanted : 0;
    bool same = corpus_tokenizer(corpus) == game_unit(game);
    game->given = same && count > wanted ? GIVEN : 0;
    return add_piece(game, corpus, 0, (size_t)(random_unit(random) * (double)places), error);
}

static void skip(Game *game)
{
    size_t count;
    while (game->sentence < corpus_sentences(game->text) &&
           (corpus_sentence(game->text, game->sentence, &count), game->position >= count)) {
        game->sentence++;
        game->position = 0;
    }
}

Game *game_new(const Corpus *corpus, Tokenizer unit, size_t symbols, uint64_t seed, Error *error)
{
    Random random = random_seeded(seed);
    Game *game = must_alloc(1, sizeof *game);
    game->text = corpus_new(corpus_name(corpus), unit, corpus_lines(corpus));
    game->symbols = symbols;
    game->tried = vocab_new();
    bool ok = corpus_lines(corpus) ? take_lines(game, corpus, &random, error)
                                   : take_stream(game, corpus, &random, error);
    if (ok && symbols_of(game) == 0) ok = error_set(error, _("%s has nothing to guess"), corpus_name(corpus));
    if (!ok) {
        game_free(game);
        return NULL;
    }
    if (game->symbols > symbols_of(game)) game->symbols = symbols_of(game);
    game->guesses = must_alloc(game->symbols, sizeof *game->guesses);
    bool same = corpus_tokenizer(corpus) == unit;
    game->all = vocab_size(corpus_vocab(same ? corpus : game->text));
    game->position = game->given;
    skip(game);
    return game;
}

void game_free(Game *game)
{
    if (!game) return;
    corpus_free(game->text);
    vocab_free(game->tried);
    free(game->guesses);
    free(game);
}

/* --- playing --- */

static const char *symbol(const Game *game)
{
    size_t count;
    return vocab_text(corpus_vocab(game->text),
                      corpus_sentence(game->text, game->sentence, &count)[game->position]);
}

/* What is meant by a guess: signs stand for characters that are not seen. */
static const char *meant(const Game *game, const char *guess)
{
    if (game_unit(game) == TOKENIZER_WORDS) return guess;
    if (strcmp(guess, "_") == 0 && strcmp(symbol(game), "_") != 0) return " ";
    return strcmp(guess, "\\n") == 0 ? "\n" : guess;
}

static void settle(Game *game, size_t guesses)
{
    game->guesses[game->done++] = guesses;
    game->tries = 0;
    game->position++;
    skip(game);
    vocab_free(game->tried);
    game->tried = vocab_new();
}

Guess game_guess(Game *game, const char *typed)
{
    assert(!game_over(game));
    const char *guess = meant(game, typed);
    size_t length = strlen(guess);
    if (vocab_find(game->tried, guess, length) != TOKEN_NONE) return GUESS_REPEATED;
    vocab_add(game->tried, guess, length);
    game->tries++;
    if (strcmp(symbol(game), guess) != 0) return GUESS_WRONG;
    settle(game, game->tries);
    return GUESS_RIGHT;
}

void game_tell(Game *game)
{
    assert(!game_over(game));
    settle(game, game->all > game->tries ? game->all : game->tries + 1);
}

bool game_over(const Game *game) { return game->done == game->symbols; }

/* --- looking --- */

bool game_knows(const Game *game, const char *symbol)
{
    return vocab_find(corpus_vocab(game->text), symbol, strlen(symbol)) != TOKEN_NONE;
}

Tokenizer game_unit(const Game *game) { return corpus_tokenizer(game->text); }
size_t game_symbols(const Game *game) { return game->symbols; }
size_t game_done(const Game *game) { return game->done; }
size_t game_tries(const Game *game) { return game->tries; }
size_t game_guesses(const Game *game, size_t i) { return game->guesses[i]; }
const Corpus *game_corpus(const Game *game) { return game->text; }

/* A sentence that is complete stands until the next one has begun. */
const char *game_text(const Game *game, Arena *arena)
{
    size_t count;
    bool over = game_over(game) || game->sentence == corpus_sentences(game->text);
    bool before = game->position == 0 && game->sentence > 0;
    size_t sentence = before ? game->sentence - 1 : game->sentence;
    const TokenId *ids = corpus_sentence(game->text, sentence, &count);
    size_t known = before ? count : game->position;
    char *text = tokenizer_join(game_unit(game), corpus_vocab(game->text), ids, known);
    const char *joint = known ? tokenizer_joint(game_unit(game)) : "";
    const char *shown = over     ? arena_format(arena, "%s", text)
                        : before ? arena_format(arena, "%s / _", text)
                                 : arena_format(arena, "%s%s_", text, joint);
    free(text);
    return shown;
}

void game_place(const Game *game, size_t i, size_t *sentence, size_t *position)
{
    size_t count, left = game->given + i;
    for (*sentence = 0;; ++*sentence) {
        corpus_sentence(game->text, *sentence, &count);
        if (left < count) break;
        left -= count;
    }
    *position = left;
}
