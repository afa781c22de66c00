/* drawn_text.h - text drawn from a model, as a corpus for others to learn from; a job.
 *
 * Who learns from it can be measured exactly: what the text was drawn from is known. */
#ifndef CORE_MODEL_DRAWN_TEXT_H
#define CORE_MODEL_DRAWN_TEXT_H

#include "core/base/job.h"
#include "core/model/model.h"
#include "core/text/corpus.h"

typedef struct {
    const char *name; /* of the corpus; copied */
    size_t tokens; /* predicted tokens wanted, </s> being one; whole sentences make them, so a little more */
    size_t length; /* words a sentence, </s> taken out of the draw; 0 = until </s> */
    bool stream;   /* one text of that many tokens */
    bool measure;  /* find out how probable it was */
    uint64_t seed;
} DrawnTextOptions;

/* The model is borrowed. At T = 1; <unk> is never drawn, nor </s> from a stream or where a length is given.
 */
Job *drawn_text_new(const Model *model, const DrawnTextOptions *options);
Corpus *drawn_text_take(Job *job); /* once it is done */

/* Of a text measured: the sum of log p, in nats, each p being that with which the token was drawn: of the
 * model's distribution without what is never drawn. Its negative, divided by the tokens, estimates the
 * entropy of the source. */
double drawn_text_logp(const Job *job);
double drawn_text_unknown(const Job *job); /* the largest mass of <unk> set aside */

#endif
