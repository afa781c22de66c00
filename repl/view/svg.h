/* svg.h - what the drawings have in common: the sheet, and text on it. */
#ifndef REPL_VIEW_SVG_H
#define REPL_VIEW_SVG_H

#include "repl/view/view.h"

void svg_begin(FILE *out, double width, double height);
void svg_end(FILE *out);

/* `anchor`: which end of the text stands at x: "start", "middle", "end". */
void svg_text(FILE *out, double x, double y, const char *anchor, const char *text);

#endif
