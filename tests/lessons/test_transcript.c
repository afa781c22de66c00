#include "lessons/transcript.h"

#include "tests/support/check.h"

TestSuite(transcript, .timeout = 20);

Test(transcript, yields_commands_with_their_output)
{
    static const char text[] = "Some prose.\n"
                               "lm>not a command\n"
                               "lm> prob the mouse  \n"
                               "0.02\n"
                               "\n"
                               "5.64 bits\r\n"
                               "\n"
                               "lm> quit\n"
                               "lm>   next the\r\n"
                               "rows\n";
    static const TranscriptEntry wanted[] = {
        {"prob the mouse", "0.02\n\n5.64 bits", 3}, {"quit", "", 8}, {"next the", "rows", 9}};
    Arena arena = {0};
    Transcript transcript = transcript_open(text, &arena);
    TranscriptEntry entry;
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        CHECK(transcript_next(&transcript, &entry));
        CHECK_STR(entry.command, wanted[i].command);
        CHECK_STR(entry.expected, wanted[i].expected);
        CHECK_INT(entry.line, wanted[i].line);
    }
    CHECK(!transcript_next(&transcript, &entry));
    CHECK(!transcript_next(&transcript, &entry));
    arena_release(&arena);
}

Test(transcript, may_be_empty)
{
    static const char *const texts[] = {"", "prose", "\n\n", "lm", "lm>x"};
    Arena arena = {0};
    TranscriptEntry entry;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        Transcript transcript = transcript_open(texts[i], &arena);
        CHECK_FOR(!transcript_next(&transcript, &entry), "%s", texts[i]);
    }
    Transcript transcript = transcript_open("lm>", &arena);
    CHECK(transcript_next(&transcript, &entry));
    CHECK_STR(entry.command, "");
    CHECK_STR(entry.expected, "");
    arena_release(&arena);
}

Test(transcript, accepts_output_that_looks_like_it)
{
    static const struct {
        const char *expected, *actual;
    } rows[] = {
        {"", ""},
        {"", "\n\n"},
        {"a", "a\n"},
        {"a\n\n", "a"},
        {"a  \nb", "a\nb\t\r\n"},
        {"a   b\tc", "a b c"},
        {"...", ""},
        {"...", "a\nb"},
        {"a\n...\nd", "a\nd"},
        {"a\n...\nd", "a\nb\nd\nc\nd"},
        {"...\nb\n...\nd", "b\nc\nd"},
        {"a\n...", "a"},
        {"the mouse ...", "the mouse ate the cheese"},
        {"the mouse...", "the mouse"},
        {"... cheese", "the mouse ate the cheese"},
        {"a ... b ... c", "a b b x c b c"},
        {"p ... 0.02 ...", "p = 1 0.02 5"},
        {"0.538", "0.53846"},
        {"0.538", "0.5375"},
        {"0.53...", "0.53846"},
        {"0.53...", "0.538 or so"},
        {"p=0.10,", "p=0.1000,"},
        {"1.2e-05", "1.2345e-5"},
        {"7/13 = 0.54", "7/13 = 0.5384"},
        {"53.8%", "53.846%"},
        {"3", "3.0"},
        {"T=0", "T=0"},
        {"mouse2 0.1.2", "mouse2 0.1.2"},
        {"seed 17869394397985242441", "seed 17869394397985242441"},
        {"the  0.80 ████▌", "the 0.8 ████▌"},
        {"the 0.80 ...", "the 0.8 ████▌"},
        {"x ####", "x ####"},
        {"逐字 0.5", "逐字   0.50"},
        {"a\n\nb", "a\n\nb"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t line;
        CHECK_FOR(transcript_matches(rows[i].expected, rows[i].actual, &line), "\"%s\" for \"%s\", line %zu",
                  rows[i].actual, rows[i].expected, line);
    }
}

Test(transcript, finds_the_first_line_that_differs)
{
    static const struct {
        const char *expected, *actual;
        size_t line;
    } rows[] = {
        {"a", "b", 0},
        {"a", "", 0},
        {"", "a", 0},
        {"a\nb\nc", "a\nx\nc", 1},
        {"a\nb", "a", 1},
        {"a", "a\nb", 1},
        {"a\n...\nd\ne", "a\nb\nd\nx", 3},
        {"a\n...\nd", "a\nb\nc", 2},
        {"a\n\nb", "a\nb", 1},
        {"0.538", "0.5390", 0},
        {"0.538", "0.53", 0},
        {"0.0991009", "0.0991", 0},
        {"0.53...", "0.5499", 0},
        {"3", "3.2", 0},
        {"3", "4", 0},
        {"seed 17869394397985242441", "seed 17869394397985242442", 0},
        {"1.2e-05", "1.2e-06", 0},
        {"0.5", "x", 0},
        {"0.5 bits", "0.5 nats", 0},
        {"ab", "a b", 0},
        {"x ####", "x ###", 0},
        {"x ███", "x ██", 0},
        {"the mouse ...", "the cat ate", 0},
        {"... cheese", "the mouse", 0},
        {"10...", "2", 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t line = 99;
        CHECK_FOR(!transcript_matches(rows[i].expected, rows[i].actual, &line), "\"%s\" for \"%s\"",
                  rows[i].actual, rows[i].expected);
        CHECK_FOR(line == rows[i].line, "\"%s\" for \"%s\": line %zu", rows[i].actual, rows[i].expected,
                  line);
    }
}
