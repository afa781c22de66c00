#include "core/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/draft.h"
#include "core/base/i18n.h"
#include "core/base/memory.h"

static bool cannot_open(Error *error, const char *path)
{
    if (errno == EINTR) return error_set(error, _("stopped while waiting for %s"), path);
    return error_set(error, _("cannot open %s: %s"), path, error_reason(errno));
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
            return got < 0 ? error_set(error, _("cannot read %s: %s"), path, error_reason(errno))
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

bool file_write(const char *path, const char *text, size_t length, Error *error)
{
    Draft *draft = draft_new(path, false, error);
    if (!draft) return false;
    draft_write(draft, text, length);
    return draft_finish(draft, error);
}

bool file_is_regular(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

size_t file_size(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode) ? (size_t)info.st_size : 0;
}

bool file_ends_in(const char *path, const char *ending)
{
    size_t length = strlen(path), tail = strlen(ending);
    return length > tail && strcmp(path + length - tail, ending) == 0;
}

bool file_is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}
