/* The journal of lessons: whole lines whoever writes, torn and foreign ones skipped; and what it comes to. */

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "repl/course/progress.h"
#include "tests/support/shell.h"

static char folder[FOLDER_SIZE];
static char path[256];

static void start(void)
{
    folder_make(folder);
    snprintf(path, sizeof path, "%s", path_in(folder, "state/lmsh/journal"));
}

static void finish(void) { folder_remove(folder); }

TestSuite(journal, .init = start, .fini = finish, .timeout = 20);

static void note(EventKind kind, const char *step, size_t block, const char *text, const char *result)
{
    Error error;
    Journal journal = {0};
    Event event = {.visit = 7,
                   .lesson = "L99",
                   .fingerprint = 5,
                   .step = step,
                   .block = block,
                   .kind = kind,
                   .text = text,
                   .result = result};
    CHECK_FOR(journal_append(&journal, path, &event, &error), "%s", error.message);
    journal_close(&journal);
}

typedef struct {
    size_t count;
    size_t of[3]; /* per process */
    char text[256], result[256];
    size_t block, hints;
    uint64_t fingerprint, visit;
    EventKind kind;
} Seen;

static void see(void *context, const Event *event)
{
    Seen *seen = context;
    seen->count++;
    seen->of[event->block % 3]++;
    snprintf(seen->text, sizeof seen->text, "%s", event->text);
    snprintf(seen->result, sizeof seen->result, "%s", event->result);
    seen->block = event->block;
    seen->hints = event->hints;
    seen->fingerprint = event->fingerprint;
    seen->visit = event->visit;
    seen->kind = event->kind;
}

static Seen all(void)
{
    Seen seen = {.count = 0};
    journal_read(path, see, &seen);
    return seen;
}

Test(journal, gives_back_what_it_was_told)
{
    Error error;
    Journal journal = {0};
    const char *odd = "a\tb\\n\nc\\ 老鼠 \\";
    Event event = {.visit = UINT64_MAX,
                   .lesson = "L\t1",
                   .fingerprint = 1ULL << 63,
                   .step = "s",
                   .block = 4,
                   .kind = EVENT_RIGHT,
                   .hints = 2,
                   .text = odd,
                   .result = "line\nline\n"};
    CHECK(journal_append(&journal, path, &event, &error));
    journal_close(&journal);
    Seen seen = all();
    CHECK_INT(seen.count, 1);
    CHECK_STR(seen.text, odd);
    CHECK_STR(seen.result, "line\nline\n");
    CHECK(seen.block == 4 && seen.hints == 2 && seen.kind == EVENT_RIGHT);
    CHECK(seen.fingerprint == 1ULL << 63 && seen.visit == UINT64_MAX);
    char *text = file_get(path);
    CHECK_INT(lines_in(text), 1);
    free(text);
}

/* A line of some thousand bytes, so that a write in two parts would show. */
static void append_thousand(size_t which)
{
    Error error;
    Journal journal = {0};
    char *long_text = calloc(1, 4001);
    memset(long_text, (int)('a' + which), 4000);
    for (int i = 0; i < 1000; i++) {
        Event event = {.lesson = "L", .step = "s", .block = which, .kind = EVENT_RAN, .text = long_text};
        if (!journal_append(&journal, path, &event, &error)) _exit(1);
    }
    free(long_text);
    journal_close(&journal);
}

Test(journal, two_programs_at_once_interleave_whole_lines)
{
    for (size_t which = 0; which < 2; which++) {
        if (fork() > 0) continue;
        append_thousand(which);
        _exit(0);
    }
    int status;
    for (int i = 0; i < 2; i++) CHECK(wait(&status) > 0 && status == 0);
    Seen seen = all();
    CHECK_INT(seen.count, 2000);
    CHECK(seen.of[0] == 1000 && seen.of[1] == 1000);
}

/* Every prefix that a crash could leave: no line but the torn one is lost, also after going on. One that
 * lacks its end alone is whole. */
Test(journal, torn_lines_cost_themselves_alone)
{
    note(EVENT_RAN, "s", 0, "first", "");
    note(EVENT_RAN, "s", 1, "second", "");
    char *whole = file_get(path);
    size_t first = strcspn(whole, "\n") + 1, length = strlen(whole);
    for (size_t cut = first; cut < length; cut++) {
        file_put_bytes(path, whole, cut);
        CHECK_INT(all().count, 1);
        note(EVENT_RAN, "s", 2, "third", "");
        Seen seen = all();
        CHECK_FOR(seen.count == 2 + (cut == length - 1) && strcmp(seen.text, "third") == 0, "cut at %zu: %zu",
                  cut, seen.count);
    }
    free(whole);
}

Test(journal, damaged_and_foreign_lines_are_skipped)
{
    note(EVENT_RAN, "s", 0, "sound", "");
    char *line = file_get(path), text[8192];
    size_t length = strlen(line);
    for (size_t i = 0; i + 1 < length; i++) { /* one letter changed: the checksum knows */
        line[i] ^= 1;
        if (line[i] != '\n' && line[i]) {
            file_put(path, line);
            CHECK_FOR(all().count == 0, "letter %zu", i);
        }
        line[i] ^= 1;
    }
    snprintf(text, sizeof text, "\n\t\t\nhello\n1\t2\t3\n%s2\tof\tanother\tformat\n%s", line, line);
    file_put(path, text);
    CHECK_INT(all().count, 2);
    file_put_bytes(path, "1\t\0\t\n", 5);
    CHECK_INT(all().count, 0);
    free(line);
}

Test(journal, a_place_that_cannot_be_written_is_told_once)
{
    Error error;
    Journal journal = {0};
    Event event = {.lesson = "L", .step = "s", .kind = EVENT_RAN};
    file_put(path_in(folder, "file"), "");
    const char *nowhere = path_in(folder, "file/lmsh/journal");
    CHECK(!journal_append(&journal, nowhere, &event, &error));
    CHECK(strstr(error.message, "file/lmsh/journal"));
    CHECK(journal_append(&journal, nowhere, &event, &error));
    CHECK(journal_append(&journal, NULL, &event, &error));
    journal_close(&journal);
    journal = (Journal){0};
    CHECK(!journal_append(&journal, folder, &event, &error));
    journal_close(&journal);
    CourseProgress progress = progress_read(folder);
    CHECK_INT(progress.count, 0);
    progress_release(&progress);
}

Test(journal, is_the_learners_alone)
{
    struct stat status;
    note(EVENT_RAN, "s", 0, "", "");
    CHECK(stat(path, &status) == 0 && (status.st_mode & 0777) == 0600);
}

/* --- progress --- */

static void play_to_second_step(void)
{
    note(EVENT_BEGIN, "", 0, "99", NULL);
    note(EVENT_ENTER, "", 0, NULL, NULL);
    note(EVENT_AT, "", 1, "0", NULL);
    note(EVENT_ENTER, "one", 0, NULL, NULL);
    note(EVENT_SETUP, "one", 0, "corpus jobs", NULL);
    note(EVENT_DID, "one", 1, "train ngram", "trained");
    note(EVENT_DONE, "one", 3, NULL, NULL);
    note(EVENT_ENTER, "two", 0, NULL, NULL);
    note(EVENT_DID, "two", 1, "set T=2", "");
    note(EVENT_AT, "two", 2, "4", NULL);
}

static const LessonProgress *lesson_of(const CourseProgress *progress)
{
    return progress_find(progress, "L99");
}

Test(journal, tells_where_one_is)
{
    play_to_second_step();
    CourseProgress progress = progress_read(path);
    const LessonProgress *lesson = lesson_of(&progress);
    CHECK(lesson && lesson->open && lesson->waited && !lesson->finished);
    CHECK_STR(lesson->name, "99");
    CHECK_STR(lesson->step, "two");
    CHECK(lesson->block == 2 && lesson->entry == 4 && lesson->fingerprint == 5);
    CHECK(progress_is_done(lesson, "one") && !progress_is_done(lesson, "two"));
    CHECK_INT(lesson->change_count, 3);
    CHECK_STR(lesson->changes[1].text, "train ngram");
    CHECK(lesson->changes[1].typed && !lesson->changes[0].typed);
    CHECK_STR(progress.last, "L99");
    progress_release(&progress);
}

Test(journal, a_step_entered_again_undoes_what_came_after)
{
    play_to_second_step();
    note(EVENT_ENTER, "one", 0, NULL, NULL);
    note(EVENT_SETUP, "one", 0, "corpus sam", NULL);
    CourseProgress progress = progress_read(path);
    CHECK_INT(lesson_of(&progress)->change_count, 1);
    CHECK_STR(lesson_of(&progress)->changes[0].text, "corpus sam");
    CHECK(!lesson_of(&progress)->waited && progress_is_done(lesson_of(&progress), "one"));
    progress_release(&progress);
}

Test(journal, another_shell_does_not_move_this_one)
{
    Error error;
    Journal journal = {0};
    play_to_second_step();
    Event other = {
        .visit = 8, .lesson = "L99", .fingerprint = 5, .step = "two", .kind = EVENT_DID, .text = "set T=3"};
    CHECK(journal_append(&journal, path, &other, &error));
    other.kind = EVENT_DONE;
    CHECK(journal_append(&journal, path, &other, &error));
    CourseProgress progress = progress_read(path);
    CHECK_INT(lesson_of(&progress)->change_count, 3);
    CHECK(progress_is_done(lesson_of(&progress), "two"));
    progress_release(&progress);
    other.kind = EVENT_RESUME;
    CHECK(journal_append(&journal, path, &other, &error));
    other.kind = EVENT_DID;
    CHECK(journal_append(&journal, path, &other, &error));
    note(EVENT_DID, "two", 1, "set T=4", "");
    progress = progress_read(path);
    CHECK_INT(lesson_of(&progress)->change_count, 4);
    CHECK_STR(lesson_of(&progress)->changes[3].text, "set T=3");
    progress_release(&progress);
    journal_close(&journal);
}

/* (0.5 + 2.5) / 2 = 1.5; of two guesses at the same place the first counts; "off by a factor" is no mean. */
Test(journal, a_price_is_made_of_numbers)
{
    double bits, least, even;
    CHECK(progress_price("1.5 1 2", &bits, &least, &even) && bits == 1.5 && least == 1 && even == 2);
    CHECK(progress_price("7 0 nan", &bits, &least, &even) && bits == 7 && isnan(even)); /* off by a factor */
    static const char *const none[] = {"", "1", "1 2", "nan 1 2", "1 nan 2", "one two three"};
    for (size_t i = 0; i < COUNT_OF(none); i++)
        CHECK_FOR(!progress_price(none[i], &bits, &least, &even), "%s", none[i]);
}

Test(journal, means_the_first_predictions)
{
    double bits, even;
    play_to_second_step();
    note(EVENT_PREDICT, "one", 1, "2", "0.5 0 1");
    note(EVENT_PREDICT, "one", 1, "2", "0 0 1");
    note(EVENT_PREDICT, "one", 2, "2", "2.5 0 2");
    note(EVENT_PREDICT, "two", 1, "100", "7 0 nan");
    note(EVENT_PREDICT, "two", 2, "100", "");
    CourseProgress progress = progress_read(path);
    CHECK_INT(progress_bits(&progress, NULL, &bits, &even), 2);
    CHECK_NEAR(bits, 1.5, 1e-12);
    CHECK_NEAR(even, 1.5, 1e-12);
    CHECK_INT(lesson_of(&progress)->prediction_count, 4);
    progress_release(&progress);
    note(EVENT_RESET, "one", 0, NULL, NULL);
    progress = progress_read(path);
    CHECK_INT(progress_bits(&progress, NULL, &bits, &even), 0);
    CHECK(isnan(bits) && !progress_is_done(lesson_of(&progress), "one"));
    CHECK_INT(lesson_of(&progress)->prediction_count, 2);
    progress_release(&progress);
}

Test(journal, forgets_a_lesson_and_all)
{
    play_to_second_step();
    note(EVENT_RESET, "", 0, NULL, NULL);
    CourseProgress progress = progress_read(path);
    CHECK(!lesson_of(&progress)->open && !progress_is_done(lesson_of(&progress), "one") && !progress.last);
    progress_release(&progress);
    play_to_second_step();
    Error error;
    Journal journal = {0};
    Event everything = {.lesson = "", .step = "", .kind = EVENT_RESET};
    CHECK(journal_append(&journal, path, &everything, &error));
    journal_close(&journal);
    progress = progress_read(path);
    CHECK(!lesson_of(&progress)->open && lesson_of(&progress)->done.count == 0);
    progress_release(&progress);
}
