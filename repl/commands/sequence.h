/* sequence.h - what prob, chain, bits and compare share: a sequence scored, and how its numbers are told. */
#ifndef REPL_COMMANDS_SEQUENCE_H
#define REPL_COMMANDS_SEQUENCE_H

#include "core/model/leaderboard.h"
#include "core/model/sequence.h"
#include "repl/command.h"

typedef struct {
    Tokens tokens;
    bool end; /* the factor of </s> counts */
    Sequence sequence;
} Scored;

/* Read `words` as one sequence and score it with the call's model. */
bool scored_read(const Call *call, const Word *words, size_t count, Scored *scored, Error *error);

/* The fields model, tokens, eos, p, logp, bits, perplexity; the convention behind them; a note where a
 * context was unseen. */
void scored_fields(const Call *call, const Scored *scored, Result *result);

/* Surprise in the unit of base=: "9.9658 bits", "nats", "bans". */
const char *surprise_label(const Call *call);
const char *surprise_unit(const Call *call); /* "bits", "nats", "bans" */
double surprise(const Call *call, double logp);

/* A column of surprise: machines always get bits, people the unit of base=. */
typedef struct {
    int bits, shown; /* the same column when the unit is bits */
} SurpriseColumn;

SurpriseColumn surprise_column(const Call *call, bool bar, Result *result);
void surprise_cells(const Call *call, const SurpriseColumn *column, double logp, Value *cells);

/* The probability for people, as a fraction too where it is a small one: a label with one %s. */
const char *probability_label(const Call *call, const Sequence *sequence);

/* The sequences of a leaderboard that are possible, as rows: rank, tokens, p. */
void ranked_rows(const Call *call, const Leaderboard *board, const char *heading, Result *result);

/* The Command.explain of these commands. */
const Fact *scored_explain(const Call *call, const Result *result, const Call *why, Error *error);

#endif
