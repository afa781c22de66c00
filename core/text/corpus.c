#include "core/text/corpus.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/base/utf8.h"

struct Corpus {
    unsigned references;
    char *name;
    Tokenizer tokenizer;
    bool lines, changed;
    Vocab *vocab;
    TokenId *ids; /* all sentences, one after the other; never NULL */
    size_t count, capacity;
    size_t *starts; /* starts[s] .. starts[s + 1] are the ids of sentence s; sentences + 1 of them */
    size_t sentences, starts_capacity;
    size_t line; /* lines read so far, for error messages */
};

Corpus *corpus_new(const char *name, Tokenizer tokenizer, bool lines)
{
    Corpus *corpus = must_alloc(1, sizeof *corpus);
    *corpus = (Corpus){.references = 1,
                       .name = must_copy(name, strlen(name)),
                       .tokenizer = tokenizer,
                       .lines = lines,
                       .vocab = vocab_new()};
    corpus->ids = must_extend(NULL, 0, &corpus->capacity, sizeof *corpus->ids);
    corpus->starts = must_extend(NULL, 0, &corpus->starts_capacity, sizeof *corpus->starts);
    corpus->starts[0] = 0;
    return corpus;
}

Corpus *corpus_share(Corpus *corpus)
{
    corpus->references++;
    return corpus;
}

Corpus *corpus_clone(const Corpus *corpus)
{
    Corpus *copy = must_alloc(1, sizeof *copy);
    *copy = *corpus;
    copy->references = 1;
    copy->changed = true;
    copy->name = must_copy(corpus->name, strlen(corpus->name));
    copy->vocab = vocab_clone(corpus->vocab);
    copy->ids = must_grow(NULL, corpus->capacity, sizeof *copy->ids);
    memcpy(copy->ids, corpus->ids, corpus->count * sizeof *copy->ids);
    copy->starts = must_grow(NULL, corpus->starts_capacity, sizeof *copy->starts);
    memcpy(copy->starts, corpus->starts, (corpus->sentences + 1) * sizeof *copy->starts);
    return copy;
}

/* How much of it: sentences, and the ids in them. */
static size_t part_sentences(const Corpus *corpus, size_t tokens, size_t *ids)
{
    size_t sentences = 0;
    *ids = 0;
    while (sentences < corpus->sentences) {
        size_t end = corpus->starts[sentences + 1];
        if (sentences > 0 && end + sentences + 1 > tokens) break;
        *ids = end;
        sentences++;
    }
    if (!corpus->lines && *ids >= tokens) *ids = tokens ? tokens - 1 : 0;
    return sentences;
}

/* Tokens are numbered as they first appear, so the words of a beginning are the first of all words. */
Corpus *corpus_part(const Corpus *corpus, size_t tokens)
{
    Corpus *part = corpus_new(corpus->name, corpus->tokenizer, corpus->lines);
    part->changed = true;
    part->sentences = part_sentences(corpus, tokens, &part->count);
    part->capacity = part->count + 1;
    part->ids = must_grow(part->ids, part->capacity, sizeof *part->ids);
    part->starts_capacity = part->sentences + 1;
    part->starts = must_grow(part->starts, part->starts_capacity, sizeof *part->starts);
    for (size_t s = 0; s <= part->sentences; s++)
        part->starts[s] = corpus->starts[s] < part->count ? corpus->starts[s] : part->count;
    for (size_t i = 0; i < part->count; i++) {
        part->ids[i] = corpus->ids[i];
        if ((size_t)part->ids[i] < vocab_size(part->vocab)) continue;
        const char *token = vocab_text(corpus->vocab, part->ids[i]);
        vocab_add(part->vocab, token, strlen(token));
    }
    return part;
}

void corpus_free(Corpus *corpus)
{
    if (!corpus || --corpus->references > 0) return;
    vocab_free(corpus->vocab);
    free(corpus->name);
    free(corpus->ids);
    free(corpus->starts);
    free(corpus);
}

const char *corpus_name(const Corpus *corpus) { return corpus->name; }
Tokenizer corpus_tokenizer(const Corpus *corpus) { return corpus->tokenizer; }
bool corpus_lines(const Corpus *corpus) { return corpus->lines; }
const Vocab *corpus_vocab(const Corpus *corpus) { return corpus->vocab; }
bool corpus_changed(const Corpus *corpus) { return corpus->changed; }
size_t corpus_sentences(const Corpus *corpus) { return corpus->sentences; }
size_t corpus_tokens(const Corpus *corpus) { return corpus->count; }

const TokenId *corpus_sentence(const Corpus *corpus, size_t index, size_t *count)
{
    assert(index < corpus->sentences);
    *count = corpus->starts[index + 1] - corpus->starts[index];
    return corpus->ids + corpus->starts[index];
}

/* Everything that may stand in a line, before any of it is added. */
static bool check_line(const Corpus *corpus, const char *line, size_t length, Error *error)
{
    size_t good = utf8_valid_prefix(line, length);
    if (memchr(line, '\0', length))
        return error_set(error, _("line %zu holds a NUL byte; this is not a text file"), corpus->line);
    if (good < length) {
        error_set(error, _("line %zu, byte %zu is not UTF-8"), corpus->line, good + 1);
        return error_hint(error, _("convert it first, for example: iconv -f latin1 -t utf8 FILE"));
    }
    const char *text = line, *token;
    size_t bytes;
    while (corpus->tokenizer == TOKENIZER_WORDS &&
           tokenizer_next(TOKENIZER_WORDS, &text, line + length, &token, &bytes))
        if (vocab_is_special(token, bytes)) {
            error_set(error, _("line %zu holds the reserved token %.*s"), corpus->line, (int)bytes, token);
            bool unknown = bytes == strlen(TEXT_UNKNOWN) && memcmp(token, TEXT_UNKNOWN, bytes) == 0;
            return error_hint(
                error, unknown ? _("write it otherwise, UNK say; cutoff= and vocabulary= make unknown words")
                               : _("sentences begin and end by themselves; take it out of the text"));
        }
    return true;
}

/* The text up to here holds nothing for check_line to refuse; one look at many lines costs far less than one
 * at each.  It may stop early, at a word such as x<s>. */
static const char *sound_end(const Corpus *corpus, const char *text, const char *end)
{
    end = text + utf8_valid_prefix(text, (size_t)(end - text));
    const char *nul = memchr(text, '\0', (size_t)(end - text)), *token;
    if (nul) end = nul;
    size_t length;
    while (corpus->tokenizer == TOKENIZER_WORDS && (text = memchr(text, '<', (size_t)(end - text))))
        if (tokenizer_next(TOKENIZER_WORDS, &text, end, &token, &length) && vocab_is_special(token, length))
            return token;
    return end;
}

static void add_token(Corpus *corpus, TokenId id)
{
    if (corpus->count == corpus->capacity)
        corpus->ids = must_extend(corpus->ids, corpus->count, &corpus->capacity, sizeof *corpus->ids);
    corpus->ids[corpus->count++] = id;
}

static void end_sentence(Corpus *corpus)
{
    corpus->sentences++;
    corpus->starts =
        must_extend(corpus->starts, corpus->sentences, &corpus->starts_capacity, sizeof *corpus->starts);
    corpus->starts[corpus->sentences] = corpus->count;
}

/* `end` is that of the whole text, for vocab_add_from. */
static void add_sentence(Corpus *corpus, const char *line, size_t length, const char *end)
{
    const char *text = line, *token;
    size_t bytes;
    while (tokenizer_next(corpus->tokenizer, &text, line + length, &token, &bytes))
        add_token(corpus, vocab_add_from(corpus->vocab, token, bytes, end));
    end_sentence(corpus);
}

void corpus_append(Corpus *corpus, const char *const *tokens, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add_token(corpus, vocab_add(corpus->vocab, tokens[i], strlen(tokens[i])));
    end_sentence(corpus);
}

void corpus_multiply(Corpus *corpus, size_t times)
{
    size_t count = corpus->count, sentences = corpus->sentences;
    assert(times >= 1);
    corpus->capacity = count * times + 1;
    corpus->ids = must_grow(corpus->ids, corpus->capacity, sizeof *corpus->ids);
    corpus->starts_capacity = sentences * times + 1;
    corpus->starts = must_grow(corpus->starts, corpus->starts_capacity, sizeof *corpus->starts);
    for (size_t copy = 1; copy < times; copy++) {
        memcpy(corpus->ids + copy * count, corpus->ids, count * sizeof *corpus->ids);
        for (size_t s = 1; s <= sentences; s++)
            corpus->starts[copy * sentences + s] = copy * count + corpus->starts[s];
    }
    corpus->count = count * times;
    corpus->sentences = sentences * times;
}

/* The line at `text` without its LF or CRLF; *next is where the following one begins. */
static size_t line_length(const char *text, const char *end, const char **next)
{
    const char *newline = memchr(text, '\n', (size_t)(end - text));
    *next = newline ? newline + 1 : end;
    size_t length = (size_t)((newline ? newline : end) - text);
    return newline && length && text[length - 1] == '\r' ? length - 1 : length;
}

/* Add the lines of [*text, end), a few; *text moves behind those added. */
static bool add_lines(Corpus *corpus, const char **text, const char *end, Error *error)
{
    const char *sound = sound_end(corpus, *text, end);
    for (const char *next; *text < end; *text = next) {
        size_t length = line_length(*text, end, &next);
        corpus->line++;
        if (next > sound) {
            if (!check_line(corpus, *text, length, error)) return false;
            sound = sound_end(corpus, next, end);
        }
        add_sentence(corpus, *text, length, end);
    }
    return true;
}

enum { BLOCK_BYTES = 2048 };

/* The end of the lines that begin in the next BLOCK_BYTES: what is looked at together, and read between two
 * looks at the clock. */
static const char *block_end(const char *text, const char *end)
{
    if (end - text <= BLOCK_BYTES) return end;
    const char *last = text + BLOCK_BYTES - 1, *newline = memchr(last, '\n', (size_t)(end - last));
    return newline ? newline + 1 : end;
}

static bool add_stream(Corpus *corpus, const char *text, size_t length, Error *error)
{
    const char *end = text + length, *next = text;
    bool sound = sound_end(corpus, text, end) == end;
    for (const char *line = text; !sound && line < end; line = next) {
        corpus->line++;
        if (!check_line(corpus, line, line_length(line, end, &next), error)) return false;
    }
    add_sentence(corpus, text, length, end);
    return true;
}

bool corpus_add(Corpus *corpus, const char *text, size_t length, Error *error)
{
    const char *end = text + length;
    corpus->line = 0;
    if (!corpus->lines) return add_stream(corpus, text, length, error);
    if (length == 0) add_sentence(corpus, text, 0, end);
    while (text < end)
        if (!add_lines(corpus, &text, block_end(text, end), error)) return false;
    return true;
}

static bool same_sentence(const Corpus *corpus, size_t index, const TokenId *ids, size_t count)
{
    size_t have;
    const TokenId *sentence = corpus_sentence(corpus, index, &have);
    return have == count && (count == 0 || memcmp(sentence, ids, count * sizeof *ids) == 0);
}

static size_t find_ids(const Corpus *corpus, const char *text, TokenId *ids)
{
    const char *end = text + strlen(text), *token;
    size_t count = 0, bytes;
    while (tokenizer_next(corpus->tokenizer, &text, end, &token, &bytes))
        ids[count++] = vocab_find(corpus->vocab, token, bytes);
    return count;
}

size_t corpus_count(const Corpus *corpus, const char *text)
{
    TokenId *wanted = must_alloc(strlen(text) + 1, sizeof *wanted);
    size_t wanted_count = find_ids(corpus, text, wanted), found = 0;
    for (size_t s = 0; s < corpus->sentences; s++) found += same_sentence(corpus, s, wanted, wanted_count);
    free(wanted);
    return found;
}

/* Number the tokens anew: some may have gone with their last sentence. */
static void renumber(Corpus *corpus)
{
    Vocab *fresh = vocab_new();
    for (size_t i = 0; i < corpus->count; i++) {
        const char *token = vocab_text(corpus->vocab, corpus->ids[i]);
        corpus->ids[i] = vocab_add(fresh, token, strlen(token));
    }
    vocab_free(corpus->vocab);
    corpus->vocab = fresh;
}

size_t corpus_remove(Corpus *corpus, const char *text, size_t times)
{
    TokenId *wanted = must_alloc(strlen(text) + 1, sizeof *wanted);
    size_t wanted_count = find_ids(corpus, text, wanted), removed = 0, kept = 0, used = 0;
    for (size_t s = 0; s < corpus->sentences; s++) {
        bool drop = removed < times && same_sentence(corpus, s, wanted, wanted_count);
        size_t begin = corpus->starts[s], length = corpus->starts[s + 1] - begin;
        removed += drop;
        if (drop) continue;
        if (length) memmove(corpus->ids + used, corpus->ids + begin, length * sizeof *corpus->ids);
        corpus->starts[kept++] = used; /* never ahead of what is still to be read: kept <= s */
        used += length;
    }
    corpus->starts[kept] = corpus->count = used;
    corpus->sentences = kept;
    if (removed > 0) renumber(corpus);
    free(wanted);
    return removed;
}

/* --- reading, a job --- */

enum { CORPUS_BYTES_MAX = 1 << 30 };

typedef struct {
    Job job;
    char *path, *owned; /* owned: the file's content */
    const char *text, *at, *end;
    Corpus *corpus;
} Reading;

static bool open_text(Reading *reading, Error *error)
{
    size_t length;
    if (reading->path) {
        if (!file_read(reading->path, CORPUS_BYTES_MAX, &reading->owned, &length, error)) return false;
        reading->text = reading->owned;
    } else {
        length = strlen(reading->text);
    }
    reading->end = reading->text + length;
    reading->text = reading->at = utf8_skip_mark(reading->text);
    if (reading->at < reading->end) return true;
    error_set(error, _("%s is empty"), reading->path ? reading->path : corpus_name(reading->corpus));
    return error_hint(error, _("a corpus needs at least one line"));
}

/* "line 3 ..." becomes "FILE: line 3 ..." */
static bool name_file(const Reading *reading, Error *error)
{
    Error inner = *error;
    if (reading->path) error_set(error, "%s: %s", reading->path, inner.message);
    return error_hint(error, "%s", inner.hint);
}

static JobStatus reading_step(Job *job, double milliseconds, Error *error)
{
    Reading *reading = (Reading *)job;
    double end = job_clock() + milliseconds;
    if (!reading->at && !open_text(reading, error)) return JOB_FAILED;
    if (!corpus_lines(reading->corpus)) {
        bool ok = corpus_add(reading->corpus, reading->at, (size_t)(reading->end - reading->at), error);
        return ok ? JOB_DONE : (name_file(reading, error), JOB_FAILED);
    }
    while (reading->at < reading->end) {
        if (!add_lines(reading->corpus, &reading->at, block_end(reading->at, reading->end), error))
            return name_file(reading, error), JOB_FAILED;
        if (reading->at < reading->end && job_clock() > end) return JOB_MORE;
    }
    return JOB_DONE;
}

static double reading_progress(const Job *job)
{
    const Reading *reading = (const Reading *)job;
    if (!reading->at || reading->end == reading->text) return 0;
    return (double)(reading->at - reading->text) / (double)(reading->end - reading->text);
}

static void reading_free(Job *job)
{
    Reading *reading = (Reading *)job;
    corpus_free(reading->corpus);
    free(reading->path);
    free(reading->owned);
    free(reading);
}

Job *corpus_reading_new(const char *name, const char *path, const char *text, Tokenizer tokenizer, bool lines)
{
    static const JobKind kind = {reading_step, reading_progress, reading_free};
    Reading *reading = must_alloc(1, sizeof *reading);
    *reading = (Reading){.job.kind = &kind, .text = text, .corpus = corpus_new(name, tokenizer, lines)};
    if (path) reading->path = must_copy(path, strlen(path));
    return &reading->job;
}

Corpus *corpus_reading_take(Job *job)
{
    Reading *reading = (Reading *)job;
    Corpus *corpus = reading->corpus;
    reading->corpus = NULL;
    return corpus;
}
