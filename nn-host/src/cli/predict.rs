//! `nn predict`: a model's answers, one line a sample.

use nn_host::metric::argmax;
use nn_host::model::Model;
use serde_json::{Map, Value, json};

use super::arguments::{Global, Predict};
use super::failure::Failure;
use super::output::{Output, number};
use super::{data, poll};

pub(super) fn run(command: &Predict, global: &Global, output: &Output) -> Result<(), Failure> {
    let model = Model::load(&command.model)?;
    let data = data::test(&command.data, command.limit)?;
    let outputs = poll::outputs(&model, &data, command.poll, command.augment.as_ref(), global.seed)?;
    let samples = outputs.as_slice().chunks_exact(model.outputs().max(1));
    let class = |a: &[f32]| {
        let class = argmax(a);
        model.labels().get(class).cloned().unwrap_or_else(|| class.to_string())
    };
    let all = |a: &[f32]| a.iter().map(f32::to_string).collect::<Vec<_>>().join(",");
    // A model without labels answers with values.
    let values = command.proba || model.labels().is_empty();
    output.result(
        || samples.clone().map(|a| if values { all(a) } else { class(a) } + "\n").collect(),
        || {
            let mut json = Map::new();
            if !model.labels().is_empty() {
                json.insert("classes".to_owned(), json!(samples.clone().map(class).collect::<Vec<_>>()));
            }
            if values {
                json.insert(
                    "outputs".to_owned(),
                    json!(samples.clone().map(|a| a.iter().copied().map(number).collect()).collect::<Vec<Value>>()),
                );
            }
            json.into()
        },
    )
}
