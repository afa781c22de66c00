#include "core/base/random.h"

Random random_seeded(uint64_t seed)
{
    uint64_t z = seed + 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    z ^= z >> 31;
    return (Random){.state = z ? z : 1};
}

uint64_t random_next(Random *random)
{
    uint64_t s = random->state;
    s ^= s >> 12;
    s ^= s << 25;
    s ^= s >> 27;
    random->state = s;
    return s * 0x2545F4914F6CDD1Du;
}

double random_unit(Random *random) { return (double)(random_next(random) >> 11) / 9007199254740992.0; }
