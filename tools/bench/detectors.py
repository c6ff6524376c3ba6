"""The scikit-learn peer of `npm run bench -- detectors`.

`run` fits one estimator on the rows of one .npy file, scores those of another, writes the scores and prints what it took.
`compare` prints how far two files with results agree. Threads are set by OMP_NUM_THREADS and its like.
"""

import argparse
import json
import resource
import time
from collections.abc import Callable

import numpy as np
import sklearn
from scipy.stats import spearmanr
from sklearn.covariance import LedoitWolf
from sklearn.decomposition import PCA
from sklearn.ensemble import IsolationForest
from sklearn.metrics import roc_auc_score
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import LocalOutlierFactor, NearestNeighbors
from sklearn.preprocessing import StandardScaler
from sklearn.svm import OneClassSVM

Apply = Callable[[np.ndarray], np.ndarray]

# Columns of transformed features that are compared: later ones are nearly noise, and differ between solvers.
COLUMNS = 16


def with_boundary(raw: Apply, train_scores: np.ndarray, contamination: float) -> Apply:
    """Scores shifted so that a share `contamination` of the training scores is below 0."""
    boundary = np.percentile(train_scores, 100 * contamination)
    return lambda x: raw(x) - boundary


def nearest_neighbours(x: np.ndarray, contamination: float, **parameters) -> Apply:
    model = NearestNeighbors(**parameters).fit(x)
    # Without an argument: of each training row among the others.
    distances, _ = model.kneighbors()
    return with_boundary(lambda y: -model.kneighbors(y)[0].mean(axis=1), -distances.mean(axis=1), contamination)


def gaussian_mixture(x: np.ndarray, contamination: float, dtype: str, **parameters) -> Apply:
    rows = x.astype(dtype, copy=False)
    model = GaussianMixture(random_state=0, **parameters).fit(rows)
    return with_boundary(lambda y: model.score_samples(y.astype(dtype, copy=False)), model.score_samples(rows), contamination)


def ledoit_wolf(x: np.ndarray, contamination: float, products: bool) -> Apply:
    """Distances by scikit-learn's method, or by the matrix product that a competent user would write instead."""
    model = LedoitWolf().fit(x)

    def by_product(y: np.ndarray) -> np.ndarray:
        centred = y - model.location_
        return np.einsum("ij,ij->i", centred @ model.precision_, centred)

    squares = by_product if products else model.mahalanobis
    return with_boundary(lambda y: -squares(y), -squares(x), contamination)


def pca_residual(x: np.ndarray, contamination: float, **parameters) -> Apply:
    model = PCA(random_state=0, **parameters).fit(x)

    def raw(y: np.ndarray) -> np.ndarray:
        centred = y - model.mean_
        projected = centred @ model.components_.T
        return -((centred - projected @ model.components_) ** 2).sum(axis=1)

    return with_boundary(raw, raw(x), contamination)


def decision_function(estimator: type) -> Callable[..., Apply]:
    return lambda x, **parameters: estimator(**parameters).fit(x).decision_function


ESTIMATORS: dict[str, Callable[..., Apply]] = {
    "StandardScaler": lambda x, **parameters: StandardScaler(**parameters).fit(x).transform,
    "PCA": lambda x, **parameters: PCA(random_state=0, **parameters).fit(x).transform,
    "OneClassSVM": decision_function(OneClassSVM),
    "IsolationForest": lambda x, **parameters: decision_function(IsolationForest)(x, random_state=0, **parameters),
    "GaussianMixture": gaussian_mixture,
    "NearestNeighbors": nearest_neighbours,
    "LocalOutlierFactor": lambda x, **parameters: decision_function(LocalOutlierFactor)(x, novelty=True, **parameters),
    "LedoitWolf": ledoit_wolf,
    "PCAResidual": pca_residual,
}


def cpu_seconds() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def timed(work: Callable[[], object]) -> tuple[object, dict]:
    start, cpu_start = time.perf_counter(), cpu_seconds()
    result = work()
    return result, {"seconds": time.perf_counter() - start, "cpuSeconds": cpu_seconds() - cpu_start}


def run(given: argparse.Namespace) -> dict:
    train, test = np.load(given.train), np.load(given.test)

    def once() -> tuple[object, dict]:
        apply, fit = timed(lambda: ESTIMATORS[given.estimator](train, **given.parameters))
        scores, score = timed(lambda: apply(test))
        return scores, {"fit": fit, "score": score}

    try:
        _, first = once()
        scores, taken = once()
    except ValueError as error:  # a covariance that cannot be inverted
        return {"failed": str(error)}
    np.save(given.out, np.asarray(scores, dtype="<f4"))
    return {**taken, "first": first, "sklearn": sklearn.__version__}


def compare(given: argparse.Namespace) -> dict:
    ours, theirs = np.load(given.kindred).astype(float), np.load(given.sklearn).astype(float)
    if ours.shape != theirs.shape:
        return {"correlation": 0}
    if ours.ndim == 2:
        pairs = zip(ours.T[:COLUMNS], theirs.T[:COLUMNS])
        return {"correlation": float(np.mean([abs(np.corrcoef(a, b)[0, 1]) for a, b in pairs]))}
    belongs = np.arange(len(ours)) % given.odd_every != given.odd_every - 1
    aurocs = [float(roc_auc_score(belongs, scores)) for scores in (ours, theirs)]
    return {"correlation": float(spearmanr(ours, theirs)[0]), "aurocs": aurocs}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    runner = commands.add_parser("run")
    runner.add_argument("--estimator", choices=ESTIMATORS, required=True)
    runner.add_argument("--parameters", type=json.loads, required=True)
    runner.add_argument("--train", required=True)
    runner.add_argument("--test", required=True)
    runner.add_argument("--out", required=True)
    runner.set_defaults(call=run)
    comparer = commands.add_parser("compare")
    comparer.add_argument("kindred")
    comparer.add_argument("sklearn")
    comparer.add_argument("--odd-every", type=int, required=True)
    comparer.set_defaults(call=compare)
    given = parser.parse_args()
    print(json.dumps(given.call(given)))


if __name__ == "__main__":
    main()
