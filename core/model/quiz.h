/* quiz.h - a text turned into questions: each line without its last word, and what a model would say there; a
 * job.
 *
 * Its answer is the one of T = 0: the most probable outcome, the first of several. It is right when the line
 * it makes stands in the text. What to do with an unsure answer is the asker's choice (El-Yaniv and Wiener
 * 2010, "On the foundations of noise-free selective classification"). */
#ifndef CORE_MODEL_QUIZ_H
#define CORE_MODEL_QUIZ_H

#include "core/base/job.h"
#include "core/model/model.h"
#include "core/text/corpus.h"

typedef struct {
    const TokenId *prompt; /* ids of quiz_prompts */
    size_t count;
    TokenId answer; /* id of the model; TOKEN_NONE where it has no distribution */
    double p;       /* of the answer; 0 for none */
    bool right;
} QuizAnswer;

Job *quiz_new(const Model *model, const Corpus *text);         /* both borrowed */
const Corpus *quiz_prompts(const Job *job);                    /* the lines without their last words */
const QuizAnswer *quiz_answers(const Job *job, size_t *count); /* to the different prompts asked so far */

#endif
