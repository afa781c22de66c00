/* energy.h - the energy that the processors have used so far, as Linux counts it (powercap, RAPL).
 *
 * Each processor package is a folder intel-rapl:N (on AMD too) whose file energy_uj counts microjoules of all
 * that runs there, and starts again from 0 about once an hour. Newer systems let only root read it; virtual
 * machines have none. */
#ifndef CORE_BASE_ENERGY_H
#define CORE_BASE_ENERGY_H

#include <stdbool.h>

#define ENERGY_FOLDER "/sys/class/powercap"

/* The sum of all packages below `folder`, in joules. False when there is none, or one cannot be read. */
bool energy_read(const char *folder, double *joules);

#endif
