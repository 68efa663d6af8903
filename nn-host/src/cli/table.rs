//! Tables and lines for people: a model's layers, a confusion matrix, a bound of a stack.

use comfy_table::{CellAlignment, Table, presets};
use nn_host::device::UnknownStack;
use nn_host::metric::{ClassReport, ConfusionMatrix};
use nn_host::model::{Model, Summary};

/// The layers of a model, as Keras prints them, and what the model needs.
pub(super) fn summary(summary: &Summary) -> String {
    let mut table = table(["Layer", "Type", "Output shape", "Parameters", "MACs"].map(str::to_owned), 2);
    for row in &summary.rows {
        let name = row.name.clone();
        table.add_row([
            name,
            row.kind.clone(),
            format!("({})", row.outputs),
            grouped(row.parameters),
            grouped(row.macs),
        ]);
    }
    let (parameters, macs) = (grouped(summary.parameters()), grouped(summary.macs()));
    let (flash, ram) = (grouped(summary.flash_bytes), grouped(summary.ram_inference_bytes));
    let (trainable, fixed) = (summary.trainable(), summary.parameters() - summary.trainable());
    let training = if trainable == 0 { String::new() } else { training(summary) };
    format!(
        "{table}\nInput: ({})\nParameters: {parameters} (trainable {}, not trainable {})\nMACs: {macs}\n\
         Flash: {flash} bytes (model file)\nRAM for inference: {ram} bytes (input and activations)\n{training}",
        summary.inputs,
        grouped(trainable),
        grouped(fixed),
    )
}

/// What training takes.
fn training(summary: &Summary) -> String {
    let [sgd, adam] = [0, 2].map(|numbers| grouped(summary.ram_training_bytes(numbers)));
    format!("RAM for training, one sample at a time: {sgd} bytes by SGD, {adam} by Adam (weights included)\n")
}

/// A confusion matrix with the names of the classes.
pub(super) fn confusion(model: &Model, matrix: &ConfusionMatrix) -> String {
    let classes = model.outputs();
    let name = |class: usize| model.labels().get(class).cloned().unwrap_or_else(|| class.to_string());
    let header = core::iter::once("true \\ predicted".to_owned()).chain((0..classes).map(name));
    let mut table = table(header, 1);
    for (class, row) in matrix.rows().enumerate() {
        table.add_row(core::iter::once(name(class)).chain(row.iter().map(u32::to_string)));
    }
    format!("{table}\n")
}

/// Precision, recall and F1 of each class, then the averages.
pub(super) fn classes(model: &Model, report: &ClassReport) -> String {
    let mut table = table(["class", "precision", "recall", "f1_score", "support"].map(str::to_owned), 1);
    for (name, row) in report.rows(model.labels()) {
        let ratios = [row.precision, row.recall, row.f1_score].map(|ratio| format!("{ratio:.4}"));
        table.add_row([name].into_iter().chain(ratios).chain([row.support.to_string()]));
    }
    format!("{table}\n")
}

/// A line about the bound of a firmware's stack.
pub(super) fn stack_bound(bound: &Result<u64, UnknownStack>) -> String {
    match bound {
        Ok(bytes) => {
            let bytes = grouped(usize::try_from(*bytes).unwrap_or(usize::MAX));
            format!("stack bound {bytes} bytes, one exception included\n")
        }
        Err(reason) => format!("stack bound unknown: {reason}\n"),
    }
}

/// Rows of numbers.
pub(super) fn numbers<const N: usize>(header: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    of_rows(header.map(str::to_owned), rows)
}

/// Rows of numbers, each behind its name.
pub(super) fn named<const N: usize>(header: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    aligned(header, 1, rows)
}

/// Rows of layers: name and type, then numbers.
pub(super) fn layers<const N: usize>(header: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    aligned(header, 2, rows)
}

/// Rows whose columns from `numbers` on are aligned to the right.
fn aligned<const N: usize>(header: [&str; N], numbers: usize, rows: impl Iterator<Item = [String; N]>) -> String {
    let mut table = table(header.map(str::to_owned), numbers);
    for row in rows {
        table.add_row(row);
    }
    format!("{table}\n")
}

/// Rows that are aligned to the right.
pub(super) fn of_rows<R: IntoIterator<Item = String>>(
    header: impl IntoIterator<Item = String>,
    rows: impl Iterator<Item = R>,
) -> String {
    let mut table = table(header, 0);
    for row in rows {
        table.add_row(row);
    }
    format!("{table}\n")
}

/// A table whose columns from `numbers` on are aligned to the right.
fn table(header: impl IntoIterator<Item = String>, numbers: usize) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_header(header);
    for column in table.column_iter_mut().skip(numbers) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// A number with its thousands apart: 79,510.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{UnknownStack, grouped, stack_bound};

    #[test]
    fn thousands_stand_apart() {
        assert_eq!([0, 999, 1000, 79_510, 1_234_567].map(grouped), ["0", "999", "1,000", "79,510", "1,234,567"]);
    }

    #[test]
    fn a_bound_that_is_unknown_says_why() {
        assert_eq!(stack_bound(&Ok(8260)), "stack bound 8,260 bytes, one exception included\n");
        let recursion = UnknownStack::Recursion { function: "f".to_owned() };
        assert_eq!(stack_bound(&Err(recursion)), "stack bound unknown: f calls itself\n");
    }
}
