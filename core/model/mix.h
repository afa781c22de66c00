/* mix.h - a model that errs: with probability eps the next token is junk, whatever came before.
 *
 *   p(x | context) = (1 - eps) q(x | context) + eps junk(x)
 *
 * q is another model, the base; junk is even over m tokens. No token loses more than the factor 1 - eps, so
 * the perplexity of any text is at most 1 / (1 - eps) times what it was; and what was impossible is so no
 * more. Where q has no distribution (0/0), only the junk is left: p = junk. */
#ifndef CORE_MODEL_MIX_H
#define CORE_MODEL_MIX_H

#include "core/model/model.h"

/* 0 <= eps <= 1. The base is shared, and no mix itself. `junk` are `count` of its outcomes; with count 0 all
 * of them but <unk>. */
Model *mix_new(Model *base, double eps, const TokenId *junk, size_t count);

Model *mix_base(const Model *model); /* q, borrowed; NULL for any other kind of model */
double mix_eps(const Model *model);
size_t mix_junk(const Model *model); /* m */

#endif
