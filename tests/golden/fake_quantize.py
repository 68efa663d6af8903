"""Make fake_quantize.json: golden values of fake quantization to test against.

What TensorFlow's fake_quant_with_min_max_vars and PyTorch's
fake_quantize_per_tensor_affine, fake_quantize_per_channel_affine and
_fake_quantize_learnable_per_tensor_affine compute: rounded values, the
gradient by the values and, of the last, by the scale.
`cargo xtask golden --write` runs it, `cargo xtask golden` with --check.

Where the definitions differ:

- Halves are rounded to even by PyTorch, up by TensorFlow, away from zero by
  this project: no value here is half way between two steps.
- PyTorch clips from half a step beyond the ends, as this project does,
  TensorFlow from the ends, and PyTorch learns the scale by the last step as if
  it was clipped: no value here is within a step of the ends.
- PyTorch multiplies by the inverse of the scale: scales here are powers of
  two, or values are away from the middle of two steps.
- Of TensorFlow's gradients that by the values alone is compared: it learns
  the ends of the range, this project and PyTorch the scale.
"""

import argparse
import pathlib
import random
import sys

import tensorflow as tf
import torch
from golden_file import write_or_check

HERE = pathlib.Path(__file__).resolve().parent
OUTPUT = HERE / "fake_quantize.json"


def values(scale, zero_point, count, draw):
    """Values within and beyond the ends, none of them near the middle of two steps."""
    steps = [draw.randint(-200, 200) + draw.uniform(-0.4, 0.4) for _ in range(count)]
    return [f32((q - zero_point) * scale) for q in steps if not (-128.6 < q < -127.4 or 126.4 < q < 127.6)]


def f32(x):
    return torch.tensor(x, dtype=torch.float32).item()


def of_torch(scale, zero_point, draw):
    x = torch.tensor(values(scale, zero_point, 60, draw), requires_grad=True)
    d = torch.tensor([f32(draw.uniform(-1, 1)) for _ in x])
    rounded = torch.fake_quantize_per_tensor_affine(x, scale, zero_point, -128, 127)
    rounded.backward(d)
    learned = torch.tensor([scale], requires_grad=True)
    # Bytes from 0 to 255: on its way back it cuts a zero point below 0 off towards 0, so that -128 becomes -127.
    zero = torch.tensor([float(zero_point + 128)])
    again = torch._fake_quantize_learnable_per_tensor_affine(x.detach(), learned, zero, 0, 255, 1.0)
    assert torch.equal(again, rounded)
    again.backward(d)
    return {
        "scale": f32(scale),
        "zero_point": zero_point,
        "x": x.detach().tolist(),
        "d": d.tolist(),
        "rounded": rounded.detach().tolist(),
        "dx": x.grad.tolist(),
        "scale_gradient": learned.grad.item(),
    }


def of_tensorflow(scale, zero_point, draw):
    x = tf.Variable(values(scale, zero_point, 60, draw))
    d = tf.constant([draw.uniform(-1, 1) for _ in range(x.shape[0])])
    low, high = (-128 - zero_point) * scale, (127 - zero_point) * scale
    with tf.GradientTape() as tape:
        rounded = tf.quantization.fake_quant_with_min_max_vars(x, low, high, num_bits=8)
        loss = tf.reduce_sum(rounded * d)
    return {
        "scale": f32(scale),
        "zero_point": zero_point,
        "x": x.numpy().tolist(),
        "d": d.numpy().tolist(),
        "rounded": rounded.numpy().tolist(),
        "dx": tape.gradient(loss, x).numpy().tolist(),
    }


def weights(most, draw):
    """A kernel, [IN][OUT], with a scale an output; the largest weight of each is the last step."""
    scales = [0.5, 0.125, 0.03125]
    rows = [[s * most for s in scales]]
    for _ in range(20):
        rows.append([s * (draw.randint(1 - most, most - 1) + draw.uniform(-0.4, 0.4)) for s in scales])
    w = torch.tensor(rows)
    rounded = torch.fake_quantize_per_channel_affine(
        w, torch.tensor(scales), torch.zeros(3, dtype=torch.int32), 1, -most, most
    )
    return {"most": most, "scales": scales, "w": w.flatten().tolist(), "rounded": rounded.flatten().tolist()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the file instead of writing it")
    draw = random.Random(5)
    ranges = [(0.5, 0), (0.0625, -128), (0.25, 37), (0.0078125, 127)]
    made = {
        "torch": torch.__version__.split("+")[0],
        "tensorflow": tf.__version__,
        "pytorch_values": [of_torch(*each, draw) for each in ranges],
        "tensorflow_values": [of_tensorflow(*each, draw) for each in ranges],
        "weights": [weights(most, draw) for most in (7, 127)],
    }
    return write_or_check(OUTPUT, made, parser.parse_args().check)


if __name__ == "__main__":
    sys.exit(main())
