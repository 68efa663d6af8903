"""The workloads, and MNIST as every peer gets it: pixels from 0 to 1, one image a row, and the digits."""

import dataclasses
import gzip
import json
import pathlib

import numpy as np

HOST = pathlib.Path(__file__).resolve().parents[1]
MNIST = HOST.parents[2] / "nn-host/data/mnist"


@dataclasses.dataclass(frozen=True)
class Workload:
    """A network with a softmax output and cross-entropy, and how it is trained."""

    units: list[int]
    activation: str
    dropout: float
    optimizer: str
    learning_rate: float
    batch_size: int
    timed_epochs: int
    whole_epochs: int
    accuracy: list[float]

    @property
    def shapes(self):
        """Inputs and outputs of each layer."""
        return list(zip(self.units, self.units[1:]))


def workloads():
    text = (HOST / "workloads.json").read_text()
    return {name: Workload(**settings) for name, settings in json.loads(text).items()}


def mnist(kind):
    """Images as N×784 float32 and digits as int64 of `train` or `t10k`."""
    def read(name, header):
        return np.frombuffer(gzip.decompress((MNIST / f"{kind}-{name}-ubyte.gz").read_bytes()), np.uint8, offset=header)

    images = read("images-idx3", 16).reshape(-1, 784).astype(np.float32) / np.float32(255)
    return images, read("labels-idx1", 8).astype(np.int64)
