#include "repl/course/playing.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "lessons/fingerprint.h"

Playing *playing_new(Lesson *lesson, const char *name)
{
    Playing *p = must_alloc(1, sizeof *p);
    p->lesson = *lesson;
    p->name = must_copy(name, strlen(name));
    p->fingerprint = lesson_fingerprint(lesson);
    p->found = must_alloc(lesson->count, sizeof *p->found);
    p->entered = must_alloc(lesson->count, sizeof *p->entered);
    *lesson = (Lesson){.count = 0};
    return p;
}

void playing_free(Playing *p)
{
    if (!p) return;
    for (size_t i = 0; i < p->lesson.count; i++)
        if (p->entered[i]) workspace_release(&p->found[i]);
    free(p->found);
    free(p->entered);
    lesson_release(&p->lesson);
    workspace_release(&p->other);
    undo_release(&p->other_undo);
    arena_release(&p->arena);
    arena_release(&p->back.arena);
    free(p->back.stretches);
    free(p->line);
    free(p->name);
    free(p);
}

Playing *playing_of(Session *session) { return session_player(session)->playing; }
const Step *step_of(const Playing *p) { return &p->lesson.steps[p->step]; }
const Block *block_of(const Playing *p) { return &step_of(p)->blocks[p->block]; }

void playing_push(Session *session, const char *source, const char *text)
{
    enum { SECONDS = 60 }; /* for one block of a file that anybody may have written */
    Error error;
    const char *name = playing_of(session)->name, *slash = strrchr(name, '/');
    char *folder = slash ? must_copy(name, (size_t)(slash - name)) : NULL;
    Sandbox sandbox = {folder, folder ? SECONDS : 0};
    session_push_lesson(session, source, text, &sandbox, &error);
    free(folder);
}

static bool has_introduction(const Lesson *lesson) { return lesson->steps[0].id[0] == '\0'; }

size_t playing_number(const Playing *p, size_t step) { return step + !has_introduction(&p->lesson); }
size_t playing_count(const Lesson *lesson) { return lesson->count - has_introduction(lesson); }

void playing_to_block(Playing *p, size_t block)
{
    p->solved = p->tried = false;
    p->wrong = NULL;
    p->block = block;
    p->hints = 0;
    p->phase = SHOWING;
}

void playing_next_block(Playing *p) { playing_to_block(p, p->block + 1); }

bool playing_open_transcript(Playing *p, size_t entry)
{
    arena_release(&p->arena);
    p->transcript = transcript_open(block_of(p)->text, &p->arena);
    p->entry_index = entry;
    p->announced = false;
    for (size_t i = 0; i <= entry; i++)
        if (!transcript_next(&p->transcript, &p->entry)) return false;
    return true;
}

bool playing_next_entry(Playing *p)
{
    p->announced = false;
    p->entry_index++;
    return transcript_next(&p->transcript, &p->entry);
}

const Block *playing_hints(const Playing *p)
{
    for (size_t i = p->block + 1; i < step_of(p)->count; i++) {
        const Block *block = &step_of(p)->blocks[i];
        if (block->kind == BLOCK_HINT) return block;
        if (block->kind != BLOCK_PROSE) return NULL;
    }
    return NULL;
}

bool playing_only_hints_left(const Playing *p)
{
    for (size_t i = p->block; i < step_of(p)->count; i++)
        if (step_of(p)->blocks[i].kind != BLOCK_HINT) return false;
    return true;
}
