#include "repl/commands/guessing.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/utf8.h"
#include "repl/commands/commands.h"

static void free_game(void *self) { game_free(self); }

static void place(const void *self, char *text, size_t size)
{
    snprintf(text, size, "shannon %zu/%zu ", game_done(self) + 1, game_symbols(self));
}

static void stop(Session *session)
{
    Error ignored;
    session_push(session, NULL, "shannon stop", &ignored);
}

/* What a line that is typed has to say; blanks around a word are nothing, a line of blanks is a blank. */
static const char *guess_of(const Game *game, const char *line, Arena *arena)
{
    size_t start = strspn(line, " \t"), length = strcspn(line + start, "\r\n");
    if (length == 0) return game_unit(game) == TOKENIZER_CHARS && start > 0 ? " " : "";
    while (length > 0 && strchr(" \t", line[start + length - 1])) length--;
    return arena_copy(arena, line + start, length);
}

static bool is_command(const char *word)
{
    for (size_t i = 0; command_table[i]; i++)
        if (command_is(command_table[i], word)) return true;
    return false;
}

static bool is_guess(const Game *game, const char *text)
{
    if (strcmp(text, "?") == 0) return true;
    if (game_unit(game) == TOKENIZER_WORDS)
        return !text[strcspn(text, " \t;")] && (game_knows(game, text) || !is_command(text));
    return strcmp(text, "\\n") == 0 || utf8_step(text, strlen(text)) == strlen(text);
}

static void tell(Session *session, const Game *game, const char *mark, Arena *arena)
{
    const SessionOptions *options = session_options(session);
    if (options->quiet) return;
    fprintf(options->err, "  %s  %s\n", mark, game_text(game, arena));
}

static void guess(Session *session, Game *game, const char *text, Arena *arena)
{
    size_t tries = game_tries(game) + 1;
    Guess answer = game_guess(game, text);
    if (answer == GUESS_WRONG && strcmp(text, "?") == 0) {
        game_tell(game);
        tell(session, game, _("[--] told."), arena);
    } else if (answer == GUESS_RIGHT) {
        tell(session, game, arena_format(arena, _("[ok] guess %zu."), tries), arena);
    } else {
        tell(session, game,
             answer == GUESS_REPEATED ? _("(You had that.)") : arena_format(arena, _("[--] not '%s'."), text),
             arena);
    }
    if (game_over(game)) stop(session);
}

static bool takes(Session *session, void *self, const char *line)
{
    Arena arena = {0};
    Game *game = self;
    bool several = strchr(line, '\n') && strchr(line, '\n')[1];
    const char *text = guess_of(game, line, &arena);
    bool ends = !*text || strcmp(text, "stop") == 0 || strcmp(text, "leave") == 0;
    bool taken = !several && (ends || is_guess(game, text));
    if (taken && ends)
        stop(session);
    else if (taken)
        guess(session, game, text, &arena);
    arena_release(&arena);
    return taken;
}

void guessing_begin(Session *session, Game *game)
{
    session_listen(session, (Listener){.self = game, .takes = takes, .place = place, .free = free_game});
}

Game *guessing_game(const Session *session)
{
    const Listener *listener = session_listener(session);
    return listener->takes == takes ? listener->self : NULL;
}

void guessing_end(Session *session)
{
    if (guessing_game(session)) session_listen(session, (Listener){.self = NULL});
}
