#include "core/base/gzip.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>

/* Before zlib.h: input is constant. */
#define ZLIB_CONST
#include <zlib.h>

#include "core/base/memory.h"

enum { GZIP_WINDOW = 15 + 16 /* the largest window, and a gzip header */, PACKED_BYTES = 64 * 1024 };

bool gzip_is(const char *bytes, size_t length)
{
    return length >= 2 && (unsigned char)bytes[0] == 0x1F && (unsigned char)bytes[1] == 0x8B;
}

static void *take_memory(void *nothing, unsigned count, unsigned size)
{
    (void)nothing;
    return must_alloc(count, size);
}

static void give_memory(void *nothing, void *block)
{
    (void)nothing;
    free(block);
}

/* --- unpacking --- */

struct Unpacker {
    z_stream stream;
    bool between; /* members */
};

Unpacker *unpacker_new(void)
{
    Unpacker *unpacker = must_alloc(1, sizeof *unpacker);
    unpacker->stream = (z_stream){.zalloc = take_memory, .zfree = give_memory};
    int status = inflateInit2(&unpacker->stream, GZIP_WINDOW);
    assert(status == Z_OK);
    return unpacker;
}

void unpacker_free(Unpacker *unpacker)
{
    if (unpacker) inflateEnd(&unpacker->stream);
    free(unpacker);
}

bool unpacker_complete(const Unpacker *unpacker) { return unpacker->between; }

static unsigned bounded(size_t length) { return length > INT_MAX ? INT_MAX : (unsigned)length; }

UnpackStatus unpacker_step(Unpacker *unpacker, const char **in, size_t *in_length, char *out, size_t room,
                           size_t *put)
{
    z_stream *stream = &unpacker->stream;
    *put = 0;
    if (*in_length == 0) return UNPACK_MORE;
    if (unpacker->between && (unsigned char)**in != 0x1F) return UNPACK_END;
    unsigned given = bounded(*in_length), space = bounded(room);
    stream->next_in = (const Bytef *)*in;
    stream->avail_in = given;
    stream->next_out = (Bytef *)out;
    stream->avail_out = space;
    unpacker->between = false;
    int status = inflate(stream, Z_NO_FLUSH);
    *in += given - stream->avail_in;
    *in_length -= given - stream->avail_in;
    *put = space - stream->avail_out;
    if (status == Z_STREAM_END) unpacker->between = inflateReset(stream) == Z_OK;
    return status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR ? UNPACK_MORE : UNPACK_BAD;
}

/* --- packing --- */

struct Packer {
    z_stream stream;
    char packed[PACKED_BYTES];
};

Packer *packer_new(void)
{
    Packer *packer = must_alloc(1, sizeof *packer);
    packer->stream = (z_stream){.zalloc = take_memory, .zfree = give_memory};
    int status =
        deflateInit2(&packer->stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY);
    assert(status == Z_OK);
    return packer;
}

void packer_free(Packer *packer)
{
    if (packer) deflateEnd(&packer->stream);
    free(packer);
}

bool packer_put(Packer *packer, const char *bytes, size_t length, bool last, PackedSink *sink, void *to)
{
    z_stream *stream = &packer->stream;
    assert(length <= UINT_MAX);
    stream->next_in = (const Bytef *)bytes;
    stream->avail_in = (unsigned)length;
    do {
        stream->next_out = (Bytef *)packer->packed;
        stream->avail_out = PACKED_BYTES;
        deflate(stream, last ? Z_FINISH : Z_NO_FLUSH);
        if (!sink(to, packer->packed, PACKED_BYTES - stream->avail_out)) return false;
    } while (stream->avail_out == 0);
    return true;
}
