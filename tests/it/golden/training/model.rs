//! The model that a case asks for, with the reference's initial weights.

use nn_core::activation::AnyActivation;
use nn_core::constraint::AnyConstraint;
use nn_core::loss::AnyLoss;
use nn_core::optimizer::{Describe, Penalty};
use nn_host::layer::{self, LayerPlan, Tensor};
use nn_host::metric::{Accuracy, AnyMetric};
use nn_host::model::{Model, Sequential};
use nn_host::optimizer::Optimizer;
use serde_json::Value;

use crate::golden::{kind, numbers};

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

pub(super) fn whole(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

fn penalty(regularizer: &Value) -> Penalty {
    Penalty::l1_l2(numbers(&regularizer["l1"])[0], numbers(&regularizer["l2"])[0]).unwrap()
}

fn constraint(named: &Value) -> AnyConstraint {
    kind(named, AnyConstraint::from_name, AnyConstraint::with)
}

fn activation(layer: &Value) -> AnyActivation {
    AnyActivation::from_name(text(&layer["activation"])).unwrap()
}

/// A layer of the reference.
fn plan(layer: &Value) -> LayerPlan {
    let inside = || layer["layers"].as_array().unwrap().iter().map(plan);
    let mut made = match text(&layer["kind"]) {
        "dense" => layer::dense(whole(&layer["units"]), activation(layer)),
        "activation" => layer::activation(activation(layer)),
        "batch_normalization" => layer::batch_normalization(),
        "layer_normalization" => layer::layer_normalization(),
        "prelu" => layer::prelu(),
        "residual" => layer::residual(inside()),
        "residual_projected" => layer::residual_projected(inside()),
        other => panic!("the reference has {other}"),
    };
    for (name, value) in layer.as_object().unwrap() {
        made = match name.as_str() {
            "has_bias" => made.without_bias(),
            "frozen" => made.frozen(),
            "kernel_regularizer" => made.kernel_regularizer(penalty(value)),
            "bias_regularizer" => made.bias_regularizer(penalty(value)),
            "activity_regularizer" => made.activity_regularizer(penalty(value)),
            "kernel_constraint" => made.kernel_constraint(constraint(value)),
            "bias_constraint" => made.bias_constraint(constraint(value)),
            _ => made,
        };
    }
    made
}

/// The optimizer with the settings of a case.
fn optimizer(case: &Value) -> Optimizer {
    let settings = case["settings"].as_object().unwrap().iter();
    // What makes it another rule comes first: that keeps the settings which both have.
    let (kind, settings): (Vec<_>, Vec<_>) =
        settings.partition(|(name, _)| ["momentum", "nesterov", "amsgrad"].contains(&name.as_str()));
    let optimizer = Optimizer::from_name(text(&case["optimizer"])).unwrap();
    let settings = kind.into_iter().chain(settings);
    settings.fold(optimizer, |optimizer, (name, value)| optimizer.with(name, numbers(value)[0]).unwrap())
}

/// The name of the rule of a case, without its settings.
pub(super) fn rule(case: &Value) -> String {
    let optimizer = optimizer(case);
    let name = optimizer.rule().describe(&mut Vec::new()).name();
    if case["settings"]["nesterov"] == 1 { "nesterov".to_owned() } else { name.to_owned() }
}

fn loss(case: &Value) -> AnyLoss {
    let loss = AnyLoss::from_name(text(&case["loss"])).unwrap();
    let settings = case["loss_settings"].as_object();
    settings.into_iter().flatten().fold(loss, |loss, (name, value)| loss.with(name, numbers(value)[0]).unwrap())
}

/// The model of a case.
pub(super) fn model(reference: &Value, case: &Value) -> Model {
    let network = &reference["networks"][text(&case["net"])];
    let inputs = reference["data"]["x"][0].as_array().unwrap().len();
    let layers = network["layers"].as_array().unwrap().iter().map(plan);
    let metrics: Vec<AnyMetric> = (case["targets"] == "classes").then(|| Accuracy.into()).into_iter().collect();
    let model = layers.fold(Sequential::new(inputs), Sequential::layer);
    let mut model = model.compile(loss(case), optimizer(case), metrics).unwrap();
    let tensors: Vec<_> =
        network["tensors"].as_array().unwrap().iter().map(|tensor| (tensor, numbers(&tensor["values"]))).collect();
    let shape = |tensor: &Value| tensor["shape"].as_array().unwrap().iter().map(whole).collect::<Vec<_>>();
    let tensors = tensors.iter().map(|(tensor, values)| Tensor::new(text(&tensor["name"]), shape(tensor), values));
    model.set_weights(&tensors.collect::<Vec<_>>()).unwrap();
    model
}
