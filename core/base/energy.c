#include "core/base/energy.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PACKAGES = 64 };

static bool read_package(const char *folder, int number, bool *exists, double *joules)
{
    char path[512], text[32] = "", *end = text;
    snprintf(path, sizeof path, "%s/intel-rapl:%d/energy_uj", folder, number);
    *exists = access(path, F_OK) == 0;
    FILE *file = *exists ? fopen(path, "r") : NULL;
    if (!file) return false;
    if (fgets(text, sizeof text, file)) *joules += (double)strtoull(text, &end, 10) / 1e6;
    fclose(file);
    return end != text;
}

bool energy_read(const char *folder, double *joules)
{
    bool exists = true;
    *joules = 0;
    for (int number = 0; number < PACKAGES; number++) {
        bool ok = read_package(folder, number, &exists, joules);
        if (!exists) return number > 0;
        if (!ok) return false;
    }
    return true;
}
