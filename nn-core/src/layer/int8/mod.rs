//! Layers of bytes as types: what [`int8`](crate::int8) computes, in chains with constants as layers of floats have them.
//!
//! A network of bytes starts with [`Quantize`] and ends with [`Dequantize`], so that from outside it is a function of floats; between
//! the two there are none. It is for inference: behind [`Frozen`](super::Frozen) it is the base of a network whose last layers
//! learn in floats.
//!
//! ```
//! use nn_core::int8::{Clamp, DenseOutput, Multiplier, Quantization, Rounding, Softmax};
//! use nn_core::layer::{Layer, int8};
//!
//! // Two inputs in [0, 1], two classes by the sign of their difference.
//! let (input, output) = (Quantization::new(1.0 / 255.0, -128)?, Quantization::new(8.0 / 128.0, 0)?);
//! let multipliers = [Multiplier::dense(input, 8.0 / 127.0, output)?];
//! let into = DenseOutput { multipliers: &multipliers, zero_point: 0, clamp: Clamp::NONE, rounding: Rounding::Tflm };
//! let (kernel, bias) = ([[127, -127], [-127, 127]], [0, 0]); // the input's zero point times a sum of weights, which is 0
//! let network = int8::Quantize::new(input)
//!     .then(int8::Dense::new(&kernel, &bias, into)?)
//!     .then(int8::Mapped::new(Softmax::new(output, 1.0)?))
//!     .then(int8::Dequantize::new(Quantization::PROBABILITY));
//! assert_eq!(network.predict(&[1.0, 0.75]), [0.980_468_75, 0.019_531_25]); // σ(4) is 0.98201
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

#[cfg(not(nn_dsp))]
mod machine;
#[cfg(nn_dsp)]
use crate::dsp as machine;

mod convert;
mod dense;
mod int4_dense;
mod mapped;
mod packed_dense;

pub use convert::{Dequantize, Quantize};
pub use dense::{ChannelsError, Dense};
pub use int4_dense::{Int4Dense, Int4Error};
pub use machine::Workspace;
pub use mapped::{Map, Mapped};
pub use packed_dense::{PackedDense, PackedError};

#[cfg(test)]
mod tests {
    use super::{Dense, Dequantize, Mapped, Quantize};
    use crate::activation::{Softmax, Tanh};
    use crate::int8::table::{self, Table};
    use crate::int8::{self, Clamp, DenseOutput, Multiplier, Quantization, Rounding};
    use crate::layer::{self, Chain, Frozen, Layer};
    use crate::loss::{Class, SparseCategoricalCrossentropy};
    use crate::optimizer::Adam;
    use crate::random::{Purpose, Stream};
    use crate::train::{Occasion, OnlineTrainer};

    type Base<'m> = Chain<Chain<Chain<Quantize<7>, Dense<'m, 7, 5>>, Mapped<5, &'m Table>>, Dequantize<5>>;

    const INPUT: Quantization = quantization(0.01, -20);
    const BETWEEN: Quantization = quantization(0.02, 3);

    const fn quantization(scale: f32, zero_point: i8) -> Quantization {
        match Quantization::new(scale, zero_point) {
            Ok(quantization) => quantization,
            Err(_) => panic!("scales are above 0"),
        }
    }

    /// Weights of a base.
    struct Weights {
        kernel: [[i8; 7]; 5],
        bias: [i32; 5],
        multipliers: [Multiplier; 5],
        table: Table,
    }

    impl Weights {
        fn random(stream: &mut Stream) -> Self {
            let mut byte = || i8::try_from(stream.below(256).cast_signed() - 128).unwrap();
            let kernel = [(); 5].map(|()| [(); 7].map(|()| byte()));
            let bias = [(); 5].map(|()| i32::from(byte()) * 50);
            let multipliers = [1, 2, 3, 4, 5].map(|channel| Multiplier::new(f64::from(channel) * 1e-3).unwrap());
            let table = table::of(Tanh.into(), BETWEEN, Quantization::TANH).unwrap();
            Self { kernel, bias, multipliers, table }
        }

        fn output(&self) -> DenseOutput<'_> {
            let (multipliers, rounding) = (&self.multipliers, Rounding::Tflm);
            DenseOutput { multipliers, zero_point: BETWEEN.zero_point(), clamp: Clamp::NONE, rounding }
        }

        fn base(&self) -> Base<'_> {
            Quantize::new(INPUT)
                .then(Dense::new(&self.kernel, &self.bias, self.output()).unwrap())
                .then(Mapped::new(&self.table))
                .then(Dequantize::new(Quantization::TANH))
        }

        /// The same, on slices.
        fn features(&self, x: &[f32; 7]) -> [f32; 5] {
            let mut a = [0; 5];
            int8::dense(&x.map(|x| INPUT.quantize(x)), self.kernel.as_flattened(), &self.bias, &self.output(), &mut a);
            table::apply(&self.table, &mut a);
            a.map(|a| Quantization::TANH.dequantize(a))
        }
    }

    fn samples(stream: &mut Stream) -> [[f32; 7]; 40] {
        [(); 40].map(|()| [(); 7].map(|()| stream.uniform() - 0.5))
    }

    #[test]
    fn types_compute_what_slices_do() {
        let mut stream = Stream::new(1, Purpose::Shuffle, 0, 0);
        let weights = Weights::random(&mut stream);
        let samples = samples(&mut stream);
        let outputs = samples.map(|x| weights.base().predict(&x));
        assert_eq!(outputs, samples.map(|x| weights.features(&x)));
        assert!(outputs.iter().any(|a| *a != outputs[0]));
    }

    #[test]
    fn what_flows_between_layers_of_bytes_is_bytes() {
        assert_eq!(<Base<'_> as Layer>::FLASH, 7 * 5 + 1 + (4 + 8) * 5 + 256); // a byte of padding
        assert_eq!(size_of::<<Base<'_> as Layer>::Hidden>(), 7 + 5 + 5);
    }

    #[test]
    fn a_head_behind_bytes_learns_as_one_that_is_given_the_features() {
        let mut stream = Stream::new(2, Purpose::Shuffle, 0, 0);
        let weights = Weights::random(&mut stream);
        let head = || layer::Dense::new([[0.0; 3]; 5], [0.0; 3], Softmax);
        let mut whole = OnlineTrainer::new(
            Frozen::new(weights.base()).then(head()),
            SparseCategoricalCrossentropy,
            Adam::default(),
        );
        let mut alone = OnlineTrainer::new(head(), SparseCategoricalCrossentropy, Adam::default());
        for (class, x) in [0, 1, 2].into_iter().cycle().zip(samples(&mut stream)) {
            let y = Class::new(class).unwrap();
            let losses =
                [whole.learn(&x, &y, Occasion::FIRST), alone.learn(&weights.features(&x), &y, Occasion::FIRST)];
            assert_eq!(losses[0].to_bits(), losses[1].to_bits());
        }
        let (learned, expected) = (whole.network().second().kernel(), alone.network().kernel());
        assert_eq!(learned, expected);
        assert!(learned.as_flattened().iter().all(|w| *w != 0.0));
    }

    #[test]
    fn multipliers_of_another_number_are_refused() {
        let three = [Multiplier::default(); 3];
        let output = DenseOutput { multipliers: &three, zero_point: 0, clamp: Clamp::NONE, rounding: Rounding::Tflm };
        assert!(Dense::new(&[[1]; 3], &[0; 3], output).is_ok());
        let error = Dense::new(&[[1]; 2], &[0; 2], output).unwrap_err();
        assert_eq!((error.found, error.outputs), (3, 2));
    }
}
