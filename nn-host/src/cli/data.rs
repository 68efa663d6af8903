//! DATA: names and paths to data sets.

use std::path::{Path, PathBuf};

use nn_host::config::Config;
use nn_host::data::npy::{read_npy_samples, read_npz_samples};
use nn_host::data::{
    self, DataSource, Dataset, Partition, Preprocessing, Split, Table, TableOptions, TableStream, Targets, Task,
};

use super::data_arguments::{DataArguments, ReadArguments};
use super::failure::Failure;

/// A data set to train with, and one to validate with if one is asked for or a test part comes with it.
pub(super) fn training(config: &Config, arguments: &DataArguments) -> Result<(Dataset, Option<Dataset>), Failure> {
    let source = Unsplit::open(config, arguments)?;
    let fit = &config.fit;
    if let Some(fraction) = fit.validation_split {
        let targets = source.targets()?;
        let Split { train, test } =
            source.split(&Partition::hold_out(&targets, fraction, fit.validation_mode, config.seed)?)?;
        return Ok((train, Some(test)));
    }
    let (train, test) = source.whole()?;
    let validation = validation(config, arguments, train.preprocessing().map(AsRef::as_ref))?;
    Ok((train, validation.or(test)))
}

/// The data of its own to validate with, if some is asked for.
fn validation(
    config: &Config,
    arguments: &DataArguments,
    table: Option<&Preprocessing>,
) -> Result<Option<Dataset>, Failure> {
    let Some(name) = &config.fit.validation_data else { return Ok(None) };
    let options = reading_of(config, &arguments.read);
    Reading { arguments: &arguments.read, options, table, limit: None }.test(name).map(Some)
}

/// How data of a configuration is read for a model, which knows by itself what the columns mean.
pub(super) fn reading_of(config: &Config, arguments: &ReadArguments) -> TableOptions {
    let TableOptions { delimiter, header, ignore, task, missing, .. } = config.data.table.clone();
    let mut options = TableOptions { delimiter, header, ignore, task, missing, ..TableOptions::default() };
    arguments.apply(&mut options);
    options
}

/// Data to train with, whole or in parts; from a table only the training part says how cells become inputs.
#[derive(Debug)]
pub(super) enum Unsplit {
    Table(Table),
    Other(Dataset, Option<Dataset>),
}

impl Unsplit {
    /// The data of a configuration.
    pub(super) fn open(config: &Config, arguments: &DataArguments) -> Result<Self, Failure> {
        let name = name(config)?;
        let place = Place::of(name);
        if let Place::Table(path) = &place {
            return Ok(Self::Table(Table::read(path, &config.data.table)?));
        }
        arguments.refuse_for_others()?;
        if let Some(setting) = config.data.table_setting() {
            return Err(Failure::usage(format!("data.{setting} is for tables; {name} is none")));
        }
        Ok(match open(place, name, config.data.table.task)? {
            Source::Split(Split { train, test }) => Self::Other(train, Some(test)),
            Source::One(dataset) => Self::Other(dataset, None),
        })
    }

    /// What is to be answered to each sample.
    pub(super) fn targets(&self) -> Result<Targets, Failure> {
        match self {
            Self::Table(table) => Ok(Preprocessing::targets(table)?),
            Self::Other(data, _) => Ok(data.targets().clone()),
        }
    }

    /// A part to train with, and one to validate with.
    pub(super) fn split(&self, Partition { training, validation }: &Partition) -> Result<Split, Failure> {
        let of_table;
        let data = match self {
            Self::Table(table) => {
                of_table = Preprocessing::fit(table, training)?.apply(table)?;
                &of_table
            }
            Self::Other(data, _) => data,
        };
        Ok(Split { train: data.select(training)?, test: data.select(validation)? })
    }

    /// All of it, with the test part that comes with it.
    pub(super) fn whole(self) -> Result<(Dataset, Option<Dataset>), Failure> {
        match self {
            Self::Table(table) => {
                let all: Vec<usize> = (0..table.len()).collect();
                Ok((Preprocessing::fit(&table, &all)?.apply(&table)?, None))
            }
            Self::Other(train, test) => Ok((train, test)),
        }
    }
}

/// A table to train with that is read window by window, and what to validate with.
pub(super) fn stream(config: &Config, arguments: &DataArguments) -> Result<(TableStream, Option<Dataset>), Failure> {
    let name = name(config)?;
    let Place::Table(path) = Place::of(name) else {
        return Err(Failure::usage(format!("--stream is for tables (.csv, .tsv); DATA {name:?} is none")));
    };
    if config.fit.validation_split.is_some() {
        let message = "--validation-split needs all rows at once; with --stream, validate with a file of its own \
            (--validation-data)";
        return Err(Failure::usage(message.to_owned()));
    }
    let stream = TableStream::open(&path, &config.data.table)?;
    let rows = config.window(stream.window());
    let stream = stream.with_window(rows);
    let validation = validation(config, arguments, Some(stream.preprocessing()))?;
    Ok((stream, validation))
}

/// What the data of a configuration is called.
pub(super) fn name(config: &Config) -> Result<&str, Failure> {
    let missing = || Failure::usage("the configuration has no data: data.path is missing".to_owned());
    config.data.path.as_deref().ok_or_else(missing)
}

/// What is needed to read data for a model.
#[derive(Clone, Debug)]
pub(super) struct Reading<'a> {
    pub(super) arguments: &'a ReadArguments,
    /// How it is read, if it is a table.
    pub(super) options: TableOptions,
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

    /// A data set to learn from: the training part if there are two.
    pub(super) fn training_part(self, name: &str) -> Result<Dataset, Failure> {
        self.part(name, |Split { train, .. }| train, Preprocessing::apply)
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
        self.part(name, |Split { test, .. }| test, apply)
    }

    fn part(
        self,
        name: &str,
        choose: impl Fn(Split) -> Dataset,
        apply: impl Fn(&Preprocessing, &Table) -> Result<Dataset, data::TableError>,
    ) -> Result<Dataset, Failure> {
        let place = Place::of(name);
        let data = if let Place::Table(path) = &place {
            let unknown =
                || Failure::data(format!("DATA {name:?} is a table, the model was trained on something else"));
            let rules = self.table.ok_or_else(unknown)?;
            apply(rules, &Table::read_for(path, rules, &self.options)?)?
        } else {
            self.arguments.refuse_for_others()?;
            match open(place, name, self.options.task)? {
                Source::Split(split) => choose(split),
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
