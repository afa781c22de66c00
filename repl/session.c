#include "repl/session.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/energy.h"
#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/base/utf8.h"
#include "repl/output.h"
#include "repl/course/player.h"

struct Session {
    SessionOptions options;
    Workspace workspace;
    Workspace before; /* as it was when the running statement began */
    bool replaced;    /* by undo or redo */
    Undo undo;
    Sources sources;
    Execution *running, *last;
    const Execution *marked; /* a last one that a mark keeps */
    bool asking;             /* whether running may overwrite its file; the next line answers */
    bool interrupt, interrupted, failed, leaving, told_folded;
    char **history;
    size_t history_count, history_capacity;
    uint64_t next_seed;
    double run_started; /* sandbox_clock() of the text handed over last */
    Player player;
    Bill bill;
    Listener listener;
    Progress progress;
    char *edit, *edit_shown;
    char prompt[128];
};

Session *session_new(const SessionOptions *options_given)
{
    Session *session = must_alloc(1, sizeof *session);
    session->options = *options_given;
    session->next_seed = options_given->seed;
    workspace_init(&session->workspace);
    session_default_settings(session);
    return session;
}

void session_default_settings(Session *session)
{
    Workspace *workspace = &session->workspace;
    for (OptionId id = 0; id < OPTION_COUNT; id++)
        if (workspace->settings[id]) workspace_set(workspace, id, NULL);
    if (session->options.format) workspace_set(workspace, OPT_AS, session->options.format);
    if (session->options.ascii) workspace_set(workspace, OPT_ASCII, "on");
    if (session->options.color) workspace_set(workspace, OPT_COLOR, "on");
}

static void stop_running(Session *session)
{
    execution_free(session->running);
    session->running = NULL;
    session->asking = false;
    workspace_release(&session->before);
}

static void forget_last(Session *session)
{
    if (session->last != session->marked) execution_free(session->last);
    session->last = NULL;
}

void session_free(Session *session)
{
    stop_running(session);
    forget_last(session);
    session_listen(session, (Listener){.self = NULL});
    player_release(&session->player);
    sources_clear(&session->sources);
    undo_release(&session->undo);
    workspace_release(&session->workspace);
    for (size_t i = 0; i < session->history_count; i++) free(session->history[i]);
    free(session->history);
    free(session->edit);
    free(session->edit_shown);
    free(session);
}

/* --- failing --- */

/* A statement that fails half-way has changed nothing. */
static void restore(Session *session)
{
    if (!session->running || session->replaced || session->before.version == session->workspace.version)
        return;
    workspace_release(&session->workspace);
    session->workspace = session->before;
    session->before = (Workspace){.version = 0};
}

/* Whether answers to this statement, which may be NULL, are to be JSON. */
static bool wants_json(const Session *session, const Statement *statement)
{
    const char *format = session->workspace.settings[OPT_AS];
    for (size_t i = 0; statement && i < statement->option_count; i++)
        if (strcmp(statement->options[i].key.text, "as") == 0) format = statement->options[i].values[0].text;
    return format && strcmp(format, "json") == 0;
}

/* Say what went wrong, drop the statements that were to follow, keep everything else as it was. */
static void fail(Session *session, const Statement *statement, const Error *error)
{
    const char *verb = statement ? statement->verb.text : "";
    Error placed = *error;
    if (statement && error->length == 0) placed.start = statement->verb.start; /* a column, but no caret */
    progress_clear(&session->progress, session->options.err);
    output_error(&session->options, wants_json(session, statement), sources_current(&session->sources), verb,
                 &placed);
    restore(session);
    stop_running(session);
    sources_clear(&session->sources);
    session->failed = true;
}

static void fail_running(Session *session, const Error *error)
{
    fail(session, &session->running->statement, error);
}

/* --- a statement from its beginning to its end --- */

static void remember_change(Session *session, const char *statement)
{
    if (session->replaced || session->before.version == session->workspace.version) return;
    undo_remember(&session->undo, &session->before, statement);
}

static void complete(Session *session)
{
    Error error;
    Execution *done = session->running;
    progress_clear(&session->progress, session->options.err);
    for (size_t i = 0; done->statement.path.text && i < done->call_count; i++)
        result_unfold(&done->results[i]);
    access_charge(&session->workspace.access, &session->bill, done);
    if (!output_results(&session->options, done, &error)) {
        fail_running(session, &error);
        return;
    }
    output_notes(&session->options, done);
    bool changed = session->replaced || session->before.version != session->workspace.version;
    remember_change(session, done->statement.source);
    workspace_release(&session->before);
    session->running = NULL;
    player_saw(session, done, changed);
    if (done->command->shell) {
        execution_free(done);
        return;
    }
    forget_last(session);
    session->last = done;
}

/* Begin the call at hand, or end the statement when there is none left. */
static void begin_call(Session *session)
{
    Error error;
    Execution *e = session->running;
    if (e->at == e->call_count) {
        complete(session);
        return;
    }
    Call *call = &e->calls[e->at];
    if (!e->command->run(session, call, &e->results[e->at], &error))
        fail_running(session, &error);
    else if (!call->job)
        e->at++;
}

/* The job of the call at hand is done or was stopped; it may be followed by another one. */
static void finish_call(Session *session, bool interrupted)
{
    Error error;
    Execution *e = session->running;
    Call *call = &e->calls[e->at];
    call->done = call->job;
    call->job = NULL;
    if (!e->command->finish(session, call, &e->results[e->at], interrupted, &error)) {
        fail_running(session, &error);
        return;
    }
    job_free(call->done);
    call->done = NULL;
    if (!call->job) e->at++;
}

/* On a terminal a line that is redrawn; elsewhere lines, for work that has more to tell than how far it is.
 */
static void report_progress(Session *session)
{
    const Execution *e = session->running;
    const SessionOptions *options = &session->options;
    const Call *call = &e->calls[e->at];
    Report report = {.what = call->stage ? call->stage : e->command->name,
                     .fraction = job_progress(call->job),
                     .elapsed = job_clock() - e->started,
                     .spent = call->job->spent,
                     .train = NAN,
                     .valid = NAN,
                     .floor = NAN};
    if (e->command->report) e->command->report(call, &report);
    if (options->progress)
        progress_show(&session->progress, options->err, &report, options->width,
                      call_is(call, OPT_ASCII, "on"));
    else if (report.goal && !options->quiet && !options->rehearsal)
        progress_write(&session->progress, options->err, &report);
}

/* A slice of a job, and the energy that the processors used meanwhile, where it can be read. */
static JobStatus step_metered(Job *job, double milliseconds, Error *error)
{
    double before, after;
    bool metered = energy_read(ENERGY_FOLDER, &before);
    JobStatus status = job_step(job, milliseconds, error);
    if (metered && energy_read(ENERGY_FOLDER, &after) && after > before) job->joules += after - before;
    return status;
}

static void step_job(Session *session, double milliseconds)
{
    Error error;
    Execution *e = session->running;
    Job *job = e->calls[e->at].job;
    JobStatus status = step_metered(job, milliseconds, &error);
    if (status == JOB_FAILED) {
        const Call *call = &e->calls[e->at];
        if (error.length == 0 && call->about) error_place(&error, call->about->start, call->about->length);
        fail_running(session, &error);
        return;
    }
    if (status == JOB_DONE) finish_call(session, false);
    if (status == JOB_MORE) report_progress(session);
}

static void handle_interrupt(Session *session)
{
    session->interrupt = false;
    session->interrupted = true;
    sources_clear(&session->sources);
    if (!session->running) {
        session_listen(session, (Listener){.self = NULL});
        return;
    }
    Execution *e = session->running;
    if (e->at == e->call_count) return; /* all done: it only has to be shown */
    if (!session->asking && e->calls[e->at].job) finish_call(session, true);
    if (!session->running) return;
    if (session->running->at > 0) { /* the settings that are done are shown, no others begun */
        execution_truncate(session->running);
        return;
    }
    restore(session);
    stop_running(session);
}

static void check_output(Session *session)
{
    Error error;
    bool exists = false;
    Execution *e = session->running;
    if (!output_check(e, &exists, &error)) {
        fail_running(session, &error);
        return;
    }
    if (!exists || call_is(&e->calls[0], OPT_FORCE, "yes")) return;
    session->asking = session->options.terminal && session->sources.depth <= 1;
    if (session->asking) return;
    const Word *path = output_path(e);
    error_set(&error, _("%s exists already"), path->text);
    error_hint(&error, _("force=yes overwrites it"));
    error_place(&error, path->start, path->length);
    fail_running(session, &error);
}

static void begin_statement(Session *session)
{
    Error error;
    bool failed, folded;
    const Statement *statement = sources_next(&session->sources, &folded, &failed, &error);
    if (folded && !session->told_folded && session->options.terminal) {
        fprintf(session->options.err, "%s\n", _("(full-width characters are read as ASCII)"));
        session->told_folded = true;
    }
    if (failed) fail(session, NULL, &error);
    if (!statement) return;
    session->replaced = false;
    workspace_copy(&session->before, &session->workspace);
    session->running = execution_new(&session->workspace, session->last, statement, &error);
    if (!session->running)
        fail(session, statement, &error);
    else if (!access_check(&session->workspace.access, session->running, &error) ||
             (session_sandbox(session) && !sandbox_allows(&session->workspace, session->running, &error)))
        fail_running(session, &error);
    else
        check_output(session);
}

static double started(const Session *session)
{
    const Source *source = sources_current(&session->sources);
    return source && source->sandboxed ? source->started : session->run_started;
}

/* A lesson's text has had its time. */
static void check_time(Session *session)
{
    Error error;
    if (session->running && sandbox_expired(session_sandbox(session), started(session), &error))
        fail_running(session, &error);
}

SessionStatus session_step(Session *session, double milliseconds)
{
    if (session->interrupt) handle_interrupt(session);
    check_time(session);
    if (session->asking) return SESSION_READY;
    if (!session->running)
        begin_statement(session);
    else if (session->running->at < session->running->call_count &&
             session->running->calls[session->running->at].job)
        step_job(session, milliseconds);
    else
        begin_call(session);
    bool more = session->running || session->sources.depth > 0;
    if (!more && !session->asking) player_continue(session);
    return (session->running && !session->asking) || session->sources.depth > 0 ? SESSION_BUSY
                                                                                : SESSION_READY;
}

/* --- lines --- */

static void remember_line(Session *session, const char *text)
{
    session->history = must_extend(session->history, session->history_count, &session->history_capacity,
                                   sizeof *session->history);
    session->history[session->history_count++] = must_copy(text, strcspn(text, "\n"));
}

static void answer(Session *session, const char *text)
{
    session->asking = false;
    if (text[0] == 'y' || text[0] == 'Y') return;
    fprintf(session->options.err, "%s\n", _("nothing was written"));
    stop_running(session);
    sources_clear(&session->sources);
}

void session_run(Session *session, const char *text, const char *source, size_t line)
{
    Error error;
    if (session->asking) {
        answer(session, text);
        return;
    }
    if (session->running) return;
    session->failed = session->interrupted = session->interrupt = false;
    session->run_started = sandbox_clock();
    const Listener *listener = &session->listener;
    if (listener->self && listener->takes(session, listener->self, text)) return;
    if (!source && text[strspn(text, " \t")]) remember_line(session, text);
    if (player_takes(session, text)) return;
    if (!sources_push(&session->sources, source, text, line ? line : 1, &error)) fail(session, NULL, &error);
}

bool session_do(Session *session, const char *text, const char *source, size_t line)
{
    session_run(session, text, source, line);
    while (session_step(session, 1000) == SESSION_BUSY) continue;
    return !session->failed;
}

void session_interrupt(Session *session) { session->interrupt = true; }
bool session_failed(const Session *session) { return session->failed; }
bool session_interrupted(const Session *session) { return session->interrupted; }
bool session_leaving(const Session *session) { return session->leaving; }
void session_resize(Session *session, int width) { session->options.width = width; }

const char *session_prompt(Session *session)
{
    char place[48];
    const char *model = workspace_current(&session->workspace)->name;
    if (session->asking) {
        snprintf(session->prompt, sizeof session->prompt, _("overwrite %.80s? [y/N] "),
                 output_path(session->running)->text);
        return session->prompt;
    }
    player_place(&session->player, place, sizeof place);
    if (session->listener.self) session->listener.place(session->listener.self, place, sizeof place);
    snprintf(session->prompt, sizeof session->prompt, "%s%.60s%s> ", place, model,
             session->workspace.access.api ? " (api)" : "");
    utf8_drop_malformed(session->prompt);
    return session->prompt;
}

const char *session_edit(Session *session)
{
    free(session->edit_shown);
    session->edit_shown = session->edit;
    session->edit = NULL;
    return session->edit_shown;
}

/* --- for commands --- */

Workspace *session_workspace(Session *session) { return &session->workspace; }
Undo *session_undo(Session *session) { return &session->undo; }
const SessionOptions *session_options(const Session *session) { return &session->options; }
const Execution *session_last(const Session *session) { return session->last; }
Player *session_player(Session *session) { return &session->player; }
void session_quit(Session *session)
{
    session->leaving = true;
    sources_clear(&session->sources);
}

void session_clear_failure(Session *session) { session->failed = false; }
void session_set_quiet(Session *session, bool quiet) { session->options.quiet = quiet; }
void session_workspace_replaced(Session *session) { session->replaced = true; }

void session_listen(Session *session, Listener listener)
{
    Listener before = session->listener;
    session->listener = listener;
    if (before.self) before.free(before.self);
}

const Listener *session_listener(const Session *session) { return &session->listener; }
Bill *session_bill(Session *session) { return &session->bill; }
uint64_t session_next_seed(Session *session) { return session->next_seed++; }

void session_set_edit(Session *session, const char *text)
{
    free(session->edit);
    session->edit = must_copy(text, strlen(text));
}

bool session_push(Session *session, const char *source, const char *text, Error *error)
{
    return sources_push(&session->sources, source, text, 1, error);
}

const char *session_history(const Session *session, size_t index)
{
    return index < session->history_count ? session->history[index] : NULL;
}

bool session_push_lesson(Session *session, const char *source, const char *text, const Sandbox *sandbox,
                         Error *error)
{
    if (!session_push(session, source, text, error)) return false;
    sources_confine(&session->sources, sandbox);
    return true;
}

const Sandbox *session_sandbox(const Session *session)
{
    const Source *source = sources_current(&session->sources);
    return source && source->sandboxed ? &source->sandbox : session->options.sandbox;
}

/* --- marks --- */

void session_mark(Session *session, SessionMark *mark)
{
    workspace_copy(&mark->workspace, &session->workspace);
    mark->undo = session->undo;
    mark->last = session->last;
    mark->next_seed = session->next_seed;
    mark->bill = session->bill;
    session->undo = (Undo){.past_count = 0};
    session->marked = session->last;
}

void session_return(Session *session, SessionMark *mark)
{
    session_listen(session, (Listener){.self = NULL});
    workspace_release(&session->workspace);
    workspace_copy(&session->workspace, &mark->workspace);
    undo_release(&session->undo);
    session->undo = (Undo){.past_count = 0};
    forget_last(session);
    session->last = mark->last;
    session->next_seed = mark->next_seed;
    session->bill = mark->bill;
}

void session_unmark(Session *session, SessionMark *mark)
{
    session_return(session, mark);
    session->undo = mark->undo;
    session->marked = NULL;
    workspace_release(&mark->workspace);
    *mark = (SessionMark){.last = NULL};
}
