#include "lessons/lint_text.h"

#include <string.h>
#include <uniwidth.h>

#include "core/base/i18n.h"
#include "core/base/utf8.h"
#include "lessons/lint.h"

/* --- characters --- */

static bool is_han(uint32_t c)
{
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x3001 && c <= 0x3011) ||
           (c >= 0xFF01 && c <= 0xFF20);
}

static bool is_emoji(uint32_t c)
{
    return (c >= 0x1F000 && c <= 0x1FAFF) || (c >= 0x2600 && c <= 0x27BF) || c == 0x2B50 || c == 0xFE0F;
}

static uint32_t next_character(const char *text, size_t *step)
{
    return utf8_decode(text, strlen(text), step);
}

/* The character at `text`, behind at most one blank; 0 at the end of the line. */
static uint32_t beyond_blank(const char *text)
{
    size_t step;
    if (*text == ' ') text++;
    return *text ? next_character(text, &step) : 0;
}

/* --- lines --- */

static void lint_width(const char *line, size_t number, const Faults *faults)
{
    int width = u8_strwidth((const uint8_t *)line, "UTF-8");
    if (width > LINT_COLUMNS)
        fault(faults, number, LINT_COLUMNS + 1, _("the line is %d columns wide, at most %d are fine"), width,
              LINT_COLUMNS);
}

void lint_title(const Lesson *lesson, const Faults *faults)
{
    enum { TITLE_COLUMNS = 46 };
    int width = u8_strwidth((const uint8_t *)lesson->title, "UTF-8");
    if (width > TITLE_COLUMNS)
        fault(faults, 1, 1, _("the title is %d columns wide, at most %d are fine"), width, TITLE_COLUMNS);
}

/* p(后 | 前) is a formula: a bracket counts where it opens behind a character. */
static bool is_half_width(uint32_t before, char c, const char *behind)
{
    if (!is_han(before) || !strchr(",.;:?!(", c)) return false;
    uint32_t after = beyond_blank(behind);
    return is_han(after) || (after == 0 && c != '(');
}

/* The first of each kind of fault in the line; `code` is not looked at. */
static void lint_characters(const char *line, size_t number, const Faults *faults)
{
    uint32_t before = 0;
    size_t step, column = 1;
    bool code = false, punctuation = false, emoji = false;
    for (const char *at = line; *at; at += step, column++) {
        uint32_t c = next_character(at, &step);
        if (c == '`') code = !code;
        if (!emoji && is_emoji(c)) {
            fault(faults, number, column, _("an emoji; words say it better, and on every terminal"));
            emoji = true;
        }
        if (!code && !punctuation && c < 0x80 && is_half_width(before, *at, at + 1)) {
            fault(faults, number, column, _("half-width punctuation between Chinese characters"));
            punctuation = true;
        }
        before = c;
    }
}

/* Where a line stands: what is in fences or comments is not wrapped, and transcripts look as the program
 * prints them. */
typedef struct {
    bool fence, transcript, comment;
} Place;

static void lint_line(const char *line, size_t number, Place *place, const Faults *faults)
{
    bool border = strncmp(line, "```", 3) == 0;
    if (!place->fence && strncmp(line, "<!--", 4) == 0) place->comment = true;
    if (!place->fence && !place->comment) lint_width(line, number, faults);
    if (!place->transcript || border) lint_characters(line, number, faults);
    if (border) place->fence = !place->fence;
    if (border) place->transcript = place->fence && strncmp(line, "```lm run", 9) == 0;
    if (strstr(line, "-->")) place->comment = false;
}

void lint_lines(const char *text, const Faults *faults)
{
    Arena arena = {0};
    Place place = {0};
    for (size_t number = 1; *text; number++) {
        size_t length = strcspn(text, "\n");
        bool cr = length > 0 && text[length - 1] == '\r';
        lint_line(arena_copy(&arena, text, length - cr), number, &place, faults);
        text += length + (text[length] == '\n');
        arena_release(&arena);
    }
}

/* --- emphasis --- */

/* A star that touches a word, outside `code` and lines of code: "2 * 3" is arithmetic. */
static const char *find_star(const char *text)
{
    bool code = false;
    for (const char *at = text; *at; at++) {
        bool starts = at == text || at[-1] == '\n';
        if (starts) code = false;
        if (starts && strncmp(at, "    ", 4) == 0) {
            at += strcspn(at, "\n");
            if (!*at) break;
            continue;
        }
        if (*at == '`') code = !code;
        bool alone = (starts || at[-1] == ' ') && (at[1] == ' ' || at[1] == '\0' || at[1] == '\n');
        if (*at == '*' && !code && !alone) return at;
    }
    return NULL;
}

static void lint_marks(const char *text, size_t line, const Faults *faults)
{
    const char *star = text ? find_star(text) : NULL;
    if (star) fault(faults, line, 1, _("a mark of emphasis is left over: %.40s"), star);
}

static void lint_wrong_marks(const Wrong *wrongs, size_t count, const Faults *faults)
{
    for (size_t i = 0; i < count; i++) lint_marks(wrongs[i].message, wrongs[i].line, faults);
}

static void lint_block_marks(const Block *block, const Faults *faults)
{
    switch (block->kind) {
    case BLOCK_PROSE: lint_marks(block->text, block->line, faults); break;
    case BLOCK_HINT:
        for (size_t i = 0; i < block->lines.count; i++)
            lint_marks(block->lines.at[i], block->lines.lines[i], faults);
        break;
    case BLOCK_DO: lint_wrong_marks(block->task.wrongs, block->task.wrong_count, faults); break;
    case BLOCK_ASK:
    case BLOCK_PREDICT:
        lint_wrong_marks(block->question.wrongs, block->question.wrong_count, faults);
        lint_marks(block->question.right, block->line, faults);
        for (size_t i = 0; i < block->question.choice_count; i++)
            lint_marks(block->question.choices[i].text, block->line, faults);
        break;
    case BLOCK_SETUP:
    case BLOCK_RUN: break;
    }
}

void lint_emphasis(const Lesson *lesson, const Faults *faults)
{
    for (size_t s = 0; s < lesson->count; s++) {
        const Step *step = &lesson->steps[s];
        lint_marks(step->heading, step->line, faults);
        for (size_t b = 0; b < step->count; b++) lint_block_marks(&step->blocks[b], faults);
    }
}
