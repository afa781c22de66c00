#include "repl/view/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unilbrk.h>
#include <uniwidth.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"

int text_width(const char *text) { return u8_strwidth((const uint8_t *)text, "UTF-8"); }

void text_pad(FILE *out, int count) { fprintf(out, "%*s", count > 0 ? count : 0, ""); }

/* Unicode would also break a line after the "/" of "</s>": between ASCII characters only spaces part words,
 * and none a number from its "%". */
static void forbid_breaks(const char *text, size_t length, char *overrides)
{
    memset(overrides, UC_BREAK_UNDEFINED, length + 1);
    for (size_t i = 1; i < length; i++) {
        bool ascii = !((text[i - 1] | text[i]) & 0x80);
        if (ascii && (text[i - 1] != ' ' || text[i] == '%')) overrides[i] = UC_BREAK_PROHIBITED;
    }
}

/* Print `text` from column `at` on; lines after the first one begin at column `indent`. */
static void wrap_line(FILE *out, const char *text, size_t length, int at, int indent, int width)
{
    char *breaks = must_alloc(2, length + 1), *overrides = breaks + length + 1;
    int room = width - indent > 20 ? width - indent : 20, used = at > indent ? at - indent : 0;
    forbid_breaks(text, length, overrides);
    u8_width_linebreaks((const uint8_t *)text, length, room, used, 0, overrides, "UTF-8", breaks);
    size_t start = 0;
    for (size_t i = 1; i <= length; i++) {
        if (i < length && breaks[i] != UC_BREAK_POSSIBLE && breaks[i] != UC_BREAK_MANDATORY) continue;
        size_t end = i;
        while (end > start && text[end - 1] == ' ') end--;
        if (start > 0) text_pad(out, indent);
        fprintf(out, "%.*s\n", (int)(end - start), text + start);
        start = i;
    }
    free(breaks);
}

void text_wrap(FILE *out, const char *text, int indent, int width)
{
    while (*text) {
        size_t length = strcspn(text, "\n"), lead = strspn(text, " ");
        int begin = indent + (int)lead, hang = lead ? begin + 2 : begin; /* what is indented hangs */
        if (length > lead) {
            text_pad(out, begin);
            wrap_line(out, text + lead, length - lead, begin, hang, width);
        } else {
            fputc('\n', out);
        }
        text += length + (text[length] == '\n');
    }
}

void text_wrap_rest(FILE *out, const char *text, int at, int width)
{
    if (*text)
        wrap_line(out, text, strlen(text), at, at, width);
    else
        fputc('\n', out);
}

static int digits_of(Unit unit, const ViewStyle *style)
{
    if (style->digits > 0) return style->digits;
    return unit == UNIT_BITS ? 5 : unit == UNIT_SECONDS ? 3 : 6;
}

const char *text_number(double number, Unit unit, const ViewStyle *style, Arena *arena)
{
    if (isnan(number)) return "-";
    if (isinf(number)) return number > 0 ? "inf" : "-inf";
    return arena_format(arena, "%.*g", digits_of(unit, style), number == 0 ? 0.0 : number);
}

/* Blank characters would be invisible in a list of tokens. */
static const char *visible_token(const char *token, const ViewStyle *style)
{
    if (strcmp(token, " ") == 0) return style->ascii ? "' '" : "\u2423";
    if (strcmp(token, "\t") == 0) return "\\t";
    if (strcmp(token, "\n") == 0) return "\\n";
    if (strcmp(token, "\r") == 0) return "\\r";
    return token;
}

/* Whole numbers in full: 1373400, never 1.3734e+06. */
static const char *whole_or_not(double number, Unit unit, const ViewStyle *style, Arena *arena)
{
    bool whole = unit == UNIT_NONE && fabs(number) < 1e15 && number == floor(number);
    return whole ? arena_format(arena, "%.0f", number) : text_number(number, unit, style, arena);
}

static const char *join_numbers(const Value *value, Unit unit, const ViewStyle *style, Arena *arena)
{
    const char *text = "";
    for (size_t i = 0; i < value->count; i++)
        text = arena_format(arena, "%s%s%s", text, i ? " " : "",
                            whole_or_not(value->numbers[i], unit, style, arena));
    return text;
}

static const char *join_list(const Value *value, Unit unit, const ViewStyle *style, Arena *arena)
{
    const char *text = "";
    for (size_t i = 0; i < value->count; i++)
        text = arena_format(arena, "%s%s%s", text, i ? " " : "",
                            unit == UNIT_TOKEN ? visible_token(value->list[i], style) : value->list[i]);
    return text;
}

const char *text_value(const Value *value, Unit unit, const ViewStyle *style, Arena *arena)
{
    switch (value->type) {
    case VALUE_NULL: return "";
    case VALUE_NUMBER: return text_number(value->number, unit, style, arena);
    case VALUE_COUNT: return arena_format(arena, "%.0f", value->number);
    case VALUE_BOOL: return value->number != 0 ? _("yes") : _("no");
    case VALUE_TEXT: return unit == UNIT_TOKEN ? visible_token(value->text, style) : value->text;
    case VALUE_NUMBERS: return join_numbers(value, unit, style, arena);
    case VALUE_LIST: break;
    }
    return join_list(value, unit, style, arena);
}

const char *text_label(const char *label, const char *value, Arena *arena)
{
    const char *mark = strstr(label, "%s");
    if (!mark) return label;
    return arena_format(arena, "%.*s%s%s", (int)(mark - label), label, value, mark + 2);
}

void text_bar(FILE *out, double share, int room, const ViewStyle *style)
{
    static const char *const eighths[] = {"",       "\u258F", "\u258E", "\u258D",
                                          "\u258C", "\u258B", "\u258A", "\u2589"};
    if (!(share > 0)) return;
    int parts = (int)(fmin(share, 1) * room * 8 + 0.5);
    if (style->color) fputs("\033[36m", out);
    for (int i = 0; i < parts / 8; i++) fputs(style->ascii ? "#" : "\u2588", out);
    if (style->ascii)
        fputs(parts % 8 >= 4 ? "-" : "", out);
    else
        fputs(eighths[parts % 8], out);
    if (style->color) fputs("\033[0m", out);
}
