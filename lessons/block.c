#include "lessons/block.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "lessons/answer.h"
#include "lessons/line.h"
#include "lessons/predicate.h"
#include "lessons/transcript.h"

enum { IN_DO = 1, IN_QUESTION = 2 };

typedef enum {
    KEY_ID,
    KEY_TYPE,
    KEY_ANSWER,
    KEY_EQUALS,
    KEY_TOL,
    KEY_UNIT,
    KEY_RIGHT,
    KEY_SOLUTION,
    KEY_HINT,
    KEY_CHECK,
    KEY_WRONG,
    KEYS
} Key;

static const struct {
    const char *name;
    unsigned blocks;
} keys[KEYS] = {
    [KEY_ID] = {"id", IN_QUESTION},
    [KEY_TYPE] = {"type", IN_QUESTION},
    [KEY_ANSWER] = {"answer", IN_QUESTION},
    [KEY_EQUALS] = {"equals", IN_QUESTION},
    [KEY_TOL] = {"tol", IN_QUESTION},
    [KEY_UNIT] = {"unit", IN_QUESTION},
    [KEY_RIGHT] = {"right", IN_QUESTION},
    [KEY_SOLUTION] = {"solution", IN_DO},
    [KEY_CHECK] = {"check", IN_DO},
    [KEY_WRONG] = {"wrong", IN_DO | IN_QUESTION},
    [KEY_HINT] = {"hint", IN_DO | IN_QUESTION},
};

/* What the lines of a block say, before it is known whether they make a task or a question. */
typedef struct {
    const char *single[KEYS];
    size_t lines[KEYS];
    const char *no_equals, *no_hint;
    const char **checks;
    size_t *check_lines;
    Wrong *wrongs;
    Choice *choices;
    size_t check_count, wrong_count, choice_count;
} Fields;

static bool read_choice(Reader *reader, Fields *fields, char *line, size_t number)
{
    bool right = strncmp(line, "- [x]", 5) == 0;
    if ((!right && strncmp(line, "- [ ]", 5) != 0) || !*line_trim(line + 5))
        return reader_refuse(reader, number, _("this is not an option"),
                             _("write - [ ] text, or - [x] text if it is right"));
    fields->choices[fields->choice_count++] = (Choice){line_trim(line + 5), right};
    return true;
}

static bool read_check(Reader *reader, Fields *fields, char *predicate, size_t number, size_t column)
{
    if (!predicate_check(predicate, reader->error))
        return reader_blame(reader, number, column + reader->error->start);
    fields->check_lines[fields->check_count] = number;
    fields->checks[fields->check_count++] = predicate;
    return true;
}

static bool read_wrong(Reader *reader, Fields *fields, char *value, size_t number)
{
    char *message = line_cut(value, '|');
    if (!message || !*message || !*value)
        return reader_refuse(reader, number, _("wrong: has no message"),
                             _("write wrong: what is typed | what to say to it"));
    fields->wrongs[fields->wrong_count++] = (Wrong){value, message, number};
    return true;
}

/* "none | reason" at *value: *value becomes NULL, and the reason comes back. */
static bool read_none(Reader *reader, const char **value, const char **reason, size_t line)
{
    *reason = NULL;
    if (!*value || strncmp(*value, "none", 4) != 0 || !strchr(" \t|", (*value)[4])) return true;
    char *rest = line_cut(arena_copy(reader->arena, *value, strlen(*value)), '|');
    if (!rest || !*rest)
        return reader_refuse(reader, line, _("none has no reason"), _("write none | why there is none"));
    *value = NULL;
    *reason = rest;
    return true;
}

static bool read_reasons(Reader *reader, Fields *fields)
{
    const char **single = fields->single;
    if (!read_none(reader, &single[KEY_EQUALS], &fields->no_equals, fields->lines[KEY_EQUALS]) ||
        !read_none(reader, &single[KEY_HINT], &fields->no_hint, fields->lines[KEY_HINT]))
        return false;
    return !single[KEY_HINT] ||
           reader_refuse(reader, fields->lines[KEY_HINT], _("hints stand in a block of their own"),
                         _("write ```lm hint behind this block, or hint: none | reason"));
}

static bool refuse_key(Reader *reader, unsigned block, size_t number)
{
    return reader_refuse(
        reader, number, _("this line has no key that is known here"),
        block == IN_DO
            ? _("the keys are check:, solution:, wrong: and hint:")
            : _("the keys are id:, type:, answer:, equals:, tol:, unit:, right:, wrong: and hint:"));
}

static bool read_field(Reader *reader, Fields *fields, unsigned block, char *line, size_t number)
{
    if (block == IN_QUESTION && strncmp(line, "- ", 2) == 0) return read_choice(reader, fields, line, number);
    char *value = line_cut(line, ':');
    size_t key = 0;
    while (key < KEYS && !(strcmp(keys[key].name, line) == 0 && keys[key].blocks & block)) key++;
    if (!value || key == KEYS) return refuse_key(reader, block, number);
    if (!*value)
        return reader_refuse(reader, number, _("this key has no value"), _("write it after the colon"));
    if (key == KEY_CHECK) return read_check(reader, fields, value, number, reader_column(line, value));
    if (key == KEY_WRONG) return read_wrong(reader, fields, value, number);
    if (fields->single[key])
        return reader_refuse(reader, number, _("this key is given twice"), _("drop one of the two"));
    fields->single[key] = value;
    fields->lines[key] = number;
    return true;
}

static bool read_fields(Reader *reader, Fields *fields, unsigned block, char *text, size_t number)
{
    Arena *arena = reader->arena;
    size_t most = line_count(text);
    *fields = (Fields){0};
    fields->checks = arena_alloc(arena, most, sizeof *fields->checks);
    fields->check_lines = arena_alloc(arena, most, sizeof *fields->check_lines);
    fields->wrongs = arena_alloc(arena, most, sizeof *fields->wrongs);
    fields->choices = arena_alloc(arena, most, sizeof *fields->choices);
    for (char *line; (line = line_next(&text)); number++)
        if (*line && !read_field(reader, fields, block, line, number)) return false;
    return read_reasons(reader, fields);
}

static bool read_task(Reader *reader, Block *block, char *text, const Block *others)
{
    (void)others;
    Fields fields;
    if (!read_fields(reader, &fields, IN_DO, text, block->line + 1)) return false;
    if (fields.check_count == 0 || !fields.single[KEY_SOLUTION])
        return reader_refuse(reader, block->line, _("this task cannot be checked"),
                             _("give it at least one check: and a solution:"));
    block->task = (Task){.checks = {fields.checks, fields.check_lines, fields.check_count},
                         .solution = fields.single[KEY_SOLUTION],
                         .solution_line = fields.lines[KEY_SOLUTION],
                         .no_hint = fields.no_hint,
                         .wrongs = fields.wrongs,
                         .wrong_count = fields.wrong_count};
    return true;
}

static bool check_id(Reader *reader, const Block *block, const Block *others)
{
    const char *id = block->question.id;
    if (!*id && block->kind == BLOCK_PREDICT) return true;
    if (!reader_is_id(id))
        return reader_refuse(reader, block->line, _("the question has no id"),
                             _("write id: with letters, digits, hyphens"));
    for (const Block *other = others; other < block; other++)
        if ((other->kind == BLOCK_ASK || other->kind == BLOCK_PREDICT) && strcmp(other->question.id, id) == 0)
            return reader_refuse(reader, block->line, _("another question has this id"),
                                 _("give each its own"));
    return true;
}

static bool read_question(Reader *reader, Block *block, char *text, const Block *others)
{
    Fields fields;
    Question *question = &block->question;
    size_t line = block->line;
    if (!read_fields(reader, &fields, IN_QUESTION, text, line + 1)) return false;
    *question = (Question){
        .id = fields.single[KEY_ID] ? fields.single[KEY_ID] : "",
        .answer = fields.single[KEY_ANSWER],
        .equals = fields.single[KEY_EQUALS],
        .equals_line = fields.lines[KEY_EQUALS],
        .no_equals = fields.no_equals,
        .no_hint = fields.no_hint,
        .unit = fields.single[KEY_UNIT],
        .right = fields.single[KEY_RIGHT],
        .choices = fields.choices,
        .choice_count = fields.choice_count,
        .wrongs = fields.wrongs,
        .wrong_count = fields.wrong_count,
    };
    if (!answer_read_rule(question, fields.single[KEY_TYPE], fields.single[KEY_TOL], reader->error) ||
        !answer_check(question, block->kind == BLOCK_PREDICT, &line, reader->error))
        return reader_blame(reader, line, 1);
    return check_id(reader, block, others);
}

static bool read_setup(Reader *reader, Block *block, char *text, const Block *others)
{
    (void)others;
    const char **at = arena_alloc(reader->arena, line_count(text), sizeof *at);
    size_t *lines = arena_alloc(reader->arena, line_count(text), sizeof *lines);
    size_t count = 0, number = block->line;
    for (char *line; (line = line_next(&text));) {
        number++;
        if (!*line) continue;
        lines[count] = number;
        at[count++] = line;
    }
    block->lines = (Lines){at, lines, count};
    return true;
}

static bool read_hints(Reader *reader, Block *block, char *text, const Block *others)
{
    (void)others;
    const char **hints = arena_alloc(reader->arena, line_count(text), sizeof *hints);
    size_t *lines = arena_alloc(reader->arena, line_count(text), sizeof *lines);
    size_t count = 0, number = block->line;
    for (char *line; (line = line_next(&text));) {
        number++;
        if (!*line) continue;
        char *end;
        if (strtoul(line, &end, 10) != count + 1 || strncmp(end, ". ", 2) != 0)
            return reader_refuse(reader, number, _("the hints are not numbered"),
                                 _("write 1. text, 2. text, each on one line"));
        lines[count] = number;
        hints[count++] = line_trim(end + 2);
    }
    block->lines = (Lines){hints, lines, count};
    return true;
}

static bool read_run(Reader *reader, Block *block, char *text, const Block *others)
{
    (void)others;
    Transcript transcript = transcript_open(text, reader->arena);
    TranscriptEntry entry;
    block->text = text;
    return transcript_next(&transcript, &entry) ||
           reader_refuse(reader, block->line, _("nothing is run here"), _("write lm> before each command"));
}

typedef bool BlockReader(Reader *reader, Block *block, char *text, const Block *others);
static const struct {
    const char *name;
    BlockReader *read;
} kinds[] = {
    [BLOCK_SETUP] = {"setup", read_setup}, [BLOCK_RUN] = {"run", read_run},
    [BLOCK_DO] = {"do", read_task},        [BLOCK_ASK] = {"ask", read_question},
    [BLOCK_HINT] = {"hint", read_hints},   [BLOCK_PREDICT] = {"predict", read_question},
};

bool block_kind(const char *name, BlockKind *kind)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (kinds[i].name && strcmp(kinds[i].name, name) == 0) return *kind = (BlockKind)i, true;
    return false;
}

bool block_read(Reader *reader, Block *block, char *text, const Block *others)
{
    return kinds[block->kind].read(reader, block, text, others);
}

/* --- numbers in prose --- */

/* The last " = " of the line parts command and value: options are written without blanks. */
static bool read_quote(Reader *reader, char *line, size_t number, Quote *quote)
{
    char *mark = NULL;
    for (char *at = line; (at = strstr(at, " = ")); at++) mark = at;
    if (mark) *mark = '\0';
    *quote = (Quote){.command = line_trim(line), .value = mark ? line_trim(mark + 3) : "", .line = number};
    const char *value = quote->value;
    double ignored;
    return (*quote->command && answer_scan(&value, &ignored)) ||
           reader_refuse(reader, number, _("this is no number with its command"),
                         _("write COMMAND = the number as the prose has it"));
}

bool block_read_quotes(Reader *reader, char *comment, size_t line, Quotes *quotes)
{
    Quote *all = arena_alloc(reader->arena, line_count(comment), sizeof *all);
    size_t count = 0;
    char *end = strstr(comment, "-->"), *text = comment + strlen("<!-- lm:");
    if (!end) return reader_refuse(reader, line, _("this comment never ends"), _("write --> below it"));
    *end = '\0';
    for (char *row; (row = line_next(&text)); line++)
        if (*row && !read_quote(reader, row, line, &all[count++])) return false;
    *quotes = (Quotes){all, count};
    return true;
}
