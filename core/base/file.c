#include "core/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"

static bool cannot_open(Error *error, const char *path)
{
    if (errno == EINTR) return error_set(error, _("stopped while waiting for %s"), path);
    return error_set(error, _("cannot open %s: %s"), path, strerror(errno));
}

static bool cannot_write(Error *error, const char *path)
{
    return error_set(error, _("cannot write %s: %s"), path, strerror(errno));
}

static bool read_all(int fd, const char *path, size_t limit, char **text, size_t *length, Error *error)
{
    size_t used = 0, capacity = (size_t)64 * 1024;
    char *block = must_grow(NULL, capacity, 1);
    for (;;) {
        ssize_t got = read(fd, block + used, capacity - used - 1);
        if (got == 0) break;
        if (got > 0) used += (size_t)got;
        if (got < 0 || used > limit) {
            free(block);
            if (got < 0 && errno == EINTR) return error_set(error, _("stopped while reading %s"), path);
            return got < 0 ? error_set(error, _("cannot read %s: %s"), path, strerror(errno))
                           : error_set(error, _("%s is larger than %zu MiB"), path, limit >> 20);
        }
        if (used + 1 >= capacity) block = must_grow(block, capacity *= 2, 1);
    }
    block[used] = '\0';
    *text = block;
    *length = used;
    return true;
}

bool file_read(const char *path, size_t limit, char **text, size_t *length, Error *error)
{
    if (file_is_folder(path)) return error_set(error, _("%s is a folder, not a file"), path);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return cannot_open(error, path);
    bool ok = read_all(fd, path, limit, text, length, error);
    close(fd);
    return ok;
}

static bool write_all(int fd, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t put = write(fd, text, length);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return false;
        text += put;
        length -= (size_t)put;
    }
    return true;
}

static bool write_directly(const char *path, const char *text, size_t length, Error *error)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return cannot_open(error, path);
    bool ok = write_all(fd, text, length);
    int why = errno;
    ok = close(fd) == 0 && ok;
    if (!ok) errno = why;
    return ok || cannot_write(error, path);
}

/* The permissions of the file to be replaced, or those a new file gets. */
static mode_t mode_for(const char *path)
{
    struct stat info;
    if (stat(path, &info) == 0) return info.st_mode & 07777;
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

static bool write_beside(const char *path, char *draft, const char *text, size_t length, Error *error)
{
    int fd = mkstemp(draft);
    if (fd < 0) return cannot_write(error, path);
    bool ok = write_all(fd, text, length) && fchmod(fd, mode_for(path)) == 0 && fsync(fd) == 0;
    int why = errno;
    if (close(fd) != 0 && ok) { /* where quotas and network disks complain */
        why = errno;
        ok = false;
    }
    if (ok && rename(draft, path) == 0) return true;
    if (!ok) errno = why;
    cannot_write(error, path);
    unlink(draft);
    return false;
}

bool file_write(const char *path, const char *text, size_t length, Error *error)
{
    struct stat info;
    if (file_is_folder(path)) return error_set(error, _("%s is a folder, not a file"), path);
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode)) return write_directly(path, text, length, error);
    char *target = realpath(path, NULL); /* a symbolic link stays one; NULL when the file is new */
    size_t size = strlen(target ? target : path) + sizeof ".XXXXXX";
    char *draft = must_alloc(size, 1);
    snprintf(draft, size, "%s.XXXXXX", target ? target : path);
    bool ok = write_beside(target ? target : path, draft, text, length, error);
    free(target);
    free(draft);
    return ok;
}

bool file_is_regular(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

bool file_is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}
