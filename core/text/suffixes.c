#include "core/text/suffixes.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

struct Suffixes {
    TokenId *text;  /* (count): the sentences, TOKEN_NONE after each */
    int32_t *order; /* (count): places, by what follows them */
    size_t count;
};

typedef struct {
    Job job;
    Suffixes *suffixes;
    int32_t *rank;       /* [place]: among all, by its first `length` tokens; equal ones share one */
    int32_t *spare;      /* (count) */
    int32_t *tally;      /* (ranks + 1) */
    size_t ranks, total; /* different ones so far; how many there will be: count */
    size_t length;
} Ordering;

bool suffixes_fit(const Corpus *corpus)
{
    return corpus_tokens(corpus) + corpus_sentences(corpus) <= SUFFIXES_MAX;
}

static Suffixes *read_corpus(const Corpus *corpus)
{
    Suffixes *s = must_alloc(1, sizeof *s);
    size_t room = corpus_tokens(corpus) + corpus_sentences(corpus), count;
    s->text = must_alloc(room + 1, sizeof *s->text);
    s->order = must_alloc(room + 1, sizeof *s->order);
    for (size_t i = 0; i < corpus_sentences(corpus); i++) {
        const TokenId *ids = corpus_sentence(corpus, i, &count);
        if (count) memcpy(s->text + s->count, ids, count * sizeof *ids);
        s->count += count;
        s->text[s->count++] = TOKEN_NONE;
    }
    return s;
}

/* Puts the places of `from` into s->order by their rank; equal ranks keep their order. */
static void sort_by_rank(Ordering *o, const int32_t *from)
{
    memset(o->tally, 0, (o->ranks + 1) * sizeof *o->tally);
    for (size_t i = 0; i < o->total; i++) o->tally[o->rank[i] + 1]++;
    for (size_t r = 0; r < o->ranks; r++) o->tally[r + 1] += o->tally[r];
    for (size_t i = 0; i < o->total; i++) o->suffixes->order[o->tally[o->rank[from[i]]]++] = from[i];
}

/* Places in the order of what follows `length` tokens later: first those with nothing there. */
static void shift_order(Ordering *o)
{
    size_t used = 0, shift = o->length;
    for (size_t place = shift < o->total ? o->total - shift : 0; place < o->total; place++)
        o->spare[used++] = (int32_t)place;
    for (size_t i = 0; i < o->total; i++)
        if ((size_t)o->suffixes->order[i] >= shift) o->spare[used++] = o->suffixes->order[i] - (int32_t)shift;
}

static int32_t rank_behind(const Ordering *o, int32_t place)
{
    size_t behind = (size_t)place + o->length;
    return behind < o->total ? o->rank[behind] : -1;
}

/* Ranks by twice as many tokens, from the order just made. */
static void double_ranks(Ordering *o)
{
    const int32_t *order = o->suffixes->order;
    int32_t rank = 0;
    o->spare[order[0]] = 0;
    for (size_t i = 1; i < o->total; i++) {
        bool same = o->rank[order[i]] == o->rank[order[i - 1]] &&
                    rank_behind(o, order[i]) == rank_behind(o, order[i - 1]);
        rank += !same;
        o->spare[order[i]] = rank;
    }
    int32_t *old = o->rank;
    o->rank = o->spare;
    o->spare = old;
    o->ranks = (size_t)rank + 1;
    o->length *= 2;
}

static JobStatus step(Job *job, double milliseconds, Error *error)
{
    Ordering *o = (Ordering *)job;
    double end = job_clock() + milliseconds;
    (void)error;
    while (o->ranks < o->total) {
        shift_order(o);
        sort_by_rank(o, o->spare);
        double_ranks(o);
        if (o->ranks < o->total && job_clock() > end) return JOB_MORE;
    }
    return JOB_DONE;
}

static double progress(const Job *job)
{
    const Ordering *o = (const Ordering *)job;
    return (double)o->ranks / (double)(o->total ? o->total : 1);
}

static void ordering_free(Job *job)
{
    Ordering *o = (Ordering *)job;
    suffixes_free(o->suffixes);
    free(o->rank);
    free(o->spare);
    free(o->tally);
    free(o);
}

/* Single tokens: what ends a sentence comes first. */
static void start(Ordering *o, size_t words)
{
    Suffixes *s = o->suffixes;
    for (size_t i = 0; i < s->count; i++) {
        o->rank[i] = s->text[i] + 1;
        o->spare[i] = (int32_t)i;
    }
    o->ranks = words + 1;
    if (s->count == 0) return;
    sort_by_rank(o, o->spare);
    o->length = 0;
    double_ranks(o);
    o->length = 1;
}

Job *suffixes_new(const Corpus *corpus)
{
    static const JobKind kind = {step, progress, ordering_free};
    assert(suffixes_fit(corpus));
    size_t words = vocab_size(corpus_vocab(corpus));
    Ordering *o = must_alloc(1, sizeof *o);
    *o = (Ordering){.job.kind = &kind, .suffixes = read_corpus(corpus)};
    o->total = o->suffixes->count;
    o->rank = must_alloc(o->total + 1, sizeof *o->rank);
    o->spare = must_alloc(o->total + 1, sizeof *o->spare);
    o->tally = must_alloc((o->total > words ? o->total : words) + 2, sizeof *o->tally);
    start(o, words);
    return &o->job;
}

Suffixes *suffixes_take(Job *job)
{
    Ordering *o = (Ordering *)job;
    Suffixes *s = o->suffixes;
    o->suffixes = NULL;
    return s;
}

void suffixes_free(Suffixes *s)
{
    if (!s) return;
    free(s->text);
    free(s->order);
    free(s);
}

/* How many tokens of the piece stand at the place. */
static size_t common(const Suffixes *s, int32_t place, const TokenId *ids, size_t count)
{
    const TokenId *text = s->text + place;
    size_t most = s->count - (size_t)place, i = 0;
    while (i < count && i < most && ids[i] != TOKEN_NONE && text[i] == ids[i]) i++;
    return i;
}

/* Whether what stands at the place comes before the piece; *length is what they share. */
static bool is_before(const Suffixes *s, int32_t place, const TokenId *ids, size_t count, size_t *length)
{
    *length = common(s, place, ids, count);
    if (*length == count) return false;
    if ((size_t)place + *length >= s->count) return true;
    return s->text[(size_t)place + *length] < ids[*length];
}

/* The piece would stand between two places in the order; whoever shares most with it is met on the way. */
size_t suffixes_longest(const Suffixes *s, const TokenId *ids, size_t count)
{
    size_t low = 0, high = s->count, best = 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2, length;
        if (is_before(s, s->order[middle], ids, count, &length))
            low = middle + 1;
        else
            high = middle;
        best = length > best ? length : best;
    }
    return best;
}
