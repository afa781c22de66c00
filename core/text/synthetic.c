#include "core/text/synthetic.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/memory.h"

static size_t throw_die(Random *random, size_t sides)
{
    return (size_t)(random_unit(random) * (double)sides);
}

/* --- memory --- */

Corpus *synthetic_recall(const char *name, size_t distance, size_t lines, Random *random)
{
    static const char *const keys[] = {"p", "q"}, *const fillers[] = {"x", "y"};
    Corpus *corpus = corpus_new(name, TOKENIZER_WORDS, true);
    const char **tokens = must_alloc(distance + 2, sizeof *tokens);
    for (size_t i = 0; i < lines; i++) {
        tokens[0] = tokens[distance + 1] = keys[throw_die(random, COUNT_OF(keys))];
        for (size_t k = 1; k <= distance; k++) tokens[k] = fillers[throw_die(random, COUNT_OF(fillers))];
        corpus_append(corpus, tokens, distance + 2);
    }
    free(tokens);
    return corpus;
}

double synthetic_recall_floor(size_t distance, int order)
{
    assert(order >= 1);
    if (order == 1) return log2((double)distance + 3);
    if ((size_t)order >= distance + 2) return 0;
    return 1 + log2((double)distance + 2 - order);
}

/* --- copying --- */

static const char *const letters[SYNTHETIC_KEYS] = {"a", "b", "c", "d", "e", "f", "g", "h", "i",
                                                    "j", "k", "l", "m", "n", "o", "p", "q", "r",
                                                    "s", "t", "u", "v", "w", "x", "y", "z"};
static const char *const digits[SYNTHETIC_VALUES] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};

/* The first `count` of deck[size] become a draw without replacement (Fisher and Yates). */
static void deal(size_t *deck, size_t size, size_t count, Random *random)
{
    for (size_t i = 0; i < count; i++) {
        size_t other = i + throw_die(random, size - i), card = deck[i];
        deck[i] = deck[other];
        deck[other] = card;
    }
}

static int by_size(const void *left, const void *right)
{
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    return (a > b) - (a < b);
}

static void choose_keys(const CopyingShape *shape, size_t *deck, Random *random)
{
    for (size_t k = 0; k < shape->keys; k++) deck[k] = k;
    deal(deck, shape->keys, shape->pairs, random);
    if (!shape->shuffled) qsort(deck, shape->pairs, sizeof *deck, by_size);
}

static size_t write_copying(const CopyingShape *shape, const char **tokens, Random *random)
{
    size_t keys[SYNTHETIC_KEYS], values[SYNTHETIC_KEYS], count = 0;
    choose_keys(shape, keys, random);
    for (size_t i = 0; i < shape->pairs + shape->queries; i++) {
        bool fresh = i < shape->pairs;
        size_t pair = fresh ? i : throw_die(random, shape->pairs);
        if (fresh) values[pair] = throw_die(random, shape->values);
        tokens[count++] = letters[keys[pair]];
        tokens[count++] = digits[values[pair]];
    }
    return count;
}

Corpus *synthetic_copying(const char *name, const CopyingShape *shape, size_t lines, Random *random)
{
    assert(shape->pairs >= 2 && shape->pairs <= shape->keys && shape->keys <= SYNTHETIC_KEYS &&
           shape->values >= 2 && shape->values <= SYNTHETIC_VALUES && shape->queries >= 1);
    Corpus *corpus = corpus_new(name, TOKENIZER_WORDS, true);
    const char **tokens = must_alloc(2 * (shape->pairs + shape->queries), sizeof *tokens);
    for (size_t i = 0; i < lines; i++) corpus_append(corpus, tokens, write_copying(shape, tokens, random));
    free(tokens);
    return corpus;
}
