/* The files of figures that the other tests of the engine compare with are read as they are. */

#include <math.h>
#include <stdlib.h>

#include "tests/support/check.h"
#include "tests/support/engine.h"

TestSuite(figures, .timeout = 20);

/* losses and first numbers as the JSON files beside the oracle's say */
Test(figures, losses_and_gradients_are_those_pytorch_wrote)
{
    Figures figures = figures_open("lstm");
    double *losses = figures_doubles(&figures, NULL, "%s_losses64", "sgd");
    CHECK_NEAR(losses[0], 3.3213543341962946, 1e-15);
    CHECK_NEAR(losses[3], 3.310181903158059, 1e-15);
    size_t count;
    double *gradient = figures_doubles(&figures, &count, "grad64.%s", "rnn.weight_ih_l0");
    CHECK_INT(count, 128 * 16);
    free(gradient);
    free(losses);
    figures_close(&figures);
}

Test(figures, token_ids_are_in_the_vocabulary)
{
    Figures figures = figures_open("bigram");
    size_t count;
    TokenId *ids = figures_ids(&figures, &count, "inputs");
    CHECK_INT(count, 64);
    for (size_t i = 0; i < count; i++) CHECK(ids[i] >= 0 && ids[i] < 27);
    free(ids);
    figures_close(&figures);
}

Test(figures, parameters_are_loaded_by_name)
{
    Figures figures = figures_open("mlp");
    Parameters parameters = {0};
    size_t bias = parameters_add(&parameters, 1, (size_t[]){64}, "b%d", 1);
    size_t table = parameters_add(&parameters, 2, (size_t[]){27, 10}, "C");
    parameters_allocate(&parameters);
    figures_load(&figures, &parameters);
    double *stored = calloc(270, sizeof *stored);
    stored_tensor_doubles(safetensors_find(figures.weights, "C"), stored);
    CHECK(difference(parameters.tensors[table].x, stored, 270).absolute == 0);
    CHECK_NEAR(parameters.tensors[bias].x[0], -0.0003363223804626614, 1e-17);
    CHECK_NEAR(parameters.tensors[bias].x[63], 0.005118785426020622, 1e-17);
    free(stored);
    parameters_release(&parameters);
    figures_close(&figures);
}

Test(figures, differences_are_the_largest_and_the_relative_one)
{
    Real x[] = {3, 4, 0};
    double wanted[] = {3, 4, 0}, other[] = {3, 3, 4};
    Difference none = difference(x, wanted, 3), some = difference(x, other, 3);
    CHECK(none.absolute == 0 && none.relative == 0);
    CHECK_NEAR(some.absolute, 4, 0);
    CHECK_NEAR(some.relative, sqrt(17.0 / 34), 1e-15);
    x[1] = (Real)NAN;
    CHECK(isinf(difference(x, wanted, 3).absolute));
}
