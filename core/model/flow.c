#include "core/model/flow.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

enum { CONTEXTS_MAX = 1000000, EDGES_MAX = 4000000, WORDS_MAX = 1000000, BETWEEN_CLOCKS = 100000 };
static const double EDGES_WALKED_MAX = 1e9, NUMBERS_MAX = 4e8, NEGLIGIBLE = 1e-12;

/* A context met, and what one step on from it adds. */
typedef struct {
    State *p, *q; /* until its edges are known */
    size_t edge, edges;
    double surprise, own; /* - sum of p log q, - sum of p log p */
    double end;           /* - log q(</s>), for texts of a given length */
} Node;

typedef struct {
    uint32_t to;
    double p;
} Edge;

typedef struct {
    Job job;
    Model *p, *q;
    size_t length;
    TokenId *map;       /* [p's id]: q's */
    size_t back;        /* words a context has */
    Node *nodes;        /* in the order they were met */
    TokenId *words;     /* (back + 1): a context being looked for */
    TokenId *histories; /* (node_count, back), the latest word first; TOKEN_NONE before the first one */
    size_t node_count, node_room, history_room, expanded;
    uint32_t *slots; /* (slot_count, a power of 2): 1 + the node's index, 0 where there is none */
    size_t slot_count;
    Edge *edges;
    size_t edge_count, edge_room;
    double *from_p, *from_q; /* (V) */
    double *mass, *next;     /* (node_count) */
    double numbers, walked;  /* work done: outcomes looked at, edges gone along */
    bool too_wide;
    Flow flow;
} Flowing;

int flow_context(const Model *p, const Model *q)
{
    if (p->context == CONTEXT_WHOLE || q->context == CONTEXT_WHOLE) return CONTEXT_WHOLE;
    return p->context > q->context ? p->context : q->context;
}

/* --- contexts --- */

static TokenId *history_of(const Flowing *f, size_t node) { return f->histories + node * f->back; }

/* FNV-1a over the words. */
static uint64_t hash_of(const TokenId *words, size_t count)
{
    uint64_t hash = 14695981039346656037U;
    for (size_t i = 0; i < count; i++) hash = (hash ^ (uint32_t)words[i]) * 1099511628211U;
    return hash ^ hash >> 32;
}

static bool is_history(const Flowing *f, size_t node, const TokenId *words)
{
    return f->back == 0 || memcmp(history_of(f, node), words, f->back * sizeof *words) == 0;
}

/* The slot of the context, or the empty one where it would be. */
static uint32_t *slot_of(const Flowing *f, const TokenId *words)
{
    size_t slot = (size_t)hash_of(words, f->back) & (f->slot_count - 1);
    while (f->slots[slot] && !is_history(f, f->slots[slot] - 1, words))
        slot = (slot + 1) & (f->slot_count - 1);
    return &f->slots[slot];
}

static void grow_slots(Flowing *f)
{
    if (2 * (f->node_count + 1) <= f->slot_count) return;
    free(f->slots);
    f->slot_count = f->slot_count ? 2 * f->slot_count : 64;
    f->slots = must_alloc(f->slot_count, sizeof *f->slots);
    for (size_t i = 0; i < f->node_count; i++) *slot_of(f, history_of(f, i)) = (uint32_t)i + 1;
}

/* Its states are the caller's to fill. */
static Node *add_node(Flowing *f, const TokenId *words)
{
    if (f->node_count == f->node_room) {
        f->node_room = 2 * f->node_room + 16;
        f->nodes = must_grow(f->nodes, f->node_room, sizeof *f->nodes);
        f->histories = must_grow(f->histories, f->node_room * f->back + 1, sizeof *f->histories);
    }
    if (f->back > 0) memcpy(history_of(f, f->node_count), words, f->back * sizeof *words);
    f->nodes[f->node_count] = (Node){.p = NULL};
    return &f->nodes[f->node_count++];
}

/* The context that follows; its states are the ones before, with the token fed. */
static uint32_t find_next(Flowing *f, size_t node, TokenId token)
{
    TokenId *words = f->words;
    words[0] = token;
    if (f->back > 1) memcpy(words + 1, history_of(f, node), (f->back - 1) * sizeof *words);
    grow_slots(f);
    uint32_t *slot = slot_of(f, words);
    if (*slot == 0) {
        Node *next = add_node(f, words);
        next->p = state_copy(f->nodes[node].p);
        next->q = state_copy(f->nodes[node].q);
        state_feed(next->p, token);
        state_feed(next->q, f->map[token]);
        *slot = (uint32_t)f->node_count;
    }
    return *slot - 1;
}

static void forget_states(Node *node)
{
    state_free(node->p);
    state_free(node->q);
    node->p = node->q = NULL;
}

/* --- one step on from a context --- */

static void tell_missing(Flowing *f, size_t node, TokenId token)
{
    if (f->flow.impossible) return;
    f->flow.impossible = true;
    f->flow.missing = token;
    for (size_t i = f->back; i-- > 0;)
        if (history_of(f, node)[i] != TOKEN_NONE)
            f->flow.given[f->flow.given_count++] = history_of(f, node)[i];
}

static double log_q(const Flowing *f, TokenId token)
{
    TokenId other = f->map[token];
    double q = other == TOKEN_NONE ? 0 : f->from_q[other];
    return q > 0 ? log(q) : -INFINITY;
}

static void add_edge(Flowing *f, size_t node, TokenId token, double p)
{
    uint32_t to = find_next(f, node, token);
    f->edges = must_extend(f->edges, f->edge_count, &f->edge_room, sizeof *f->edges);
    f->edges[f->edge_count++] = (Edge){to, p};
    f->nodes[node].edges++;
}

static void add_outcome(Flowing *f, size_t node, TokenId token)
{
    double p = f->from_p[token];
    if (!(p > 0)) return;
    double surprise = -log_q(f, token);
    if (isinf(surprise)) tell_missing(f, node, token);
    f->nodes[node].surprise += p * surprise;
    f->nodes[node].own -= p * log(p);
    if (token != vocab_end(f->p->vocab)) add_edge(f, node, token, p);
}

static void expand(Flowing *f)
{
    size_t node = f->expanded++, outcomes = model_outcomes(f->p);
    TokenId end = vocab_end(f->q->vocab);
    f->nodes[node].edge = f->edge_count;
    state_predict(f->nodes[node].p, f->from_p);
    state_predict(f->nodes[node].q, f->from_q);
    for (size_t i = 0; i < outcomes; i++) add_outcome(f, node, (TokenId)i);
    if (f->length > 0 && end != TOKEN_NONE) f->nodes[node].end = -state_score(f->nodes[node].q, end);
    f->numbers += (double)(outcomes + model_outcomes(f->q));
    forget_states(&f->nodes[node]);
}

/* --- a word more --- */

static void begin_flow(Flowing *f)
{
    f->mass = must_alloc(f->node_count, sizeof *f->mass);
    f->next = must_alloc(f->node_count, sizeof *f->next);
    f->mass[0] = 1;
}

static void send_on(Flowing *f, size_t index, double mass)
{
    const Node *node = &f->nodes[index];
    f->flow.nats += mass * node->surprise;
    f->flow.entropy += mass * node->own;
    f->flow.tokens += mass;
    for (size_t e = node->edge; e < node->edge + node->edges; e++) {
        f->next[f->edges[e].to] += mass * f->edges[e].p;
        f->flow.left += mass * f->edges[e].p;
    }
}

static void flow_on(Flowing *f)
{
    f->flow.left = 0;
    memset(f->next, 0, f->node_count * sizeof *f->next);
    for (size_t i = 0; i < f->node_count; i++)
        if (f->mass[i] > 0) send_on(f, i, f->mass[i]);
    double *sent = f->mass;
    f->mass = f->next;
    f->next = sent;
    f->flow.words++;
    f->walked += (double)(f->edge_count + f->node_count);
}

/* Texts of a given length end by themselves: only q may be asked whether it would have ended there. */
static void end_texts(Flowing *f)
{
    bool asked = model_ends(f->q);
    for (size_t i = 0; asked && i < f->node_count; i++)
        if (f->mass[i] > 0) f->flow.nats += f->mass[i] * f->nodes[i].end;
    f->flow.tokens += asked ? f->flow.left : 0;
    f->flow.left = 0;
}

/* --- the job --- */

static bool is_over(const Flowing *f)
{
    if (f->length > 0) return f->flow.words == f->length;
    return f->flow.left < NEGLIGIBLE || f->walked > EDGES_WALKED_MAX || f->flow.words >= WORDS_MAX;
}

/* One piece of work; false when there is no more. */
static bool work(Flowing *f)
{
    if (f->expanded < f->node_count) {
        expand(f);
        f->too_wide = f->node_count > CONTEXTS_MAX || f->edge_count > EDGES_MAX || f->numbers > NUMBERS_MAX;
        return !f->too_wide;
    }
    if (!f->mass) begin_flow(f);
    flow_on(f);
    if (!is_over(f)) return true;
    if (f->length > 0) end_texts(f);
    return false;
}

static JobStatus step(Job *job, double milliseconds, Error *error)
{
    Flowing *f = (Flowing *)job;
    double end = job_clock() + milliseconds, looked = f->numbers + f->walked;
    (void)error;
    while (work(f)) {
        if (f->numbers + f->walked - looked < BETWEEN_CLOCKS) continue;
        if (job_clock() > end) return JOB_MORE;
        looked = f->numbers + f->walked;
    }
    return JOB_DONE;
}

/* Of contexts it is not known how many will be met. */
static double progress(const Job *job)
{
    const Flowing *f = (const Flowing *)job;
    if (!f->mass) return 0.5 * (double)f->expanded / (double)(f->node_count + 1);
    double ended = f->length > 0 ? (double)f->flow.words / (double)f->length : 1 - f->flow.left;
    return 0.5 + 0.5 * fmin(1, fmax(ended, f->walked / EDGES_WALKED_MAX));
}

static void flow_free(Job *job)
{
    Flowing *f = (Flowing *)job;
    for (size_t i = f->expanded; i < f->node_count; i++) forget_states(&f->nodes[i]);
    model_free(f->p);
    model_free(f->q);
    free(f->map);
    free(f->nodes);
    free(f->words);
    free(f->histories);
    free(f->slots);
    free(f->edges);
    free(f->from_p);
    free(f->from_q);
    free(f->mass);
    free(f->next);
    free(f->flow.given);
    free(f);
}

static void add_start(Flowing *f)
{
    for (size_t i = 0; i <= f->back; i++) f->words[i] = TOKEN_NONE;
    grow_slots(f);
    uint32_t *slot = slot_of(f, f->words);
    Node *start = add_node(f, f->words);
    start->p = state_begin(f->p);
    start->q = state_begin(f->q);
    *slot = (uint32_t)f->node_count;
}

/* Where q has <unk>, that is what a word it does not know is to it. */
static TokenId *translate(const Model *p, const Model *q)
{
    TokenId *map = vocab_map(p->vocab, q->vocab);
    for (size_t i = 0; i < model_outcomes(p); i++)
        if (map[i] == TOKEN_NONE && (TokenId)i != vocab_end(p->vocab)) map[i] = vocab_unknown(q->vocab);
    return map;
}

Job *flow_new(Model *p, Model *q, size_t length)
{
    static const JobKind kind = {step, progress, flow_free};
    Flowing *f = must_alloc(1, sizeof *f);
    *f = (Flowing){.job.kind = &kind, .p = model_share(p), .q = model_share(q), .length = length};
    assert(flow_context(p, q) != CONTEXT_WHOLE && !p->scores && !q->scores);
    assert(model_ends(p) ? length == 0 && model_ends(q) : length > 0);
    f->back = (size_t)flow_context(p, q);
    f->map = translate(p, q);
    f->words = must_alloc(f->back + 1, sizeof *f->words);
    f->flow.given = must_alloc(f->back + 1, sizeof *f->flow.given);
    f->from_p = must_alloc(model_outcomes(p), sizeof *f->from_p);
    f->from_q = must_alloc(model_outcomes(q), sizeof *f->from_q);
    f->flow.left = 1;
    add_start(f);
    return &f->job;
}

bool flow_too_wide(const Job *job) { return ((const Flowing *)job)->too_wide; }
const Flow *flow_result(const Job *job) { return &((const Flowing *)job)->flow; }
