/* ARPA files: those of other programs, odd and broken ones, and what is written read again. */

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "core/base/draft.h"
#include "core/base/file.h"
#include "core/model/sampling.h"
#include "core/ngram/arpa_reader.h"
#include "core/ngram/arpa_writer.h"
#include "tests/support/arpa.h"
#include "tests/support/oracle.h"
#include "tests/support/shell.h"

static char folder[FOLDER_SIZE];
static const char *path;

static void start(void)
{
    folder_make(folder);
    path = path_in(folder, "model.arpa");
}

static void finish(void) { folder_remove(folder); }

TestSuite(arpa, .init = start, .fini = finish, .timeout = 20);

#define MINI "tests/data/kenlm/"

static Model *read_text(const char *text)
{
    file_put(path, text);
    return arpa_model(path);
}

/* --- what other programs wrote --- */

/* sentence, pos, word, oov, length matched, log10 p; <unk> stands for unknown words. */
static size_t check_tokens(const Model *model, const char *file)
{
    Table table = table_open(file);
    State *state = state_begin(model);
    while (table_row(&table)) {
        if (strcmp(table.cells[1], "TOTAL") == 0) {
            state_free(state);
            state = state_begin(model);
            continue;
        }
        TokenId found = id_of(model, table.cells[2]),
                token = found == TOKEN_NONE ? vocab_unknown(model->vocab) : found;
        double logp = log10(state_probability(state, token));
        CHECK_EACH(fabs(logp - atof(table.cells[5])) <= 2e-6, "%s, row %zu: %.9g, not %s", file, table.rows,
                   logp, table.cells[5]);
        CHECK_EACH(state_matched(state, token) == atoi(table.cells[4]), "%s, row %zu: matched", file,
                   table.rows);
        CHECK_EACH((found == TOKEN_NONE) == (atoi(table.cells[3]) == 1), "%s, row %zu: oov", file,
                   table.rows);
        state_feed(state, token);
    }
    state_free(state);
    table_close(&table);
    return table.rows;
}

Test(arpa, scores_are_kenlms)
{
    static const struct {
        const char *model, *tokens;
    } cases[] = {{MINI "mini.o2.arpa", MINI "mini.o2.tokens.tsv"},
                 {MINI "mini.o3.arpa", MINI "mini.o3.tokens.tsv"},
                 {MINI "mini.o4.arpa", MINI "mini.o4.tokens.tsv"},
                 {MINI "mini_fb444.o4.arpa", MINI "mini_fb444.o4.tokens.tsv"}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char notes[256];
        Model *model = arpa_noting(cases[i].model, notes, sizeof notes);
        CHECK_STR(notes, "");
        CHECK(!model->scores && model->tokenizer == TOKENIZER_WORDS);
        CHECK(check_tokens(model, cases[i].tokens) > 30);
        model_free(model);
    }
}

/* Every n-gram as another, simpler reader sees it. */
Test(arpa, every_ngram_is_there)
{
    static const char *const files[] = {
        MINI "mini.o1.arpa",
        MINI "mini.o3.arpa",
        MINI "mini.o4.arpa",
        "tests/data/mitlm/mini.o2.ModKN.arpa",
        "tests/data/mitlm/mini.o3.KN.arpa",
        "tests/data/mitlm/mini.o4.KN.arpa",
    };
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        Model *model = arpa_model(files[i]);
        CHECK(check_arpa(model, files[i], 1e-12) > 16);
        CHECK_FOR(!model->scores, "%s sums to 1", files[i]);
        CHECK(!ngram_corpus(model) && ngram_smoothing(model)->kind == SMOOTH_GIVEN);
        model_free(model);
    }
}

/* A model of MITLM has no <unk>; its distributions sum to 1 after every history there is. */
Test(arpa, mitlms_distributions_sum_to_1)
{
    Model *model = arpa_model("tests/data/mitlm/mini.o3.KN.arpa");
    CHECK_INT(vocab_unknown(model->vocab), TOKEN_NONE);
    CHECK_STR(vocab_text(model->vocab, 0), TEXT_END);
    double *p = calloc(model_outcomes(model), sizeof *p);
    for (size_t a = 0; a < model_outcomes(model); a++)
        for (size_t b = 0; b < model_outcomes(model); b++) {
            double sum = 0;
            State *state = state_begin(model);
            state_feed(state, (TokenId)a);
            state_feed(state, (TokenId)b);
            state_predict(state, p);
            for (size_t w = 0; w < model_outcomes(model); w++) sum += p[w];
            CHECK_EACH(fabs(sum - 1) < 2e-5, "after %zu %zu: %.9g", a, b, sum); /* six decimals in the file */
            state_free(state);
        }
    free(p);
    model_free(model);
}

/* The 51 scores of KenLM's own model_test.cc: positive back-off weights, blanks, <unk> in n-grams, and
 * sequences that begin without <s>. */
Test(arpa, kenlms_own_test)
{
    need_file(SHARED_NGRAM "kenlm/test.arpa");
    Model *model = arpa_model(SHARED_NGRAM "kenlm/test.arpa");
    const NgramStore *store = ngram_store(model);
    Table table = table_open(SHARED_NGRAM "kenlm/model_test.tsv");
    NgramContext context = store_empty(store);
    CHECK(!model->scores); /* it sums to 1.003: a perplexity still says something */
    while (table_row(&table)) {
        NodeId found[NGRAM_ORDER_MAX];
        int matched = 1; /* KenLM counts blanks here */
        if (strcmp(table.cells[2], "1") == 0)
            context = *table.cells[1] ? store_start(store) : store_empty(store);
        TokenId word = id_of(model, table.cells[3]);
        if (word == TOKEN_NONE) word = vocab_unknown(model->vocab);
        store_find(store, &context, word, found);
        double logp = log10(estimate_probability(ngram_estimate(model), &context, found));
        for (int k = 2; k <= store->order; k++)
            if (found[k - 1] != NODE_NONE) matched = k;
        CHECK_EACH(fabs(logp - atof(table.cells[5])) <= 1e-4, "row %zu: %.9g, not %s", table.rows, logp,
                   table.cells[5]);
        CHECK_EACH(matched == atoi(table.cells[4]), "row %zu: matched %d, not %s", table.rows, matched,
                   table.cells[4]);
        store_feed(store, &context, word);
    }
    CHECK_INT(table.rows, 51);
    table_close(&table);
    model_free(model);
}

/* --- dialects: all the same model --- */

static const char *const dialects[] = {
    "\\data\\\nngram 1=4\nngram 2=2\n\n\\1-grams:\n-0.5\t<s>\t-0.25\n-0.5\t</s>\n-0.75\t<unk>\t0\n"
    "-1.5\ta\t-0.125\n\n\\2-grams:\n-0.25\t<s> a\n-1\ta a\n\n\\end\\\n",
    /* CRLF */
    "\\data\\\r\nngram 1=4\r\nngram 2=2\r\n\r\n\\1-grams:\r\n-0.5\t<s>\t-0.25\r\n-0.5\t</s>\r\n"
    "-0.75\t<unk>\t0\r\n-1.5\ta\t-0.125\r\n\r\n\\2-grams:\r\n-0.25\t<s> a\r\n-1\ta a\r\n\r\n\\end\\\r\n",
    /* IRSTLM's blanks, blanks for tabs, <UNK>, a comment before, no blank lines, no last newline */
    "iARPA made by hand\n# -1 a b\n\n\\data\\\nngram  1=       4\nngram  2=       2\n\\1-grams:\n"
    "-0.5 <s> -0.25\n-0.5 </s>\n-0.75 <UNK> 0\n-1.5 a -0.125\n\\2-grams:\n-0.25 <s> a\n-1 a a\n\\end\\",
    /* numbers in other clothes; blanks at both ends; blank lines between; text behind the end */
    "\n\n\\data\\  \n ngram 1 = 4\nngram 2=2\t\n\n\\1-grams: \n-5e-1\t<s>\t-2.5E-01\n\n  -.5  </s>  \n"
    "-0.750000000000000000000000 <unk>  -0\n\n-15e-1\ta\t-0.125 \n\n\\2-grams:\n\n-0.25\t<s>\ta\n"
    "-1.\ta\ta\n\n\n\\end\\ \nmore\n",
    /* a byte order mark; a back-off weight of 0 at the highest order */
    "\xEF\xBB\xBF\\data\\\nngram 1=4\nngram 2=2\n\n\\1-grams:\n-0.5\t<s>\t-0.25\n-0.5\t</s>\t0.0\n"
    "-0.75\t<unk>\t0\n-1.5\ta\t-0.125\n\n\\2-grams:\n-0.25\t<s> a\t0\n-1\ta a\t0\n\n\\end\\\n",
};

static void check_dialect(const Model *model, size_t dialect)
{
    static const struct {
        const char *given, *token;
        double log10_p;
    } wanted[] = {
        {"", "a", -0.25},     {"", TEXT_END, -0.25 - 0.5},   {"", TEXT_UNKNOWN, -0.25 - 0.75},
        {"a", "a", -1},       {"a", TEXT_END, -0.125 - 0.5}, {"a", TEXT_UNKNOWN, -0.125 - 0.75},
        {"zebra", "a", -1.5}, {"zebra", TEXT_END, -0.5},     {TEXT_UNKNOWN, "a", -1.5},
    };
    CHECK_INT(model_outcomes(model), 3);
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        double p = next_probability(model, wanted[i].given, wanted[i].token);
        CHECK_FOR(near(p, pow(10, wanted[i].log10_p), 1e-14), "dialect %zu, row %zu: %.17g", dialect, i, p);
    }
}

Test(arpa, dialects_say_the_same)
{
    for (size_t i = 0; i < COUNT_OF(dialects); i++) {
        char notes[256];
        Error error;
        file_put(path, dialects[i]);
        Model *model = arpa_noting(path, notes, sizeof notes);
        CHECK_FOR(notes[0] == '\0', "dialect %zu: %s", i, notes);
        check_dialect(model, i);
        model_free(model);
        Draft *packed = draft_new(path, true, &error);
        draft_write(packed, dialects[i], strlen(dialects[i]));
        CHECK(draft_finish(packed, &error));
        model = arpa_model(path);
        check_dialect(model, i);
        model_free(model);
    }
}

/* cat a.gz b.gz is a packed file too. */
Test(arpa, packed_members_follow_each_other)
{
    Error error;
    char *all = NULL;
    size_t length = 0, cut = 57;
    FILE *memory = open_memstream(&all, &length);
    for (int part = 0; part < 2; part++) {
        size_t from = part ? cut : 0, to = part ? strlen(dialects[0]) : cut;
        Draft *packed = draft_new(path, true, &error);
        draft_write(packed, dialects[0] + from, to - from);
        CHECK(draft_finish(packed, &error));
        char *bytes;
        size_t count;
        CHECK(file_read(path, 1 << 20, &bytes, &count, &error));
        fwrite(bytes, 1, count, memory);
        free(bytes);
    }
    fclose(memory);
    file_put_bytes(path, all, length);
    Model *model = arpa_model(path);
    check_dialect(model, 0);
    model_free(model);
    free(all);
}

/* --- what a file may lack --- */

/* "b c" is missing below "a b c", and "a b" as its prefix: blanks, by hand. */
Test(arpa, blanks_answer_as_if_they_were_not_there)
{
    Model *model = read_text("\\data\\\nngram 1=5\nngram 2=1\nngram 3=1\n\\1-grams:\n-1 <s> -0.5\n-1 </s>\n"
                             "-0.5 a -0.25\n-0.75 b -0.125\n-2 c -0.0625\n\\2-grams:\n-0.3 a a -0.2\n"
                             "\\3-grams:\n-0.01 a b c\n\\end\\\n");
    static const struct {
        const char *given, *token;
        double log10_p;
        int matched;
    } wanted[] = {
        {"a b", "c", -0.01, 3},
        {"c b", "c", -0.125 - 2, 1},
        {"a", "b", -0.25 - 0.75, 1},
        {"b", "c", -0.125 - 2, 1},
        {"a b", "a", -0.125 - 0.5, 1},
        {"b c", "a", -0.0625 - 0.5, 1},
        {"a a", "b", -0.2 - 0.25 - 0.75, 1},
        {"a", "a", -0.3, 2},
        {"", "c", -0.5 - 2, 1},
    };
    CHECK_INT(ngram_store(model)->levels[2].count, 3);
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        State *state = state_after(model, wanted[i].given);
        TokenId token = id_of(model, wanted[i].token);
        CHECK_FOR(near(state_probability(state, token), pow(10, wanted[i].log10_p), 1e-14), "row %zu: %.17g",
                  i, state_probability(state, token));
        CHECK_FOR(state_matched(state, token) == wanted[i].matched, "row %zu: matched %d", i,
                  state_matched(state, token));
        state_free(state);
    }
    model_free(model);
}

#define FRAME(counts, unigrams) "\\data\\\n" counts "\n\\1-grams:\n" unigrams "\n\\end\\\n"

Test(arpa, zeros_and_notes)
{
    char notes[512];
    file_put(path, FRAME("ngram 1=7\nngram 2=18446744073709551616",
                         "-99 <s> -99\n-0.1 a 3\n0.25 b -100\n-inf c\n-99 d\n1e-3 e\n"
                         "\\2-grams:\n-1 a a\n-2 a <s>\n-3 b a"));
    Model *model = arpa_noting(path, notes, sizeof notes);
    CHECK(strstr(notes, "6 1-grams, not 7"));
    CHECK(strstr(notes, "3 2-grams, not 18446744073709551615"));
    CHECK(strstr(notes, "Line 7") && strstr(notes, "lines like it: 2"));
    CHECK(strstr(notes, "Line 13 has <s>") && strstr(notes, "no </s>"));
    CHECK(model->scores && !model_ends(model));
    CHECK(next_probability(model, "zebra", "b") == 1 && next_probability(model, "zebra", "c") == 0 &&
          next_probability(model, "zebra", "d") == 0 && next_probability(model, "", "a") == 0);
    CHECK(near(next_probability(model, "a", "b"), 1000, 1e-13));
    CHECK(next_probability(model, "b", "b") == 0 && near(next_probability(model, "b", "a"), 1e-3, 1e-13));
    model_free(model);
}

/* Nothing is made before its line is there: a header that promises 2^63 n-grams costs nothing. */
Test(arpa, counts_promise_nothing)
{
    struct rlimit limit;
    getrlimit(RLIMIT_AS, &limit);
    Model *model =
        read_text(FRAME("ngram 1=9223372036854775807\nngram 2=99999999999999999999999\n", "-1 a\n-1 </s>"));
    CHECK_INT(model_outcomes(model), 2);
    CHECK_INT(model->context, 1);
    model_free(model);
}

/* Raised to the tenth power these scores are more than a number holds; the dice must not notice. */
Test(arpa, enormous_scores_are_drawn_in_proportion)
{
    Model *model =
        read_text("\\data\\\nngram 1=4\nngram 2=1\n\\1-grams:\n-0.3 a 39\n-1 b\n-0.6 </s>\n-99 <s>\n"
                  "\\2-grams:\n-0.3 a b\n\\end\\\n");
    TokenId prompt[] = {id_of(model, "a")};
    SamplingOptions options = {.decoding = {.temperature = 0.1, .top_p = 1},
                               .seed = 1,
                               .draws = 50,
                               .max = 1,
                               .prompt = prompt,
                               .prompt_count = 1,
                               .keep = 50};
    Error error;
    Job *job = sampling_new(model, &options);
    size_t others = 0;
    CHECK(job_run(job, &error));
    for (size_t i = 0; i < 50; i++) {
        const Sample *sample = sampling_sample(job, i);
        others += sample->count == 0 || sample->ids[0] != prompt[0];
    }
    CHECK_FOR(others <= 1, "%zu of 50 were not the word with 0.999", others);
    job_free(job);
    model_free(model);
}

/* --- writing --- */

static const SmoothingKind writable[] = {SMOOTH_ADD, SMOOTH_WB,  SMOOTH_AD,
                                         SMOOTH_KN,  SMOOTH_MKN, SMOOTH_KATZ};

/* Both give every word the same after every history of a random walk; `b` may number words otherwise. */
static void check_same(const Model *a, const Model *b, double relative)
{
    Random random = random_seeded(3);
    CHECK_INT(model_outcomes(a), model_outcomes(b));
    State *one = state_begin(a), *other = state_begin(b);
    for (int i = 0; i < 200; i++) {
        for (size_t w = 0; w < model_outcomes(a); w++) {
            TokenId same = id_of(b, vocab_text(a->vocab, (TokenId)w));
            double p = state_probability(one, (TokenId)w), q = state_probability(other, same);
            CHECK_EACH(near(q, p, relative), "step %d, word %zu: %.17g, not %.17g", i, w, q, p);
        }
        bool again = random_next(&random) % 8 == 0;
        TokenId next = (TokenId)(random_next(&random) % model_outcomes(a));
        if (again) {
            state_free(one);
            state_free(other);
            one = state_begin(a);
            other = state_begin(b);
            continue;
        }
        state_feed(one, next);
        state_feed(other, id_of(b, vocab_text(a->vocab, next)));
    }
    state_free(one);
    state_free(other);
}

Test(arpa, written_and_read_again_it_says_the_same)
{
    Corpus *corpus = corpus_random(5, 300);
    for (size_t i = 0; i < COUNT_OF(writable); i++)
        for (int order = 1; order <= 4; order++) {
            Error error;
            char notes[256];
            NgramOptions options = usual(writable[i], order);
            options.unknown = i % 2;
            Model *model = train_on(corpus, options);
            CHECK_FOR(arpa_write(model, path, &error), "%s", error.message);
            Model *again = arpa_noting(path, notes, sizeof notes);
            CHECK_STR(notes, "");
            check_same(model, again, 1e-6);
            CHECK_EACH(!again->scores, "%s", smoothing_name(writable[i]));
            CHECK(arpa_write(again, path_in(folder, "again.arpa.gz"), &error));
            Model *third = arpa_model(path_in(folder, "again.arpa.gz"));
            check_same(again, third, 1e-6);
            model_free(model);
            model_free(again);
            model_free(third);
        }
    corpus_free(corpus);
}

/* What KenLM wrote comes out as it went in, but for <s>, <unk> first, and digits. */
Test(arpa, what_is_written_looks_like_kenlms)
{
    Error error;
    Model *model = arpa_model(MINI "mini.o3.arpa");
    CHECK(arpa_write(model, path, &error));
    char *ours = file_text(path), *theirs = file_text(MINI "mini.o3.arpa");
    CHECK_INT(strlen(ours), strlen(theirs));
    size_t different = 0;
    for (size_t i = 0; ours[i]; i++) different += ours[i] != theirs[i];
    CHECK_FOR(different == 0, "%zu bytes differ:\n%s", different, ours);
    free(ours);
    free(theirs);
    model_free(model);
}

/* A blank that a longer n-gram hangs on is written with the p it stands for; nothing else changes. */
Test(arpa, blanks_are_written_where_they_are_needed)
{
    Error error;
    char notes[256];
    Model *model = read_text("\\data\\\nngram 1=4\nngram 2=0\nngram 3=1\n\\1-grams:\n-1 </s>\n-0.5 a -0.25\n"
                             "-0.75 b -0.125\n-2 c -0.0625\n\\3-grams:\n-0.01 a b c\n\\end\\\n");
    CHECK(arpa_write(model, path, &error));
    Model *again = arpa_noting(path, notes, sizeof notes);
    CHECK_INT(ngram_store(again)->levels[2].nodes[0].count, 1);
    CHECK_STR(notes, "");
    check_same(model, again, 1e-6);
    model_free(model);
    model_free(again);
}

Test(arpa, what_the_format_cannot_say_is_refused)
{
    Error error;
    Model *models[] = {train_built_in("mouse", usual(SMOOTH_MLE, 2)),
                       train_built_in("mouse", usual(SMOOTH_INTERP, 2)),
                       train_built_in("mouse", usual(SMOOTH_BACKOFF, 2)), toy_model()};
    file_put(path, "old");
    for (size_t i = 0; i < COUNT_OF(models); i++) {
        CHECK_FOR(!arpa_write(models[i], path, &error) && error.hint[0], "model %zu was written", i);
        model_free(models[i]);
    }
    char *text = file_get(path);
    CHECK_STR(text, "old");
    free(text);
}

/* Characters that separate words in the file have names there; the reader knows which kind of file it is. */
Test(arpa, character_models_keep_their_blanks)
{
    Error error;
    Corpus *corpus = corpus_stream("ab a\tb\nb  a\n", TOKENIZER_CHARS);
    Model *model = train_on(corpus, usual(SMOOTH_KN, 3));
    CHECK(arpa_write(model, path, &error));
    char *text = file_text(path);
    CHECK(strstr(text, "<space>") && strstr(text, "<tab>") && strstr(text, "<newline>"));
    Model *again = arpa_model(path);
    CHECK_INT(again->tokenizer, TOKENIZER_CHARS);
    check_same(model, again, 1e-6);
    free(text);
    model_free(model);
    model_free(again);
    corpus_free(corpus);
}

/* --- disks --- */

Test(arpa, a_full_disk_is_an_error_and_keeps_the_old_file)
{
    Error error;
    static const char *const names[] = {"m.arpa", "m.arpa.gz"};
    Corpus *corpus = corpus_numbered(20000);
    Model *model = train_on(corpus, usual(SMOOTH_KN, 2));
    CHECK(!arpa_write(model, "/dev/full", &error) && strstr(error.message, "No space left"));
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit, small;
    getrlimit(RLIMIT_FSIZE, &limit);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const char *file = path_in(folder, names[i]);
        file_put(file, "old");
        small = limit;
        small.rlim_cur = 50000;
        setrlimit(RLIMIT_FSIZE, &small);
        bool ok = arpa_write(model, file, &error);
        setrlimit(RLIMIT_FSIZE, &limit);
        CHECK_FOR(!ok && strstr(error.message, file), "%s was written", file);
        char *text = file_get(file);
        CHECK_STR(text, "old");
        free(text);
    }
    model_free(model);
    corpus_free(corpus);
}
