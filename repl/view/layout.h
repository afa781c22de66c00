/* layout.h - what the forms for people share: which rows, in which order, under which heading. */
#ifndef REPL_VIEW_LAYOUT_H
#define REPL_VIEW_LAYOUT_H

#include "repl/view/view.h"

/* The rows that people see, in their order: indices, allocated in the result's arena, *count of them. */
const size_t *view_order(const Result *result, size_t *count);

/* The title and fields for people, parted by "   " and broken at the width. */
void view_heading(FILE *out, const Result *result, const ViewStyle *style);

#endif
