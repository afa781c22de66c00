/* playing.h - where a lesson stands while it is played: its step, its block, what has been done there. */
#ifndef REPL_COURSE_PLAYING_H
#define REPL_COURSE_PLAYING_H

#include "lessons/transcript.h"
#include "repl/course/player.h"
#include "repl/course/world.h"
#include "repl/session.h"

typedef enum {
    SHOWING,     /* going through blocks by itself */
    SETTING_UP,  /* the setup commands are running */
    COMING_BACK, /* commands are run again that bring the workspace where it was */
    AT_RUN,      /* Enter runs the next command of a transcript */
    AT_TASK,     /* the learner is to do something */
    AT_ANSWER,   /* the learner is to answer */
    AT_END       /* Enter goes to the next step */
} Phase;

typedef struct {
    size_t step, block, entry;
} Place;

/* A line to be run quietly, or with `begins` the moment before the first of a step. */
typedef struct {
    size_t step;
    bool begins, may_fail, typed; /* typed: by the learner, for whom there is no sandbox */
    const char *line;
} Stretch;

/* How the workspace comes to a place that was not reached by playing. */
typedef struct {
    Arena arena;
    Stretch *stretches;
    size_t count, capacity, at;
    Place target;
    bool waited; /* the target is a block that waits; else its step begins */
    bool anew;   /* by the lesson's own way, and the journal has yet to know; else as the journal says */
    bool silent; /* the learner is in this step already: nothing is shown again */
} Return;

typedef struct Playing {
    Lesson lesson;
    char *name;           /* for library_open() */
    const char *language; /* that it was read in */
    uint64_t fingerprint, visit;
    Workspace other; /* the side that rests: the learner's own, or the lesson's while it is left */
    Undo other_undo;
    Workspace *found; /* (lesson.count) the workspace as each step found it ... */
    bool *entered;    /* (lesson.count) ... where it has been entered */
    size_t step, block;
    Phase phase;
    bool begun;  /* the first step has been entered */
    bool acted;  /* the learner has done something in this step */
    bool credit; /* nothing of this step was left out */
    bool sure;   /* how sure a plain choice counts has been said */
    Place noted; /* the journal knows that the learner is waited for here */
    bool is_noted;
    Arena arena; /* of the transcript at hand */
    Transcript transcript;
    TranscriptEntry entry; /* the command that Enter runs */
    size_t entry_index;
    bool announced; /* it has been shown */
    size_t hints;   /* given for the block at hand */
    World world;
    char *line;        /* typed, or run by Enter, and not yet judged; or NULL */
    bool by_enter;     /* it is the transcript's */
    bool ran;          /* the transcript's command was among its statements */
    bool asked_lesson; /* a verb of lessons or help was: what is asked need not be repeated */
    bool solved;       /* the task at hand was, by that line */
    bool tried;        /* that line was an attempt at it */
    const char *wrong; /* what to say to that line, when it was anticipated; or NULL */
    Return back;
} Playing;

Playing *playing_new(Lesson *lesson, const char *name); /* takes the lesson over */
void playing_free(Playing *playing);                    /* NULL is fine */

/* Run text of the lesson next: it may read only what lies beside the lesson's file, and write nothing. */
void playing_push(Session *session, const char *source, const char *text);

Playing *playing_of(Session *session); /* the lesson that is open, or NULL */
const Step *step_of(const Playing *playing);
const Block *block_of(const Playing *playing);

/* Steps as people count them: the introduction is none. */
size_t playing_number(const Playing *playing, size_t step);
size_t playing_count(const Lesson *lesson);

void playing_next_block(Playing *playing);
void playing_to_block(Playing *playing, size_t block);

/* The transcript's entry at hand is over; false when it was the last one. */
bool playing_next_entry(Playing *playing);

/* The transcript of the block at hand, from this entry on; false when there is none. */
bool playing_open_transcript(Playing *playing, size_t entry);

/* The hints that belong to the block at hand: the next hint block before another task or question; or NULL.
 */
const Block *playing_hints(const Playing *playing);
bool playing_only_hints_left(const Playing *playing);

#endif
