#include "lessons/prose.h"

#include <stdio.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/utf8.h"

static void add(Prose *prose, const char *text, size_t length)
{
    while (prose->capacity < prose->length + length + 1) {
        prose->capacity = prose->capacity ? prose->capacity * 2 : 1024;
        prose->text = must_grow(prose->text, prose->capacity, 1);
    }
    memcpy(prose->text + prose->length, text, length);
    prose->length += length;
    prose->text[prose->length] = '\0';
}

static void add_text(Prose *prose, const char *text) { add(prose, text, strlen(text)); }

static uint32_t first_of(const char *text)
{
    size_t step;
    return utf8_decode(text, strlen(text), &step);
}

static bool is_wide(uint32_t c) { return c >= 0x2E80; }

static bool is_wide_punctuation(uint32_t c)
{
    return (c >= 0x3001 && c <= 0x3011) || (c >= 0xFF01 && c <= 0xFF20);
}

/* Chinese is written without spaces: the end of a line between two of its characters is nothing, and beside
 * its punctuation, too. */
static bool joins(const char *before, const char *after)
{
    uint32_t left = first_of(before), right = first_of(after);
    return (is_wide(left) && is_wide(right)) || is_wide_punctuation(left) || is_wide_punctuation(right);
}

static void add_inline(Prose *prose, const char *text)
{
    size_t last = prose->length;
    while (last > 0 && ((unsigned char)prose->text[--last] & 0xC0) == 0x80) continue;
    bool joined = *text && prose->length > 0 && joins(prose->text + last, text);
    if (prose->soft_break && !joined) add_text(prose, " ");
    prose->soft_break = false;
    add_text(prose, text);
}

/* Commands keep their marks, so that they stand out from the sentence. */
static void add_code(Prose *prose, const char *code)
{
    add_inline(prose, "`");
    add_text(prose, code);
    add_text(prose, "`");
}

static bool is_kind(cmark_node *node, cmark_node_type type)
{
    return node && cmark_node_get_type(node) == type;
}

/* The marker of a list item, which belongs to the first paragraph in it, or spaces of its width. */
static void add_marker(Prose *prose, cmark_node *item, bool first)
{
    cmark_node *list = cmark_node_parent(item);
    char marker[32] = "- ";
    if (is_kind(cmark_node_parent(list), CMARK_NODE_ITEM)) add_text(prose, "  ");
    if (!first)
        strcpy(marker, "  ");
    else if (cmark_node_get_list_type(list) == CMARK_ORDERED_LIST) {
        int number = cmark_node_get_list_start(list);
        snprintf(marker, sizeof marker, "%d. ", number);
        cmark_node_set_list_start(list, number + 1); /* the next item reads it here */
    }
    add_text(prose, marker);
}

static bool follows_closely(cmark_node *node)
{
    cmark_node *item = cmark_node_parent(node), *list = cmark_node_parent(item);
    if (!is_kind(item, CMARK_NODE_ITEM) || !cmark_node_get_list_tight(list)) return false;
    bool opens = !cmark_node_previous(item) && !cmark_node_previous(node);
    return !opens || is_kind(cmark_node_parent(list), CMARK_NODE_ITEM);
}

static void open_paragraph(Prose *prose, cmark_node *node)
{
    if (prose->length > 0) add_text(prose, follows_closely(node) ? "\n" : "\n\n");
    prose->soft_break = false;
    cmark_node *parent = cmark_node_parent(node);
    if (is_kind(parent, CMARK_NODE_ITEM)) add_marker(prose, parent, !cmark_node_previous(node));
}

static void add_verbatim(Prose *prose, cmark_node *node)
{
    const char *line = cmark_node_get_literal(node);
    if (prose->length > 0) add_text(prose, "\n\n");
    for (size_t length; *line; line += length + 1) {
        length = strcspn(line, "\n");
        if (length > 0) add_text(prose, "    ");
        add(prose, line, length);
        if (!line[length] || !line[length + 1]) break;
        add_text(prose, "\n");
    }
}

/* <s> and </s> are HTML to Markdown and words to us. */
static void add_html(Prose *prose, cmark_node *node)
{
    const char *html = cmark_node_get_literal(node);
    if (strncmp(html, "<!--", 4) == 0) return;
    if (is_kind(node, CMARK_NODE_HTML_BLOCK)) open_paragraph(prose, node);
    add_inline(prose, html);
    while (prose->length > 0 && prose->text[prose->length - 1] == '\n') prose->length--;
}

static void add_node(Prose *prose, cmark_node *node)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_PARAGRAPH:
    case CMARK_NODE_HEADING: open_paragraph(prose, node); break;
    case CMARK_NODE_CODE_BLOCK: add_verbatim(prose, node); break;
    case CMARK_NODE_HTML_BLOCK:
    case CMARK_NODE_HTML_INLINE: add_html(prose, node); break;
    case CMARK_NODE_TEXT: add_inline(prose, cmark_node_get_literal(node)); break;
    case CMARK_NODE_CODE: add_code(prose, cmark_node_get_literal(node)); break;
    case CMARK_NODE_SOFTBREAK: prose->soft_break = true; break;
    case CMARK_NODE_LINEBREAK: add_text(prose, "\n"); break;
    default: break;
    }
}

void prose_add(Prose *prose, cmark_node *top)
{
    cmark_iter *walk = cmark_iter_new(top); /* no recursion: a file may nest as deeply as it likes */
    for (cmark_event_type event; (event = cmark_iter_next(walk)) != CMARK_EVENT_DONE;)
        if (event == CMARK_EVENT_ENTER) add_node(prose, cmark_iter_get_node(walk));
    cmark_iter_free(walk);
}
