//! The worst differences of all trainings, in a table.

use core::fmt;
use std::collections::BTreeMap;

use serde_json::Value;

use super::difference::Difference;
use super::model::rule;

/// The worst differences of trainings that have something in common.
#[derive(Default)]
struct Worst {
    trainings: usize,
    after: [f32; 3],
    reports: f32,
}

/// The worst differences by what is tested.
#[derive(Default)]
pub(super) struct Table(BTreeMap<String, Worst>);

impl Table {
    /// Takes a training into account.
    pub(super) fn add(&mut self, case: &Value, difference: &Difference) {
        let row = self.0.entry(what(case)).or_default();
        row.trainings += 1;
        for (worst, after) in row.after.iter_mut().zip(difference.after) {
            *worst = worst.max(after.unwrap_or(0.0));
        }
        row.reports = row.reports.max(difference.reports);
    }
}

/// What a training is for.
fn what(case: &Value) -> String {
    let section = case["section"].as_str().unwrap();
    match section {
        "losses" => format!("{section} {}", case["loss"].as_str().unwrap()),
        "schedules" => format!("{section} {} {}", case["schedule"]["name"].as_str().unwrap(), rule(case)),
        "plateaus" => format!("{section} {} {}", case["plateau"]["monitor"].as_str().unwrap(), rule(case)),
        "layers" | "activations" | "constraints" | "regularizers" => {
            format!("{section} {}", case["net"].as_str().unwrap())
        }
        _ => format!("{section} {}", rule(case)),
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| trainings | how many | 1 step | 10 steps | 100 steps | losses, accuracies |")?;
        writeln!(f, "|---|---|---|---|---|---|")?;
        for (what, Worst { trainings, after: [one, ten, hundred], reports }) in &self.0 {
            writeln!(f, "| {what} | {trainings} | {one:.1e} | {ten:.1e} | {hundred:.1e} | {reports:.1e} |")?;
        }
        Ok(())
    }
}
