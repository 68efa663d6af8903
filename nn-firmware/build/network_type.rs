//! The Rust type of a model file's network, as a person would write it.

use nn_core::format::{Int8TableView, LayerView, Layers, Model};

/// The type, generic over the lifetime `'m` of the file; dropout and noise are left out, for they do nothing at inference.
pub(super) fn network_type(model: &Model<'_>) -> Option<String> {
    chain(&mut model.layers(), u16::MAX)
}

/// The type of the next `count` layers, with those inside of them, one after the other.
fn chain(layers: &mut Layers<'_>, count: u16) -> Option<String> {
    let mut types = Vec::new();
    let mut for_training = None;
    let mut left = count;
    while left > 0 {
        let Some(layer) = layers.next() else { break };
        left -= 1 + parts(&layer);
        match layer {
            layer if layer.is_for_training() => for_training = for_training.or(layer_type(&layer, layers)),
            layer => types.push(layer_type(&layer, layers)?),
        }
    }
    // A branch of dropout alone is still a branch, whose other layers are passed over.
    let chain = types.into_iter().reduce(|first, second| format!("{LAYER}Chain<{first}, {second}>"));
    chain.or(for_training)
}

const LAYER: &str = "nn_core::layer::";

/// How many layers follow as parts of this one.
fn parts(layer: &LayerView<'_>) -> u16 {
    match *layer {
        LayerView::Residual { branch: first, shortcut: second } | LayerView::Concatenate { first, second } => {
            first.saturating_add(second)
        }
        _ => 0,
    }
}

/// The type of one layer, whose parts are the next ones.
fn layer_type(layer: &LayerView<'_>, layers: &mut Layers<'_>) -> Option<String> {
    let name = layer.type_name();
    let borrowed = format!("{LAYER}Borrowed<'m>");
    Some(match *layer {
        LayerView::Dense(dense) => {
            let activation = format!("nn_core::activation::{}", dense.activation.type_name());
            let bias = if dense.bias.is_empty() { ", 0" } else { "" };
            format!("{LAYER}{name}<{}, {}, {activation}, {borrowed}{bias}>", dense.inputs, dense.outputs)
        }
        LayerView::Prelu(values) | LayerView::Scale { offset: values, .. } => {
            format!("{LAYER}{name}<{}, {borrowed}>", values.len())
        }
        LayerView::LayerNorm(parameters) | LayerView::BatchNorm { parameters, .. } => {
            format!("{LAYER}{name}<{}, {borrowed}>", parameters.len() / 2)
        }
        LayerView::Skip(units)
        | LayerView::Dropout { units, .. }
        | LayerView::AlphaDropout { units, .. }
        | LayerView::GaussianNoise { units, .. } => format!("{LAYER}{name}<{units}>"),
        LayerView::Activate { units, activation } => {
            format!("{LAYER}{name}<{units}, nn_core::activation::{}>", activation.type_name())
        }
        LayerView::Quantize { units, .. } | LayerView::Dequantize { units, .. } => format!("{LAYER}{name}<{units}>"),
        LayerView::Int8Dense(dense) => format!("{LAYER}{name}<'m, {}, {}>", dense.inputs, dense.outputs),
        LayerView::Int4Dense(dense) => format!("{LAYER}{name}<'m, {}, {}>", dense.inputs, dense.outputs),
        LayerView::Int8Table(table) => mapped(table.units, "&'m nn_core::int8::table::Table"),
        LayerView::Int8Softmax { units, .. } => mapped(units, "nn_core::int8::Softmax"),
        LayerView::Requantize { units, .. } => mapped(units, "nn_core::int8::Requantization"),
        LayerView::Residual { branch, shortcut } => {
            let (branch, shortcut) = (chain(layers, branch)?, chain(layers, shortcut)?);
            format!("{LAYER}{name}<{branch}, {shortcut}>")
        }
        LayerView::Concatenate { first, second } => {
            let ahead = layers.clone();
            let outputs = outputs(ahead, first)? + outputs(skipped(layers.clone(), first), second)?;
            let (first, second) = (chain(layers, first)?, chain(layers, second)?);
            format!("{LAYER}{name}<{first}, {second}, {outputs}>")
        }
    })
}

/// The type of a function of bytes.
fn mapped(units: u32, function: &str) -> String {
    format!("{LAYER}int8::Mapped<{units}, {function}>")
}

/// The layers behind the next `count`.
fn skipped<'m>(mut layers: Layers<'m>, count: u16) -> Layers<'m> {
    layers.by_ref().take(usize::from(count)).for_each(drop);
    layers
}

/// Values of the output of the next `count` layers together.
fn outputs(mut layers: Layers<'_>, count: u16) -> Option<u32> {
    let mut width = None;
    let mut left = count;
    while left > 0 {
        let layer = layers.next()?;
        left -= 1 + parts(&layer);
        let units = |values: usize| u32::try_from(values).ok();
        width = match layer {
            LayerView::Dense(dense) => Some(dense.outputs),
            LayerView::Skip(units)
            | LayerView::Activate { units, .. }
            | LayerView::Dropout { units, .. }
            | LayerView::AlphaDropout { units, .. }
            | LayerView::GaussianNoise { units, .. }
            | LayerView::Quantize { units, .. }
            | LayerView::Int8Table(Int8TableView { units, .. })
            | LayerView::Int8Softmax { units, .. }
            | LayerView::Requantize { units, .. }
            | LayerView::Dequantize { units, .. } => Some(units),
            LayerView::Int8Dense(dense) => Some(dense.outputs),
            LayerView::Int4Dense(dense) => Some(dense.outputs),
            LayerView::Prelu(values) | LayerView::Scale { offset: values, .. } => units(values.len()),
            LayerView::LayerNorm(values) | LayerView::BatchNorm { parameters: values, .. } => units(values.len() / 2),
            LayerView::Residual { branch, shortcut } => {
                let width = outputs(layers.clone(), branch);
                layers = skipped(layers, branch.saturating_add(shortcut));
                width
            }
            LayerView::Concatenate { first, second } => {
                let width = outputs(layers.clone(), first)? + outputs(skipped(layers.clone(), first), second)?;
                layers = skipped(layers, first.saturating_add(second));
                Some(width)
            }
        };
    }
    width
}
