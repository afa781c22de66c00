#include "core/neural/dataset.h"

#include <stdlib.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"

/* --- the run --- */

static bool is_chosen(const DatasetPart *part, size_t sentence)
{
    return !part->chosen || part->chosen[sentence];
}

static size_t count_run(const Corpus *corpus, const DatasetPart *part)
{
    size_t total = 1, count;
    for (size_t i = 0; i < corpus_sentences(corpus); i++) {
        if (!is_chosen(part, i)) continue;
        corpus_sentence(corpus, i, &count);
        total += count + 1;
    }
    return total;
}

static void add_unit(Dataset *dataset, size_t start, size_t length)
{
    dataset->units =
        must_extend(dataset->units, dataset->unit_count, &dataset->unit_capacity, sizeof *dataset->units);
    dataset->units[dataset->unit_count++] = (Unit){.start = (uint32_t)start, .length = (uint32_t)length};
}

/* The predictions [from, to) of the sentence that begins at `start`. */
static void add_units(Dataset *dataset, size_t start, size_t from, size_t to)
{
    if (dataset->windowed)
        for (size_t i = from; i < to; i++) add_unit(dataset, start + i, i + 1);
    else
        for (size_t i = from; i < to; i += dataset->steps)
            add_unit(dataset, start + i, to - i < dataset->steps ? to - i : dataset->steps);
}

static void add_sentence(Dataset *dataset, const TokenId *words, size_t count, const DatasetPart *part)
{
    size_t start = dataset->run_length - 1, to = count + 1;
    for (size_t i = 0; i < count; i++) dataset->run[dataset->run_length++] = part->ids[words[i]];
    dataset->run[dataset->run_length++] = dataset->begin;
    if (dataset->stream && part->to > 0 && part->to < to) to = part->to;
    add_units(dataset, start, dataset->stream ? part->from : 0, to);
}

bool dataset_init(Dataset *dataset, const Network *network, TokenId begin, const Corpus *corpus,
                  DatasetPart part, Error *error)
{
    const Architecture *a = &network->architecture;
    size_t length = count_run(corpus, &part), count;
    *dataset = (Dataset){.begin = begin,
                         .windowed = network_windowed(network),
                         .recurrent = network_recurrent(network),
                         .stream = !corpus_lines(corpus),
                         .from = part.from,
                         .steps = network_windowed(network) ? a->n - 1 : a->ctx};
    if (length > UINT32_MAX)
        return error_set(error, _("a corpus of %zu tokens is too long to learn from"), length);
    dataset->run = must_alloc(length, sizeof *dataset->run);
    dataset->run[dataset->run_length++] = begin;
    for (size_t i = 0; i < corpus_sentences(corpus); i++) {
        const TokenId *words = corpus_sentence(corpus, i, &count);
        if (is_chosen(&part, i)) add_sentence(dataset, words, count, &part);
    }
    return true;
}

void dataset_release(Dataset *dataset)
{
    free(dataset->run);
    free(dataset->units);
    free(dataset->followers);
    free(dataset->follower_counts);
    *dataset = (Dataset){0};
}

void dataset_cut(Dataset *dataset, size_t shift)
{
    if (!dataset->stream || dataset->windowed || dataset->unit_count == 0) return;
    const Unit *last = &dataset->units[dataset->unit_count - 1];
    size_t to = (size_t)last->start + last->length, first = dataset->from + dataset->steps - shift;
    dataset->unit_count = 0;
    if (shift > 0 && first < to) add_units(dataset, 0, dataset->from, first);
    add_units(dataset, 0, shift > 0 && first < to ? first : dataset->from, to);
}

/* --- merging --- */

typedef struct {
    TokenId context, target;
    uint32_t start;
} Pair;

static int compare_pairs(const void *a, const void *b)
{
    const Pair *x = a, *y = b;
    if (x->context != y->context) return x->context < y->context ? -1 : 1;
    return x->target < y->target ? -1 : x->target > y->target;
}

static Pair *sorted_pairs(const Dataset *dataset)
{
    Pair *pairs = must_alloc(dataset->unit_count, sizeof *pairs);
    for (size_t i = 0; i < dataset->unit_count; i++) {
        uint32_t start = dataset->units[i].start;
        pairs[i] = (Pair){dataset->run[start], dataset->run[start + 1], start};
    }
    qsort(pairs, dataset->unit_count, sizeof *pairs, compare_pairs);
    return pairs;
}

void dataset_merge(Dataset *dataset)
{
    assert(dataset->windowed && dataset->steps == 1);
    size_t pairs_count = dataset->unit_count, followers = 0;
    Pair *pairs = sorted_pairs(dataset);
    dataset->followers = must_alloc(pairs_count, sizeof *dataset->followers);
    dataset->follower_counts = must_alloc(pairs_count, sizeof *dataset->follower_counts);
    dataset->unit_count = 0;
    for (size_t i = 0; i < pairs_count; i++) {
        bool fresh = i == 0 || pairs[i].context != pairs[i - 1].context;
        if (fresh) add_unit(dataset, pairs[i].start, 0);
        if (fresh || pairs[i].target != pairs[i - 1].target)
            dataset->followers[followers++] = pairs[i].target;
        dataset->follower_counts[followers - 1]++;
        dataset->units[dataset->unit_count - 1].length = (uint32_t)followers;
    }
    free(pairs);
}

static size_t first_follower(const Dataset *dataset, uint32_t unit)
{
    return unit == 0 ? 0 : dataset->units[unit - 1].length;
}

/* --- batches --- */

static size_t unit_steps(const Dataset *dataset, uint32_t unit)
{
    return dataset->windowed ? dataset->steps : dataset->units[unit].length;
}

size_t dataset_fit(const Dataset *dataset, const uint32_t *order, size_t count, size_t tokens)
{
    size_t fit = 0, longest = 1;
    for (; fit < count; fit++) {
        size_t steps = dataset->windowed ? 1 : unit_steps(dataset, order[fit]);
        if (steps > longest) longest = steps;
        if (fit > 0 && longest * (fit + 1) > tokens) break;
    }
    return fit;
}

/* How often the token of a merged unit was followed by a word that is known. */
static size_t merged_targets(const Dataset *dataset, uint32_t unit)
{
    double targets = 0;
    for (size_t i = first_follower(dataset, unit); i < dataset->units[unit].length; i++)
        if (dataset->followers[i] != TOKEN_NONE) targets += dataset->follower_counts[i];
    return (size_t)targets;
}

size_t dataset_targets(const Dataset *dataset, const uint32_t *order, size_t count)
{
    size_t targets = 0;
    for (size_t i = 0; i < count; i++) {
        Unit unit = dataset->units[order[i]];
        size_t predictions = dataset->windowed ? 1 : unit.length;
        if (dataset->followers) {
            targets += merged_targets(dataset, order[i]);
            continue;
        }
        for (size_t t = 1; t <= predictions; t++) targets += dataset->run[unit.start + t] != TOKEN_NONE;
    }
    return targets;
}

static void make_room(BatchRoom *room, size_t count)
{
    if (room->capacity >= count) return;
    room->ids = must_grow(room->ids, count, sizeof *room->ids);
    room->targets = must_grow(room->targets, count, sizeof *room->targets);
    room->weights = must_grow(room->weights, count, sizeof *room->weights);
    room->row_of = must_grow(room->row_of, count, sizeof *room->row_of);
    room->capacity = count;
}

static void fill_window(const Dataset *dataset, Unit unit, TokenId *ids)
{
    for (size_t i = 0; i < dataset->steps; i++) {
        size_t back = dataset->steps - 1 - i;
        ids[i] = back < unit.length ? dataset->run[unit.start - back] : dataset->begin;
    }
}

/* The ids and targets of sequence b, `apart` places from one step to the next; behind its end nothing is
 * predicted. */
static void fill_sequence(const Dataset *dataset, Unit unit, size_t steps, size_t apart, TokenId *ids,
                          TokenId *targets)
{
    for (size_t t = 0; t < steps; t++) {
        bool inside = t < unit.length;
        ids[t * apart] = inside ? dataset->run[unit.start + t] : dataset->begin;
        targets[t * apart] = inside ? dataset->run[unit.start + t + 1] : TOKEN_NONE;
    }
}

static Batch window_batch(const Dataset *dataset, const uint32_t *order, size_t count, BatchRoom *room)
{
    make_room(room, count * dataset->steps);
    for (size_t i = 0; i < count; i++) {
        Unit unit = dataset->units[order[i]];
        fill_window(dataset, unit, room->ids + i * dataset->steps);
        room->targets[i] = dataset->run[unit.start + 1];
    }
    return (Batch){.sequences = count,
                   .steps = dataset->steps,
                   .rows = count,
                   .ids = room->ids,
                   .target_count = count,
                   .targets = room->targets};
}

/* One row a token, and behind it all that followed. */
static Batch merged_batch(const Dataset *dataset, const uint32_t *order, size_t count, BatchRoom *room)
{
    size_t targets = 0, at = 0;
    for (size_t i = 0; i < count; i++)
        targets += dataset->units[order[i]].length - first_follower(dataset, order[i]);
    make_room(room, targets);
    for (size_t i = 0; i < count; i++) {
        room->ids[i] = dataset->run[dataset->units[order[i]].start];
        for (size_t f = first_follower(dataset, order[i]); f < dataset->units[order[i]].length; f++, at++) {
            room->targets[at] = dataset->followers[f];
            room->weights[at] = dataset->follower_counts[f];
            room->row_of[at] = (uint32_t)i;
        }
    }
    return (Batch){.sequences = count,
                   .steps = 1,
                   .rows = count,
                   .ids = room->ids,
                   .target_count = targets,
                   .targets = room->targets,
                   .weights = room->weights,
                   .row_of = room->row_of};
}

Batch dataset_batch(const Dataset *dataset, const uint32_t *order, size_t count, BatchRoom *room)
{
    if (dataset->followers) return merged_batch(dataset, order, count, room);
    if (dataset->windowed) return window_batch(dataset, order, count, room);
    size_t steps = 1;
    for (size_t i = 0; i < count; i++)
        if (dataset->units[order[i]].length > steps) steps = dataset->units[order[i]].length;
    make_room(room, count * steps);
    size_t apart = dataset->recurrent ? count : 1, next = dataset->recurrent ? 1 : steps;
    for (size_t i = 0; i < count; i++)
        fill_sequence(dataset, dataset->units[order[i]], steps, apart, room->ids + i * next,
                      room->targets + i * next);
    return (Batch){.sequences = count,
                   .steps = steps,
                   .rows = count * steps,
                   .ids = room->ids,
                   .target_count = count * steps,
                   .targets = room->targets};
}

void batch_room_release(BatchRoom *room)
{
    free(room->ids);
    free(room->targets);
    free(room->weights);
    free(room->row_of);
    *room = (BatchRoom){0};
}
