//! Inference over a model file layer by layer, for any file: what typed networks are compared with.
#![expect(clippy::indexing_slicing, reason = "a file that has been checked has a value a unit; else a test fails")]

use nn_core::activation::Activation;
use nn_core::format::{LayerView, Layers, Model};
use nn_core::int8::{self, Requantization, Softmax};
use nn_core::{kernel, math};

/// ε of both normalizations.
const EPSILON: f32 = 1e-3;

/// The output for raw values in the model's encoding; `None` if their number is wrong.
#[must_use]
pub fn interpret(model: &Model<'_>, raw: &[u8]) -> Option<Vec<f32>> {
    let mut x = vec![0.0; model.inputs() as usize];
    model.scaling().apply(raw, &mut x).then(|| pass(&mut model.layers(), u16::MAX, x))
}

/// `x` through the next `count` layers, with those inside of them.
fn pass(layers: &mut Layers<'_>, count: u16, mut x: Vec<f32>) -> Vec<f32> {
    let mut left = count;
    while left > 0 {
        let Some(view) = layers.next() else { break };
        left -= 1;
        x = match view {
            LayerView::Residual { branch, shortcut } => {
                left -= branch + shortcut;
                let mut a = pass(layers, branch, x.clone());
                add_shortcut(layers, &x, &mut a);
                a
            }
            LayerView::Concatenate { first, second } => {
                left -= first + second;
                let mut a = pass(layers, first, x.clone());
                a.extend(pass(layers, second, x));
                a
            }
            view => layer(&view, x),
        };
    }
    x
}

/// Adds the shortcut, which is the next layer, to the branch's output: each input in turn.
fn add_shortcut(layers: &mut Layers<'_>, x: &[f32], a: &mut [f32]) {
    match layers.next() {
        Some(LayerView::Dense(dense)) => kernel::add_product::<false>(x, dense.kernel, a),
        _ => a.iter_mut().zip(x).for_each(|(a, x)| *a += x),
    }
}

/// `x` through one layer that has no others inside.
fn layer(view: &LayerView<'_>, mut x: Vec<f32>) -> Vec<f32> {
    match *view {
        LayerView::Dense(dense) => {
            let mut a = vec![0.0; dense.outputs as usize];
            kernel::affine::<false>(&x, dense.kernel, dense.bias, &mut a);
            dense.activation.forward(&mut a);
            return a;
        }
        LayerView::Prelu(alpha) => {
            x.iter_mut().zip(alpha).for_each(|(x, alpha)| *x *= if *x > 0.0 { 1.0 } else { *alpha })
        }
        LayerView::Scale { offset, scale } => {
            x.iter_mut().zip(offset.iter().zip(scale)).for_each(|(x, (offset, scale))| *x = (*x - offset) * scale);
        }
        LayerView::BatchNorm { parameters, statistics } => {
            let ((gamma, beta), (mean, variance)) = (halves(parameters), halves(statistics));
            for (unit, x) in x.iter_mut().enumerate() {
                let scale = gamma[unit] / math::sqrt(variance[unit] + EPSILON);
                *x = *x * scale + (beta[unit] - mean[unit] * scale);
            }
        }
        LayerView::LayerNorm(parameters) => {
            let (gamma, beta) = halves(parameters);
            let count = x.len() as f32;
            let mean = x.iter().fold(0.0, |sum, x| sum + x) / count;
            let variance = x.iter().fold(0.0, |sum, x| sum + (x - mean) * (x - mean)) / count;
            let inverse = 1.0 / math::sqrt(variance + EPSILON);
            for (unit, x) in x.iter_mut().enumerate() {
                *x = gamma[unit] * ((*x - mean) * inverse) + beta[unit];
            }
        }
        LayerView::Activate { activation, .. } => activation.forward(&mut x),
        LayerView::Quantize { output, .. } => x.iter_mut().for_each(|x| *x = output.quantize(*x).into()),
        LayerView::Dequantize { input, .. } => x.iter_mut().for_each(|x| *x = input.dequantize(byte(*x))),
        LayerView::Int8Dense(dense) => {
            let (x, mut z) = (bytes(&x), vec![0; dense.bias.len()]);
            dense.forward(&x, &mut z);
            return z.into_iter().map(f32::from).collect();
        }
        LayerView::Int4Dense(dense) => {
            let (x, mut z) = (bytes(&x), vec![0; dense.bias.len()]);
            int8::int4::dense(&x, dense.kernel, dense.bias, &dense.output(), &mut z);
            return z.into_iter().map(f32::from).collect();
        }
        LayerView::Int8Table(view) => change(&mut x, |x| int8::table::apply(view.table, x)),
        LayerView::Int8Softmax { multiplier, .. } => {
            change(&mut x, |x| Softmax::with_multiplier(multiplier).forward(x))
        }
        LayerView::Requantize { multiplier, input, output, .. } => {
            change(&mut x, |x| Requantization::with_multiplier(multiplier, input, output).apply(x));
        }
        _ => {} // dropout, noise and skip let everything pass
    }
    x
}

/// Between layers of bytes a value is the byte itself.
#[expect(clippy::cast_possible_truncation, reason = "it was a byte")]
fn byte(x: f32) -> i8 {
    x as i8
}

fn bytes(x: &[f32]) -> Vec<i8> {
    x.iter().map(|x| byte(*x)).collect()
}

fn change(x: &mut Vec<f32>, function: impl FnOnce(&mut [i8])) {
    let mut bytes = bytes(x);
    function(&mut bytes);
    *x = bytes.into_iter().map(f32::from).collect();
}

fn halves(values: &[f32]) -> (&[f32], &[f32]) {
    values.split_at(values.len() / 2)
}
