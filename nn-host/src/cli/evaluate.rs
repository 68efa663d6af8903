//! `nn evaluate`: loss and metrics, on the host or on a device.

use core::fmt::Write as _;
use std::path::Path;

use nalgebra::DMatrix;
use nn_core::format::KernelForm;
use nn_host::data::Dataset;
use nn_host::device::{self, Board, DeviceEvaluation, DeviceInfo, Image, Qemu, Session};
use nn_host::metric::{ClassReport, ConfusionMatrix, Scores};
use nn_host::model::{Model, checksum};
use nn_host::prelude::TopKCategoricalAccuracy;
use serde_json::{Map, Value, json};

use super::arguments::{Evaluate, Global};
use super::failure::Failure;
use super::output::{Output, number};
use super::specification::Place;
use super::train::check;
use super::{data, plot, poll, progress, table};

pub(super) fn run(command: &Evaluate, global: &Global, output: &Output) -> Result<(), Failure> {
    if command.poll.is_some() && command.on != Place::Host {
        return Err(Failure::usage("--poll averages on the host; a device answers to one sample at a time".to_owned()));
    }
    if command.kernel.is_some() && command.on == Place::Host {
        return Err(Failure::usage("--kernel is the form on a device; name one by --on qemu:BOARD".to_owned()));
    }
    let model = with_metrics(Model::load(&command.model)?, command)?;
    let (arguments, table) = (&command.read_arguments, model.preprocessing());
    let data =
        data::Reading { arguments, options: arguments.options(), table, limit: command.limit }.test(&command.data)?;
    let outputs = poll::outputs(&model, &data, command.poll, command.augment.as_ref(), global.seed())?;
    let evaluation = Evaluation::of(&model, &data, outputs)?;
    plot::evaluation(command, &model, &data, &evaluation)?;
    let on_device = match &command.on {
        Place::Host => None,
        Place::Qemu { board } => {
            let build = Build { model: &command.model, board, kernel: command.kernel.map(Into::into) };
            Some(on_qemu(&model, &build, &data, &evaluation.outputs, output)?)
        }
    };
    let matrix = evaluation.matrix.as_ref().filter(|_| command.confusion_matrix.is_some());
    let report = evaluation.report(command)?;
    output.result(
        || {
            let mut text = evaluation.text();
            if let Some(on_device) = &on_device {
                text.push_str(&on_device.text());
            }
            text.extend(report.as_ref().map(|report| table::classes(&model, report)));
            text + &matrix.map(|matrix| table::confusion(&model, matrix)).unwrap_or_default()
        },
        || {
            let mut json = evaluation.json();
            if let Some(on_device) = &on_device {
                json.extend(on_device.json());
            }
            json.extend(report.as_ref().map(|report| ("per_class".to_owned(), per_class(&model, report))));
            Value::Object(json)
        },
    )?;
    if let Some(on_device) = &on_device {
        on_device.check()?;
    }
    match &command.fail_under {
        Some(goal) => check(goal, evaluation.scores.named().map(|(name, value)| (name.to_owned(), value))),
        None => Ok(()),
    }
}

/// The model with the metrics that are asked for.
fn with_metrics(model: Model, command: &Evaluate) -> Result<Model, Failure> {
    let mut metrics = command.metrics.as_ref().map_or_else(|| model.metrics().to_vec(), |metrics| metrics.0.clone());
    if let Some(k) = command.top_k {
        let top_k = TopKCategoricalAccuracy::new(k).map_err(|error| Failure::usage(format!("--top-k: {error}")))?;
        metrics.push(top_k.into());
    }
    Ok(model.with_metrics(metrics))
}

/// The report of the classes by their names, then the averages.
fn per_class(model: &Model, report: &ClassReport) -> Value {
    let rows = report.rows(model.labels()).map(|(name, row)| {
        let row = json!({
            "precision": row.precision,
            "recall": row.recall,
            "f1_score": row.f1_score,
            "support": row.support,
        });
        (name, row)
    });
    Value::Object(rows.collect())
}

/// A model's evaluation on the host.
pub(super) struct Evaluation {
    pub(super) outputs: DMatrix<f32>,
    pub(super) scores: Scores,
    pub(super) matrix: Option<ConfusionMatrix>,
}

impl Evaluation {
    pub(super) fn on_host(model: &Model, data: &Dataset) -> Result<Self, Failure> {
        Self::of(model, data, model.predict(data)?)
    }

    /// That of given outputs.
    fn of(model: &Model, data: &Dataset, outputs: DMatrix<f32>) -> Result<Self, Failure> {
        let scores = model.score(data, &outputs)?;
        let matrix = data.classes().map(|classes| ConfusionMatrix::of(model.outputs(), classes, outputs.as_slice()));
        Ok(Self { outputs, scores, matrix })
    }

    /// The report of the classes, if it is asked for.
    fn report(&self, command: &Evaluate) -> Result<Option<ClassReport>, Failure> {
        match &self.matrix {
            _ if !command.per_class => Ok(None),
            Some(matrix) => Ok(Some(ClassReport::of(matrix))),
            None => Err(Failure::usage("--per-class needs classes, the data has values".to_owned())),
        }
    }

    fn text(&self) -> String {
        let mut text = format!("samples {}\n", table::grouped(self.outputs.ncols()));
        for (name, value) in self.scores.named() {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{name} {value:.4}");
        }
        text
    }

    pub(super) fn json(&self) -> Map<String, Value> {
        let mut json: Map<_, _> = self.scores.named().map(|(name, value)| (name.to_owned(), number(value))).collect();
        if let Some(matrix) = &self.matrix {
            json.insert("confusion_matrix".to_owned(), json!(matrix.rows().collect::<Vec<_>>()));
        }
        json.insert("samples".to_owned(), json!(self.outputs.ncols()));
        json
    }
}

/// A model's evaluation on an emulated board.
pub(super) struct OnDevice {
    board: String,
    image: Image,
    /// Bytes of the model file in it.
    model_bytes: u64,
    evaluation: DeviceEvaluation,
    scores: Scores,
}

/// What firmware is to be built.
pub(super) struct Build<'b> {
    pub(super) model: &'b Path,
    /// The board's name.
    pub(super) board: &'b str,
    /// The form of kernels of bytes; the fastest on the board if nothing is said.
    pub(super) kernel: Option<KernelForm>,
}

/// Builds the firmware with the model inside, boots it and asks it about every sample.
pub(super) fn on_qemu(
    model: &Model,
    build: &Build<'_>,
    data: &Dataset,
    host: &DMatrix<f32>,
    output: &Output,
) -> Result<OnDevice, Failure> {
    let board = Board::find(build.board, &std::env::current_dir()?)?;
    let path = device::model_for(&board, build.model, build.kernel)?;
    let model_bytes = path.metadata()?.len();
    output.note(format_args!("building the firmware for {}", board.name));
    super::interrupt::watch();
    let image = device::build(&board, &path)?;
    output.note(format_args!("booting it in {}", board.qemu.first().map_or("QEMU", String::as_str)));
    let mut session = Session::new(Qemu::boot(&board, &image.path)?).until(super::interrupt::is_requested);
    check_model(&session.info()?, &path)?;
    let bar = progress::samples(output, host.ncols(), "device");
    let evaluation = device::evaluate(&mut session, model, data, host, |sample| bar.set_position(sample as u64))?;
    bar.finish_and_clear();
    let scores = model.score(data, &evaluation.outputs)?;
    Ok(OnDevice { board: board.name, image, model_bytes, evaluation, scores })
}

/// Refuses a device that runs another model file.
pub(super) fn check_model(info: &DeviceInfo, path: &Path) -> Result<(), Failure> {
    let (found, expected) = (info.model_checksum, checksum(path)?);
    if found == expected {
        return Ok(());
    }
    Err(Failure::device(format!("the device runs the model {found:08x}, the file is {expected:08x}")))
}

impl OnDevice {
    /// Instructions that the middle sample took, by the emulator's clock.
    fn instructions(&self) -> u64 {
        let nanoseconds = u64::from(self.evaluation.median_ticks) * 1_000_000_000
            / u64::from(self.evaluation.info.ticks_per_second.max(1));
        nanoseconds / Qemu::NANOSECONDS_PER_INSTRUCTION
    }

    /// RAM in use: static variables and the deepest stack.
    fn ram_bytes(&self) -> u64 {
        self.image.ram_bytes + u64::from(self.evaluation.info.stack_bytes)
    }

    pub(super) fn text(&self) -> String {
        let evaluation = &self.evaluation;
        let samples = evaluation.outputs.ncols();
        let mut text = format!("device {}\n", self.board);
        for (name, value) in self.scores.named() {
            let _ = writeln!(text, "device {name} {value:.4}");
        }
        let number = |number: u64| table::grouped(usize::try_from(number).unwrap_or(usize::MAX));
        let _ = write!(
            text,
            "outputs equal bit for bit {} of {}\ninstructions per inference {} (median)\nflash {} bytes, of which the model {}\n\
             RAM {} bytes, of which stack {} at the deepest\n{}",
            table::grouped(evaluation.equal),
            table::grouped(samples),
            number(self.instructions()),
            number(self.image.flash_bytes),
            number(self.model_bytes),
            number(self.ram_bytes()),
            number(evaluation.info.stack_bytes.into()),
            table::stack_bound(&self.image.stack_bound),
        );
        text
    }

    pub(super) fn json(&self) -> Map<String, Value> {
        let samples = self.evaluation.outputs.ncols();
        let (test_vectors, passed) = self.evaluation.info.test_vectors;
        let json = json!({
            "board": self.board,
            "instructions_per_inference": self.instructions(),
            "agrees_with_host": self.evaluation.equal == samples,
            "equal_outputs": self.evaluation.equal,
            "test_vectors": test_vectors,
            "test_vectors_passed": passed,
            "flash_bytes": self.image.flash_bytes,
            "ram_bytes": self.ram_bytes(),
            "stack_bytes": self.evaluation.info.stack_bytes,
            "stack_bound_bytes": self.image.stack_bound.as_ref().ok(),
        });
        let scores = self.scores.named().map(|(name, value)| (format!("device_{name}"), number(value)));
        match json {
            Value::Object(json) => json.into_iter().chain(scores).collect(),
            _ => Map::new(),
        }
    }

    /// Fails if a bit differs.
    pub(super) fn check(&self) -> Result<(), Failure> {
        let (equal, samples) = (self.evaluation.equal, self.evaluation.outputs.ncols());
        let (test_vectors, passed) = self.evaluation.info.test_vectors;
        if equal == samples && test_vectors == passed {
            return Ok(());
        }
        let vectors = format!("{passed} of {test_vectors} test vectors");
        Err(Failure::device(format!("the device agrees with the host on {equal} of {samples} samples and {vectors}")))
    }
}
