/* i18n.h - marks every sentence a person reads, and says it in the language of the process.
 *
 * The program carries its translations (po/, compiled in), so that it speaks them in any folder and under any
 * locale, installed or not. A sentence without a translation stays English. What a result is made of - keys,
 * titles, headings, labels - stays English in every language, so that screens can be compared. */
#ifndef CORE_BASE_I18N_H
#define CORE_BASE_I18N_H

#include <stddef.h>

#if defined(__GNUC__)
#define I18N_FORMAT __attribute__((__format_arg__(1)))
#else
#define I18N_FORMAT
#endif

#define _(sentence) i18n_translate(sentence) /* translate here */
#define N_(sentence) sentence                /* only mark: for tables, translated where they are shown */

typedef struct {
    const char *language;       /* "zh" */
    const unsigned char *bytes; /* as msgfmt makes them of a .po file (GNU gettext manual, "MO Files") */
    size_t length;
} Catalogue;

/* The language is the process's, as it is with libc's own gettext: one pointer, which may be read by many
 * threads. The catalogue must outlive its use; NULL is English. */
void i18n_use(const Catalogue *catalogue);
const char *i18n_language(void); /* "en", "zh" */

/* The sentence in the language of the process, or itself. Lives as long as the catalogue. */
const char *i18n_translate(const char *sentence) I18N_FORMAT;

#endif
