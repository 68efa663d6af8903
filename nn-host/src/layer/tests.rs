//! Gradients of every kind of layer against differences, and what frozen layers are spared.

use nn_core::activation::{Gelu, Identity, Tanh};
use nn_core::init::GlorotUniform;
use nn_core::layer::Signal;
use nn_core::loss::{AnyLoss, Loss, MeanSquaredError};
use nn_core::optimizer::{Adam, Penalty};
use nn_core::random::{Purpose, Stream};
use nn_core::train::Occasion;

use super::{
    Batch, Builder, Factor, LayerPlan, Stack, Turn, activation, batch_normalization, dense, dropout,
    layer_normalization, prelu, residual, residual_projected, scale,
};
use crate::gemm::Engine;
use crate::layer::Kept;
use crate::optimizer::Optimizer;

const INPUTS: usize = 4;
const SAMPLES: usize = 6;

fn random(rows: usize, index: u32) -> Batch {
    let mut stream = Stream::new(7, Purpose::Shuffle, 0, index);
    Batch::from_fn(rows, SAMPLES, |_, _| 2.0 * stream.uniform() - 1.0)
}

fn stack(plans: Vec<LayerPlan>) -> Stack {
    let mut plans = plans;
    plans.push(dense(2, Identity));
    Builder::new(5, GlorotUniform.into()).stack(INPUTS, &plans).unwrap()
}

fn turn() -> Turn {
    Turn { occasion: Occasion::FIRST, learns: true }
}

/// The loss of a batch, its gradients by all tensors that learn, and by the input.
fn pass(stack: &mut Stack, x: &Batch, y: &Batch) -> (f32, Vec<Vec<f32>>, Batch) {
    let loss = AnyLoss::from(MeanSquaredError);
    let mut tape = stack.tape(SAMPLES);
    stack.forward_taped(turn(), &mut Engine::default(), x, &mut tape);
    let outputs = tape.outputs();
    let value = (0..SAMPLES).map(|n| loss.value(outputs.column(n).as_slice(), y.column(n).as_slice())).sum();
    let mut gradients: Vec<_> = stack.learning_mut().iter().map(|of| vec![0.0; of.w.len()]).collect();
    let optimizer = Optimizer::from(Adam::default()).bind(&[], false);
    let signal = stack.output_signal(loss, y, &mut tape);
    assert_eq!(signal, Signal::Error);
    let mut dx = Batch::zeros(INPUTS, SAMPLES);
    stack.backward((turn(), &mut Engine::default()), x, (signal, Factor::of(&optimizer)), &mut tape, Some(&mut dx));
    stack.add_gradients(Kept { x, tape: &tape }, &mut Engine::default(), &mut gradients);
    (value, gradients, dx)
}

/// The largest difference between gradients and differences of the loss.
fn worst(plans: Vec<LayerPlan>) -> f32 {
    const STEP: f32 = 1.0 / 512.0;
    let (mut stack, x, y) = (stack(plans), random(INPUTS, 1), random(2, 2));
    let (_, gradients, dx) = pass(&mut stack, &x, &y);
    let mut worst = 0.0_f32;
    for (tensor, g) in gradients.iter().enumerate() {
        for (at, g) in g.iter().enumerate() {
            let loss = |step: f32| {
                let mut stack = stack.clone();
                stack.learning_mut()[tensor].w[at] += step;
                pass(&mut stack, &x, &y).0
            };
            worst = worst.max((g - (loss(STEP) - loss(-STEP)) / (2.0 * STEP)).abs());
        }
    }
    for at in 0..x.len() {
        let loss = |step: f32| {
            let mut x = x.clone();
            x.as_mut_slice()[at] += step;
            pass(&mut stack.clone(), &x, &y).0
        };
        worst = worst.max((dx.as_slice()[at] - (loss(STEP) - loss(-STEP)) / (2.0 * STEP)).abs());
    }
    worst
}

#[test]
fn gradients_are_the_limits_of_differences() {
    let networks = [
        vec![dense(3, Tanh)],
        vec![dense(3, Gelu).without_bias()],
        vec![dense(5, Identity), batch_normalization(), activation(Tanh)],
        vec![dense(5, Tanh), layer_normalization()],
        vec![dense(5, Identity), prelu()],
        vec![scale([0.5, 0.25, 0.0, -1.0], [2.0, 1.0, 3.0, 0.5]), dense(3, Tanh)],
        vec![dense(5, Tanh), dropout(0.4)],
        vec![residual([dense(3, Tanh), dense(4, Tanh)])],
        vec![dense(3, Tanh), residual_projected([dense(5, Tanh), residual([dense(5, Tanh)])])],
        vec![batch_normalization(), residual([layer_normalization(), dense(4, Tanh)])],
    ];
    for plans in networks {
        let worst = worst(plans.clone());
        assert!(worst < 2e-2, "{worst}: {plans:?}");
    }
}

#[test]
fn a_wrong_gradient_would_be_found() {
    let (mut stack, x, y) = (stack(vec![dense(3, Tanh)]), random(INPUTS, 1), random(2, 2));
    let (_, mut gradients, _) = pass(&mut stack, &x, &y);
    let right = gradients[0][0];
    gradients[0][0] *= 1.5;
    assert!((gradients[0][0] - right).abs() > 2e-2, "{right} is so small that a mistake would pass");
}

#[test]
fn frozen_layers_have_no_gradients_and_let_the_signal_through() {
    let mut learning = stack(vec![dense(3, Tanh), dense(3, Tanh)]);
    let mut frozen = stack(vec![dense(3, Tanh), dense(3, Tanh).frozen()]);
    let (x, y) = (random(INPUTS, 1), random(2, 2));
    let (_, all, dx) = pass(&mut learning, &x, &y);
    let (_, some, same_dx) = pass(&mut frozen, &x, &y);
    assert_eq!((all.len(), some.len()), (6, 4));
    assert_eq!([&all[0], &all[1], &all[4], &all[5]], [&some[0], &some[1], &some[2], &some[3]]);
    assert_eq!(dx, same_dx);
}

#[test]
fn a_frozen_normalization_works_as_at_inference() {
    let plans = |normalization: LayerPlan| vec![dense(3, Tanh), normalization];
    let mut frozen = stack(plans(batch_normalization().frozen()));
    let x = random(INPUTS, 1);
    let before = frozen.clone();
    let mut tape = frozen.tape(SAMPLES);
    frozen.forward_taped(turn(), &mut Engine::default(), &x, &mut tape);
    frozen.follow(&tape);
    assert_eq!(*tape.outputs(), frozen.forward(&mut Engine::default(), &x));
    assert_eq!(frozen, before, "its statistics stay");
    let mut learning = stack(plans(batch_normalization()));
    learning.forward_taped(turn(), &mut Engine::default(), &x, &mut tape);
    learning.follow(&tape);
    assert_ne!(*tape.outputs(), learning.forward(&mut Engine::default(), &x));
    assert_ne!(learning, before);
}

#[test]
fn the_activity_has_the_gradient_of_its_penalty() {
    let l2 = Penalty::l2(0.25).unwrap();
    let (x, y) = (random(INPUTS, 1), random(2, 2));
    let gradient = |plan: LayerPlan| pass(&mut stack(vec![plan]), &x, &y).1[1].clone();
    let with = gradient(dense(3, Identity).activity_regularizer(l2));
    let without = gradient(dense(3, Identity));
    let stack = stack(vec![dense(3, Identity)]);
    let mut tape = stack.tape(SAMPLES);
    stack.forward_taped(turn(), &mut Engine::default(), &x, &mut tape);
    let hidden = stack.layers()[0].answers(&mut Engine::default(), &x);
    for (unit, (with, without)) in with.iter().zip(&without).enumerate() {
        let expected: f32 = hidden.row(unit).iter().map(|a| 2.0 * 0.25 * a).sum();
        assert!((with - without - expected).abs() < 1e-5, "{with} {without} {expected}");
    }
}
