#include "core/ngram/arpa_reader.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/i18n.h"
#include "core/base/line_reader.h"
#include "core/base/memory.h"
#include "core/base/utf8.h"
#include "core/ngram/arpa_line.h"
#include "core/ngram/arpa_token.h"
#include "core/ngram/insertion.h"

enum {
    BATCH = 128 /* n-grams put into the store together */,
    LINES_BETWEEN_CLOCKS = 1024,
    NOTES_MAX = 5,
    WORD_SHOWN = 60
};

typedef enum { BEFORE_DATA, IN_HEADER, IN_SECTION, COMPLETE } Place;

/* n-grams read but not yet in the store. */
typedef struct {
    TokenId words[BATCH * NGRAM_ORDER_MAX];
    double p[BATCH], backoff[BATCH];
    size_t lines[BATCH];
    size_t count;
} Batch;

/* p and backoff of the nodes of one level. */
typedef struct {
    double *p, *backoff;
    size_t capacity;
} Numbers;

typedef struct {
    Job job;
    char *path;
    LineReader *lines;
    Place place;
    int order, level; /* level: of the section */
    uint64_t declared[NGRAM_ORDER_MAX + 1], found[NGRAM_ORDER_MAX + 1];
    Tokenizer tokenizer;
    Vocab *vocab;
    bool begins;          /* <s> was among the unigrams */
    double begin_backoff; /* its */
    NgramStore *store;    /* from the end of the unigrams on */
    Numbers numbers[NGRAM_ORDER_MAX + 1];
    Batch batch;
    size_t wrong_line;                /* of an n-gram found wrong later than it was read; 0 = none */
    size_t positive, positive_line;   /* log p above 0: how many, and the first */
    size_t misplaced, misplaced_line; /* n-grams with <s> behind another word */
    Model *model;
    Arena arena;
    const char *notes[NOTES_MAX + 1];
    size_t note_count;
} Reading;

/* --- messages --- */

static size_t line_number(const Reading *r) { return line_reader_number(r->lines); }

/* "the probability ..." becomes "FILE: line 3: the probability ..." */
static bool name_line(const Reading *r, size_t line, Error *error)
{
    Error inner = *error;
    error_set(error, _("%s: line %zu: %s"), r->path, line, inner.message);
    return error_hint(error, "%s", inner.hint);
}

static void note(Reading *r, const char *text)
{
    if (r->note_count < NOTES_MAX) r->notes[r->note_count++] = text;
}

/* --- words --- */

static bool is_text(const char *word, size_t length, const char *text)
{
    return strlen(text) == length && memcmp(word, text, length) == 0;
}

/* The spelling as it is in the vocabulary. */
static const char *read_word(const Reading *r, const char *word, size_t *length)
{
    if (r->tokenizer == TOKENIZER_CHARS) word = arpa_spelled(word, length);
    if (*length != strlen(TEXT_UNKNOWN) || strncasecmp(word, TEXT_UNKNOWN, *length) != 0) return word;
    return TEXT_UNKNOWN;
}

/* V, which is <s> in the store; or TOKEN_NONE. */
static TokenId find_word(const Reading *r, const char *word, size_t length)
{
    TokenId id = vocab_find(r->vocab, word, length);
    if (id != TOKEN_NONE) return id;
    if (is_text(word, length, TEXT_BEGIN)) return store_begin_word(r->store);
    word = read_word(r, word, &length);
    return vocab_find(r->vocab, word, length);
}

/* --- unigrams --- */

static void *grow(double *block, size_t capacity) { return must_grow(block, capacity, sizeof *block); }

/* Of the level being read; its nodes come in order. The highest has no back-off weights. */
static void keep_numbers(Reading *r, size_t node, double p, double backoff)
{
    Numbers *numbers = &r->numbers[r->level];
    bool highest = r->level == r->order;
    if (node >= numbers->capacity) {
        size_t capacity = numbers->capacity ? numbers->capacity * 2 : 64;
        numbers->p = must_grow_table(numbers->p, node, capacity, sizeof *numbers->p);
        if (!highest)
            numbers->backoff = must_grow_table(numbers->backoff, node, capacity, sizeof *numbers->backoff);
        numbers->capacity = capacity;
    }
    numbers->p[node] = p;
    if (!highest) numbers->backoff[node] = backoff;
}

static bool fail_twice(const Reading *r, Error *error)
{
    error_set(error, _("this %d-gram was there before"), r->level);
    return error_hint(error, _("an n-gram has one line; take one of them out"));
}

static bool keep_begin(Reading *r, const ArpaEntry *entry, Error *error)
{
    if (r->begins) return fail_twice(r, error);
    r->begins = true;
    r->begin_backoff = entry->backoff;
    return true;
}

static bool keep_unigram(Reading *r, const ArpaEntry *entry, Error *error)
{
    size_t length = entry->lengths[0], before = vocab_size(r->vocab);
    const char *word = read_word(r, entry->words[0], &length);
    if (is_text(word, length, TEXT_BEGIN)) return keep_begin(r, entry, error);
    if (utf8_valid_prefix(word, length) < length) {
        error_set(error, _("this is not UTF-8"));
        return error_hint(error, _("convert it first, for example: iconv -f latin1 -t utf8 FILE"));
    }
    if (before + 1 >= VOCAB_MAX) return error_set(error, _("there are too many words"));
    TokenId id = vocab_add(r->vocab, word, length);
    if (vocab_size(r->vocab) == before) return fail_twice(r, error);
    keep_numbers(r, (size_t)id, entry->p, entry->backoff);
    return true;
}

/* The words are known: the store can be made. */
static bool end_unigrams(Reading *r, Error *error)
{
    size_t words = vocab_size(r->vocab);
    if (words == 0) {
        error_set(error, _("there are no words before this"));
        return error_hint(error, _("\\1-grams: lists every word of the model"));
    }
    r->store = store_new(r->order, words);
    keep_numbers(r, words, 0, r->begins ? r->begin_backoff : 1);
    for (size_t word = 0; word <= words; word++) r->store->levels[1].nodes[word].count = 1;
    return true;
}

/* --- longer n-grams --- */

/* Missing prefixes and suffixes come in below, as blanks without numbers yet. */
static bool empty_batch(Reading *r, Error *error)
{
    NodeId nodes[BATCH];
    Batch *batch = &r->batch;
    size_t count = batch->count;
    if (count == 0) return true;
    Level *level = &r->store->levels[r->level];
    NodeId next = level->count;
    batch->count = 0;
    store_insert(r->store, r->level, batch->words, count, nodes);
    for (size_t i = 0; i < count; i++, next++) {
        if (nodes[i] != next) return r->wrong_line = batch->lines[i], fail_twice(r, error);
        level->nodes[next].count = 1;
        keep_numbers(r, next, batch->p[i], batch->backoff[i]);
    }
    return true;
}

static bool is_word(const Reading *r, TokenId id, const char *word, size_t length)
{
    if (id == store_begin_word(r->store)) return false; /* which has no text in the vocabulary */
    const char *text = vocab_text(r->vocab, id);
    return *text == *word && strncmp(text, word, length) == 0 && text[length] == '\0';
}

/* Neighbours in a file share words: most often the next one of the line before is this one, or the same. */
static bool find_words(Reading *r, const ArpaEntry *entry, TokenId *words, Error *error)
{
    const TokenId *before = r->batch.count > 0 ? words - r->level : NULL;
    for (int i = 0; i < r->level; i++) {
        size_t length = entry->lengths[i];
        if (before && i + 1 < r->level && is_word(r, before[i + 1], entry->words[i], length))
            words[i] = before[i + 1];
        else if (before && is_word(r, before[i], entry->words[i], length))
            words[i] = before[i];
        else
            words[i] = find_word(r, entry->words[i], length);
        if (words[i] != TOKEN_NONE) continue;
        error_set(error, _("'%.*s' is not among the 1-grams"),
                  (int)(length < WORD_SHOWN ? length : WORD_SHOWN), entry->words[i]);
        return error_hint(error, _("every word of an n-gram has a line of its own in \\1-grams:"));
    }
    return true;
}

static bool keep_ngram(Reading *r, const ArpaEntry *entry, Error *error)
{
    Batch *batch = &r->batch;
    TokenId *words = batch->words + batch->count * (size_t)r->level;
    if (!find_words(r, entry, words, error)) return false;
    for (int i = 1; i < r->level; i++) {
        if (words[i] != store_begin_word(r->store)) continue;
        if (r->misplaced++ == 0) r->misplaced_line = line_number(r);
        return true;
    }
    batch->p[batch->count] = entry->p;
    batch->backoff[batch->count] = entry->backoff;
    batch->lines[batch->count++] = line_number(r);
    return batch->count < BATCH || empty_batch(r, error);
}

static bool read_ngram(Reading *r, const char *line, const char *end, Error *error)
{
    ArpaEntry entry;
    if (!arpa_entry_read(line, end, r->level, r->level == r->order, &entry, error)) return false;
    if (entry.positive && r->positive++ == 0) r->positive_line = line_number(r);
    r->found[r->level]++;
    return r->level == 1 ? keep_unigram(r, &entry, error) : keep_ngram(r, &entry, error);
}

/* --- the frame: \data\, ngram k=count, \k-grams:, \end\ --- */

static bool fail_order(Error *error)
{
    error_set(error, _("n-grams of more than %d words"), NGRAM_ORDER_MAX);
    return error_hint(error, _("make the model with a lower order, or cut its longer sections out"));
}

static bool read_count(Reading *r, const char *line, const char *end, Error *error)
{
    uint64_t level, count;
    bool read = arpa_count_read(line, end, &level, &count);
    if (read && level > NGRAM_ORDER_MAX) return fail_order(error);
    if (!read || level != (uint64_t)r->order + 1) {
        error_set(error, read ? _("ngram %d= should come here") : _("this should read: ngram %d=COUNT"),
                  r->order + 1);
        return error_hint(error,
                          _("\\data\\ counts the n-grams of each length in order, then comes \\1-grams:"));
    }
    r->declared[++r->order] = count;
    return true;
}

static bool leave_section(Reading *r, Error *error)
{
    return r->level == 1 ? end_unigrams(r, error) : empty_batch(r, error);
}

static bool enter_section(Reading *r, const char *line, const char *end, Error *error)
{
    uint64_t level;
    if (!arpa_heading_read(line, end, &level)) {
        error_set(error,
                  r->level == 0 ? _("this should be \\%d-grams:")
                                : _("this should be \\%d-grams: or \\end\\"),
                  r->level + 1);
        return error_hint(error, _("a line that begins with \\ opens a section or ends the file"));
    }
    if (level > NGRAM_ORDER_MAX) return fail_order(error);
    if (level > (uint64_t)r->order) {
        error_set(error, _("\\data\\ does not speak of %d-grams"), (int)level);
        return error_hint(error, _("add ngram %d=COUNT there, or take the section out"), (int)level);
    }
    if (level <= (uint64_t)r->level || (r->level == 0 && level != 1)) {
        error_set(error, _("\\%d-grams: cannot stand here"), (int)level);
        return error_hint(error, _("sections stand in order: \\1-grams:, \\2-grams:, ..."));
    }
    if (r->level > 0 && !leave_section(r, error)) return false;
    r->level = (int)level;
    r->place = IN_SECTION;
    return true;
}

static bool read_before(Reading *r, const char *line, const char *end)
{
    if (arpa_is_only(line, end, "\\data\\")) r->place = IN_HEADER;
    if (arpa_is_only(line, end, ARPA_CHARS)) r->tokenizer = TOKENIZER_CHARS;
    return true;
}

static bool read_header(Reading *r, const char *line, const char *end, Error *error)
{
    if (*line == '\\' && r->order > 0) return enter_section(r, line, end, error);
    return read_count(r, line, end, error);
}

static bool read_section(Reading *r, const char *line, const char *end, Error *error)
{
    if (*line != '\\') return read_ngram(r, line, end, error);
    if (!arpa_is_only(line, end, "\\end\\")) return enter_section(r, line, end, error);
    r->place = COMPLETE;
    return leave_section(r, error);
}

static bool read_line(Reading *r, const char *line, size_t length, Error *error)
{
    const char *end = line + length;
    line = arpa_skip_blanks(line, end);
    if (line == end || r->place == COMPLETE) return true; /* to the end: a packed file may be cut off there */
    if (r->place == BEFORE_DATA) return read_before(r, line, end);
    return r->place == IN_HEADER ? read_header(r, line, end, error) : read_section(r, line, end, error);
}

/* What went wrong in this line, or in an earlier one whose n-gram was not yet in the store. */
static bool fail_line(Reading *r, Error *error)
{
    Error earlier;
    if (r->wrong_line == 0 && !empty_batch(r, &earlier)) *error = earlier;
    return name_line(r, r->wrong_line ? r->wrong_line : line_number(r), error);
}

/* --- the end --- */

/* What backing off gives: shorter n-grams first, so that their suffix has its p already. */
static void fill_blanks(const Reading *r)
{
    for (int k = 2; k <= r->order; k++) {
        const Level *level = &r->store->levels[k];
        for (uint32_t i = 0; i < level->count; i++) {
            const NgramNode *node = &level->nodes[i];
            if (node->count > 0) continue;
            r->numbers[k].p[i] = r->numbers[k - 1].backoff[node->prefix] * r->numbers[k - 1].p[node->suffix];
            if (k < r->order) r->numbers[k].backoff[i] = 1;
        }
    }
}

/* With room for the blanks, which come last in each level. */
static Estimate *make_estimate(Reading *r)
{
    Estimate *estimate = must_alloc(1, sizeof *estimate);
    *estimate = (Estimate){.order = r->order, .smoothing = {.kind = SMOOTH_GIVEN}, .unseen = 1};
    for (int k = 1; k <= r->order; k++) {
        Numbers *numbers = &r->numbers[k];
        size_t count = r->store->levels[k].count;
        numbers->p = grow(numbers->p, count);
        if (k < r->order) numbers->backoff = grow(numbers->backoff, count);
    }
    fill_blanks(r);
    for (int k = 1; k <= r->order; k++) {
        estimate->p[k] = r->numbers[k].p;
        if (k < r->order) estimate->backoff[k] = r->numbers[k].backoff;
        r->numbers[k] = (Numbers){NULL, NULL, 0};
    }
    return estimate;
}

static void note_counts(Reading *r)
{
    const char *text = "";
    for (int k = 1; k <= r->order; k++)
        if (r->declared[k] != r->found[k])
            text = arena_format(&r->arena, _("%s%s%llu %d-grams, not %llu"), text, *text ? ", " : "",
                                (unsigned long long)r->found[k], k, (unsigned long long)r->declared[k]);
    if (*text) note(r, arena_format(&r->arena, _("The counts in \\data\\ are wrong: there are %s."), text));
}

static void note_oddities(Reading *r)
{
    note_counts(r);
    if (r->positive)
        note(r, arena_format(&r->arena,
                             _("Line %zu has a log probability above 0, read as 0 (lines like it: %zu)."),
                             r->positive_line, r->positive));
    if (r->misplaced)
        note(r,
             arena_format(&r->arena,
                          _("Line %zu has <s> behind another word, where it cannot be; left out (lines like "
                            "it: %zu)."),
                          r->misplaced_line, r->misplaced));
    if (vocab_end(r->vocab) == TOKEN_NONE)
        note(r, _("There is no </s>: sentences of this model have no end."));
}

void arpa_sums(const Model *model, double *unigrams, double *start)
{
    const double *p = ngram_estimate(model)->p[1];
    State *state = state_begin(model);
    *unigrams = *start = 0;
    for (size_t word = 0; word < model_outcomes(model); word++) {
        *unigrams += p[word];
        *start += state_probability(state, (TokenId)word);
    }
    state_free(state);
}

/* Rounding and pruning leave sums a little off 1; what is further off is no distribution. */
static bool is_one(double sum) { return fabs(sum - 1) <= 0.05; }

static void make_model(Reading *r)
{
    double unigrams, start;
    note_oddities(r);
    Estimate *estimate = make_estimate(r);
    r->model = ngram_new(r->vocab, r->tokenizer, r->store, estimate, NULL);
    r->vocab = NULL;
    r->store = NULL;
    arpa_sums(r->model, &unigrams, &start);
    r->model->scores = !is_one(unigrams) || !is_one(start);
}

static JobStatus fail_early_end(const Reading *r, Error *error)
{
    if (line_number(r) == 0) {
        error_set(error, _("%s is empty"), r->path);
    } else if (r->place == BEFORE_DATA) {
        error_set(error, _("%s is no ARPA file: it has no line \\data\\"), r->path);
        error_hint(error, _("load reads ARPA files, packed by gzip or not, and what save wrote"));
    } else {
        error_set(error, _("%s was cut off: it ends at line %zu without \\end\\"), r->path, line_number(r));
        error_hint(error, _("fetch or make the file again"));
    }
    return JOB_FAILED;
}

/* --- the job --- */

static JobStatus reading_step(Job *job, double milliseconds, Error *error)
{
    Reading *r = (Reading *)job;
    const char *line;
    size_t length;
    double end = job_clock() + milliseconds;
    if (!r->lines && !(r->lines = line_reader_new(r->path, error))) return JOB_FAILED;
    for (unsigned n = 1;; n++) {
        LineStatus status = line_reader_next(r->lines, &line, &length, error);
        if (status == LINE_END) break;
        if (status == LINE_FAILED) return JOB_FAILED;
        if (!read_line(r, line, length, error)) return fail_line(r, error), JOB_FAILED;
        if (n % LINES_BETWEEN_CLOCKS == 0 && job_clock() > end) return JOB_MORE;
    }
    if (r->place != COMPLETE) return fail_early_end(r, error);
    make_model(r);
    return JOB_DONE;
}

static double reading_progress(const Job *job)
{
    const Reading *r = (const Reading *)job;
    return r->lines ? line_reader_progress(r->lines) : 0;
}

static void reading_free(Job *job)
{
    Reading *r = (Reading *)job;
    model_free(r->model);
    vocab_free(r->vocab);
    store_free(r->store);
    for (int k = 1; k <= NGRAM_ORDER_MAX; k++) {
        free(r->numbers[k].p);
        free(r->numbers[k].backoff);
    }
    line_reader_free(r->lines);
    arena_release(&r->arena);
    free(r->path);
    free(r);
}

Job *arpa_reading_new(const char *path)
{
    static const JobKind kind = {reading_step, reading_progress, reading_free};
    Reading *r = must_alloc(1, sizeof *r);
    r->job.kind = &kind;
    r->path = must_copy(path, strlen(path));
    r->vocab = vocab_new();
    return &r->job;
}

Model *arpa_reading_take(Job *job)
{
    Reading *r = (Reading *)job;
    Model *model = r->model;
    r->model = NULL;
    return model;
}

const char *arpa_reading_note(const Job *job, size_t index)
{
    const Reading *r = (const Reading *)job;
    return index < r->note_count ? r->notes[index] : NULL;
}

size_t arpa_reading_bytes(const Job *job)
{
    const Reading *r = (const Reading *)job;
    return r->lines ? line_reader_bytes(r->lines) : 0;
}
