//! `nn summary`: a model's layers, parameters and memory.

use std::path::PathBuf;

use clap::Args;
use nn_host::model::Model;
use serde_json::json;

use super::failure::Failure;
use super::output::Output;
use super::table;

#[derive(Args, Debug)]
pub(super) struct Summary {
    /// Model file
    pub(super) model: PathBuf,
}

pub(super) fn run(command: &Summary, output: &Output) -> Result<(), Failure> {
    let summary = Model::load(&command.model)?.summary();
    output.result(
        || table::summary(&summary),
        || {
            let layers = summary.rows.iter().map(|row| {
                let (name, kind, outputs) = (&row.name, &row.kind, row.outputs);
                json!({"name": name, "type": kind, "outputs": outputs, "parameters": row.parameters, "trainable": row.trainable, "macs": row.macs})
            });
            json!({
                "inputs": summary.inputs,
                "layers": layers.collect::<Vec<_>>(),
                "parameters": summary.parameters(),
                "trainable_parameters": summary.trainable(),
                "macs": summary.macs(),
                "flash_bytes": summary.flash_bytes,
                "ram_inference_bytes": summary.ram_inference_bytes,
                "ram_training_bytes": {"sgd": summary.ram_training_bytes(0), "adam": summary.ram_training_bytes(2)},
            })
        },
    )
}
