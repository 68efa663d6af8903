//! The receipt of a model: from what and with what it was trained.

use serde::{Deserialize, Serialize};

/// How the model came to be.
///
/// ```
/// # use nn_core::activation::Identity;
/// use nn_core::format::{Model, Receipt, Record, Writer};
///
/// let (data_sha256, configuration_sha256) = ([0x11; 32], [0x22; 32]);
/// let receipt = Receipt { seed: 42, epochs: 20, data_sha256, configuration_sha256, tool: "nn 1.0.0" };
/// # #[repr(align(16))]
/// # struct Aligned([u8; 512]);
/// # let mut buffer = Aligned([0; 512]);
/// # let mut writer = Writer::new(&mut buffer.0);
/// # writer.record(&Record::Dense { inputs: 1, outputs: 1, activation: Identity.into() })?;
/// writer.record(&Record::Receipt(receipt))?;
/// # let mut tensors = writer.tensors()?;
/// # tensors.tensor(&[2.0])?;
/// # tensors.tensor(&[0.5])?;
/// # let file = tensors.finish()?;
/// assert_eq!(Model::parse(file)?.receipt(), Some(receipt));
/// # Ok::<(), nn_core::format::FormatError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt<'m> {
    /// The seed of everything random.
    pub seed: u64,
    /// Epochs trained.
    pub epochs: u32,
    /// SHA-256 of the training data.
    pub data_sha256: [u8; 32],
    /// SHA-256 of the training configuration.
    pub configuration_sha256: [u8; 32],
    /// Name and version of the program that trained it.
    pub tool: &'m str,
}
