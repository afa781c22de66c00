/* answering.h - what comes of an answer: right, wrong in a way that was foreseen, or a prediction with its
 * price. */
#ifndef REPL_COURSE_ANSWERING_H
#define REPL_COURSE_ANSWERING_H

#include "repl/course/playing.h"

/* Judge what was typed at the question at hand, say so, and go on when it is over. */
void answering_judge(Session *session, const char *typed);

#endif
