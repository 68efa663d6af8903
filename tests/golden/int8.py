"""Make int8.json: what TensorFlow Lite's two interpreters answer, to compare nn_core::int8 with byte for byte.

`tflm` is TensorFlow Lite Micro's interpreter (PyPI's tflite-micro), which rounds
the sums of dense layers twice, `litert` the interpreter of TensorFlow with its
reference operators, which rounds them once. Both run the same files, made in
int8_models.py. Inputs are bytes of the generator there, from a seed. A network
has 1,000 inputs; an operator of one number has all 256 bytes, the others 200
vectors. Of all outputs there is the SHA-256, of some cases the first outputs in
full. `cargo xtask golden --write` runs it in a virtual environment of its own,
`cargo xtask golden` with --check.
"""

import argparse
import hashlib
import os
import pathlib
import sys
from importlib.metadata import version

from golden_file import write_or_check

HERE = pathlib.Path(__file__).resolve().parent
OUTPUT = HERE / "int8.json"

# TensorFlow and Keras read these when they are imported.
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["KERAS_HOME"] = str(HERE / ".venv" / "keras")
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from tflite_micro import runtime  # noqa: E402

import int8_models as models  # noqa: E402

INPUTS = 1000
VECTORS = 200
ALL_BYTES = np.arange(-128, 128).astype(np.int8)[None]


def tflm(content, inputs):
    """The outputs of TensorFlow Lite Micro, [N][OUT]."""
    interpreter = runtime.Interpreter.from_bytes(content, arena_size=1 << 20)

    def answer(x):
        interpreter.set_input(x[None], 0)
        interpreter.invoke()
        return interpreter.get_output(0)[0].copy()

    return np.stack([answer(x) for x in inputs])


def litert(content, inputs):
    """The outputs of TensorFlow's reference operators, [N][OUT]."""
    resolver = tf.lite.experimental.OpResolverType.BUILTIN_REF
    interpreter = tf.lite.Interpreter(model_content=content, experimental_op_resolver_type=resolver)
    interpreter.allocate_tensors()
    source = interpreter.get_input_details()[0]["index"]
    destination = interpreter.get_output_details()[0]["index"]

    def answer(x):
        interpreter.set_tensor(source, x[None])
        interpreter.invoke()
        return interpreter.get_tensor(destination)[0].copy()

    return np.stack([answer(x) for x in inputs])


def answers(content, inputs, kept):
    """What each interpreter answers: a hash of all outputs, and the first ones."""
    found = {}
    for interpreter in (tflm, litert):
        outputs = interpreter(content, inputs).astype(np.int8)
        found[interpreter.__name__] = {
            "sha256": hashlib.sha256(outputs.tobytes()).hexdigest(),
            "first": outputs[:kept].flatten().tolist(),
        }
    return found


def network(number, name, by_channel, sizes, activations):
    content = models.convert(number, by_channel, sizes, activations)
    seed = 900 + number
    inputs = models.Generator(seed).bytes(INPUTS * sizes[0]).reshape(INPUTS, sizes[0])
    case = {"name": name, "inputs_seed": seed, "inputs": INPUTS, "layers": models.layers(number, content)}
    return case | answers(content, inputs, kept=2)


def scales(count, lowest, highest, seed):
    """Scales, some of them powers of two, and zero points over the whole range."""
    generator = np.random.default_rng(seed)
    found = np.exp(generator.uniform(np.log(lowest), np.log(highest), count)).astype(np.float32)
    found[:3] = np.exp2(np.round(np.log2(found[:3])))
    points = [0, -128, 127] + generator.integers(-128, 128, count - 3).tolist()
    return [{"scale": float(scale), "zero_point": point} for scale, point in zip(found, points)]


def of_one_number():
    """Operators whose output depends on one byte of the input."""
    for side in scales(40, 1e-4, 2.0, 1):
        yield {"operator": "sigmoid", "input": side, "output": {"scale": 1 / 256, "zero_point": -128}}
        yield {"operator": "tanh", "input": side, "output": {"scale": 1 / 128, "zero_point": 0}}
    for source, destination in zip(scales(60, 1e-3, 2.0, 2), scales(60, 1e-3, 2.0, 3)[::-1]):
        yield {"operator": "requantize", "input": source, "output": destination}
    for source, destination in zip(scales(60, 1e-2, 0.2, 4), scales(60, 1e-2, 0.2, 5)[::-1]):
        for slope in (0.3, 0.01):
            yield {"operator": "leaky_relu", "slope": slope, "input": source, "output": destination}


def of_vectors():
    """Softmax, of which each output depends on all inputs."""
    for number, side in enumerate(scales(40, 1e-4, 1.0, 6)):
        beta = (1.0, 1.0, 0.5, 2.0)[number % 4]
        output = {"scale": 1 / 256, "zero_point": -128}
        yield {"operator": "softmax", "beta": beta, "input": side, "output": output}


def middles():
    """Dense layers of one input whose scales put many sums between two bytes, and one of other scales."""
    sums = models.Generator(77).bytes(256).astype(int)
    for number, (scales, output) in enumerate([([1.0], 2.0), ([1.0], 4.0), ([0.5] * 256, 8.0), ([0.003], 40.0)]):
        bias = sums * (7 if output < 40 else 104729)
        yield {
            "operator": "dense",
            "shape": [1, 256],
            "weights_seed": 1,
            "weight_scales": [float(np.float32(scale)) for scale in scales],
            "bias": bias.tolist(),
            "activation": ("linear", "relu", "relu6", "linear")[number],
            "input": {"scale": 1.0, "zero_point": -number},
            "output": {"scale": output, "zero_point": 5 * number},
        }


def operator(number, layer):
    """The answers of one operator to its inputs."""
    count, outputs = 1, 256
    if layer["operator"] in ("dense", "softmax"):
        count = VECTORS
        width = (2, 10, 37, 5)[number % 4]
        inputs, outputs = layer.get("shape", [width, width])
        seed = 5000 + number
        vectors = models.Generator(seed).bytes(count * inputs).reshape(count, inputs)
        layer = layer | {"length": inputs, "inputs_seed": seed, "inputs": count}
    else:
        vectors = ALL_BYTES
    content = models.operator_model(layer, vectors.shape[1], outputs)
    return layer | answers(content, vectors, kept=1 if number % 20 == 0 else 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, do not write")
    arguments = parser.parse_args()
    made = {
        "tensorflow_version": tf.__version__,
        "tflite_micro_version": version("tflite-micro"),
        "networks": [network(number, *case) for number, case in enumerate(models.NETWORKS)],
        "tables": [operator(number, layer) for number, layer in enumerate(of_one_number())],
        "dense": [operator(number, layer) for number, layer in enumerate(middles())],
        "softmax": [operator(number, layer) for number, layer in enumerate(of_vectors())],
    }
    return write_or_check(OUTPUT, made, arguments.check)


if __name__ == "__main__":
    sys.exit(main())
