"""Make yeast.npz, a small Hi-C map, from the source archive of the PyPI package iced 0.6.0.

    pip download --no-deps --no-binary iced iced==0.6.0
    python3 make.py iced-0.6.0.tar.gz

It needs numpy. README.md says what the arrays are.
"""

import pathlib
import sys
import tarfile

import numpy as np

OUTPUT = pathlib.Path(__file__).resolve().parent / "yeast.npz"
FOLDER = "iced-0.6.0/iced/datasets/data/duan2009/duan.SC.10000.raw_sub"


def arrays(bins, contacts):
    """The counts within each chromosome, and each bin's contacts with all others."""
    chromosome = np.array([line.split()[0] for line in bins])
    counts = np.zeros((len(chromosome), len(chromosome)), np.int32)
    for line in contacts:
        i, j, count = line.split()
        counts[int(i), int(j)] = counts[int(j), int(i)] = float(count)
    for name in dict.fromkeys(chromosome):
        inside = chromosome == name
        yield name, counts[np.ix_(inside, inside)]
        yield f"{name}_elsewhere", counts[np.ix_(inside, ~inside)].sum(1, dtype=np.int32)


def main():
    with tarfile.open(sys.argv[1]) as archive:
        bins, contacts = (archive.extractfile(FOLDER + suffix).read().decode() for suffix in (".bed", ".matrix"))
    np.savez_compressed(OUTPUT, **dict(arrays(bins.splitlines(), contacts.splitlines())))


if __name__ == "__main__":
    main()
