"""What python3-nltk needs for the work that bench_peers.c times: training by counting, and single scores.

    peer_nltk.py ORDER TEXT HELDOUT

A text is one sentence a line, words between blanks.  Three numbers are printed, a line each, all of them CPU
time: milliseconds of one fit; microseconds a score() call, MLE, then Witten-Bell, of the held-out n-grams.
"""
import sys
from itertools import islice
from time import process_time

from nltk.lm import MLE, WittenBellInterpolated
from nltk.lm.preprocessing import pad_both_ends, padded_everygram_pipeline
from nltk.util import ngrams

SCORES_MAX = 20000


def sentences(path):
    with open(path, encoding="utf-8") as text:
        return [line.split() for line in text]


def seconds(work):
    begin = process_time()
    work()
    return process_time() - begin


def main(order, path, heldout_path):
    text, heldout = sentences(path), sentences(heldout_path)
    fitted = WittenBellInterpolated(order)
    print(seconds(lambda: fitted.fit(*padded_everygram_pipeline(order, text))) * 1e3)
    every = (gram for line in heldout for gram in ngrams(pad_both_ends(line, n=order), order))
    grams = list(islice(every, SCORES_MAX))
    for model in MLE(order, vocabulary=fitted.vocab, counter=fitted.counts), fitted:
        print(seconds(lambda: [model.score(gram[-1], gram[:-1]) for gram in grams]) / len(grams) * 1e6)


if len(sys.argv) != 4:
    sys.exit(__doc__)
main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
