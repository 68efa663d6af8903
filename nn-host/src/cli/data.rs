//! DATA: names and paths to data sets.

use std::path::{Path, PathBuf};

use nn_host::data::npy::{read_npy_samples, read_npz_samples};
use nn_host::data::{self, Dataset, Partition, Preprocessing, Split, Table, Task};

use super::data_arguments::{DataArguments, ReadArguments};
use super::failure::Failure;

/// A data set to train with, and one to validate with if it is split or a test part comes with it.
pub(super) fn training(
    name: &str,
    arguments: &DataArguments,
    seed: u64,
) -> Result<(Dataset, Option<Dataset>), Failure> {
    let hold_out = |targets| {
        let fraction = arguments.validation_split;
        fraction.map(|fraction| Partition::hold_out(targets, fraction, arguments.hold_out(), seed)).transpose()
    };
    let place = Place::of(name);
    if let Place::Table(path) = &place {
        let table = Table::read(path, &arguments.table())?;
        let targets = Preprocessing::targets(&table)?;
        let Some(Partition { training, validation }) = hold_out(&targets)? else {
            let all: Vec<usize> = (0..table.len()).collect();
            return Ok((Preprocessing::fit(&table, &all)?.apply(&table)?, None));
        };
        let data = Preprocessing::fit(&table, &training)?.apply(&table)?;
        return Ok((data.select(&training)?, Some(data.select(&validation)?)));
    }
    arguments.refuse_for_others()?;
    let (data, test) = match open(place, name, arguments.read.task())? {
        Source::Split(Split { train, test }) => (train, Some(test)),
        Source::One(dataset) => (dataset, None),
    };
    let partition = hold_out(data.targets())?;
    Ok(match partition {
        Some(Partition { training, validation }) => (data.select(&training)?, Some(data.select(&validation)?)),
        None => (data, test),
    })
}

/// What is needed to read data for a model.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading<'a> {
    pub(super) arguments: &'a ReadArguments,
    /// What the model knows of tables.
    pub(super) table: Option<&'a Preprocessing>,
    /// The first samples only.
    pub(super) limit: Option<usize>,
}

impl Reading<'_> {
    /// A data set to evaluate: the test part if there are two.
    pub(super) fn test(self, name: &str) -> Result<Dataset, Failure> {
        self.read(name, Preprocessing::apply)
    }

    /// A data set to predict, whose targets may be unknown.
    pub(super) fn unlabeled(self, name: &str) -> Result<Dataset, Failure> {
        self.arguments.refuse_drop()?;
        self.read(name, Preprocessing::apply_to_features)
    }

    fn read(
        self,
        name: &str,
        apply: impl Fn(&Preprocessing, &Table) -> Result<Dataset, data::TableError>,
    ) -> Result<Dataset, Failure> {
        let place = Place::of(name);
        let data = if let Place::Table(path) = &place {
            let unknown =
                || Failure::data(format!("DATA {name:?} is a table, the model was trained on something else"));
            let rules = self.table.ok_or_else(unknown)?;
            apply(rules, &Table::read_for(path, rules, &self.arguments.table())?)?
        } else {
            self.arguments.refuse_for_others()?;
            match open(place, name, self.arguments.task())? {
                Source::Split(Split { test, .. }) => test,
                Source::One(dataset) => dataset,
            }
        };
        match self.limit {
            Some(0) => Err(Failure::usage("--limit is 0, it must be at least 1".to_owned())),
            Some(limit) => Ok(data.first(limit)),
            None => Ok(data),
        }
    }
}

/// What a name leads to.
enum Source {
    Split(Split),
    One(Dataset),
}

/// What a name looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Mnist,
    MnistTrain,
    MnistTest,
    Table(PathBuf),
    Npz(PathBuf),
    Npy { x: PathBuf, y: Option<PathBuf> },
    Idx(PathBuf),
}

impl Place {
    fn of(name: &str) -> Self {
        let path = PathBuf::from(name);
        let suffix = path.extension().and_then(|suffix| suffix.to_str()).map(str::to_ascii_lowercase);
        match (name, suffix.as_deref()) {
            ("mnist", _) => Self::Mnist,
            ("mnist:train", _) => Self::MnistTrain,
            ("mnist:test", _) => Self::MnistTest,
            (_, Some("csv" | "tsv" | "tab")) => Self::Table(path),
            (_, Some("npz")) => Self::Npz(path),
            (_, Some("npy")) => match name.split_once(".npy,") {
                Some((x, y)) => Self::Npy { x: format!("{x}.npy").into(), y: Some(y.into()) },
                None => Self::Npy { x: path, y: None },
            },
            _ => Self::Idx(path),
        }
    }
}

/// Opens what is no table.
fn open(place: Place, name: &str, task: Task) -> Result<Source, Failure> {
    let nothing = "is neither mnist, a table (.csv, .tsv), arrays (.npz, .npy) nor IDX files";
    let read = |prefix: &Path| {
        data::read_idx(prefix).map_err(|error| Failure::from(error).context(format!("DATA {name:?} {nothing}")))
    };
    Ok(match place {
        Place::Mnist => Source::Split(data::mnist()?),
        Place::MnistTrain => Source::One(data::mnist()?.train),
        Place::MnistTest => Source::One(data::mnist()?.test),
        Place::Npz(path) => Source::One(read_npz_samples(&path, task)?),
        Place::Npy { x, y } => Source::One(read_npy_samples(&x, y.as_deref(), task)?),
        Place::Idx(path) if path.is_dir() => {
            Source::Split(Split { train: read(&path.join("train"))?, test: read(&path.join("t10k"))? })
        }
        Place::Idx(path) | Place::Table(path) => Source::One(read(&path)?),
    })
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn the_suffix_says_what_data_is() {
        let table = |name: &str| Place::Table(name.into());
        assert_eq!([Place::of("a.csv"), Place::of("b.c/A.TSV")], [table("a.csv"), table("b.c/A.TSV")]);
        let pair = Place::Npy { x: "a/x.npy".into(), y: Some("b,c/y.npy".into()) };
        assert_eq!(Place::of("a/x.npy,b,c/y.npy"), pair);
        assert_eq!(Place::of("a,b.npy"), Place::Npy { x: "a,b.npy".into(), y: None });
        assert_eq!(Place::of("mnist"), Place::Mnist);
        assert_eq!(Place::of("folder/t10k"), Place::Idx("folder/t10k".into()));
    }
}
