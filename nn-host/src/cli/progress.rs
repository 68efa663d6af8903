//! Shows a training as it goes: a bar within an epoch, a line after it.

use core::fmt::Write as _;
use core::ops::ControlFlow;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use nn_host::callback::{Callback, EpochEnd, Progress};

use super::interrupt;
use super::output::Output;

const EPOCH_BAR: &str = "{prefix} [{bar:24}] {pos}/{len} {rate:>17} {eta:>4} left  {msg}";
const COUNT_BAR: &str = "{prefix} [{bar:24}] {pos}/{len} {rate:>17} {eta:>4} left";

/// A bar on standard error that counts to `length`, or none where it would not be seen.
fn bar(output: &Output, length: usize, template: &str) -> ProgressBar {
    let target = if output.has_progress() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(length as u64), target);
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.set_style(style.progress_chars("=> ").with_key("rate", rate));
    bar
}

/// Samples a second.
fn rate(state: &ProgressState, text: &mut dyn core::fmt::Write) {
    // Writing to a bar's text cannot fail.
    let _ = write!(text, "{:.0} samples/s", state.per_sec());
}

/// A bar that counts samples.
pub(super) fn samples(output: &Output, length: usize, name: &'static str) -> ProgressBar {
    bar(output, length, COUNT_BAR).with_prefix(name)
}

/// Shows a training, measures its epochs, and ends it when the user asks.
#[derive(Debug)]
pub(super) struct TrainingProgress {
    output: Output,
    bar: ProgressBar,
    epochs: u32,
    epoch_start: Instant,
    /// Seconds of each epoch, validation included.
    pub(super) seconds: Vec<f64>,
}

impl TrainingProgress {
    pub(super) fn new(output: &Output, epochs: u32, samples: usize) -> Self {
        let bar = bar(output, samples, EPOCH_BAR);
        Self { output: *output, bar, epochs, epoch_start: Instant::now(), seconds: Vec::new() }
    }
}

impl Callback for TrainingProgress {
    fn batch(&mut self, progress: &Progress<'_>) -> ControlFlow<()> {
        if progress.samples < progress.samples_per_epoch && self.output.has_progress() {
            self.bar.set_prefix(format!("epoch {}/{}", progress.epoch + 1, self.epochs));
            self.bar.set_message(values(progress.scores.named()));
            self.bar.set_position(progress.samples as u64);
        }
        if interrupt::is_requested() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn epoch(&mut self, EpochEnd { record, .. }: &mut EpochEnd<'_>) -> ControlFlow<()> {
        let seconds = self.epoch_start.elapsed().as_secs_f64();
        self.bar.reset();
        let line = format!("epoch {:>2}/{}  {seconds:.2} s", record.epoch + 1, self.epochs);
        self.bar.suspend(|| self.output.note(format_args!("{line}  {}", values(record.named()))));
        self.seconds.push(seconds);
        self.epoch_start = Instant::now();
        ControlFlow::Continue(())
    }
}

impl Drop for TrainingProgress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// `name value  name value …`
fn values(named: impl Iterator<Item = (impl core::fmt::Display, f32)>) -> String {
    named.fold(String::new(), |mut text, (name, value)| {
        let gap = if text.is_empty() { "" } else { "  " };
        // Writing to a string cannot fail.
        let _ = write!(text, "{gap}{name} {value:.4}");
        text
    })
}
