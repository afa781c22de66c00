#include "lessons/lesson.h"

#include <cmark.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/base/utf8.h"
#include "lessons/block.h"
#include "lessons/header.h"
#include "lessons/line.h"
#include "lessons/prose.h"

enum { LESSON_BYTES_MAX = 256 * 1024 };

/* One file on its way into a Lesson. */
typedef struct {
    Reader reader;
    Lesson *lesson;
    size_t header_lines; /* which cmark does not see */
    Step *steps;         /* large enough for all, like blocks; filled in order */
    Block *blocks;
    size_t block_count;
    Prose prose; /* of the block under way */
    size_t prose_line;
    Quotes quotes; /* of that prose */
    size_t quoted; /* how much of it earlier comments speak of */
} Document;

/* --- prose and its place --- */

static bool is_kind(cmark_node *node, cmark_node_type type) { return cmark_node_get_type(node) == type; }

static size_t line_of(const Document *document, cmark_node *node)
{
    int line = cmark_node_get_start_line(node);
    return document->header_lines + (line > 0 ? (size_t)line : 1);
}

/* The words after "lm" where the node is a block for lmsh, else NULL. */
static const char *lm_info(cmark_node *node)
{
    const char *info = is_kind(node, CMARK_NODE_CODE_BLOCK) ? cmark_node_get_fence_info(node) : "";
    if (strncmp(info, "lm", 2) != 0 || (info[2] != '\0' && info[2] != ' ' && info[2] != '\t')) return NULL;
    return info + 2 + strspn(info + 2, " \t");
}

static const char quote_mark[] = "<!-- lm:";

static bool is_quotes(cmark_node *node)
{
    bool html = is_kind(node, CMARK_NODE_HTML_BLOCK) || is_kind(node, CMARK_NODE_HTML_INLINE);
    return html && strncmp(cmark_node_get_literal(node), quote_mark, strlen(quote_mark)) == 0;
}

/* Neither a block for lmsh, a step of the lesson, nor a comment for the checker is held by a list, a
 * quotation or a line of text. */
static bool check_nesting(Document *document, cmark_node *top)
{
    cmark_iter *walk = cmark_iter_new(top);
    cmark_node *nested = NULL;
    while (!nested && cmark_iter_next(walk) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(walk);
        if (lm_info(node) || (node != top && is_quotes(node))) nested = node;
    }
    cmark_iter_free(walk);
    if (!nested) return true;
    size_t line = line_of(document, is_kind(nested, CMARK_NODE_HTML_INLINE) ? top : nested);
    return is_quotes(nested)
               ? reader_refuse(&document->reader, line, _("this comment stands inside other text"),
                               _("put <!-- lm: ... --> at the left margin, on lines of its own"))
               : reader_refuse(&document->reader, line, _("this block stands inside a list or quotation"),
                               _("move it to the left margin, after the list"));
}

static void append_quotes(Document *document, const Quote *added, size_t count)
{
    Quotes *quotes = &document->quotes;
    Quote *all = arena_alloc(document->reader.arena, quotes->count + count, sizeof *all);
    for (size_t i = 0; i < quotes->count; i++) all[i] = quotes->at[i];
    for (size_t i = 0; i < count; i++) {
        all[quotes->count + i] = added[i];
        all[quotes->count + i].from = document->quoted;
        all[quotes->count + i].to = document->prose.length;
    }
    *quotes = (Quotes){all, quotes->count + count};
    document->quoted = document->prose.length;
}

static bool read_quotes(Document *document, cmark_node *node)
{
    const char *literal = cmark_node_get_literal(node);
    char *comment = arena_copy(document->reader.arena, literal, strlen(literal));
    size_t line = line_of(document, node);
    Quotes quotes;
    if (document->prose.length == document->quoted)
        return reader_refuse(&document->reader, line, _("no prose stands before this comment"),
                             _("put it behind the paragraph whose numbers it checks"));
    if (!block_read_quotes(&document->reader, comment, line, &quotes)) return false;
    append_quotes(document, quotes.at, quotes.count);
    return true;
}

static bool read_prose(Document *document, cmark_node *node)
{
    if (!check_nesting(document, node)) return false;
    if (is_quotes(node)) return read_quotes(document, node);
    if (document->prose.length == 0) document->prose_line = line_of(document, node);
    prose_add(&document->prose, node);
    return true;
}

/* The prose collected so far, which starts again from nothing; NULL if it is not clean: an entity such as
 * &#27; may have become anything. */
static char *take_prose(Document *document)
{
    Prose *prose = &document->prose;
    char *text = arena_copy(document->reader.arena, prose->length ? prose->text : "", prose->length);
    prose->length = document->quoted = 0;
    return reader_check_bytes(&document->reader, text, document->prose_line) ? text : NULL;
}

/* --- steps --- */

static Block *add_block(Document *document, BlockKind kind, size_t line)
{
    if (document->lesson->count == 0) {
        document->steps[0] = (Step){.id = "", .heading = "", .line = line, .blocks = document->blocks};
        document->lesson->count = 1;
    }
    Block *block = &document->blocks[document->block_count++];
    *block = (Block){.kind = kind, .line = line};
    document->steps[document->lesson->count - 1].count++;
    return block;
}

static bool end_prose(Document *document)
{
    if (document->prose.length == 0) return true;
    const char *text = take_prose(document);
    if (!text) return false;
    Block *block = add_block(document, BLOCK_PROSE, document->prose_line);
    block->text = text;
    block->quotes = document->quotes;
    document->quotes = (Quotes){NULL, 0};
    return true;
}

static bool add_step(Document *document, const char *id, const char *heading, size_t line)
{
    for (size_t i = 0; i < document->lesson->count; i++)
        if (strcmp(document->steps[i].id, id) == 0)
            return reader_refuse(&document->reader, line, _("another step has this id"),
                                 _("give each its own"));
    const Block *blocks = document->blocks + document->block_count;
    document->steps[document->lesson->count++] =
        (Step){.id = id, .heading = heading, .line = line, .blocks = blocks};
    return true;
}

static bool begin_step(Document *document, cmark_node *node)
{
    size_t line = line_of(document, node);
    if (!end_prose(document) || !read_prose(document, node)) return false;
    char *heading = take_prose(document);
    if (!heading) return false;
    char *brace = strrchr(heading, '{'), *end = brace ? strchr(brace, '}') : NULL;
    if (!end || end[1] || brace[1] != '#')
        return reader_refuse(&document->reader, line, _("this step has no id"),
                             _("end its heading with {#step-id}"));
    *brace = *end = '\0';
    return reader_is_id(brace + 2)
               ? add_step(document, brace + 2, line_trim(heading), line)
               : reader_refuse(&document->reader, line, _("the id of this step is not an id"),
                               _("use letters, digits and hyphens"));
}

static bool read_block(Document *document, cmark_node *node, const char *name)
{
    BlockKind kind;
    const char *literal = cmark_node_get_literal(node);
    size_t line = line_of(document, node);
    if (!end_prose(document)) return false;
    if (!block_kind(name, &kind))
        return reader_refuse_at(&document->reader, line, 4, _("this kind of block is not known"),
                                _("after lm comes setup, run, do, ask, predict or hint"));
    if (strspn(literal, " \t\n") == strlen(literal))
        return reader_refuse(&document->reader, line, _("this block is empty"), _("fill it or remove it"));
    char *text = arena_copy(document->reader.arena, literal, strlen(literal));
    return block_read(&document->reader, add_block(document, kind, line), text, document->blocks);
}

static bool read_node(Document *document, cmark_node *node)
{
    if (is_kind(node, CMARK_NODE_HEADING) && cmark_node_get_heading_level(node) == 2)
        return begin_step(document, node);
    const char *name = lm_info(node);
    return name ? read_block(document, node, name) : read_prose(document, node);
}

static bool read_nodes(Document *document, cmark_node *root)
{
    size_t nodes = 1;
    for (cmark_node *node = cmark_node_first_child(root); node; node = cmark_node_next(node)) nodes++;
    document->steps = arena_alloc(document->reader.arena, nodes, sizeof *document->steps);
    document->blocks = arena_alloc(document->reader.arena, nodes, sizeof *document->blocks);
    document->lesson->steps = document->steps;
    for (cmark_node *node = cmark_node_first_child(root); node; node = cmark_node_next(node))
        if (!read_node(document, node)) return false;
    if (!end_prose(document)) return false;
    const Step *last = document->lesson->count ? &document->steps[document->lesson->count - 1] : NULL;
    return (last && *last->id) ||
           reader_refuse(&document->reader, document->header_lines + 1, _("the lesson has no step"),
                         _("begin each with a heading: ## Title {#step-id}"));
}

static void *grow(void *block, size_t size) { return must_grow(block, size, 1); }

static bool read_body(Document *document, const char *text)
{
    cmark_mem memory = {must_alloc, grow, free};
    cmark_parser *parser = cmark_parser_new_with_mem(CMARK_OPT_DEFAULT, &memory);
    cmark_parser_feed(parser, text, strlen(text));
    cmark_node *root = cmark_parser_finish(parser);
    bool read = read_nodes(document, root);
    cmark_node_free(root);
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
    Document document = {.reader = {&lesson->arena, error}, .lesson = lesson};
    Reader *reader = &document.reader;
    if (strlen(text) > LESSON_BYTES_MAX)
        return reader_refuse(reader, 1, _("the file is too long for a lesson"), _("make several of it"));
    char *copy = copy_lines(&lesson->arena, text);
    bool read = reader_check_bytes(reader, copy, 1) &&
                header_read(reader, &copy, lesson, &document.header_lines) && read_body(&document, copy);
    free(document.prose.text);
    if (!read) lesson_release(lesson);
    return read;
}

void lesson_release(Lesson *lesson)
{
    arena_release(&lesson->arena);
    *lesson = (Lesson){0};
}
