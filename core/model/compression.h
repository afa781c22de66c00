/* compression.h - a text as bits, by a model's own distributions and an arithmetic coder; a job that writes
 * the code and reads it back.
 *
 * Token by token, the model's p(. | context) are the frequencies: a text of probability p becomes about
 * -log2 p bits. The one who decodes has the same model and is told how many sentences there are, and how many
 * tokens each has unless the model itself says where they end (</s>). */
#ifndef CORE_MODEL_COMPRESSION_H
#define CORE_MODEL_COMPRESSION_H

#include "core/base/job.h"
#include "core/model/model.h"
#include "core/text/corpus.h"

typedef struct {
    size_t sentences, tokens;  /* written so far; tokens with each </s> that was coded */
    size_t characters, bytes;  /* of the text: a blank between words, a newline after each sentence but the
                                  last */
    double ideal;              /* the sum of -log2 p */
    size_t bits;               /* of the code */
    const unsigned char *code; /* (bits + 7) / 8 bytes, the job's; NULL before the text is written whole */
    size_t gzip;               /* bytes that gzip -6 makes of the same text */
    bool checked;              /* what was read back is the text, token by token */
} Compression;

/* `end` = code </s> after each sentence, where the model has it. Both are borrowed. The job fails at a token
 * that the model does not know, or gives probability 0, and names it. */
Job *compression_new(const Model *model, const Corpus *corpus, bool end);
Compression compression_result(const Job *job);

#endif
