#include "repl/commands/recipe_ngram.h"

#include <math.h>
#include <string.h>

#include "core/base/i18n.h"

typedef struct {
    const OptionValue *values;
    Arena *arena;
    NgramRecipe *recipe;
} Reader;

static bool given(const Reader *r, OptionId id) { return r->values[id].given; }

static bool is(const Reader *r, OptionId id, const char *choice)
{
    return r->values[id].text && strcmp(r->values[id].text, choice) == 0;
}

static bool fail_at(const Reader *r, OptionId id, Error *error)
{
    return error_place(error, r->values[id].start, r->values[id].length);
}

/* --- which option belongs to which smoothing --- */

#define KIND(kind) (1u << (kind))

static const struct {
    OptionId id;
    unsigned kinds;
} belongings[] = {
    {OPT_K, KIND(SMOOTH_ADD)},
    {OPT_WEIGHTS, KIND(SMOOTH_INTERP)},
    {OPT_DISCOUNT, KIND(SMOOTH_AD) | KIND(SMOOTH_KN) | KIND(SMOOTH_MKN)},
    {OPT_FALLBACK, KIND(SMOOTH_AD) | KIND(SMOOTH_KN) | KIND(SMOOTH_MKN)},
    {OPT_UNIGRAMS, KIND(SMOOTH_WB) | KIND(SMOOTH_AD) | KIND(SMOOTH_KN) | KIND(SMOOTH_MKN)},
    {OPT_COMPAT, KIND(SMOOTH_KN) | KIND(SMOOTH_MKN)},
    {OPT_PRUNE, KIND(SMOOTH_ADD) | KIND(SMOOTH_WB) | KIND(SMOOTH_AD) | KIND(SMOOTH_KN) | KIND(SMOOTH_MKN) |
                    KIND(SMOOTH_KATZ)},
};

static unsigned kinds_of(OptionId id)
{
    for (size_t i = 0; i < COUNT_OF(belongings); i++)
        if (belongings[i].id == id) return belongings[i].kinds;
    return ~0u;
}

bool recipe_ngram_uses(SmoothingKind kind, OptionId id) { return kinds_of(id) & KIND(kind); }

bool recipe_ngram_fail_useless(const OptionValue *values, OptionId id, SmoothingKind kind, Error *error)
{
    char names[64] = "";
    size_t used = 0;
    for (SmoothingKind other = 0; other < SMOOTH_GIVEN; other++) {
        if (!recipe_ngram_uses(other, id)) continue;
        const char *name = smoothing_name(other);
        if (used) names[used++] = '|';
        memcpy(names + used, name, strlen(name) + 1);
        used += strlen(name);
    }
    error_set(error, _("%s= says nothing with smooth=%s"), option_table[id].key, smoothing_name(kind));
    error_hint(error, _("it belongs to smooth=%s"), names);
    return error_place(error, values[id].start, values[id].length);
}

static bool check_belongings(const Reader *r, Error *error)
{
    SmoothingKind kind = r->recipe->ngram.smoothing.kind;
    for (OptionId id = 0; id < OPTION_COUNT; id++)
        if (option_listed(id, OPTIONS(NGRAM_OPTIONS)) && given(r, id) && !recipe_ngram_uses(kind, id))
            return recipe_ngram_fail_useless(r->values, id, kind, error);
    return true;
}

/* --- numbers --- */

static bool fail_weights(const Reader *r, const char *message, Error *error)
{
    error_set(error, "%s", message);
    error_hint(error, _("one weight an order, highest first, for example for n=3: weights=0.5,0.3,0.2"));
    return fail_at(r, OPT_WEIGHTS, error);
}

/* Without weights= every order weighs the same. */
static bool read_weights(const Reader *r, Error *error)
{
    const OptionValue *value = &r->values[OPT_WEIGHTS];
    int order = r->recipe->ngram.order;
    double *weights = r->recipe->ngram.smoothing.weights, sum = 0;
    for (int i = 0; i < order; i++) weights[i] = 1.0 / order;
    if (!value->given) return true;
    r->recipe->tuned = value->count == 1 && isnan(value->numbers[0]);
    if (r->recipe->tuned) return true;
    if (value->count != (size_t)order)
        return fail_weights(
            r, arena_format(r->arena, _("n=%d needs %d weights, not %zu"), order, order, value->count),
            error);
    for (int i = 0; i < order; i++) sum += weights[i] = value->numbers[i];
    if (isnan(sum)) return fail_weights(r, _("em stands alone: it finds all weights"), error);
    if (fabs(sum - 1) <= 1e-9) return true;
    return fail_weights(r, arena_format(r->arena, _("the weights sum to %g, not to 1"), sum), error);
}

/* One number from 0 to 1 for ad and kn; for mkn three, for counts of 1, 2 and more, none above its count. */
static bool read_discounts(const Reader *r, OptionId id, double *discounts, Error *error)
{
    const OptionValue *value = &r->values[id];
    size_t needed = r->recipe->ngram.smoothing.kind == SMOOTH_MKN ? 3 : 1;
    if (!value->given) return true;
    bool fits = value->count == needed;
    for (size_t i = 0; fits && i < needed; i++) {
        discounts[i] = value->numbers[i];
        fits = discounts[i] <= (double)i + 1;
    }
    if (fits) return true;
    if (needed == 1)
        error_set(error, _("%s= takes one number from 0 to 1 here"), option_table[id].key);
    else
        error_set(error, _("%s= takes three numbers here: at most 1, 2 and 3"), option_table[id].key);
    error_hint(error, needed == 1 ? _("for example: %s=0.75") : _("for example: %s=0.5,1,1.5"),
               option_table[id].key);
    return fail_at(r, id, error);
}

static bool read_smoothing(const Reader *r, Error *error)
{
    Smoothing *smoothing = &r->recipe->ngram.smoothing;
    smoothing->k = r->values[OPT_K].number;
    smoothing->fixed = given(r, OPT_DISCOUNT);
    smoothing->plain_unigrams = is(r, OPT_UNIGRAMS, "plain");
    smoothing->kenlm = is(r, OPT_COMPAT, "kenlm");
    return read_weights(r, error) && read_discounts(r, OPT_DISCOUNT, smoothing->discounts, error) &&
           read_discounts(r, OPT_FALLBACK, smoothing->fallback, error);
}

/* --- unknown words --- */

/* An option that cannot do without <unk>; OPTION_COUNT if there is none. */
static OptionId needs_unknown(const Reader *r)
{
    if (given(r, OPT_VOCABULARY)) return OPT_VOCABULARY;
    if (r->recipe->ngram.cutoff > 1) return OPT_CUTOFF;
    if (r->recipe->ngram.smoothing.kenlm) return OPT_COMPAT;
    bool plain = r->recipe->ngram.smoothing.plain_unigrams;
    return plain && smoothing_adjusts(r->recipe->ngram.smoothing.kind) ? OPT_UNIGRAMS : OPTION_COUNT;
}

static bool read_unknown(const Reader *r, Error *error)
{
    OptionId needs = needs_unknown(r);
    bool usual = smoothing_adjusts(r->recipe->ngram.smoothing.kind) || needs != OPTION_COUNT;
    r->recipe->ngram.unknown = given(r, OPT_UNK) ? is(r, OPT_UNK, "on") : usual;
    if (r->recipe->ngram.unknown || needs == OPTION_COUNT) return true;
    error_set(error, _("unk=off does not go with %s=%s, which needs <unk>"), option_table[needs].key,
              r->values[needs].text);
    error_hint(error, _("leave out one of the two"));
    return fail_at(r, OPT_UNK, error);
}

/* --- pruning --- */

static bool fail_threshold(const Reader *r, const char *message, Error *error)
{
    error_set(error, "%s", message);
    error_hint(error, _("for example: prune=count threshold=0,0,1     prune=entropy threshold=1e-7"));
    return fail_at(r, OPT_THRESHOLD, error);
}

/* As KenLM's --prune: a number an order from 1 up, the last one for all above; one alone is for orders >= 2.
 */
static bool read_counts(const Reader *r, Error *error)
{
    const OptionValue *value = &r->values[OPT_THRESHOLD];
    size_t order = (size_t)r->recipe->ngram.order;
    for (size_t i = 0; i < value->count; i++)
        if (value->numbers[i] != floor(value->numbers[i]))
            return fail_threshold(r, _("prune=count takes whole numbers"), error);
    if (value->count > 1 && value->numbers[0] > 0)
        return fail_threshold(r, _("single words always stay: a list begins with 0"), error);
    if (value->count > order && value->count > 1)
        return fail_threshold(r, _("that is more thresholds than orders"), error);
    for (size_t level = 2; level <= order; level++) {
        size_t last = value->count ? value->count - 1 : 0, i = level - 1 < last ? level - 1 : last;
        r->recipe->pruning.thresholds[level] = value->count ? (uint64_t)value->numbers[i] : 1;
    }
    return true;
}

static bool read_pruning(const Reader *r, Error *error)
{
    const OptionValue *value = &r->values[OPT_THRESHOLD];
    Pruning *pruning = &r->recipe->pruning;
    r->recipe->prunes = given(r, OPT_PRUNE);
    if (!r->recipe->prunes && value->given)
        return fail_threshold(r, _("threshold= says nothing without prune="), error);
    if (!r->recipe->prunes) return true;
    pruning->entropy = is(r, OPT_PRUNE, "entropy");
    if (!pruning->entropy) return read_counts(r, error);
    pruning->threshold = value->given ? value->numbers[0] : 1e-7;
    return value->count <= 1 || fail_threshold(r, _("prune=entropy takes one threshold"), error);
}

static bool check_order(const Reader *r, Error *error)
{
    if (r->values[OPT_ORDER].number <= NGRAM_ORDER_MAX) return true;
    error_set(error, _("n= of an n-gram model is at most %d, not %g"), NGRAM_ORDER_MAX,
              r->values[OPT_ORDER].number);
    error_hint(error, _("what is that long was seen once, if at all; mlp looks further back"));
    return fail_at(r, OPT_ORDER, error);
}

bool recipe_ngram_read(const OptionValue *values, Arena *arena, NgramRecipe *recipe, Error *error)
{
    Reader reader = {values, arena, recipe};
    *recipe = (NgramRecipe){
        .ngram = {.order = (int)values[OPT_ORDER].number, .cutoff = (uint64_t)values[OPT_CUTOFF].number}};
    smoothing_find(values[OPT_SMOOTH].text, &recipe->ngram.smoothing.kind);
    return check_order(&reader, error) && check_belongings(&reader, error) &&
           read_smoothing(&reader, error) && read_unknown(&reader, error) && read_pruning(&reader, error);
}
