#include "repl/undo.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

static void release(Snapshot *snapshot)
{
    workspace_release(&snapshot->workspace);
    free(snapshot->statement);
}

static void release_all(Snapshot *snapshots, size_t *count)
{
    while (*count > 0) release(&snapshots[--*count]);
}

void undo_release(Undo *undo)
{
    release_all(undo->past, &undo->past_count);
    release_all(undo->future, &undo->future_count);
}

static void push(Snapshot *snapshots, size_t *count, Snapshot snapshot)
{
    if (*count == UNDO_MAX) {
        release(&snapshots[0]);
        memmove(snapshots, snapshots + 1, (UNDO_MAX - 1) * sizeof *snapshots);
        --*count;
    }
    snapshots[(*count)++] = snapshot;
}

void undo_remember(Undo *undo, Workspace *before, const char *statement)
{
    release_all(undo->future, &undo->future_count);
    push(undo->past, &undo->past_count, (Snapshot){*before, must_copy(statement, strlen(statement))});
    *before = (Workspace){0};
}

static bool move(Snapshot *from, size_t *from_count, Snapshot *to, size_t *to_count, Workspace *workspace,
                 const char **statement)
{
    if (*from_count == 0) return false;
    Snapshot snapshot = from[--*from_count];
    push(to, to_count, (Snapshot){*workspace, snapshot.statement});
    *workspace = snapshot.workspace;
    *statement = snapshot.statement;
    return true;
}

bool undo_back(Undo *undo, Workspace *workspace, const char **statement)
{
    return move(undo->past, &undo->past_count, undo->future, &undo->future_count, workspace, statement);
}

bool undo_forward(Undo *undo, Workspace *workspace, const char **statement)
{
    return move(undo->future, &undo->future_count, undo->past, &undo->past_count, workspace, statement);
}
