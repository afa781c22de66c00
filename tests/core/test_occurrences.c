/* Where words occur, against a search for their letters in the padded text. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/ngram/occurrences.h"
#include "tests/support/models.h"

TestSuite(occurrences, .timeout = 20);

/* Every place at which `words` stands in " <s> sentence </s> ": how many words come before it, less <s>. */
static size_t search(const Corpus *corpus, const char *words, Occurrence *places)
{
    size_t count = 0;
    char pattern[128];
    snprintf(pattern, sizeof pattern, " %s ", words);
    bool begin = strncmp(words, TEXT_BEGIN, 3) == 0;
    for (size_t s = 0; s < corpus_sentences(corpus); s++) {
        char *line = corpus_line(corpus, s), text[512];
        snprintf(text, sizeof text, " <s> %s%s</s> ", line, *line ? " " : "");
        for (const char *at = text; (at = strstr(at, pattern)); at++) {
            size_t before = 0;
            for (const char *c = text; c < at; c++) before += *c == ' ';
            places[count++] = (Occurrence){s, begin ? 0 : before - 1};
        }
        free(line);
    }
    return count;
}

/* "<s>" is TOKEN_NONE, "</s>" the vocabulary's own. */
static size_t read_words(const Vocab *vocab, const char *words, TokenId *ids)
{
    size_t count = 0;
    char copy[128], *rest = copy;
    snprintf(copy, sizeof copy, "%s", words);
    for (char *word; (word = strsep(&rest, " "));) ids[count++] = vocab_find(vocab, word, strlen(word));
    return count;
}

static void check_words(const Corpus *corpus, const Model *model, const char *words)
{
    TokenId ids[IDS_MAX];
    Occurrence wanted[2000];
    size_t count = search(corpus, words, wanted), length = read_words(model->vocab, words, ids);
    Occurrences found = occurrences_find(corpus, model->vocab, ids, length, 2000);
    CHECK_EACH(found.count == count && found.kept == count, "'%s': %zu times, not %zu", words, found.count,
               count);
    for (size_t i = 0; i < count; i++)
        CHECK_EACH(found.places[i].sentence == wanted[i].sentence &&
                       found.places[i].position == wanted[i].position,
                   "'%s' %zu: sentence %zu position %zu", words, i, found.places[i].sentence,
                   found.places[i].position);
    occurrences_release(&found);
}

Test(occurrences, agree_with_a_search_in_the_text)
{
    static const char *const words[] = {"the",
                                        "the mouse",
                                        "ate the cheese",
                                        "<s> the",
                                        "<s>",
                                        "</s>",
                                        "cheese </s>",
                                        "<s> the mouse ate the cheese </s>",
                                        "<s> </s>",
                                        "ball the",
                                        "the mouse ate the mouse </s>"};
    Corpus *corpus = corpus_built_in("mouse", TOKENIZER_WORDS);
    Model *model = train_on(corpus, counted(2));
    for (size_t i = 0; i < COUNT_OF(words); i++) check_words(corpus, model, words[i]);
    model_free(model);
    corpus_free(corpus);
}

/* One to four letters, with and without the marks, over lines some of which are empty. */
Test(occurrences, agree_with_a_search_in_random_text)
{
    Corpus *corpus = corpus_random(21, 150);
    Model *model = train_on(corpus, counted(1));
    Random random = random_seeded(22);
    for (int round = 0; round < 600; round++) {
        char words[64] = "";
        size_t length = random_next(&random) % 4, used = 0;
        bool begin = random_next(&random) % 4 == 0, end = random_next(&random) % 4 == 0;
        if (length == 0 && !begin && !end) continue;
        if (begin) used += (size_t)sprintf(words + used, "<s> ");
        for (size_t i = 0; i < length; i++)
            used += (size_t)sprintf(words + used, "%c ", 'a' + (int)(random_next(&random) % 6));
        if (end) used += (size_t)sprintf(words + used, "</s> ");
        words[used - 1] = '\0';
        check_words(corpus, model, words);
    }
    model_free(model);
    corpus_free(corpus);
}

Test(occurrences, overlap_and_stop_being_remembered)
{
    Corpus *corpus = corpus_from("a a a a\na\n\na a\n", TOKENIZER_WORDS);
    Model *model = train_on(corpus, counted(1));
    TokenId aa[] = {id_of(model, "a"), id_of(model, "a")};
    Occurrences found = occurrences_find(corpus, model->vocab, aa, 2, 2);
    CHECK_INT(found.count, 4);
    CHECK_INT(found.kept, 2);
    CHECK_INT(found.words, 2);
    CHECK_INT(found.places[1].position, 1);
    occurrences_release(&found);
    model_free(model);
    corpus_free(corpus);
}

/* To a model that knows few words the others are all the same. */
Test(occurrences, unknown_words_are_one_word)
{
    Corpus *corpus = corpus_from("a a x\na y\nz a\n", TOKENIZER_WORDS);
    NgramOptions options = added(1, 1);
    options.cutoff = 2;
    Model *model = train_on(corpus, options);
    TokenId ids[] = {id_of(model, "a"), vocab_unknown(model->vocab)};
    Occurrences found = occurrences_find(corpus, model->vocab, ids, 2, 10);
    CHECK_INT(found.count, 2);
    CHECK(found.places[0].sentence == 0 && found.places[0].position == 1);
    CHECK(found.places[1].sentence == 1 && found.places[1].position == 0);
    occurrences_release(&found);
    model_free(model);
    corpus_free(corpus);
}
