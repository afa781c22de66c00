/* Why an n-gram model says what it says, in words: what each fact is called, and which facts there are. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/ngram/pruning.h"
#include "tests/support/models.h"

TestSuite(reasons, .timeout = 20);

/* --- names --- */

static const struct {
    SmoothingKind kind;
    const char *given, *name, *formula;
    double counts[2]; /* the first two counts below */
} explained[] = {
    {SMOOTH_MLE, "the mouse", "p(ate | the mouse)", "count(the mouse ate) / count(the mouse ...)", {6, 7}},
    {SMOOTH_MLE, "", "p(ate | <s> <s>)", "count(<s> <s> ate) / count(<s> <s> ...)", {0, 8}},
    {SMOOTH_MLE, "zebra the", "p(ate | (?) the)", "count((?) the ate) / count((?) the ...)", {0, 0}},
    {SMOOTH_ADD,
     "the mouse",
     "p(ate | the mouse)",
     "(count(the mouse ate) + k) / (count(the mouse ...) + k V)",
     {6, 7}},
};

Test(reasons, counts_are_named)
{
    Model *models[] = {train_built_in("mouse", counted(3)), train_built_in("mouse", added(3, 1))};
    for (size_t i = 0; i < COUNT_OF(explained); i++) {
        Arena arena = {0};
        const Model *model = models[explained[i].kind];
        State *state = state_after(model, explained[i].given);
        const Fact *fact = state_explain(state, id_of(model, "ate"), &arena);
        CHECK_STR(fact->name, explained[i].name);
        CHECK_STR(fact->formula, explained[i].formula);
        CHECK_FOR(fact->reasons->value == explained[i].counts[0], "row %zu: %g", i, fact->reasons->value);
        CHECK_FOR(fact->reasons->next->value == explained[i].counts[1], "row %zu: %g", i,
                  fact->reasons->next->value);
        bool note = fact->reasons->next->next && fact->reasons->next->next->kind == FACT_NOTE;
        CHECK_FOR(note == (explained[i].counts[1] == 0), "row %zu: 0/0 is said", i);
        state_free(state);
        arena_release(&arena);
    }
    for (size_t i = 0; i < COUNT_OF(models); i++) model_free(models[i]);
}

static void check_name(NgramOptions options, const char *given, const char *wanted)
{
    Arena arena = {0};
    Model *model = train_built_in("mouse", options);
    State *state = state_after(model, given);
    CHECK_STR(state_explain(state, id_of(model, "ball"), &arena)->name, wanted);
    state_free(state);
    model_free(model);
    arena_release(&arena);
}

/* n - 1, or as in KenLM and SRILM one. */
Test(reasons, a_history_names_as_many_sentence_beginnings_as_count)
{
    static const SmoothingKind one[] = {SMOOTH_AD, SMOOTH_KN, SMOOTH_MKN, SMOOTH_KATZ},
                               all[] = {SMOOTH_MLE, SMOOTH_ADD, SMOOTH_INTERP, SMOOTH_WB};
    for (size_t i = 0; i < COUNT_OF(one); i++) {
        check_name(usual(one[i], 4), "", "p(ball | <s>)");
        check_name(usual(one[i], 4), "the", "p(ball | <s> the)");
        check_name(usual(all[i], 4), "", "p(ball | <s> <s> <s>)");
        check_name(usual(all[i], 4), "the", "p(ball | <s> <s> the)");
    }
}

/* --- trees --- */

static void write_tree(FILE *out, const Fact *fact, int depth)
{
    if (fact->kind == FACT_NOTE)
        fprintf(out, "%*s%s\n", depth, "", fact->name);
    else
        fprintf(out, "%*s%s = %.4g%s%s\n", depth, "", fact->name, fact->value, fact->formula ? " = " : "",
                fact->formula ? fact->formula : "");
    for (const Fact *reason = fact->reasons; reason; reason = reason->next)
        write_tree(out, reason, depth + 1);
}

static void check_text(const Model *model, const char *given, const char *token, const char *wanted)
{
    Arena arena = {0};
    char *text;
    size_t length;
    State *state = state_after(model, given);
    FILE *out = open_memstream(&text, &length);
    write_tree(out, state_explain(state, id_of(model, token), &arena), 0);
    fclose(out);
    CHECK_STR(text, wanted);
    free(text);
    state_free(state);
    arena_release(&arena);
}

static void check_trained(NgramOptions options, const char *given, const char *token, const char *wanted)
{
    Model *model = train_built_in("mouse", options);
    check_text(model, given, token, wanted);
    model_free(model);
}

/* The numbers are worked out by hand in test_smoothing.c. */
Test(reasons, witten_bell_in_words)
{
    check_trained(usual(SMOOTH_WB, 2), "the", "mouse",
                  "p(mouse | the) = 0.4713 = (count + T x p(mouse)) / (total + T)\n"
                  " count(the mouse) = 7\n"
                  " T = 3 = different words seen after 'the'\n"
                  " total = 13 = count(the ...)\n"
                  " p(mouse) = 0.18 = (count + T x 1/V) / (total + T)\n"
                  "  count(mouse) = 8\n"
                  "  T = 6 = different words seen\n"
                  "  total = 44 = count(...)\n"
                  "  1/V = 0.1667 = 1 / 6\n");
}

/* A step for each <s>, though one is stored. */
Test(reasons, padded_witten_bell_in_words)
{
    check_trained(usual(SMOOTH_WB, 3), "", "the",
                  "p(the | <s> <s>) = 0.8512 = (count + T x p(the | <s>)) / (total + T)\n"
                  " count(<s> <s> the) = 7\n"
                  " T = 2 = different words seen after '<s> <s>'\n"
                  " total = 8 = count(<s> <s> ...)\n"
                  " p(the | <s>) = 0.756 = (count + T x p(the)) / (total + T)\n"
                  "  count(<s> the) = 7\n"
                  "  T = 2 = different words seen after '<s>'\n"
                  "  total = 8 = count(<s> ...)\n"
                  "  p(the) = 0.28 = (count + T x 1/V) / (total + T)\n"
                  "   count(the) = 13\n"
                  "   T = 6 = different words seen\n"
                  "   total = 44 = count(...)\n"
                  "   1/V = 0.1667 = 1 / 6\n");
}

Test(reasons, padded_stupid_backoff_in_words)
{
    check_trained(usual(SMOOTH_BACKOFF, 3), "", "ball",
                  "S(ball | <s> <s>) = 0.003636 = 0.4 x S(ball | <s>)\n"
                  " count(<s> <s> ball) = 0\n"
                  " S(ball | <s>) = 0.009091 = 0.4 x S(ball)\n"
                  "  count(<s> ball) = 0\n"
                  "  S(ball) = 0.02273 = count / total\n"
                  "   count(ball) = 1\n"
                  "   total = 44 = count(...)\n"
                  " scores, not probabilities: they need not sum to 1\n");
}

Test(reasons, kneser_ney_in_words)
{
    check_trained(usual(SMOOTH_KN, 2), "the", "mouse",
                  "p(mouse | the) = 0.5074 = (count - D) / total + backoff(the) x p(mouse)\n"
                  " count(the mouse) = 7\n"
                  " D = 0.75 = the fallback: the counts give no discount (n2 = 0)\n"
                  " total = 13 = count(the ...)\n"
                  " backoff(the) = 0.1731 = D x T / total\n"
                  "  T = 3 = different words seen after 'the'\n"
                  " p(mouse) = 0.1538 = (count - D) / total + backoff x 1/V\n"
                  "  different words before 'mouse' = 2\n"
                  "  D = 0.1111 = n1 / (n1 + 2 n2), n1 = 1, n2 = 4\n"
                  "  total = 13 = different words before each word, summed\n"
                  "  backoff = 0.05128 = D x T / total\n"
                  "   T = 6 = different words seen\n"
                  "  1/V = 0.1667 = 1 / 6\n"
                  " n1, n2, ...: how many n-grams of that length have count 1, 2, ...; in lower orders, so "
                  "many different words before them\n");
}

Test(reasons, modified_kneser_ney_in_words)
{
    check_trained(usual(SMOOTH_MKN, 2), "zebra", "mouse",
                  "p(mouse | (?)) = 0.1538 = p(mouse)\n"
                  " nothing was seen after '(?)': the shorter history stands (weight 1)\n"
                  " p(mouse) = 0.1538 = (count - D2) / total + backoff x 1/V\n"
                  "  different words before 'mouse' = 2\n"
                  "  D2 = 1 = the fallback: the counts give no discount (n3 = 0)\n"
                  "  total = 13 = different words before each word, summed\n"
                  "  backoff = 0.4615 = (D1 x N1 + D2 x N2 + D3+ x N3+) / total\n"
                  "   D1 = 0.5 = the fallback\n"
                  "   N1 = 1 = words with 1 different word before them\n"
                  "   N2 = 4 = words with 2 different words before them\n"
                  "   D3+ = 1.5 = the fallback\n"
                  "   N3+ = 1 = words with 3 or more different words before them\n"
                  "  1/V = 0.1667 = 1 / 6\n");
}

Test(reasons, katz_in_words)
{
    check_trained(usual(SMOOTH_KATZ, 2), "the", "cheese",
                  "p(cheese | the) = 0.2308 = d5 x count / total\n"
                  " d5 = 0.6 = (r* / 5 - A) / (1 - A)\n"
                  "  r* = 3 = 6 n6 / n5, n5 = 2, n6 = 1\n"
                  "  A = 0 = 8 n8 / n1, n1 = 7, n8 = 0\n"
                  " count(the cheese) = 5\n"
                  " total = 13 = count(the ...)\n"
                  " n1, n2, ...: how many different n-grams of that length have count 1, 2, ...\n");
    check_trained(usual(SMOOTH_KATZ, 2), "the", "the",
                  "p(the | the) = 0.06897 = alpha(the) x p(the)\n"
                  " count(the the) = 0\n"
                  " alpha(the) = 0.2334 = (1 - seen) / (1 - lower)\n"
                  "  seen = 0.8462 = p(w | the), summed over the words w seen after 'the'\n"
                  "  lower = 0.3409 = p of the next lower order, summed over these words\n"
                  " p(the) = 0.2955 = count / total\n"
                  "  count(the) = 13\n"
                  "  total = 44 = count(...)\n");
}

Test(reasons, stupid_backoff_in_words)
{
    check_trained(usual(SMOOTH_BACKOFF, 2), "the", "the",
                  "S(the | the) = 0.1182 = 0.4 x S(the)\n"
                  " count(the the) = 0\n"
                  " S(the) = 0.2955 = count / total\n"
                  "  count(the) = 13\n"
                  "  total = 44 = count(...)\n"
                  " scores, not probabilities: they need not sum to 1\n");
}

/* --- numbers that no counts explain --- */

/* p(a) = p(b) = p(</s>) = 1/4, p(b | a) = 1/2; back-off weight of a 1/10, of the others 1. */
Test(reasons, numbers_from_a_file)
{
    Vocab *vocab = vocab_new();
    vocab_add(vocab, "a", 1);
    vocab_add(vocab, "b", 1);
    vocab_add(vocab, TEXT_END, strlen(TEXT_END));
    NgramStore *store = store_new(2, 3);
    NodeId node = store_add(store, 2, 0, 1);
    store->levels[2].nodes[node].count = 1;
    Estimate *estimate = estimate_blank(store, &(Smoothing){.kind = SMOOTH_GIVEN});
    for (int word = 0; word < 3; word++) estimate->p[1][word] = 0.25;
    estimate->p[2][node] = 0.5;
    estimate->backoff[1][0] = 0.1;
    Model *model = ngram_new(vocab, TOKENIZER_WORDS, store, estimate, NULL);
    check_text(model, "a", "b",
               "p(b | a) = 0.5 = 10^-0.30103\n"
               " the longest n-gram the model has is 'a b'\n");
    check_text(model, "a", "a",
               "p(a | a) = 0.025 = backoff(a) x p(a)\n"
               " the longest n-gram the model has is 'a'\n"
               " backoff(a) = 0.1 = 10^-1\n"
               " p(a) = 0.25 = 10^-0.60206\n");
    check_text(model, "b", "a",
               "p(a | b) = 0.25 = p(a)\n"
               " the longest n-gram the model has is 'a'\n"
               " p(a) = 0.25 = 10^-0.60206\n");
    model_free(model);
}

/* Before, p(mouse | the) = (2 - 1)/5 + 1/2 2/13. "the ball" goes and leaves (1 - 1/2)/5 to the back-off
 * weight. */
Test(reasons, a_pruned_model_still_knows_its_counts)
{
    size_t removed;
    Model *model = train_built_in("mouse", usual(SMOOTH_MKN, 3));
    Model *pruned = pruning_apply(model, &(Pruning){.thresholds = {0, 0, 1, 1}}, &removed);
    check_text(pruned, "ball the", "mouse",
               "p(mouse | ball the) = 0.2923 = p(mouse | the)\n"
               " the longest n-gram the model has is 'the mouse'\n"
               " p(mouse | the) = 0.2923 = 10^-0.53416\n"
               "  count(the mouse) = 7\n");
    model_free(pruned);
    model_free(model);
}

/* One probability changed: the n-gram below says so, the others are explained as ever. */
Test(reasons, counts_that_do_not_give_the_number_are_not_claimed_to)
{
    Model *model = train_built_in("mouse", usual(SMOOTH_MKN, 2));
    NgramStore *store = store_clone(ngram_store(model));
    Estimate *estimate = estimate_clone(ngram_estimate(model), store);
    NodeId node = store_child(store, 2, (NodeId)id_of(model, "the"), id_of(model, "mouse"));
    estimate->p[2][node] = 0.1;
    Model *changed = ngram_new(vocab_share(model->vocab), TOKENIZER_WORDS, store, estimate, NULL);
    check_text(changed, "the", "mouse",
               "p(mouse | the) = 0.1 = 10^-1\n"
               " count(the mouse) = 7\n"
               " the counts no longer give this number\n");
    model_free(changed);
    model_free(model);
}
