/* telling.h - what a lesson says: headings, questions, what Enter would do; wrapped for the terminal. */
#ifndef REPL_COURSE_TELLING_H
#define REPL_COURSE_TELLING_H

#include "repl/course/playing.h"

void tell(Session *session, const char *text);
void tell_marked(Session *session, const char *mark, const char *text); /* "[ok] text" */
void tell_aside(Session *session, const char *text);                    /* indented, a line of its own */

void tell_heading(Session *session);
void tell_entry(Session *session); /* the command that Enter runs */
void tell_task(Session *session);
void tell_question(Session *session); /* the choices, and what may be typed */
void tell_end(Session *session);
void tell_answer(Session *session, const Question *question);

/* The question is still there, in a sentence: after free exploring. */
void tell_open_question(Session *session);

/* What is asked, once more: for Enter and resume. */
void tell_again(Session *session);

/* The same as a text for `help`, with the verbs of lessons. */
const char *telling_now(Session *session, Arena *arena);

#endif
