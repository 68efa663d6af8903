//! Test vectors: inputs with the outputs that a machine with the right arithmetic gives.

use serde::{Deserialize, Serialize};

/// An input with the output that it must give, bit for bit.
///
/// A network proves itself with the test vectors of its file:
///
/// ```
/// # use nn_core::{activation::Identity, format::{Model, Record, TestVector, Writer, load}, layer::{Dense, Layer}};
/// # #[repr(align(16))]
/// # struct Aligned([u8; 512]);
/// # let mut buffer = Aligned([0; 512]);
/// # let mut writer = Writer::new(&mut buffer.0);
/// # writer.record(&Record::Dense { inputs: 1, outputs: 1, activation: Identity.into() })?;
/// # let (input, output) = (3.0_f32.to_le_bytes(), 6.5_f32.to_le_bytes());
/// # writer.record(&Record::TestVector(TestVector { input: &input, output: &output }))?;
/// # let mut tensors = writer.tensors()?;
/// # tensors.tensor(&[2.0])?;
/// # tensors.tensor(&[0.5])?;
/// # let file = tensors.finish()?;
/// # let mut tested = 0;
/// let model = Model::parse(file)?;
/// let network: Dense<1, 1, Identity> = load(&model)?;
/// for vector in model.test_vectors() {
///     let mut x = [0.0];
///     assert!(model.scaling().apply(vector.input, &mut x));
///     assert_eq!(network.predict(&x)[0].to_le_bytes(), vector.output);
/// #   tested += 1;
/// }
/// # assert_eq!(tested, 1);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestVector<'m> {
    /// Raw values in the model's encoding.
    pub input: &'m [u8],
    /// The output, f32 little-endian.
    pub output: &'m [u8],
}
