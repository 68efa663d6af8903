//! How a table is to be read.

/// How a table is to be read, and what is to be learned from it.
///
/// ```
/// use nn_host::data::{Missing, TableOptions};
///
/// let options = TableOptions { target: vec!["price".into()], missing: Missing::Mean, ..Default::default() };
/// assert_eq!(options.missing_values, ["", "NA", "?"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableOptions {
    /// What is between cells; a tab in files that end with `.tsv` or `.tab`, a comma in others (`None`).
    pub delimiter: Option<u8>,
    /// Whether the first row has the names of the columns (it is expected to).
    pub header: Header,
    /// The columns to be answered, by name or by number from 1; the last one (none).
    pub target: Vec<String>,
    /// Columns that are not used, by name or by number from 1 (none).
    pub ignore: Vec<String>,
    /// Columns whose numbers are categories, by name or by number from 1 (none).
    pub categorical: Vec<String>,
    /// What is answered: classes or values (what the target looks like).
    pub task: Task,
    /// What is done about missing cells (they are errors).
    pub missing: Missing,
    /// Cells that are missing: `""`, `"NA"` and `"?"`.
    pub missing_values: Vec<String>,
    /// What is done about texts of later tables that the training has not seen (they are errors).
    pub unknown: Unknown,
}

impl Default for TableOptions {
    fn default() -> Self {
        Self {
            delimiter: None,
            header: Header::default(),
            target: Vec::new(),
            ignore: Vec::new(),
            categorical: Vec::new(),
            task: Task::default(),
            missing: Missing::default(),
            missing_values: ["", "NA", "?"].map(str::to_owned).to_vec(),
            unknown: Unknown::default(),
        }
    }
}

/// Whether the first row of a table has the names of its columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Header {
    /// It should; a first row of nothing but numbers is refused, because it looks like data.
    #[default]
    Expected,
    /// It does, whatever it looks like.
    Present,
    /// It does not; the names of the columns are their numbers, from 1.
    Absent,
}

/// What a table's target is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Task {
    /// What it looks like. Several targets are values. One target of texts is classes; one of numbers is classes if
    /// they are whole, at most 20 different ones and come twice on average, else values.
    #[default]
    Automatic,
    /// Classes: texts, or whole numbers from 0 to 4,294,967,295.
    Classification,
    /// Values.
    Regression,
}

/// What is done about missing cells. A missing target is never filled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// They are errors.
    #[default]
    Error,
    /// A number becomes the mean of the training rows; a text becomes no category, all zeros.
    Mean,
    /// Rows with one are left out.
    Drop,
}

/// What is done about a text that the training has not seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unknown {
    /// It is an error.
    #[default]
    Error,
    /// It becomes no category, all zeros.
    Zeros,
}
