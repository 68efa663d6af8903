//! What every peer in Rust does alike: it reads what to train, takes the time of each epoch, and prints a line of JSON.

use core::error::Error;
use std::fs::read_to_string;
use std::io::{Write, stdout};
use std::time::Instant;

use serde::{Deserialize, Serialize};

/// A network with a softmax output and cross-entropy, and how it is trained.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Workload {
    /// Inputs, then the units of each layer.
    pub(crate) units: Vec<usize>,
    /// The activation of all layers but the last.
    pub(crate) activation: String,
    /// The probability with which a unit of these layers is switched off.
    pub(crate) dropout: f32,
    /// `sgd`, `rmsprop` or `adam`.
    pub(crate) optimizer: String,
    pub(crate) learning_rate: f32,
    pub(crate) batch_size: usize,
}

/// What the arguments say.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) workload: Workload,
    pub(crate) epochs: u32,
    pub(crate) threads: usize,
    pub(crate) seed: u64,
    /// Seconds of training after which no further epoch begins.
    budget: f64,
    /// The accuracy on the test images at which the training ends.
    until: Option<f64>,
}

impl Options {
    /// From the arguments of the program, the name of the workload first.
    pub(crate) fn read() -> Result<Self, Box<dyn Error>> {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        let value = |name: &str| {
            let values = arguments.iter().skip_while(|argument| *argument != name);
            values.map(String::as_str).nth(1)
        };
        let mut workloads: serde_json::Value = serde_json::from_str(include_str!("workloads.json"))?;
        let workload = arguments.first().and_then(|name| workloads.get_mut(name)).ok_or("there is no such workload")?;
        Ok(Self {
            workload: serde_json::from_value(workload.take())?,
            epochs: value("--epochs").ok_or("--epochs is missing")?.parse()?,
            threads: value("--threads").unwrap_or("1").parse()?,
            seed: value("--seed").unwrap_or("1").parse()?,
            budget: value("--budget").unwrap_or("inf").parse()?,
            until: value("--until").map(str::parse).transpose()?,
        })
    }
}

/// Takes the time of each epoch, and nothing of what happens between two.
pub(crate) struct Epochs {
    seconds: Vec<f64>,
    since: Instant,
    budget: f64,
    until: Option<f64>,
}

impl Epochs {
    /// The first epoch begins.
    pub(crate) fn begin(options: &Options) -> Self {
        Self { seconds: Vec::new(), since: Instant::now(), budget: options.budget, until: options.until }
    }

    /// An epoch is over; says whether the training is, too.
    pub(crate) fn end(&mut self, accuracy: impl FnOnce() -> f64) -> bool {
        self.seconds.push(self.since.elapsed().as_secs_f64());
        let stops =
            self.seconds.iter().sum::<f64>() >= self.budget || self.until.is_some_and(|until| accuracy() >= until);
        self.since = Instant::now();
        stops
    }

    /// Prints what has been measured.
    pub(crate) fn report(self, accuracy: impl FnOnce() -> f64) -> Result<(), Box<dyn Error>> {
        let peak_megabytes = peak_megabytes();
        let report = Report { seconds: self.seconds, compile_seconds: 0.0, peak_megabytes, accuracy: accuracy() };
        Ok(writeln!(stdout(), "{}", serde_json::to_string(&report)?)?)
    }
}

#[derive(Serialize)]
struct Report {
    seconds: Vec<f64>,
    compile_seconds: f64,
    peak_megabytes: Option<f64>,
    accuracy: f64,
}

/// The most memory that was resident at a time, where the system tells.
fn peak_megabytes() -> Option<f64> {
    let status = read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes * 1.024e-3)
}
