"""Quantized models for int8.py: networks by Keras and TensorFlow's converter, and single operators.

All weights follow a recipe that Rust repeats. A generator of 32 bits,
s = 1664525 · s + 1013904223 (Numerical Recipes), gives bytes, the highest eight
bits of each s after the step. A kernel [OUT][IN] has the bytes as integers of
[-127, 127], with 127 first in each row, so that the converter's scale of a row is
the factor that they are multiplied with, and its integers are these.
"""

import math

import flatbuffers
import numpy as np
import tensorflow as tf
import keras
from tensorflow.lite.python import schema_py_generated as schema

from generator import Generator

BATCH_OF_CALIBRATION = 200

OPERATORS = schema.BuiltinOperator
OPTIONS = schema.BuiltinOptions
FUSED = {0: "linear", 1: "relu", 3: "relu6"}

# Name, whether each output has a scale of its own, the sizes, and what follows each dense layer.
NETWORKS = [
    ("sigmoid digits", False, [784, 30, 10], ["sigmoid", "softmax"]),
    ("sigmoid digits by channel", True, [784, 30, 10], ["sigmoid", "softmax"]),
    ("relu digits", False, [784, 100, 10], ["relu", "softmax"]),
    ("relu digits by channel", True, [784, 100, 10], ["relu", "softmax"]),
    ("autoencoder", False, [640] + [128] * 4 + [8] + [128] * 4 + [640], ["relu"] * 9 + ["linear"]),
    ("autoencoder by channel", True, [640] + [128] * 4 + [8] + [128] * 4 + [640], ["relu"] * 9 + ["linear"]),
    ("relu6", False, [33, 17, 9], ["relu6", "linear"]),
    ("relu6 by channel", True, [33, 17, 9], ["relu6", "linear"]),
    ("tanh", False, [21, 40, 3], ["tanh", "tanh"]),
    ("tanh by channel", True, [21, 40, 3], ["tanh", "tanh"]),
    ("leaky relu", False, [16, 31, 5], ["leaky_relu", "softmax"]),
    ("leaky relu by channel", True, [16, 31, 5], ["leaky_relu", "softmax"]),
    ("one", False, [1, 1], ["linear"]),
    ("all", False, [50, 25, 25, 25, 25, 12], ["relu", "leaky_relu", "tanh", "sigmoid", "softmax"]),
    ("all by channel", True, [50, 25, 25, 25, 25, 12], ["relu6", "tanh", "leaky_relu", "sigmoid", "linear"]),
]


def kernel(seed, inputs, outputs):
    """The integers of a kernel, [OUT][IN]."""
    integers = np.maximum(Generator(seed).bytes(outputs * inputs), -127).reshape(outputs, inputs).copy()
    integers[:, 0] = 127
    return integers


def seed_of(network, layer):
    """A seed for each layer of each network, none of them 0."""
    return 1000 * network + layer + 1


def factors(by_channel, inputs, outputs):
    """What the integers of each row are multiplied with; a sum of them is about 2 wide."""
    factor = 2.0 / (74.0 * math.sqrt(inputs))
    rows = 0.4 + 0.15 * np.arange(outputs) % 1.3 if by_channel else np.ones(outputs)
    return (factor * rows).astype(np.float32)


def activation(name):
    return keras.layers.LeakyReLU(negative_slope=0.3) if name == "leaky_relu" else keras.layers.Activation(name)


def keras_model(number, by_channel, sizes, activations):
    """A network with weights by the recipe."""
    model = keras.Sequential([keras.Input((sizes[0],))])
    for layer, (inputs, outputs, name) in enumerate(zip(sizes, sizes[1:], activations)):
        dense = keras.layers.Dense(outputs)
        model.add(dense)
        model.add(activation(name))
        seed = seed_of(number, layer)
        weights = kernel(seed, inputs, outputs) * factors(by_channel, inputs, outputs)[:, None]
        bias = Generator(seed + 500).bytes(outputs) / np.float32(200)
        dense.set_weights([weights.T, bias])
    return model


def convert(number, by_channel, sizes, activations):
    """The network in full integers."""
    samples = Generator(7).bytes(BATCH_OF_CALIBRATION * sizes[0]).reshape(-1, 1, sizes[0]) / np.float32(127)
    converter = tf.lite.TFLiteConverter.from_keras_model(keras_model(number, by_channel, sizes, activations))
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([sample] for sample in samples)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    converter._experimental_disable_per_channel_quantization_for_dense_layers = not by_channel
    return bytes(converter.convert())


def quantization(tensor):
    return {"scale": float(tensor.quantization.scale[0]), "zero_point": int(tensor.quantization.zeroPoint[0])}


def dense_layer(model, graph, operator, seed):
    """A dense layer as it stands in the file, its kernel as the seed that makes it."""
    weights = graph.tensors[operator.inputs[1]]
    outputs, inputs = (int(size) for size in weights.shape)
    integers = np.frombuffer(bytes(model.buffers[weights.buffer].data), dtype=np.int8)
    if not np.array_equal(integers.reshape(outputs, inputs), kernel(seed, inputs, outputs)):
        raise ValueError("the converter has made other integers")
    if any(weights.quantization.zeroPoint):
        raise ValueError("weights have a zero point")
    bias = [0] * outputs
    if operator.inputs[2] >= 0:
        bias = model.buffers[graph.tensors[operator.inputs[2]].buffer].data
        bias = np.frombuffer(bytes(bias), dtype="<i4").tolist()
    return {
        "operator": "dense",
        "shape": [inputs, outputs],
        "weights_seed": seed,
        "weight_scales": [float(scale) for scale in weights.quantization.scale],
        "bias": bias,
        "activation": FUSED[operator.builtinOptions.fusedActivationFunction],
    }


def layers(number, content):
    """The layers of a converted network, with all their integers and scales."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(content, 0))
    graph = model.subgraphs[0]
    found, dense = [], 0
    for operator in graph.operators:
        code = model.operatorCodes[operator.opcodeIndex]
        code = max(code.builtinCode, code.deprecatedBuiltinCode)
        if code == OPERATORS.FULLY_CONNECTED:
            layer = dense_layer(model, graph, operator, seed_of(number, dense))
            dense += 1
        elif code == OPERATORS.LEAKY_RELU:
            layer = {"operator": "leaky_relu", "slope": float(np.float32(operator.builtinOptions.alpha))}
        else:
            names = {OPERATORS.LOGISTIC: "sigmoid", OPERATORS.TANH: "tanh", OPERATORS.SOFTMAX: "softmax"}
            layer = {"operator": names[code]}
        layer["input"] = quantization(graph.tensors[operator.inputs[0]])
        layer["output"] = quantization(graph.tensors[operator.outputs[0]])
        found.append(layer)
    return found


def tensor(name, shape, side, kind=schema.TensorType.INT8, buffer=0):
    made = schema.TensorT()
    made.name, made.shape, made.type, made.buffer = name, shape, kind, buffer
    made.quantization = schema.QuantizationParametersT()
    made.quantization.scale = side.get("scales", [side.get("scale")])
    made.quantization.zeroPoint = [side.get("zero_point", 0)] * len(made.quantization.scale)
    return made


def options(layer):
    """What an operator has besides its tensors."""
    name = layer["operator"]
    if name == "leaky_relu":
        kind, made = OPTIONS.LeakyReluOptions, schema.LeakyReluOptionsT()
        made.alpha = layer["slope"]
    elif name == "softmax":
        kind, made = OPTIONS.SoftmaxOptions, schema.SoftmaxOptionsT()
        made.beta = layer["beta"]
    elif name == "dense":
        kind, made = OPTIONS.FullyConnectedOptions, schema.FullyConnectedOptionsT()
        made.fusedActivationFunction = next(code for code, name in FUSED.items() if name == layer["activation"])
    else:
        kind, made = OPTIONS.NONE, None
    return kind, made


def buffer(content):
    made = schema.BufferT()
    made.data = np.frombuffer(content, dtype=np.uint8)
    return made


def constants(layer):
    """The tensors of a dense layer and their buffers."""
    inputs, outputs = layer["shape"]
    weights = kernel(layer["weights_seed"], inputs, outputs)
    bias = np.array(layer["bias"], dtype="<i4")
    scales = [float(np.float32(layer["input"]["scale"]) * np.float32(scale)) for scale in layer["weight_scales"]]
    tensors = [
        tensor("weights", [outputs, inputs], {"scales": layer["weight_scales"]}, buffer=1),
        tensor("bias", [outputs], {"scales": scales}, schema.TensorType.INT32, buffer=2),
    ]
    return tensors, [buffer(weights.tobytes()), buffer(bias.tobytes())]


def operator_model(layer, inputs, outputs):
    """A model of one operator, from a vector to another."""
    code, operator = schema.OperatorCodeT(), schema.OperatorT()
    names = {"dense": "FULLY_CONNECTED", "requantize": "QUANTIZE", "sigmoid": "LOGISTIC"}
    code.builtinCode = getattr(OPERATORS, names.get(layer["operator"], layer["operator"].upper()))
    code.deprecatedBuiltinCode, code.version = min(code.builtinCode, 127), 2
    operator.builtinOptionsType, operator.builtinOptions = options(layer)
    tensors, buffers = constants(layer) if layer["operator"] == "dense" else ([], [])
    operator.opcodeIndex, operator.inputs, operator.outputs = 0, [0] + [2, 3][: len(tensors)], [1]
    graph, model = schema.SubGraphT(), schema.ModelT()
    graph.tensors = [tensor("input", [1, inputs], layer["input"]), tensor("output", [1, outputs], layer["output"])]
    graph.tensors += tensors
    graph.inputs, graph.outputs, graph.operators = [0], [1], [operator]
    model.version, model.subgraphs, model.operatorCodes = 3, [graph], [code]
    model.buffers = [schema.BufferT()] + buffers
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())
