//! Evaluates a model on a device and compares its outputs with the host's, bit for bit.

use nalgebra::DMatrix;

use super::{DeviceInfo, Port, Session, SessionError};
use crate::data::Dataset;
use crate::model::Model;

/// A model's evaluation on a device.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceEvaluation {
    /// The device's outputs, one sample a column.
    pub outputs: DMatrix<f32>,
    /// Samples whose outputs have the host's bits.
    pub equal: usize,
    /// The middle value of the ticks that a sample took.
    pub median_ticks: u32,
    /// What the device says of itself afterwards.
    pub info: DeviceInfo,
}

/// Asks the device for its answer to each of the first `samples` samples.
///
/// # Shapes
/// - `host`: the host's outputs, one sample a column
///
/// # Errors
/// [`SessionError`] if the device does not answer.
pub fn evaluate<P: Port>(
    session: &mut Session<P>,
    model: &Model,
    data: &Dataset,
    host: &DMatrix<f32>,
    mut done: impl FnMut(usize),
) -> Result<DeviceEvaluation, SessionError> {
    let mut outputs = DMatrix::zeros(host.nrows(), host.ncols());
    let mut ticks = Vec::with_capacity(host.ncols());
    let mut equal = 0;
    for (sample, host) in host.column_iter().enumerate() {
        let prediction = session.predict(model.scaling().encoding, &data.raw(sample))?;
        if prediction.output.len() != host.len() {
            return Err(SessionError::Unexpected);
        }
        let same = prediction.output.iter().zip(host.iter()).all(|(device, host)| device.to_bits() == host.to_bits());
        equal += usize::from(same);
        outputs.set_column(sample, &nalgebra::DVector::from_vec(prediction.output));
        ticks.push(prediction.ticks);
        done(sample + 1);
    }
    ticks.sort_unstable();
    let median_ticks = ticks.get(ticks.len() / 2).copied().unwrap_or(0);
    Ok(DeviceEvaluation { outputs, equal, median_ticks, info: session.info()? })
}
