#include "repl/commands/excerpt.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "repl/view/text.h"

static const char CUT[] = "...";

int excerpt_width(const Call *call)
{
    enum { USUAL = 80 };
    int width = (int)call_number(call, OPT_WIDTH);
    return width ? width : USUAL;
}

/* Control characters are shown as blanks, which u8_strwidth does not know. */
static int width_of(const char *token)
{
    int width = text_width(token);
    for (; *token; token++) width += iscntrl((unsigned char)*token) != 0;
    return width;
}

typedef struct {
    const Vocab *vocab;
    const char *joint;
    const TokenId *ids;
    size_t count;
    bool tail; /* the last tokens are wanted, not the first */
} Piece;

static const char *token_at(const Piece *piece, size_t i)
{
    return vocab_text(piece->vocab, piece->ids[piece->tail ? piece->count - 1 - i : i]);
}

/* How many tokens fit: all, or so many that the mark of a cut fits too. */
static size_t fitting(const Piece *piece, int columns)
{
    int joint = text_width(piece->joint), used = 0, mark = joint + (int)strlen(CUT);
    size_t fit = 0;
    for (size_t i = 0; i < piece->count; i++) {
        used += width_of(token_at(piece, i)) + (i ? joint : 0);
        if (used > columns) return fit;
        if (used + mark <= columns) fit = i + 1;
    }
    return piece->count;
}

static char *put(char *at, const char *text)
{
    for (; *text; text++) *at++ = iscntrl((unsigned char)*text) ? ' ' : *text;
    return at;
}

static const char *excerpt(const Piece *piece, int columns, Arena *arena)
{
    size_t fit = fitting(piece, columns), size = strlen(CUT) + 1;
    bool cut = fit < piece->count;
    for (size_t i = 0; i < fit; i++) size += strlen(token_at(piece, i)) + strlen(piece->joint);
    char *text = arena_alloc(arena, size, 1), *at = text;
    if (cut && piece->tail) at = put(put(at, CUT), fit ? piece->joint : "");
    const TokenId *first = piece->ids + (piece->tail ? piece->count - fit : 0);
    for (size_t i = 0; i < fit; i++)
        at = put(put(at, i ? piece->joint : ""), vocab_text(piece->vocab, first[i]));
    if (cut && !piece->tail) put(put(at, fit ? piece->joint : ""), CUT);
    return text;
}

static Piece piece_of(const Corpus *corpus, const TokenId *ids, size_t count, bool tail)
{
    return (Piece){corpus_vocab(corpus), tokenizer_joint(corpus_tokenizer(corpus)), ids, count, tail};
}

const char *excerpt_head(const Corpus *corpus, const TokenId *ids, size_t count, int columns, Arena *arena)
{
    Piece piece = piece_of(corpus, ids, count, false);
    return excerpt(&piece, columns, arena);
}

const char *excerpt_tail(const Corpus *corpus, const TokenId *ids, size_t count, int columns, Arena *arena)
{
    Piece piece = piece_of(corpus, ids, count, true);
    return excerpt(&piece, columns, arena);
}

const char *excerpt_whole(const Corpus *corpus, const TokenId *ids, size_t count, Arena *arena)
{
    char *joined = tokenizer_join(corpus_tokenizer(corpus), corpus_vocab(corpus), ids, count);
    const char *text = arena_copy(arena, joined, strlen(joined));
    free(joined);
    return text;
}
