/* workspace.h - everything a learner's commands can change and `undo` can bring back: models, corpora,
 * settings.
 *
 * Models and corpora are shared and never changed in place, so a snapshot costs a few pointers. Built-in
 * models and corpora are made at first use and do not count as a change. */
#ifndef REPL_WORKSPACE_H
#define REPL_WORKSPACE_H

#include "core/model/model.h"
#include "core/text/corpus.h"
#include "repl/access.h"
#include "repl/option.h"

typedef struct {
    char *name;
    char *corpus; /* name of what it was trained on; "" for tables */
    Model *model;
} NamedModel;

typedef struct {
    NamedModel *models;
    size_t model_count;
    size_t current; /* index of the model that commands use */
    Corpus **corpora;
    size_t corpus_count;
    size_t current_corpus;
    char *settings[OPTION_COUNT]; /* what `set` said, as typed; NULL = the option's own fallback */
    Access access;                /* of models: open, or as behind an API */
    uint64_t version;             /* goes up with every change */
} Workspace;

void workspace_init(Workspace *workspace); /* toy and mouse */
void workspace_copy(Workspace *copy, const Workspace *workspace);
void workspace_release(Workspace *workspace);

const NamedModel *workspace_current(const Workspace *workspace);
Corpus *workspace_corpus(const Workspace *workspace); /* the current one; borrowed */

/* Find by name; built-in ones are made now. NULL, with the nearest names, when there is none. */
const NamedModel *workspace_model(Workspace *workspace, const char *name, Error *error);
Corpus *workspace_find_corpus(Workspace *workspace, const char *name);

/* Changes. put_* takes over the reference, replaces one of the same name and makes it current. */
void workspace_put_model(Workspace *workspace, const char *name, Model *model, const char *corpus);
void workspace_put_corpus(Workspace *workspace, Corpus *corpus);
void workspace_use(Workspace *workspace, const NamedModel *model);
bool workspace_drop_model(Workspace *workspace, const char *name, Error *error);
void workspace_drop_corpus(Workspace *workspace);                         /* the current one; back to mouse */
void workspace_set(Workspace *workspace, OptionId id, const char *value); /* NULL = forget */

void workspace_set_access(Workspace *workspace, Access access);

void workspace_take_settings(Workspace *workspace,
                             const Workspace *from); /* how things look, not what they say */

/* Names that exist without having been made, in the order they are listed; NULL at the end. */
extern const char *const builtin_models[];
extern const char *const builtin_corpora[];

#endif
