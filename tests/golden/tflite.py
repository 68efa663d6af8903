"""Make tflite/*.tflite.gz and tflite.json: models by Keras and TensorFlow's own converter, and what its interpreters answer.

Each model is trained a little, on MNIST or on made-up data, and converted to full
integers, per tensor and per channel, or kept in floats. Then TensorFlow Lite
Micro's interpreter and TensorFlow's with reference operators answer 1,000 inputs
of the generator in int8_models.py: of a model that takes bytes these are the
inputs, of one that takes floats (byte + 128) / 255. Of all outputs there is the
SHA-256 of their bytes (int8, or f32 little-endian), and the first ones in full.

With --check nothing is trained: the kept files are shown to the interpreters again.
"""

import argparse
import gzip
import hashlib
import sys

from int8 import HERE, litert, tflm  # before TensorFlow is imported, for what it sets

import keras
import numpy as np
import tensorflow as tf

from golden_file import write_or_check
from int8_models import Generator

FOLDER = HERE / "tflite"
OUTPUT = HERE / "tflite.json"
MNIST = HERE.parent.parent / "nn-host" / "data" / "mnist"
INPUTS = 1000
CALIBRATION = 300
AUTOENCODER = [128] * 4 + [8] + [128] * 4


def dense(units, name):
    """A dense layer and its activation, by a layer of its own where Keras has none as an argument."""
    own = {
        "leaky_relu": lambda: keras.layers.LeakyReLU(negative_slope=0.3),
        "relu6": lambda: keras.layers.ReLU(max_value=6.0),
    }
    if name in own:
        return [keras.layers.Dense(units), own[name]()]
    return [keras.layers.Dense(units, activation=name)]


def network(shape, layers, before=()):
    stack = [layer for units, name in layers for layer in dense(units, name)]
    return keras.Sequential([keras.Input(shape), *before, *stack])


def idx(name, head):
    """The bytes behind the head of one of MNIST's files."""
    return np.frombuffer(gzip.decompress((MNIST / name).read_bytes()), dtype=np.uint8, offset=head)


def digits(layers, flatten=False):
    """A classifier of MNIST after one epoch."""
    x = idx("train-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28).astype(np.float32) / 255
    y = idx("train-labels-idx1-ubyte.gz", 8)
    x = x if flatten else x.reshape(-1, 784)
    model = network(x.shape[1:], layers, [keras.layers.Flatten()] if flatten else [])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y, batch_size=128, epochs=1, verbose=0)
    return model, x[:CALIBRATION]


def machine_sounds():
    """Spectra like those of the anomaly benchmark: few sources, in 640 values around −30."""
    generator = np.random.default_rng(1)
    sources = generator.normal(size=(6, 640))
    return (generator.normal(size=(4000, 6)) @ sources * 3 - 30 + generator.normal(size=(4000, 640))).astype(np.float32)


def autoencoder():
    x = machine_sounds()
    model = network((640,), [(units, "relu") for units in AUTOENCODER] + [(640, "linear")])
    model.compile("adam", "mse")
    model.fit(x, x, batch_size=128, epochs=4, verbose=0)
    return model, x[:CALIBRATION]


def made_up(inputs, layers):
    """A network after some steps on made-up data."""
    generator = np.random.default_rng(inputs)
    x = generator.normal(size=(2000, inputs)).astype(np.float32)
    model = network((inputs,), layers)
    y = np.tanh(x @ generator.normal(size=(inputs, layers[-1][0]))).astype(np.float32)
    model.compile("adam", "mse")
    model.fit(x, y, batch_size=32, epochs=2, verbose=0)
    return model, x[:CALIBRATION]


def in_floats():
    """What a model of floats can have: a normalization before, between, and every activation."""
    generator = np.random.default_rng(3)
    x = (generator.normal(size=(1000, 12)) * 3 + 5).astype(np.float32)
    before = keras.layers.Normalization()
    before.adapt(x)
    names = ["relu", "relu6", "leaky_relu", "tanh", "sigmoid", "elu", "hard_silu", "gelu"]
    layers = [layer for name in names for layer in [*dense(11, name), keras.layers.BatchNormalization()]]
    model = keras.Sequential([keras.Input((12,)), before, *layers, keras.layers.Dense(4, activation="softmax")])
    model.compile("adam", "mse")
    model.fit(x, keras.utils.to_categorical(x[:, 0] > 5, 4), epochs=1, verbose=0)
    return model, x[:CALIBRATION]


SMALL = {
    "relu": [(40, "relu"), (7, "linear")],
    "relu6": [(33, "relu6"), (17, "relu6"), (9, "linear")],
    "tanh": [(40, "tanh"), (3, "tanh")],
    "sigmoid": [(24, "sigmoid"), (1, "sigmoid")],
    "leaky_relu": [(31, "leaky_relu"), (5, "softmax")],
    "elu": [(30, "elu"), (20, "elu"), (4, "linear")],
    "all": [(25, "relu"), (25, "leaky_relu"), (25, "tanh"), (25, "sigmoid"), (25, "relu6"), (12, "softmax")],
}


def converter_of(model):
    return tf.lite.TFLiteConverter.from_keras_model(model)


def in_bytes(model, samples, by_channel, float_ends=False):
    converter = converter_of(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([sample[None]] for sample in samples)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    if not float_ends:
        converter.inference_input_type = converter.inference_output_type = tf.int8
    converter._experimental_disable_per_channel_quantization_for_dense_layers = not by_channel
    return bytes(converter.convert())


def trained():
    """Each model with some of its inputs."""
    yield "digits-30", digits([(30, "sigmoid"), (10, "softmax")])
    yield "digits-100", digits([(100, "relu"), (10, "softmax")])
    yield "autoencoder", autoencoder()
    for number, (name, layers) in enumerate(SMALL.items()):
        yield name, made_up(13 + 5 * number, layers)


def converted():
    """Each file by its name."""
    for name, (model, samples) in trained():
        yield f"{name}-tensor", in_bytes(model, samples, False)
        yield f"{name}-channel", in_bytes(model, samples, True)
    model, samples = digits([(16, "relu"), (10, "softmax")], flatten=True)
    yield "flatten-float-ends", in_bytes(model, samples, True, float_ends=True)
    model, _ = in_floats()
    yield "floats", bytes(converter_of(model).convert())


def make():
    FOLDER.mkdir(exist_ok=True)
    for name, content in converted():
        (FOLDER / f"{name}.tflite.gz").write_bytes(gzip.compress(content, 9, mtime=0))


def inputs_of(content, seed):
    """The inputs of a model, in its own type, and the sizes of a sample."""
    interpreter = tf.lite.Interpreter(model_content=content)
    details = interpreter.get_input_details()[0]
    shape = [int(size) for size in details["shape"][1:]]
    inputs = Generator(seed).bytes(INPUTS * int(np.prod(shape))).reshape(INPUTS, *shape)
    if details["dtype"] == np.float32:
        inputs = (inputs.astype(np.float32) + 128) / np.float32(255)
    return inputs


def answers_in_floats(content, inputs):
    """The outputs of TensorFlow's own operators, which has all of them, [N][OUT]."""
    resolver = tf.lite.experimental.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    interpreter = tf.lite.Interpreter(model_content=content, experimental_op_resolver_type=resolver)
    run = interpreter.get_signature_runner()
    (name,) = run.get_input_details()
    return np.concatenate([next(iter(run(**{name: x[None]}).values())) for x in inputs])


def answers(name, seed):
    """What both interpreters answer to a kept model; the reference operators lack ELU. Of floats, whose sums each adds up in its own order, there is no hash."""
    content = gzip.decompress((FOLDER / f"{name}.tflite.gz").read_bytes())
    inputs = inputs_of(content, seed)
    found = {"name": name, "inputs_seed": seed, "inputs": INPUTS, "type": str(inputs.dtype)}
    if name == "floats":
        return found | {"first": answers_in_floats(content, inputs[:20]).flatten().tolist()}
    for interpreter in (tflm,) if name.startswith("elu") else (tflm, litert):
        outputs = interpreter(content, inputs)
        kept = outputs[:2].flatten()[:20].tolist()
        found[interpreter.__name__] = {"sha256": hashlib.sha256(outputs.tobytes()).hexdigest(), "first": kept}
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="ask the interpreters only, and compare")
    parser.add_argument("--keep", action="store_true", help="ask the interpreters only, and write what they answer")
    arguments = parser.parse_args()
    if not (arguments.check or arguments.keep):
        keras.utils.set_random_seed(1)
        make()
    names = sorted(path.name.removesuffix(".tflite.gz") for path in FOLDER.glob("*.tflite.gz"))
    made = {"models": [answers(name, 300 + number) for number, name in enumerate(names)]}
    return write_or_check(OUTPUT, made, arguments.check)


if __name__ == "__main__":
    sys.exit(main())
