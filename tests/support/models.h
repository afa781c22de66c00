/* models.h - small corpora and models for tests, and the questions tests ask of them most. */
#ifndef TESTS_SUPPORT_MODELS_H
#define TESTS_SUPPORT_MODELS_H

#include "core/base/random.h"
#include "core/model/evaluation.h"
#include "core/model/model.h"
#include "core/ngram/training.h"
#include "core/text/corpus.h"
#include "tests/support/check.h"

/* For loops of many thousand rounds: Criterion hears of the failure only, which is 100 times faster. */
#define CHECK_EACH(condition, ...)                                                                           \
    do {                                                                                                     \
        if (!(condition)) CHECK_FOR(false, __VA_ARGS__);                                                     \
    } while (0)

enum { IDS_MAX = 64 }; /* tokens in a text given to ids_of and its relatives */

bool near(double actual, double wanted, double relative); /* equal, also both infinite, or nearly so */
char *file_text(const char *path);                        /* the caller frees it */

/* --- corpora --- */
Corpus *corpus_from(const char *text, Tokenizer tokenizer);   /* lines */
Corpus *corpus_stream(const char *text, Tokenizer tokenizer); /* one sentence */
Corpus *corpus_file(const char *path);                        /* lines of words */
Corpus *corpus_built_in(const char *name, Tokenizer tokenizer);
Corpus *corpus_random(uint64_t seed, size_t sentences); /* 0 to 8 words of "a" .. "l", early ones oftener */
Corpus *corpus_numbered(size_t sentences);              /* "a0 b0 c0 d0", "a1 b1 c1 d1", ... */
char *corpus_line(const Corpus *corpus, size_t index);  /* a sentence as text; the caller frees it */

/* --- models --- */
NgramOptions counted(int order); /* smooth=mle */
NgramOptions added(int order, double k);
NgramOptions interpolated(int order, bool even);   /* equal weights, or the higher order the heavier */
NgramOptions usual(SmoothingKind kind, int order); /* k = 1, or equal weights */
Model *train_on(const Corpus *corpus, NgramOptions options);
Model *train_built_in(const char *corpus, NgramOptions options);
Model *toy_model(void);

/* --- questions; texts are cut by the model's own tokenizer, unknown words are TOKEN_NONE --- */
TokenId id_of(const Model *model, const char *token);
size_t ids_of(const Model *model, const char *text, TokenId *ids);
State *state_after(const Model *model, const char *text);
double next_probability(const Model *model, const char *given, const char *token);
double text_probability(const Model *model, const char *text); /* with </s> where the model has it */
Evaluation evaluate(const Model *model, const Corpus *corpus, bool end);

#endif
