#include "core/base/draft.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/gzip.h"
#include "core/base/i18n.h"
#include "core/base/memory.h"

enum { BUFFER_BYTES = 256 * 1024 };

struct Draft {
    char *path;               /* as it was asked for, for messages */
    char *target, *temporary; /* NULL when written directly */
    int fd;
    int why; /* errno of the first failure, or 0 */
    Packer *packer;
    char *buffer;
    size_t used, capacity;
};

static bool cannot_write(Error *error, const char *path, int why)
{
    return error_set(error, _("cannot write %s: %s"), path, error_reason(why));
}

static void draft_free(Draft *draft)
{
    packer_free(draft->packer);
    free(draft->path);
    free(draft->target);
    free(draft->temporary);
    free(draft->buffer);
    free(draft);
}

static bool is_device(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && !S_ISREG(info.st_mode);
}

/* Beside the file itself, so that a symbolic link stays one. */
static void open_beside(Draft *draft)
{
    char *real = realpath(draft->path, NULL); /* NULL when the file is new */
    draft->target = real ? real : must_copy(draft->path, strlen(draft->path));
    size_t size = strlen(draft->target) + sizeof ".XXXXXX";
    draft->temporary = must_alloc(size, 1);
    snprintf(draft->temporary, size, "%s.XXXXXX", draft->target);
    draft->fd = mkstemp(draft->temporary);
}

Draft *draft_new(const char *path, bool pack, Error *error)
{
    if (file_is_folder(path)) return error_set(error, _("%s is a folder, not a file"), path), NULL;
    Draft *draft = must_alloc(1, sizeof *draft);
    *draft = (Draft){.path = must_copy(path, strlen(path)),
                     .buffer = must_grow(NULL, BUFFER_BYTES, 1),
                     .capacity = BUFFER_BYTES};
    if (is_device(path))
        draft->fd = open(path, O_WRONLY | O_CLOEXEC);
    else
        open_beside(draft);
    if (draft->fd >= 0) {
        if (pack) draft->packer = packer_new();
        return draft;
    }
    if (errno == EINTR)
        error_set(error, _("stopped while waiting for %s"), path);
    else
        cannot_write(error, path, errno);
    draft_free(draft);
    return NULL;
}

static bool write_all(void *to, const char *bytes, size_t length)
{
    Draft *draft = to;
    while (length > 0) {
        ssize_t put = write(draft->fd, bytes, length);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) draft->why = errno;
        if (put < 0) return false;
        bytes += put;
        length -= (size_t)put;
    }
    return true;
}

static void pass_on(Draft *draft, const char *bytes, size_t length, bool last)
{
    if (draft->why) return; /* the first failure is the one to tell */
    if (draft->packer)
        packer_put(draft->packer, bytes, length, last, write_all, draft);
    else
        write_all(draft, bytes, length);
}

static void empty_buffer(Draft *draft, bool last)
{
    pass_on(draft, draft->buffer, draft->used, last);
    draft->used = 0;
}

char *draft_room(Draft *draft, size_t most)
{
    if (draft->capacity - draft->used < most) empty_buffer(draft, false);
    if (draft->capacity < most) draft->buffer = must_grow(draft->buffer, draft->capacity = most, 1);
    return draft->buffer + draft->used;
}

void draft_used(Draft *draft, size_t length) { draft->used += length; }

/* What is large goes out as it is, in pieces that a packer can take. */
void draft_write(Draft *draft, const void *bytes, size_t length)
{
    const char *from = bytes;
    if (length > BUFFER_BYTES) empty_buffer(draft, false);
    for (; length > BUFFER_BYTES; from += BUFFER_BYTES, length -= BUFFER_BYTES)
        pass_on(draft, from, BUFFER_BYTES, false);
    if (length == 0) return;
    memcpy(draft_room(draft, length), from, length);
    draft_used(draft, length);
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

bool draft_finish(Draft *draft, Error *error)
{
    empty_buffer(draft, true);
    bool beside = draft->temporary != NULL;
    if (!draft->why && beside && (fchmod(draft->fd, mode_for(draft->target)) != 0 || fsync(draft->fd) != 0))
        draft->why = errno;
    if (close(draft->fd) != 0 && !draft->why)
        draft->why = errno; /* where quotas and network disks complain */
    if (!draft->why && beside && rename(draft->temporary, draft->target) != 0) draft->why = errno;
    if (draft->why && beside) unlink(draft->temporary);
    bool ok = draft->why == 0;
    if (!ok) cannot_write(error, draft->path, draft->why);
    draft_free(draft);
    return ok;
}
