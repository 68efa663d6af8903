//! A report of every class: precision, recall, F1 and support, as scikit-learn's `classification_report` has it.

use super::{Average, ClassDecisions, ConfusionMatrix, Decisions};

/// Precision, recall and F1 of a class, or an average of them, and the number of samples behind; an example is at
/// [`ClassReport`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClassRow {
    /// Of what was taken for the class, the share that is of it.
    pub precision: f64,
    /// Of what is of the class, the share that was taken for it.
    pub recall: f64,
    /// The harmonic mean of both.
    pub f1_score: f64,
    /// The samples of the class.
    pub support: u64,
}

/// What a confusion matrix says of each class and of all.
///
/// ```
/// use nn_host::metric::{ClassReport, ConfusionMatrix};
/// let matrix = ConfusionMatrix::of(2, &[0, 0, 0, 1], &[0.9, 0.1, 0.8, 0.2, 0.3, 0.7, 0.4, 0.6]);
/// let report = ClassReport::of(&matrix);
/// assert_eq!((report.classes[0].precision, report.classes[0].recall), (1.0, 2.0 / 3.0));
/// assert_eq!((report.macro_average.precision, report.macro_average.support), (0.75, 4));
/// assert_eq!((report.accuracy, report.weighted_average.recall), (0.75, 0.75));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ClassReport {
    /// A row a class, in their order.
    pub classes: Vec<ClassRow>,
    /// The share of samples that are right; NaN of none.
    pub accuracy: f64,
    /// The mean over the classes that occur, each counting alike.
    pub macro_average: ClassRow,
    /// The mean over the classes, each counting by its samples.
    pub weighted_average: ClassRow,
}

impl ClassReport {
    /// The report of a confusion matrix.
    #[must_use]
    pub fn of(matrix: &ConfusionMatrix) -> Self {
        let decisions = Decisions::from(matrix);
        let supports: Vec<u64> = matrix.rows().map(|row| row.iter().copied().map(u64::from).sum()).collect();
        let samples = supports.iter().sum();
        let of_class = |(class, &support)| row(&decisions, Average::Class(class), support);
        Self {
            classes: supports.iter().enumerate().map(of_class).collect(),
            accuracy: decisions.hits() / decisions.total(),
            macro_average: row(&decisions, Average::Macro, samples),
            weighted_average: row(&decisions, Average::Weighted, samples),
        }
    }

    /// All rows by name: the classes, which have their numbers where they have no names, then the averages.
    ///
    /// ```
    /// use nn_host::metric::{ClassReport, ConfusionMatrix};
    /// let report = ClassReport::of(&ConfusionMatrix::new(3));
    /// let labels = ["red".into(), "green".into()];
    /// let names = report.rows(&labels).map(|(name, _)| name);
    /// assert!(names.eq(["red", "green", "2", "macro_average", "weighted_average"]));
    /// ```
    pub fn rows<'r>(&'r self, labels: &'r [String]) -> impl Iterator<Item = (String, &'r ClassRow)> {
        let name = |class: usize| labels.get(class).cloned().unwrap_or_else(|| class.to_string());
        let classes = self.classes.iter().enumerate().map(move |(class, row)| (name(class), row));
        let averages = [("macro_average", &self.macro_average), ("weighted_average", &self.weighted_average)];
        classes.chain(averages.map(|(name, row)| (name.to_owned(), row)))
    }
}

fn row(decisions: &Decisions, average: Average, support: u64) -> ClassRow {
    let ratio = |ratio: fn(&ClassDecisions) -> (f64, f64)| decisions.average(average, ratio);
    ClassRow {
        precision: ratio(|class| (class.hits, class.predicted)),
        recall: ratio(|class| (class.hits, class.support)),
        f1_score: ratio(|class| (2.0 * class.hits, class.predicted + class.support)),
        support,
    }
}
