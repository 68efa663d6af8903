//! `[[model.layers]]`: a layer with its settings, by Keras' names.

use nn_core::activation::{AnyActivation, Identity};
use nn_core::format::MOST_UNITS;
use nn_core::layer::{DropoutRate, Stddev};

use super::entries::{At, Entries, Entry};
use super::words::WordError;
use crate::layer::{self, LayerPlan};

/// The settings of every layer.
const EVERY: [&str; 5] = ["type", "name", "trainable", "learning_rate", "activity_regularizer"];

/// The settings of a kernel.
const KERNEL: [&str; 4] = ["kernel_initializer", "kernel_regularizer", "kernel_constraint", "seed"];

/// The settings of a dense layer, besides those.
const DENSE: [&str; 6] = ["units", "activation", "use_bias", "bias_initializer", "bias_regularizer", "bias_constraint"];

/// All types of layers.
const TYPES: [&str; 9] = [
    "dense",
    "dropout",
    "alpha_dropout",
    "gaussian_noise",
    "batch_normalization",
    "layer_normalization",
    "activation",
    "p_re_lu",
    "residual",
];

/// Blocks inside of each other, at most.
const DEEPEST: usize = 8;

/// The layers of an array of tables.
pub(super) fn layers(array: &Entry<'_>, depth: usize) -> Result<Vec<LayerPlan>, At> {
    if depth > DEEPEST {
        return Err(array.refused(format_args!("more than {DEEPEST} blocks are inside of each other")));
    }
    array.elements()?.iter().map(|element| layer_of(element, depth)).collect()
}

fn layer_of(entry: &Entry<'_>, depth: usize) -> Result<LayerPlan, At> {
    let kind = entry.any_table()?.require("type")?;
    let of = |own: &[&[&'static str]]| entry.table(&[&EVERY, own.concat().as_slice()].concat());
    let (entries, plan) = match kind.text()? {
        "dense" => {
            let entries = of(&[&KERNEL, &DENSE])?;
            let plan = dense(&entries)?;
            (entries, plan)
        }
        "dropout" => rate(of(&[&["rate"]])?, layer::dropout)?,
        "alpha_dropout" => rate(of(&[&["rate"]])?, layer::alpha_dropout)?,
        "gaussian_noise" => {
            let entries = of(&[&["stddev"]])?;
            let stddev = entries.require("stddev")?;
            let value = single(stddev.number()?);
            Stddev::new(value).map_err(|error| stddev.refused(error))?;
            (entries, layer::gaussian_noise(value))
        }
        "batch_normalization" => (of(&[])?, layer::batch_normalization()),
        "layer_normalization" => (of(&[])?, layer::layer_normalization()),
        "p_re_lu" => (of(&[])?, layer::prelu()),
        "activation" => {
            let entries = of(&[&["activation"]])?;
            let activation: AnyActivation = entries.require("activation")?.spoken()?;
            (entries, layer::activation(activation))
        }
        "residual" => {
            let entries = of(&[&KERNEL, &["layers", "projection"]])?;
            let branch = layers(&entries.require("layers")?, depth + 1)?;
            let is_projected = entries.flag("projection")? == Some(true);
            let block = if is_projected { layer::residual_projected(branch) } else { layer::residual(branch) };
            let plan = kernel(block, &entries)?;
            (entries, plan)
        }
        other => return Err(kind.refused(WordError::unknown("layer", other, &TYPES))),
    };
    every(plan, &entries)
}

/// A layer that is told a rate.
fn rate<'d>(entries: Entries<'d>, make: fn(f32) -> LayerPlan) -> Result<(Entries<'d>, LayerPlan), At> {
    let rate = entries.require("rate")?;
    let value = single(rate.number()?);
    DropoutRate::new(value).map_err(|error| rate.refused(error))?;
    Ok((entries, make(value)))
}

fn dense(entries: &Entries<'_>) -> Result<LayerPlan, At> {
    let units = entries.require("units")?.count(1..=u64::from(MOST_UNITS))?;
    let activation = entries.spoken("activation")?.unwrap_or_else(|| AnyActivation::from(Identity));
    let mut plan = kernel(layer::dense(units, activation), entries)?;
    if entries.flag("use_bias")? == Some(false) {
        plan = plan.without_bias();
    }
    if let Some(initializer) = entries.spoken::<nn_core::init::AnyInitializer>("bias_initializer")? {
        plan = plan.bias_initializer(initializer);
    }
    if let Some(penalty) = entries.spoken("bias_regularizer")? {
        plan = plan.bias_regularizer(penalty);
    }
    match entries.spoken::<nn_core::constraint::AnyConstraint>("bias_constraint")? {
        Some(constraint) => Ok(plan.bias_constraint(constraint)),
        None => Ok(plan),
    }
}

fn kernel(mut plan: LayerPlan, entries: &Entries<'_>) -> Result<LayerPlan, At> {
    if let Some(initializer) = entries.spoken::<nn_core::init::AnyInitializer>("kernel_initializer")? {
        plan = plan.kernel_initializer(initializer);
    }
    if let Some(penalty) = entries.spoken("kernel_regularizer")? {
        plan = plan.kernel_regularizer(penalty);
    }
    if let Some(constraint) = entries.spoken::<nn_core::constraint::AnyConstraint>("kernel_constraint")? {
        plan = plan.kernel_constraint(constraint);
    }
    match entries.count("seed", 0..=u64::MAX)? {
        Some(seed) => Ok(plan.seed(seed)),
        None => Ok(plan),
    }
}

/// The settings that every layer takes.
fn every(mut plan: LayerPlan, entries: &Entries<'_>) -> Result<LayerPlan, At> {
    if let Some(name) = entries.text("name")? {
        plan = plan.name(name);
    }
    if entries.flag("trainable")? == Some(false) {
        plan = plan.frozen();
    }
    if let Some(entry) = entries.get("learning_rate") {
        let factor = single(entry.number()?);
        if factor < 0.0 {
            return Err(entry.refused(format_args!("the factor is {factor}, it must be at least 0")));
        }
        plan = plan.learning_rate(factor);
    }
    match entries.spoken("activity_regularizer")? {
        Some(penalty) => Ok(plan.activity_regularizer(penalty)),
        None => Ok(plan),
    }
}

/// The nearest f32.
#[expect(clippy::cast_possible_truncation, reason = "weights have seven digits, and so have their settings")]
const fn single(number: f64) -> f32 {
    number as f32
}
