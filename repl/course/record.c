#include "repl/course/record.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "repl/output.h"
#include "repl/view/text.h"

static void append(Session *session, const Event *event)
{
    Error error;
    const SessionOptions *options = session_options(session);
    if (journal_append(&session_player(session)->journal, options->journal, event, &error)) return;
    text_wrap(options->err, error.message, 2, options->width > 0 ? options->width : 80);
    text_wrap(options->err, _("The lesson goes on all the same."), 2, 80);
}

void record(Session *session, EventKind kind, const char *text, const char *result)
{
    const Playing *p = playing_of(session);
    if (p->phase == COMING_BACK && !p->back.anew) return;
    append(session, &(Event){.visit = p->visit,
                             .lesson = p->lesson.id,
                             .fingerprint = p->fingerprint,
                             .step = step_of(p)->id,
                             .block = p->block,
                             .kind = kind,
                             .hints = p->hints,
                             .text = text,
                             .result = result});
}

void record_reset(Session *session, const char *lesson, const char *step)
{
    append(session, &(Event){.lesson = lesson, .step = step, .kind = EVENT_RESET});
}

void record_place(Session *session)
{
    Playing *p = playing_of(session);
    Place place = {p->step, p->block, p->phase == AT_RUN ? p->entry_index : 0};
    bool same = p->is_noted && place.step == p->noted.step && place.block == p->noted.block &&
                place.entry == p->noted.entry;
    if (same || p->phase < AT_RUN) return;
    Arena arena = {0};
    record(session, EVENT_AT, arena_format(&arena, "%zu", place.entry), NULL);
    arena_release(&arena);
    p->noted = place;
    p->is_noted = true;
}

/* The statement such that it gives the same once more: with its seed, and without the file it wrote. */
static const char *repeatable(const Execution *done, Arena *arena)
{
    Error ignored;
    Line line;
    const char *source = done->statement.source;
    if (!line_parse(source, arena, &line, &ignored) || line.count != 1) return source;
    const Statement *s = &line.statements[0];
    size_t verb = s->verb.start + s->verb.length, end = strlen(source);
    if (s->path.text) {
        end = s->path.start;
        while (end > verb && source[end - 1] == ' ') end--;
        if (end > verb && source[end - 1] == '>') end--;
    }
    const Call *call = done->call_count ? &done->calls[0] : NULL;
    bool seeded = call && call->seed && command_takes(done->command, OPT_SEED) && !call_given(call, OPT_SEED);
    return arena_format(arena, "%.*s%s%.*s", (int)verb, source,
                        seeded ? arena_format(arena, " seed=%llu", (unsigned long long)call->seed) : "",
                        (int)(end - verb), source + verb);
}

/* The answer as people saw it, not too much of it. */
static const char *answer_of(Session *session, const Execution *done, Arena *arena)
{
    enum { LONG = 3000, COLUMNS = 76 }; /* notes stand within 80 columns */
    Error ignored;
    char *text = NULL;
    size_t length = 0;
    SessionOptions plain = *session_options(session);
    FILE *memory = done->statement.path.text ? NULL : open_memstream(&text, &length);
    if (!memory) return "";
    plain.out = memory;
    plain.quiet = false;
    plain.colorless = true;
    plain.width = COLUMNS;
    output_results(&plain, done, &ignored);
    fclose(memory);
    if (length > LONG) {
        length = LONG;
        while (length > 0 && text[length - 1] != '\n') length--;
    }
    const char *answer = arena_copy(arena, text, length);
    free(text);
    return answer;
}

void record_statement(Session *session, const Execution *done, bool changed)
{
    const Playing *p = playing_of(session);
    bool lesson_does = p->phase == SETTING_UP || p->phase == COMING_BACK;
    if (!session_options(session)->journal || (!changed && (lesson_does || done->command->shell))) return;
    Arena arena = {0};
    const char *text = repeatable(done, &arena);
    if (lesson_does)
        record(session, EVENT_SETUP, text, NULL);
    else
        record(session,
               !changed      ? EVENT_RAN
               : p->by_enter ? EVENT_SHOWN
                             : EVENT_DID,
               text, answer_of(session, done, &arena));
    arena_release(&arena);
}
