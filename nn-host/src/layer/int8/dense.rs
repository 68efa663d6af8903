//! Dense layers of bytes, by nn-core's kernel, one sample after the other.

use nn_core::format::{Channels, Int8Dense, Int8DenseView};
use nn_core::int8::{self, Clamp, DenseOutput, Multiplier, Quantization, Rounding};

use super::super::batch::{Batch, BatchLayer, Pass, each_numbered_sample, sample_of};
use crate::gemm::Engine;

/// A dense layer of bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Int8DenseLayer {
    /// IN
    pub inputs: usize,
    /// `[OUT][IN]`
    pub kernel: Vec<i8>,
    /// `[OUT]`, with the input's zero point in it
    pub bias: Vec<i32>,
    /// `[1]` or `[OUT]`
    pub multipliers: Vec<Multiplier>,
    /// What a weight is multiplied by to be the number that it stands for, `[1]` or `[OUT]`
    pub weight_scales: Vec<f32>,
    /// What the bytes of the input stand for.
    pub input: Quantization,
    /// What the bytes of the output stand for.
    pub output: Quantization,
    /// The activation, as far as it is a range.
    pub clamp: Clamp,
    /// Which interpreter's bytes.
    pub rounding: Rounding,
}

impl Int8DenseLayer {
    /// A copy of a dense layer of a model file.
    pub(crate) fn from_view(view: &Int8DenseView<'_>) -> Self {
        Self {
            inputs: view.inputs as usize,
            kernel: view.kernel.to_vec(),
            bias: view.bias.to_vec(),
            multipliers: view.multipliers.to_vec(),
            weight_scales: view.weight_scales.to_vec(),
            input: view.input,
            output: view.quantization,
            clamp: view.clamp,
            rounding: view.rounding,
        }
    }

    /// What a model file's record says of a layer with so many inputs and outputs.
    pub(crate) const fn record(&self, inputs: u32, outputs: u32) -> Int8Dense {
        let Self { output, clamp, rounding, .. } = *self;
        let channels = if self.multipliers.len() == 1 { Channels::One } else { Channels::Each };
        Int8Dense { inputs, outputs, channels, output, clamp, rounding }
    }

    /// The tensors in the order of the file, as bytes.
    pub(crate) fn tensor_bytes(&self) -> [&[u8]; 4] {
        [
            bytemuck::cast_slice(&self.kernel),
            bytemuck::cast_slice(&self.bias),
            bytemuck::cast_slice(&self.multipliers),
            bytemuck::cast_slice(&self.weight_scales),
        ]
    }

    /// The settings, as `nn summary` shows them: `relu, per channel`.
    pub(crate) fn description(&self) -> String {
        let scales = if self.weight_scales.len() == 1 { "per tensor" } else { "per channel" };
        format!("{}, {scales}", self.activation())
    }

    /// What is there of the activation in the clamp.
    fn activation(&self) -> &'static str {
        let (relu, relu6) = (Clamp::relu(self.output), Clamp::relu6(self.output));
        // What takes no byte away stands for no activation, but where no byte is below 0 there is one.
        match self.clamp {
            clamp if clamp == relu => "relu",
            clamp if clamp == relu6 => "relu6",
            Clamp::NONE => "linear",
            _ => "clamped",
        }
    }
}

impl BatchLayer for Int8DenseLayer {
    type Tape = ();

    fn tape(&self, _samples: usize) {}

    fn outputs(&self) -> usize {
        self.bias.len()
    }

    fn forward(&self, _engine: &mut Engine, x: &Batch, a: &mut Batch) {
        let output = DenseOutput {
            multipliers: &self.multipliers,
            zero_point: self.output.zero_point(),
            clamp: self.clamp,
            rounding: self.rounding,
        };
        let (mut bytes, mut z) = (vec![0; self.inputs], vec![0; self.bias.len()]);
        each_numbered_sample(a, |sample, a| {
            bytes.iter_mut().zip(sample_of(x, sample)).for_each(|(byte, x)| *byte = self.input.quantize(*x));
            int8::dense(&bytes, &self.kernel, &self.bias, &output, &mut z);
            a.iter_mut().zip(&z).for_each(|(a, z)| *a = self.output.dequantize(*z));
        });
    }

    /// Nothing: what comes before bytes does not learn, which [`Model::fit`](crate::model::Model::fit) checks.
    fn backward(&self, pass: Pass<'_>, _tape: &mut ()) {
        let _ = pass;
    }
}
