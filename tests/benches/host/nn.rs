//! nn, through its library, as `compare.py` trains it beside its peers.

use core::error::Error;
use core::ops::ControlFlow;

use nn_core::activation::AnyActivation;
use nn_host::callback::{Callback, EpochEnd, Progress};
use nn_host::prelude::*;

mod peer;

fn main() -> Result<(), Box<dyn Error>> {
    let options = peer::Options::read()?;
    rayon::ThreadPoolBuilder::new().num_threads(options.threads).build_global()?;
    let mnist = data::mnist()?;
    let mut model = model(&options)?;
    let mut watch = Watch { options: &options, epochs: None, test: &mnist.test };
    let fit = FitOptions {
        epochs: options.epochs,
        batch_size: options.workload.batch_size,
        callbacks: vec![Box::new(&mut watch)],
        ..Default::default()
    };
    model.fit(&mnist.train, fit)?;
    watch.epochs.ok_or("there was no epoch")?.report(|| accuracy(&model, &mnist.test))
}

fn model(options: &peer::Options) -> Result<Model, Box<dyn Error>> {
    let workload = &options.workload;
    let [inputs, hidden @ .., outputs] = &*workload.units else { return Err("there is no layer".into()) };
    let activation = AnyActivation::from_name(&workload.activation).ok_or("there is no such activation")?;
    let optimizer = Optimizer::from_name(&workload.optimizer).ok_or("there is no such optimizer")?;
    let mut model = Sequential::new(*inputs).seed(options.seed);
    for &units in hidden {
        model = model.dense(units, activation);
        if workload.dropout > 0.0 {
            model = model.dropout(workload.dropout);
        }
    }
    let optimizer = optimizer.with("learning_rate", workload.learning_rate)?;
    Ok(model.dense(*outputs, Softmax).compile(SparseCategoricalCrossentropy, optimizer, [])?)
}

/// The share of the images whose digit has the largest output.
fn accuracy(model: &Model, test: &Dataset) -> f64 {
    let (Ok(answers), Some(digits)) = (model.predict(test), test.classes()) else { return f64::NAN };
    let answers = answers.column_iter().map(|answer| answer.imax());
    let right = answers.zip(digits).filter(|&(answer, &digit)| answer == digit as usize);
    right.count() as f64 / digits.len() as f64
}

/// Takes the time of epochs; that of the first one from its first batch on, because what `fit` does before happens once.
struct Watch<'w> {
    options: &'w peer::Options,
    epochs: Option<peer::Epochs>,
    test: &'w Dataset,
}

impl Callback for Watch<'_> {
    fn batch(&mut self, _: &Progress<'_>) -> ControlFlow<()> {
        self.epochs.get_or_insert_with(|| peer::Epochs::begin(self.options));
        ControlFlow::Continue(())
    }

    fn epoch(&mut self, end: &mut EpochEnd<'_>) -> ControlFlow<()> {
        let stops = self.epochs.as_mut().is_some_and(|epochs| epochs.end(|| accuracy(end.model, self.test)));
        if stops { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}
