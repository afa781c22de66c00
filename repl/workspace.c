#include "repl/workspace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/model/table.h"
#include "core/ngram/training.h"
#include "lessons/embedded.h"
#include "repl/nearest.h"

const char *const builtin_models[] = {"toy", "unigram", "bigram", "trigram", NULL};
const char *const builtin_corpora[] = {"mouse", "jobs", "facts", "sam", "animals", NULL};

static char *copy_text(const char *text) { return text ? must_copy(text, strlen(text)) : NULL; }

static bool is_listed(const char *const *names, const char *name)
{
    for (; *names; names++)
        if (strcmp(*names, name) == 0) return true;
    return false;
}

/* --- built in --- */

static void append_model(Workspace *w, const char *name, Model *model, const char *corpus)
{
    w->models = must_grow(w->models, w->model_count + 1, sizeof *w->models);
    w->models[w->model_count++] = (NamedModel){copy_text(name), copy_text(corpus), model};
}

static void append_corpus(Workspace *w, Corpus *corpus)
{
    w->corpora = must_grow(w->corpora, w->corpus_count + 1, sizeof *w->corpora);
    w->corpora[w->corpus_count++] = corpus;
}

static Corpus *read_builtin_corpus(const char *name)
{
    char path[64];
    Error error;
    snprintf(path, sizeof path, "corpora/%s.txt", name);
    const char *text = embedded_text(path);
    assert(text);
    Job *job = corpus_reading_new(name, NULL, text, TOKENIZER_WORDS, true);
    bool ok = job_run(job, &error);
    assert(ok);
    Corpus *corpus = corpus_reading_take(job);
    job_free(job);
    return corpus;
}

static Model *count_builtin_model(int order)
{
    Error error;
    NgramOptions ngram = {.order = order};
    Corpus *mouse = read_builtin_corpus("mouse"); /* as it came, whatever the learner did to it */
    Job *job = ngram_training_new(mouse, &ngram, NULL);
    bool ok = job_run(job, &error);
    assert(ok);
    Model *model = ngram_training_take(job);
    job_free(job);
    corpus_free(mouse);
    return model;
}

static void make_builtin_model(Workspace *w, const char *name)
{
    static const char *const orders[] = {NULL, "unigram", "bigram", "trigram"};
    for (int order = 1; order < (int)COUNT_OF(orders); order++)
        if (strcmp(name, orders[order]) == 0) append_model(w, name, count_builtin_model(order), "mouse");
}

void workspace_init(Workspace *w)
{
    Error error;
    *w = (Workspace){0};
    append_corpus(w, read_builtin_corpus("mouse"));
    Model *toy = table_read(embedded_text("corpora/cs324-bigram.tsv"), &error);
    assert(toy);
    append_model(w, "toy", toy, "");
}

void workspace_copy(Workspace *copy, const Workspace *w)
{
    *copy = (Workspace){.current = w->current,
                        .current_corpus = w->current_corpus,
                        .access = w->access,
                        .version = w->version};
    for (size_t i = 0; i < w->model_count; i++)
        append_model(copy, w->models[i].name, model_share(w->models[i].model), w->models[i].corpus);
    for (size_t i = 0; i < w->corpus_count; i++) append_corpus(copy, corpus_share(w->corpora[i]));
    for (size_t i = 0; i < OPTION_COUNT; i++) copy->settings[i] = copy_text(w->settings[i]);
}

static void release_model(NamedModel *named)
{
    free(named->name);
    free(named->corpus);
    model_free(named->model);
}

void workspace_release(Workspace *w)
{
    for (size_t i = 0; i < w->model_count; i++) release_model(&w->models[i]);
    for (size_t i = 0; i < w->corpus_count; i++) corpus_free(w->corpora[i]);
    for (size_t i = 0; i < OPTION_COUNT; i++) free(w->settings[i]);
    free(w->models);
    free(w->corpora);
    *w = (Workspace){0};
}

/* --- finding --- */

const NamedModel *workspace_current(const Workspace *w) { return &w->models[w->current]; }
Corpus *workspace_corpus(const Workspace *w) { return w->corpora[w->current_corpus]; }

static size_t model_index(const Workspace *w, const char *name)
{
    size_t i = 0;
    while (i < w->model_count && strcmp(w->models[i].name, name) != 0) i++;
    return i;
}

static void offer_models(const Workspace *w, const char *name, Error *error)
{
    char sentence[160];
    Nearest nearest;
    nearest_init(&nearest, name);
    for (size_t i = 0; i < w->model_count; i++) nearest_offer(&nearest, w->models[i].name);
    for (size_t i = 0; builtin_models[i]; i++)
        if (model_index(w, builtin_models[i]) == w->model_count) nearest_offer(&nearest, builtin_models[i]);
    nearest_sentence(&nearest, sentence, sizeof sentence);
    error_set(error, _("there is no model called '%s'"), name);
    error_hint(error, "%s%s%s", sentence, *sentence ? "  " : "", _("models lists them; train makes one"));
}

const NamedModel *workspace_model(Workspace *w, const char *name, Error *error)
{
    size_t i = model_index(w, name);
    if (i == w->model_count && is_listed(builtin_models, name)) make_builtin_model(w, name);
    if (i < w->model_count) return &w->models[i];
    offer_models(w, name, error);
    return NULL;
}

static size_t corpus_index(const Workspace *w, const char *name)
{
    size_t i = 0;
    while (i < w->corpus_count && strcmp(corpus_name(w->corpora[i]), name) != 0) i++;
    return i;
}

Corpus *workspace_find_corpus(Workspace *w, const char *name)
{
    size_t i = corpus_index(w, name);
    if (i == w->corpus_count && is_listed(builtin_corpora, name)) append_corpus(w, read_builtin_corpus(name));
    return i < w->corpus_count ? w->corpora[i] : NULL;
}

/* --- changes --- */

void workspace_put_model(Workspace *w, const char *name, Model *model, const char *corpus)
{
    size_t i = model_index(w, name);
    if (i == w->model_count) {
        append_model(w, name, model, corpus);
    } else {
        NamedModel fresh = {copy_text(name), copy_text(corpus), model};
        release_model(&w->models[i]);
        w->models[i] = fresh;
    }
    w->current = i;
    w->version++;
}

void workspace_put_corpus(Workspace *w, Corpus *corpus)
{
    size_t i = corpus_index(w, corpus_name(corpus));
    if (i == w->corpus_count)
        append_corpus(w, corpus);
    else if (w->corpora[i] != corpus) {
        corpus_free(w->corpora[i]);
        w->corpora[i] = corpus;
    } else {
        corpus_free(corpus); /* it was there already: one reference too many */
    }
    w->current_corpus = i;
    w->version++;
}

void workspace_use(Workspace *w, const NamedModel *model)
{
    w->current = (size_t)(model - w->models);
    w->version++;
}

bool workspace_drop_model(Workspace *w, const char *name, Error *error)
{
    size_t i = model_index(w, name);
    if (i == w->model_count && !is_listed(builtin_models, name)) return offer_models(w, name, error), false;
    if (i == w->model_count) return error_set(error, _("%s has not been made yet"), name);
    if (i == 0) return error_set(error, _("toy is always there"));
    release_model(&w->models[i]);
    memmove(w->models + i, w->models + i + 1, (w->model_count - i - 1) * sizeof *w->models);
    w->model_count--;
    if (w->current == i)
        w->current = 0;
    else if (w->current > i)
        w->current--;
    w->version++;
    return true;
}

void workspace_drop_corpus(Workspace *w)
{
    size_t i = w->current_corpus;
    corpus_free(w->corpora[i]);
    memmove(w->corpora + i, w->corpora + i + 1, (w->corpus_count - i - 1) * sizeof *w->corpora);
    w->corpus_count--;
    w->current_corpus = corpus_index(w, "mouse");
    if (w->current_corpus == w->corpus_count) append_corpus(w, read_builtin_corpus("mouse"));
    w->version++;
}

void workspace_set(Workspace *w, OptionId id, const char *value)
{
    char *copy = copy_text(value);
    free(w->settings[id]);
    w->settings[id] = copy;
    w->version++;
}

void workspace_set_access(Workspace *w, Access access)
{
    const Access *now = &w->access;
    if (now->api == access.api && now->top == access.top && now->price == access.price) return;
    w->access = access;
    w->version++;
}

void workspace_take_settings(Workspace *w, const Workspace *from)
{
    static const OptionId looks[] = {OPT_AS, OPT_ASCII, OPT_COLOR, OPT_WIDTH};
    for (size_t i = 0; i < COUNT_OF(looks); i++) workspace_set(w, looks[i], from->settings[looks[i]]);
}
