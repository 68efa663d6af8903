//! Activations of one number as tables of 256 bytes: made once by a published algorithm, applied without arithmetic.

use super::quantization::saturated_byte;
use super::requantization::scaled;
use super::rounding::{saturated, shift_right};
use super::{Multiplier, MultiplierError, Quantization, Requantization, Rounding, fixed_point};
use crate::activation::{Activation, AnyActivation, LeakyRelu};

/// The output of each input, at the place of the input's bits as an unsigned number: 0 … 127, then −128 … −1.
pub type Table = [i8; 256];

/// Replaces each value by that in the table.
///
/// # Shapes
/// - `values`: `[N]`
///
/// ```
/// use nn_core::activation::Elu;
/// use nn_core::int8::{Quantization, table};
/// let q = Quantization::new(0.1, 0)?;
/// let elu = table::of(Elu::default().into(), q, q).unwrap();
/// let mut values = [-100, -10, 0, 10];
/// table::apply(&elu, &mut values);
/// assert_eq!(values, [-10, -6, 0, 10]); // e⁻¹ − 1 is −0.632
/// # Ok::<(), nn_core::int8::QuantizationError>(())
/// ```
pub fn apply(table: &Table, values: &mut [i8]) {
    for value in values {
        if let Some(&output) = table.get(usize::from(value.cast_unsigned())) {
            *value = output;
        }
    }
}

/// Any activation of one number, by floats: the byte nearest to f of what the input stands for.
///
/// For sigmoid and tanh these are LiteRT's tables, with [`Quantization::PROBABILITY`] and [`Quantization::TANH`] as
/// outputs: its `LUTPopulate` multiplies by the reciprocal of the scale, as this does. `None` for softmax and log
/// softmax, whose outputs depend on all inputs.
///
/// ```
/// use nn_core::activation::{Sigmoid, Softmax};
/// use nn_core::int8::{Quantization, table};
/// let input = Quantization::new(0.05, 0)?;
/// let sigmoid = table::of(Sigmoid.into(), input, Quantization::PROBABILITY).unwrap();
/// assert_eq!(sigmoid[0], 0); // σ(0) is ½
/// assert_eq!(table::of(Softmax.into(), input, Quantization::PROBABILITY), None);
/// # Ok::<(), nn_core::int8::QuantizationError>(())
/// ```
#[must_use]
pub fn of(activation: AnyActivation, input: Quantization, output: Quantization) -> Option<Table> {
    let steps_per_unit = 1.0 / output.scale();
    let byte = |q| {
        let mut number = [input.dequantize(q)];
        activation.forward(&mut number);
        let [a] = number;
        output.at(a * steps_per_unit)
    };
    let is_of_one_number = !matches!(activation, AnyActivation::Softmax(_) | AnyActivation::LogSoftmax(_));
    is_of_one_number.then(|| filled(byte))
}

/// Sigmoid in fixed point, as TensorFlow Lite Micro has it; to [`Quantization::PROBABILITY`].
///
/// It is the nearest byte but in middles of two, so hardly any entry differs from that of [`of`].
///
/// ```
/// use nn_core::int8::{Quantization, table};
/// let sigmoid = table::tflm_sigmoid(Quantization::new(0.05, 0)?);
/// assert_eq!([0, 127, 128].map(|byte| sigmoid[byte]), [0, 127, -128]);
/// # Ok::<(), nn_core::int8::QuantizationError>(())
/// ```
#[must_use]
pub fn tflm_sigmoid(input: Quantization) -> Table {
    let scale = FixedInput::of(input);
    filled(|q| {
        scale.output(input.steps(q), |x| {
            let probability = shift_right(i64::from(fixed_point::sigmoid(x)), 31 - 8);
            saturated(probability) + i32::from(i8::MIN)
        })
    })
}

/// Tanh in fixed point, as TensorFlow Lite Micro has it; to [`Quantization::TANH`].
///
/// ```
/// use nn_core::int8::{Quantization, table};
/// let tanh = table::tflm_tanh(Quantization::new(0.02, 0)?);
/// assert_eq!([0, 50, 127, 128].map(|byte| tanh[byte]), [0, 97, 126, -126]);
/// # Ok::<(), nn_core::int8::QuantizationError>(())
/// ```
#[must_use]
pub fn tflm_tanh(input: Quantization) -> Table {
    let scale = FixedInput::of(input);
    filled(|q| scale.output(input.steps(q), |x| saturated(shift_right(i64::from(fixed_point::tanh(x)), 31 - 7))))
}

/// Leaky ReLU as both interpreters have it: by a multiplier on each side of 0, rounded twice.
///
/// # Errors
/// [`MultiplierError`] if the scale of the input is 2³¹ times that of the output or more, with or without the slope.
///
/// ```
/// use nn_core::activation::LeakyRelu;
/// use nn_core::int8::{Quantization, table};
/// let (input, output) = (Quantization::new(0.1, 0)?, Quantization::new(0.1, -100)?);
/// let leaky = table::leaky_relu(LeakyRelu::new(0.25)?, input, output)?;
/// assert_eq!([100, 0, 256 - 100].map(|byte| leaky[byte]), [0, -100, -125]);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub fn leaky_relu(kind: LeakyRelu, input: Quantization, output: Quantization) -> Result<Table, MultiplierError> {
    // In f32, unlike the other multipliers: so do both.
    let above = Multiplier::new(f64::from(input.scale() / output.scale()))?;
    let below = Multiplier::new(f64::from(input.scale() * kind.negative_slope() / output.scale()))?;
    Ok(filled(|q| {
        let steps = input.steps(q);
        scaled(if steps >= 0 { above } else { below }, steps, output)
    }))
}

/// A change of quantization.
///
/// ```
/// use nn_core::int8::{Quantization, Requantization, table};
/// let (from, to) = (Quantization::new(0.5, 0)?, Quantization::new(0.25, 10)?);
/// assert_eq!(table::requantization(&Requantization::new(from, to)?)[1], 12);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[must_use]
pub fn requantization(change: &Requantization) -> Table {
    filled(|q| change.byte(q))
}

/// The table of a function.
fn filled(byte: impl Fn(i8) -> i8) -> Table {
    let mut table = [0; 256];
    for (entry, q) in table.iter_mut().zip((0..=i8::MAX).chain(i8::MIN..=-1)) {
        *entry = byte(q);
    }
    table
}

/// Inputs as fixed-point numbers of four integer bits, in (−16, 16).
struct FixedInput {
    multiplier: Multiplier,
    /// So many steps from 0, and farther, an output has its last value.
    radius: i32,
}

impl FixedInput {
    const INTEGER_BITS: u32 = 4;

    fn of(input: Quantization) -> Self {
        let steps_of_one = f64::from(1 << (31 - Self::INTEGER_BITS));
        let real = f64::from(input.scale()) * steps_of_one;
        // Beyond this even one step is beyond the radius; below it every positive number has a multiplier.
        let multiplier = Multiplier::new(real.min(f64::from(i32::MAX))).unwrap_or_default();
        // The multiplier is below 2^exponent, so within this radius no number is above 15.
        let radius = (15 << (31 - Self::INTEGER_BITS)) >> multiplier.exponent().max(0);
        Self { multiplier, radius }
    }

    /// What a function gives so many steps from 0.
    fn output(&self, steps: i32, function: impl Fn(i32) -> i32) -> i8 {
        if steps <= -self.radius {
            i8::MIN
        } else if steps >= self.radius {
            i8::MAX
        } else {
            saturated_byte(function(self.multiplier.apply(Rounding::Tflm, steps)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AnyActivation, LeakyRelu, Quantization, Table, leaky_relu, of, tflm_sigmoid, tflm_tanh};
    use crate::activation::{Activation, Relu, Sigmoid, Tanh};

    fn quantization(scale: f32, zero_point: i8) -> Quantization {
        Quantization::new(scale, zero_point).unwrap()
    }

    fn largest_difference(a: &Table, b: &Table) -> u8 {
        a.iter().zip(b).map(|(a, b)| a.abs_diff(*b)).max().unwrap()
    }

    #[test]
    fn every_activation_of_one_number_has_a_table() {
        let q = quantization(0.05, 3);
        for &kind in AnyActivation::ALL {
            let (mut pair, mut alone) = ([0.5, -1.5], [0.5]);
            kind.forward(&mut pair);
            kind.forward(&mut alone);
            let table = of(kind, q, q);
            assert_eq!(table.is_some(), pair[0] == alone[0], "{kind}");
            assert!(table.is_none_or(|table| table[13] == q.quantize(alone[0])), "{kind}");
        }
    }

    #[test]
    fn relu_keeps_what_is_above_zero() {
        let q = quantization(0.3, -20);
        let table = of(Relu.into(), q, q).unwrap();
        for byte in i8::MIN..=i8::MAX {
            assert_eq!(table[usize::from(byte.cast_unsigned())], byte.max(-20));
        }
    }

    #[test]
    fn fixed_point_is_the_nearest_byte_but_for_middles() {
        for scale in [1e-20, 1e-9, 1e-4, 0.013, 0.1, 0.7, 3.0, 15.9, 16.0, 1e9] {
            for zero_point in [-128, -5, 100] {
                let input = quantization(scale, zero_point);
                let sigmoid = of(Sigmoid.into(), input, Quantization::PROBABILITY).unwrap();
                let tanh = of(Tanh.into(), input, Quantization::TANH).unwrap();
                // From 8 on the reference takes 0 itself for one of the last bytes.
                let zero = usize::from(zero_point.cast_unsigned());
                let (mut fixed_sigmoid, mut fixed_tanh) = (tflm_sigmoid(input), tflm_tanh(input));
                if scale >= 8.0 {
                    assert_eq!((fixed_sigmoid[zero], fixed_tanh[zero]), (-128, -128));
                    (fixed_sigmoid[zero], fixed_tanh[zero]) = (0, 0);
                }
                assert!(largest_difference(&sigmoid, &fixed_sigmoid) <= 1, "{scale}");
                assert!(largest_difference(&tanh, &fixed_tanh) <= 1, "{scale}");
            }
        }
    }

    #[test]
    fn leaky_relu_is_near_its_float() {
        let (kind, input, output) = (LeakyRelu::new(0.3).unwrap(), quantization(0.1, 20), quantization(0.13, -40));
        let table = leaky_relu(kind, input, output).unwrap();
        assert!(largest_difference(&table, &of(kind.into(), input, output).unwrap()) <= 1);
        assert!(leaky_relu(kind, quantization(1e30, 0), quantization(1e-3, 0)).is_err());
    }
}
