/* i18n.h - marks every sentence a person reads, so that it can be translated. */
#ifndef CORE_BASE_I18N_H
#define CORE_BASE_I18N_H

#include <libintl.h>

#define _(sentence) gettext(sentence) /* translate here */
#define N_(sentence) sentence         /* only mark: for tables, translated where they are shown */

#endif
