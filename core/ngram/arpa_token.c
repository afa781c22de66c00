#include "core/ngram/arpa_token.h"

#include <string.h>

#include "core/base/error.h"

static const struct {
    const char *token, *spelling;
} spelled[] = {
    {" ", "<space>"},
    {"\t", "<tab>"},
    {"\n", "<newline>"},
    {"\r", "<return>"},
};

const char *arpa_spelling(const char *token)
{
    for (size_t i = 0; i < COUNT_OF(spelled); i++)
        if (strcmp(spelled[i].token, token) == 0) return spelled[i].spelling;
    return token;
}

const char *arpa_spelled(const char *spelling, size_t *length)
{
    for (size_t i = 0; i < COUNT_OF(spelled); i++) {
        if (strlen(spelled[i].spelling) != *length) continue;
        if (memcmp(spelled[i].spelling, spelling, *length) != 0) continue;
        *length = 1;
        return spelled[i].token;
    }
    return spelling;
}
