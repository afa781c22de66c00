/* Files: whole ones in and out, and the old one kept whenever writing fails. */

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"
#include "tests/support/check.h"

static char folder[64], path[96];

static void start(void)
{
    strcpy(folder, "/tmp/lmsh-file-XXXXXX");
    CHECK(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/text", folder);
}

static size_t files_in(const char *name)
{
    size_t count = 0;
    DIR *listing = opendir(name);
    for (struct dirent *entry; (entry = readdir(listing));) count += entry->d_name[0] != '.';
    closedir(listing);
    return count;
}

static void finish(void)
{
    unlink(path);
    rmdir(folder);
}

TestSuite(file, .init = start, .fini = finish, .timeout = 20);

static void check_holds(const char *wanted, size_t length)
{
    Error error;
    char *text;
    size_t got;
    CHECK_FOR(file_read(path, 1 << 24, &text, &got, &error), "%s", error.message);
    CHECK_INT(got, length);
    CHECK(memcmp(text, wanted, length + 1) == 0);
    free(text);
}

Test(file, what_is_written_is_read_again)
{
    Error error;
    char *large = malloc(1000001);
    memset(large, 'x', 1000000);
    large[1000000] = '\0';
    static const struct {
        const char *text;
        size_t length;
    } cases[] = {{"", 0}, {"a\n", 2}, {"a\0b\xFF", 4}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CHECK_FOR(file_write(path, cases[i].text, cases[i].length, &error), "row %zu: %s", i, error.message);
        check_holds(cases[i].text, cases[i].length);
    }
    CHECK(file_write(path, large, 1000000, &error));
    check_holds(large, 1000000);
    CHECK_INT(files_in(folder), 1); /* no draft is left */
    free(large);
}

Test(file, reading_refuses_what_is_no_file_or_too_long)
{
    Error error;
    char *text;
    size_t length;
    CHECK(!file_read(folder, 100, &text, &length, &error));
    CHECK(strstr(error.message, "folder") && strstr(error.message, folder));
    CHECK(!file_read("/tmp/no/such/file", 100, &text, &length, &error));
    CHECK(strstr(error.message, "/tmp/no/such/file") && strstr(error.message, "No such file"));
    CHECK(file_write(path, "0123456789", 10, &error));
    CHECK(!file_read(path, 9, &text, &length, &error));
    CHECK(strstr(error.message, path));
    CHECK(file_read(path, 10, &text, &length, &error));
    free(text);
    CHECK(!file_read("/dev/zero", 100000, &text, &length, &error));
}

Test(file, permissions_follow_umask)
{
    static const mode_t masks[] = {022, 077, 002, 027};
    Error error;
    for (size_t i = 0; i < COUNT_OF(masks); i++) {
        struct stat info;
        unlink(path);
        umask(masks[i]);
        CHECK_FOR(file_write(path, "a", 1, &error), "%s", error.message);
        CHECK_INT(stat(path, &info), 0);
        CHECK_FOR((info.st_mode & 0777) == (0666 & ~masks[i]), "umask %o gave %o", masks[i],
                  info.st_mode & 0777);
        CHECK_INT(umask(022), masks[i]);
    }
}

Test(file, a_folder_is_no_target)
{
    Error error;
    CHECK(!file_write(folder, "a", 1, &error));
    CHECK(strstr(error.message, "folder"));
    CHECK(file_is_folder(folder));
}

Test(file, a_full_device_is_an_error)
{
    Error error;
    CHECK(!file_write("/dev/full", "a", 1, &error));
    CHECK(strstr(error.message, "/dev/full") && strstr(error.message, "No space left"));
    CHECK(file_write("/dev/null", "a", 1, &error));
    struct stat info;
    CHECK(stat("/dev/full", &info) == 0 && S_ISCHR(info.st_mode));
}

/* A disk that fills up in the middle is played by a limit on the size of files. */
Test(file, the_old_file_survives_a_write_that_fails)
{
    Error error;
    char *large = calloc(100000, 1);
    CHECK(file_write(path, "old\n", 4, &error));
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit, small;
    getrlimit(RLIMIT_FSIZE, &limit);
    small = limit;
    small.rlim_cur = 5000;
    setrlimit(RLIMIT_FSIZE, &small);
    bool ok = file_write(path, large, 100000, &error);
    setrlimit(RLIMIT_FSIZE, &limit);
    CHECK(!ok);
    CHECK(strstr(error.message, path));
    check_holds("old\n", 4);
    CHECK_INT(files_in(folder), 1);
    free(large);
}

Test(file, an_unwritable_folder_is_an_error_and_keeps_the_old_file)
{
    Error error;
    CHECK(file_write(path, "old\n", 4, &error));
    CHECK_INT(chmod(folder, 0555), 0);
    bool root = geteuid() == 0; /* whom no permission stops */
    if (root) CHECK_INT(seteuid(65534), 0);
    bool ok = file_write(path, "new\n", 4, &error);
    if (root) CHECK_INT(seteuid(0), 0);
    chmod(folder, 0755);
    CHECK(!ok);
    CHECK(strstr(error.message, path) && strstr(error.message, "Permission denied"));
    check_holds("old\n", 4);
    CHECK(!file_write("/tmp/no/such/folder/file", "a", 1, &error));
}

Test(file, kinds_of_files_are_told_apart)
{
    Error error;
    CHECK(file_write(path, "a", 1, &error));
    CHECK(file_is_regular(path) && !file_is_folder(path));
    CHECK(!file_is_regular(folder) && file_is_folder(folder));
    CHECK(!file_is_regular("/dev/null") && !file_is_folder("/dev/null"));
    CHECK(!file_is_regular("/tmp/no/such/file") && !file_is_folder("/tmp/no/such/file"));
}
