/* What a network is given to read: every prediction once, from the right words. */
#include <stdlib.h>
#include <string.h>

#include "core/neural/dataset.h"
#include "core/text/lexicon.h"
#include "tests/support/models.h"
#include "tests/support/networks.h"

TestSuite(dataset, .timeout = 20);

typedef struct {
    Corpus *corpus;
    Lexicon lexicon;
    Network *network;
    Dataset dataset;
    uint32_t order[64];
    BatchRoom room;
} Reading;

/* Letters as tokens: a 0, b 1, ..., </s> last. */
static Reading read_letters(const char *text, bool stream, Architecture architecture)
{
    Error error;
    Reading r = {.corpus =
                     stream ? corpus_stream(text, TOKENIZER_WORDS) : corpus_from(text, TOKENIZER_WORDS)};
    r.lexicon = lexicon_new(r.corpus, &(LexiconOptions){0});
    architecture.outcomes = vocab_size(r.lexicon.vocab);
    r.network = network_new(&architecture, false);
    CHECK(dataset_init(&r.dataset, r.network, vocab_end(r.lexicon.vocab), r.corpus,
                       (DatasetPart){.ids = r.lexicon.ids}, &error));
    for (uint32_t i = 0; i < COUNT_OF(r.order); i++) r.order[i] = i;
    return r;
}

static void release(Reading *r)
{
    dataset_release(&r->dataset);
    batch_room_release(&r->room);
    network_free(r->network);
    lexicon_release(&r->lexicon);
    corpus_free(r->corpus);
}

/* ids as letters, </s> as '.', none as '-'. */
static const char *letters(const Reading *r, const TokenId *ids, size_t count, char *text)
{
    for (size_t i = 0; i < count; i++) {
        const char *word = ids[i] == TOKEN_NONE ? "-" : vocab_text(r->lexicon.vocab, ids[i]);
        text[i] = *word == '<' ? '.' : *word;
    }
    text[count] = '\0';
    return text;
}

static void check_batch(Reading *r, size_t first, size_t count, const char *ids, const char *targets)
{
    char text[128];
    Batch batch = dataset_batch(&r->dataset, r->order + first, count, &r->room);
    CHECK_STR(letters(r, batch.ids, batch.sequences * batch.steps, text), ids);
    CHECK_STR(letters(r, batch.targets, batch.target_count, text), targets);
}

Test(dataset, windows_are_filled_up_before_a_sentence)
{
    Reading r =
        read_letters("a b c\nd\n", false, (Architecture){.kind = NETWORK_MLP, .n = 3, .d = 2, .h = 2});
    CHECK_INT(r.dataset.unit_count, 6);
    CHECK_INT(dataset_targets(&r.dataset, r.order, 6), 6);
    check_batch(&r, 0, 6, "...aabbc...d", "abc.d.");
    release(&r);
}

Test(dataset, sentences_are_padded_to_the_longest)
{
    Architecture a = small_architecture(NETWORK_TRANSFORMER);
    Reading r = read_letters("a b\nc\n\n", false, a);
    CHECK_INT(r.dataset.unit_count, 3);
    CHECK_INT(dataset_targets(&r.dataset, r.order, 3), 6);
    check_batch(&r, 0, 3, ".ab.c....", "ab.c.-.--");
    release(&r);
}

Test(dataset, recurrent_networks_read_time_as_the_slow_index)
{
    Reading r = read_letters("a b\nc\n", false, small_architecture(NETWORK_GRU));
    check_batch(&r, 0, 2, "..acb.", "acb..-");
    release(&r);
}

Test(dataset, a_long_sentence_is_cut_at_ctx)
{
    Reading r = read_letters("a b c d e\n", false, small_architecture(NETWORK_TRANSFORMER));
    CHECK_INT(r.dataset.unit_count, 2);
    check_batch(&r, 0, 1, ".abc", "abcd");
    check_batch(&r, 1, 1, "de", "e.");
    release(&r);
}

Test(dataset, a_stream_is_cut_elsewhere_in_every_epoch)
{
    Reading r = read_letters("a b c d e f", true, small_architecture(NETWORK_TRANSFORMER));
    check_batch(&r, 0, 1, ".abc", "abcd");
    for (size_t shift = 0; shift < 4; shift++) {
        dataset_cut(&r.dataset, shift);
        CHECK_INT(dataset_targets(&r.dataset, r.order, r.dataset.unit_count), 7);
    }
    dataset_cut(&r.dataset, 1);
    check_batch(&r, 0, 1, ".ab", "abc");
    check_batch(&r, 1, 1, "cdef", "def.");
    release(&r);
}

Test(dataset, merging_counts_what_followed_each_token)
{
    Reading r = read_letters("a b\na c\na b\n", false, (Architecture){.kind = NETWORK_SOFTMAX, .n = 2});
    dataset_merge(&r.dataset);
    CHECK_INT(r.dataset.unit_count, 4);
    CHECK_INT(dataset_targets(&r.dataset, r.order, 4), 9);
    check_batch(&r, 0, 4, "abc.", "bc..a");
    Batch batch = dataset_batch(&r.dataset, r.order, 4, &r.room);
    static const double weights[] = {2, 1, 2, 1, 3};
    static const uint32_t rows[] = {0, 0, 1, 2, 3};
    CHECK(memcmp(batch.weights, weights, sizeof weights) == 0 &&
          memcmp(batch.row_of, rows, sizeof rows) == 0);
    release(&r);
}

Test(dataset, passes_hold_about_as_many_positions_as_asked)
{
    Reading r = read_letters("a\nb c d\na b\nc\n", false, small_architecture(NETWORK_TRANSFORMER));
    CHECK_INT(dataset_fit(&r.dataset, r.order, 4, 8), 2);
    CHECK_INT(dataset_fit(&r.dataset, r.order, 4, 1), 1);
    CHECK_INT(dataset_fit(&r.dataset, r.order, 4, 100), 4);
    release(&r);
}
