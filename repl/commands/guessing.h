/* guessing.h - the Shannon game at the prompt: lines that are typed become guesses. For `shannon`. */
#ifndef REPL_COMMANDS_GUESSING_H
#define REPL_COMMANDS_GUESSING_H

#include "repl/game.h"
#include "repl/session.h"

/* The session takes the game over; its lines are guesses until all is guessed, an empty line or `stop` ends
 * it (which runs `shannon stop`), or Ctrl-C drops it. */
void guessing_begin(Session *session, Game *game);
Game *guessing_game(const Session *session); /* the one under way, borrowed; NULL when there is none */
void guessing_end(Session *session);

#endif
