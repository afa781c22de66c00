#include "repl/course/visit.h"

#include "repl/course/record.h"
#include "repl/course/telling.h"

/* --- two workspaces --- */

void visit_exchange(Session *session, Playing *p)
{
    Workspace workspace = *session_workspace(session);
    Undo *undo = session_undo(session), kept = *undo;
    *session_workspace(session) = p->other;
    *undo = p->other_undo;
    p->other = workspace;
    p->other_undo = kept;
    session_workspace_replaced(session);
}

static void forget_undo(Session *session)
{
    undo_release(session_undo(session));
    *session_undo(session) = (Undo){.past_count = 0};
}

void visit_leave(Session *session)
{
    Player *player = session_player(session);
    Playing *p = player->playing;
    session_set_quiet(session, false);
    visit_exchange(session, p);
    playing_free(player->left);
    player->left = p;
    player->playing = NULL;
}

void visit_close(Session *session)
{
    Player *player = session_player(session);
    visit_leave(session);
    playing_free(player->left);
    player->left = NULL;
}

/* --- steps --- */

/* Memory of how the workspace was when this step began; of later steps it no longer holds. */
void visit_remember(Session *session, size_t step)
{
    Playing *p = playing_of(session);
    for (size_t i = step + 1; i < p->lesson.count; i++) {
        if (p->entered[i]) workspace_release(&p->found[i]);
        p->entered[i] = false;
    }
    if (p->entered[step]) return;
    workspace_copy(&p->found[step], session_workspace(session));
    p->entered[step] = true;
}

static void restore_found(Session *session, size_t step)
{
    workspace_release(session_workspace(session));
    workspace_copy(session_workspace(session), &playing_of(session)->found[step]);
    session_workspace_replaced(session);
    forget_undo(session);
}

void visit_enter(Session *session, size_t step)
{
    Playing *p = playing_of(session);
    if (p->entered[step]) restore_found(session, step);
    visit_remember(session, step);
    p->step = step;
    p->begun = true;
    p->acted = p->is_noted = false;
    p->credit = true;
    playing_to_block(p, 0);
    record(session, EVENT_ENTER, NULL, NULL);
    tell_heading(session);
}

void visit_start_afresh(Session *session)
{
    Playing *p = playing_of(session);
    Workspace old = *session_workspace(session);
    workspace_init(session_workspace(session));
    workspace_take_settings(session_workspace(session), &old);
    workspace_release(&old);
    session_workspace_replaced(session);
    forget_undo(session);
    for (size_t i = 0; i < p->lesson.count; i++) {
        if (p->entered[i]) workspace_release(&p->found[i]);
        p->entered[i] = false;
    }
}
