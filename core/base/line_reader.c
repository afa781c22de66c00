#include "core/base/line_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/gzip.h"
#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/base/utf8.h"

enum { PIECE_BYTES = 128 * 1024, LINE_BYTES_MAX = 1 << 26 };

struct LineReader {
    char *path;
    int fd;
    size_t size, bytes; /* of the file, 0 for a pipe; read so far */
    bool ended;         /* nothing more comes from the file */
    Unpacker *unpacker; /* NULL: plain text */
    char *packed;       /* a piece of a packed file, not yet unpacked: [packed_at, + packed_length) */
    const char *packed_at;
    size_t packed_length;
    char *text; /* [at, end) is to be given out; [at, searched) has no newline */
    size_t at, searched, end, capacity;
    size_t number;
};

static size_t size_of(int fd)
{
    struct stat info;
    return fstat(fd, &info) == 0 && S_ISREG(info.st_mode) ? (size_t)info.st_size : 0;
}

/* -1: failed. */
static ssize_t read_some(LineReader *reader, char *to, size_t room, Error *error)
{
    ssize_t got = read(reader->fd, to, room);
    if (got < 0 && errno == EINTR)
        error_set(error, _("stopped while reading %s"), reader->path);
    else if (got < 0)
        error_set(error, _("cannot read %s: %s"), reader->path, error_reason(errno));
    if (got > 0) reader->bytes += (size_t)got;
    return got;
}

/* The first piece says whether the file is packed. */
static bool look(LineReader *reader, Error *error)
{
    while (reader->end < 3) {
        ssize_t got = read_some(reader, reader->text + reader->end, PIECE_BYTES - reader->end, error);
        if (got < 0) return false;
        if (got == 0) break;
        reader->end += (size_t)got;
    }
    if (gzip_is(reader->text, reader->end)) {
        reader->unpacker = unpacker_new();
        reader->packed = reader->text;
        reader->packed_at = reader->packed;
        reader->packed_length = reader->end;
        reader->text = must_grow(NULL, PIECE_BYTES + 1, 1);
        reader->end = 0;
        return true;
    }
    return true;
}

LineReader *line_reader_new(const char *path, Error *error)
{
    if (file_is_folder(path)) return error_set(error, _("%s is a folder, not a file"), path), NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        if (errno == EINTR)
            error_set(error, _("stopped while waiting for %s"), path);
        else
            error_set(error, _("cannot open %s: %s"), path, error_reason(errno));
        return NULL;
    }
    LineReader *reader = must_alloc(1, sizeof *reader);
    *reader = (LineReader){.path = must_copy(path, strlen(path)),
                           .fd = fd,
                           .size = size_of(fd),
                           .text = must_grow(NULL, PIECE_BYTES + 1, 1),
                           .capacity = PIECE_BYTES};
    if (look(reader, error)) return reader;
    line_reader_free(reader);
    return NULL;
}

void line_reader_free(LineReader *reader)
{
    if (!reader) return;
    close(reader->fd);
    unpacker_free(reader->unpacker);
    free(reader->path);
    free(reader->packed);
    free(reader->text);
    free(reader);
}

static bool fail_packed(const LineReader *reader, bool cut, Error *error)
{
    error_set(error,
              cut ? _("%s was cut off: its packed text has no end")
                  : _("%s is damaged: it cannot be unpacked"),
              reader->path);
    return error_hint(error, _("fetch or make the file again"));
}

/* Unpack until something comes out, or the file ends. */
static bool unpack_some(LineReader *reader, Error *error)
{
    for (size_t put = 0; put == 0 && !reader->ended;) {
        if (reader->packed_length == 0) {
            ssize_t got = read_some(reader, reader->packed, PIECE_BYTES, error);
            if (got < 0) return false;
            reader->packed_at = reader->packed;
            reader->packed_length = (size_t)got;
            reader->ended = got == 0;
        }
        UnpackStatus status = unpacker_step(reader->unpacker, &reader->packed_at, &reader->packed_length,
                                            reader->text + reader->end, reader->capacity - reader->end, &put);
        if (status == UNPACK_BAD) return fail_packed(reader, false, error);
        if (status == UNPACK_END) reader->ended = true;
        reader->end += put;
    }
    if (!reader->ended || unpacker_complete(reader->unpacker)) return true;
    return fail_packed(reader, true, error);
}

static void make_room(LineReader *reader)
{
    memmove(reader->text, reader->text + reader->at, reader->end - reader->at);
    reader->searched -= reader->at;
    reader->end -= reader->at;
    reader->at = 0;
    if (reader->end < reader->capacity) return;
    reader->capacity *= 2;
    reader->text = must_grow(reader->text, reader->capacity + 1, 1);
}

static bool fetch(LineReader *reader, Error *error)
{
    make_room(reader);
    if (reader->end > LINE_BYTES_MAX)
        return error_set(error, _("%s: line %zu is longer than %d MiB"), reader->path, reader->number + 1,
                         LINE_BYTES_MAX >> 20);
    if (reader->unpacker) return unpack_some(reader, error);
    ssize_t got = read_some(reader, reader->text + reader->end, reader->capacity - reader->end, error);
    if (got < 0) return false;
    reader->end += (size_t)got;
    reader->ended = got == 0;
    return true;
}

LineStatus line_reader_next(LineReader *reader, const char **line, size_t *length, Error *error)
{
    char *newline;
    while (!(newline = memchr(reader->text + reader->searched, '\n', reader->end - reader->searched))) {
        reader->searched = reader->end;
        if (reader->ended && reader->at == reader->end) return LINE_END;
        if (reader->ended) {
            newline = reader->text + reader->end++; /* the buffer has room for one byte more */
            *newline = '\n';
            break;
        }
        if (!fetch(reader, error)) return LINE_FAILED;
    }
    *line = reader->text + reader->at;
    if (reader->number == 0) *line = utf8_skip_mark(*line);
    *length = (size_t)(newline - *line);
    reader->at = reader->searched = (size_t)(newline - reader->text) + 1;
    reader->number++;
    if (*length > 0 && newline[-1] == '\r') --*length;
    return LINE_GIVEN;
}

size_t line_reader_number(const LineReader *reader) { return reader->number; }
size_t line_reader_bytes(const LineReader *reader) { return reader->bytes; }

double line_reader_progress(const LineReader *reader)
{
    if (reader->size == 0) return 0;
    return reader->bytes < reader->size ? (double)reader->bytes / (double)reader->size : 1;
}
