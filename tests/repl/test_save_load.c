/* save and load at the prompt: forms, names, questions, refusals, and what undo brings back. */

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/neural/checkpoint.h"
#include "tests/support/runs.h"
#include "tests/support/shell.h"

SHELL_SUITE(save_load, "json")

static char line[512];

/* "save %s/m.arpa": %s stands for the folder. */
static const char *in_folder(const char *text)
{
    char *at = line;
    for (; *text; text++) {
        bool folder_here = strncmp(text, "%s", 2) == 0;
        CHECK((size_t)(at - line) + strlen(folder) + 2 < sizeof line);
        if (folder_here)
            at = stpcpy(at, folder);
        else
            *at++ = *text;
        text += folder_here;
    }
    *at = '\0';
    return line;
}

static void check_text(const char *key, const char *wanted)
{
    CHECK_STR(json_string_value(json_path(shell->json, key)), wanted);
}

Test(save_load, every_form_gives_the_same_perplexity)
{
    static const char *const endings[] = {"arpa", "arpa.gz", "lm"};
    shell_must(shell, "train ngram n=3 smooth=kn");
    double wanted = shell_number(shell, "eval mouse", "perplexity");
    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        snprintf(line, sizeof line, "save %s/m.%s @ngram", folder, endings[i]);
        shell_json(shell, line);
        check_text("command", "save");
        check_text("model", "ngram");
        char *bytes = file_get(path_in(folder, "m.lm") /* the last one */);
        CHECK(json_number(shell->json, "bytes") > 100 && json_number(shell->json, "order") == 3);
        CHECK(json_number(shell->json, "ngrams") > 20 && json_number(shell->json, "outcomes") == 7);
        free(bytes);
        snprintf(line, sizeof line, "load %s/m.%s", folder, endings[i]);
        shell_json(shell, line);
        check_text("command", "load");
        check_text("model", "m");
        check_text("kind", "ngram");
        CHECK(json_number(shell->json, "order") == 3 && json_number(shell->json, "seconds") > 0);
        double again = shell_number(shell, "eval mouse", "perplexity");
        CHECK_FOR(fabs(again - wanted) <= 1e-6 * wanted, "%s: %.17g, not %.17g", endings[i], again, wanted);
    }
}

/* What a model holds does not depend on the name of its file. */
Test(save_load, the_form_is_told_by_content)
{
    shell_must(shell, "train ngram n=2 smooth=wb");
    shell_must(shell, in_folder("save %s/a.lm; save %s/b.arpa.gz"));
    CHECK_INT(rename(path_in(folder, "a.lm"), path_in(folder, "a.txt")), 0);
    CHECK_INT(rename(path_in(folder, "b.arpa.gz"), path_in(folder, "b.lm")), 0);
    shell_json(shell, in_folder("load %s/a.txt"));
    check_text("model", "a.txt");
    shell_json(shell, in_folder("load %s/b.lm"));
    check_text("model", "b");
}

Test(save_load, a_loaded_model_is_current_and_undo_brings_back_the_old_one)
{
    shell_must(shell, in_folder("train ngram n=2 smooth=add name=m; save %s/m.arpa; train ngram name=m"));
    double old = shell_number(shell, "prob the mouse", "p");
    shell_must(shell, in_folder("load %s/m.arpa"));
    CHECK(shell_number(shell, "prob the mouse", "p") < old);
    shell_must(shell, "undo");
    CHECK(shell_number(shell, "prob the mouse @m", "p") == old);
    shell_json(shell, in_folder("load %s/m.arpa name=other"));
    check_text("model", "other");
    CHECK(strcmp(session_prompt(shell->session), "other> ") == 0);
}

Test(save_load, names_come_from_the_file)
{
    static const struct {
        const char *file, *name;
    } rows[] = {{"mini.o3.arpa", "mini.o3"},
                {"a b,c@d.arpa", "a-b-c-d"},
                {"toy.arpa", "loaded"},
                {".arpa", ".arpa"},
                {"x", "x"},
                {"k.arpa.gz.lm", "k.arpa.gz"}};
    shell_must(shell, in_folder("train ngram smooth=kn; save %s/first.arpa"));
    const char *file = path_in(folder, "first.arpa");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *next = path_in(folder, rows[i].file);
        CHECK_INT(rename(file, next), 0);
        file = next;
        snprintf(line, sizeof line, "load \"%s\"", file);
        shell_json(shell, line);
        check_text("model", rows[i].name);
    }
}

/* --- networks --- */

/* A file of a network of characters or words that was trained a little; `model` is its name without folder.
 */
static void put_network(const char *name, NetworkKind kind)
{
    Error error;
    Model *model = run_model(kind, 5);
    CHECK_FOR(checkpoint_write(model, path_in(folder, name), &error), "%s", error.message);
    model_free(model);
}

Test(save_load, a_network_goes_around_through_its_file)
{
    for (int kind = 0; kind < NETWORK_KINDS; kind++) {
        put_network("first.safetensors", (NetworkKind)kind);
        shell_json(shell, in_folder("load %s/first.safetensors name=m"));
        check_text("model", "m");
        check_text("kind", network_kind_name((NetworkKind)kind));
        CHECK(json_number(shell->json, "parameters") > 10 && json_number(shell->json, "steps") == 5);
        CHECK(json_number(shell->json, "outcomes") == 13 && json_number(shell->json, "bytes") > 500);
        shell_json(shell, in_folder("save %s/second.safetensors force=yes"));
        check_text("kind", network_kind_name((NetworkKind)kind));
        CHECK(json_number(shell->json, "parameters") > 10 && json_number(shell->json, "steps") == 5);
        char *first = file_get(path_in(folder, "first.safetensors")),
             *second = file_get(path_in(folder, "second.safetensors"));
        CHECK_STR(first + 8, second + 8); /* as far as the first NUL, which is behind the header */
        free(first);
        free(second);
        double p = shell_number(shell, "prob a b c", "p");
        shell_must(shell, in_folder("load %s/second.safetensors"));
        CHECK(shell_number(shell, "prob a b c @second", "p") == p && p > 0);
        CHECK(shell_number(shell, "prob a b c @m", "p") == p);
    }
}

Test(save_load, a_network_is_known_by_content_and_computed_exactly_on_demand)
{
    put_network("odd.bin", NETWORK_GRU);
    shell_json(shell, in_folder("load %s/odd.bin"));
    check_text("model", "odd.bin");
    CHECK(!neural_network(workspace_current(session_workspace(shell->session))->model)->exact);
    shell_json(shell, in_folder("load %s/odd.bin exact=on"));
    CHECK(neural_network(workspace_current(session_workspace(shell->session))->model)->exact);
}

Test(save_load, files_of_networks_that_are_wrong_change_nothing)
{
    static const struct {
        const char *line, *message, *hint;
    } rows[] = {
        {"load %s/none.safetensors", "cannot open", ""},
        {"load %s/text.safetensors", "no safetensors file", "fetch it again"},
        {"load %s/empty.safetensors", "too short", "fetch it again"},
        {"load %s/cut.safetensors", "cut off", "fetch it again"},
        {"load tests/data/neural/lstm.safetensors", "no vocabulary", "json.dumps"},
        {"load tests/data/neural/lstm.oracle.safetensors", "no network we know", "wte.weight"},
        {"save %s/m.lm", ".lm files hold n-grams, and net is a network", ".safetensors"},
        {"save %s/m.arpa", "net is a network", ".safetensors"},
        {"save %s/m", "does not", ".safetensors"},
        {"save %s/m.safetensors @bigram", "bigram is made of n-grams", ".arpa"},
        {"save %s/m.safetensors @toy", "toy is a table", "train"},
        {"save /dev/full force=yes @net", "does not", ".safetensors"},
        {"save %s/no/such/m.safetensors", "No such file", ""},
    };
    put_network("net.safetensors", NETWORK_LSTM);
    file_put(path_in(folder, "text.safetensors"), "the cat sat on the mat\n");
    file_put(path_in(folder, "empty.safetensors"), "");
    file_put_bytes(path_in(folder, "cut.safetensors"), "\x40\0\0\0\0\0\0\0{\"a\"", 12);
    shell_must(shell, in_folder("load %s/net.safetensors"));
    char *before = shell_state(shell);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        CHECK_FOR(!shell_do(shell, in_folder(rows[i].line)), "%s", rows[i].line);
        CHECK_FOR(strstr(shell_err(shell), rows[i].message), "%s: %s", rows[i].line, shell_err(shell));
        CHECK_FOR(strstr(shell_err(shell), rows[i].hint), "%s: %s", rows[i].line, shell_err(shell));
    }
    char *after = shell_state(shell);
    CHECK_STR(before, after);
    free(before);
    free(after);
    CHECK(access(path_in(folder, "m.lm"), F_OK) != 0 && access(path_in(folder, "m.safetensors"), F_OK) != 0);
}

/* --- an old file --- */

Test(save_load, nothing_is_overwritten_silently)
{
    file_put(path_in(folder, "m.arpa"), "old");
    shell_must(shell, "train ngram smooth=kn");
    CHECK(!shell_do(shell, in_folder("save %s/m.arpa")));
    CHECK(strstr(shell_err(shell), "exists already") && strstr(shell_err(shell), "force=yes"));
    char *text = file_get(path_in(folder, "m.arpa"));
    CHECK_STR(text, "old");
    free(text);
    shell_must(shell, in_folder("save %s/m.arpa force=yes"));
    shell_must(shell, in_folder("load %s/m.arpa"));
}

Test(save_load, a_person_is_asked)
{
    Shell *person = shell_new_with((SessionOptions){.width = 80, .seed = 1, .terminal = true});
    file_put(path_in(folder, "m.arpa"), "old");
    shell_must(person, in_folder("train ngram smooth=kn; save %s/m.arpa"));
    CHECK(strstr(session_prompt(person->session), "overwrite") &&
          strstr(session_prompt(person->session), "m.arpa"));
    shell_must(person, "n");
    CHECK(strstr(shell_err(person), "nothing was written"));
    char *text = file_get(path_in(folder, "m.arpa"));
    CHECK_STR(text, "old");
    free(text);
    shell_must(person, in_folder("save %s/m.arpa"));
    shell_must(person, "y");
    text = file_get(path_in(folder, "m.arpa"));
    CHECK(strstr(text, "\\data\\"));
    free(text);
    shell_free(person);
}

/* --- refusals --- */

Test(save_load, refusals_say_what_to_do)
{
    static const struct {
        const char *line, *message, *hint;
    } rows[] = {
        {"save %s/toy.arpa", "toy is a table", "train ngram"},
        {"save %s/m.txt @bigram", "does not", ".arpa.gz"},
        {"save %s/m.arpa @bigram", "smooth=mle", ".lm"},
        {"save %s/m.lm @bigram,trigram", "one model", ""},
        {"save %s/m.lm @bigram > %s/out", "writes no file", ""},
        {"save %s/no/such/m.lm @bigram", "No such file", ""},
        {"save %s @bigram", "", ""},
        {"save", "", ""},
        {"load %s/none.arpa", "cannot open", ""},
        {"load %s", "is a folder", ""},
        {"load %s/text", "no ARPA file", "load reads"},
        {"load %s/text name=toy", "cannot be called 'toy'", "one word"},
        {"load %s/text name=\"a b\"", "cannot be called", "one word"},
    };
    file_put(path_in(folder, "text"), "the cat sat on the mat\n");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        CHECK_FOR(!shell_do(shell, in_folder(rows[i].line)), "%s", rows[i].line);
        CHECK_FOR(strstr(shell_err(shell), rows[i].message), "%s: %s", rows[i].line, shell_err(shell));
        CHECK_FOR(strstr(shell_err(shell), rows[i].hint), "%s: %s", rows[i].line, shell_err(shell));
    }
    CHECK(access(path_in(folder, "out"), F_OK) != 0 && access(path_in(folder, "m.lm"), F_OK) != 0);
}

Test(save_load, a_broken_file_changes_nothing_and_names_its_line)
{
    Shell *person = shell_new(NULL);
    file_put(path_in(folder, "m.arpa"), "\\data\\\nngram 1=1\n\\1-grams:\nnan a\n\\end\\\n");
    char *before = shell_state(person);
    CHECK(!shell_do_as(person, in_folder("load %s/m.arpa"), "script"));
    CHECK_FOR(strstr(shell_err(person), "script:1:6: error: ") && strstr(shell_err(person), "line 4: "), "%s",
              shell_err(person));
    char *after = shell_state(person);
    CHECK_STR(before, after);
    free(before);
    free(after);
    shell_free(person);
}

Test(save_load, oddities_are_notes)
{
    Shell *person = shell_new(NULL);
    file_put(path_in(folder, "m.arpa"), "\\data\\\nngram 1=3\n\\1-grams:\n-0.5 a\n-0.5 </s>\n\\end\\\n");
    shell_must(person, in_folder("load %s/m.arpa"));
    CHECK(strstr(shell_err(person), "counts in \\data\\ are wrong"));
    CHECK(strstr(shell_err(person), "scores") && strstr(shell_err(person), "0.6325")); /* 2 x 10^-0.5 */
    shell_free(person);
}

/* --- stopped --- */

Test(save_load, interrupted_loading_changes_nothing)
{
    FILE *out = fopen(path_in(folder, "large.arpa"), "w");
    fprintf(out, "\\data\\\nngram 1=1000000\n\\1-grams:\n");
    for (int i = 0; i < 1000000; i++) fprintf(out, "-6\tw%d\n", i);
    fprintf(out, "\\end\\\n");
    fclose(out);
    char *before = shell_state(shell);
    shell_take(shell);
    session_run(shell->session, in_folder("load %s/large.arpa"), NULL, 1);
    for (int slice = 0; slice < 4; slice++) CHECK(session_step(shell->session, 1) == SESSION_BUSY);
    session_interrupt(shell->session);
    while (session_step(shell->session, 1) == SESSION_BUSY) continue;
    CHECK(session_interrupted(shell->session));
    char *after = shell_state(shell);
    CHECK_STR(before, after);
    free(before);
    free(after);
}
