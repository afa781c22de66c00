#include "repl/view/progress.h"

#include "core/base/i18n.h"

enum { QUIET_MS = 300, BAR = 20 };

void progress_show(Progress *progress, FILE *err, const char *command, double fraction, double milliseconds)
{
    int percent = (int)(fraction * 100);
    if (milliseconds < QUIET_MS || (progress->shown && percent == progress->percent)) return;
    fprintf(err, "\r  %s [", command);
    for (int i = 0; i < BAR; i++) fputc(i < percent * BAR / 100 ? '#' : '.', err);
    fprintf(err, _("] %d%%   Ctrl-C stops"), percent);
    fflush(err);
    progress->shown = true;
    progress->percent = percent;
}

void progress_clear(Progress *progress, FILE *err)
{
    if (!progress->shown) return;
    fprintf(err, "\r%60s\r", "");
    fflush(err);
    progress->shown = false;
}
