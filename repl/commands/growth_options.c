/* growth_options.c - what sweep kind= data= is asked for: sources, kinds and their variants, sizes. */
#include <math.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/model/cross_entropy.h"
#include "core/neural/neural.h"
#include "repl/commands/growth.h"
#include "repl/execution.h"

enum {
    USUAL_ORDER = 4,  /* the last three tokens, as mlp */
    TABLE_LENGTH = 5, /* words, as in the lecture */
    CURVES_MAX = PLOT_SERIES - 2
};
static const double VALID = 0.1; /* of the text, whatever there is of it */

/* --- which model the text is drawn from --- */

/* heldout=@NAME, or a NAME that is a model and no corpus. */
static const NamedModel *find_source(Session *session, const Call *call)
{
    Error ignored;
    Workspace *workspace = session_workspace(session);
    const char *name = call_text(call, OPT_HELDOUT);
    if (!call_given(call, OPT_HELDOUT) || call->values[OPT_HELDOUT].count > 1) return NULL;
    if (name[0] == '@')
        name++;
    else if (workspace_find_corpus(workspace, name))
        return NULL;
    return workspace_model(workspace, name, &ignored);
}

static const Corpus *text_of(const Model *model)
{
    return neural_network(model) ? neural_corpus(model) : ngram_corpus(model);
}

static bool check_source(const Call *call, const Model *model, Error *error)
{
    static const OptionId texts[] = {OPT_CORPUS, OPT_TOKENS, OPT_LINES, OPT_VOCABULARY, OPT_AT};
    const OptionValue *value = &call->values[OPT_HELDOUT];
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        const OptionValue *other = &call->values[texts[i]];
        if (!recipe_stated(other)) continue;
        error_set(error, _("%s= says nothing here: the text is drawn from %s"), option_table[texts[i]].key,
                  value->text);
        error_hint(error, _("leave it out, or give a held-out text: heldout=FILE"));
        return error_place(error, other->start, other->length);
    }
    if (!model->scores) return true;
    error_set(error, _("%s gives scores, not probabilities: its text has no entropy"), value->text);
    error_hint(error, _("draw from another model: heldout=toy"));
    return error_place(error, value->start, value->length);
}

/* Sentences end where the model ends them; a model without </s> is asked for the lecture's five words. */
static bool read_source(Session *session, Call *call, Growth *growth, Error *error)
{
    const NamedModel *named = find_source(session, call);
    growth->floor = NAN;
    if (!named) return true;
    if (!check_source(call, named->model, error)) return false;
    const Corpus *text = text_of(named->model);
    call->model = model_share(named->model);
    growth->source = arena_copy(call->arena, named->name, strlen(named->name));
    growth->stream = text && !corpus_lines(text);
    growth->length = model_ends(named->model) ? 0 : TABLE_LENGTH;
    growth->exact = growth->length > 0 && cross_entropy_texts(named->model, growth->length) > 0;
    return true;
}

/* --- kinds --- */

static bool takes(RecipeKind kind, OptionId id)
{
    return kind.neural ? recipe_neural_uses(kind.network, id) : option_listed(id, OPTIONS(NGRAM_OPTIONS));
}

static bool is_recipe(OptionId id) { return option_listed(id, OPTIONS(NGRAM_OPTIONS, NEURAL_OPTIONS)); }

typedef struct {
    RecipeKind kinds[NETWORK_KINDS + 1];
    size_t count;
} Kinds;

static bool add_kind(const Word *word, Kinds *kinds, Error *error)
{
    RecipeKind kind;
    if (!recipe_kind(word, &kind, error)) return false;
    for (size_t i = 0; i < kinds->count; i++) {
        if (strcmp(recipe_kind_name(kinds->kinds[i]), word->text) != 0) continue;
        error_set(error, _("%s is named twice"), word->text);
        return error_place(error, word->start, word->length);
    }
    kinds->kinds[kinds->count++] = kind;
    return true;
}

static bool read_kinds(const Call *call, Kinds *kinds, Error *error)
{
    static const char *const usual[] = {"ngram", "mlp", "rnn", "transformer"};
    const OptionValue *value = &call->values[OPT_KIND];
    *kinds = (Kinds){.count = 0};
    if (call->word_count && value->given) {
        error_set(error, _("the kind is named twice"));
        error_hint(error, _("several go into kind=ngram,mlp"));
        return error_place(error, call->words[0].start, call->words[0].length);
    }
    if (call->word_count) return add_kind(&call->words[0], kinds, error);
    bool given = value->given;
    size_t count = !given ? COUNT_OF(usual) : value->count ? value->count : 1;
    for (size_t i = 0; i < count; i++) {
        const char *name = !given ? usual[i] : value->count ? value->texts[i] : value->text;
        Word word = {.text = arena_copy(call->arena, name, strlen(name)),
                     .start = value->start,
                     .length = value->length};
        if (!add_kind(&word, kinds, error)) return false;
    }
    return true;
}

/* All models learn the same text, and begin with the same dice. */
static bool check_single(const Call *call, OptionId id, Error *error)
{
    const OptionValue *value = &call->values[id];
    bool varies = option_table[id].list || (is_recipe(id) && id != OPT_SEED);
    if (value->count <= 1 || varies || id == OPT_KIND || id == OPT_DATA) return true;
    error_set(error, _("all models of a sweep have one %s="), option_table[id].key);
    error_hint(error, _("give it one value, and sweep once for each"));
    return error_place(error, value->start, value->length);
}

/* Every option says something to one kind at least; seed= also to text that is drawn. */
static bool check_options(const Call *call, const Kinds *kinds, Error *error)
{
    for (OptionId id = 0; id < OPTION_COUNT; id++) {
        bool used = id == OPT_HELDOUT || !is_recipe(id) || !recipe_stated(&call->values[id]);
        used = used || (id == OPT_SEED && call->model);
        for (size_t i = 0; i < kinds->count && !used; i++) used = takes(kinds->kinds[i], id);
        if (!check_single(call, id, error)) return false;
        if (!used) return recipe_check_options(call, kinds->kinds[0], error);
    }
    return true;
}

/* --- variants: a kind, and one value of each of its options --- */

/* The number of values of an option that are tried one after the other. */
static size_t choices(const Call *call, RecipeKind kind, OptionId id)
{
    const OptionValue *value = &call->values[id];
    bool varies = value->count > 1 && is_recipe(id) && !option_table[id].list && takes(kind, id);
    return varies ? value->count : 1;
}

static size_t count_variants(const Call *call, RecipeKind kind)
{
    size_t count = 1;
    for (OptionId id = 0; id < OPTION_COUNT && count <= SETTINGS_MAX; id++) count *= choices(call, kind, id);
    return count;
}

static void choose_value(OptionValue *value, size_t index)
{
    if (value->texts) value->text = value->texts[index];
    if (value->numbers) value->number = value->numbers[index];
    value->count = 0;
}

static const char *add_to_name(const char *name, OptionId id, const OptionValue *value, Arena *arena)
{
    const char *key = option_table[id].key;
    return value->texts ? arena_format(arena, "%s %s=%s", name, key, value->text)
                        : arena_format(arena, "%s %s=%g", name, key, value->number);
}

static OptionValue unsaid(OptionId id) { return (OptionValue){.text = option_table[id].fallback}; }

/* Whether this smoothing, chosen before, makes the option say nothing. */
static bool is_idle(const OptionValue *values, RecipeKind kind, OptionId id)
{
    SmoothingKind smoothing = SMOOTH_MKN;
    if (kind.neural || !values[OPT_SMOOTH].given) return false;
    smoothing_find(values[OPT_SMOOTH].text, &smoothing);
    return !recipe_ngram_uses(smoothing, id);
}

/* The values of variant number `index`, the last option changing fastest, and its name. False for one that
 * differs from another in what says nothing to its smoothing. */
static bool choose_values(const Call *call, RecipeKind kind, size_t index, Variant *variant)
{
    Arena *arena = call->arena;
    OptionValue *values = arena_alloc(arena, OPTION_COUNT, sizeof *values);
    size_t rest = count_variants(call, kind);
    bool several_smoothings = !kind.neural && choices(call, kind, OPT_SMOOTH) > 1;
    memcpy(values, call->values, OPTION_COUNT * sizeof *values);
    *variant = (Variant){.kind = kind, .values = values, .name = recipe_kind_name(kind)};
    values[OPT_HELDOUT] = (OptionValue){.text = NULL};
    for (OptionId id = 0; id < OPTION_COUNT; id++) {
        size_t count = choices(call, kind, id), chosen = index / (rest /= count) % count;
        bool idle = several_smoothings && is_recipe(id) && is_idle(values, kind, id);
        if (idle && chosen > 0) return false;
        if (idle || (is_recipe(id) && !takes(kind, id))) values[id] = unsaid(id);
        if (idle || count == 1) continue;
        choose_value(&values[id], chosen);
        variant->name = add_to_name(variant->name, id, &values[id], arena);
    }
    return true;
}

static bool check_tuning(const NgramRecipe *recipe, const OptionValue *values, Error *error)
{
    const OptionValue *value = &values[OPT_WEIGHTS];
    if (!recipe->tuned) return true;
    error_set(error, _("weights=em would tune on the text that all are compared on"));
    error_hint(error, _("give the weights, or take smooth=mkn, which needs none"));
    return error_place(error, value->start, value->length);
}

static bool read_variant(const Call *call, Variant *variant, OptionValue *values, Error *error)
{
    if (variant->kind.neural) {
        if (!recipe_neural_read(variant->kind.network, values, &variant->neural, error)) return false;
        if (!values[OPT_VALID].given) variant->neural.learning.valid = VALID;
        return true;
    }
    if (!values[OPT_ORDER].given) values[OPT_ORDER] = (OptionValue){.number = USUAL_ORDER};
    if (!values[OPT_SMOOTH].given) values[OPT_SMOOTH].text = smoothing_name(SMOOTH_MKN);
    return recipe_ngram_read(values, call->arena, &variant->ngram, error) &&
           check_tuning(&variant->ngram, values, error);
}

static bool read_variants(const Call *call, RecipeKind kind, Growth *growth, Error *error)
{
    for (size_t i = 0, all = count_variants(call, kind); i < all; i++) {
        Variant variant;
        if (!choose_values(call, kind, i, &variant)) continue;
        if (growth->variant_count == CURVES_MAX) {
            error_set(error, _("that is more than %d curves"), CURVES_MAX);
            return error_hint(error, _("give fewer options several values"));
        }
        if (!read_variant(call, &variant, variant.values, error)) return false;
        growth->variants[growth->variant_count++] = variant;
    }
    return true;
}

static bool read_all(const Call *call, Growth *growth, Error *error)
{
    Kinds kinds;
    if (!read_kinds(call, &kinds, error) || !check_options(call, &kinds, error)) return false;
    growth->variants = arena_alloc(call->arena, CURVES_MAX, sizeof *growth->variants);
    for (size_t k = 0; k < kinds.count; k++)
        if (!read_variants(call, kinds.kinds[k], growth, error)) return false;
    return true;
}

/* --- sizes --- */

static void add_size(Growth *growth, double size)
{
    size_t at = growth->size_count;
    for (size_t i = 0; i < growth->size_count; i++)
        if (growth->sizes[i] == size) return;
    for (; at > 0 && growth->sizes[at - 1] > size; at--) growth->sizes[at] = growth->sizes[at - 1];
    growth->sizes[at] = size;
    growth->size_count++;
}

static void read_sizes(const Call *call, Growth *growth)
{
    static const double usual[] = {1e2, 1e3, 1e4};
    const OptionValue *value = &call->values[OPT_DATA];
    size_t count = !value->given ? COUNT_OF(usual) : value->count ? value->count : 1;
    growth->sizes = arena_alloc(call->arena, count, sizeof *growth->sizes);
    for (size_t i = 0; i < count; i++)
        add_size(growth, floor(!value->given ? usual[i] : value->count ? value->numbers[i] : value->number));
}

bool growth_lay_out(const Call *call, Growth *growth, Error *error)
{
    double most = growth->sizes[growth->size_count - 1];
    if (!growth->source) {
        double all = (double)(corpus_tokens(call->corpus) + corpus_sentences(call->corpus));
        growth->cut = most > all;
        while (growth->size_count > 1 && growth->sizes[growth->size_count - 2] >= all) growth->size_count--;
        if (most > all) growth->sizes[growth->size_count - 1] = all;
    }
    growth->count = growth->size_count * growth->variant_count;
    if (growth->count > SETTINGS_MAX)
        return error_set(error, _("that is more than %d settings"), SETTINGS_MAX);
    growth->points = arena_alloc(call->arena, growth->count, sizeof *growth->points);
    for (size_t i = 0; i < growth->count; i++)
        growth->points[i] = (Point){.variant = &growth->variants[i % growth->variant_count],
                                    .size = i / growth->variant_count};
    return true;
}

/* --- all --- */

bool growth_wanted(Session *session, const Call *call)
{
    bool wanted = call_given(call, OPT_KIND) || call_given(call, OPT_DATA);
    for (const OptionId *id = OPTIONS(NEURAL_OPTIONS); *id != OPTION_COUNT; id++)
        wanted = wanted || recipe_stated(&call->values[*id]);
    bool network = call->word_count && strcmp(call->words[0].text, "ngram") != 0;
    return wanted || network || find_source(session, call) != NULL;
}

Growth *growth_read(Session *session, Call *call, Error *error)
{
    Growth *growth = arena_alloc(call->arena, 1, sizeof *growth);
    call->values[OPT_ORDER] = call->values[OPT_SWEEP_ORDER];
    call->values[OPT_SMOOTH] = call->values[OPT_SWEEP_SMOOTH];
    call->values[OPT_SWEEP_ORDER] = call->values[OPT_SWEEP_SMOOTH] = (OptionValue){.text = NULL};
    if (!call->values[OPT_CUTOFF].given) call->values[OPT_CUTOFF].number = 1;
    read_sizes(call, growth);
    growth->seed =
        call_given(call, OPT_SEED) ? (uint64_t)call_number(call, OPT_SEED) : session_next_seed(session);
    return read_source(session, call, growth, error) && read_all(call, growth, error) ? growth : NULL;
}
