"""TF-IDF and HDBSCAN of scikit-learn on the same log, at growing sizes until one takes too long.

groups.py LABELED.tsv SECONDS prints a line for each size.
"""

import collections
import resource
import sys
import time

try:
    from sklearn.cluster import HDBSCAN
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.preprocessing import normalize
except ImportError:
    sys.exit("scikit-learn is not installed: pip install scikit-learn")


def bcubed(found, labels):
    both = collections.Counter(zip(found, labels))
    sizes, needs = collections.Counter(found), collections.Counter(labels)
    precision = sum(count * count / sizes[pair[0]] for pair, count in both.items()) / len(labels)
    recall = sum(count * count / needs[pair[1]] for pair, count in both.items()) / len(labels)
    return 2 * precision * recall / (precision + recall)


with open(sys.argv[1], encoding="utf-8") as file:
    rows = [line.rstrip("\n").split("\t") for line in file]
size = 1_000
while size <= len(rows):
    labels, texts = zip(*rows[:size])
    begun = time.perf_counter()
    vectors = TfidfVectorizer(sublinear_tf=True).fit_transform(texts)
    dense = normalize(TruncatedSVD(100, random_state=0).fit_transform(vectors))
    groups = HDBSCAN(min_cluster_size=3, copy=False).fit_predict(dense)
    seconds = time.perf_counter() - begun
    found = [f"alone-{at}" if group < 0 else group for at, group in enumerate(groups)]
    mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{size}: {seconds:.1f} s, {mib:.0f} MiB at most, {max(groups) + 1} groups, "
          f"BCubed F1 {bcubed(found, labels):.3f}", flush=True)
    if float(sys.argv[2]) < 4 * seconds:
        break
    size *= 2
