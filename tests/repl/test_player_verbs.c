/* Every verb of lessons in every place of one; what is kept between programs; notes and predictions. */

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "repl/course/progress.h"
#include "repl/language.h"
#include "tests/support/course.h"

static Shell *shell;
static char folder[FOLDER_SIZE];
static char opening[256], journal[256];

static Shell *fresh_program(void)
{
    return shell_new_with((SessionOptions){.width = 80, .seed = 1, .journal = journal});
}

static void start(void)
{
    folder_make(folder);
    file_put(path_in(folder, "small.md"), course_small);
    snprintf(opening, sizeof opening, "lesson %s", path_in(folder, "small.md"));
    snprintf(journal, sizeof journal, "%s", path_in(folder, "state/journal"));
    shell = fresh_program();
}

static void finish(void)
{
    shell_free(shell);
    folder_remove(folder);
}

TestSuite(player_verbs, .init = start, .fini = finish, .timeout = 20);

static void another_program(void)
{
    shell_free(shell);
    shell = fresh_program();
}

static void expect(const char *line, const char *phrase)
{
    shell_do(shell, line);
    CHECK_FOR(strstr(shell_out(shell), phrase) || strstr(shell_err(shell), phrase), "[%s]: no [%s] in\n%s%s",
              line, phrase, shell_out(shell), shell_err(shell));
}

static void never(const char *phrase)
{
    CHECK_FOR(!strstr(shell_out(shell), phrase), "[%s] in\n%s", phrase, shell_out(shell));
}

/* --- every verb in every phase --- */

static const char *const lines[] = {
    "",
    "go",
    "hint",
    "hint; hint; hint",
    "solve",
    "skip",
    "back",
    "back; back",
    "help",
    "resume",
    "leave",
    "leave; resume",
    "reset",
    "reset lesson",
    "reset all",
    "reset all force=yes",
    "lesson",
    "lesson 1",
    "lesson 1 2",
    "lesson nowhere",
    "foo",
    "prob the",
    "prob zebra",
    "undo",
    "undo; undo; undo",
    "0.4",
    "2",
    "b 80%",
    "the mouse",
    "\"",
    "why",
    "again",
    "notes",
    "use bigram; drop bigram",
    "corpus sam",
    "go; go; go",
    "leave; leave",
    "skip; skip; skip",
    "# nothing",
    ";",
    "lang zh",
    "reset nonsense",
};

/* After the line, Enter and answers lead to the end of the lesson; hint and help say something. */
static void leads_on(const char *line, Phase phase)
{
    if (course_is_open(shell)) {
        shell_do(shell, "hint");
        CHECK_FOR(*shell_out(shell), "[%s] in phase %d: no hint", line, (int)phase);
        shell_must(shell, "help");
        CHECK_FOR(strlen(session_prompt(shell->session)) > 5, "%s", session_prompt(shell->session));
        shell_do(shell, "");
        CHECK_FOR(*shell_out(shell), "[%s] in phase %d: Enter says nothing", line, (int)phase);
    }
    language_use("en");
    shell_do(shell, "undo; undo; undo; undo");
    shell_must(shell, opening);
    course_finish(shell, false);
    CHECK_STR(session_prompt(shell->session), "toy> ");
    shell_must(shell, "prob the mouse");
    CHECK(strstr(shell_out(shell), "0.32"));
}

static void try_everywhere(Phase phase)
{
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        shell_must(shell, opening);
        CHECK_FOR(course_until(shell, phase, 20), "phase %d", (int)phase);
        shell_do(shell, lines[i]);
        leads_on(lines[i], phase);
        shell_do(shell, "reset all force=yes");
    }
}

Test(player_verbs, lead_on_from_a_transcript) { try_everywhere(AT_RUN); }
Test(player_verbs, lead_on_from_a_task) { try_everywhere(AT_TASK); }
Test(player_verbs, lead_on_from_a_question) { try_everywhere(AT_ANSWER); }
Test(player_verbs, lead_on_from_the_end_of_a_step) { try_everywhere(AT_END); }

Test(player_verbs, lead_on_after_an_interrupt)
{
    for (Phase phase = AT_RUN; phase <= AT_END; phase++) {
        shell_must(shell, opening);
        CHECK(course_until(shell, phase, 20));
        session_interrupt(shell->session);
        session_step(shell->session, 0);
        leads_on("Ctrl-C", phase);
        shell_do(shell, "reset all force=yes");
    }
}

/* A transcript's command that was stopped is offered again. */
Test(player_verbs, a_stopped_command_is_offered_again)
{
    shell_must(shell, opening);
    CHECK(course_until(shell, AT_RUN, 20));
    shell_do(shell, "");
    CHECK(strstr(shell_out(shell), "train ngram n=3"));
    session_run(shell->session, "", NULL, 1);
    session_interrupt(shell->session);
    while (session_step(shell->session, 1) == SESSION_BUSY) continue;
    CHECK_INT(course_phase(shell), AT_RUN);
    CHECK_STR(playing_of(shell->session)->entry.command, "train ngram n=3");
    expect("hint", "train ngram n=3");
    expect("", "After looking.");
}

/* --- one verb at a time --- */

Test(player_verbs, help_begins_with_what_to_do)
{
    shell_must(shell, opening);
    CHECK(course_until(shell, AT_RUN, 20));
    expect("help", "Enter runs the next command: prob the mouse @toy");
    CHECK(course_until(shell, AT_TASK, 20));
    expect("help", "A task is yours to do");
    CHECK(strstr(shell_out(shell), "Now you do."));
    CHECK(course_until(shell, AT_ANSWER, 20));
    expect("help", "How probable is it?");
    never("enumerate");
    expect("help all", "enumerate");
    never("How probable");
    shell_must(shell, "leave");
    shell_must(shell, "help");
    never("lead through the lesson");
}

Test(player_verbs, a_command_at_a_question_runs_and_the_question_stays)
{
    shell_must(shell, opening);
    CHECK(course_until(shell, AT_ANSWER, 20));
    expect("prob the mouse @toy", "0.32");
    CHECK(strstr(shell_out(shell), "Still asked: How probable is it?"));
    expect("", "How probable is it?");
    CHECK(strstr(shell_out(shell), "Type a number"));
    CHECK_INT(course_phase(shell), AT_ANSWER);
}

Test(player_verbs, skip_gives_no_credit_but_does_what_was_to_be_done)
{
    shell_must(shell, opening);
    CHECK(course_until(shell, AT_RUN, 20));
    expect("skip", "without credit");
    CHECK_INT(course_phase(shell), AT_END);
    CHECK_STR(session_prompt(shell->session), "[small 1/3] ngram> "); /* its train has been run */
    shell_do(shell, "");
    CHECK_INT(course_phase(shell), AT_TASK);
    expect("skip", "sample T=0 @toy");
    CHECK_INT(course_phase(shell), AT_END);
    course_finish(shell, false);
    CHECK(strstr(shell_out(shell), "Left out: look do"));
    CourseProgress progress = progress_read(journal);
    const LessonProgress *lesson = progress_find(&progress, "small");
    CHECK(progress_is_done(lesson, "guess") && !progress_is_done(lesson, "look") &&
          !progress_is_done(lesson, "do"));
    CHECK(lesson->finished && !lesson->open);
    progress_release(&progress);
}

Test(player_verbs, solve_at_a_question_gives_no_credit)
{
    shell_must(shell, opening);
    course_finish(shell, true);
    CHECK(strstr(shell_out(shell), "Left out: guess"));
    shell_must(shell, opening);
    course_finish(shell, false);
    CHECK(strstr(shell_out(shell), "is done"));
}

Test(player_verbs, a_step_can_be_gone_to)
{
    char line[300];
    snprintf(line, sizeof line, "%s do", opening);
    expect(line, "Now you do.");
    CHECK_STR(session_prompt(shell->session), "[small 2/3] ngram> "); /* as if step 1 had been done */
    CHECK_STR(session_workspace(shell->session)->settings[OPT_T], "2");
    snprintf(line, sizeof line, "%s 3", opening);
    expect(line, "How probable is it?");
    expect("back", "Now you do.");
    expect("back", "First you look.");
    CHECK_STR(session_prompt(shell->session), "[small 1/3] toy> ");
    snprintf(line, sizeof line, "%s 4", opening);
    CHECK(!shell_do(shell, line));
    CHECK(strstr(shell_err(shell), "look do guess"));
    CHECK_STR(session_prompt(shell->session), "[small 1/3] toy> ");
}

Test(player_verbs, back_finds_the_step_as_it_was)
{
    shell_must(shell, opening);
    CHECK(course_until(shell, AT_TASK, 20));
    char *before = shell_state(shell);
    shell_must(shell, "train ngram n=5; set digits=3; corpus sam");
    expect("back", "Now you do.");
    char *after = shell_state(shell);
    CHECK_STR(after, before);
    free(before);
    free(after);
}

Test(player_verbs, undo_does_not_reach_the_set_up)
{
    shell_must(shell, opening);
    CHECK(course_until(shell, AT_RUN, 20));
    CHECK(!shell_do(shell, "undo"));
    CHECK_STR(session_workspace(shell->session)->settings[OPT_T], "2");
    shell_must(shell, "set T=3");
    shell_must(shell, "undo");
    CHECK_STR(session_workspace(shell->session)->settings[OPT_T], "2");
}

/* --- leaving and coming back --- */

Test(player_verbs, resume_in_the_same_program)
{
    shell_must(shell, opening);
    CHECK(course_until(shell, AT_TASK, 20));
    shell_must(shell, "train ngram n=5 name=mine");
    char *before = shell_state(shell);
    shell_must(shell, "leave");
    CHECK_STR(session_prompt(shell->session), "toy> ");
    shell_must(shell, "set T=7; corpus facts");
    expect("resume", "Now you do.");
    char *after = shell_state(shell);
    CHECK_STR(after, before);
    free(after);
    expect("sample T=0 @toy", "[ok]");
    shell_must(shell, "leave");
    CHECK_STR(session_workspace(shell->session)->settings[OPT_T], "7");
    expect(opening, "You are back where you were");
    free(before);
}

/* Each place in turn: the program ends there, and another one goes on, in the same workspace. */
Test(player_verbs, resume_in_a_fresh_program)
{
    for (int lines_typed = 1; lines_typed < 12; lines_typed++) {
        shell_must(shell, opening);
        shell_must(shell, "set digits=5");
        for (int i = 0; i < lines_typed && course_is_open(shell); i++) course_step(shell, false);
        if (!course_is_open(shell)) break;
        shell_do(shell, "train ngram n=4 name=mine; set digits=4; undo; set T=3");
        Phase phase = course_phase(shell);
        char prompt[80], *before = shell_state(shell);
        snprintf(prompt, sizeof prompt, "%s", session_prompt(shell->session));
        another_program();
        shell_must(shell, lines_typed % 2 ? "resume" : opening);
        char *after = shell_state(shell);
        CHECK_STR(session_prompt(shell->session), prompt);
        CHECK_INT(course_phase(shell), phase);
        CHECK_STR(after, before);
        free(before);
        free(after);
        course_finish(shell, false);
        shell_must(shell, "reset all force=yes");
    }
}

Test(player_verbs, dice_fall_the_same_when_resumed)
{
    shell_must(shell, opening);
    shell_must(shell, "train softmax steps=3");
    shell_must(shell, "next the");
    char *before = strdup(shell_out(shell));
    another_program();
    shell_must(shell, "sample n=3");
    shell_must(shell, "resume");
    shell_must(shell, "next the");
    CHECK_STR(shell_out(shell), before);
    free(before);
}

Test(player_verbs, resume_writes_no_file_twice)
{
    char line[256];
    shell_must(shell, opening);
    snprintf(line, sizeof line, "train ngram n=4 > %s", path_in(folder, "out.txt"));
    shell_must(shell, line);
    char *before = file_get(path_in(folder, "out.txt"));
    file_put(path_in(folder, "out.txt"), "mine");
    another_program();
    expect("resume", "You are back");
    char *after = file_get(path_in(folder, "out.txt"));
    CHECK(strlen(before) > 4);
    CHECK_STR(after, "mine");
    CHECK_STR(session_prompt(shell->session), "[small] ngram> ");
    free(before);
    free(after);
}

Test(player_verbs, nothing_to_resume)
{
    CHECK(!shell_do(shell, "resume"));
    CHECK(strstr(shell_err(shell), "lesson 1 opens"));
    shell_must(shell, opening);
    course_finish(shell, false);
    another_program();
    CHECK(!shell_do(shell, "resume"));
    expect(opening, "Words before the first step."); /* a finished one, as reference, from its beginning */
}

static void change_lesson(const char *from, const char *to)
{
    char text[4096];
    const char *at = strstr(course_small, from);
    CHECK(at);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - course_small), course_small, to, at + strlen(from));
    file_put(path_in(folder, "small.md"), text);
}

Test(player_verbs, other_words_keep_the_place_other_commands_restart_the_step)
{
    shell_must(shell, opening);
    CHECK(course_until(shell, AT_TASK, 20));
    shell_must(shell, "train ngram n=5 name=mine");
    another_program();
    change_lesson("Now you do.", "Now it is you who does.");
    expect("resume", "Now it is you who does.");
    CHECK_STR(session_prompt(shell->session), "[small 2/3] mine> ");
    another_program();
    change_lesson("solution: sample T=0 @toy", "solution: sample T=0 @bigram");
    expect("resume", "has changed since");
    CHECK(strstr(shell_out(shell), "Now you do."));
    CHECK_STR(session_prompt(shell->session), "[small 2/3] ngram> ");
    CourseProgress progress = progress_read(journal);
    CHECK(progress_is_done(progress_find(&progress, "small"), "look"));
    progress_release(&progress);
}

/* What was typed read a file that is gone: the step begins afresh. */
Test(player_verbs, a_way_back_that_fails_restarts_the_step)
{
    char line[256];
    shell_must(shell, opening);
    CHECK(course_until(shell, AT_TASK, 20));
    file_put(path_in(folder, "own.txt"), "a b\n");
    snprintf(line, sizeof line, "corpus %s", path_in(folder, "own.txt"));
    shell_must(shell, line);
    remove(path_in(folder, "own.txt"));
    another_program();
    expect("resume", "cannot be done again");
    CHECK(strstr(shell_out(shell), "Now you do."));
    CHECK_INT(course_phase(shell), AT_TASK);
    CHECK_STR(session_prompt(shell->session), "[small 2/3] ngram> ");
    course_finish(shell, false);
}

Test(player_verbs, a_journal_that_cannot_be_written_stops_nobody)
{
    shell_free(shell);
    file_put(path_in(folder, "file"), "");
    snprintf(journal, sizeof journal, "%s", path_in(folder, "file/j"));
    shell = fresh_program();
    shell_do(shell, opening);
    CHECK(strstr(shell_err(shell), "cannot be written"));
    shell_do(shell, "");
    CHECK(!strstr(shell_err(shell), "cannot be written"));
    course_finish(shell, false);
}

/* --- reset --- */

Test(player_verbs, reset_forgets_what_it_says)
{
    shell_must(shell, opening);
    course_finish(shell, false);
    shell_must(shell, opening);
    CHECK(course_until(shell, AT_TASK, 20));
    shell_must(shell, "corpus sam");
    expect("reset step", "begins anew");
    CHECK(strstr(shell_out(shell), "Now you do."));
    CHECK_STR(corpus_name(workspace_corpus(session_workspace(shell->session))), "jobs");
    CourseProgress progress = progress_read(journal);
    CHECK(!progress_is_done(progress_find(&progress, "small"), "do"));
    CHECK(progress_is_done(progress_find(&progress, "small"), "look"));
    progress_release(&progress);
    expect("reset lesson", "Words before");
    CHECK(!shell_do(shell, "reset all"));
    expect("reset all", "force=yes");
    expect("reset all force=yes", "forgotten");
    CHECK_STR(session_prompt(shell->session), "toy> ");
    CHECK(!shell_do(shell, "notes"));
    CHECK(!shell_do(shell, "reset step"));
}

/* --- predictions --- */

static void to_prediction(void)
{
    shell_must(shell, opening);
    CHECK(course_until(shell, AT_ANSWER, 20));
}

/* H(0.4) = 0.970951; -0.4 log2 0.5 - 0.6 log2 0.5 = 1. */
Test(player_verbs, a_prediction_is_told_its_bits)
{
    to_prediction();
    expect("zebra", "A number is wanted");
    expect("0.5", "1 bits; the best possible here is 0.971");
    CHECK(strstr(shell_out(shell), "[guess]"));
    shell_must(shell, "lesson");
    CHECK(strstr(shell_err(shell), "Your predictions: 1 bits each over 1"));
}

Test(player_verbs, the_list_knows_what_is_done)
{
    shell_must(shell, "lesson 1");
    shell_must(shell, "leave");
    shell_must(shell, "lesson as=json");
    json_t *list = json_line(shell_out(shell), 0);
    CHECK_STR(json_string_value(json_path(list, "rows.0.id")), "L01");
    CHECK_STR(json_string_value(json_path(list, "rows.0.state")), "open");
    CHECK_INT(json_number(list, "rows.0.done"), 0);
    CHECK(json_number(list, "rows.0.steps") > 2);
    CHECK_INT(json_number(list, "predictions"), 0);
    CHECK(json_is_null(json_path(list, "bits_per_prediction")));
    json_decref(list);
}

/* --- notes --- */

static void has(const char *text, const char *phrase)
{
    CHECK_FOR(strstr(text, phrase), "no [%s] in\n%s", phrase, text);
}

Test(player_verbs, notes_tell_what_was_done)
{
    char line[256];
    CHECK(!shell_do(shell, "notes"));
    shell_must(shell, opening);
    shell_must(shell, "set color=on");
    CHECK(course_until(shell, AT_TASK, 20));
    shell_do(shell, "hint");
    shell_do(shell, "sample @toy");
    shell_do(shell, "sample T=0 @toy");
    CHECK(course_until(shell, AT_ANSWER, 20));
    shell_do(shell, "0.5");
    shell_do(shell, "0.8");
    shell_do(shell, "2/5");
    shell_do(shell, "1");
    shell_do(shell, "2");
    snprintf(line, sizeof line, "notes > %s", path_in(folder, "notes.md"));
    shell_must(shell, line);
    char *notes = file_get(path_in(folder, "notes.md"));
    has(notes, "# small: A small lesson\n");
    has(notes, "\n## Look\n");
    has(notes, "```\nlm> prob the mouse @toy\np = 0.32");
    has(notes, "\n## Do\n");
    has(notes, "> Now you do.");
    has(notes, "- The task is solved by: sample T=0 @toy (hints: 1)");
    has(notes, "> How probable is it?");
    has(notes, "- My prediction: 0.5 - 1 bits (even odds: 1");
    has(notes, "- My answer: 0.8 [--] That is the first factor.");
    has(notes, "- My answer: 2/5 [ok] Well read.");
    has(notes, "- My answer: 2 (the mouse) [ok]");
    CHECK(!strchr(notes, 033)); /* colours are for the screen */
    free(notes);
}
