/* filter.c - a list of blocked words against lines that people have judged: what it catches, what it misses,
 * and whom it silences. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/text/labelled.h"
#include "lessons/embedded.h"
#include "repl/commands/commands.h"
#include "repl/nearest.h"
#include "repl/session.h"

enum { FILE_BYTES_MAX = 1 << 26, WORDS_MAX = 10000 };

/* Labelled lines that are built in. */
static const char *const builtin[] = {"filter", "dialect"};

typedef struct {
    LabelledText text;
    const char *source;
    const char **blocked;
    size_t blocked_count;
    bool *flagged;      /* [text.count] */
    const char **words; /* [text.count]: the first that was blocked */
    Confusion all;
    size_t flags; /* lines flagged */
} Filter;

/* --- the lines --- */

static bool is_builtin(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(builtin); i++)
        if (strcmp(builtin[i], name) == 0) return true;
    return false;
}

static bool read_builtin(const char *name, Arena *arena, Filter *filter, Error *error)
{
    const char *text = embedded_text(arena_format(arena, "corpora/%s.tsv", name));
    return labelled_read(text, strlen(text), arena, &filter->text, error);
}

static bool read_file(const Word *word, Arena *arena, Filter *filter, Error *error)
{
    char *text;
    size_t length;
    if (!file_read(word->text, FILE_BYTES_MAX, &text, &length, error))
        return error_place(error, word->start, word->length);
    bool ok = labelled_read(text, length, arena, &filter->text, error);
    free(text);
    if (ok) return true;
    Error inner = *error;
    error_set(error, "%s: %s", word->text, inner.message);
    error_hint(error, "%s", inner.hint);
    return error_place(error, word->start, word->length);
}

/* Of the lines of a corpus nobody has said what they are. */
static void read_corpus(const Corpus *corpus, Arena *arena, Filter *filter)
{
    filter->text.count = corpus_sentences(corpus);
    filter->text.lines = arena_alloc(arena, filter->text.count + 1, sizeof *filter->text.lines);
    for (size_t i = 0; i < filter->text.count; i++) {
        size_t count;
        const TokenId *ids = corpus_sentence(corpus, i, &count);
        char *text = tokenizer_join(corpus_tokenizer(corpus), corpus_vocab(corpus), ids, count);
        filter->text.lines[i] = (LabelledLine){LABEL_NONE, NULL, arena_copy(arena, text, strlen(text))};
        free(text);
    }
}

static bool fail_missing(Session *session, const Word *word, Error *error)
{
    char sentence[160];
    Nearest nearest;
    const Workspace *workspace = session_workspace(session);
    nearest_init(&nearest, word->text);
    for (size_t i = 0; i < COUNT_OF(builtin); i++) nearest_offer(&nearest, builtin[i]);
    for (size_t i = 0; i < workspace->corpus_count; i++)
        nearest_offer(&nearest, corpus_name(workspace->corpora[i]));
    nearest_sentence(&nearest, sentence, sizeof sentence);
    error_set(error, _("there are no labelled lines, no corpus and no file called '%s'"), word->text);
    error_hint(error, "%s%s%s", sentence, *sentence ? "   " : "",
               _("built in: filter and dialect; a file has a label, a tab and a text a line"));
    return error_place(error, word->start, word->length);
}

static bool read_lines(Session *session, Call *call, Filter *filter, Error *error)
{
    const Word *word = call->word_count ? &call->words[0] : NULL;
    filter->source = word ? word->text : builtin[0];
    if (is_builtin(filter->source)) return read_builtin(filter->source, call->arena, filter, error);
    const Corpus *corpus = workspace_find_corpus(session_workspace(session), word->text);
    if (corpus) return read_corpus(corpus, call->arena, filter), true;
    bool path = file_is_regular(word->text) || file_is_folder(word->text) || strchr(word->text, '/');
    return path ? read_file(word, call->arena, filter, error) : fail_missing(session, word, error);
}

/* --- the words: rotten,stupid or "rotten, stupid" --- */

static bool add_blocked(const Call *call, const char *text, Filter *filter, Error *error)
{
    for (text += strspn(text, ", \t"); *text; text += strspn(text, ", \t")) {
        size_t length = strcspn(text, ", \t");
        if (filter->blocked_count == WORDS_MAX) {
            error_set(error, _("more than %d words in blocklist="), WORDS_MAX);
            return error_place(error, call->values[OPT_BLOCKLIST].start, call->values[OPT_BLOCKLIST].length);
        }
        filter->blocked[filter->blocked_count++] = arena_copy(call->arena, text, length);
        text += length;
    }
    return true;
}

static bool read_blocked(const Call *call, Filter *filter, Error *error)
{
    const OptionValue *value = &call->values[OPT_BLOCKLIST];
    if (!value->given) {
        error_set(error, _("filter needs the words that get a line flagged"));
        return error_hint(error,
                          _("for example: filter blocklist=rotten,stupid   none at all: blocklist=\"\""));
    }
    filter->blocked = arena_alloc(call->arena, WORDS_MAX, sizeof *filter->blocked);
    for (size_t i = 0; i < value->count; i++)
        if (!add_blocked(call, value->texts[i], filter, error)) return false;
    return true;
}

static void judge(const Call *call, Filter *filter)
{
    filter->flagged = arena_alloc(call->arena, filter->text.count + 1, sizeof *filter->flagged);
    filter->words = arena_alloc(call->arena, filter->text.count + 1, sizeof *filter->words);
    for (size_t i = 0; i < filter->text.count; i++) {
        const LabelledLine *line = &filter->text.lines[i];
        filter->flagged[i] =
            labelled_blocks(filter->blocked, filter->blocked_count, line->text, &filter->words[i]);
        filter->flags += filter->flagged[i];
        confusion_add(&filter->all, line->label, filter->flagged[i]);
    }
}

/* --- the answer --- */

static Value share_value(double share) { return isnan(share) ? value_null() : value_number(share); }

static const char *share_label(Arena *arena, const char *name, size_t part, size_t whole)
{
    if (whole == 0) return NULL;
    return arena_format(arena, "%s %zu/%zu = %%s", name, part, whole);
}

static void add_measures(const Confusion *c, Result *result)
{
    Arena *arena = result->arena;
    size_t all = c->tp + c->fp + c->fn + c->tn;
    result_field(result, "tp", all ? "TP %s" : NULL, UNIT_NONE, value_count(c->tp));
    result_field(result, "fp", all ? "FP %s" : NULL, UNIT_NONE, value_count(c->fp));
    result_field(result, "fn", all ? "FN %s" : NULL, UNIT_NONE, value_count(c->fn));
    result_field(result, "tn", all ? "TN %s" : NULL, UNIT_NONE, value_count(c->tn));
    result_field(result, "precision", share_label(arena, _("precision"), c->tp, c->tp + c->fp),
                 UNIT_PROBABILITY, share_value(confusion_precision(c)));
    result_field(result, "recall", share_label(arena, _("recall"), c->tp, c->tp + c->fn), UNIT_PROBABILITY,
                 share_value(confusion_recall(c)));
    result_field(result, "accuracy", share_label(arena, _("accuracy"), c->tp + c->tn, all), UNIT_PROBABILITY,
                 share_value(confusion_accuracy(c)));
    result_field(result, "accuracy_flag_nothing",
                 share_label(arena, _("flagging nothing"), c->fp + c->tn, all), UNIT_PROBABILITY,
                 share_value(confusion_idle_accuracy(c)));
}

static void add_fields(const Call *call, const Filter *filter, Result *result)
{
    const char *words = "";
    for (size_t i = 0; i < filter->blocked_count && i < 20; i++)
        words = arena_format(call->arena, "%s%s%s", words, i ? " " : "", filter->blocked[i]);
    result->title =
        arena_format(call->arena, _("%s, flagged for: %s"), filter->source, *words ? words : _("(nothing)"));
    result_field(result, "source", NULL, UNIT_NONE, value_text(filter->source));
    result_field(result, "blocklist", NULL, UNIT_NONE, value_list(filter->blocked, filter->blocked_count));
    result_field(result, "lines", _("lines %s"), UNIT_NONE, value_count(filter->text.count));
    result_field(result, "flagged", _("flagged %s"), UNIT_NONE, value_count(filter->flags));
    add_measures(&filter->all, result);
}

/* --- the lines, or the groups --- */

static const char *verdict(Label label, bool flagged)
{
    if (label == LABEL_NONE) return flagged ? _("flagged") : "";
    if (label == LABEL_BAD) return flagged ? _("caught") : _("missed");
    return flagged ? _("wrongly flagged") : _("let through");
}

static bool has_groups(const Filter *filter)
{
    for (size_t i = 0; i < filter->text.count; i++)
        if (filter->text.lines[i].group) return true;
    return false;
}

static void add_line(const Filter *filter, size_t index, Result *result)
{
    const LabelledLine *line = &filter->text.lines[index];
    bool flagged = filter->flagged[index];
    const Value row[] = {
        value_count(index + 1),
        value_text(verdict(line->label, flagged)),
        line->label == LABEL_NONE ? value_null() : value_count(line->label == LABEL_BAD),
        value_bool(flagged),
        value_text(flagged ? filter->words[index] : ""),
        line->group ? value_text(line->group) : value_null(),
        value_text(line->text),
    };
    memcpy(result_row(result), row, sizeof row);
}

static void add_lines(const Call *call, const Filter *filter, Result *result)
{
    bool all = call_is(call, OPT_SHOW_FILTER, "all");
    result_table(result, "rows");
    result_column(result, "line", _("line"), UNIT_NONE, false);
    result_column(result, NULL, "", UNIT_NONE, false);
    result_column(result, "label", NULL, UNIT_NONE, false);
    result_column(result, "flagged", NULL, UNIT_NONE, false);
    result_column(result, "word", _("for"), UNIT_NONE, false);
    result_column(result, "group", has_groups(filter) ? _("group") : NULL, UNIT_NONE, false);
    result_column(result, "text", _("text"), UNIT_NONE, false);
    for (size_t i = 0; i < filter->text.count; i++) {
        Label label = filter->text.lines[i].label;
        bool wrong = label == LABEL_NONE ? filter->flagged[i] : (label == LABEL_BAD) != filter->flagged[i];
        if (wrong || all) add_line(filter, i, result);
    }
    result_fold(result);
}

static bool in_group(const LabelledLine *line, const char *group)
{
    return line->group && strcmp(line->group, group) == 0;
}

static void add_group(const Filter *filter, const char *group, Result *result)
{
    Confusion c = {0};
    for (size_t i = 0; i < filter->text.count; i++)
        if (in_group(&filter->text.lines[i], group))
            confusion_add(&c, filter->text.lines[i].label, filter->flagged[i]);
    const Value row[] = {
        value_text(group),
        value_count(c.tp + c.fp + c.fn + c.tn),
        value_count(c.tp + c.fp),
        value_count(c.fp),
        value_count(c.fp + c.tn),
        share_value(confusion_false_positive_rate(&c)),
        share_value(confusion_recall(&c)),
    };
    memcpy(result_row(result), row, sizeof row);
}

static void add_groups(const Filter *filter, Result *result)
{
    result_table(result, "groups");
    result_column(result, "group", _("group"), UNIT_NONE, false);
    result_column(result, "lines", _("lines"), UNIT_NONE, false);
    result_column(result, "flagged", _("flagged"), UNIT_NONE, false);
    result_column(result, "fp", _("wrongly"), UNIT_NONE, false);
    result_column(result, "good", _("of good lines"), UNIT_NONE, false);
    result_column(result, "false_positive_rate", _("false positives"), UNIT_PROBABILITY, true);
    result_column(result, "recall", _("recall"), UNIT_PROBABILITY, false);
    for (size_t i = 0; i < filter->text.count; i++) {
        const char *group = filter->text.lines[i].group;
        size_t first = 0;
        while (group && !in_group(&filter->text.lines[first], group)) first++;
        if (group && first == i) add_group(filter, group, result);
    }
}

static bool check_groups(const Call *call, const Filter *filter, Error *error)
{
    const OptionValue *value = &call->values[OPT_SHOW_FILTER];
    if (!call_is(call, OPT_SHOW_FILTER, "groups") || has_groups(filter)) return true;
    error_set(error, _("%s does not say who speaks"), filter->source);
    error_hint(error, _("dialect does: filter dialect blocklist=rotten,stupid show=groups"));
    return error_place(error, value->start, value->length);
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    Filter *filter = call->work = arena_alloc(call->arena, 1, sizeof *filter);
    if (!read_blocked(call, filter, error) || !read_lines(session, call, filter, error) ||
        !check_groups(call, filter, error))
        return false;
    judge(call, filter);
    add_fields(call, filter, result);
    if (call_is(call, OPT_SHOW_FILTER, "groups"))
        add_groups(filter, result);
    else
        add_lines(call, filter, result);
    if (filter->all.tp + filter->all.fp + filter->all.fn + filter->all.tn == 0)
        result_note(result, _("Nobody has labelled these lines: what of it is right cannot be told."));
    return true;
}

/* --- why --- */

static Fact *explain_share(Arena *arena, const char *name, const char *formula, double share, size_t part,
                           size_t whole)
{
    if (isnan(share)) return fact_note(arena, arena_format(arena, _("%s has no value: 0/0"), name));
    Fact *fact = fact_new(arena, FACT_PROBABILITY, name, formula, share);
    fact_because(fact, fact_new(arena, FACT_COUNT, _("numerator, lines"), NULL, (double)part));
    return fact_because(fact, fact_new(arena, FACT_COUNT, _("denominator, lines"), NULL, (double)whole));
}

static const Fact *explain(const Call *call, const Result *result, const Call *why, Error *error)
{
    const Confusion *c = &((const Filter *)call->work)->all;
    Arena *arena = why->arena;
    size_t all = c->tp + c->fp + c->fn + c->tn;
    (void)result;
    (void)error;
    Fact *fact = fact_note(arena, _("positive: flagged; true: rightly so, as the labels have it"));
    fact_because(fact, explain_share(arena, _("precision"), "TP / (TP + FP)", confusion_precision(c), c->tp,
                                     c->tp + c->fp));
    fact_because(
        fact, explain_share(arena, _("recall"), "TP / (TP + FN)", confusion_recall(c), c->tp, c->tp + c->fn));
    fact_because(fact, explain_share(arena, _("accuracy"), "(TP + TN) / all", confusion_accuracy(c),
                                     c->tp + c->tn, all));
    return fact_because(fact, explain_share(arena, _("accuracy of flagging nothing"), "(FP + TN) / all",
                                            confusion_idle_accuracy(c), c->fp + c->tn, all));
}

const Command filter_command = {
    .name = "filter",
    .family = N_("experiments"),
    .usage = "[FILE|corpus] blocklist=WORDS",
    .summary = N_("Flag the lines that hold a blocked word, and compare with what people say of them"),
    .example = "filter blocklist=rotten,stupid",
    .words = WORDS_CORPUS,
    .most = 1,
    .options = OPTIONS(OPT_BLOCKLIST, OPT_SHOW_FILTER),
    .run = run,
    .explain = explain,
};
