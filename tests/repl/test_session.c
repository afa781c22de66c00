/* The session: pushed from outside, stopped at any moment, undone, repeated, scripted, redirected. */

#include <stdlib.h>
#include <string.h>

#include "tests/support/shell.h"

SHELL_SUITE(session, "json")

static size_t last_of(Session *session) { return session_workspace(session)->model_count; }

/* --- pushing --- */

Test(session, run_returns_before_the_work)
{
    shell_take(shell);
    session_run(shell->session, "prob the; prob the mouse", NULL, 1);
    CHECK_STR(shell_out(shell), "");
    while (session_step(shell->session, 1) == SESSION_BUSY) continue;
    CHECK_INT(lines_in(shell_out(shell)), 2);
    CHECK(session_step(shell->session, 1) == SESSION_READY);
    CHECK(!session_failed(shell->session));
}

Test(session, empty_lines_do_nothing)
{
    static const char *const lines[] = {"", "   ", "# nothing", ";;;", "\n\n", "\t"};
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        shell_must(shell, lines[i]);
        CHECK_STR(shell_out(shell), "");
        CHECK_STR(shell_err(shell), "");
    }
}

Test(session, several_lines_and_statements)
{
    shell_must(shell, "prob the; prob mouse # comment; prob zebra\n\nprob ate\n");
    CHECK_INT(lines_in(shell_out(shell)), 3);
    CHECK(!shell_do(shell, "prob the\nprob zebra\nprob mouse"));
    CHECK_INT(lines_in(shell_out(shell)), 1);
}

static void run_until_busy(const char *line, size_t slices)
{
    shell_take(shell);
    session_run(shell->session, line, NULL, 1);
    for (size_t i = 0; i < slices; i++)
        CHECK_FOR(session_step(shell->session, 1) == SESSION_BUSY, "%s ended too early", line);
}

static void interrupt_and_end(void)
{
    session_interrupt(shell->session);
    for (size_t i = 0; session_step(shell->session, 1) == SESSION_BUSY; i++)
        CHECK_FOR(i < 1000, "it goes on");
    CHECK(session_interrupted(shell->session));
}

Test(session, interrupted_sampling_keeps_what_was_drawn)
{
    run_until_busy("sample n=1e9 show=tally max=3", 20);
    interrupt_and_end();
    CHECK(!session_failed(shell->session));
    json_t *row, *json = json_line(shell_out(shell), 0);
    CHECK_FOR(json, "nothing was kept");
    size_t index;
    double share = 0;
    json_array_foreach(json_path(json, "tally"), index, row) share += json_number(row, "share");
    CHECK_NEAR(share, 1, 1e-9);
    json_decref(json);
    shell_must(shell, "prob the");
}

static void put_large_corpus(const char *path, size_t sentences)
{
    FILE *file = fopen(path, "w");
    CHECK(file);
    for (size_t i = 0; i < sentences; i++)
        fprintf(file, "w%zu a%zu b%zu c%zu d%zu\n", i % 7919, i, i % 101, i % 10007, i % 13);
    fclose(file);
}

/* Interrupted wherever it is, training leaves a usable model or everything as it was. */
Test(session, interrupted_training)
{
    char line[256];
    put_large_corpus(path_in(folder, "large.txt"), 60000);
    snprintf(line, sizeof line, "train ngram n=3 name=big corpus=\"%s\"", path_in(folder, "large.txt"));
    char *before = shell_state(shell);
    for (size_t slices = 1; slices < 40; slices += 6) {
        shell_take(shell);
        session_run(shell->session, line, NULL, 1);
        SessionStatus status = SESSION_BUSY;
        for (size_t i = 0; i < slices && status == SESSION_BUSY; i++)
            status = session_step(shell->session, 1);
        if (status == SESSION_BUSY) interrupt_and_end();
        if (strstr(shell_out(shell), "\"model\":\"big\"")) {
            CHECK(shell_number(shell, "sample seed=1 max=2", "seed") == 1);
            shell_must(shell, "undo");
        }
        char *after = shell_state(shell);
        CHECK_FOR(strcmp(before, after) == 0, "after %zu slices:\n%s\nwas\n%s", slices, after, before);
        free(after);
    }
    free(before);
}

Test(session, interrupted_enumeration_changes_nothing)
{
    char *before = shell_state(shell);
    run_until_busy("enumerate len=10", 10);
    interrupt_and_end();
    char *after = shell_state(shell);
    CHECK_STR(after, before);
    free(before);
    free(after);
    shell_must(shell, "prob the");
}

Test(session, interrupt_drops_what_follows)
{
    run_until_busy("sample n=1e9 show=tally max=2; set T=2; prob the", 5);
    interrupt_and_end();
    CHECK_NEAR(shell_number(shell, "next the", "T"), 1, 0);
    run_until_busy("sample n=1e9,1e8 show=tally max=2", 5);
    interrupt_and_end();
    CHECK(lines_in(shell_out(shell)) <= 1);
}

Test(session, interrupt_of_an_idle_session)
{
    session_interrupt(shell->session);
    session_step(shell->session, 0);
    shell_must(shell, "prob the");
    CHECK(!session_interrupted(shell->session));
    CHECK_INT(lines_in(shell_out(shell)), 1);
}

Test(session, freed_in_the_middle_of_work)
{
    Shell *other = shell_new("json");
    session_run(other->session, "sample n=1e9 show=tally; prob the", NULL, 1);
    for (int i = 0; i < 5; i++) session_step(other->session, 1);
    shell_free(other);
}

/* --- undo --- */

Test(session, undo_and_redo_every_kind_of_change)
{
    static const char *const changes[] = {
        "train ngram n=3",
        "train ngram n=2 name=x",
        "use bigram",
        "corpus jobs",
        "corpus add \"a b\"",
        "corpus drop \"a b\"",
        "corpus drop",
        "set T=2",
        "set T=3 top_k=2",
        "set default",
        "drop x",
        "train ngram n=1..3",
        "corpus sam tokens=chars",
        "set digits=3",
    };
    char *states[COUNT_OF(changes) + 1];
    states[0] = shell_state(shell);
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        shell_must(shell, changes[i]);
        states[i + 1] = shell_state(shell);
        CHECK_FOR(strcmp(states[i], states[i + 1]) != 0, "%s changes nothing", changes[i]);
    }
    for (size_t i = COUNT_OF(changes); i-- > 0;) {
        shell_must(shell, "undo");
        char *state = shell_state(shell);
        CHECK_FOR(strcmp(state, states[i]) == 0, "undo of %s gives\n%s\nnot\n%s", changes[i], state,
                  states[i]);
        free(state);
    }
    CHECK(!shell_do(shell, "undo"));
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        shell_must(shell, "redo");
        char *state = shell_state(shell);
        CHECK_FOR(strcmp(state, states[i + 1]) == 0, "redo of %s gives\n%s\nnot\n%s", changes[i], state,
                  states[i + 1]);
        free(state);
    }
    CHECK(!shell_do(shell, "redo"));
    for (size_t i = 0; i <= COUNT_OF(changes); i++) free(states[i]);
}

Test(session, a_hundred_changes_and_more)
{
    char line[32];
    for (int i = 1; i <= 130; i++) {
        snprintf(line, sizeof line, "set max=%d", i);
        shell_must(shell, line);
    }
    int undone = 0;
    while (shell_do(shell, "undo")) undone++;
    CHECK_INT(undone, UNDO_MAX);
    CHECK_STR(session_workspace(shell->session)->settings[OPT_MAX], "30");
    for (int i = 0; i < UNDO_MAX; i++) shell_must(shell, "redo");
    CHECK_STR(session_workspace(shell->session)->settings[OPT_MAX], "130");
}

Test(session, a_new_change_forgets_what_could_be_redone)
{
    shell_must(shell, "set T=2; undo; set T=3");
    CHECK(!shell_do(shell, "redo"));
    CHECK_NEAR(shell_number(shell, "next the", "T"), 3, 0);
}

Test(session, asking_is_no_change)
{
    shell_must(
        shell,
        "set T=2; next the; prob the @bigram; eval @trigram; counts @bigram; corpus show; models; help prob");
    CHECK_STR(json_string_value(json_path(shell_json(shell, "undo"), "statement")), "set T=2");
}

/* --- again, history, settings, seeds --- */

Test(session, again)
{
    shell_must(shell, "next the T=2 top_k=3");
    char *first = strdup(shell_out(shell));
    shell_must(shell, "again");
    CHECK(strstr(shell_out(shell), first));
    CHECK_NEAR(shell_number(shell, "again T=0.5", "T"), .5, 0);
    CHECK_INT(json_number(shell->json, "top_k"), 3);
    CHECK_STR(json_string_value(json_path(shell_json(shell, "again @bigram"), "model")), "bigram");
    shell_must(shell, "again T=1,2");
    CHECK(lines_in(shell_out(shell)) >= 2);
    CHECK(!shell_do(shell, "again T=-1"));
    CHECK(!shell_do(shell, "again show=dice"));
    free(first);
}

Test(session, again_looks_past_settings)
{
    shell_must(shell, "next the; set T=2");
    json_t *json = shell_json(shell, "again");
    CHECK_STR(json_string_value(json_path(json, "command")), "next");
    CHECK_NEAR(json_number(json, "T"), 2, 0);
}

Test(session, history)
{
    shell_do(shell, "prob the");
    shell_do(shell, "prob zebra");
    shell_do(shell, "  ");
    json_t *json = shell_json(shell, "history");
    CHECK_STR(json_string_value(json_path(json, "rows.0.line")), "prob the");
    CHECK_STR(json_string_value(json_path(json, "rows.1.line")), "prob zebra");
    CHECK_STR(json_string_value(json_path(json, "rows.2.line")), "history");
    CHECK_INT(json_array_size(json_path(json, "rows")), 3);
    CHECK(session_history(shell->session, 3) == NULL);
}

Test(session, settings)
{
    shell_must(shell, "set T=0.5 top_k=2");
    json_t *json = shell_json(shell, "next the");
    CHECK_NEAR(json_number(json, "T"), .5, 0);
    CHECK_NEAR(json_number(json, "rows.1.p"), 0, 0);
    CHECK_NEAR(shell_number(shell, "next the T=1 top_k=0", "rows.3.p"), .4, 1e-12);
    shell_must(shell, "set eos=off oov=unk");
    CHECK(json_is_false(json_path(shell_json(shell, "prob the @bigram"), "eos")));
    shell_must(shell, "set default");
    CHECK_NEAR(shell_number(shell, "next the as=json", "T"), 1, 0);
}

/* --json is not the learner's setting: forgetting those leaves it. */
Test(session, default_settings_keep_the_form_asked_for)
{
    shell_must(shell, "set T=2; set default; next the");
    json_decref(json_line(shell_out(shell), lines_in(shell_out(shell)) - 1));
}

Test(session, seeds_count_up_and_repeat)
{
    CHECK_INT(shell_number(shell, "sample", "seed"), 1);
    CHECK_INT(shell_number(shell, "sample", "seed"), 2);
    char *second = strdup(shell_out(shell));
    CHECK_INT(shell_number(shell, "sample seed=9", "seed"), 9);
    CHECK_INT(shell_number(shell, "sample T=1,2", "seed"), 3); /* one seed for all settings */
    Shell *fresh = shell_new("json");
    shell_must(fresh, "sample; prob the");
    shell_must(fresh, "sample");
    CHECK_STR(shell_out(fresh), second);
    shell_free(fresh);
    shell_must(shell, "set seed=42");
    CHECK_INT(shell_number(shell, "sample", "seed"), 42);
    free(second);
    fresh = shell_new_with((SessionOptions){.seed = 77, .format = "json"});
    CHECK_INT(shell_number(fresh, "sample", "seed"), 77);
    shell_free(fresh);
}

Test(session, time)
{
    shell_must(shell, "time prob the");
    CHECK_INT(lines_in(shell_out(shell)), 1);
    CHECK(strstr(shell_err(shell), "ms"));
}

/* --- scripts --- */

static bool run_file(const char *name)
{
    char line[256];
    snprintf(line, sizeof line, "run \"%s\"", path_in(folder, name));
    return shell_do(shell, line);
}

Test(session, scripts_run_in_this_session)
{
    file_put(path_in(folder, "a.lm"), "# a script\nset T=2\nprob the; prob mouse\r\n\nprob ate");
    CHECK(run_file("a.lm"));
    CHECK_INT(lines_in(shell_out(shell)) >= 3, 1);
    CHECK_NEAR(shell_number(shell, "next the", "T"), 2, 0);
    shell_must(shell, "undo");
    CHECK_NEAR(shell_number(shell, "next the", "T"), 1, 0);
}

Test(session, script_errors_name_file_line_and_column)
{
    static const struct {
        const char *text, *place;
    } rows[] = {{"prob zebra\n", ":1:6: error:"},
                {"\n\nprob the; next the T=-1\nset T=2", ":3:22: error:"},
                {"# x\nprob \"the\n", ":2:6: error:"},
                {"prob the\nprbo\n", ":2:1: error:"},
                {"prob the \xFF\n", ":1:10: error:"}};
    Shell *json = shell;
    shell = shell_new(NULL);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char wanted[256];
        file_put(path_in(folder, "b.lm"), rows[i].text);
        CHECK(!run_file("b.lm"));
        snprintf(wanted, sizeof wanted, "%s%s", path_in(folder, "b.lm"), rows[i].place);
        CHECK_FOR(strstr(shell_err(shell), wanted), "%s is not in %s", wanted, shell_err(shell));
        CHECK(session_workspace(shell->session)->settings[OPT_T] == NULL);
    }
    shell_free(shell);
    shell = json;
}

Test(session, scripts_in_scripts_have_an_end)
{
    char text[256];
    snprintf(text, sizeof text, "run \"%s\"\n", path_in(folder, "self.lm"));
    file_put(path_in(folder, "self.lm"), text);
    CHECK(!run_file("self.lm"));
    CHECK(lines_in(shell_err(shell)) <= 4);
    shell_must(shell, "prob the");
    for (int i = 0; i < 10; i++) {
        char name[16];
        snprintf(text, sizeof text, "run \"%s/%d.lm\"\nprob the\n", folder, i + 1);
        snprintf(name, sizeof name, "%d.lm", i);
        file_put(path_in(folder, name), i == 9 ? "prob the\n" : text);
    }
    CHECK(run_file("0.lm"));
    CHECK(strstr(shell_out(shell), "\"p\":0.8"));
}

/* --- files --- */

static void write_to(const char *command, const char *name)
{
    char line[256];
    snprintf(line, sizeof line, "%s > \"%s\"", command, path_in(folder, name));
    shell_must(shell, line);
    CHECK_STR(shell_out(shell), "");
}

Test(session, redirects_in_every_form)
{
    static const struct {
        const char *command, *name, *begins;
    } rows[] = {
        {"next the", "a.csv", "token,p\n"},
        {"next the", "a.json", "{\"command\":\"next\""},
        {"next the as=table", "a.txt", "p("},
        {"next the as=csv", "b.json", "token,p\n"},
        {"next the", "a.md", ""},
        {"next the as=list", "c.txt", ""},
        {"next the T=1,2", "sweep.json", "{\"command\":\"next\""},
        {"prob the", "p.csv", "model,tokens,"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        write_to(rows[i].command, rows[i].name);
        char *text = file_get(path_in(folder, rows[i].name));
        CHECK_FOR(text && strncmp(text, rows[i].begins, strlen(rows[i].begins)) == 0, "%s > %s gives %s",
                  rows[i].command, rows[i].name, text);
        CHECK_FOR(strlen(text) > 10 && text[strlen(text) - 1] == '\n', "%s", rows[i].name);
        CHECK_FOR(!strchr(text, '\033'), "%s", rows[i].name);
        free(text);
    }
    char *markdown = file_get(path_in(folder, "a.md"));
    CHECK(strstr(markdown, "---") && strstr(markdown, "| mouse |"));
    free(markdown);
    write_to("prob the force=yes", "a.csv");
}

Test(session, a_person_is_asked_before_overwriting)
{
    char line[256];
    Shell *person =
        shell_new_with((SessionOptions){.width = 80, .seed = 1, .terminal = true, .format = "csv"});
    const char *path = path_in(folder, "there.csv");
    file_put(path, "precious\n");
    snprintf(line, sizeof line, "prob the > \"%s\"; set T=2", path);
    session_run(person->session, line, NULL, 1);
    while (session_step(person->session, 10) == SESSION_BUSY) continue;
    CHECK(strstr(session_prompt(person->session), "overwrite"));
    shell_do(person, "n");
    CHECK(!strstr(session_prompt(person->session), "overwrite"));
    char *text = file_get(path);
    CHECK_STR(text, "precious\n");
    free(text);
    CHECK(session_workspace(person->session)->settings[OPT_T] == NULL);
    shell_do(person, line);
    CHECK(strstr(session_prompt(person->session), "overwrite"));
    shell_do(person, "y");
    text = file_get(path);
    CHECK(strncmp(text, "model,", 6) == 0);
    free(text);
    CHECK_STR(session_workspace(person->session)->settings[OPT_T], "2");
    shell_free(person);
}

Test(session, ctrl_c_at_the_question_writes_nothing)
{
    char line[256];
    Shell *person = shell_new_with((SessionOptions){.width = 80, .seed = 1, .terminal = true});
    file_put(path_in(folder, "x.csv"), "precious\n");
    snprintf(line, sizeof line, "prob the > \"%s\"", path_in(folder, "x.csv"));
    shell_do(person, line);
    session_interrupt(person->session);
    session_step(person->session, 0);
    CHECK(!strstr(session_prompt(person->session), "overwrite"));
    shell_must(person, "prob the");
    char *text = file_get(path_in(folder, "x.csv"));
    CHECK_STR(text, "precious\n");
    free(text);
    shell_free(person);
}

Test(session, prompt_names_the_model)
{
    CHECK_STR(session_prompt(shell->session), "toy> ");
    shell_must(shell, "use bigram");
    CHECK_STR(session_prompt(shell->session), "bigram> ");
    CHECK(last_of(shell->session) >= 2);
}

Test(session, quit_leaves)
{
    static const char *const lines[] = {"quit", "exit", "/quit", ".quit", "\\q", "quit()", "q"};
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        Shell *other = shell_new(NULL);
        shell_do(other, lines[i]);
        CHECK_FOR(session_leaving(other->session), "%s does not leave", lines[i]);
        shell_free(other);
    }
}
