#include "repl/statement.h"

#include <stdint.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/utf8.h"

/* The reading position. `text` is the folded copy; origin[i] is where its byte i stood in the line. */
typedef struct {
    Arena *arena;
    const char *line;
    char *text;
    size_t *origin;
    size_t at, length;
    bool folded;
} Scanner;

static uint32_t fold(uint32_t character)
{
    if (character >= 0xFF01 && character <= 0xFF5E) return character - 0xFEE0;
    if (character == 0x3000) return ' ';
    if (character == 0x201C || character == 0x201D) return '"';
    return character;
}

/* Copy the line with full-width forms made ASCII; inside strings only the closing quote is looked for. */
static void fold_line(Scanner *s)
{
    size_t length = strlen(s->line);
    char quote = 0;
    for (size_t at = 0, step; at < length; at += step) {
        uint32_t character = utf8_decode(s->line + at, length - at, &step), folded = fold(character);
        if (quote && folded != (unsigned char)quote) folded = character;
        bool opens = s->length == 0 || strchr(" \t=,;@", s->text[s->length - 1]);
        if (quote && folded == (unsigned char)quote)
            quote = 0;
        else if (!quote && (folded == '"' || folded == '\'') && opens)
            quote = (char)folded;
        s->folded = s->folded || folded != character;
        for (size_t i = 0; i < (folded == character ? step : 1); i++) {
            s->origin[s->length] = at + i;
            s->text[s->length++] = (char)(folded == character ? (unsigned char)s->line[at + i] : folded);
        }
    }
    s->origin[s->length] = length;
}

static char peek(const Scanner *s) { return s->text[s->at]; }
static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

static void skip_blanks(Scanner *s)
{
    while (is_blank(peek(s))) s->at++;
}

static Word make_word(const Scanner *s, size_t from, size_t to, size_t begin, size_t end, bool quoted)
{
    return (Word){.text = arena_copy(s->arena, s->text + from, to - from),
                  .start = s->origin[begin],
                  .length = s->origin[end] - s->origin[begin],
                  .quoted = quoted};
}

/* A string or a run of characters up to a blank, a ";" or one of `stops`. */
static bool read_word(Scanner *s, const char *stops, Word *word, Error *error)
{
    size_t begin = s->at;
    char quote = peek(s);
    if (quote != '"' && quote != '\'') {
        while (peek(s) && !is_blank(peek(s)) && peek(s) != ';' && !strchr(stops, peek(s))) s->at++;
        *word = make_word(s, begin, s->at, begin, s->at, false);
        return true;
    }
    const char *close = strchr(s->text + begin + 1, quote);
    if (!close) {
        error_set(error, _("this %c is never closed"), quote);
        error_hint(error, _("close it, or write a %c that belongs to a word inside %s"), quote,
                   quote == '"' ? "'...'" : "\"...\"");
        return error_place(error, s->origin[begin], s->origin[s->length] - s->origin[begin]);
    }
    s->at = (size_t)(close - s->text) + 1;
    *word = make_word(s, begin + 1, s->at - 1, begin, s->at, true);
    return true;
}

/* Length of "key=" at the reading position, or 0. */
static size_t option_key(const Scanner *s)
{
    const char *text = s->text + s->at;
    size_t length = 0;
    while (text[length] == '_' || (text[length] >= '0' && text[length] <= '9' && length > 0) ||
           (text[length] >= 'a' && text[length] <= 'z') || (text[length] >= 'A' && text[length] <= 'Z'))
        length++;
    return length > 0 && text[length] == '=' ? length + 1 : 0;
}

/* Room for one more element: at every power of two the array moves to twice the space. */
static void *grown(Scanner *s, void *array, size_t count, size_t size)
{
    if ((count & (count - 1)) != 0) return array;
    void *more = arena_alloc(s->arena, count ? count * 2 : 1, size);
    if (count) memcpy(more, array, count * size);
    return more;
}

static bool read_list(Scanner *s, Word **words, size_t *count, Error *error)
{
    for (;;) {
        *words = grown(s, *words, *count, sizeof **words);
        if (!read_word(s, ",", &(*words)[*count], error)) return false;
        ++*count;
        if (peek(s) != ',') return true;
        s->at++;
    }
}

static bool read_option(Scanner *s, Statement *statement, size_t key_length, Error *error)
{
    statement->options = grown(s, statement->options, statement->option_count, sizeof(OptionWords));
    OptionWords *option = &statement->options[statement->option_count++];
    option->key = make_word(s, s->at, s->at + key_length - 1, s->at, s->at + key_length - 1, false);
    s->at += key_length;
    return read_list(s, &option->values, &option->count, error);
}

static bool read_path(Scanner *s, Statement *statement, Error *error)
{
    size_t arrow = s->at++;
    skip_blanks(s);
    if (peek(s) && peek(s) != ';') return read_word(s, "", &statement->path, error);
    error_set(error, _("\">\" needs a file name after it"));
    error_hint(error, _("for example: > result.csv"));
    return error_place(error, s->origin[arrow], 1);
}

static bool read_plain_word(Scanner *s, Statement *statement, Error *error)
{
    statement->words = grown(s, statement->words, statement->word_count, sizeof(Word));
    return read_word(s, "", &statement->words[statement->word_count++], error);
}

static bool is_alone(const Scanner *s, const char *mark)
{
    size_t length = strlen(mark);
    if (strncmp(s->text + s->at, mark, length) != 0) return false;
    char after = s->text[s->at + length];
    return after == '\0' || is_blank(after);
}

static bool read_argument(Scanner *s, Statement *statement, bool *only_words, Error *error)
{
    size_t key_length = option_key(s);
    if (*only_words) return read_plain_word(s, statement, error);
    if (is_alone(s, "--")) {
        s->at += 2;
        return *only_words = true;
    }
    if (is_alone(s, ">")) return read_path(s, statement, error);
    if (key_length) return read_option(s, statement, key_length, error);
    if (peek(s) != '@') return read_plain_word(s, statement, error);
    s->at++;
    return read_list(s, &statement->models, &statement->model_count, error);
}

/* Up to ";", "#" or the end of the line. */
static bool read_statement(Scanner *s, Statement *statement, Error *error)
{
    size_t begin = s->at;
    bool only_words = false;
    if (!read_word(s, "", &statement->verb, error)) return false;
    for (skip_blanks(s); peek(s) && peek(s) != ';' && peek(s) != '#'; skip_blanks(s)) {
        if (strcmp(statement->verb.text, "time") == 0 && !statement->timed && !statement->word_count) {
            statement->timed = true;
            if (!read_word(s, "", &statement->verb, error)) return false;
        } else if (!read_argument(s, statement, &only_words, error)) {
            return false;
        }
    }
    size_t end = s->at;
    while (end > begin && is_blank(s->text[end - 1])) end--;
    statement->source = arena_copy(s->arena, s->line + s->origin[begin], s->origin[end] - s->origin[begin]);
    return true;
}

static bool read_statements(Scanner *s, Line *line, Error *error)
{
    for (skip_blanks(s); peek(s) && peek(s) != '#'; skip_blanks(s)) {
        if (peek(s) == ';') {
            s->at++;
            continue;
        }
        line->statements = grown(s, line->statements, line->count, sizeof(Statement));
        if (!read_statement(s, &line->statements[line->count++], error)) return false;
    }
    return true;
}

bool line_parse(const char *text, Arena *arena, Line *line, Error *error)
{
    size_t length = strlen(text), good = utf8_valid_prefix(text, length);
    *line = (Line){0};
    if (good < length) {
        error_set(error, _("byte %zu of this line is not UTF-8"), good + 1);
        error_hint(error, _("set the terminal to UTF-8, or convert the script with iconv"));
        return error_place(error, good, 1);
    }
    Scanner scanner = {.arena = arena, .line = text};
    scanner.text = arena_alloc(arena, length + 1, 1);
    scanner.origin = arena_alloc(arena, length + 1, sizeof *scanner.origin);
    fold_line(&scanner);
    line->folded = scanner.folded;
    return read_statements(&scanner, line, error);
}
