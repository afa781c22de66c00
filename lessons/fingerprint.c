#include "lessons/fingerprint.h"

#include "lessons/transcript.h"

static void add_byte(uint64_t *hash, unsigned char byte) { *hash = (*hash ^ byte) * 0x100000001B3U; }

static void add_text(uint64_t *hash, const char *text)
{
    for (; text && *text; text++) add_byte(hash, (unsigned char)*text);
    add_byte(hash, 0);
}

static void add_lines(uint64_t *hash, const Lines *lines)
{
    for (size_t i = 0; i < lines->count; i++) add_text(hash, lines->at[i]);
}

static void add_question(uint64_t *hash, const Question *question)
{
    add_text(hash, question->id);
    add_byte(hash, (unsigned char)question->type);
    if (question->type != QUESTION_TEXT) add_text(hash, question->answer);
    for (size_t i = 0; i < question->choice_count; i++) add_byte(hash, question->choices[i].right);
}

static void add_transcript(uint64_t *hash, const char *text)
{
    Arena arena = {0};
    TranscriptEntry entry;
    Transcript transcript = transcript_open(text, &arena);
    while (transcript_next(&transcript, &entry)) add_text(hash, entry.command);
    arena_release(&arena);
}

static void add_block(uint64_t *hash, const Block *block)
{
    add_byte(hash, (unsigned char)block->kind);
    switch (block->kind) {
    case BLOCK_SETUP: add_lines(hash, &block->lines); break;
    case BLOCK_RUN: add_transcript(hash, block->text); break;
    case BLOCK_DO:
        add_lines(hash, &block->task.checks);
        add_text(hash, block->task.solution);
        break;
    case BLOCK_ASK:
    case BLOCK_PREDICT: add_question(hash, &block->question); break;
    case BLOCK_PROSE:
    case BLOCK_HINT: break;
    }
}

uint64_t lesson_fingerprint(const Lesson *lesson)
{
    uint64_t hash = 0xCBF29CE484222325U;
    for (size_t s = 0; s < lesson->count; s++) {
        add_text(&hash, lesson->steps[s].id);
        for (size_t b = 0; b < lesson->steps[s].count; b++) add_block(&hash, &lesson->steps[s].blocks[b]);
    }
    return hash;
}
