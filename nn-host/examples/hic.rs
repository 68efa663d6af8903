//! Predicts a Hi-C map in bins of 10 kb from one in bins of 40 kb, on a chromosome that the training has not seen.
//!
//! `cargo run --release -p nn-host --example hic -- chr05`
//!
//! The network learns what the genomic distance does not tell: ln(1 + observed) − ln(1 + expected), where the expected
//! contacts are the mean at that distance. Data and results are in `data/hic/README.md`.

#![expect(
    clippy::indexing_slicing,
    reason = "a formula of cells reads best so, and all places come from the map's size"
)]

use core::error::Error;
use std::io::{Write, stdout};
use std::path::Path;

use nalgebra::{DMatrix, DVector};
use nn_core::math::ln;
use nn_host::data::npy::read_npz;
use nn_host::data::{FeatureScale, Features, ScaleMethod, Targets};
use nn_host::layer::scale;
use nn_host::metric::Batch;
use nn_host::prelude::*;

/// Fine bins of a coarse one.
const RATIO: usize = 4;

/// Trainings, each with another seed.
const SEEDS: u64 = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let held_out = std::env::args().nth(1).unwrap_or_else(|| "chr05".to_owned());
    let all = chromosomes(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/data/hic/yeast.npz")))?;
    let (test, training): (Vec<_>, Vec<_>) = all.into_iter().partition(|chromosome| chromosome.name == held_out);
    let expectation = Expectation::of(&training);
    let training = dataset(&training.iter().map(|chromosome| Map::of(chromosome, &expectation)).collect::<Vec<_>>())?;
    let test = Map::of(test.first().ok_or("there is no such chromosome; there is chr01 to chr05")?, &expectation);

    let mut out = stdout().lock();
    writeln!(out, "Pearson's correlation on {held_out} of ln(1 + contacts), and of what distance does not tell")?;
    writeln!(out, "distance alone                        {:.4}", test.correlation(&test.by_distance()))?;
    let evenly = DVector::repeat(test.coverage.len(), 1.0);
    writeln!(out, "coarse map, spread by distance        {}", test.scores(&test.refined(&evenly)))?;
    writeln!(out, "coarse map, by distance and coverage  {}", test.scores(&test.refined(&test.coverage)))?;
    for seed in 1..=SEEDS {
        let beyond_distance = network(&training, seed)?.predict(&dataset(core::slice::from_ref(&test))?)?;
        let answer: Vec<_> = beyond_distance.iter().zip(test.by_distance()).map(|(a, b)| a + b).collect();
        writeln!(out, "network, seed {seed}                       {}", test.scores(&answer))?;
    }
    Ok(())
}

/// A network that is trained to tell what distance does not.
fn network(data: &Dataset, seed: u64) -> Result<Model, Box<dyn Error>> {
    let scaling = FeatureScale::fit(ScaleMethod::Standard, data)?;
    let mut model = Sequential::new(data.inputs())
        .layer(scale(scaling.offset(), scaling.scale()))
        .dense(32, Relu)
        .dense(16, Relu)
        .dense(1, Identity)
        .seed(seed)
        .compile(MeanSquaredError, Adam::default(), [PearsonCorrelation])?;
    model.fit(data, FitOptions { epochs: 15, batch_size: 64, ..Default::default() })?;
    Ok(model)
}

/// What was measured of a chromosome.
struct Chromosome {
    name: String,
    /// Contacts of each two fine bins.
    contacts: DMatrix<f32>,
    /// Contacts of each fine bin with other chromosomes.
    elsewhere: DVector<f32>,
}

/// The chromosomes in a file, up to the last whole coarse bin.
fn chromosomes(path: &Path) -> Result<Vec<Chromosome>, Box<dyn Error>> {
    let arrays = read_npz(path)?;
    let values = |name: &str| arrays.iter().find(|(other, _)| other == name).map(|(_, array)| array.values().to_f32());
    let chromosome = |name: &String| {
        let (contacts, elsewhere) = (values(name)?, values(&format!("{name}_elsewhere"))?);
        let (all, bins) = (elsewhere.len(), elsewhere.len() / RATIO * RATIO);
        let contacts = DMatrix::from_vec(all, all, contacts).resize(bins, bins, 0.0);
        Some(Chromosome { name: name.clone(), contacts, elsewhere: DVector::from_vec(elsewhere).rows(0, bins).into() })
    };
    Ok(arrays.iter().filter_map(|(name, _)| chromosome(name)).collect())
}

/// The mean number of contacts at each distance.
struct Expectation(DVector<f32>);

impl Expectation {
    fn of(chromosomes: &[Chromosome]) -> Self {
        let longest = chromosomes.iter().map(|chromosome| chromosome.contacts.ncols()).max().unwrap_or_default();
        Self(DVector::from_fn(longest, |distance, _| {
            let maps = chromosomes.iter().map(|chromosome| &chromosome.contacts);
            let contacts = maps.flat_map(|map| (distance..map.ncols()).map(move |j| map[(j - distance, j)]));
            let (sum, count) = contacts.fold((0.0, 0.0), |(sum, count), contacts| (sum + contacts, count + 1.0));
            sum / count
        }))
    }

    /// The expected contacts of each two of so many bins; beyond all that was seen, those at the largest distance.
    fn map(&self, bins: usize) -> DMatrix<f32> {
        DMatrix::from_fn(bins, bins, |i, j| self.0[i.abs_diff(j).min(self.0.len() - 1)])
    }
}

/// A chromosome beside what is expected of it.
struct Map {
    observed: DMatrix<f32>,
    expected: DMatrix<f32>,
    /// Observed contacts of coarse bins over expected ones.
    coarse: DMatrix<f32>,
    /// Contacts of each fine bin with other chromosomes over the mean in its coarse bin.
    coverage: DVector<f32>,
}

impl Map {
    fn of(chromosome: &Chromosome, expectation: &Expectation) -> Self {
        let (observed, elsewhere) = (chromosome.contacts.clone(), &chromosome.elsewhere);
        let expected = expectation.map(observed.ncols());
        let mean = |bin: usize| elsewhere.rows(bin / RATIO * RATIO, RATIO).mean();
        let coverage = DVector::from_fn(elsewhere.len(), |bin, _| (elsewhere[bin] + 1.0) / (mean(bin) + 1.0));
        Self { coarse: coarse_ratio(&observed, &expected), observed, expected, coverage }
    }

    /// Each two bins once, without those of one bin with itself, which Hi-C does not see.
    fn pairs(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let bins = self.observed.ncols();
        (0..bins).flat_map(move |i| (i + 1..bins).map(move |j| (i, j)))
    }

    /// What a network sees of two bins: distance, the coarse map around them, their places and coverage in coarse bins.
    fn features(&self, (i, j): (usize, usize)) -> Vec<f32> {
        let last = self.coarse.ncols() - 1;
        let near = |bin: usize, step: usize| (bin / RATIO + step).saturating_sub(1).min(last);
        let around = (0..9).map(|cell| self.coarse[(near(i, cell / 3), near(j, cell % 3))]);
        let logarithms = around.chain([(j - i) as f32, self.coverage[i], self.coverage[j]]).map(ln);
        logarithms.chain([i, j].map(|bin| (bin % RATIO) as f32)).collect()
    }

    /// ln(1 + observed) of all pairs.
    fn truth(&self) -> Vec<f32> {
        self.pairs().map(|pair| ln(1.0 + self.observed[pair])).collect()
    }

    /// ln(1 + expected) of all pairs.
    fn by_distance(&self) -> Vec<f32> {
        self.pairs().map(|pair| ln(1.0 + self.expected[pair])).collect()
    }

    /// What a formula makes of the coarse map: its contacts are spread by those expected and a weight of each bin.
    fn refined(&self, weight: &DVector<f32>) -> Vec<f32> {
        let weighted = self.expected.component_mul(&(weight * weight.transpose()));
        let ratio = coarse_ratio(&self.observed, &weighted);
        self.pairs().map(|(i, j)| ln(1.0 + weighted[(i, j)] * ratio[(i / RATIO, j / RATIO)])).collect()
    }

    /// The correlation of an answer with the truth.
    fn correlation(&self, answer: &[f32]) -> f64 {
        PearsonCorrelation.measure(Batch::new(1, answer, &self.truth()))
    }

    /// The correlation of an answer with the truth, and that of both without what distance tells.
    fn scores(&self, answer: &[f32]) -> String {
        let beyond = |values: &[f32]| values.iter().zip(self.by_distance()).map(|(a, b)| a - b).collect::<Vec<_>>();
        let (answer_beyond, truth_beyond) = (beyond(answer), beyond(&self.truth()));
        let beyond = PearsonCorrelation.measure(Batch::new(1, &answer_beyond, &truth_beyond));
        format!("{:.4}  {beyond:.4}", self.correlation(answer))
    }
}

/// Contacts of coarse bins over other ones, one more each so that nothing is divided by 0.
fn coarse_ratio(contacts: &DMatrix<f32>, others: &DMatrix<f32>) -> DMatrix<f32> {
    let sum = |map: &DMatrix<f32>, i, j| 1.0 + map.view((i * RATIO, j * RATIO), (RATIO, RATIO)).sum();
    let bins = contacts.ncols() / RATIO;
    DMatrix::from_fn(bins, bins, |i, j| sum(contacts, i, j) / sum(others, i, j))
}

/// All pairs of bins of some chromosomes, one a sample, with what distance does not tell of their contacts.
fn dataset(maps: &[Map]) -> Result<Dataset, Box<dyn Error>> {
    let features: Vec<_> = maps.iter().flat_map(|map| map.pairs().map(|pair| map.features(pair))).collect();
    let beyond = maps.iter().flat_map(|map| map.truth().into_iter().zip(map.by_distance()).map(|(a, b)| a - b));
    let beyond: Vec<_> = beyond.collect();
    let inputs = features.first().map_or(0, Vec::len);
    let x = DMatrix::from_iterator(inputs, features.len(), features.into_iter().flatten());
    Ok(Dataset::new(Features::Floats(x), Targets::Values(DMatrix::from_row_slice(1, beyond.len(), &beyond)))?)
}
