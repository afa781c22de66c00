/* The energy counters of Linux, in a folder of our own. */

#include <sys/stat.h>

#include "core/base/energy.h"
#include "tests/support/shell.h"

static char folder[FOLDER_SIZE];
static void make(void) { folder_make(folder); }
static void clear(void) { folder_remove(folder); }

TestSuite(energy, .init = make, .fini = clear, .timeout = 20);

static void put(const char *package, const char *microjoules)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, package);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/%s/energy_uj", folder, package);
    file_put(path, microjoules);
}

Test(energy, is_the_sum_of_all_packages)
{
    double joules;
    put("intel-rapl:0", "1500000\n");
    put("intel-rapl:1", "18446744073709551\n");
    put("intel-rapl:0:0", "77\n"); /* a part of package 0 */
    CHECK(energy_read(folder, &joules));
    CHECK_NEAR(joules, 1.5 + 18446744073.709551, 1e-5);
}

Test(energy, may_be_unreadable)
{
    double joules;
    CHECK(!energy_read(folder, &joules));
    put("intel-rapl:0", "12\n");
    put("intel-rapl:1", "nonsense");
    CHECK(!energy_read(folder, &joules));
}
