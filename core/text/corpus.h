/* corpus.h - the text a model learns from: sentences of token ids.
 *
 * A corpus is lines, one sentence each (an empty line is a sentence without words; the end of the text
 * ends a line; CRLF = LF), or, with lines off, one stream: a single sentence whose newlines are tokens
 * under chars and white space under words.  Its vocabulary numbers tokens as they first appear. */
#ifndef CORE_TEXT_CORPUS_H
#define CORE_TEXT_CORPUS_H

#include "core/base/job.h"
#include "core/text/tokenizer.h"

typedef struct Corpus Corpus; /* counted references; treat a shared one as constant */

Corpus *corpus_new(const char *name, Tokenizer tokenizer, bool lines);
Corpus *corpus_share(Corpus *corpus);
Corpus *corpus_clone(const Corpus *corpus); /* a private copy to change */

/* Its first sentences, as many as have `tokens` predicted tokens (</s> being one) or fewer, but at least one;
 * of a stream the first tokens. */
Corpus *corpus_part(const Corpus *corpus, size_t tokens);

bool corpus_changed(const Corpus *corpus); /* whether it is such a copy, no longer what was read */
void corpus_free(Corpus *corpus);

const char *corpus_name(const Corpus *corpus);
Tokenizer corpus_tokenizer(const Corpus *corpus);
bool corpus_lines(const Corpus *corpus);
const Vocab *corpus_vocab(const Corpus *corpus);
size_t corpus_sentences(const Corpus *corpus);
size_t corpus_tokens(const Corpus *corpus); /* without </s> */

/* The ids of sentence `index` and their number in *count. */
const TokenId *corpus_sentence(const Corpus *corpus, size_t index, size_t *count);

/* Append text.  Refuses NUL, malformed UTF-8 and the tokens <s>, </s>, <unk>, with the number of the
 * line; the corpus then keeps the sentences before that line. */
bool corpus_add(Corpus *corpus, const char *text, size_t length, Error *error);

/* Append one sentence of these tokens, each as it is numbered or will be. */
void corpus_append(Corpus *corpus, const char *const *tokens, size_t count);

/* The whole text so many times over; times >= 1. */
void corpus_multiply(Corpus *corpus, size_t times);

/* How many sentences are equal to `text`. */
size_t corpus_count(const Corpus *corpus, const char *text);

/* Take out up to `times` sentences equal to `text`; returns how many there were to take. */
size_t corpus_remove(Corpus *corpus, const char *text, size_t times);

/* A job that fills a fresh corpus from a file or, with `text` not NULL, from text compiled in.
 * corpus_reading_take hands the corpus over once the job is done. */
Job *corpus_reading_new(const char *name, const char *path, const char *text, Tokenizer tokenizer,
                        bool lines);
Corpus *corpus_reading_take(Job *job);

#endif
