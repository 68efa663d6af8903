"""Make int4.json: what LiteRT's reference operator answers for dense layers whose weights have 4 bits.

The operator is FULLY_CONNECTED, version 10, by PyPI's ai-edge-litert; the
interpreters of TensorFlow Lite Micro on PyPI do not take it. Weights are the
generator's bytes shifted right by 4 and at least -7, biases its bytes times 100,
inputs its bytes, 1,000 for each layer. Some rows have an odd length, so that the
next one starts in the middle of a byte. `cargo xtask golden --write` runs it,
`cargo xtask golden` with --check.
"""

import argparse
import hashlib
import pathlib
import sys
from importlib.metadata import version

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from generator import Generator
from golden_file import write_or_check

OUTPUT = pathlib.Path(__file__).resolve().parent / "int4.json"
INPUTS = 1000

# Inputs, outputs, and whether each output has a scale of its own.
SHAPES = [(784, 30, False), (784, 30, True), (30, 10, True), (33, 17, False), (33, 17, True), (7, 5, True), (1, 3, False)]


def weights(seed, inputs, outputs):
    """The integers of a kernel, [OUT][IN]."""
    return np.maximum(Generator(seed).bytes(inputs * outputs) >> 4, -7).reshape(outputs, inputs)


def packed(integers):
    """Two in a byte, the first in the lower half."""
    flat = integers.flatten()
    pairs = np.append(flat, np.zeros(len(flat) % 2, np.int8)).reshape(-1, 2).astype(np.uint8) & 0xF
    return pairs[:, 0] | pairs[:, 1] << 4


def tensor(name, shape, kind, buffer, scales, zero_point):
    made = schema.TensorT()
    made.name, made.shape, made.type, made.buffer = name, shape, kind, buffer
    made.quantization = schema.QuantizationParametersT()
    made.quantization.scale, made.quantization.zeroPoint = scales, [zero_point] * len(scales)
    return made


def buffer(data):
    made = schema.BufferT()
    made.data = data
    return made


def content(case, integers, bias):
    """A file with one layer."""
    kind, (inputs, outputs) = schema.TensorType, case["shape"]
    source, destination, scales = case["input"], case["output"], case["weight_scales"]
    graph, operator, code, model = schema.SubGraphT(), schema.OperatorT(), schema.OperatorCodeT(), schema.ModelT()
    graph.tensors = [
        tensor("x", [1, inputs], kind.INT8, 0, [source["scale"]], source["zero_point"]),
        tensor("w", [outputs, inputs], kind.INT4, 1, scales, 0),
        tensor("b", [outputs], kind.INT32, 2, [source["scale"] * scale for scale in scales], 0),
        tensor("z", [1, outputs], kind.INT8, 0, [destination["scale"]], destination["zero_point"]),
    ]
    operator.inputs, operator.outputs = [0, 1, 2], [3]
    operator.builtinOptionsType = schema.BuiltinOptions.FullyConnectedOptions
    operator.builtinOptions = schema.FullyConnectedOptionsT()
    graph.operators, graph.inputs, graph.outputs = [operator], [0], [3]
    code.builtinCode = code.deprecatedBuiltinCode = schema.BuiltinOperator.FULLY_CONNECTED
    code.version = 10
    model.version, model.operatorCodes, model.subgraphs = 3, [code], [graph]
    model.buffers = [buffer(None), buffer(packed(integers)), buffer(np.frombuffer(bias.astype("<i4").tobytes(), np.uint8))]
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def answers(file, inputs):
    """The outputs, [N][OUT]."""
    interpreter = Interpreter(model_content=file, experimental_op_resolver_type=OpResolverType.BUILTIN_REF)
    interpreter.allocate_tensors()
    source, destination = interpreter.get_input_details()[0]["index"], interpreter.get_output_details()[0]["index"]

    def answer(x):
        interpreter.set_tensor(source, x[None])
        interpreter.invoke()
        return interpreter.get_tensor(destination)[0].copy()

    return np.stack([answer(x) for x in inputs])


def layer(number, inputs, outputs, by_channel):
    seed, single = 3000 * (number + 1), lambda value: float(np.float32(value))
    scales = [single(0.01 + 0.003 * o) for o in range(outputs)] if by_channel else [single(0.05)]
    case = {
        "shape": [inputs, outputs],
        "weights_seed": seed,
        "bias_seed": seed + 1,
        "inputs_seed": seed + 2,
        "inputs": INPUTS,
        "weight_scales": scales,
        "input": {"scale": single(0.02), "zero_point": -13},
        "output": {"scale": single(0.003 * np.sqrt(inputs)), "zero_point": 7},
    }
    bias = Generator(seed + 1).bytes(outputs).astype(int) * 100
    x = Generator(seed + 2).bytes(INPUTS * inputs).reshape(INPUTS, inputs)
    found = answers(content(case, weights(seed, inputs, outputs), bias), x).astype(np.int8)
    return case | {"first": found[0].tolist(), "sha256": hashlib.sha256(found.tobytes()).hexdigest()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, do not write")
    arguments = parser.parse_args()
    made = {
        "litert_version": version("ai-edge-litert"),
        "dense": [layer(number, *shape) for number, shape in enumerate(SHAPES)],
    }
    return write_or_check(OUTPUT, made, arguments.check)


if __name__ == "__main__":
    sys.exit(main())
