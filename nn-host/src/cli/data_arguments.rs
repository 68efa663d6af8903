//! How DATA is to be read: the arguments of every command that takes some.

use clap::{Args, ValueEnum};
use nn_host::config::Config;
use nn_host::data::{Header, HoldOut, Missing, TableOptions, Task, Unknown};

use super::failure::Failure;

/// What DATA can be.
pub(super) const DATA: &str = "`mnist` (embedded), `mnist:train`, `mnist:test`; a table, .csv or .tsv; `x.npy,y.npy`, or \
    .npz with the arrays x and y; a folder of IDX files (train-… and t10k-…), or the prefix of a pair of IDX files, plain \
    or .gz. A model that was trained on a table finds the columns of other tables by their names";

/// How DATA is read.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Data")]
pub(super) struct ReadArguments {
    /// What is between the cells of a table [default: a tab in .tsv and .tab, else a comma]
    #[arg(long, value_name = "C", value_parser = delimiter)]
    delimiter: Option<u8>,

    /// Whether a table starts with the names of its columns [default: yes, unless they are all numbers]
    #[arg(long, value_name = "WHETHER")]
    header: Option<HeaderArgument>,

    /// Columns of a table that are not used, by name or number from 1
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    ignore: Vec<String>,

    /// What is done about missing cells: refuse them, fill them with the mean of the training rows, drop their rows; a
    /// model fills them if it was trained so [default: error]
    #[arg(long, value_name = "RULE")]
    missing: Option<MissingArgument>,

    /// Whether the target is classes or values [default: in tables several targets are values, one is classes if it is
    /// texts, or whole numbers of which at most 20 are different and each comes twice on average; in arrays whole numbers
    /// in one dimension are classes]
    #[arg(long, value_name = "TASK")]
    task: Option<TaskArgument>,
}

/// How DATA to learn from is read.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Data")]
pub(super) struct DataArguments {
    #[command(flatten)]
    pub(super) read: ReadArguments,

    /// Columns of a table to be answered, by name or number from 1 [default: the last]
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    target: Vec<String>,

    /// Columns of a table whose numbers are categories, by name or number from 1; columns of texts always are
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    categorical: Vec<String>,

    /// Cells of a table that are missing [default: empty ones, NA and ?]
    #[arg(long, value_name = "CELL,…", value_delimiter = ',')]
    missing_values: Option<Vec<String>>,

    /// What the model does about texts that do not occur in the training rows [default: error]
    #[arg(long, value_name = "RULE")]
    unknown: Option<UnknownArgument>,

    /// Data to validate with after each epoch [default: the test part that comes with DATA]
    #[arg(long, value_name = "DATA")]
    validation_data: Option<String>,

    /// Share of the samples to validate with, held back from training and from all that is learned of a table's columns
    #[arg(long, value_name = "F", conflicts_with = "validation_data")]
    validation_split: Option<f64>,

    /// Which samples are held back: random ones by the seed, of each class its share, or the last ones, as Keras does
    /// [default: stratified]
    #[arg(long, value_name = "MODE")]
    validation_mode: Option<ModeArgument>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum HeaderArgument {
    Yes,
    No,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum MissingArgument {
    Error,
    Mean,
    Drop,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum TaskArgument {
    Classification,
    Regression,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum UnknownArgument {
    Error,
    Zeros,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ModeArgument {
    Stratified,
    Last,
}

impl ReadArguments {
    /// How data is read by these arguments.
    pub(super) fn options(&self) -> TableOptions {
        let mut options = TableOptions::default();
        self.apply(&mut options);
        options
    }

    /// Puts what is given into options.
    pub(super) fn apply(&self, options: &mut TableOptions) {
        options.delimiter = self.delimiter.or(options.delimiter);
        options.header = match self.header {
            None => options.header,
            Some(HeaderArgument::Yes) => Header::Present,
            Some(HeaderArgument::No) => Header::Absent,
        };
        replace(&mut options.ignore, &self.ignore);
        options.task = match self.task {
            None => options.task,
            Some(TaskArgument::Classification) => Task::Classification,
            Some(TaskArgument::Regression) => Task::Regression,
        };
        options.missing = match self.missing {
            None => options.missing,
            Some(MissingArgument::Error) => Missing::Error,
            Some(MissingArgument::Mean) => Missing::Mean,
            Some(MissingArgument::Drop) => Missing::Drop,
        };
    }

    /// Refuses what would leave samples without an answer.
    pub(super) fn refuse_drop(&self) -> Result<(), Failure> {
        if self.missing == Some(MissingArgument::Drop) {
            return Err(Failure::usage("--missing drop would leave rows without an answer".to_owned()));
        }
        Ok(())
    }

    /// Refuses what says nothing about data that is no table.
    pub(super) fn refuse_for_others(&self) -> Result<(), Failure> {
        let given = [
            ("--delimiter", self.delimiter.is_some()),
            ("--header", self.header.is_some()),
            ("--ignore", !self.ignore.is_empty()),
            ("--missing", self.missing.is_some()),
        ];
        refuse(&given)
    }
}

impl DataArguments {
    /// Puts what is given into a configuration.
    pub(super) fn apply(&self, config: &mut Config) {
        let table = &mut config.data.table;
        self.read.apply(table);
        replace(&mut table.target, &self.target);
        replace(&mut table.categorical, &self.categorical);
        if let Some(cells) = &self.missing_values {
            table.missing_values.clone_from(cells);
        }
        table.unknown = match self.unknown {
            None => table.unknown,
            Some(UnknownArgument::Error) => Unknown::Error,
            Some(UnknownArgument::Zeros) => Unknown::Zeros,
        };
        let fit = &mut config.fit;
        if self.validation_data.is_some() || self.validation_split.is_some() {
            (fit.validation_data, fit.validation_split) = (self.validation_data.clone(), self.validation_split);
        }
        fit.validation_mode = match self.validation_mode {
            None => fit.validation_mode,
            Some(ModeArgument::Stratified) => HoldOut::Stratified,
            Some(ModeArgument::Last) => HoldOut::Last,
        };
    }

    /// Refuses what says nothing about data that is no table.
    pub(super) fn refuse_for_others(&self) -> Result<(), Failure> {
        self.read.refuse_for_others()?;
        let given = [
            ("--target", !self.target.is_empty()),
            ("--categorical", !self.categorical.is_empty()),
            ("--missing-values", self.missing_values.is_some()),
            ("--unknown", self.unknown.is_some()),
        ];
        refuse(&given)
    }
}

/// Columns that are given instead of others.
fn replace(columns: &mut Vec<String>, given: &[String]) {
    if !given.is_empty() {
        *columns = given.to_vec();
    }
}

fn refuse(given: &[(&'static str, bool)]) -> Result<(), Failure> {
    match given.iter().find(|(_, is_given)| *is_given) {
        Some((name, _)) => Err(Failure::usage(format!("{name} is for tables; DATA is none"))),
        None => Ok(()),
    }
}

/// One character of ASCII; `\\t` and `tab` are a tab.
fn delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        [b'"' | b'\n' | b'\r'] => Err("quotes and line ends cannot be between cells".to_owned()),
        [byte] if byte.is_ascii() => Ok(*byte),
        _ if text == "\\t" || text == "tab" => Ok(b'\t'),
        _ => Err("one character of ASCII is needed, or tab".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::delimiter;

    #[test]
    fn a_delimiter_is_one_character() {
        assert_eq!([delimiter(";"), delimiter("\\t"), delimiter("tab")], [Ok(b';'), Ok(b'\t'), Ok(b'\t')]);
        assert!(
            delimiter(";;").is_err() && delimiter("").is_err() && delimiter("é").is_err() && delimiter("\"").is_err()
        );
    }
}
