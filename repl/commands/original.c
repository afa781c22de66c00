#include "repl/commands/original.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/model/mix.h"
#include "core/neural/neural.h"
#include "core/ngram/ngram.h"
#include "repl/commands/excerpt.h"
#include "repl/commands/reading.h"

static Corpus *learnt_from(const Model *model)
{
    if (mix_base(model)) return learnt_from(mix_base(model));
    return neural_network(model) ? neural_corpus(model) : ngram_corpus(model);
}

static bool fail_without(const Call *call, Error *error)
{
    error_set(error, _("%s came without the text it learnt from"), call->model_name);
    return error_hint(error, _("name a text (%s FILE), or ask a model trained here: %s @bigram"),
                      call->command->name, call->command->name);
}

bool original_begin(Session *session, Call *call, const Word *word, Error *error)
{
    if (word) {
        Corpus *own = learnt_from(call->model);
        return reading_begin(session, call, word, call->model->tokenizer, !own || corpus_lines(own), error);
    }
    Corpus *corpus = learnt_from(call->model);
    if (!corpus) return fail_without(call, error);
    call->corpus = corpus_share(corpus);
    return true;
}

bool original_fits(const Call *call, Error *error)
{
    Tokenizer text = corpus_tokenizer(call->corpus), model = call->model->tokenizer;
    if (text == model) return true;
    error_set(error, _("%s is cut into %s, but %s reads %s"), corpus_name(call->corpus), tokenizer_name(text),
              call->model_name, tokenizer_name(model));
    return error_hint(error, _("read it anew: corpus FILE tokens=%s"), tokenizer_name(model));
}

bool original_ends(const Call *call, const Model *model, const char *name, Error *error)
{
    if (model_ends(model)) return true;
    error_set(error, _("%s needs sentences, and %s has no </s>: its texts do not end by themselves"),
              call->command->name, name);
    return error_hint(error, _("ask a model that was trained: %s"), call->command->example);
}

double original_probability(const Model *model, const TokenId *map, const TokenId *ids, size_t count)
{
    double sum = 0, *logp = must_alloc(count + 1, sizeof *logp);
    TokenId *own = must_alloc(count + 1, sizeof *own);
    bool known = true;
    for (size_t i = 0; i < count; i++) {
        own[i] = map[ids[i]];
        known = known && own[i] != TOKEN_NONE;
    }
    if (known) model_score_all(model, own, count, true, logp);
    for (size_t i = 0; known && i <= count; i++) sum += logp[i];
    free(logp);
    free(own);
    return known ? exp(sum) : 0;
}

const char *original_text(const Call *call, const TokenId *ids, size_t count)
{
    return excerpt_whole(call->corpus, ids, count, call->arena);
}
