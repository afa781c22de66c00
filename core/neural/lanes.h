/* lanes.h - loops that the compiler may build several times, for wider and narrower machines, and choose from
 * when the program starts. The results are the same bits in all of them: nothing is reordered or contracted.
 */
#ifndef CORE_NEURAL_LANES_H
#define CORE_NEURAL_LANES_H

/* Sanitizers do not bear the chooser, which runs before they are ready. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LANES
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(REAL_DOUBLE)
#define LANES
#endif
/* clang 14 gives the chooser a name of its own, which no other file finds. */
#if !defined(LANES) && defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__)
#define LANES __attribute__((target_clones("avx512f", "avx2", "default")))
#endif
#ifndef LANES
#define LANES
#endif

#endif
