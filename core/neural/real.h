/* real.h - the number type of the engine: float, or double where gradients are checked.
 *
 * The same sources are built twice, the second time with -DREAL_DOUBLE into a library of their own, so that
 * finite differences can be compared with gradients to eight digits. Losses are double in both. */
#ifndef CORE_NEURAL_REAL_H
#define CORE_NEURAL_REAL_H

#ifdef REAL_DOUBLE
typedef double Real;
#define REAL_EPSILON 2.220446049250313e-16
#else
typedef float Real;
#define REAL_EPSILON 1.1920929e-07
#endif

#endif
