//! `nn demo`: the whole path in one go on MNIST, from the pixels to the answers of an emulated chip.

use std::path::PathBuf;

use clap::Args;
use nn_host::data;
use nn_host::device::{Board, FirmwareError, Qemu, Toolchain};
use nn_host::model::Sequential;
use nn_host::prelude::{Accuracy, Adam, CategoricalCrossentropy, Relu, Softmax};
use nn_host::train::{FitOptions, Validation};
use serde_json::json;

use super::arguments::Global;
use super::evaluate::{Build, Evaluation, on_qemu};
use super::failure::Failure;
use super::output::Output;
use super::{table, train};

#[derive(Args, Debug)]
pub(super) struct Demo {
    /// Where to write the model
    #[arg(short, long, value_name = "FILE", default_value = "mnist.nn")]
    pub(super) output: PathBuf,

    /// How often every sample is seen
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(super) epochs: u32,

    /// Board
    #[arg(long, value_name = "BOARD", default_value = "mps2-an386")]
    pub(super) board: String,

    /// Evaluate the first N test images only on the device
    #[arg(long, value_name = "N")]
    pub(super) limit: Option<usize>,
}

pub(super) fn run(command: &Demo, global: &Global, output: &Output) -> Result<(), Failure> {
    // What would fail after the training fails before it.
    let board = Board::find(&command.board, &std::env::current_dir()?)?;
    Toolchain::find(&board.target).map_err(FirmwareError::from)?;
    Qemu::check(&board)?;
    if command.limit == Some(0) {
        return Err(Failure::usage("--limit is 0, it must be at least 1".to_owned()));
    }
    let data::Split { train: mut training, test } = data::mnist()?;
    let mut model = Sequential::new(784).dense(100, Relu).dropout(0.3).dense(10, Softmax).seed(global.seed()).compile(
        CategoricalCrossentropy,
        Adam::default(),
        [Accuracy],
    )?;
    output.note("training 784-100 ReLU-dropout 0.3-10 softmax on MNIST with Adam, batch size 100");
    let validation = Validation::Data(&test);
    let options = FitOptions { epochs: command.epochs, batch_size: 100, validation, ..FitOptions::default() };
    train::fit((&mut model, None), &mut training, options, &command.output, output)?;

    let whole = Evaluation::on_host(&model, &test)?;
    let some = test.first(command.limit.unwrap_or(test.len()));
    let host = model.predict(&some)?;
    let build = Build { model: &command.output, board: &command.board, kernel: None };
    let on_device = on_qemu(&model, &build, &some, &host, output)?;
    output.result(
        || {
            let mut text = table::summary(&model.summary());
            if let Some(matrix) = &whole.matrix {
                text.push_str(&table::confusion(&model, matrix));
            }
            text.push_str(&format!("model {}\n", command.output.display()));
            for (name, value) in whole.scores.named() {
                text.push_str(&format!("host {name} {value:.4}\n"));
            }
            text + &on_device.text()
        },
        || {
            let mut json = whole.json();
            json.insert("model".to_owned(), json!(command.output.display().to_string()));
            json.extend(on_device.json());
            json.into()
        },
    )?;
    on_device.check()
}
