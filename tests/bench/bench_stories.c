/* bench_stories.c - whole stories typed at the prompt: seconds from start to a validation loss. */
#include "tests/bench/bench.h"
void bench_stories(const Bench *bench) { (void)bench; }
