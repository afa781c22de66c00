/* block.h - what stands inside the fences of a lesson: tasks, questions, set-ups, hints, transcripts. */
#ifndef LESSONS_BLOCK_H
#define LESSONS_BLOCK_H

#include "lessons/lesson.h"
#include "lessons/reader.h"

/* The kind called `name`, the word behind "lm". */
bool block_kind(const char *name, BlockKind *kind);

/* Fills *block, whose kind and line are set, from the text between its fences, which becomes part of the
 * lesson.  `others` are the blocks before it (their ids are taken). */
bool block_read(Reader *reader, Block *block, char *text, const Block *others);

/* Fills *quotes from the comment <!-- lm: ... --> that starts at `line`. */
bool block_read_quotes(Reader *reader, char *comment, size_t line, Quotes *quotes);

#endif
