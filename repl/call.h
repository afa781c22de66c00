/* call.h - one run of one command: its words, its options checked, its model, and its long work.
 *
 * A statement with sweeps (T=0,1,inf) or several models becomes one call for each setting. */
#ifndef REPL_CALL_H
#define REPL_CALL_H

#include "core/model/model.h"
#include "core/text/corpus.h"
#include "repl/option.h"
#include "repl/workspace.h"

typedef struct Call {
    const struct Command *command;
    const Statement *statement;
    Word *words;
    size_t word_count;
    OptionValue values[OPTION_COUNT];
    const char *setting;      /* "T=0.5", "bigram"; NULL when the statement has one setting only */
    size_t number;            /* of the setting, from 1; 0 when there is only one */
    const struct Call *first; /* the call of the first setting; NULL for that one itself */
    const char *model_name;
    Model *model; /* a share; NULL for commands without models */
    Arena *arena; /* of the statement: lives until `why` and `again` look elsewhere */

    Job *job;          /* long work under way */
    Job *done;         /* while `finish` runs: the work that was done or stopped */
    int phase;         /* for commands whose work has several jobs */
    Corpus *corpus;    /* a share, for commands that read one */
    Corpus *heldout;   /* a share, of what train and sweep read besides */
    Model *made;       /* a share, of commands that make the model anew: call->model is what it was */
    Vocab *vocabulary; /* theirs too: the words of a file, owned */
    void *work;        /* what a command remembers from one job to the next; in the arena */
    const char *stage; /* "sweep 3 of 18", shown with the progress of its work; NULL = its name */
    uint64_t seed;     /* of a command that throws dice */
    const Word *about; /* what the job is about, to be underlined when it fails; or NULL */
    double started;    /* job_clock() when its statement began */

    uint64_t questions; /* what an API would bill (access.h): how many the model was asked */
    double tokens;      /* and the tokens read and written for them */
} Call;

void call_release(Call *call); /* its shares and its job */

double call_number(const Call *call, OptionId id);
size_t call_size(const Call *call, OptionId id);
const char *call_text(const Call *call, OptionId id);            /* NULL when there is none */
bool call_is(const Call *call, OptionId id, const char *choice); /* the choice in force */
bool call_given(const Call *call, OptionId id);

/* Whether name= can be a model's name: one word of the command language, and not toy. */
#define CALL_NOT_IN_NAMES " ,@=;>#\"'\\"
bool call_check_name(const Call *call, Error *error);

/* Ids of the words in the call's model. A sequence is what prob scores (no <s>, </s> only last); a context
 * is what comes before a prediction (<s> only first, no </s>). Unknown words fail at their place. */
typedef enum { TOKENS_SEQUENCE, TOKENS_CONTEXT } TokensUse;
typedef struct {
    TokenId *ids;
    size_t count;
    bool ended; /* </s> was written at the end */
} Tokens;

bool call_tokens(const Call *call, TokensUse use, const Word *words, size_t count, Tokens *tokens,
                 Error *error);

/* One word as one outcome of the call's model, </s> and <unk> too. Fails at its place, with the nearest ones.
 */
bool call_token(const Call *call, const Word *word, TokenId *id, Error *error);
bool call_listed(const Call *call, OptionId option, TokenId *ids, Error *error); /* all of for=a,b */

/* Texts of ids, for lists and tables. */
const char *const *call_texts(const Call *call, const TokenId *ids, size_t count);

/* Whether the factor of </s> counts: eos=on, or </s> written out, on a model that has it. */
bool call_counts_end(const Call *call, const Tokens *tokens);

/* "toy, 4 words, no </s>": the convention behind a number. */
const char *call_convention(const Call *call, size_t tokens, bool end);

#endif
