"""Train on real tables with `nn train` and with scikit-learn, and compare.

The tables come with PyPI packages, MNIST's rows with this project: classes by
name and by number, values, columns of texts, missing cells, many columns. Both
get the same rows to train and to test with, another split for each seed, and
train the same layers by Adam with the same epochs and batches. Numbers are
standardized by the training rows; missing cells and columns of texts are left
to each program: `nn` reads them from the table, scikit-learn gets its usual
SimpleImputer and OneHotEncoder.

    cargo build --release -p nn-host
    pip install -r tests/benches/requirements_tables.txt
    python3 tests/benches/tables.py

A row shows the mean of all seeds and the standard error of the difference. The
exit status is 1 if `nn` is worse by more than one percentage point of accuracy,
or by more than 3 % of the root mean squared error.
"""

import argparse
import dataclasses
import gzip
import json
import pathlib
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import pandas
import palmerpenguins
import vega_datasets
from sklearn import datasets
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.exceptions import ConvergenceWarning
from sklearn.impute import SimpleImputer
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.preprocessing import OneHotEncoder

ROOT = pathlib.Path(__file__).resolve().parents[2]
MNIST = ROOT / "nn-host/data/mnist"


@dataclasses.dataclass
class Table:
    """Rows whose last column is to be answered, and the network that does it."""

    name: str
    rows: pandas.DataFrame
    is_classes: bool
    hidden: tuple = (64, 32)
    epochs: int = 100
    batch_size: int = 32


def bundled(loader, name, is_classes, names=False, **settings):
    """A table of scikit-learn; with `names`, its classes are texts."""
    bunch = loader(as_frame=True)
    rows = bunch.frame
    if names:
        rows = rows.assign(target=np.asarray(bunch.target_names)[bunch.target])
    return Table(name, rows, is_classes, **settings)


def penguins():
    """Species of penguins: texts in columns and classes, missing cells."""
    rows = palmerpenguins.load_penguins().drop(columns="year")
    return Table("penguins", rows[[*rows.columns.drop("species"), "species"]], True)


def cars():
    """Miles per gallon of cars: a column of texts, missing horsepower."""
    rows = vega_datasets.local_data.cars().dropna(subset="Miles_per_Gallon")
    rows = rows.assign(Year=rows["Year"].dt.year).drop(columns="Name")
    return Table("cars", rows[[*rows.columns.drop("Miles_per_Gallon"), "Miles_per_Gallon"]], False)


def mnist(count=6000):
    """The first handwritten digits: 784 columns."""
    def read(kind, header, shape):
        data = gzip.decompress((MNIST / f"train-{kind}-ubyte.gz").read_bytes())
        return np.frombuffer(data, np.uint8, offset=header)[: count * shape].reshape(count, shape)

    pixels = pandas.DataFrame(read("images-idx3", 16, 784)).add_prefix("pixel")
    # Pixels that are always 0 tell nothing and have no standard deviation.
    pixels = pixels.loc[:, pixels.any()]
    rows = pixels.assign(digit=read("labels-idx1", 8, 1)[:, 0])
    return Table("mnist", rows, True, hidden=(100,), epochs=20, batch_size=100)


def tables():
    return [
        penguins(),
        bundled(datasets.load_breast_cancer, "breast cancer", True, names=True),
        bundled(datasets.load_wine, "wine", True),
        bundled(datasets.load_digits, "digits", True),
        mnist(),
        cars(),
        bundled(datasets.load_diabetes, "diabetes", False, hidden=(16,)),
    ]


def standardized(train, test, is_classes):
    """Both parts, numbers less the mean over the deviation of the training rows; classes stay as they are."""
    numbers = train.select_dtypes("number").columns
    if is_classes:
        numbers = numbers.drop(train.columns[-1], errors="ignore")
    mean, deviation = train[numbers].mean(), train[numbers].std(ddof=0).replace(0.0, 1.0)
    scaled = [part.astype(dict.fromkeys(numbers, float)) for part in (train, test)]
    for part in scaled:
        part[numbers] = (part[numbers] - mean) / deviation
    return scaled


def by_nn(table, train, test, seed, options):
    """Accuracy or root mean squared error of `nn train`, from tables as files."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [f"{folder}/{name}.csv" for name in ("train", "test")]
        for part, path in zip((train, test), paths):
            part.to_csv(path, index=False, na_rep="NA")
        command = [options.nn, "train", paths[0], "--validation-data", paths[1], "--output", f"{folder}/model.nn"]
        command += ["--task", "classification" if table.is_classes else "regression", "--missing", "mean"]
        command += ["--layers", " ".join(f"{units}:relu" for units in table.hidden), "--optimizer", "adam"]
        command += ["--epochs", table.epochs, "--batch-size", table.batch_size, "--seed", seed]
        command += ["--threads", 1, "--format", "json", "--quiet"]
        result = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"{table.name}: {result.stderr}")
    last = json.loads(result.stdout)["epochs"][-1]
    return last["val_accuracy"] if table.is_classes else last["val_loss"] ** 0.5


def by_sklearn(table, train, test, seed):
    """The same of scikit-learn, without its penalty and its early end."""
    target = train.columns[-1]
    texts = make_column_selector(dtype_exclude="number")
    encoder = make_column_transformer((OneHotEncoder(handle_unknown="ignore"), texts), remainder=SimpleImputer())
    kind = MLPClassifier if table.is_classes else MLPRegressor
    network = kind(
        hidden_layer_sizes=table.hidden, alpha=0.0, batch_size=table.batch_size, max_iter=table.epochs,
        n_iter_no_change=table.epochs, tol=0.0, random_state=seed,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        network.fit(encoder.fit_transform(train.drop(columns=target)), train[target])
    answer = network.predict(encoder.transform(test.drop(columns=target)))
    return np.mean(answer == test[target]) if table.is_classes else np.mean((answer - test[target]) ** 2) ** 0.5


def row(table, options):
    """Trains with each seed, prints the row, and returns whether `nn` is good enough."""
    pairs = []
    for seed in range(1, options.seeds + 1):
        stratify = table.rows.iloc[:, -1] if table.is_classes else None
        train, test = train_test_split(table.rows, test_size=0.3, random_state=seed, stratify=stratify)
        train, test = standardized(train, test, table.is_classes)
        pairs.append((by_nn(table, train, test, seed, options), by_sklearn(table, train, test, seed)))
    ours, theirs = np.array(pairs).T
    if table.is_classes:
        what, loss, most = "accuracy %", 100.0 * (theirs - ours), 1.0
        ours, theirs = 100.0 * ours, 100.0 * theirs
    else:
        what, loss, most = "RMSE", 100.0 * (ours / theirs - 1.0), 3.0
    error = loss.std(ddof=1) / len(loss) ** 0.5 if len(loss) > 1 else np.nan
    verdict = "ok" if loss.mean() <= most else "WORSE"
    size = f"{len(table.rows)} x {table.rows.shape[1] - 1}"
    layers = "-".join(map(str, table.hidden))
    print(
        f"{table.name:14} {size:>10}  {layers:6} {what:10} nn {ours.mean():7.3f}  scikit-learn "
        f"{theirs.mean():7.3f}  worse by {loss.mean():6.2f} ± {error:.2f} % (at most {most:.0f}: {verdict})",
        flush=True,
    )
    return loss.mean() <= most


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nn", default=ROOT / "target/release/nn", help="the program")
    parser.add_argument("--seeds", type=int, default=5, help="splits and trainings of each table, with seeds from 1")
    options = parser.parse_args()
    results = [row(table, options) for table in tables()]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
