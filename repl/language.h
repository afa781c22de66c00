/* language.h - which language the program speaks: chosen by --lang, `lang` or the surroundings. */
#ifndef REPL_LANGUAGE_H
#define REPL_LANGUAGE_H

#include <stdbool.h>

#include "core/base/i18n.h"

extern const Catalogue catalogues[]; /* compiled in from po/; ends with a NULL language */

#define LANGUAGE_CHOICES "en|zh"

bool language_exists(const char *name);

/* Speak "en" or "zh" from now on, in the whole process; false, and no change, for any other name. To speak
 * another language for a while, keep i18n_language() and give it back. */
bool language_use(const char *name);

/* What $LANGUAGE, a list, or else $LC_ALL, $LC_MESSAGES or $LANG ask for: "zh" for every zh*, else "en". */
const char *language_of_surroundings(void);

/* Commands have Chinese names too: understood in every language, shown where Chinese is spoken. */
const char *language_verb(const char *spoken); /* "prob" for its Chinese name; NULL for any other word */
const char *language_spoken(const char *verb); /* its name in the language of the process, or NULL */

#endif
