#include "core/ngram/image.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/draft.h"
#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/base/utf8.h"
#include "core/ngram/arpa_line.h"

#define MAGIC "LMSH"
enum { FORM = 2 /* of what is written here; to be raised with every change */, LANES = 4, BITS_MAX = 32 };
static const uint64_t BYTE_ORDER_MARK = 0x0102030405060708, MULTIPLIER = 0x9E3779B97F4A7C15;

/* --- the header: its members leave no gaps --- */

typedef struct {
    uint64_t counts[COUNTS_OF_COUNTS];
    double d[KATZ_MAX + 1];
    uint64_t fell_back;
    char why[48];
} ImageDiscount;

typedef struct {
    uint32_t kind, fixed, plain_unigrams, kenlm;
    double k, weights[NGRAM_ORDER_MAX], discounts[3], fallback[3];
} ImageSmoothing;

typedef struct {
    char magic[4];
    uint32_t version;
    uint64_t byte_order, size, checksum; /* of the file in bytes; of all that follows here */
    uint32_t order, words, tokenizer, scores;
    double unseen;       /* of Estimate */
    uint64_t text_bytes; /* a multiple of 8: NULs follow the last text */
    uint32_t counts[NGRAM_ORDER_MAX + 1], bits[NGRAM_ORDER_MAX + 1]; /* by level */
    ImageSmoothing smoothing;
    ImageDiscount discounts[NGRAM_ORDER_MAX + 1];
} ImageHeader;

enum { CHECKED_FROM = offsetof(ImageHeader, order) };
_Static_assert(CHECKED_FROM == 32 && sizeof(ImageHeader) % 8 == 0, "the header is whole words");
_Static_assert(sizeof(NgramNode) == 16 && sizeof(((Discount *)0)->why) == sizeof(((ImageDiscount *)0)->why),
               "what is written changed: count FORM up");

/* An array of the file: where it begins, and its length, in bytes. */
typedef struct {
    uint64_t start, length;
} Section;

typedef struct {
    Section texts, nodes[NGRAM_ORDER_MAX + 1], slots[NGRAM_ORDER_MAX + 1], p[NGRAM_ORDER_MAX + 1],
        backoff[NGRAM_ORDER_MAX + 1];
    uint64_t size;
} Layout;

static Section section(Layout *layout, uint64_t count, size_t size)
{
    Section section = {layout->size, count * size};
    layout->size += section.length;
    return section;
}

/* Counts are below 2^32 and bits at most 32, so that no sum overflows. */
static Layout lay_out(const ImageHeader *header)
{
    Layout layout = {.size = sizeof *header};
    layout.texts = section(&layout, header->text_bytes, 1);
    for (uint32_t k = 0; k <= header->order; k++) {
        uint64_t count = header->counts[k], slots = k >= 2 ? (uint64_t)1 << header->bits[k] : 0;
        layout.nodes[k] = section(&layout, count, sizeof(NgramNode));
        layout.slots[k] = section(&layout, slots, sizeof(uint64_t));
        layout.p[k] = section(&layout, k >= 1 ? count : 0, sizeof(double));
        layout.backoff[k] = section(&layout, k >= 1 && k < header->order ? count : 0, sizeof(double));
    }
    return layout;
}

/* --- the checksum: four sums side by side, which a processor works on at once --- */

typedef struct {
    uint64_t lanes[LANES];
} Checksum;

static void add_word(uint64_t *lane, uint64_t word)
{
    *lane = (*lane ^ word) * MULTIPLIER;
    *lane ^= *lane >> 32;
}

/* One array, of whole 8-byte words. */
static void checksum_add(Checksum *sum, const void *array, size_t length)
{
    const uint64_t *words = array;
    size_t count = length / sizeof *words, i = 0;
    for (; i + LANES <= count; i += LANES)
        for (size_t lane = 0; lane < LANES; lane++) add_word(&sum->lanes[lane], words[i + lane]);
    for (; i < count; i++) add_word(&sum->lanes[i % LANES], words[i]);
}

static uint64_t checksum_of(const Checksum *sum)
{
    uint64_t all = 0;
    for (size_t lane = 0; lane < LANES; lane++) add_word(&all, sum->lanes[lane]);
    return all;
}

/* --- writing --- */

static void describe_smoothing(const Estimate *estimate, ImageHeader *header)
{
    const Smoothing *from = &estimate->smoothing;
    ImageSmoothing *to = &header->smoothing;
    *to = (ImageSmoothing){from->kind, from->fixed, from->plain_unigrams, from->kenlm, .k = from->k};
    memcpy(to->weights, from->weights, sizeof to->weights);
    memcpy(to->discounts, from->discounts, sizeof to->discounts);
    memcpy(to->fallback, from->fallback, sizeof to->fallback);
    for (int k = 1; k <= estimate->order; k++) {
        const Discount *discount = &estimate->discounts[k];
        header->discounts[k].fell_back = discount->fell_back;
        memcpy(header->discounts[k].counts, discount->counts, sizeof discount->counts);
        memcpy(header->discounts[k].d, discount->d, sizeof discount->d);
        memcpy(header->discounts[k].why, discount->why, sizeof discount->why);
    }
}

/* All texts, a NUL behind each, and NULs up to whole words; the caller frees it. */
static char *join_texts(const Vocab *vocab, uint64_t *bytes)
{
    size_t used = 0, count = vocab_size(vocab);
    for (size_t i = 0; i < count; i++) used += strlen(vocab_text(vocab, (TokenId)i)) + 1;
    *bytes = (used + 7) / 8 * 8;
    char *texts = must_alloc(*bytes, 1), *at = texts;
    for (size_t i = 0; i < count; i++) at = stpcpy(at, vocab_text(vocab, (TokenId)i)) + 1;
    return texts;
}

/* Hand every array to the draft, or to the checksum when there is no draft. */
static void put(Draft *draft, Checksum *sum, const void *array, Section section)
{
    if (draft)
        draft_write(draft, array, section.length);
    else
        checksum_add(sum, array, section.length);
}

static void put_arrays(const Model *model, const char *texts, const Layout *layout, Draft *draft,
                       Checksum *sum)
{
    const NgramStore *store = ngram_store(model);
    const Estimate *estimate = ngram_estimate(model);
    put(draft, sum, texts, layout->texts);
    for (int k = 0; k <= store->order; k++) {
        put(draft, sum, store->levels[k].nodes, layout->nodes[k]);
        put(draft, sum, store->levels[k].slots, layout->slots[k]);
        put(draft, sum, estimate->p[k], layout->p[k]);
        if (k < store->order) put(draft, sum, estimate->backoff[k], layout->backoff[k]);
    }
}

static void write_model(const Model *model, Draft *draft)
{
    const NgramStore *store = ngram_store(model);
    ImageHeader header = {.magic = MAGIC,
                          .version = FORM,
                          .byte_order = BYTE_ORDER_MARK,
                          .order = (uint32_t)store->order,
                          .words = store->words,
                          .tokenizer = model->tokenizer,
                          .scores = model->scores,
                          .unseen = ngram_estimate(model)->unseen};
    char *texts = join_texts(model->vocab, &header.text_bytes);
    for (int k = 0; k <= store->order; k++) {
        header.counts[k] = store->levels[k].count;
        header.bits[k] = (uint32_t)store->levels[k].bits;
    }
    describe_smoothing(ngram_estimate(model), &header);
    Layout layout = lay_out(&header);
    header.size = layout.size;
    Checksum sum = {{0}};
    checksum_add(&sum, (const char *)&header + CHECKED_FROM, sizeof header - CHECKED_FROM);
    put_arrays(model, texts, &layout, NULL, &sum);
    header.checksum = checksum_of(&sum);
    draft_write(draft, &header, sizeof header);
    put_arrays(model, texts, &layout, draft, NULL);
    free(texts);
}

bool image_write(const Model *model, const char *path, Error *error)
{
    if (!ngram_store(model)) {
        error_set(error, _("an .lm file holds n-grams, and this model is a %s"), model->kind->name);
        return error_hint(error, _("train ngram makes a model that can be written"));
    }
    Draft *draft = draft_new(path, false, error);
    if (!draft) return false;
    write_model(model, draft);
    return draft_finish(draft, error);
}

/* --- reading: everything is checked before it is used --- */

typedef struct {
    const char *path;
    char *start; /* of the mapping */
    size_t length;
    const ImageHeader *header;
    Layout layout;
    Error *error;
} Image;

static bool fail_damaged(const Image *image, const char *what)
{
    error_set(image->error, _("%s is damaged: %s"), image->path, what);
    return error_hint(image->error, _("fetch it again, or save the model again"));
}

static bool fail_cut_off(const Image *image, uint64_t size)
{
    error_set(image->error, _("%s was cut off: %zu of %llu bytes are there"), image->path, image->length,
              (unsigned long long)size);
    return error_hint(image->error, _("fetch it again, or save the model again"));
}

static bool fail_foreign(const char *path, Error *error)
{
    error_set(error, _("%s is no file that save wrote"), path);
    return error_hint(error, _("save NAME.lm writes one"));
}

static void *at(const Image *image, Section section) { return image->start + section.start; }

static bool is_number(double x) { return isfinite(x) && x >= 0; }

static bool check_smoothing(const Image *image)
{
    const ImageSmoothing *smoothing = &image->header->smoothing;
    double unseen = image->header->unseen;
    bool ok = smoothing->kind <= SMOOTH_GIVEN && is_number(smoothing->k) && unseen >= 0 && unseen <= 1;
    for (int i = 0; i < NGRAM_ORDER_MAX; i++)
        ok = ok && is_number(smoothing->weights[i]) && smoothing->weights[i] <= 1;
    for (int i = 0; i < 3; i++)
        ok = ok && is_number(smoothing->discounts[i]) && is_number(smoothing->fallback[i]);
    for (int k = 1; k <= NGRAM_ORDER_MAX; k++) {
        const ImageDiscount *discount = &image->header->discounts[k];
        for (int r = 0; r <= KATZ_MAX; r++) ok = ok && is_number(discount->d[r]);
        ok = ok && memchr(discount->why, '\0', sizeof discount->why) &&
             utf8_valid_prefix(discount->why, strlen(discount->why)) == strlen(discount->why);
    }
    return ok || fail_damaged(image, _("its smoothing makes no sense"));
}

static bool check_sizes(Image *image)
{
    const ImageHeader *header = image->header;
    bool ok = header->order >= 1 && header->order <= NGRAM_ORDER_MAX && header->words >= 1 &&
              header->words < VOCAB_MAX && header->tokenizer <= TOKENIZER_CHARS &&
              header->text_bytes <= image->length && header->text_bytes % 8 == 0 && header->counts[0] == 1 &&
              header->counts[1] == header->words + 1;
    for (uint32_t k = 2; ok && k <= header->order; k++)
        ok = header->bits[k] >= 1 && header->bits[k] <= BITS_MAX &&
             header->counts[k] < (uint64_t)1 << header->bits[k] && header->counts[k] < NODE_NONE;
    if (ok) image->layout = lay_out(header);
    ok = ok && image->layout.size == header->size;
    return ok || fail_damaged(image, _("its sizes make no sense"));
}

static bool check_header(Image *image)
{
    const ImageHeader *header = image->header;
    if (image->length >= strlen(MAGIC) && memcmp(image->start, MAGIC, strlen(MAGIC)) != 0)
        return fail_foreign(image->path, image->error);
    if (image->length < sizeof *header) return fail_cut_off(image, sizeof *header);
    if (header->byte_order != BYTE_ORDER_MARK || header->version != FORM) {
        error_set(image->error, _("%s was written by another version of lmsh, or on another kind of machine"),
                  image->path);
        return error_hint(image->error, _("an ARPA file can be read everywhere: save it as .arpa there"));
    }
    if (header->size > image->length) return fail_cut_off(image, header->size);
    if (header->size < image->length) return fail_damaged(image, _("something follows its end"));
    return check_sizes(image) && check_smoothing(image);
}

static bool check_sum(const Image *image)
{
    Checksum sum = {{0}};
    const Layout *layout = &image->layout;
    checksum_add(&sum, image->start + CHECKED_FROM, sizeof(ImageHeader) - CHECKED_FROM);
    checksum_add(&sum, at(image, layout->texts), layout->texts.length);
    for (uint32_t k = 0; k <= image->header->order; k++) {
        checksum_add(&sum, at(image, layout->nodes[k]), layout->nodes[k].length);
        checksum_add(&sum, at(image, layout->slots[k]), layout->slots[k].length);
        checksum_add(&sum, at(image, layout->p[k]), layout->p[k].length);
        checksum_add(&sum, at(image, layout->backoff[k]), layout->backoff[k].length);
    }
    return checksum_of(&sum) == image->header->checksum || fail_damaged(image, _("its checksum is wrong"));
}

/* In the loops below nothing is decided before the end, so that they run several elements at a time. */
static bool good_nodes(const Image *image, uint32_t k)
{
    const ImageHeader *header = image->header;
    const NgramNode *nodes = at(image, image->layout.nodes[k]);
    uint32_t below = header->counts[k - 1], words = header->words, bad = 0;
    for (uint32_t i = 0; i < header->counts[k]; i++) {
        uint32_t word = (uint32_t)nodes[i].word;
        bad |= nodes[i].prefix >= below;
        bad |= nodes[i].suffix >= below;
        bad |= k == 1 ? word != i : word >= words;
    }
    return !bad;
}

/* A search ends at an empty slot, so there must be one. */
static bool good_slots(const Image *image, uint32_t k)
{
    const uint64_t *slots = at(image, image->layout.slots[k]);
    uint64_t count = image->layout.slots[k].length / sizeof *slots, empty = 0, bad = 0;
    for (uint64_t i = 0; i < count; i++) {
        bad |= (uint32_t)slots[i] > image->header->counts[k];
        bad |= (slots[i] != 0) & ((uint32_t)slots[i] == 0);
        empty += slots[i] == 0;
    }
    return !bad && (k < 2 || empty > 0);
}

static bool good_numbers(const Image *image, Section section, double most)
{
    const double *numbers = at(image, section);
    uint64_t count = section.length / sizeof *numbers, bad = 0;
    for (uint64_t i = 0; i < count; i++) bad |= !((numbers[i] >= 0) & (numbers[i] <= most));
    return !bad;
}

/* A probability may be a rounding error above 1. */
static bool check_levels(const Image *image)
{
    const Layout *layout = &image->layout;
    for (uint32_t k = 1; k <= image->header->order; k++)
        if (!good_nodes(image, k) || !good_slots(image, k) || !good_numbers(image, layout->p[k], 1 + 1e-9) ||
            !good_numbers(image, layout->backoff[k], ARPA_BACKOFF_MOST * (1 + 1e-9)))
            return fail_damaged(image, _("its n-grams make no sense"));
    return true;
}

static Vocab *read_words(const Image *image)
{
    const char *text = at(image, image->layout.texts), *end = text + image->layout.texts.length;
    Vocab *vocab = vocab_new();
    for (uint32_t i = 0; i < image->header->words; i++) {
        size_t room = (size_t)(end - text), length = strnlen(text, room);
        bool ok = length > 0 && length < room && utf8_valid_prefix(text, length) == length &&
                  strcmp(text, TEXT_BEGIN) != 0 && (uint32_t)vocab_add(vocab, text, length) == i;
        if (!ok) {
            vocab_free(vocab);
            fail_damaged(image, _("its words make no sense"));
            return NULL;
        }
        text += length + 1;
    }
    return vocab;
}

static NgramStore *borrow_store(const Image *image)
{
    NgramStore *store = must_alloc(1, sizeof *store);
    store->order = (int)image->header->order;
    store->words = image->header->words;
    store->borrowed = true;
    for (int k = 0; k <= store->order; k++) {
        uint32_t count = image->header->counts[k];
        store->levels[k] = (Level){.nodes = at(image, image->layout.nodes[k]),
                                   .count = count,
                                   .capacity = count,
                                   .slots = k >= 2 ? at(image, image->layout.slots[k]) : NULL,
                                   .bits = k >= 2 ? (int)image->header->bits[k] : 0};
    }
    return store;
}

static Smoothing read_smoothing(const ImageSmoothing *from)
{
    Smoothing to = {.kind = (SmoothingKind)from->kind,
                    .k = from->k,
                    .fixed = from->fixed != 0,
                    .plain_unigrams = from->plain_unigrams != 0,
                    .kenlm = from->kenlm != 0};
    memcpy(to.weights, from->weights, sizeof to.weights);
    memcpy(to.discounts, from->discounts, sizeof to.discounts);
    memcpy(to.fallback, from->fallback, sizeof to.fallback);
    return to;
}

static Estimate *borrow_estimate(const Image *image)
{
    Estimate *estimate = must_alloc(1, sizeof *estimate);
    estimate->order = (int)image->header->order;
    estimate->smoothing = read_smoothing(&image->header->smoothing);
    estimate->unseen = image->header->unseen;
    estimate->borrowed = true;
    for (int k = 1; k <= estimate->order; k++) {
        const ImageDiscount *from = &image->header->discounts[k];
        Discount *to = &estimate->discounts[k];
        to->fell_back = from->fell_back != 0;
        memcpy(to->counts, from->counts, sizeof to->counts);
        memcpy(to->d, from->d, sizeof to->d);
        memcpy(to->why, from->why, sizeof to->why);
        estimate->p[k] = at(image, image->layout.p[k]);
        if (k < estimate->order) estimate->backoff[k] = at(image, image->layout.backoff[k]);
    }
    return estimate;
}

static Model *read_mapped(Image *image)
{
    if (!check_header(image) || !check_sum(image) || !check_levels(image)) return NULL;
    Vocab *vocab = read_words(image);
    if (!vocab) return NULL;
    Model *model = ngram_new(vocab, (Tokenizer)image->header->tokenizer, borrow_store(image),
                             borrow_estimate(image), NULL);
    ngram_own_mapping(model, image->start, image->length);
    model->scores = image->header->scores != 0;
    return model;
}

static int open_image(const char *path, size_t *length, Error *error)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return error_set(error, _("cannot open %s: %s"), path, error_reason(errno)), -1;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0) {
        *length = (size_t)info.st_size;
        return fd;
    }
    close(fd);
    fail_foreign(path, error);
    return -1;
}

Model *image_read(const char *path, Error *error)
{
    Image image = {.path = path, .error = error};
    int fd = open_image(path, &image.length, error);
    if (fd < 0) return NULL;
    image.start = mmap(NULL, image.length, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    close(fd);
    if (image.start == MAP_FAILED)
        return error_set(error, _("cannot read %s: %s"), path, error_reason(errno)), NULL;
    image.header = (const ImageHeader *)(const void *)image.start;
    Model *model = read_mapped(&image);
    if (!model) munmap(image.start, image.length);
    return model;
}

bool image_is(const char *path)
{
    char magic[sizeof MAGIC - 1];
    int fd = file_is_regular(path) ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0) return false;
    ssize_t got = read(fd, magic, sizeof magic);
    close(fd);
    return got == sizeof magic && memcmp(magic, MAGIC, sizeof magic) == 0;
}
