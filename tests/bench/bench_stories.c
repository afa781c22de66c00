/* bench_stories.c - whole stories typed at the prompt: from a file of names to a validation loss. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "tests/bench/bench.h"

#define NAMES "../shared/data/names_train.txt"
#define HELDOUT "../shared/data/names_dev.txt"

typedef struct {
    const char *label, *recipe; /* behind `train` */
    double bar;                 /* nats a character to reach */
} Story;

static const Story stories[] = {
    {"mlp n=4 d=10 h=200 to 2.20", "mlp n=4 d=10 h=200 steps=10000 batch=128 schedule=cosine until=2.20",
     2.20},
    {"transformer 4x64 to 2.10", "transformer layers=4 heads=4 d=64 ctx=16 lr=0.001 steps=4000 until=2.10",
     2.10},
    {"transformer 4x64, cosine, to 2.05",
     "transformer layers=4 heads=4 d=64 ctx=16 lr=0.001 steps=12000 schedule=cosine until=2.05", 2.05},
};

/* The number behind "key": in what the program printed. */
static double number_after(const char *text, const char *key)
{
    char quoted[32];
    snprintf(quoted, sizeof quoted, "\"%s\":", key);
    const char *at = strstr(text, quoted);
    return at ? strtod(at + strlen(quoted), NULL) : 0;
}

static void tell_story(const Bench *bench, const Story *story)
{
    char line[512], bar[32], *text, *out = bench_path(bench, "story.json");
    size_t length;
    Apart result;
    Error error;
    snprintf(line, sizeof line,
             "corpus " NAMES " tokens=chars; train %s heldout=" HELDOUT " seed=1; eval " HELDOUT,
             story->recipe);
    if (!apart_program((const char *[]){PROGRAM, "--json", "--norc", "-c", line, NULL}, NULL, out, &result) ||
        !file_read(out, 1 << 20, &text, &length, &error))
        bench_fail(story->label, NULL);
    row_begin(story->label);
    narrow_figure(result.cpu_ms / 1e3);
    narrow_figure(number_after(text, "steps"));
    narrow_figure(number_after(text, "valid"));
    narrow_figure(-number_after(strstr(text, "\"eval\""), "logp") /
                  number_after(strstr(text, "\"eval\""), "tokens"));
    narrow_figure(result.peak_mb);
    snprintf(bar, sizeof bar, "<= %.2f", story->bar);
    row_end("", bar);
    free(text);
    free(out);
}

void bench_stories(const Bench *bench)
{
    static const char *const columns[] = {"CPU s", "steps", "valid", "all of it", "MB"};
    printf("\nNames, from the file to a loss (nats a character held out): the whole program\n");
    if (access(NAMES, R_OK) != 0 || access(HELDOUT, R_OK) != 0) {
        printf("  " NAMES " is not here\n");
        return;
    }
    narrow_columns("train", columns, COUNT_OF(columns));
    for (size_t i = 0; i < COUNT_OF(stories); i++) tell_story(bench, &stories[i]);
}
