//! `--poll`: a model's outputs, or the means of those for distorted copies.

use nalgebra::DMatrix;
use nn_host::augment::Augment;
use nn_host::config::AugmentList;
use nn_host::data::Dataset;
use nn_host::model::Model;

use super::failure::Failure;

/// The outputs for each sample, or their means over so many `copies`, distorted by the list.
pub(super) fn outputs(
    model: &Model,
    data: &Dataset,
    copies: Option<u32>,
    list: Option<&AugmentList>,
    seed: u64,
) -> Result<DMatrix<f32>, Failure> {
    let Some(copies) = copies else { return Ok(model.predict(data)?) };
    let augment = list.map_or_else(Augment::slight, |list| list.0.clone());
    Ok(model.poll(data, &augment, copies, seed)?)
}
