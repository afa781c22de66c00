#include "lessons/lesson.h"

#include <cmark.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/base/utf8.h"
#include "lessons/answer.h"
#include "lessons/line.h"
#include "lessons/predicate.h"
#include "lessons/prose.h"
#include "lessons/transcript.h"

enum { LESSON_BYTES_MAX = 256 * 1024 };

/* One file on its way into a Lesson. */
typedef struct {
    Lesson *lesson;
    Error *error;
    size_t header_lines; /* which cmark does not see */
    Step *steps;         /* large enough for all, like blocks; filled in order */
    Block *blocks;
    size_t block_count;
    Prose prose; /* of the block under way */
    size_t prose_line;
} Reader;

/* Puts the line in front of the error that was just set; false. */
static bool on_line(Reader *reader, size_t line)
{
    Error cause = *reader->error;
    error_set(reader->error, _("line %zu: %s"), line, cause.message);
    return error_hint(reader->error, "%s", cause.hint);
}

static bool refuse(Reader *reader, size_t line, const char *message, const char *hint)
{
    error_set(reader->error, "%s", message);
    error_hint(reader->error, "%s", hint);
    return on_line(reader, line);
}

/* --- text --- */

static bool check_bytes(Reader *reader, const char *text, size_t line)
{
    size_t length = strlen(text), clean = line_clean_prefix(text, length);
    if (clean == length) return true;
    for (size_t i = 0; i < clean; i++) line += text[i] == '\n';
    return refuse(reader, line, _("not plain text"), _("use UTF-8 without control characters"));
}

static bool is_id(const char *id)
{
    if (!*id) return false;
    for (; *id; id++)
        if (!isalnum((unsigned char)*id) && *id != '-') return false;
    return true;
}

/* --- header --- */

enum { FORMAT, ID, TITLE, NEEDS, MINUTES, HEADER_KEYS };
static const char *const header_names[] = {"format", "id", "title", "needs", "minutes"};

static bool read_header_line(Reader *reader, char *line, size_t number, const char *values[HEADER_KEYS])
{
    if (!*line) return true;
    char *value = line_cut(line, ':');
    if (!value)
        return refuse(reader, number, _("this is not a line of a header"),
                      _("write key: value, and --- at its end"));
    for (size_t i = 0; i < HEADER_KEYS; i++) {
        if (strcmp(line, header_names[i]) != 0) continue;
        if (values[i]) return refuse(reader, number, _("this key is given twice"), _("drop one of the two"));
        values[i] = value;
    }
    return true;
}

static bool check_header(Reader *reader, const char *const values[HEADER_KEYS])
{
    for (size_t i = 0; i < HEADER_KEYS; i++) {
        if (values[i] && (*values[i] || i == NEEDS)) continue;
        error_set(reader->error, _("the header has no %s"), header_names[i]);
        error_hint(reader->error, _("it needs format, id, title, needs and minutes"));
        return on_line(reader, 1);
    }
    if (strcmp(values[FORMAT], "1") != 0)
        return refuse(reader, 1, _("this format of lessons is not known"), _("write format: 1"));
    return is_id(values[ID]) ||
           refuse(reader, 1, _("the id of the lesson is not an id"), _("use letters, digits and hyphens"));
}

/* Leaves *text behind the header. */
static bool read_header(Reader *reader, char **text)
{
    const char *values[HEADER_KEYS] = {0};
    char *line = line_next(text);
    if (!line || strcmp(line, "---") != 0)
        return refuse(reader, 1, _("there is no header"),
                      _("begin with ---, then format: 1, id:, title: ..."));
    size_t number = 2;
    for (; (line = line_next(text)) && strcmp(line, "---") != 0; number++)
        if (!read_header_line(reader, line, number, values)) return false;
    if (!line) return refuse(reader, number - 1, _("the header never ends"), _("write --- below it"));
    reader->header_lines = number;
    reader->lesson->id = values[ID];
    reader->lesson->title = values[TITLE];
    reader->lesson->needs = values[NEEDS];
    reader->lesson->minutes = values[MINUTES];
    return check_header(reader, values);
}

/* --- prose and its place --- */

static bool is_kind(cmark_node *node, cmark_node_type type) { return cmark_node_get_type(node) == type; }

static size_t line_of(const Reader *reader, cmark_node *node)
{
    int line = cmark_node_get_start_line(node);
    return reader->header_lines + (line > 0 ? (size_t)line : 1);
}

/* The words after "lm" where the node is a block for lmsh, else NULL. */
static const char *lm_info(cmark_node *node)
{
    const char *info = is_kind(node, CMARK_NODE_CODE_BLOCK) ? cmark_node_get_fence_info(node) : "";
    if (strncmp(info, "lm", 2) != 0 || (info[2] != '\0' && info[2] != ' ' && info[2] != '\t')) return NULL;
    return info + 2 + strspn(info + 2, " \t");
}

/* A block for lmsh is a step of the lesson, which no list or quotation can hold. */
static bool check_nesting(Reader *reader, cmark_node *top)
{
    cmark_iter *walk = cmark_iter_new(top);
    cmark_node *nested = NULL;
    while (!nested && cmark_iter_next(walk) != CMARK_EVENT_DONE)
        if (lm_info(cmark_iter_get_node(walk))) nested = cmark_iter_get_node(walk);
    cmark_iter_free(walk);
    return !nested ||
           refuse(reader, line_of(reader, nested), _("this block stands inside a list or quotation"),
                  _("move it to the left margin, after the list"));
}

static bool read_prose(Reader *reader, cmark_node *node)
{
    if (!check_nesting(reader, node)) return false;
    if (reader->prose.length == 0) reader->prose_line = line_of(reader, node);
    prose_add(&reader->prose, node);
    return true;
}

/* The prose collected so far, which starts again from nothing; NULL if it is not clean: an entity such as
 * &#27; may have become anything. */
static char *take_prose(Reader *reader)
{
    Prose *prose = &reader->prose;
    char *text = arena_copy(&reader->lesson->arena, prose->length ? prose->text : "", prose->length);
    prose->length = 0;
    return check_bytes(reader, text, reader->prose_line) ? text : NULL;
}

/* --- blocks for lmsh --- */

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
    KEY_CHECK,
    KEY_WRONG,
    KEYS
} Key;

static const struct {
    const char *name;
    unsigned blocks;
} keys[KEYS] = {
    [KEY_ID] = {"id", IN_QUESTION},         [KEY_TYPE] = {"type", IN_QUESTION},
    [KEY_ANSWER] = {"answer", IN_QUESTION}, [KEY_EQUALS] = {"equals", IN_QUESTION},
    [KEY_TOL] = {"tol", IN_QUESTION},       [KEY_UNIT] = {"unit", IN_QUESTION},
    [KEY_RIGHT] = {"right", IN_QUESTION},   [KEY_SOLUTION] = {"solution", IN_DO},
    [KEY_CHECK] = {"check", IN_DO},         [KEY_WRONG] = {"wrong", IN_DO | IN_QUESTION},
};

/* What the lines of a block say, before it is known whether they make a task or a question. */
typedef struct {
    const char *single[KEYS];
    const char **checks;
    Wrong *wrongs;
    Choice *choices;
    size_t check_count, wrong_count, choice_count;
} Fields;

static bool read_choice(Reader *reader, Fields *fields, char *line, size_t number)
{
    bool right = strncmp(line, "- [x]", 5) == 0;
    if ((!right && strncmp(line, "- [ ]", 5) != 0) || !*line_trim(line + 5))
        return refuse(reader, number, _("this is not an option"),
                      _("write - [ ] text, or - [x] text if it is right"));
    fields->choices[fields->choice_count++] = (Choice){line_trim(line + 5), right};
    return true;
}

static bool read_check(Reader *reader, Fields *fields, char *predicate, size_t number)
{
    if (!predicate_check(predicate, reader->error)) return on_line(reader, number);
    fields->checks[fields->check_count++] = predicate;
    return true;
}

static bool read_wrong(Reader *reader, Fields *fields, char *value, size_t number)
{
    char *message = line_cut(value, '|');
    if (!message || !*message || !*value)
        return refuse(reader, number, _("wrong: has no message"),
                      _("write wrong: what is typed | what to say to it"));
    fields->wrongs[fields->wrong_count++] = (Wrong){value, message, number};
    return true;
}

static bool refuse_key(Reader *reader, unsigned block, size_t number)
{
    return refuse(reader, number, _("this line has no key that is known here"),
                  block == IN_DO
                      ? _("the keys are check:, solution: and wrong:")
                      : _("the keys are id:, type:, answer:, equals:, tol:, unit:, right: and wrong:"));
}

static bool read_field(Reader *reader, Fields *fields, unsigned block, char *line, size_t number)
{
    if (block == IN_QUESTION && strncmp(line, "- ", 2) == 0) return read_choice(reader, fields, line, number);
    char *value = line_cut(line, ':');
    size_t key = 0;
    while (key < KEYS && !(strcmp(keys[key].name, line) == 0 && keys[key].blocks & block)) key++;
    if (!value || key == KEYS) return refuse_key(reader, block, number);
    if (!*value) return refuse(reader, number, _("this key has no value"), _("write it after the colon"));
    if (key == KEY_CHECK) return read_check(reader, fields, value, number);
    if (key == KEY_WRONG) return read_wrong(reader, fields, value, number);
    if (fields->single[key])
        return refuse(reader, number, _("this key is given twice"), _("drop one of the two"));
    fields->single[key] = value;
    return true;
}

static bool read_fields(Reader *reader, Fields *fields, unsigned block, char *text, size_t number)
{
    Arena *arena = &reader->lesson->arena;
    size_t most = line_count(text);
    *fields = (Fields){0};
    fields->checks = arena_alloc(arena, most, sizeof *fields->checks);
    fields->wrongs = arena_alloc(arena, most, sizeof *fields->wrongs);
    fields->choices = arena_alloc(arena, most, sizeof *fields->choices);
    for (char *line; (line = line_next(&text)); number++)
        if (*line && !read_field(reader, fields, block, line, number)) return false;
    return true;
}

static bool read_task(Reader *reader, Block *block, char *text)
{
    Fields fields;
    if (!read_fields(reader, &fields, IN_DO, text, block->line + 1)) return false;
    if (fields.check_count == 0 || !fields.single[KEY_SOLUTION])
        return refuse(reader, block->line, _("this task cannot be checked"),
                      _("give it at least one check: and a solution:"));
    block->task = (Task){.checks = {fields.checks, fields.check_count},
                         .solution = fields.single[KEY_SOLUTION],
                         .wrongs = fields.wrongs,
                         .wrong_count = fields.wrong_count};
    return true;
}

static bool check_id(Reader *reader, const Block *block)
{
    const char *id = block->question.id;
    if (!*id && block->kind == BLOCK_PREDICT) return true;
    if (!is_id(id))
        return refuse(reader, block->line, _("the question has no id"),
                      _("write id: with letters, digits, hyphens"));
    for (const Block *other = reader->blocks; other < block; other++)
        if ((other->kind == BLOCK_ASK || other->kind == BLOCK_PREDICT) && strcmp(other->question.id, id) == 0)
            return refuse(reader, block->line, _("another question has this id"), _("give each its own"));
    return true;
}

static bool read_question(Reader *reader, Block *block, char *text)
{
    Fields fields;
    Question *question = &block->question;
    size_t line = block->line;
    if (!read_fields(reader, &fields, IN_QUESTION, text, line + 1)) return false;
    *question = (Question){
        .id = fields.single[KEY_ID] ? fields.single[KEY_ID] : "",
        .answer = fields.single[KEY_ANSWER],
        .equals = fields.single[KEY_EQUALS],
        .unit = fields.single[KEY_UNIT],
        .right = fields.single[KEY_RIGHT],
        .choices = fields.choices,
        .choice_count = fields.choice_count,
        .wrongs = fields.wrongs,
        .wrong_count = fields.wrong_count,
    };
    if (!answer_read_rule(question, fields.single[KEY_TYPE], fields.single[KEY_TOL], reader->error) ||
        !answer_check(question, block->kind == BLOCK_PREDICT, &line, reader->error))
        return on_line(reader, line);
    return check_id(reader, block);
}

static bool read_setup(Reader *reader, Block *block, char *text)
{
    const char **lines = arena_alloc(&reader->lesson->arena, line_count(text), sizeof *lines);
    size_t count = 0;
    for (char *line; (line = line_next(&text));)
        if (*line) lines[count++] = line;
    block->lines = (Lines){lines, count};
    return true;
}

static bool read_hints(Reader *reader, Block *block, char *text)
{
    const char **hints = arena_alloc(&reader->lesson->arena, line_count(text), sizeof *hints);
    size_t count = 0, number = block->line;
    for (char *line; (line = line_next(&text));) {
        number++;
        if (!*line) continue;
        char *end;
        if (strtoul(line, &end, 10) != count + 1 || strncmp(end, ". ", 2) != 0)
            return refuse(reader, number, _("the hints are not numbered"),
                          _("write 1. text, 2. text, each on one line"));
        hints[count++] = line_trim(end + 2);
    }
    block->lines = (Lines){hints, count};
    return true;
}

static bool read_run(Reader *reader, Block *block, char *text)
{
    Transcript transcript = transcript_open(text, &reader->lesson->arena);
    TranscriptEntry entry;
    block->text = text;
    return transcript_next(&transcript, &entry) ||
           refuse(reader, block->line, _("nothing is run here"), _("write lm> before each command"));
}

/* --- steps --- */

static Block *add_block(Reader *reader, BlockKind kind, size_t line)
{
    if (reader->lesson->count == 0) {
        reader->steps[0] = (Step){.id = "", .heading = "", .blocks = reader->blocks};
        reader->lesson->count = 1;
    }
    Block *block = &reader->blocks[reader->block_count++];
    *block = (Block){.kind = kind, .line = line};
    reader->steps[reader->lesson->count - 1].count++;
    return block;
}

static bool end_prose(Reader *reader)
{
    if (reader->prose.length == 0) return true;
    const char *text = take_prose(reader);
    if (text) add_block(reader, BLOCK_PROSE, reader->prose_line)->text = text;
    return text != NULL;
}

static bool add_step(Reader *reader, const char *id, const char *heading, size_t line)
{
    for (size_t i = 0; i < reader->lesson->count; i++)
        if (strcmp(reader->steps[i].id, id) == 0)
            return refuse(reader, line, _("another step has this id"), _("give each its own"));
    const Block *blocks = reader->blocks + reader->block_count;
    reader->steps[reader->lesson->count++] = (Step){.id = id, .heading = heading, .blocks = blocks};
    return true;
}

static bool begin_step(Reader *reader, cmark_node *node)
{
    size_t line = line_of(reader, node);
    if (!end_prose(reader) || !read_prose(reader, node)) return false;
    char *heading = take_prose(reader);
    if (!heading) return false;
    char *brace = strrchr(heading, '{'), *end = brace ? strchr(brace, '}') : NULL;
    if (!end || end[1] || brace[1] != '#')
        return refuse(reader, line, _("this step has no id"), _("end its heading with {#step-id}"));
    *brace = *end = '\0';
    return is_id(brace + 2) ? add_step(reader, brace + 2, line_trim(heading), line)
                            : refuse(reader, line, _("the id of this step is not an id"),
                                     _("use letters, digits and hyphens"));
}

typedef bool BlockReader(Reader *reader, Block *block, char *text);
static const struct {
    const char *name;
    BlockKind kind;
    BlockReader *read;
} kinds[] = {
    {"setup", BLOCK_SETUP, read_setup},
    {"run", BLOCK_RUN, read_run},
    {"do", BLOCK_DO, read_task},
    {"ask", BLOCK_ASK, read_question},
    {"predict", BLOCK_PREDICT, read_question},
    {"hint", BLOCK_HINT, read_hints},
};

static bool read_block(Reader *reader, cmark_node *node, const char *name)
{
    const char *literal = cmark_node_get_literal(node);
    size_t line = line_of(reader, node);
    if (!end_prose(reader)) return false;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (strcmp(kinds[i].name, name) != 0) continue;
        if (strspn(literal, " \t\n") == strlen(literal))
            return refuse(reader, line, _("this block is empty"), _("fill it or remove it"));
        char *text = arena_copy(&reader->lesson->arena, literal, strlen(literal));
        return kinds[i].read(reader, add_block(reader, kinds[i].kind, line), text);
    }
    return refuse(reader, line, _("this kind of block is not known"),
                  _("after lm comes setup, run, do, ask, predict or hint"));
}

static bool read_node(Reader *reader, cmark_node *node)
{
    if (is_kind(node, CMARK_NODE_HEADING) && cmark_node_get_heading_level(node) == 2)
        return begin_step(reader, node);
    const char *name = lm_info(node);
    return name ? read_block(reader, node, name) : read_prose(reader, node);
}

static bool read_document(Reader *reader, cmark_node *document)
{
    size_t nodes = 1;
    for (cmark_node *node = cmark_node_first_child(document); node; node = cmark_node_next(node)) nodes++;
    reader->steps = arena_alloc(&reader->lesson->arena, nodes, sizeof *reader->steps);
    reader->blocks = arena_alloc(&reader->lesson->arena, nodes, sizeof *reader->blocks);
    reader->lesson->steps = reader->steps;
    for (cmark_node *node = cmark_node_first_child(document); node; node = cmark_node_next(node))
        if (!read_node(reader, node)) return false;
    if (!end_prose(reader)) return false;
    const Step *last = reader->lesson->count ? &reader->steps[reader->lesson->count - 1] : NULL;
    return (last && *last->id) || refuse(reader, reader->header_lines + 1, _("the lesson has no step"),
                                         _("begin each with a heading: ## Title {#step-id}"));
}

static void *grow(void *block, size_t size) { return must_grow(block, size, 1); }

static bool read_body(Reader *reader, const char *text)
{
    cmark_mem memory = {must_alloc, grow, free};
    cmark_parser *parser = cmark_parser_new_with_mem(CMARK_OPT_DEFAULT, &memory);
    cmark_parser_feed(parser, text, strlen(text));
    cmark_node *document = cmark_parser_finish(parser);
    bool read = read_document(reader, document);
    cmark_node_free(document);
    cmark_parser_free(parser);
    return read;
}

/* A copy with LF at the end of every line and without a byte order mark. */
static char *copy_lines(Arena *arena, const char *text)
{
    text = utf8_skip_mark(text);
    char *copy = arena_copy(arena, text, strlen(text)), *end = copy;
    for (const char *at = copy; *at; at++)
        if (at[0] != '\r' || at[1] != '\n') *end++ = *at;
    *end = '\0';
    return copy;
}

bool lesson_parse(Lesson *lesson, const char *text, Error *error)
{
    *lesson = (Lesson){0};
    Reader reader = {.lesson = lesson, .error = error};
    if (strlen(text) > LESSON_BYTES_MAX)
        return refuse(&reader, 1, _("the file is too long for a lesson"), _("make several of it"));
    char *copy = copy_lines(&lesson->arena, text);
    bool read = check_bytes(&reader, copy, 1) && read_header(&reader, &copy) && read_body(&reader, copy);
    free(reader.prose.text);
    if (!read) lesson_release(lesson);
    return read;
}

void lesson_release(Lesson *lesson)
{
    arena_release(&lesson->arena);
    *lesson = (Lesson){0};
}
