/* gzip.h - bytes packed and unpacked (gzip, RFC 1952), a piece at a time; the only file that knows zlib. */
#ifndef CORE_BASE_GZIP_H
#define CORE_BASE_GZIP_H

#include <stdbool.h>
#include <stddef.h>

bool gzip_is(const char *bytes, size_t length); /* whether a file that begins with these is packed */

/* --- unpacking: one member after another, as `cat a.gz b.gz` makes them --- */
typedef struct Unpacker Unpacker;
typedef enum { UNPACK_MORE, UNPACK_END, UNPACK_BAD } UnpackStatus;

Unpacker *unpacker_new(void);
void unpacker_free(Unpacker *unpacker); /* NULL is fine */

/* Unpack from [*in, *in + *in_length), which moves behind what was used, into out[room]; *put bytes came out.
 * END: what follows is not packed. */
UnpackStatus unpacker_step(Unpacker *unpacker, const char **in, size_t *in_length, char *out, size_t room,
                           size_t *put);
bool unpacker_complete(const Unpacker *unpacker); /* the input may end here */

/* --- packing --- */
typedef struct Packer Packer;
typedef bool PackedSink(void *to, const char *bytes, size_t length); /* false: stop */

Packer *packer_new(void);
void packer_free(Packer *packer); /* NULL is fine */

/* Hand what `bytes` become to the sink, and the end of the file if this is the `last` piece. */
bool packer_put(Packer *packer, const char *bytes, size_t length, bool last, PackedSink *sink, void *to);

#endif
