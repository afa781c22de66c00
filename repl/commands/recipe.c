#include "repl/commands/recipe.h"

#include <stdio.h>
#include <string.h>

#include "core/base/i18n.h"
#include "repl/commands/reading.h"
#include "repl/commands/recipe_neural.h"
#include "repl/commands/recipe_ngram.h"
#include "repl/nearest.h"

/* --- kinds --- */

const char *recipe_kind_name(RecipeKind kind)
{
    return kind.neural ? network_kind_name(kind.network) : "ngram";
}

static bool fail_kind(const Word *word, Error *error)
{
    char sentence[160];
    Nearest nearest;
    nearest_init(&nearest, word->text);
    nearest_offer(&nearest, "ngram");
    for (NetworkKind i = 0; i < NETWORK_KINDS; i++) nearest_offer(&nearest, network_kind_name(i));
    nearest_sentence(&nearest, sentence, sizeof sentence);
    error_set(error, _("there is no kind of model called '%.60s'"), word->text);
    if (*sentence)
        error_hint(error, _("%s   kinds: %s"), sentence, RECIPE_KINDS);
    else
        error_hint(error, _("kinds: %s (help networks)"), RECIPE_KINDS);
    return error_place(error, word->start, word->length);
}

bool recipe_kind(const Word *word, RecipeKind *kind, Error *error)
{
    *kind = (RecipeKind){0};
    kind->neural = network_kind_find(word->text, &kind->network);
    return kind->neural || strcmp(word->text, "ngram") == 0 || fail_kind(word, error);
}

/* --- which option belongs to which kind --- */

bool recipe_stated(const OptionValue *value) { return value->given && value->length > 0; }

static bool takes(RecipeKind kind, OptionId id)
{
    return kind.neural ? recipe_neural_uses(kind.network, id) : option_listed(id, OPTIONS(NGRAM_OPTIONS));
}

/* "ngram|mlp": the kinds that take it. */
static const char *takers(OptionId id, Arena *arena)
{
    const char *text = takes((RecipeKind){0}, id) ? "ngram" : "";
    for (NetworkKind i = 0; i < NETWORK_KINDS; i++)
        if (recipe_neural_uses(i, id))
            text = arena_format(arena, "%s%s%s", text, *text ? "|" : "", network_kind_name(i));
    return text;
}

/* "n= d= h=": what a network of this kind is made of. */
static const char *shape(NetworkKind kind, Arena *arena)
{
    const OptionId *ids = OPTIONS(NEURAL_SHAPE);
    const char *text = "";
    for (; *ids != OPTION_COUNT; ids++)
        if (recipe_neural_uses(kind, *ids))
            text = arena_format(arena, "%s %s=", text, option_table[*ids].key);
    return text;
}

static bool fail_useless(const Call *call, RecipeKind kind, OptionId id, Error *error)
{
    const OptionValue *value = &call->values[id];
    const char *belongs = takers(id, call->arena), *name = recipe_kind_name(kind);
    error_set(error, _("%s= says nothing with %s"), option_table[id].key, name);
    if (kind.neural)
        error_hint(error, _("it belongs to %s; %s takes%s"), belongs, name, shape(kind.network, call->arena));
    else
        error_hint(error, _("it belongs to %s"), belongs);
    return error_place(error, value->start, value->length);
}

bool recipe_check_options(const Call *call, RecipeKind kind, Error *error)
{
    for (const OptionId *id = OPTIONS(NGRAM_OPTIONS, NEURAL_OPTIONS); *id != OPTION_COUNT; id++)
        if (recipe_stated(&call->values[*id]) && !takes(kind, *id))
            return fail_useless(call, kind, *id, error);
    return true;
}

/* --- texts --- */

/* They are all cut as the corpus is. */
static bool begin_reading(Session *session, Call *call, OptionId id, Error *error)
{
    const OptionValue *value = &call->values[id];
    const Corpus *current = workspace_corpus(session_workspace(session));
    bool fresh = call_given(call, OPT_CORPUS);
    Tokenizer tokenizer = fresh ? reading_tokenizer(call) : corpus_tokenizer(current);
    bool lines = fresh ? reading_lines(call) : corpus_lines(current);
    if (value->count > 1) {
        error_set(error, _("%s= takes one text"), option_table[id].key);
        error_hint(error, _("a name with a comma goes in quotes"));
        return error_place(error, value->start, value->length);
    }
    Word *word = arena_alloc(call->arena, 1, sizeof *word);
    *word = option_word(value);
    return reading_begin(session, call, word, tokenizer, lines || id == OPT_VOCABULARY, error);
}

/* What was read goes where it belongs, and the next text is due. */
static void put_away(Call *call)
{
    if (call->corpus && call->phase == RECIPE_VOCABULARY) {
        call->vocabulary = vocab_clone(corpus_vocab(call->corpus));
        corpus_free(call->corpus);
    } else if (call->phase == RECIPE_HELDOUT) {
        call->heldout = call->corpus;
    }
    if (call->phase != RECIPE_CORPUS) call->corpus = NULL;
    call->phase++;
}

/* How a text is cut is decided when it is read: what has been read is not cut again. */
static bool check_cut(Session *session, const Call *call, Error *error)
{
    const Corpus *current = workspace_corpus(session_workspace(session));
    bool tokens =
             recipe_stated(&call->values[OPT_TOKENS]) && reading_tokenizer(call) != corpus_tokenizer(current),
         lines = recipe_stated(&call->values[OPT_LINES]) && reading_lines(call) != corpus_lines(current);
    OptionId id = tokens ? OPT_TOKENS : OPT_LINES;
    const OptionValue *value = &call->values[id];
    if (call_given(call, OPT_CORPUS) || !(tokens || lines)) return true;
    error_set(error, _("%s= says how to cut the text of corpus="), option_table[id].key);
    error_hint(error, _("add corpus=%s"), corpus_name(current));
    return error_place(error, value->start, value->length);
}

bool recipe_gather(Session *session, Call *call, Error *error)
{
    static const OptionId ids[] = {OPT_VOCABULARY, OPT_HELDOUT, OPT_CORPUS};
    if (call->done) {
        reading_finish(call);
        put_away(call);
    } else if (!check_cut(session, call, error)) {
        return false;
    }
    while (call->phase < RECIPE_GATHERED) {
        OptionId id = ids[call->phase];
        if (call_given(call, id)) {
            if (!begin_reading(session, call, id, error)) return false;
            if (call->job) return true;
        } else if (id == OPT_CORPUS) {
            call->corpus = corpus_share(workspace_corpus(session_workspace(session)));
        }
        put_away(call);
    }
    return true;
}
