/* option.h - every key=value there is: one row each, read by commands, `set`, help and Tab. */
#ifndef REPL_OPTION_H
#define REPL_OPTION_H

#include "repl/statement.h"

typedef enum {
    OPT_T,
    OPT_TOP_K,
    OPT_TOP_P,
    OPT_MIN_P,
    OPT_DRAWS,
    OPT_MAX,
    OPT_LEN,
    OPT_SEED,
    OPT_SHOW_CHAIN,
    OPT_SHOW_SAMPLE,
    OPT_SHOW_NEXT,
    OPT_SHOW_COUNTS,
    OPT_SHOW_EVAL,
    OPT_SORT,
    OPT_FOR,
    OPT_ENUMERATE_LEN,
    OPT_TOP,
    OPT_NEXT_TOP,
    OPT_RANK,
    OPT_DEPTH,
    OPT_TREE_TOP,
    OPT_ORDER,
    OPT_SMOOTH,
    OPT_SWEEP_ORDER,
    OPT_SWEEP_SMOOTH,
    OPT_KIND,
    OPT_DATA,
    OPT_SHOW_SWEEP,
    OPT_K,
    OPT_WEIGHTS,
    OPT_HELDOUT,
    OPT_DISCOUNT,
    OPT_FALLBACK,
    OPT_UNIGRAMS,
    OPT_COMPAT,
    OPT_UNK,
    OPT_CUTOFF,
    OPT_VOCABULARY,
    OPT_PRUNE,
    OPT_THRESHOLD,
    OPT_D,
    OPT_H,
    OPT_LAYERS,
    OPT_HEADS,
    OPT_CTX,
    OPT_TIED,
    OPT_DROPOUT,
    OPT_LR,
    OPT_SCHEDULE,
    OPT_WARMUP,
    OPT_BATCH,
    OPT_EPOCHS,
    OPT_STEPS,
    OPT_OPTIMIZER,
    OPT_DECAY,
    OPT_CLIP,
    OPT_VALID,
    OPT_UNTIL,
    OPT_THREADS,
    OPT_EXACT,
    OPT_LAYER,
    OPT_HEAD,
    OPT_FROM,
    OPT_UNIT,
    OPT_WATCH,
    OPT_POS,
    OPT_STOP,
    OPT_ROW,
    OPT_COLUMN,
    OPT_CONTEXT,
    OPT_SHOW_ATTENTION,
    OPT_SHOW_STATE,
    OPT_SHOW_EMBED,
    OPT_SHOW_STEP,
    OPT_FLOPS,
    OPT_RATE,
    OPT_HOURS,
    OPT_WATTS,
    OPT_PUE,
    OPT_GRID,
    OPT_MACHINES,
    OPT_PARAMETERS,
    OPT_TRAINING_TOKENS,
    OPT_PER,
    OPT_ENERGY_PRICE,
    OPT_HUMAN,
    OPT_REVIEW,
    OPT_SHOW_COST,
    OPT_SYMBOL,
    OPT_SYMBOLS,
    OPT_GUESSES,
    OPT_FREQUENCIES,
    OPT_API_TOP,
    OPT_TOKEN_PRICE,
    OPT_P,
    OPT_WITHIN,
    OPT_SAMPLES,
    OPT_BLOCK,
    OPT_BELOW,
    OPT_SHOWN_LINES,
    OPT_KEPT,
    OPT_COLD_T,
    OPT_EPS,
    OPT_JUNK,
    OPT_SOURCE,
    OPT_CORPUS,
    OPT_NAME,
    OPT_TOKENS,
    OPT_LINES,
    OPT_TIMES,
    OPT_DISTANCE,
    OPT_MADE_LINES,
    OPT_PAIRS,
    OPT_KEYS,
    OPT_VALUES,
    OPT_QUERIES,
    OPT_SHUFFLE,
    OPT_KEEP,
    OPT_EXPECT,
    OPT_BLOCKLIST,
    OPT_SHOW_FILTER,
    OPT_AT,
    OPT_EOS,
    OPT_BASE,
    OPT_OOV,
    OPT_AS,
    OPT_DIGITS,
    OPT_WIDTH,
    OPT_FORCE,
    OPT_ASCII,
    OPT_COLOR,
    OPTION_COUNT
} OptionId;

/* A list of options, ended by OPTION_COUNT, as the commands' rows have it; NULL lists none. A group that
 * several commands take is a macro of names: OPTIONS(DECODE_OPTIONS, OPT_SEED). */
#define OPTIONS(...) ((const OptionId[]){__VA_ARGS__, OPTION_COUNT})

typedef enum { OPTION_NUMBER, OPTION_WHOLE, OPTION_CHOICE, OPTION_TEXT } OptionType;

typedef struct {
    const char *key, *alias; /* alias: another spelling, or NULL */
    OptionType type;
    double least, most;   /* for numbers; both allowed */
    const char *choices;  /* for choices: "on|off"; for numbers: words that may stand instead */
    const char *fallback; /* the value when none is given, as it would be typed; NULL = none */
    const char *summary;  /* one line for help */
    bool list;            /* takes a comma list whole; elsewhere it is a sweep (but see Command.whole) */
    bool setting;         /* `set` can change its fallback */
} Option;

extern const Option option_table[OPTION_COUNT];

typedef struct {
    const char *text;   /* as typed (or the fallback), folded; NULL = nothing given and no fallback */
    double number;      /* for numbers, checked against least and most; NaN where a word stands instead */
    const char **texts; /* for lists: all values */
    double *numbers;
    size_t count;
    bool given;           /* by the command or by `set`, not the fallback */
    size_t start, length; /* the place in the line */
    bool quoted;
} OptionValue;

bool option_listed(OptionId id, const OptionId *list);

/* Which of the list has this key or alias; OPTION_COUNT if none. */
OptionId option_find(const char *key, const OptionId *list);

/* Check one value and fill `value`. Fails with the range or the choices, at the place of `word`. */
bool option_read(OptionId id, const Word *word, OptionValue *value, Error *error);

/* The same for a list option. */
bool option_read_list(OptionId id, const OptionWords *words, OptionValue *value, Arena *arena, Error *error);

/* The value as the word it was typed as. */
Word option_word(const OptionValue *value);

/* Numbers as learners write them: 0.5, 1e9, 1/3, 50%, inf. The whole text must be one. */
bool number_read(const char *text, double *number);

/* Walk "a|b|c": the length of the choice at *choices, which moves behind it; 0 at the end. */
size_t option_next_choice(const char **choices, const char **choice);

#endif
