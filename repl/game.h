/* game.h - the Shannon game: a passage of a text is guessed symbol by symbol, each until it is right. Knows
 * nothing of sessions and screens. */
#ifndef REPL_GAME_H
#define REPL_GAME_H

#include "core/base/arena.h"
#include "core/text/corpus.h"

typedef struct Game Game;

/* A passage of up to `symbols` words or characters. Of lines: whole sentences from one that `seed` chooses,
 * the last one cut; of a stream: from a place it chooses, with some text before it to start from. Fails when
 * the corpus has no symbols. The corpus may be cut in the other way: its text is cut anew. */
Game *game_new(const Corpus *corpus, Tokenizer unit, size_t symbols, uint64_t seed, Error *error);
void game_free(Game *game); /* NULL is fine */

/* --- playing --- */
typedef enum { GUESS_WRONG, GUESS_REPEATED, GUESS_RIGHT } Guess;

/* Until game_over. A blank may be typed as _, a newline as \n. A guess that was made before is not counted.
 */
Guess game_guess(Game *game, const char *guess);
void game_tell(Game *game); /* give up on a symbol: counts as if it had come last of all in the vocabulary */
bool game_over(const Game *game);

/* --- looking --- */
bool game_knows(const Game *game, const char *symbol); /* whether it stands anywhere in the text */
Tokenizer game_unit(const Game *game);
size_t game_symbols(const Game *game);                 /* of the passage */
size_t game_done(const Game *game);                    /* guessed so far */
size_t game_tries(const Game *game);                   /* of the symbol at hand, so far */
size_t game_guesses(const Game *game, size_t i);       /* that symbol i < game_done took */
const char *game_text(const Game *game, Arena *arena); /* what is known of the sentence at hand, and "_" */

/* --- for models: the same passage --- */
const Corpus *game_corpus(const Game *game); /* the passage, with what was given before it */

/* Where symbol i stands in it: everything before it in that sentence is known. */
void game_place(const Game *game, size_t i, size_t *sentence, size_t *position);

#endif
