"""Make metrics.json: golden values of scikit-learn's metrics to test against.

The file holds outputs, targets and weights of random samples, and what
scikit-learn computes of them. Where it has no such metric, the definition is
written out here with numpy, in the most direct form there is: Lin's
concordance correlation, the concordance index pair by pair, specificity.
Names and settings are those that `nn evaluate --metrics` takes.

`cargo xtask golden --write` runs it in a virtual environment of its own,
`cargo xtask golden` with --check: then the values are computed again and
compared with the file, allowing a relative difference of 1e-6; the exit
status is 1 if they differ.

Outputs and weights are float32 values, so reading them as float32 gives
exactly the same numbers; what is expected is float64.
"""

import argparse
import pathlib
import sys
import warnings

import numpy as np
import sklearn
from golden_file import write_or_check
from sklearn import calibration, metrics

OUTPUT = pathlib.Path(__file__).resolve().parent / "metrics.json"


def float32(values):
    """The nearest float32 values, as float64."""
    return np.asarray(values, np.float32).astype(np.float64)


def specificity(t, p, labels, w):
    """The share of what is not of a class that was not taken for it, a class each."""
    return [np.sum(w[(t != k) & (p != k)]) / np.sum(w[t != k]) for k in labels]


def lin(y, a, w):
    """Lin's concordance correlation coefficient."""
    my, ma = np.average(y, weights=w), np.average(a, weights=w)
    vy, va = np.average((y - my) ** 2, weights=w), np.average((a - ma) ** 2, weights=w)
    return 2 * np.average((y - my) * (a - ma), weights=w) / (vy + va + (my - ma) ** 2)


def pearson(y, a, w):
    """Pearson's correlation, by numpy's weighted covariance matrix."""
    covariance = np.cov(y, a, aweights=w)
    return covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1])


def concordance_index(y, a, w):
    """Pair by pair: the same order is 1, equal outputs are a half."""
    right = pairs = 0.0
    for i in range(len(y)):
        for j in range(len(y)):
            if y[i] < y[j]:
                pairs += w[i] * w[j]
                right += w[i] * w[j] * (1.0 if a[i] < a[j] else 0.5 if a[i] == a[j] else 0.0)
    return right / pairs


def calibration_error(truth, confidence, bins):
    """The expected calibration error from scikit-learn's curve, unweighted."""
    true, said = calibration.calibration_curve(truth, confidence, n_bins=bins)
    which = np.searchsorted(np.linspace(0, 1, bins + 1)[1:-1], confidence)
    counts = np.bincount(which, minlength=bins)
    return np.sum(np.abs(true - said) * counts[counts > 0]) / len(truth)


def of_classes(t, p, w, many):
    """Metrics of decisions: true classes t, predicted classes p."""
    expected = {
        "accuracy": metrics.accuracy_score(t, p, sample_weight=w),
        "balanced_accuracy": metrics.balanced_accuracy_score(t, p, sample_weight=w),
        "matthews_corrcoef": metrics.matthews_corrcoef(t, p, sample_weight=w),
        "cohen_kappa_score": metrics.cohen_kappa_score(t, p, sample_weight=w),
    }
    labels = sorted(set(t) | set(p))
    scores = {
        "precision": metrics.precision_score,
        "recall": metrics.recall_score,
        "f1_score": metrics.f1_score,
        "fbeta_score,beta=0.5": lambda *args, **kw: metrics.fbeta_score(*args, beta=0.5, **kw),
        "fbeta_score,beta=2": lambda *args, **kw: metrics.fbeta_score(*args, beta=2, **kw),
    }
    for name, score in scores.items():
        known = {"sample_weight": w, "zero_division": 0}
        for average in ["macro", "micro", "weighted"]:
            expected[f"{name},average={average}"] = score(t, p, average=average, **known)
        for label, value in zip(labels, score(t, p, average=None, labels=labels, **known)):
            expected[f"{name},class={label}"] = value
        expected[name] = expected[f"{name},average=macro" if many else f"{name},class=1"]
    if len(set(t)) > 1:
        for label, value in zip(labels, specificity(t, p, labels, w)):
            expected[f"specificity,class={label}"] = value
    return expected


def binary(name, a, y, w, threshold):
    """A single output: the probability of yes."""
    t = y.astype(int)
    expected = of_classes(t, (a > 0.5).astype(int), w, many=False)
    decided = (a > threshold).astype(int)
    expected[f"binary_accuracy,threshold={threshold}"] = metrics.accuracy_score(t, decided, sample_weight=w)
    expected[f"recall,threshold={threshold}"] = metrics.recall_score(t, decided, sample_weight=w)
    expected["brier_score_loss"] = metrics.brier_score_loss(t, a, sample_weight=w, pos_label=1)
    if len(set(t)) > 1:
        expected["auc"] = metrics.roc_auc_score(t, a, sample_weight=w)
        expected["average_precision"] = metrics.average_precision_score(t, a, sample_weight=w)
        expected["log_loss"] = metrics.log_loss(t, a, sample_weight=w)
        expected["concordance_index"] = expected["auc"]
    if np.all(w == 1):
        expected["expected_calibration_error,bins=10"] = calibration_error(t, a, 10)
        expected["expected_calibration_error"] = calibration_error(t, a, 15)
    return case(name, 1, a, y, w, expected)


def curves(a, y, w):
    """The points of both curves, by falling threshold; infinite ones are left out."""
    false, true, thresholds = metrics.roc_curve(y, a, sample_weight=w, drop_intermediate=False)
    precision, recall, others = metrics.precision_recall_curve(y, a, sample_weight=w)
    return {
        "outputs": 1, "a": a.tolist(), "y": y.tolist(), "weights": w.tolist(),
        "thresholds": thresholds[1:].tolist(),
        "false_positive_rate": false.tolist(), "true_positive_rate": true.tolist(),
        "precision_thresholds": others[::-1].tolist(),
        "precision": precision[::-1].tolist(), "recall": recall[::-1].tolist(),
    }


def several(name, a, t, w):
    """Probabilities of several classes."""
    count = a.shape[1]
    y = np.eye(count)[t]
    expected = of_classes(t, np.argmax(a, axis=1), w, many=True)
    known = {"sample_weight": w, "labels": range(count)}
    if count > 2:
        expected["top_k_categorical_accuracy,k=2"] = metrics.top_k_accuracy_score(t, a, k=2, **known)
    expected["log_loss"] = metrics.log_loss(t, a, **known)
    expected["brier_score_loss"] = metrics.brier_score_loss(t, a, **known)
    for short, score in {"auc": metrics.roc_auc_score, "average_precision": metrics.average_precision_score}.items():
        for average in ["macro", "weighted", "micro"]:
            expected[f"{short},average={average}"] = score(y, a, average=average, sample_weight=w)
        for k in range(count):
            expected[f"{short},class={k}"] = score(y[:, k], a[:, k], sample_weight=w)
        expected[short] = expected[f"{short},average=macro"]
    if np.all(w == 1):
        truth = (np.argmax(a, axis=1) == t).astype(int)
        expected["expected_calibration_error,bins=10"] = calibration_error(truth, a.max(axis=1), 10)
    return case(name, count, a, y, w, expected)


def regression(name, a, y, w):
    """Values; several columns are averaged."""
    columns = list(zip(y.T, a.T))
    expected = {
        "mean_squared_error": metrics.mean_squared_error(y, a, sample_weight=w),
        "mean_absolute_error": metrics.mean_absolute_error(y, a, sample_weight=w),
        "root_mean_squared_error": np.sqrt(metrics.mean_squared_error(y, a, sample_weight=w)),
        "mean_absolute_percentage_error": 100 * metrics.mean_absolute_percentage_error(y, a, sample_weight=w),
        "r2_score": metrics.r2_score(y, a, sample_weight=w),
        "explained_variance_score": metrics.explained_variance_score(y, a, sample_weight=w),
        "concordance_correlation": np.mean([lin(y, a, w) for y, a in columns]),
    }
    if all(len(set(y)) > 1 for y, _ in columns):
        expected["pearson_correlation"] = np.mean([pearson(y, a, w) for y, a in columns])
        expected["concordance_index"] = np.mean([concordance_index(y, a, w) for y, a in columns])
    return case(name, y.shape[1], a, y, w, expected)


def case(name, outputs, a, y, w, expected):
    return {
        "name": name, "outputs": outputs,
        "a": a.ravel().tolist(), "y": y.ravel().tolist(), "weights": w.tolist(),
        "expected": {name: float(value) for name, value in expected.items()},
    }


def cases(rng):
    ones, weights = np.ones(60), float32(rng.uniform(0.1, 3, 60))
    a, t = float32(rng.uniform(0.01, 0.99, 60)), rng.integers(0, 2, 60).astype(float)
    tied = float32(rng.integers(1, 6, 60) / 8)
    yield binary("binary", a, t, ones, 0.25)
    yield binary("binary with ties", tied, t, ones, 0.375)
    yield binary("binary with weights and ties", tied, t, weights, 0.25)
    yield binary("a single class", a, np.ones(60), ones, 0.75)
    for count in [2, 3, 5]:
        logits = rng.normal(size=(60, count))
        a = float32(np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True))
        t = np.concatenate([np.arange(count), rng.integers(0, count, 60 - count)])
        yield several(f"{count} classes", a, t, ones)
        yield several(f"{count} classes with weights", a, t, weights)
    a, t = float32(rng.dirichlet(np.ones(3), 60)), np.array([0, 2] * 30)
    expected = of_classes(t, np.argmax(a, axis=1), weights, many=True)
    yield case("a class without samples", 3, a, np.eye(3)[t], weights, expected)
    y = float32(rng.normal(5, 2, size=(60, 1)))
    a = float32(y + rng.normal(0.5, 1, size=(60, 1)))
    yield regression("values", a, y, ones)
    yield regression("values with weights", a, y, weights)
    yield regression("values with ties", np.round(a), np.round(y) + 0.5, weights)
    y = float32(rng.normal(size=(60, 3)) + 4)
    yield regression("three values", float32(y * 0.5 + rng.normal(size=(60, 3))), y, weights)
    yield regression("a constant target", a, np.full((60, 1), 3.0), weights)
    yield regression("a far offset", float32(a + 1e4), float32(y[:, :1] + 1e4), ones)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, do not write")
    arguments = parser.parse_args()
    warnings.simplefilter("error")
    warnings.filterwarnings("ignore", "y_pred contains classes not in y_true")
    # Rounded to float32 they do so by seven digits, and the value is that of the given ones.
    warnings.filterwarnings("ignore", "The y_prob values do not sum to one")
    warnings.filterwarnings("ignore", "A single label was found")
    rng = np.random.default_rng(7)
    made = {"scikit_learn_version": sklearn.__version__, "cases": list(cases(rng))}
    tied = float32(rng.integers(1, 9, 40) / 8)
    made["curves"] = curves(tied, (rng.uniform(size=40) < tied).astype(float), float32(rng.uniform(0.5, 2, 40)))
    return write_or_check(OUTPUT, made, arguments.check)


if __name__ == "__main__":
    sys.exit(main())
