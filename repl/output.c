#include "repl/output.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "repl/view/text.h"

enum { WIDTH_WITHOUT_TERMINAL = 80 };

static int width_of(const SessionOptions *session)
{
    return session->width > 0 ? session->width : WIDTH_WITHOUT_TERMINAL;
}

static bool has_ending(const char *path, const char *ending)
{
    size_t length = strlen(path), tail = strlen(ending);
    return length > tail && strcmp(path + length - tail, ending) == 0;
}

/* as= when given, else what the file's name suggests, else the setting. */
static const char *choose_format(const Execution *e)
{
    const char *path = e->statement.path.text;
    for (size_t i = 0; i < e->statement.option_count; i++)
        if (strcmp(e->statement.options[i].key.text, "as") == 0) path = NULL;
    if (path && has_ending(path, ".json")) return "json";
    if (path && has_ending(path, ".csv")) return "csv";
    if (path && has_ending(path, ".md")) return "md";
    if (path && has_ending(path, ".svg") && e->command->draws) return "svg";
    return call_text(&e->calls[0], OPT_AS);
}

static ViewStyle choose_style(const SessionOptions *session, const Execution *e)
{
    const Call *call = &e->calls[0];
    int width = (int)call_number(call, OPT_WIDTH);
    ViewStyle style = {.format = choose_format(e), .width = width ? width : session->width};
    if (style.width <= 0 || e->statement.path.text) style.width = width ? width : WIDTH_WITHOUT_TERMINAL;
    style.wrap = session->width > 0 && !e->statement.path.text;
    style.digits = call_given(call, OPT_DIGITS) ? (int)call_number(call, OPT_DIGITS) : 0;
    style.ascii = call_is(call, OPT_ASCII, "on");
    style.color = call_is(call, OPT_COLOR, "on") && !e->statement.path.text && !session->colorless;
    return style;
}

/* " sweep plot": the commands that draw. */
static const char *drawers(Arena *arena)
{
    const char *names = "";
    for (size_t i = 0; command_table[i]; i++)
        if (command_table[i]->draws) names = arena_format(arena, "%s %s", names, command_table[i]->name);
    return names;
}

static bool check_picture(const Execution *e, Error *error)
{
    const OptionValue *as = &e->calls[0].values[OPT_AS];
    bool typed = as->length > 0; /* not by `set`, which may wait for the next picture */
    if (e->command->draws || e->command->shell || !typed || !call_is(&e->calls[0], OPT_AS, "svg"))
        return true;
    error_set(error, _("the answer of %s is no picture"), e->command->name);
    error_hint(error, _("as=svg is for:%s"), drawers(e->calls[0].arena));
    return error_place(error, as->start, as->length);
}

const Word *output_path(const Execution *e)
{
    if (e->command->writes) return &e->calls[0].words[0];
    return e->statement.path.text ? &e->statement.path : NULL;
}

bool output_check(const Execution *e, bool *exists, Error *error)
{
    if (!check_picture(e, error)) return false;
    const Word *path = &e->statement.path;
    if (path->text && e->command->unwritten) {
        error_set(error, _("%s writes no file"), e->command->name);
        error_hint(error, _("leave out > %s"), path->text);
        return error_place(error, path->start, path->length);
    }
    if (!(path = output_path(e))) return true;
    *exists = file_is_regular(path->text);
    if (!file_is_folder(path->text)) return true;
    error_set(error, _("%s is a folder, not a file"), path->text);
    return error_place(error, path->start, path->length);
}

static bool write_file(const SessionOptions *session, const Execution *e, const ViewStyle *style,
                       Error *error)
{
    char *text = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&text, &length);
    if (!memory) return error_set(error, "%s", error_reason(errno));
    view_results(memory, e->results, e->call_count, style);
    fclose(memory);
    bool ok = file_write(e->statement.path.text, text, length, error);
    free(text);
    if (!ok) return error_place(error, e->statement.path.start, e->statement.path.length);
    if (session->terminal) fprintf(session->err, _("wrote %s (%zu bytes)\n"), e->statement.path.text, length);
    return true;
}

bool output_results(const SessionOptions *session, const Execution *e, Error *error)
{
    ViewStyle style = choose_style(session, e);
    if (e->call_count == 0 || session->quiet) return true;
    if (e->statement.path.text) return write_file(session, e, &style, error);
    view_results(session->out, e->results, e->call_count, &style);
    if (fflush(session->out) == 0 && !ferror(session->out)) return true;
    error_set(error, _("cannot write the result: %s"), error_reason(errno));
    clearerr(session->out);
    return false;
}

static bool noted_before(const Execution *e, size_t call, const char *note)
{
    for (size_t i = 0; i < call; i++)
        for (size_t n = 0; n < e->results[i].note_count; n++)
            if (strcmp(e->results[i].notes[n], note) == 0) return true;
    return false;
}

void output_notes(const SessionOptions *session, const Execution *e)
{
    ViewStyle style = choose_style(session, e);
    bool quiet = session->quiet || strcmp(style.format, "json") == 0 || strcmp(style.format, "csv") == 0 ||
                 strcmp(style.format, "md") == 0; /* which has them in the document */
    for (size_t i = 0; i < e->call_count && !quiet; i++)
        for (size_t n = 0; n < e->results[i].note_count; n++)
            if (!noted_before(e, i, e->results[i].notes[n]))
                text_wrap(session->err, e->results[i].notes[n], 2, style.width);
    if (e->statement.timed)
        fprintf(session->err, _("  took %s\n"),
                seconds_text((job_clock() - e->started) / 1e3, e->calls[0].arena));
    fflush(session->err);
}

/* --- errors --- */

static void put_json_error(FILE *err, const char *command, const Error *error)
{
    json_t *object = json_object();
    json_object_set_new(object, "command", json_string(command));
    json_object_set_new(object, "error", json_string(error->message));
    json_object_set_new(object, "hint", error->hint[0] ? json_string(error->hint) : json_null());
    json_dumpf(object, err, JSON_COMPACT);
    fputc('\n', err);
    json_decref(object);
}

/* The columns before byte `end` of the line, for the caret. */
static int columns_before(const char *line, size_t end)
{
    Arena arena = {0};
    int columns = text_width(arena_copy(&arena, line, end));
    arena_release(&arena);
    return columns;
}

static size_t whole_character(const char *line, size_t at)
{
    while (((unsigned char)line[at] & 0xC0) == 0x80) at++;
    return at;
}

/* The line and a caret below its offending part; of a long line only what stands around it. */
static void put_caret(FILE *err, const char *line, const Error *error)
{
    enum { WHOLE = 76, BEFORE = 36, PART = 20, AFTER = 16 };
    size_t length = strlen(line), start = error->start, end = start + error->length, from = 0, to = length;
    if (end > length) end = length;
    bool cut = length > WHOLE;
    if (cut && start > BEFORE + 3) from = whole_character(line, start - BEFORE);
    if (cut && end > start + PART) end = whole_character(line, start + PART);
    if (cut && length - end > AFTER) to = whole_character(line, end + AFTER);
    fprintf(err, "  %s%.*s%s\n  ", from ? "..." : "", (int)(to - from), line + from,
            to < length ? "..." : "");
    text_pad(err, (from ? 3 : 0) + columns_before(line + from, start - from));
    int carets = columns_before(line + start, end - start);
    for (int i = 0; i < (carets > 0 ? carets : 1); i++) fputc('^', err);
    fputc('\n', err);
}

/* Of a file it is one line, for editors and grep; at the prompt it fits the screen. */
static void put_message(FILE *err, const SessionOptions *session, const Source *source, const Error *error)
{
    char text[sizeof error->message + 32];
    snprintf(text, sizeof text, _("error: %s\n"), error->message);
    if (source && source->name)
        fprintf(err, "%s:%zu:%zu: %s", source->name, source->line, error->start + 1, text);
    else
        text_wrap(err, text, 0, width_of(session));
}

void output_error(const SessionOptions *session, bool json, const Source *source, const char *command,
                  const Error *error)
{
    FILE *err = session->err;
    fflush(session->out);
    if (json) {
        put_json_error(err, command, error);
        fflush(err);
        return;
    }
    put_message(err, session, source, error);
    bool typed = source && source->line_text && error->length > 0 && !strchr(source->line_text, '\t') &&
                 error->start <= strlen(source->line_text);
    if (typed) put_caret(err, source->line_text, error);
    if (error->hint[0]) text_wrap(err, error->hint, 2, width_of(session));
    fflush(err);
}
