#include "core/ngram/arpa_writer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/decimal.h"
#include "core/base/draft.h"
#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/ngram/arpa_line.h"
#include "core/ngram/arpa_token.h"

static const double LOG10_E = 0.434294481903251828;

enum { AHEAD = 16 /* lines whose words are fetched from memory before they are written */ };

/* Words as they are written, one behind the other: word i is text[starts[i]] .. text[starts[i + 1]]. */
typedef struct {
    char *text;
    size_t *starts;
} Spellings;

typedef struct {
    const Model *model;
    const NgramStore *store;
    const Estimate *estimate;
    Draft *draft;
    Spellings words;
    size_t longest;                    /* no line has more bytes */
    TokenId *phrases;                  /* (nodes, level) the words of the level below the one being written */
    bool *wanted[NGRAM_ORDER_MAX + 1]; /* by level from 2 on, and node */
} Writing;

/* --- what to write --- */

static bool check_model(const Model *model, Error *error)
{
    const Smoothing *smoothing = ngram_smoothing(model);
    if (!smoothing) {
        error_set(error, _("an ARPA file holds n-grams, and this model is a %s"), model->kind->name);
        return error_hint(error, _("train ngram smooth=kn makes one that can be written"));
    }
    bool weights = smoothing->kind != SMOOTH_MLE && smoothing->kind != SMOOTH_INTERP;
    if (weights && ngram_estimate(model)->unseen >= 1) return true;
    error_set(error,
              weights ? _("smooth=%s weighs histories never seen, which an ARPA file cannot say")
                      : _("smooth=%s has no back-off weights to write into an ARPA file"),
              smoothing_name(smoothing->kind));
    return error_hint(error,
                      _("a file ending in .lm can hold it; or train with smooth=kn, mkn, wb, ad, katz"));
}

/* Longest first: an n-gram that stays keeps what it is looked up by. */
static void choose(Writing *w)
{
    for (int k = 2; k <= w->store->order; k++)
        w->wanted[k] = must_alloc(w->store->levels[k].count, sizeof *w->wanted[k]);
    for (int k = w->store->order; k >= 2; k--) {
        const Level *level = &w->store->levels[k];
        for (uint32_t i = 0; i < level->count; i++) {
            const NgramNode *node = &level->nodes[i];
            w->wanted[k][i] = w->wanted[k][i] || node->count > 0;
            if (k > 2 && w->wanted[k][i])
                w->wanted[k - 1][node->prefix] = w->wanted[k - 1][node->suffix] = true;
        }
    }
}

static Spellings spell(const Model *model, const NgramStore *store)
{
    size_t used = 0, count = store->words + (size_t)1;
    Spellings words = {NULL, must_alloc(count + 1, sizeof *words.starts)};
    for (size_t i = 0; i < count; i++) {
        const char *token = i < store->words ? vocab_text(model->vocab, (TokenId)i) : TEXT_BEGIN;
        used += strlen(arpa_spelling(token));
    }
    words.text = must_alloc(used + 1, 1);
    char *at = words.text;
    for (size_t i = 0; i < count; i++) {
        words.starts[i] = (size_t)(at - words.text);
        at = stpcpy(at, arpa_spelling(i < store->words ? vocab_text(model->vocab, (TokenId)i) : TEXT_BEGIN));
    }
    words.starts[count] = used;
    return words;
}

/* --- lines --- */

static double log10_of(double p) { return p > 0 ? log(p) * LOG10_E : ARPA_ZERO; }

static size_t longest_line(const Writing *w)
{
    size_t word = 0;
    for (uint32_t i = 0; i <= w->store->words; i++) {
        size_t bytes = w->words.starts[i + 1] - w->words.starts[i];
        word = bytes > word ? bytes : word;
    }
    return (size_t)w->store->order * (word + 1) + (size_t)2 * (DECIMAL_BYTES + 1);
}

static char *put_word(const Writing *w, TokenId word, char *at)
{
    const size_t *start = &w->words.starts[word];
    memcpy(at, w->words.text + start[0], start[1] - start[0]);
    return at + (start[1] - start[0]);
}

/* "-1.4055457<TAB>the cat<TAB>-0.19603" */
static void write_entry(const Writing *w, int level, NodeId node, double log10_p)
{
    const NgramNode *last = &w->store->levels[level].nodes[node];
    const TokenId *words = w->phrases + (size_t)last->prefix * (size_t)(level - 1);
    char *line = draft_room(w->draft, w->longest), *at = decimal_write(line, log10_p);
    *at++ = '\t';
    for (int i = 0; i < level - 1; i++) {
        at = put_word(w, words[i], at);
        *at++ = ' ';
    }
    at = put_word(w, last->word, at);
    if (level < w->store->order) {
        *at++ = '\t';
        at = decimal_write(at, log10_of(w->estimate->backoff[level][node]));
    }
    *at++ = '\n';
    draft_used(w->draft, (size_t)(at - line));
}

/* From the words of one level to those of the next: reading a node's words off its prefixes would look for
 * each of them somewhere else. */
static void lengthen_phrases(Writing *w, int level)
{
    const Level *nodes = &w->store->levels[level];
    size_t shorter = (size_t)level - 1, length = (size_t)level;
    TokenId *longer = must_alloc_table(nodes->count + (size_t)1, length * sizeof *longer);
    for (uint32_t i = 0; i < nodes->count; i++) {
        const NgramNode *node = &nodes->nodes[i];
        for (size_t k = 0; k < shorter; k++) longer[i * length + k] = w->phrases[node->prefix * shorter + k];
        longer[i * length + shorter] = node->word;
    }
    free(w->phrases);
    w->phrases = longer;
}

static void write_level(const Writing *w, int level)
{
    const Level *nodes = &w->store->levels[level];
    for (uint32_t i = 0; i < nodes->count; i++) {
        if (i + AHEAD < nodes->count)
            __builtin_prefetch(w->phrases + (size_t)nodes->nodes[i + AHEAD].prefix * (size_t)(level - 1));
        if (w->wanted[level][i]) write_entry(w, level, i, log10_of(w->estimate->p[level][i]));
    }
}

/* <unk>, <s>, then the others as they are numbered. */
static void write_unigrams(const Writing *w)
{
    TokenId unknown = vocab_unknown(w->model->vocab);
    const double *p = w->estimate->p[1];
    if (unknown != TOKEN_NONE) write_entry(w, 1, (NodeId)unknown, log10_of(p[unknown]));
    write_entry(w, 1, w->store->words, 0);
    for (uint32_t word = 0; word < w->store->words; word++)
        if ((TokenId)word != unknown) write_entry(w, 1, word, log10_of(p[word]));
}

static size_t count_wanted(const Writing *w, int level)
{
    size_t count = 0;
    if (level == 1) return w->store->words + (size_t)1;
    for (uint32_t i = 0; i < w->store->levels[level].count; i++) count += w->wanted[level][i];
    return count;
}

static void write_text(const Writing *w, const char *text) { draft_write(w->draft, text, strlen(text)); }

static void write_model(Writing *w)
{
    char line[64];
    if (w->model->tokenizer == TOKENIZER_CHARS) write_text(w, ARPA_CHARS "\n");
    write_text(w, "\\data\\\n");
    for (int k = 1; k <= w->store->order; k++) {
        snprintf(line, sizeof line, "ngram %d=%zu\n", k, count_wanted(w, k));
        write_text(w, line);
    }
    for (int k = 1; k <= w->store->order; k++) {
        snprintf(line, sizeof line, "\n\\%d-grams:\n", k);
        write_text(w, line);
        k == 1 ? write_unigrams(w) : write_level(w, k);
        if (k < w->store->order) lengthen_phrases(w, k);
    }
    write_text(w, "\n\\end\\\n");
}

bool arpa_write(const Model *model, const char *path, Error *error)
{
    if (!check_model(model, error)) return false;
    Draft *draft = draft_new(path, file_ends_in(path, ".gz"), error);
    if (!draft) return false;
    Writing writing = {.model = model,
                       .store = ngram_store(model),
                       .estimate = ngram_estimate(model),
                       .draft = draft,
                       .phrases = must_alloc(1, sizeof(TokenId)),
                       .words = spell(model, ngram_store(model))};
    writing.longest = longest_line(&writing);
    choose(&writing);
    write_model(&writing);
    for (int k = 2; k <= writing.store->order; k++) free(writing.wanted[k]);
    free(writing.phrases);
    free(writing.words.text);
    free(writing.words.starts);
    return draft_finish(draft, error);
}
