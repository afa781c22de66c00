#include "repl/topic.h"

#include <stddef.h>

#include "core/base/i18n.h"

const Topic topics[] = {
    {"conventions", N_("what stands behind every number"),
     N_("Sequences. An order-n model puts n-1 <s> before a sentence, predicts each word and then one </s>; "
        "ad, kn, mkn and katz put one <s>, as KenLM and SRILM do. <s> is never "
        "predicted. V counts </s> (and <unk> where there is one), never <s>.\n"
        "toy is a table of fixed-length sequences: no </s>. Models that were trained count the factor of "
        "</s>; eos=off "
        "leaves it out, and nothing is renormalised.\n"
        "A context never seen has no distribution without smoothing (0/0): prob and chain count 0 from "
        "there, next and "
        "sample stop. interp passes the weight of an unseen context to the next shorter one.\n"
        "Unknown words. kn, mkn and models from ARPA files have <unk> among their words, others with unk=on, "
        "cutoff= or vocabulary=; unk=off takes it out. Without it an unknown word has p = 0. eval gives the "
        "perplexity with and without the unknown ones. sample never draws <unk>.\n"
        "Order of outcomes: the words in byte order, then <unk>, then </s>. T=0 takes the first most "
        "probable one and "
        "says so when there is a tie. T=inf is uniform over the outcomes with p > 0.\n"
        "Temperature works on each conditional: p_T is p^(1/T), renormalised. Then top_k (ties with the k-th "
        "stay), then min_p (p >= min_p x the largest), then top_p (the smallest prefix whose mass before the "
        "token is < p), each on what the one before left, renormalised.\n"
        "Dice: xorshift64* seeded through splitmix64. The token drawn is the first in vocabulary order whose "
        "cumulative "
        "probability exceeds u. The same seed gives the same text on every machine, from networks too under "
        "exact=on.\n"
        "len=L draws exactly L words: </s> is taken out and the rest renormalised.\n"
        "Networks read <s> as they read </s>. Their loss is in nats a predicted token; help networks.\n"
        "Perplexity divides by predicted tokens, </s> included. Surprise is in bits; base=e|2|10 changes "
        "that.\n"
        "Numbers show 4 to 6 significant digits (digits= changes that); JSON has 17.")},
    {"smoothing", N_("what each smoothing does with n-grams never seen"),
     N_("c(h w): how often w followed the history h; c(h): how often anything did; T(h): how many different "
        "words did; h': h without its first word; V: the outcomes. Below the unigrams stands 1/V.\n"
        "mle      c(h w)/c(h): nothing for what was never seen\n"
        "add      (c(h w) + k)/(c(h) + k V): each word as if seen k times more\n"
        "interp   a weighted sum of all orders' c(h w)/c(h); weights=em tunes it\n"
        "wb       (c(h w) + T(h) p(w|h'))/(c(h) + T(h)): Witten-Bell\n"
        "ad       (c(h w) - D)/c(h) + D T(h)/c(h) p(w|h'): absolute discounting\n"
        "kn       ad whose lower orders count different words before w: Kneser-Ney\n"
        "mkn      kn with a D each for counts 1, 2 and 3 or more: KenLM's model\n"
        "katz     d c(h w)/c(h), d by Good-Turing, else alpha(h) p(w|h')\n"
        "backoff  c(h w)/c(h), else 0.4 S(w|h'): stupid back-off, scores only\n"
        "sweep n=1..5 smooth=mkn,wb,add heldout=FILE compares them; why explains each number.")},
    {"networks", N_("what the kinds of network are, and how they learn"),
     N_("train KIND makes a network of the current corpus; train alone goes on; Ctrl-C stops and keeps it; "
        "undo "
        "takes it back. Nothing need be said but the kind:\n"
        "softmax      a row of V logits for the token before: the bigram, learnt\n"
        "mlp          n=4: vectors (d=10) of the last n - 1 tokens, h=64 tanh units\n"
        "rnn          h=32 units that hear each token (d=16) and their own last state\n"
        "gru, lstm    the same with gates that decide what is kept; layers=1\n"
        "transformer  GPT-2: layers=2 of heads=2 on vectors of d=32, ctx=32 tokens back\n"
        "\n"
        "Each step takes batch= examples, finds the gradient of their loss, and moves every weight by it: "
        "opt= "
        "says how, lr= how far, schedule= and warmup= how that changes. clip= dropout= wd= restrain it. "
        "steps= or "
        "epochs= ends it, or until=, a validation loss (training loss without one).\n"
        "Loss is -log p, the mean a token, in nats (1 nat = 1.443 bits). Untrained it is about log V. The "
        "data "
        "floor is the loss of counting with as much context: on what it learns from no network falls below.\n"
        "Validation: one sentence in ten (valid=0.1), or the end of a stream, is not learnt from; of fewer "
        "than "
        "1000 predictions none is kept back; softmax keeps none. A validation loss that rises while the "
        "other "
        "falls is over-fitting: plot loss.\n"
        "Sentences are read with <s> before and </s> after; <s> is read as the vector of </s>, and "
        "never predicted. With lines=off a text is learnt in windows of ctx tokens.\n"
        "exact=on computes in a fixed order: the same digits on every machine. Else one machine repeats "
        "itself: "
        "same seed, same weights.\n"
        "Look inside: step weights embed state attn lens trace grad plot cost; why explains each answer.")},
    {"keys", N_("keys at the prompt"),
     N_("Tab       complete a command, option, value, word, model or file\n"
        "Up, Down  earlier lines that begin like this one\n"
        "Ctrl-R    search earlier lines\n"
        "Ctrl-C    drop the line, or stop the work under way and keep what it has\n"
        "Ctrl-D    leave (on an empty line)\n"
        "Ctrl-A, Ctrl-E   to the beginning, the end of the line\n"
        "Ctrl-W, Ctrl-U   delete the word, the line before the cursor\n"
        "Enter     on an empty line: go on with the lesson")},
    {"grammar", N_("how a line is read"),
     N_("line = statement ; statement ... # comment\n"
        "statement = verb, then words, options key=value and models @name in any order, then > file.\n"
        "T=0,0.5,1 or n=1..4 runs the command once for each value; @bigram,trigram once for each model.\n"
        "\"...\" or '...' holds blanks and = together; after -- only words follow.\n"
        "Every command takes as=table|list|json|csv|md (pictures: svg), digits=, width= and > file "
        "(force=yes overwrites).")},
    {"model", N_("language model"),
     N_("A language model is a probability distribution over token sequences: it gives every sequence a "
        "number, and the "
        "numbers sum to 1. Try: prob the mouse ate the cheese; enumerate len=5")},
    {"chain", N_("chain rule"),
     N_("p(x1 .. xL) = p(x1) p(x2 | x1) p(x3 | x1 x2) ... Each factor is a distribution over the next token. "
        "Try: chain the mouse ate the cheese")},
    {"temperature", N_("temperature T"),
     N_("Each conditional is raised to the power 1/T and renormalised. T=1 is the model as it is; towards 0 "
        "only the most "
        "probable word stays; towards infinity all possible words become equal. Try: next the "
        "T=0,0.5,1,2,inf")},
    {"perplexity", N_("perplexity, how many choices"),
     N_("2 to the mean surprise a token in bits, which is the geometric mean of 1/p: as many equally likely "
        "choices a token as "
        "would be as hard to guess. One zero makes it infinite. Try: eval mouse @bigram")},
    {"entropy", N_("entropy"),
     N_("The mean surprise, in bits, of a draw from a distribution: the sum of -p log2 p. 2^entropy is the "
        "number of equally "
        "likely choices that would be as uncertain. Try: next the")},
    {"surprise", N_("surprise, bits"),
     N_("-log2 p: an outcome of p = 1/8 tells 3 bits. A sequence's bits are the length of the shortest code "
        "for it. Try: "
        "bits the mouse ate the cheese")},
    {"code", N_("code, arithmetic coding"),
     N_("A model is a code: what it finds probable gets few bits, -log2 p of them. An arithmetic coder "
        "reaches "
        "that "
        "to within two bits a text, by narrowing an interval to the share p that each token has of it. So "
        "bits, "
        "cross-entropy and file size are one thing. Try: bits the mouse ate the cheese; compress \"the mouse "
        "ate "
        "the cheese\"")},
    {"carbon", N_("energy, PUE, carbon dioxide"),
     N_("Energy is time x watts x PUE; PUE is what a data centre draws for each watt of its machines. CO2e, "
        "the "
        "greenhouse gases of it, is energy x what the grid gives off a kWh: water 0.03 kg, oil shale 0.9. "
        "cost "
        "says of each figure whether it is counted, computed, measured or assumed. Try: cost @bigram "
        "region=quebec; cost flops=3.14e23 rate=24.6e12 watts=330 pue=1.1")},
    {"n-gram", N_("n-gram model"),
     N_("The next word depends on the last n-1 words only, through counts: p(w | h) = count(h w) / count(h). "
        "Cheap, and "
        "short-sighted. Try: train ngram n=3; counts the mouse")},
    {"smoothing", N_("smoothing"),
     N_("What unseen n-grams get. smooth=mle: nothing. smooth=add: k is added to every count. smooth=interp: "
        "a weighted mean "
        "of all orders up to n. Try: train ngram n=2 smooth=add k=0.1; prob the cheese ate")},
    {"embedding", N_("embedding, word vector"),
     N_("A row of numbers that a network has for each token, learnt like all its weights. Tokens that are "
        "followed "
        "by the same things come to lie close together. Try: train mlp n=3 d=2; embed; plot embed")},
    {"logit", N_("logits and softmax"),
     N_("A network gives each outcome a number, its logit. Softmax makes probabilities of them: p = "
        "exp(logit) / "
        "(the sum of all exp(logit)). Try: train softmax; next the; why mouse")},
    {"loss", N_("loss, cross-entropy"),
     N_("What training makes smaller: the mean of -log p of the tokens that came, in nats. Divided by log 2 "
        "it is "
        "bits a token; e to it is the perplexity. Try: train mlp; plot loss")},
    {"gradient", N_("gradient, back-propagation"),
     N_("For every weight, how much the loss would rise if that weight did: the chain rule of calculus, "
        "walked "
        "backwards through the network. Where logits are made it is p - target. Try: train softmax steps=0; "
        "step "
        "context=mouse; grad check")},
    {"descent", N_("gradient descent, learning rate"),
     N_("Each step moves each weight against its gradient, times the learning rate lr. Too small an lr takes "
        "for "
        "ever, too large a one leaps over the valley. momentum, adam and adamw scale and smooth the steps. "
        "Try: train softmax lr=0.5,5,50; train softmax lr=5 steps=3; step")},
    {"attention", N_("attention"),
     N_("Each position asks (its query q) all positions up to itself (their keys k) how much they matter: "
        "softmax "
        "of q.k / sqrt(size) gives weights, and the mean of their values under these weights is what it "
        "hears. "
        "Try: train transformer; attn the mouse ate the cheese; why")},
    {"validation", N_("validation, over-fitting"),
     N_("Text kept back from learning. Its loss tells what a model has understood, the training loss also "
        "what it "
        "has learnt by heart: where the two part, it over-fits. Try: train mlp valid=0.25 steps=300; plot "
        "loss")},
    {"eos", N_("</s>, the end of a sequence"),
     N_("With </s> a model says when to stop, and the probabilities of all sequences of all lengths sum to "
        "1. Without it "
        "they sum to 1 for each length by itself. Try: chain the mouse ate @bigram")},
    {"token", N_("token"),
     N_("The unit a model predicts: a word, or a character (corpus FILE tokens=chars). Try: tokens \"the "
        "mouse ate\"")},
    {"greedy", N_("greedy decoding"),
     N_("T=0: always the most probable next word. It never varies, it may run in circles, and it need not "
        "find the most "
        "probable sequence. Try: sample T=0; enumerate len=5 top=1")},
    {"recall", N_("memory: how far back a model sees"),
     N_("make recall d=3 makes lines of a key (p or q), d fillers (x or y, by dice) and the key again: p x y "
        "y p. Who forgot the first word cannot know the last.\n"
        "An n-gram model sees n - 1 words, and not where in the line they are: n - 1 fillers fit at d + 2 - "
        "n "
        "places, the key follows at one of them, and it is p or q. So its last word costs at least 1 + "
        "log2(d + 2 - n) bits for n = 2 to d + 1, nothing from n = d + 2 on, and log2(d + 3) for n = 1; but "
        "the contexts to be counted double with each d.\n"
        "at=last scores the last words only; recall-heldout is fresh text to score on. Try: make recall d=3; "
        "sweep ngram n=1..6 at=last smooth=mle; train rnn h=16; eval recall-heldout at=last")},
    {"icl", N_("in-context learning: copying from the prompt"),
     N_("make icl makes lines of keys, each with a value drawn for this line alone, and then these keys "
        "again "
        "and again, each with its value: a 3 b 1 b 1 a 3 b 1. Other lines say nothing about it: chance is "
        "1/values. An n-gram model does better only where its window holds the key and its value, and where "
        "it "
        "has seen just such a window; who finds the key in the line can copy. That takes two layers: one in "
        "which each value takes note of the key before it, and one that looks for the key.\n"
        "at=last scores the last copy only. Try: make icl; sweep ngram n=2..8 smooth=wb at=last; train "
        "transformer heads=1 lr=0.003 steps=2000 batch=16 wd=0.03; eval icl-heldout at=last. With "
        "shuffle=off "
        "the keys stand in the order of the alphabet: then it is enough to know the place.")},
    {"source", N_("a known source: cross-entropy, junk"),
     N_("What a model costs on a text (eval) depends on the text drawn. Where the source p of the texts is a "
        "model itself, the mean over all of them can be had: xent source=P @Q gives H(p, q), exactly for "
        "n-grams and tables, from draws for models that look back without end. H(p, p) is the entropy of p, "
        "and what q costs above it, KL(p || q), is what q does not know. The counts of a text cost it just "
        "their own entropy.\n"
        "mix eps=0.05 makes a model that says junk once in 20 tokens. Perplexity hardly sees it: no text's "
        "rises above 1/(1 - eps) times. Its samples show it. Try: mix eps=0.05 @bigram; eval "
        "@bigram,bigram-mix; sample n=10 @bigram-mix; xent source=bigram @bigram,bigram-mix")},
    {"channel", N_("noisy channel, Bayes, decoding"),
     N_("A text was said, with p(x) by the model, and some of its words were changed on the way. decode goes "
        "through every text of that length and multiplies its prior p(x) with the likelihood that it is "
        "heard "
        "so: what was probably said is where the product is largest. The more the channel can be trusted "
        "(keep=), the less the model corrects. Try: decode channel keep=0.85 \"cheese mouse ate the "
        "cheese\"; "
        "decode channel keep=0.85,0.9 top=1 \"cheese mouse ate the cheese\"")},
    {"hallucination", N_("reliability, abstaining, unseen facts"),
     N_("A model gives its text the highest probability that its memory allows; whether a sentence is true "
        "is "
        "never asked. abstain asks it every line of a text without the last word, at T=0, and lets it keep "
        "silent where p is below a bound: coverage is the share it answers, accuracy the share of the "
        "answers "
        "that is right. novelty has the Good-Turing mass of what was not seen yet. Try: train ngram "
        "corpus=facts; abstain below=0; abstain below=0,0.3,0.31")},
    {"memorisation", N_("verbatim copies, extraction"),
     N_("novelty adds up p over the sentences a model learnt from: how much of what it writes is a copy, "
        "without drawing one. extract gives it the beginning of a sentence and looks up whether what comes "
        "out "
        "stands in the text; dup shows what further copies do. Equal is not the same as unlawful. Try: train "
        "ngram n=4; novelty; extract the cheese; dup 4 \"the mouse ate the ball\"")},
    {"poisoning", N_("data poisoning, duplication, memorisation"),
     N_("poison K \"SENTENCE\" puts copies of a sentence into the corpus and counts the model again; the "
        "table "
        "has every token of it before and now, and whether T=0 says it. dup does so with a sentence that is "
        "there already; scale M makes the corpus M times its own text.\n"
        "To outvote what the text says takes a share of it: (1 + k)/(6 + k) for ball after \"ate the\" in "
        "mouse, 3M + 1 copies after scale M. A trigger that was never seen has nothing to outvote: one copy "
        "will do however long the corpus is. Each is one step for undo. Try: train ngram n=3; poison 4 \"the "
        "mouse ate the ball\"; undo; scale 10; poison 1 \"zap the ball\"; why")},
    {"bias", N_("social bias: gap, swap"),
     N_("gap A B after \"CONTEXT\" ... compares two words in one place: log-odds ln(p(A)/p(B)), 0 when they "
        "are alike, and the share of contexts in which A is preferred, a tie being one half. expect=he,she "
        "names for each context the word of the stereotype instead: 1 follows it always, 0.5 is best.\n"
        "swap A B adds to the corpus its sentences with the words exchanged, and counts the model on that: "
        "gaps go to 0, and the text as it was becomes less likely. It exchanges blindly: the queen said he. "
        "Try: train ngram n=3 corpus=jobs; gap he she after \"doctor said\" \"nurse said\"; swap he she")},
    {"blocklist", N_("filters: precision, recall, accuracy"),
     N_("filter flags each line that has a blocked word, and compares with labels of people. TP: bad and "
        "flagged. FP: good and flagged. FN: bad and missed. TN: good and let through. Precision TP/(TP + "
        "FP), "
        "recall TP/(TP + FN), accuracy (TP + TN)/all; flagging nothing has (FP + TN)/all.\n"
        "Its lines: filter, dialect (with who speaks: show=groups), or a file of 1 or 0, a tab, perhaps a "
        "group and a tab, and a text; of a corpus only what is flagged can be told. Try: filter "
        "blocklist=rotten,stupid; filter dialect blocklist=rotten,stupid show=groups")},
    {"lesson-format", N_("how a lesson is written"),
     N_("A lesson is a Markdown file. lmsh --new-lesson NAME makes one to change, lmsh --check NAME says "
        "what "
        "is wrong with it and where, lesson NAME/en.md plays it; man lmsh-lessons has all of it.\n"
        "Header, between two lines ---: format: 1, id:, title:, needs: (ids), minutes:, risk: yes where it "
        "is "
        "about harm (then a paragraph > Limits: is a must).\n"
        "## Heading {#step-id} begins a step. Blocks are fences ```lm KIND ... ```:\n"
        "setup    commands that run silently\n"
        "run      lm> COMMAND and what it prints; ... is anything\n"
        "do       check: used VERB, last.KEY == 0.5, model.order > 1; solution: LINE; wrong: LINE | message\n"
        "ask      id:, type: number|choice|text, answer:, equals: COMMAND that gives it, tol:, unit:, wrong: "
        "VALUE | message, right: message; choices - [ ] and - [x]\n"
        "predict  the same, guessed before it is shown; also type: distribution\n"
        "hint     1. text, 2. text, for the task or question before\n"
        "\n"
        "Numbers in prose are checked by a comment behind the paragraph: <!-- lm: prob the = 0.8 -->, "
        "several "
        "on a line each. COMMAND -> KEY takes another number of the answer, KEY.3 that of row 3.\n"
        "A lesson's own commands write nothing and read only files beside it.")},
    {NULL, NULL, NULL},
};
