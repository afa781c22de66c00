/* The softmax bigram and the mlp against PyTorch: logits, loss, gradients, intermediates, optimisers. */
#include <stdlib.h>

#include "tests/support/check.h"
#include "tests/support/engine.h"
#include "tests/support/likeness.h"

TestSuite(mlp, .timeout = 20);

Test(mlp, the_softmax_bigram_is_pytorchs)
{
    Likeness likeness =
        likeness_open("bigram", (Architecture){.kind = NETWORK_SOFTMAX, .outcomes = 27, .n = 2});
    likeness_check(&likeness);
    likeness_close(&likeness);
}

Test(mlp, the_mlp_is_pytorchs)
{
    Likeness likeness =
        likeness_open("mlp", (Architecture){.kind = NETWORK_MLP, .outcomes = 27, .n = 4, .d = 10, .h = 64});
    likeness_check(&likeness);
    likeness_check_tensor(&likeness, "emb", "emb");
    likeness_check_tensor(&likeness, "hpre", "hpre");
    likeness_check_tensor(&likeness, "h", "h");
    likeness_close(&likeness);
}
