/* Corpora written anew: words exchanged, and exchanged back. */

#include "core/text/edit.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/models.h"

TestSuite(edit, .timeout = 20);

static const WordPair pairs[] = {{"he", "she"}, {"his", "her"}};

static Corpus *swapped(const Corpus *corpus, bool both, size_t *changed)
{
    return edit_swap(corpus, "swapped", pairs, COUNT_OF(pairs), both, changed);
}

static void check_lines(const Corpus *corpus, const char *const *lines, size_t count)
{
    CHECK_INT(corpus_sentences(corpus), count);
    for (size_t i = 0; i < count; i++) {
        char *line = corpus_line(corpus, i);
        CHECK_STR(line, lines[i]);
        free(line);
    }
}

Test(edit, words_are_exchanged_and_nothing_else)
{
    static const char *const both[] = {"he ate his cheese",  "",           "the mouse ate", "she said he",
                                       "she ate her cheese", "he said she"},
                             *const alone[] = {"she ate her cheese", "", "the mouse ate", "he said she"};
    size_t changed;
    Corpus *corpus = corpus_from("he ate his cheese\n\nthe mouse ate\nshe said he\n", TOKENIZER_WORDS);
    Corpus *added = swapped(corpus, true, &changed);
    check_lines(added, both, COUNT_OF(both));
    CHECK_INT(changed, 2);
    Corpus *instead = swapped(corpus, false, &changed);
    check_lines(instead, alone, COUNT_OF(alone));
    CHECK_INT(changed, 2);
    CHECK_INT(vocab_size(corpus_vocab(instead)), 8); /* he has come anew, his has gone */
    CHECK_STR(vocab_text(corpus_vocab(instead), 0), "she");
    corpus_free(corpus);
    corpus_free(added);
    corpus_free(instead);
}

Test(edit, twice_is_never)
{
    size_t changed;
    Corpus *corpus = corpus_built_in("jobs", TOKENIZER_WORDS), *once = swapped(corpus, false, &changed),
           *twice = swapped(once, false, &changed);
    CHECK_INT(changed, corpus_sentences(corpus));
    for (size_t i = 0; i < corpus_sentences(corpus); i++) {
        char *line = corpus_line(corpus, i), *same = corpus_line(twice, i);
        CHECK_STR(same, line);
        free(line);
        free(same);
    }
    corpus_free(corpus);
    corpus_free(once);
    corpus_free(twice);
}
