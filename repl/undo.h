/* undo.h - the workspaces before and after, for `undo` and `redo`. */
#ifndef REPL_UNDO_H
#define REPL_UNDO_H

#include "repl/workspace.h"

enum { UNDO_MAX = 100 };

typedef struct {
    Workspace workspace;
    char *statement; /* what changed it */
} Snapshot;

typedef struct {
    Snapshot past[UNDO_MAX], future[UNDO_MAX];
    size_t past_count, future_count;
} Undo;

void undo_release(Undo *undo);

/* Remember `before`, which `statement` has changed; it is taken over. Forgets what could be redone. */
void undo_remember(Undo *undo, Workspace *before, const char *statement);

/* Exchange *workspace for the one before / after. False when there is none; *statement is the one undone or
 * redone, owned by the stack until its next change. */
bool undo_back(Undo *undo, Workspace *workspace, const char **statement);
bool undo_forward(Undo *undo, Workspace *workspace, const char **statement);

#endif
