#include "tests/support/looking.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How many tokens of a sequence there are before its first one comes again. */
static size_t length_of(const TokenId *ids, size_t most)
{
    size_t length = 1;
    while (length < most && ids[length] != ids[0]) length++;
    return length;
}

static Vocab *words_of(size_t count, TokenId first)
{
    Vocab *vocab = vocab_new();
    for (size_t i = 0; i < count; i++) {
        char word[24];
        snprintf(word, sizeof word, "w%zu", i);
        const char *text = (TokenId)i == first ? TEXT_END : word;
        vocab_add(vocab, text, strlen(text));
    }
    return vocab;
}

/* The longest text among the sequences. */
static void choose_sequence(Looking *l, const TokenId *inputs, size_t sequences)
{
    for (size_t b = 0; b < sequences; b++) {
        size_t steps = length_of(inputs + b * l->length, l->length);
        if (steps <= l->steps) continue;
        l->steps = steps;
        l->sequence = b;
    }
    l->ids = malloc(l->steps * sizeof *l->ids);
    memcpy(l->ids, inputs + l->sequence * l->length, l->steps * sizeof *l->ids);
    size_t used = 0;
    for (size_t i = 1; i < l->steps; i++)
        used +=
            (size_t)snprintf(l->words + used, sizeof l->words - used, "%sw%d", i > 1 ? " " : "", l->ids[i]);
}

Looking looking_begin(Shell *shell, const char *name, Architecture architecture)
{
    size_t count;
    Looking l = {.figures = figures_open(name), .architecture = architecture, .length = architecture.ctx};
    TokenId *inputs = figures_ids(&l.figures, &count, "inputs");
    choose_sequence(&l, inputs, count / l.length);
    free(inputs);
    Network *network = network_new(&architecture, true);
    figures_load(&l.figures, &network->parameters);
    Model *model =
        neural_new(words_of(architecture.outcomes, l.ids[0]), TOKENIZER_WORDS, network, NULL, NULL);
    workspace_put_model(session_workspace(shell->session), name, model, "");
    return l;
}

void looking_end(Looking *looking)
{
    figures_close(&looking->figures);
    free(looking->ids);
}

double looking_number(const double *figures, const Looking *looking, size_t at, size_t columns, size_t index)
{
    return figures[(looking->sequence * looking->length + at) * columns + index];
}
