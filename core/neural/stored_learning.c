#include "core/neural/stored_learning.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"

enum { BATCH_MAX = 1 << 30, THREADS_MAX = 2, FORM = 1 /* of what is written here */ };
#define COUNT_MAX ((uint64_t)1 << 53)
#define EPOCHS_MAX 1e9
static const char form_key[] = "lmsh.format", optimizer_key[] = "lmsh.opt", schedule_key[] = "lmsh.schedule",
                  first_name[] = "optimizer.first", second_name[] = "optimizer.second",
                  curve_name[] = "learning.curve";
static const char *const schedules[] = {[SCHEDULE_CONSTANT] = "constant", [SCHEDULE_COSINE] = "cosine"};

/* --- every number of a Learning --- */

typedef enum { FIELD_WHOLE, FIELD_SIZE, FIELD_INT, FIELD_SWITCH, FIELD_AMOUNT, FIELD_ANY } FieldType;

typedef struct {
    const char *key;
    FieldType type; /* AMOUNT: a double, 0 or more; ANY: perhaps not a number either */
    size_t offset;
    uint64_t least, most; /* of those that are not doubles */
} Field;

#define FIELD(key, type, member, ...)                                                                        \
    {                                                                                                        \
        "lmsh." key, type, offsetof(Learning, member), __VA_ARGS__                                           \
    }

static const Field fields[] = {
    FIELD("lr", FIELD_AMOUNT, options.lr, 0, 0),
    FIELD("warmup", FIELD_WHOLE, options.warmup, 0, COUNT_MAX),
    FIELD("batch", FIELD_SIZE, options.batch, 0, BATCH_MAX),
    FIELD("steps", FIELD_WHOLE, options.steps, 0, COUNT_MAX),
    FIELD("epochs", FIELD_AMOUNT, options.epochs, 0, 0),
    FIELD("wd", FIELD_AMOUNT, options.decay, 0, 0),
    FIELD("clip", FIELD_AMOUNT, options.clip, 0, 0),
    FIELD("seed", FIELD_WHOLE, options.seed, 0, UINT64_MAX),
    FIELD("valid", FIELD_AMOUNT, options.valid, 0, 0),
    FIELD("until", FIELD_AMOUNT, options.until, 0, 0),
    FIELD("threads", FIELD_INT, options.threads, 1, THREADS_MAX),
    FIELD("updates", FIELD_WHOLE, optimizer.steps, 0, COUNT_MAX),
    FIELD("dice", FIELD_WHOLE, dice.state, 1, UINT64_MAX),
    FIELD("step", FIELD_WHOLE, step, 0, COUNT_MAX),
    FIELD("goal", FIELD_WHOLE, goal, 0, COUNT_MAX),
    FIELD("shuffled", FIELD_WHOLE, shuffled, 0, UINT64_MAX),
    FIELD("position", FIELD_WHOLE, position, 0, COUNT_MAX),
    FIELD("epoch", FIELD_WHOLE, epoch, 0, COUNT_MAX),
    FIELD("pending", FIELD_ANY, pending, 0, 0),
    FIELD("pending_steps", FIELD_WHOLE, pending_steps, 0, COUNT_MAX),
    FIELD("tokens", FIELD_WHOLE, tokens, 0, COUNT_MAX),
    FIELD("best_valid", FIELD_ANY, best_valid, 0, 0),
    FIELD("best_step", FIELD_WHOLE, best_step, 0, COUNT_MAX),
    FIELD("diverged", FIELD_SWITCH, diverged, 0, 1),
};

static void store_field(SafetensorsWriter *writer, const Field *field, const Learning *learning)
{
    const void *at = (const char *)learning + field->offset;
    switch (field->type) {
    case FIELD_WHOLE: store_whole(writer, field->key, *(const uint64_t *)at); break;
    case FIELD_SIZE: store_whole(writer, field->key, *(const size_t *)at); break;
    case FIELD_INT: store_whole(writer, field->key, (uint64_t) * (const int *)at); break;
    case FIELD_SWITCH: store_whole(writer, field->key, *(const bool *)at); break;
    case FIELD_AMOUNT:
    case FIELD_ANY: store_number(writer, field->key, *(const double *)at); break;
    }
}

static bool read_amount(const Stored *stored, const Field *field, double *amount)
{
    if (!stored_number(stored, field->key, amount)) return false;
    return field->type == FIELD_ANY || *amount >= 0 ||
           stored_fail(stored, _("its metadata says %s=%g, which makes no sense"), field->key, *amount);
}

static bool read_field(const Stored *stored, const Field *field, Learning *learning)
{
    void *at = (char *)learning + field->offset;
    uint64_t whole;
    if (field->type == FIELD_AMOUNT || field->type == FIELD_ANY) return read_amount(stored, field, at);
    if (!stored_whole(stored, field->key, field->least, field->most, &whole)) return false;
    switch (field->type) {
    case FIELD_SIZE: *(size_t *)at = (size_t)whole; break;
    case FIELD_INT: *(int *)at = (int)whole; break;
    case FIELD_SWITCH: *(bool *)at = whole != 0; break;
    default: *(uint64_t *)at = whole;
    }
    return true;
}

/* --- writing --- */

static void store_curve(SafetensorsWriter *writer, const Curve *curve, double *room)
{
    for (size_t i = 0; i < curve->count; i++) {
        room[CURVE_COLUMNS * i] = (double)curve->points[i].step;
        room[CURVE_COLUMNS * i + 1] = curve->points[i].train;
        room[CURVE_COLUMNS * i + 2] = curve->points[i].valid;
    }
    safetensors_put(writer, curve_name, DTYPE_F64, 2, (const size_t[]){curve->count, CURVE_COLUMNS}, room);
}

static void store_moments(SafetensorsWriter *writer, const char *name, const Real *moments, size_t total)
{
    if (moments) safetensors_put(writer, name, DTYPE_REAL, 1, &total, moments);
}

void store_learning(SafetensorsWriter *writer, const Learning *learning, double *curve)
{
    const Optimizer *optimizer = &learning->optimizer;
    store_whole(writer, form_key, FORM);
    safetensors_put_metadata(writer, optimizer_key, optimizer_name(optimizer->kind));
    safetensors_put_metadata(writer, schedule_key, schedules[learning->options.schedule]);
    for (size_t i = 0; i < COUNT_OF(fields); i++) store_field(writer, &fields[i], learning);
    store_moments(writer, first_name, optimizer->first, optimizer->total);
    store_moments(writer, second_name, optimizer->second, optimizer->total);
    store_curve(writer, &learning->curve, curve);
}

/* --- reading --- */

bool stored_learning_is(const Safetensors *file) { return safetensors_metadata(file, form_key) != NULL; }

static bool read_names(const Stored *stored, LearningOptions *options)
{
    const char *optimizer = safetensors_metadata(stored->file, optimizer_key),
               *schedule = safetensors_metadata(stored->file, schedule_key);
    if (!optimizer || !optimizer_find(optimizer, &options->optimizer))
        return stored_fail(stored, _("how it was trained (%s) is not known here"), optimizer_key);
    for (size_t i = 0; schedule && i < COUNT_OF(schedules); i++)
        if (strcmp(schedules[i], schedule) == 0) {
            options->schedule = (Schedule)i;
            return true;
        }
    return stored_fail(stored, _("how it was trained (%s) is not known here"), schedule_key);
}

static bool read_moments(const Stored *stored, const char *name, Real *moments, size_t total)
{
    if (!moments) return true;
    const StoredTensor *tensor = safetensors_find(stored->file, name);
    bool ok = tensor && tensor->dims == 1 && tensor->count == total && stored_tensor_reals(tensor, moments);
    return ok || stored_fail(stored, _("%s is missing, or does not fit the network"), name);
}

/* Steps rise, and are whole numbers that a double holds. */
static bool read_point(const double *row, uint64_t before, CurvePoint *point)
{
    if (!(row[0] >= 0 && row[0] <= 0x1p53 && row[0] == floor(row[0]))) return false;
    *point = (CurvePoint){(uint64_t)row[0], row[1], row[2]};
    return point->step >= before;
}

static bool read_points(const double *rows, Curve *curve)
{
    uint64_t before = 0;
    for (size_t i = 0; i < curve->count; i++, before = curve->points[i - 1].step)
        if (!read_point(rows + CURVE_COLUMNS * i, before, &curve->points[i])) return false;
    return true;
}

static bool read_curve(const Stored *stored, Curve *curve)
{
    const StoredTensor *tensor = safetensors_find(stored->file, curve_name);
    if (!tensor || tensor->dims != 2 || tensor->shape[1] != CURVE_COLUMNS)
        return stored_fail(stored, _("%s is missing, or has another shape"), curve_name);
    double *rows = must_alloc(tensor->count, sizeof *rows);
    curve->count = curve->capacity = tensor->shape[0];
    curve->points = must_alloc(curve->count, sizeof *curve->points);
    bool ok = stored_tensor_doubles(tensor, rows) && read_points(rows, curve);
    free(rows);
    return ok || stored_fail(stored, _("%s makes no sense"), curve_name);
}

static bool read_fields(const Stored *stored, Learning *learning)
{
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        if (!read_field(stored, &fields[i], learning)) return false;
    learning->optimizer.decay = learning->options.decay;
    const LearningOptions *options = &learning->options;
    return (options->valid < 1 && options->epochs <= EPOCHS_MAX) ||
           stored_fail(stored, _("how it was trained makes no sense"));
}

Learning *stored_learning(const Stored *stored, size_t weights)
{
    LearningOptions options = {.threads = 1};
    uint64_t form;
    if (!stored_whole(stored, form_key, FORM, FORM, &form) || !read_names(stored, &options)) return NULL;
    Learning *learning = learning_new(&options, weights);
    Optimizer *optimizer = &learning->optimizer;
    bool ok = read_fields(stored, learning) && read_moments(stored, first_name, optimizer->first, weights) &&
              read_moments(stored, second_name, optimizer->second, weights) &&
              read_curve(stored, &learning->curve);
    if (ok) return learning;
    learning_free(learning);
    return NULL;
}
