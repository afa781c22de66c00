#include "repl/course/world.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/ngram/ngram.h"
#include "lessons/predicate.h"

void world_forget(World *world)
{
    world->verb_count = 0;
    world->last = NULL;
    world->said[0] = '\0';
}

static void remember(World *world, const char *statement)
{
    size_t length = strlen(statement), used = strlen(world->said);
    if (used + length + 3 > sizeof world->said) used = 0;
    if (length + 3 > sizeof world->said) return;
    snprintf(world->said + used, sizeof world->said - used, "%s%s", used ? "; " : "", statement);
}

void world_saw(World *world, const Execution *done)
{
    if (world->verb_count < WORLD_VERBS_MAX) world->verbs[world->verb_count++] = done->command->name;
    remember(world, done->statement.source);
    if (!done->command->shell) world->last = done;
}

static bool used(void *context, const char *verb)
{
    const World *world = context;
    for (size_t i = 0; i < world->verb_count; i++)
        if (strcmp(world->verbs[i], verb) == 0) return true;
    return false;
}

static bool give_number(PredicateValue *value, double number)
{
    *value = (PredicateValue){.is_number = true, .number = number};
    return true;
}

static bool give_text(PredicateValue *value, const char *text)
{
    *value = (PredicateValue){.text = text};
    return true;
}

/* A list of words as "the mouse ate". */
static bool give_list(World *world, PredicateValue *value, const Value *found)
{
    size_t used = 0, size = sizeof world->joined;
    world->joined[0] = '\0';
    for (size_t i = 0; i < found->count && used < size; i++)
        used += (size_t)snprintf(world->joined + used, size - used, "%s%s", i ? " " : "", found->list[i]);
    return give_text(value, world->joined);
}

static bool give_value(World *world, PredicateValue *value, const Value *found)
{
    if (!found) return false;
    if (found->type == VALUE_LIST) return give_list(world, value, found);
    if (found->type == VALUE_TEXT && strcmp(found->text, "inf") == 0) return give_number(value, INFINITY);
    if (found->type == VALUE_TEXT) return give_text(value, found->text);
    if (found->type == VALUE_NULL || found->type == VALUE_NUMBERS) return false;
    return give_number(value, found->number);
}

static bool find_last(World *world, const char *key, PredicateValue *value)
{
    if (!world->last || world->last->call_count == 0) return false;
    const Result *result = &world->last->results[world->last->call_count - 1];
    if (give_value(world, value, result_find(result, key))) return true;
    for (size_t c = 0; result->row_count > 0 && c < result->column_count; c++)
        if (result->columns[c].key && strcmp(result->columns[c].key, key) == 0)
            return give_value(world, value, result_cell(result, 0, c));
    return false;
}

static bool find_model(const World *world, const char *key, PredicateValue *value)
{
    const NamedModel *named = workspace_current(world->workspace);
    const Smoothing *smoothing = ngram_smoothing(named->model);
    if (strcmp(key, "name") == 0) return give_text(value, named->name);
    if (strcmp(key, "kind") == 0) return give_text(value, named->model->kind->name);
    if (strcmp(key, "corpus") == 0) return give_text(value, named->corpus);
    if (strcmp(key, "outcomes") == 0) return give_number(value, (double)model_outcomes(named->model));
    if (!smoothing) return false;
    if (strcmp(key, "order") == 0) return give_number(value, named->model->context + 1);
    if (strcmp(key, "smooth") == 0) return give_text(value, smoothing_name(smoothing->kind));
    return strcmp(key, "k") == 0 && smoothing->kind == SMOOTH_ADD && give_number(value, smoothing->k);
}

static bool find(void *context, const char *path, PredicateValue *value)
{
    if (strncmp(path, "last.", 5) == 0) return find_last(context, path + 5, value);
    return strncmp(path, "model.", 6) == 0 && find_model(context, path + 6, value);
}

const char *world_unfulfilled(World *world, const Lines *checks)
{
    PredicateWorld asked = {used, find, world};
    for (size_t i = 0; i < checks->count; i++)
        if (!predicate_holds(checks->at[i], &asked)) return checks->at[i];
    return NULL;
}
