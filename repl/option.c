#include "repl/option.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/ngram/store.h"
#include "repl/ledger.h"
#include "repl/nearest.h"

static const double SEED_MAX = 9007199254740992.0; /* 2^53: every whole number below it is exact */

#define NUMBER(low, high) .type = OPTION_NUMBER, .least = (low), .most = (high)
#define WHOLE(low, high) .type = OPTION_WHOLE, .least = (low), .most = (high)
#define CHOICE(list) .type = OPTION_CHOICE, .choices = (list)
#define TEXT .type = OPTION_TEXT
#define SMOOTHINGS "mle|add|interp|wb|ad|kn|mkn|katz|backoff"

const Option option_table[OPTION_COUNT] = {
    [OPT_T] = {"T", "temperature", NUMBER(0, INFINITY), .fallback = "1", .setting = true,
               .summary = N_("temperature: 0 greedy, 1 the model itself, inf any possible word")},
    [OPT_TOP_K] = {"top_k", NULL, WHOLE(0, 1e9), .fallback = "0", .setting = true,
                   .summary = N_("keep only the k most probable words (0 = all)")},
    [OPT_TOP_P] = {"top_p", NULL, NUMBER(0, 1), .fallback = "1", .setting = true,
                   .summary = N_("keep the most probable words up to this mass (1 = all)")},
    [OPT_MIN_P] = {"min_p", NULL, NUMBER(0, 1), .fallback = "0", .setting = true,
                   .summary = N_("keep words with p >= min_p times the largest p")},
    [OPT_DRAWS] = {"n", NULL, WHOLE(1, 1e9), .fallback = "1", .summary = N_("how many texts to draw")},
    [OPT_MAX] = {"max", NULL, WHOLE(1, 1e6), .fallback = "20", .setting = true,
                 .summary = N_("stop a text after this many tokens")},
    [OPT_LEN] = {"len", NULL, WHOLE(1, 1e6), .summary = N_("draw exactly this many tokens, </s> taken out")},
    [OPT_SEED] = {"seed", NULL, WHOLE(0, SEED_MAX), .setting = true,
                  .summary = N_("start of the dice: the same seed gives the same text everywhere")},
    [OPT_SHOW_CHAIN] = {"show", NULL, CHOICE("count|surprise|steps"), .fallback = "count",
                        .summary = N_("what stands beside each factor")},
    [OPT_SHOW_SAMPLE] = {"show", NULL, CHOICE("plain|steps|dice|tally"), .fallback = "plain",
                         .summary = N_("the texts, each token with its dice, or how often each text came")},
    [OPT_SHOW_NEXT] = {"show", NULL, CHOICE("p|steps"), .fallback = "p",
                       .summary = N_("the result, or the arithmetic from p to it")},
    [OPT_SHOW_COUNTS] = {"show", NULL, CHOICE("count|p|where"), .fallback = "count",
                         .summary = N_("counts, the probabilities they give, or where they occur")},
    [OPT_SHOW_EVAL] = {"show", NULL, CHOICE("total|word|line"), .fallback = "total",
                       .summary = N_("one score for the text, one a word or one a line")},
    [OPT_SORT] = {"sort", NULL, CHOICE("p|vocab"), .fallback = "p", .summary = N_("order of the rows")},
    [OPT_FOR] = {"for", NULL, TEXT, .list = true, .summary = N_("only these words")},
    [OPT_ENUMERATE_LEN] = {"len", NULL, WHOLE(1, 1000), .fallback = "5", .summary = N_("words a sequence")},
    [OPT_TOP] = {"top", NULL, WHOLE(1, 10000), .fallback = "10", .summary = N_("how many to list")},
    [OPT_NEXT_TOP] = {"top", NULL, WHOLE(1, 1e6), .summary = N_("list only the most probable words")},
    [OPT_RANK] = {"rank", NULL, TEXT, .summary = N_("a sequence whose rank is wanted")},
    [OPT_DEPTH] = {"depth", NULL, WHOLE(1, 12), .fallback = "2", .summary = N_("tokens to look ahead")},
    [OPT_TREE_TOP] = {"top", NULL, WHOLE(1, 1000), .fallback = "3", .summary = N_("branches at each token")},
    [OPT_ORDER] = {"n", "order", WHOLE(1, 1024), .fallback = "2",
                   .summary = N_("order: the next word depends on the last n - 1")},
    [OPT_SMOOTH] = {"smooth", NULL, CHOICE(SMOOTHINGS), .fallback = "mle",
                    .summary = N_("what unseen n-grams get, and which n-grams pay for it")},
    [OPT_SWEEP_ORDER] = {"n", "order", WHOLE(1, 1024),
                         .summary = N_("orders to compare, 1..5 if none are named; with kind= 4")},
    [OPT_SWEEP_SMOOTH] = {"smooth", NULL, CHOICE(SMOOTHINGS),
                          .summary = N_("smoothings to compare, mkn if none is named")},
    [OPT_KIND] = {"kind", NULL, CHOICE("ngram|softmax|mlp|rnn|gru|lstm|transformer"),
                  .summary = N_("kinds of models to compare as the text grows")},
    [OPT_DATA] = {"data", NULL, NUMBER(1, 1e7),
                  .summary = N_("how many predicted tokens to learn from, the first of the text")},
    [OPT_SHOW_SWEEP] = {"show", NULL, CHOICE("data|seconds"), .fallback = "data",
                        .summary = N_("against what the picture draws bits: training tokens, or seconds")},
    [OPT_K] = {"k", NULL, NUMBER(1e-9, 1e9), .fallback = "1",
               .summary = N_("added to every count by smooth=add")},
    [OPT_WEIGHTS] = {"weights", NULL, NUMBER(0, 1), .choices = "em", .list = true,
                     .summary = N_("of smooth=interp, highest order first, summing to 1; em tunes them")},
    [OPT_HELDOUT] = {"heldout", NULL, TEXT, .list = true,
                     .summary = N_("a text the model does not learn from: name of a corpus, or a file")},
    [OPT_DISCOUNT] = {"discount", NULL, NUMBER(0, 3), .list = true,
                      .summary = N_("taken off every count: one for ad and kn, three for mkn")},
    [OPT_FALLBACK] = {"fallback", NULL, NUMBER(1e-9, 3), .list = true,
                      .summary = N_("discounts of an order in which they cannot be estimated")},
    [OPT_UNIGRAMS] = {"unigrams", NULL, CHOICE("uniform|plain"), .fallback = "uniform",
                      .summary = N_("spread what single words give up over all words, or not")},
    [OPT_COMPAT] = {"compat", NULL, CHOICE("none|kenlm"), .fallback = "none",
                    .summary = N_("count as another program does, its quirks included")},
    [OPT_UNK] = {"unk", NULL, CHOICE("on|off"),
                 .summary = N_("have <unk> in the vocabulary: on for kn and mkn, else off")},
    [OPT_CUTOFF] = {"cutoff", NULL, WHOLE(1, 1e9), .fallback = "1",
                    .summary = N_("words seen fewer times than this become <unk>")},
    [OPT_VOCABULARY] = {"vocabulary", NULL, TEXT,
                        .summary = N_("a file of the only words to know; others become <unk>")},
    [OPT_PRUNE] = {"prune", NULL, CHOICE("count|entropy"),
                   .summary = N_("leave out n-grams that are rare, or that hardly matter")},
    [OPT_THRESHOLD] = {"threshold", NULL, NUMBER(0, 1e9), .list = true,
                       .summary = N_("of prune=: the largest count left out (1), an order each or all; "
                                     "the least change of perplexity (1e-7)")},
    [OPT_D] = {"d", NULL, WHOLE(1, 8192), .summary = N_("numbers in the vector of a token (embedding)")},
    [OPT_H] = {"h", NULL, WHOLE(1, 8192), .summary = N_("hidden units of a layer")},
    [OPT_LAYERS] = {"layers", NULL, WHOLE(1, 64), .summary = N_("layers, one on top of the other")},
    [OPT_HEADS] = {"heads", NULL, WHOLE(1, 64), .summary = N_("attention heads of a layer; d is a multiple")},
    [OPT_CTX] = {"ctx", NULL, WHOLE(1, 65536),
                 .summary = N_("tokens a network looks back at, or learns at a time")},
    [OPT_TIED] = {"tied", NULL, CHOICE("on|off"),
                  .summary = N_("one matrix for reading tokens and for predicting them")},
    [OPT_DROPOUT] = {"dropout", NULL, NUMBER(0, 0.99),
                     .summary = N_("share of units silenced at random while learning")},
    [OPT_LR] = {"lr", NULL, NUMBER(1e-12, INFINITY),
                .summary = N_("learning rate: how far the weights go at each step")},
    [OPT_SCHEDULE] = {"schedule", NULL, CHOICE("constant|cosine"),
                      .summary = N_("keep the learning rate, or let it fall to a tenth along a cosine")},
    [OPT_WARMUP] = {"warmup", NULL, WHOLE(0, 1e9),
                    .summary = N_("steps in which the learning rate rises from 0")},
    [OPT_BATCH] = {"batch", NULL, WHOLE(1, 1e6), .choices = "all",
                   .summary = N_("examples (softmax, mlp) or sequences learnt from in one step")},
    [OPT_EPOCHS] = {"epochs", NULL, NUMBER(0, 1e6),
                    .summary = N_("times through the corpus, instead of steps=")},
    [OPT_STEPS] = {"steps", NULL, WHOLE(0, 1e9),
                   .summary = N_("how often the weights are changed (0: not at all)")},
    [OPT_OPTIMIZER] = {"opt", NULL, CHOICE("sgd|momentum|adam|adamw"),
                       .summary = N_("how the weights follow their gradients")},
    [OPT_DECAY] = {"wd", NULL, NUMBER(0, 1000),
                   .summary = N_("weight decay: how strongly weights are drawn to 0")},
    [OPT_CLIP] = {"clip", NULL, NUMBER(0, 1e9), .summary = N_("the longest gradient allowed (0 = any)")},
    [OPT_VALID] = {"valid", NULL, NUMBER(0, 0.9),
                   .summary = N_("share of the corpus kept back to validate on (0 = none)")},
    [OPT_UNTIL] = {"until", NULL, NUMBER(0, 100),
                   .summary = N_("stop once the loss, in nats a token, is this low")},
    [OPT_THREADS] = {"threads", NULL, WHOLE(1, 2), .fallback = "1", .summary = N_("processors to learn on")},
    [OPT_EXACT] = {"exact", NULL, CHOICE("on|off"), .fallback = "off", .setting = true,
                   .summary = N_("networks compute in fixed order: slower, the same bits on every machine")},
    [OPT_LAYER] = {"layer", NULL, WHOLE(1, 64), .summary = N_("which layer, from 1")},
    [OPT_HEAD] = {"head", NULL, WHOLE(1, 64), .choices = "all",
                  .summary = N_("which attention head, from 1")},
    [OPT_FROM] = {"from", NULL, WHOLE(1, 1e6), .summary = N_("the position that looks, from 1")},
    [OPT_UNIT] = {"unit", NULL, WHOLE(1, 1e6), .summary = N_("which unit of the layer, from 1")},
    [OPT_WATCH] = {"watch", NULL, TEXT, .list = true, .summary = N_("tokens to follow")},
    [OPT_POS] = {"pos", NULL, WHOLE(1, 1e6), .summary = N_("which position of the text, from 1")},
    [OPT_STOP] = {"stop", NULL, TEXT, .summary = N_("which stop of the pass: its number or its name")},
    [OPT_ROW] = {"row", NULL, WHOLE(1, 1e9), .summary = N_("the first row shown of a large tensor")},
    [OPT_COLUMN] = {"column", NULL, WHOLE(1, 1e9), .summary = N_("the first column shown of a large tensor")},
    [OPT_CONTEXT] = {"context", NULL, TEXT, .summary = N_("the words before a prediction, in quotes")},
    [OPT_SHOW_ATTENTION] = {"show", NULL, CHOICE("weights|steps|grid"), .fallback = "weights",
                            .summary =
                                N_("the weights, the arithmetic of one row, or all heads at a glance")},
    [OPT_SHOW_STATE] = {"show", NULL, CHOICE("hidden|gates"), .fallback = "hidden",
                        .summary = N_("the hidden units, or the gates that decide what they keep")},
    [OPT_SHOW_EMBED] = {"show", NULL, CHOICE("table|values|nearest|plot"), .fallback = "table",
                        .summary = N_("a line a word, all numbers, more neighbours, or a picture")},
    [OPT_SHOW_STEP] = {"show", NULL, CHOICE("grad|weights|steps"),
                       .summary = N_("gradients, the weights that moved most, or a line a step")},
    [OPT_FLOPS] = {"flops", NULL, NUMBER(0, 1e40), .summary = N_("the work to be done, in operations")},
    [OPT_RATE] = {"rate", NULL, NUMBER(1e-9, 1e40),
                  .summary = N_("operations a second that one machine really does")},
    [OPT_HOURS] = {"hours", NULL, NUMBER(0, 1e30),
                   .summary = N_("that machines work, all added up, instead of flops= and rate=")},
    [OPT_WATTS] = {"watts", NULL, NUMBER(0, 1e12), .setting = true,
                   .summary = N_("power of one machine at work (assumed 30 for this one)")},
    [OPT_PUE] = {"pue", NULL, NUMBER(1, 100), .fallback = "1", .setting = true,
                 .summary = N_("energy of the whole data centre, for 1 of its machines (1: a desk)")},
    [OPT_GRID] = {"grid", "region", NUMBER(0, 100), .choices = LEDGER_REGIONS, .fallback = "average",
                  .setting = true, .summary = N_("kg CO2e a kWh of electricity, or a region that has such")},
    [OPT_MACHINES] = {"machines", NULL, NUMBER(1, 1e12), .summary = N_("how many work side by side")},
    [OPT_PARAMETERS] = {"params", "N", NUMBER(0, 1e30), .summary = N_("parameters of the model to train")},
    [OPT_TRAINING_TOKENS] = {"tokens", "D", NUMBER(0, 1e30), .summary = N_("tokens it is trained on")},
    [OPT_PER] = {"per", NULL, WHOLE(1, 1e12),
                 .summary = N_("the cost of drawing so many texts from the model")},
    [OPT_ENERGY_PRICE] = {"price", NULL, NUMBER(0, 1e9), .fallback = "0.2",
                          .summary = N_("of a kWh of electricity, in any money")},
    [OPT_HUMAN] = {"human", NULL, NUMBER(0, 1e9), .summary = N_("of one text written by a person")},
    [OPT_REVIEW] = {"review", NULL, NUMBER(0, 1e9), .fallback = "0",
                    .summary = N_("of a person reading one text before it is used")},
    [OPT_SHOW_COST] = {"show", NULL, CHOICE("figures|sizes"), .fallback = "figures",
                       .summary = N_("what it takes, or how often it would fit into models of history")},
    [OPT_SYMBOL] = {"unit", NULL, CHOICE("char|word"),
                    .summary = N_("guess letters or words; without it, what the text is cut into")},
    [OPT_SYMBOLS] = {"n", NULL, WHOLE(1, 1000), .fallback = "20",
                     .summary = N_("letters or words of the passage")},
    [OPT_GUESSES] = {"guesses", NULL, TEXT, .list = true,
                     .summary =
                         N_("all guesses, one after the other, instead of being asked (_ is a blank)")},
    [OPT_FREQUENCIES] = {"freq", NULL, NUMBER(0, 1e15), .list = true,
                         .summary = N_("how often the 1st, 2nd, 3rd ... guess was right: only the bounds")},
    [OPT_API_TOP] = {"top", NULL, WHOLE(0, 5), .fallback = "5",
                     .summary = N_("of how many tokens an API tells p (0: text alone)")},
    [OPT_TOKEN_PRICE] = {"price", NULL, NUMBER(0, 1e6), .fallback = "0.02",
                         .summary = N_("of 1000 tokens, read or written: dollars for GPT-3 in late 2022")},
    [OPT_P] = {"p", NULL, NUMBER(0, 1), .summary = N_("about how large the probability is")},
    [OPT_WITHIN] = {"within", NULL, NUMBER(1e-9, 1),
                    .summary = N_("how near to it an estimate is to come, 19 times out of 20")},
    [OPT_SAMPLES] = {"n", NULL, WHOLE(1, 1e6), .fallback = "1000", .summary = N_("how many texts to draw")},
    [OPT_BLOCK] = {"block", NULL, WHOLE(1, 1e9),
                   .summary = N_("so many draws are listed: does one more slip past the list?")},
    [OPT_BELOW] = {"below", NULL, NUMBER(0, 1), .fallback = "0.5",
                   .summary = N_("it says nothing where its answer has a smaller p")},
    [OPT_COLD_T] = {"T", NULL, NUMBER(0, INFINITY), .fallback = "0",
                    .summary = N_("temperature: 0 the most probable continuation, 1 draws n of them")},
    [OPT_KEPT] = {"keep", NULL, NUMBER(0, 1), .fallback = "0.85",
                  .summary = N_("how probable it is that a word arrives as it was said")},
    [OPT_SHOWN_LINES] = {"top", NULL, WHOLE(1, 1e6),
                         .summary = N_("show only so many lines, the first ones")},
    [OPT_EPS] = {"eps", NULL, NUMBER(0, 1), .fallback = "0.05", .summary = N_("how often it is junk")},
    [OPT_JUNK] = {"junk", NULL, TEXT, .list = true,
                  .summary = N_("the tokens of the junk, each as likely; all if none are named")},
    [OPT_SOURCE] = {"source", NULL, TEXT, .summary = N_("the model whose texts they are")},
    [OPT_CORPUS] = {"corpus", NULL, TEXT, .summary = N_("name of a corpus, or a file")},
    [OPT_NAME] = {"name", NULL, TEXT, .summary = N_("what to call the model")},
    [OPT_TOKENS] = {"tokens", NULL, CHOICE("words|chars"), .fallback = "words",
                    .summary = N_("cut text into words or into characters")},
    [OPT_LINES] = {"lines", NULL, CHOICE("on|off"), .fallback = "on",
                   .summary = N_("one sentence a line, or one stream of text")},
    [OPT_TIMES] = {"times", NULL, WHOLE(1, 1e6), .fallback = "1", .summary = N_("how many copies")},
    [OPT_DISTANCE] = {"d", "distance", WHOLE(1, 60), .fallback = "3",
                      .summary = N_("of make recall: fillers between the key and its return")},
    [OPT_MADE_LINES] = {"N", NULL, WHOLE(1, 100000), .summary = N_("how many lines to make")},
    [OPT_PAIRS] = {"pairs", NULL, WHOLE(2, 26), .fallback = "2",
                   .summary = N_("of make icl: keys of a line, each with a fresh value")},
    [OPT_KEYS] = {"keys", NULL, WHOLE(2, 26),
                  .summary =
                      N_("of make icl: keys a line chooses its own from; as many as pairs= if not said")},
    [OPT_VALUES] = {"values", NULL, WHOLE(2, 10), .fallback = "10",
                    .summary = N_("of make icl: values to draw from; chance is 1/values")},
    [OPT_QUERIES] = {"queries", NULL, WHOLE(1, 60), .fallback = "10",
                     .summary = N_("of make icl: keys that come again, with the value they had")},
    [OPT_SHUFFLE] = {"shuffle", NULL, CHOICE("on|off"), .fallback = "on",
                     .summary =
                         N_("of make icl: the keys of a line in any order, or in that of the alphabet")},
    [OPT_KEEP] = {"keep", NULL, CHOICE("both|swapped"), .fallback = "both",
                  .summary = N_("the corpus and its swapped sentences, or the swapped ones alone")},
    [OPT_EXPECT] = {"expect", NULL, TEXT, .list = true,
                    .summary = N_("for each context the word a stereotype expects; else the first")},
    [OPT_BLOCKLIST] = {"blocklist", NULL, TEXT, .list = true,
                       .summary = N_("words that get a line flagged; quotes around none at all")},
    [OPT_SHOW_FILTER] = {"show", NULL, CHOICE("wrong|all|groups"), .fallback = "wrong",
                         .summary = N_("the lines flagged or missed wrongly, all, or who speaks")},
    [OPT_AT] = {"at", NULL, CHOICE("all|last"), .fallback = "all",
                .summary = N_("score every token, or only the last word of each line")},
    [OPT_EOS] = {"eos", NULL, CHOICE("on|off"), .fallback = "on", .setting = true,
                 .summary = N_("count the factor of </s> at the end")},
    [OPT_BASE] = {"base", NULL, CHOICE("2|e|10"), .fallback = "2", .setting = true,
                  .summary = N_("of logarithms: bits, nats or bans")},
    [OPT_OOV] = {"oov", NULL, CHOICE("error|unk"), .fallback = "error", .setting = true,
                 .summary = N_("unknown words: an error, or read as <unk>")},
    [OPT_AS] = {"as", NULL, CHOICE("table|list|json|csv|md|svg"), .fallback = "table", .setting = true,
                .summary = N_("form of the answer")},
    [OPT_DIGITS] = {"digits", NULL, WHOLE(1, 17), .fallback = "6", .setting = true,
                    .summary = N_("significant digits of printed numbers")},
    [OPT_WIDTH] = {"width", NULL, WHOLE(0, 1000), .fallback = "0", .setting = true,
                   .summary = N_("columns of a table (0 = those of the terminal)")},
    [OPT_FORCE] = {"force", NULL, CHOICE("yes|no"), .fallback = "no",
                   .summary = N_("overwrite an existing file")},
    [OPT_ASCII] = {"ascii", NULL, CHOICE("on|off"), .fallback = "off", .setting = true,
                   .summary = N_("draw with ASCII only")},
    [OPT_COLOR] = {"color", NULL, CHOICE("on|off"), .fallback = "off", .setting = true,
                   .summary = N_("colour and bold print")},
};

bool option_listed(OptionId id, const OptionId *list)
{
    for (; list && *list != OPTION_COUNT; list++)
        if (*list == id) return true;
    return false;
}

OptionId option_find(const char *key, const OptionId *list)
{
    for (; list && *list != OPTION_COUNT; list++) {
        const Option *option = &option_table[*list];
        if (strcmp(option->key, key) == 0 || (option->alias && strcmp(option->alias, key) == 0)) return *list;
    }
    return OPTION_COUNT;
}

size_t option_next_choice(const char **choices, const char **choice)
{
    size_t length = strcspn(*choices, "|");
    *choice = *choices;
    *choices += length + ((*choices)[length] == '|');
    return length;
}

static bool read_decimal(const char *text, char **end, double *number)
{
    if (!isdigit((unsigned char)text[0]) && !strchr("+-.", text[0])) return false;
    if (text[0] == '\0' || strpbrk(text, "xXpPnN")) return false; /* strtod also knows 0x1p3, nan and inf */
    *number = strtod(text, end);
    return *end != text && isfinite(*number);
}

bool number_read(const char *text, double *number)
{
    char *end;
    if (strcmp(text, "inf") == 0 || strcmp(text, "\u221E") == 0) return *number = INFINITY, true;
    if (!read_decimal(text, &end, number)) return false;
    if (*end == '/') {
        double below;
        if (!read_decimal(end + 1, &end, &below) || below == 0) return false;
        *number /= below;
    } else if (*end == '%') {
        *number /= 100;
        end++;
    }
    return *end == '\0';
}

static bool wrong_value(const Option *option, const Word *word, Error *error)
{
    if (option->choices) {
        error_set(error, _("%s= takes a number from %g to %g, or %s, not '%s'"), option->key, option->least,
                  option->most, option->choices, word->text);
    } else if (option->type == OPTION_WHOLE) {
        error_set(error, _("%s= takes a whole number from %.0f to %.0f, not '%s'"), option->key,
                  option->least, option->most, word->text);
    } else if (isinf(option->most)) {
        error_set(error, _("%s= takes a number from %g up, or inf, not '%s'"), option->key, option->least,
                  word->text);
    } else {
        error_set(error, _("%s= takes a number from %g to %g, not '%s'"), option->key, option->least,
                  option->most, word->text);
    }
    error_hint(error, "%s= : %s", option->key, _(option->summary));
    return error_place(error, word->start, word->length);
}

static bool is_choice(const Option *option, const char *text)
{
    const char *choices = option->choices, *choice;
    for (size_t length; choices && (length = option_next_choice(&choices, &choice)) > 0;)
        if (strlen(text) == length && memcmp(choice, text, length) == 0) return true;
    return false;
}

static bool read_number(const Option *option, const Word *word, double *number, Error *error)
{
    *number = NAN;
    if (is_choice(option, word->text)) return true;
    bool ok = number_read(word->text, number) && *number >= option->least && *number <= option->most;
    if (ok && option->type == OPTION_WHOLE) ok = *number == floor(*number);
    return ok || wrong_value(option, word, error);
}

/* "did you mean 'mkn'?", or "". */
static void nearest_choice(const Option *option, const char *typed, char *sentence, size_t size)
{
    enum { CHOICES = 16 };
    char names[CHOICES][32];
    const char *choices = option->choices, *choice;
    size_t length, count = 0;
    Nearest nearest;
    nearest_init(&nearest, typed);
    while (count < CHOICES && (length = option_next_choice(&choices, &choice)) > 0) {
        snprintf(names[count], sizeof names[count], "%.*s", (int)length, choice);
        nearest_offer(&nearest, names[count++]);
    }
    nearest_sentence(&nearest, sentence, size);
}

static bool read_choice(const Option *option, const Word *word, Error *error)
{
    if (is_choice(option, word->text)) return true;
    char near[160];
    nearest_choice(option, word->text, near, sizeof near);
    error_set(error, _("%s= takes one of %s, not '%s'"), option->key, option->choices, word->text);
    if (*near)
        error_hint(error, "%s", near);
    else
        error_hint(error, "%s= : %s", option->key, _(option->summary));
    return error_place(error, word->start, word->length);
}

static bool is_number(const Option *option)
{
    return option->type == OPTION_NUMBER || option->type == OPTION_WHOLE;
}

bool option_read(OptionId id, const Word *word, OptionValue *value, Error *error)
{
    const Option *option = &option_table[id];
    *value = (OptionValue){.text = word->text,
                           .given = true,
                           .start = word->start,
                           .length = word->length,
                           .quoted = word->quoted};
    if (word->text[0] == '\0' && !word->quoted) {
        error_set(error, _("%s= needs a value right behind it"), option->key);
        error_hint(error, _("without blanks, several values too: %s=1,2"), option->key);
        return error_place(error, word->start, 1);
    }
    if (is_number(option)) return read_number(option, word, &value->number, error);
    return option->type != OPTION_CHOICE || read_choice(option, word, error);
}

Word option_word(const OptionValue *value)
{
    return (Word){
        .text = value->text, .start = value->start, .length = value->length, .quoted = value->quoted};
}

bool option_read_list(OptionId id, const OptionWords *words, OptionValue *value, Arena *arena, Error *error)
{
    OptionValue one = {0};
    const char **texts = arena_alloc(arena, words->count, sizeof *texts);
    double *numbers = arena_alloc(arena, words->count, sizeof *numbers);
    for (size_t i = 0; i < words->count; i++) {
        if (!option_read(id, &words->values[i], &one, error)) return false;
        texts[i] = one.text;
        numbers[i] = one.number;
    }
    *value = one;
    value->start = words->key.start;
    value->length = one.start + one.length - words->key.start;
    value->texts = texts;
    value->numbers = numbers;
    value->count = words->count;
    return true;
}
