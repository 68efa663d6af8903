//! DATA: names and paths to data sets.

use std::path::Path;

use nn_host::data::{self, Dataset, Split};

use super::failure::Failure;

/// A data set to train with, and the test part if one comes with it.
pub(super) fn training(name: &str) -> Result<(Dataset, Option<Dataset>), Failure> {
    Ok(match open(name)? {
        Source::Split(Split { train, test }) => (train, Some(test)),
        Source::One(dataset) => (dataset, None),
    })
}

/// A data set to evaluate or predict: the test part if there are two; the first `limit` samples, if limited.
pub(super) fn test(name: &str, limit: Option<usize>) -> Result<Dataset, Failure> {
    let dataset = match open(name)? {
        Source::Split(Split { test, .. }) => test,
        Source::One(dataset) => dataset,
    };
    match limit {
        Some(0) => Err(Failure::usage("--limit is 0, it must be at least 1".to_owned())),
        Some(limit) => Ok(dataset.first(limit)),
        None => Ok(dataset),
    }
}

/// What a name leads to.
enum Source {
    Split(Split),
    One(Dataset),
}

fn open(name: &str) -> Result<Source, Failure> {
    match name {
        "mnist" => Ok(Source::Split(data::mnist()?)),
        "mnist:train" => Ok(Source::One(data::mnist()?.train)),
        "mnist:test" => Ok(Source::One(data::mnist()?.test)),
        path => {
            let path = Path::new(path);
            let named = |failure: Failure| failure.context(format!("DATA {name:?} is neither mnist nor IDX files"));
            let read = |prefix: &Path| data::read_idx(prefix).map_err(|error| named(error.into()));
            if path.is_dir() {
                Ok(Source::Split(Split { train: read(&path.join("train"))?, test: read(&path.join("t10k"))? }))
            } else {
                read(path).map(Source::One)
            }
        }
    }
}
