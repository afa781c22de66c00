#include "repl/course/notes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "repl/course/asked.h"
#include "repl/course/journal.h"
#include "repl/course/library.h"
#include "repl/course/progress.h"
#include "lessons/fingerprint.h"

/* What was done in one lesson. */
typedef struct {
    const char *id;
    Lesson lesson; /* as it is now; count 0 when it cannot be read */
    uint64_t fingerprint;
    const char *step; /* whose heading was written last; NULL before the first */
    const char *asked_step;
    size_t asked_block; /* the question that was written last */
    const char *text;
} Chapter;

typedef struct {
    Chapter *chapters;
    size_t count, capacity;
    Arena *arena;
} Notes;

static Chapter *find_chapter(Notes *notes, const char *id)
{
    for (size_t i = 0; i < notes->count; i++)
        if (strcmp(notes->chapters[i].id, id) == 0) return &notes->chapters[i];
    notes->chapters = must_extend(notes->chapters, notes->count, &notes->capacity, sizeof *notes->chapters);
    Chapter *chapter = &notes->chapters[notes->count++];
    *chapter = (Chapter){.id = arena_copy(notes->arena, id, strlen(id)), .text = ""};
    return chapter;
}

static void read_lesson(Chapter *chapter, const char *name)
{
    Error ignored;
    if (chapter->lesson.count > 0 || !library_open(name, &chapter->lesson, &ignored)) return;
    chapter->fingerprint = lesson_fingerprint(&chapter->lesson);
}

static const Step *step_of(const Chapter *chapter, const char *id)
{
    for (size_t i = 0; i < chapter->lesson.count; i++)
        if (strcmp(chapter->lesson.steps[i].id, id) == 0) return &chapter->lesson.steps[i];
    return NULL;
}

/* The question that the event answers; NULL when the lesson has changed since. */
static const Block *block_of(const Chapter *chapter, const Event *event)
{
    const Step *step = step_of(chapter, event->step);
    bool same = step && chapter->fingerprint == event->fingerprint && event->block < step->count;
    return same ? &step->blocks[event->block] : NULL;
}

static void add(Notes *notes, Chapter *chapter, const char *text)
{
    chapter->text = arena_format(notes->arena, "%s%s", chapter->text, text);
}

static void add_heading(Notes *notes, Chapter *chapter, const Event *event)
{
    const Step *step = step_of(chapter, event->step);
    if (chapter->step && strcmp(chapter->step, event->step) == 0) return;
    chapter->step = arena_copy(notes->arena, event->step, strlen(event->step));
    if (*event->step)
        add(notes, chapter, arena_format(notes->arena, "\n## %s\n", step ? step->heading : event->step));
}

static void add_asked(Notes *notes, Chapter *chapter, const Event *event)
{
    const Block *block = block_of(chapter, event);
    bool again = chapter->asked_step && strcmp(chapter->asked_step, event->step) == 0 &&
                 chapter->asked_block == event->block;
    if (!block || again) return;
    const Step *step = step_of(chapter, event->step);
    const char *asked = asked_text(step, event->block, ASKED_PARAGRAPH, notes->arena);
    chapter->asked_step = step->id;
    chapter->asked_block = event->block;
    if (asked) add(notes, chapter, arena_format(notes->arena, "\n> %s\n\n", asked));
}

/* "2" is "2. the mouse". */
static const char *answer_of(const Chapter *chapter, const Event *event, Arena *arena)
{
    const Block *block = block_of(chapter, event);
    bool question = block && (block->kind == BLOCK_ASK || block->kind == BLOCK_PREDICT);
    size_t choice = strtoul(event->text, NULL, 10);
    if (!question || choice < 1 || choice > block->question.choice_count) return event->text;
    return arena_format(arena, "%s (%s)", event->text, block->question.choices[choice - 1].text);
}

static const char *hints_of(const Event *event, Arena *arena)
{
    return event->hints ? arena_format(arena, _(" (hints: %zu)"), event->hints) : "";
}

static void add_prediction(Notes *notes, Chapter *chapter, const Event *event)
{
    double bits, least, even;
    Arena *arena = notes->arena;
    const char *price = "", *typed = answer_of(chapter, event, arena);
    bool priced = progress_price(event->result, &bits, &least, &even);
    if (priced && !isnan(even))
        price = arena_format(arena, _(" - %.3g bits (even odds: %.3g, the best possible: %.3g)"), bits, even,
                             least);
    else if (priced)
        price = arena_format(arena, _(" - off by %.3g bits"), bits);
    add(notes, chapter, arena_format(arena, _("- My prediction: %s%s\n"), typed, price));
}

static void add_answer(Notes *notes, Chapter *chapter, const Event *event)
{
    Arena *arena = notes->arena;
    bool right = event->kind == EVENT_RIGHT;
    add(notes, chapter,
        arena_format(arena, _("- My answer: %s %s %s%s\n"), answer_of(chapter, event, arena),
                     right ? "[ok]" : "[--]", event->result, hints_of(event, arena)));
}

static void add_command(Notes *notes, Chapter *chapter, const Event *event)
{
    size_t length = strlen(event->result);
    const char *end = length > 0 && event->result[length - 1] != '\n' ? "\n" : "";
    add(notes, chapter,
        arena_format(notes->arena, "\n```\nlm> %s\n%s%s```\n", event->text, event->result, end));
}

static void add_event(Notes *notes, Chapter *chapter, const Event *event)
{
    switch (event->kind) {
    case EVENT_DID:
    case EVENT_SHOWN:
    case EVENT_RAN: add_command(notes, chapter, event); break;
    case EVENT_WRONG:
    case EVENT_RIGHT: add_answer(notes, chapter, event); break;
    case EVENT_PREDICT: add_prediction(notes, chapter, event); break;
    case EVENT_SOLVED:
        add(notes, chapter,
            arena_format(notes->arena, _("- The task is solved by: %s%s\n"), event->text,
                         hints_of(event, notes->arena)));
        break;
    case EVENT_TOLD: add(notes, chapter, _("- The answer was told.\n")); break;
    case EVENT_SKIPPED: add(notes, chapter, _("- Left out.\n")); break;
    default: break;
    }
}

static bool is_noted(const Event *event)
{
    return event->kind >= EVENT_DID && event->kind <= EVENT_SKIPPED && event->kind != EVENT_HINT;
}

static void forget(Notes *notes, const Event *event)
{
    for (size_t i = 0; !*event->step && i < notes->count; i++)
        if (!*event->lesson || strcmp(notes->chapters[i].id, event->lesson) == 0) {
            notes->chapters[i].text = "";
            notes->chapters[i].step = notes->chapters[i].asked_step = NULL;
        }
}

static void take(void *context, const Event *event)
{
    Notes *notes = context;
    if (event->kind == EVENT_RESET) {
        forget(notes, event);
        return;
    }
    Chapter *chapter = find_chapter(notes, event->lesson);
    if (event->kind == EVENT_BEGIN) read_lesson(chapter, event->text);
    if (!is_noted(event)) return;
    add_heading(notes, chapter, event);
    if (event->kind > EVENT_RAN) add_asked(notes, chapter, event);
    add_event(notes, chapter, event);
}

const char *notes_text(const char *journal, Arena *arena)
{
    Notes notes = {.arena = arena};
    const char *text = "";
    journal_read(journal, take, &notes);
    for (size_t i = 0; i < notes.count; i++) {
        Chapter *chapter = &notes.chapters[i];
        const char *title = chapter->lesson.count ? chapter->lesson.title : "";
        if (*chapter->text)
            text = arena_format(arena, "%s%s# %s%s%s\n%s", text, *text ? "\n" : "", chapter->id,
                                *title ? ": " : "", title, chapter->text);
        lesson_release(&chapter->lesson);
    }
    free(notes.chapters);
    return *text ? text : NULL;
}
