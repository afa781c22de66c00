/* Which words of a corpus a model knows: all, the frequent ones, those of a list; <unk> and </s> last. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text/lexicon.h"
#include "tests/support/check.h"

TestSuite(lexicon, .timeout = 20);

static Corpus *corpus_of(const char *text)
{
    Error error;
    Corpus *corpus = corpus_new("test", TOKENIZER_WORDS, true);
    CHECK(corpus_add(corpus, text, strlen(text), &error));
    return corpus;
}

/* "a b </s> | 1 0 -": the model's words, then the number of each corpus word. */
static const char *spell(const Lexicon *lexicon, const Corpus *corpus, char *text, size_t size)
{
    size_t used = 0;
    for (size_t id = 0; id < vocab_size(lexicon->vocab); id++)
        used += (size_t)snprintf(text + used, size - used, "%s ", vocab_text(lexicon->vocab, (TokenId)id));
    used += (size_t)snprintf(text + used, size - used, "|");
    for (size_t id = 0; id < vocab_size(corpus_vocab(corpus)); id++)
        used += (size_t)snprintf(text + used, size - used, " %d", (int)lexicon->ids[id]);
    return text;
}

/* The corpus numbers c 0, b 1, a 2, which occur three times, twice and once. */
Test(lexicon, words_are_chosen_and_stand_in_byte_order)
{
    Vocab *list = vocab_new();
    vocab_add(list, "d", 1);
    vocab_add(list, "b", 1);
    const struct {
        LexiconOptions options;
        const char *wanted;
    } cases[] = {
        {{0}, "a b c </s> | 2 1 0"},
        {{.cutoff = 1}, "a b c </s> | 2 1 0"},
        {{.unknown = true}, "a b c <unk> </s> | 2 1 0"},
        {{.cutoff = 2}, "b c <unk> </s> | 1 0 2"},
        {{.cutoff = 4}, "<unk> </s> | 0 0 0"},
        {{.vocabulary = list}, "b d <unk> </s> | 2 0 2"}, /* d never occurs */
        {{.vocabulary = list, .cutoff = 2}, "b <unk> </s> | 1 0 1"},
    };
    Corpus *corpus = corpus_of("c b c\nb c a\n");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[128];
        Lexicon lexicon = lexicon_new(corpus, &cases[i].options);
        CHECK_STR(spell(&lexicon, corpus, text, sizeof text), cases[i].wanted);
        lexicon_release(&lexicon);
    }
    corpus_free(corpus);
    vocab_free(list);
}

Test(lexicon, ranks_are_first_come_first_numbered)
{
    Corpus *corpus = corpus_of("c b c\nb c a\n");
    Lexicon lexicon = lexicon_new(corpus, &(LexiconOptions){.unknown = true});
    uint32_t *ranks = lexicon_ranks(&lexicon, corpus);
    const uint32_t wanted[] = {5, 4, 3, 0, 2, 1}; /* a b c <unk> </s>, and <s> behind them */
    for (size_t i = 0; i < COUNT_OF(wanted); i++) CHECK_INT(ranks[i], wanted[i]);
    free(ranks);
    lexicon_release(&lexicon);
    corpus_free(corpus);
}
