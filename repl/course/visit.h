/* visit.h - a lesson's workspace beside the learner's own, and as each step found it. */
#ifndef REPL_COURSE_VISIT_H
#define REPL_COURSE_VISIT_H

#include "repl/course/playing.h"

/* Exchange the workspace in use for the one that rests in the lesson. */
void visit_exchange(Session *session, Playing *playing);

/* The learner's own workspace for the lesson's, which can be resumed; or for good. */
void visit_leave(Session *session);
void visit_close(Session *session);

/* Begin a step, at its first block: in the workspace as it was when the step was first entered. */
void visit_enter(Session *session, size_t step);

/* Keep the workspace as what this step found, unless that is known; what later steps found is no longer. */
void visit_remember(Session *session, size_t step);

/* A fresh workspace, of which no step knows. */
void visit_start_afresh(Session *session);

#endif
