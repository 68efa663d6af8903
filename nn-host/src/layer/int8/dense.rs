//! Dense layers of bytes, by nn-core's kernel, one sample after the other.

use nn_core::format::{Channels, Int8Dense, Int8DenseView, Int8Kernel, KernelForm};
use nn_core::int8::{self, Clamp, DenseOutput, Multiplier, Quantization, Rounding, packed};

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
    /// What stands in the model file in place of kernel and bias, if that is the packed form.
    pub packed: Option<PackedKernel>,
}

/// A kernel as chips with SMLAD multiply it, and the bias that goes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackedKernel {
    /// `[words(IN, OUT)]`
    words: Vec<u32>,
    /// `[OUT]`, without the input's zero point
    bias: Vec<i32>,
}

impl Int8DenseLayer {
    /// A copy of a dense layer of a model file.
    pub(crate) fn from_view(view: &Int8DenseView<'_>) -> Self {
        let (inputs, mut bias) = (view.inputs as usize, view.bias.to_vec());
        let (kernel, packed) = match view.kernel {
            Int8Kernel::Plain(kernel) => (kernel.to_vec(), None),
            Int8Kernel::Packed(words) => {
                let packed = PackedKernel { words: words.to_vec(), bias: bias.clone() };
                let mut kernel = vec![0; inputs * bias.len()];
                packed::unpack(words, inputs, &mut kernel);
                int8::fold_zero_point(view.input.zero_point(), &kernel, &mut bias);
                (kernel, Some(packed))
            }
        };
        Self {
            inputs,
            kernel,
            bias,
            packed,
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
        Int8Dense { inputs, outputs, channels, output, clamp, rounding, kernel: self.form() }
    }

    /// How the kernel stands in a model file.
    pub(crate) const fn form(&self) -> KernelForm {
        if self.packed.is_some() { KernelForm::Packed } else { KernelForm::Plain }
    }

    /// Lets the kernel stand so in a model file. What cannot be packed, which no tool makes, stays plain.
    pub(crate) fn store_as(&mut self, form: KernelForm) {
        self.packed = match form {
            KernelForm::Plain => None,
            KernelForm::Packed => self.pack(),
        };
    }

    fn pack(&self) -> Option<PackedKernel> {
        let mut words = vec![0; packed::words(self.inputs, self.bias.len())];
        packed::pack(&self.kernel, self.inputs, &mut words).ok()?;
        let mut bias = self.bias.clone();
        int8::unfold_zero_point(self.input.zero_point(), &self.kernel, &mut bias);
        Some(PackedKernel { words, bias })
    }

    /// The tensors in the order of the file, as bytes.
    pub(crate) fn tensor_bytes(&self) -> [&[u8]; 4] {
        let [kernel, bias, rest @ ..] = self.plain_bytes();
        let [kernel, bias] = match &self.packed {
            Some(packed) => [bytemuck::cast_slice(&packed.words), bytemuck::cast_slice(&packed.bias)],
            None => [kernel, bias],
        };
        let [multipliers, scales] = rest;
        [kernel, bias, multipliers, scales]
    }

    /// The tensors as they are in whatever form the kernel is stored.
    pub(crate) fn plain_bytes(&self) -> [&[u8]; 4] {
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
        let form = if self.packed.is_some() { ", packed" } else { "" };
        format!("{}, {scales}{form}", self.activation())
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
