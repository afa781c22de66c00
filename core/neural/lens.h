/* lens.h - what a transformer would predict if it stopped after one of its layers: the stream there, through
 * the last norm and the head (the "logit lens", nostalgebraist 2020). */
#ifndef CORE_NEURAL_LENS_H
#define CORE_NEURAL_LENS_H

#include "core/neural/neural.h"

/* Of a pass (neural_pass) that read `steps` tokens: p [steps, V] after `layer` layers; 0: of the embedding.
 * After the last layer it is the model's own prediction, bit for bit. */
void neural_lens(const Network *network, const Tape *pass, size_t steps, size_t layer, double *p);

#endif
