"""Compare what `nn export` writes, run by TensorFlow Lite's interpreters, with what `nn predict` answers, byte for byte.

    python tests/golden/tflite_export.py [NN]

NN is the program, target/release/nn if nothing else is said. It trains models of
MNIST and quantizes them with both roundings, per tensor and per channel; each is
exported with floats and with int8 at its ends, and answers 1,000 test images in
both interpreters. The kept files of tflite/ are imported, exported and asked
again: they must answer as tflite.json says. Nothing is written but to a folder
that is removed.
"""

import gzip
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile

from int8 import HERE, litert, tflm  # before TensorFlow is imported, for what it sets

import numpy as np

from tflite import FOLDER, INPUTS, OUTPUT, idx, inputs_of

IMAGES = 1000
ACTIVATIONS = ["sigmoid", "relu", "tanh", "leaky_relu", "elu", "relu6"]
INTERPRETERS = {"tflm": tflm, "litert": litert}
BATCH_NORMALIZED = "24:linear batch_normalization 16:relu"


def nn(*arguments):
    subprocess.run([PROGRAM, *arguments, "--quiet", "--no-progress"], check=True, stdout=subprocess.DEVNULL)


def images():
    """Raw test images as floats, as `nn predict` takes them."""
    return idx("t10k-images-idx3-ubyte.gz", 16).reshape(-1, 784)[:IMAGES].astype(np.float32)


def predicted(model, folder):
    nn("predict", model, "mnist:test", "--limit", str(IMAGES), "--proba", "-o", f"{folder}/outputs.npy")
    return np.load(f"{folder}/outputs.npy")


def exported(model, folder, *arguments):
    nn("export", model, "-o", f"{folder}/model.tflite", *arguments)
    return pathlib.Path(f"{folder}/model.tflite").read_bytes()


def in_bytes(model, rounding, folder):
    """How many bytes of outputs differ between the program and an interpreter."""
    expected = predicted(model, folder)
    run = INTERPRETERS[rounding]
    floats = run(exported(model, folder), images())
    as_bytes = run(exported(model, folder, "--int8-io"), (images() - 128).astype(np.int8))
    probabilities = (as_bytes.astype(np.float32) + 128) / 256
    return int((floats != expected).sum() + (probabilities != expected).sum()), 2 * expected.size


def of_digits(layers, folder):
    """One network, in floats and in bytes of each kind: lines of a table."""
    float_model, int8_model = f"{folder}/float.nn", f"{folder}/int8.nn"
    nn("train", "mnist", "--layers", layers, "--epochs", "1", "--learning-rate", "0.01", "-o", float_model)
    expected = predicted(float_model, folder)
    found = tflm(exported(float_model, folder), images())
    yield f"{layers}, floats: largest difference {np.abs(found - expected).max():.1e}", np.abs(found - expected).max() < 1e-5
    for rounding in INTERPRETERS:
        if rounding == "litert" and "elu" in layers.replace("relu", ""):
            continue  # the reference operators lack ELU
        for granularity in ("--per-tensor", "--per-channel"):
            data = ["--calibration-data", "mnist", "--limit", "1000", "--rounding", rounding]
            nn("quantize", float_model, *data, granularity, "-o", int8_model)
            different, of = in_bytes(int8_model, rounding, folder)
            yield f"{layers}, {rounding} {granularity}: {different} of {of} outputs differ", different == 0


def of_kept_files(folder):
    """Files of TensorFlow's converter through import and export."""
    for case in json.loads(OUTPUT.read_text(encoding="utf-8"))["models"]:
        if case["type"] != "int8":
            continue
        content = gzip.decompress((FOLDER / f"{case['name']}.tflite.gz").read_bytes())
        source = pathlib.Path(folder, "source.tflite")
        source.write_bytes(content)
        nn("import", str(source), "-o", f"{folder}/model.nn")
        again = exported(f"{folder}/model.nn", folder, "--int8-io")
        for interpreter in INTERPRETERS.keys() & case.keys():
            outputs = INTERPRETERS[interpreter](again, inputs_of(content, case["inputs_seed"]))
            is_same = hashlib.sha256(outputs.tobytes()).hexdigest() == case[interpreter]["sha256"]
            yield f"{case['name']}, {interpreter}: {INPUTS} inputs", is_same


def main():
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        cases = [of_kept_files(folder), of_digits(BATCH_NORMALIZED, folder)]
        cases += [of_digits(f"30:{activation}", folder) for activation in ACTIVATIONS]
        for line, is_right in (case for some in cases for case in some):
            print(("same   " if is_right else "WRONG  ") + line, flush=True)
            failed += not is_right
    return 1 if failed else 0


PROGRAM = sys.argv[1] if len(sys.argv) > 1 else str(HERE.parent.parent / "target" / "release" / "nn")

if __name__ == "__main__":
    sys.exit(main())
