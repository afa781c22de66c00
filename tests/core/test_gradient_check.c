/* The gradient check itself: its gradient is the one worked out by hand, and it agrees with finite
 * differences to the digits that doubles allow. */

#include <math.h>

#include "core/neural/gradient_check.h"
#include "tests/support/check.h"

TestSuite(gradient_check, .timeout = 20);

/* One row of logits a token, all 0: p = 1/3 everywhere. Text 2 0 1 2: the rows 2, 0 and 1 are asked once. The
 * gradient of each is (p - 1 at the target) / 3. */
Test(gradient_check, softmax_by_hand)
{
    const Architecture architecture = {.kind = NETWORK_SOFTMAX, .outcomes = 3, .n = 2};
    const float weights[9] = {0};
    const TokenId ids[] = {2, 0, 1, 2};
    GradientCheck check;
    double loss = gradient_check(&architecture, weights, ids, COUNT_OF(ids), &check);
    CHECK(fabs(loss - log(3)) < 1e-12);
    CHECK_STR(check.name, "W");
    CHECK(check.size == 9 && check.checked == 9);
    CHECK(fabs(check.norm - sqrt(2.0 / 9)) < 1e-12); /* three rows, each (4 + 1 + 1) / 9 / 9 */
    CHECK(check.worst < 1e-10);
}
