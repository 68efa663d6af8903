//! Fits a model to data that need not fit into memory.

use std::thread;

use super::extent::Extent;
use super::feed::Streamed;
use super::read_ahead::ReadAhead;
use super::run::Run;
use super::weighting::Weighting;
use super::{FitError, FitOptions, History};
use crate::data::DataSource;
use crate::model::{Model, configuration};

/// Why a model cannot be fitted to a source.
///
/// ```
/// use nn_host::train::{FitError, StreamError};
///
/// let error: StreamError<std::io::Error> = FitError::Frozen.into();
/// assert_eq!(error.to_string(), "nothing learns: all layers are frozen");
/// ```
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum StreamError<E> {
    /// For a reason that a data set in memory could have, too.
    #[error(transparent)]
    Fit(#[from] FitError),
    /// The source does not give what it should.
    #[error("{0}")]
    Read(E),
}

impl Model {
    /// Fits the model to data that comes in windows, such as a file larger than memory, as [`fit`](Self::fit) does to a
    /// data set.
    ///
    /// A source of a single window gives the bits of `fit`. Otherwise samples are shuffled within each window, and no
    /// batch crosses from one window to the next: where a window is no multiple of the batch size, its last batch is
    /// smaller. The position in the epoch, of which dropout and distortions are functions, goes on through the windows.
    ///
    /// A thread of its own reads the next window while one is trained on: two are in memory at a time.
    ///
    /// The first window is read once more before the first epoch, to learn what the data is. Samples have no weights of
    /// their own here; the size of a window is part of the configuration, as it changes the order of the samples.
    ///
    /// ```
    /// use nn_host::data::{DataSource, Order, ScaleFit, ScaleMethod, TableOptions, TableStream};
    /// use nn_host::{layer, prelude::*};
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("large.csv");
    /// # std::fs::write(&path, "x,y\n1,0.5\n2,1.5\n3,2.5\n")?;
    /// let mut stream = TableStream::open(&path, &TableOptions::default())?; // windows of about 64 MB
    /// let mut fit = ScaleFit::new(stream.inputs());
    /// stream.begin(Order::AsTheyAre)?;
    /// while let Some(window) = stream.next_window()? {
    ///     fit.add(&window);
    /// }
    /// let scale = fit.finish(ScaleMethod::Standard)?;
    /// let mut model = Sequential::new(1)
    ///     .layer(layer::scale(scale.offset(), scale.scale()))
    ///     .dense(1, Identity)
    ///     .compile(MeanSquaredError, Adam::default(), [])?;
    /// let history = model.fit_stream(&mut stream, FitOptions { epochs: 3, ..Default::default() })?;
    /// assert_eq!(history.epochs.len(), 3);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`StreamError`] if the data cannot be read or does not fit the model, or the training diverges.
    pub fn fit_stream<S: DataSource>(
        &mut self,
        source: &mut S,
        options: FitOptions<'_>,
    ) -> Result<History, StreamError<S::Error>> {
        self.check_options(source.samples(), &options)?;
        let (sizes, data_sha256) = ((source.samples(), source.window()), source.sha256());
        let first = Streamed::new(&mut *source, sizes).first(self)?;
        self.remember(&first, data_sha256);
        self.make_aware(&first, &options)?;
        let rows = format!("{} samples in windows of {}, table {:?}", sizes.0, sizes.1, self.preprocessing);
        self.identify(&format!("{}\n{rows}", configuration(self, &options)));
        let weighting = Weighting::of_source(&*source, &first, &options)?;
        drop(first);
        let run = Run::new(self, Extent::new(sizes, &options), weighting, options)?;
        thread::scope(|scope| run.all(&mut Streamed::new(ReadAhead::start(scope, source), sizes)))
    }
}

#[cfg(test)]
mod tests {
    use core::ops::ControlFlow;
    use std::io;

    use nalgebra::DMatrix;

    use super::{FitError, StreamError};
    use crate::callback::{Callback, EarlyStopping, Monitor, Progress};
    use crate::data::{DataSource, Dataset, Features, Order, Preprocessing, Table, TableOptions, TableStream, Targets};
    use crate::layer;
    use crate::model::{Model, PredictError};
    use crate::prelude::{
        Accuracy, Adam, Augment, CategoricalCrossentropy, ClassWeight, FitOptions, Relu, Sequential, Softmax,
        Validation,
    };
    use crate::schedule::{CosineDecay, Schedule};
    use crate::train::{Checkpoint, Ending};

    /// A data set that comes in windows; `claim` is the number of samples that it says it has.
    struct Parts {
        data: Dataset,
        claim: usize,
        window: usize,
        counts: Option<Vec<usize>>,
        order: Order,
        windows: u32,
    }

    impl DataSource for Parts {
        type Error = io::Error;

        fn samples(&self) -> usize {
            self.claim
        }

        fn window(&self) -> usize {
            self.window
        }

        fn inputs(&self) -> usize {
            self.data.inputs()
        }

        fn outputs(&self) -> usize {
            self.data.outputs()
        }

        fn class_counts(&self) -> Option<&[usize]> {
            self.counts.as_deref()
        }

        fn sha256(&self) -> [u8; 32] {
            self.data.sha256()
        }

        fn begin(&mut self, order: Order) -> io::Result<()> {
            (self.order, self.windows) = (order, 0);
            Ok(())
        }

        fn next_window(&mut self) -> io::Result<Option<Dataset>> {
            let first = self.windows as usize * self.window;
            let size = self.window.min(self.data.len().saturating_sub(first));
            let places: Vec<_> = self.order.places(size, self.windows).iter().map(|place| first + place).collect();
            self.windows += 1;
            Ok(self.data.select(&places).ok())
        }
    }

    fn parts(window: usize) -> Parts {
        let data = data();
        let count = |class| data.classes().unwrap().iter().filter(|&&other| other == class).count();
        let counts = Some(vec![count(0), count(1)]);
        Parts { claim: data.len(), window, counts, order: Order::AsTheyAre, windows: 0, data }
    }

    fn data() -> Dataset {
        let x = DMatrix::from_fn(3, 50, |row, column| {
            f32::from(u8::try_from(row * 7 + column * 13 % 31).unwrap()) / 16.0 - 1.0
        });
        let classes = x.column_iter().map(|x| u32::from(x[0] * x[1] > x[2])).collect();
        Dataset::new(Features::Floats(x), Targets::Classes { classes, names: vec!["no".into(), "yes".into()] }).unwrap()
    }

    fn model() -> Model {
        let layers =
            Sequential::new(3).dense(8, Relu).layer(layer::batch_normalization()).dropout(0.3).dense(2, Softmax);
        layers.compile(CategoricalCrossentropy, Adam::default(), [Accuracy]).unwrap()
    }

    /// All that depends on positions, steps and counts.
    fn everything<'a>(validation: &'a Dataset, augment: &'a Augment) -> FitOptions<'a> {
        FitOptions {
            epochs: 4,
            batch_size: 8,
            gradient_accumulation_steps: 3,
            validation: Validation::Data(validation),
            augment: Some(augment),
            class_weight: ClassWeight::Balanced,
            schedule: Schedule::from(CosineDecay::default()),
            callbacks: vec![Box::new(EarlyStopping::of(Monitor::of("val_loss")).patience(1).restoring_best_weights())],
            ..Default::default()
        }
    }

    #[test]
    fn one_window_gives_the_bits_of_a_data_set_in_memory() {
        let (data, augment) = (data(), "noise=0.2".parse().unwrap());
        for steps_per_epoch in [None, Some(3)] {
            let (mut whole, mut streamed) = (model(), model());
            let options = || FitOptions { steps_per_epoch, ..everything(&data, &augment) };
            let history = whole.fit(&data, options()).unwrap();
            assert_eq!(streamed.fit_stream(&mut parts(50), options()).unwrap(), history);
            assert_eq!(streamed.weights_sha256(), whole.weights_sha256());
            assert_eq!(streamed.fit_stream(&mut parts(1000), options()).unwrap(), whole.fit(&data, options()).unwrap());
            assert_eq!(streamed.weights_sha256(), whole.weights_sha256(), "in later epochs, too");
        }
    }

    #[test]
    fn windows_of_whole_batches_give_the_bits_of_a_data_set_that_is_not_shuffled() {
        let (data, augment) = (data(), "noise=0.2".parse().unwrap());
        let options = || FitOptions { shuffle: false, ..everything(&data, &augment) };
        let mut whole = model();
        let history = whole.fit(&data, options()).unwrap();
        let streamed = |window| {
            let mut model = model();
            let history = model.fit_stream(&mut parts(window), options()).unwrap();
            (model.weights_sha256(), history)
        };
        for window in [8, 16, 48] {
            assert_eq!(streamed(window), (whole.weights_sha256(), history.clone()), "{window}");
        }
        assert_ne!(streamed(12).0, whole.weights_sha256(), "other batches give other bits");
    }

    #[test]
    fn samples_are_shuffled_within_their_windows() {
        let (seed, epoch) = (0, 0);
        let order = Order::Shuffled { seed, epoch };
        let windows = (0..).zip([0, 16, 32, 48]).flat_map(|(number, first)| {
            order.places(16.min(50 - first), number).into_iter().map(move |place| first + place)
        });
        let arranged = data().select(&windows.collect::<Vec<_>>()).unwrap();
        let (mut whole, mut streamed) = (model(), model());
        whole.fit(&arranged, FitOptions { batch_size: 8, shuffle: false, ..Default::default() }).unwrap();
        streamed.fit_stream(&mut parts(16), FitOptions { batch_size: 8, ..Default::default() }).unwrap();
        assert_eq!(streamed.weights_sha256(), whole.weights_sha256());
    }

    #[test]
    fn a_batch_does_not_cross_from_one_window_to_the_next() {
        struct Count<'c>(&'c mut Vec<(usize, usize)>);
        impl Callback for Count<'_> {
            fn batch(&mut self, progress: &Progress<'_>) -> ControlFlow<()> {
                self.0.push((progress.samples, progress.samples_per_epoch));
                ControlFlow::Continue(())
            }
        }
        let mut seen = Vec::new();
        let callbacks: Vec<Box<dyn Callback>> = vec![Box::new(Count(&mut seen))];
        let options = FitOptions { batch_size: 16, steps_per_epoch: Some(5), callbacks, ..Default::default() };
        model().fit_stream(&mut parts(20), options).unwrap();
        assert_eq!(seen, [16, 20, 36, 40, 50].map(|samples| (samples, 50)));
    }

    /// Ends the training within its batch of this number.
    struct Kill(u32);

    impl Callback for Kill {
        fn batch(&mut self, _: &Progress<'_>) -> ControlFlow<()> {
            self.0 = self.0.saturating_sub(1);
            if self.0 == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        }
    }

    #[test]
    fn a_training_killed_at_any_batch_goes_on_with_the_same_bits() {
        let fit = |checkpoint, window, kill| {
            let (mut model, data) = (model(), data());
            let callbacks: Vec<Box<dyn Callback>> = vec![Box::new(Kill(kill))];
            let validation = Validation::Data(&data);
            let options =
                FitOptions { epochs: 4, batch_size: 8, validation, checkpoint, callbacks, ..Default::default() };
            model.fit_stream(&mut parts(window), options).map(|history| (model.weights_sha256(), history))
        };
        let whole = fit(None, 24, u32::MAX).unwrap();
        for kill in [1, 6, 7, 8, 10, 27] {
            let folder = tempfile::tempdir().unwrap();
            let checkpoint = || Some(Checkpoint::new(folder.path()).resuming());
            let (_, part) = fit(checkpoint(), 24, kill).unwrap();
            assert_eq!((part.ending, part.epochs.len()), (Ending::Interrupted, (kill as usize - 1) / 7), "{kill}");
            assert_eq!(fit(checkpoint(), 24, u32::MAX).unwrap(), whole, "{kill}");
            let other = fit(checkpoint(), 16, u32::MAX).unwrap_err().to_string();
            assert!(other.ends_with("is of another training: the configuration differs"), "{other}");
        }
    }

    #[test]
    fn what_a_source_cannot_give_is_refused() {
        let refused = |mut parts: Parts, options| match model().fit_stream(&mut parts, options).unwrap_err() {
            StreamError::Fit(error) => error,
            StreamError::Read(error) => panic!("{error}"),
        };
        let weighted = FitOptions { sample_weight: Some(&[1.0; 50]), ..Default::default() };
        assert_eq!(refused(parts(16), weighted), FitError::SampleWeight);
        let balanced = FitOptions { class_weight: ClassWeight::Balanced, ..Default::default() };
        assert_eq!(refused(Parts { counts: None, ..parts(16) }, balanced), FitError::Uncounted);
        let given = FitOptions { class_weight: ClassWeight::Given(vec![1.0]), ..Default::default() };
        assert_eq!(refused(parts(16), given), FitError::Weights { what: "classes", expected: 2, found: 1 });
        for (claim, error) in [(49, (1, 2)), (51, (3, 2)), (64, (16, 2)), (80, (16, 2)), (48, (0, 2))] {
            let (expected, found) = error;
            let error = refused(Parts { claim, ..parts(16) }, FitOptions::default());
            assert_eq!(error, FitError::Window { expected, found }, "{claim}");
        }
        let narrow = Features::Floats(DMatrix::zeros(2, 50));
        let narrow = Dataset::new(narrow, data().targets().clone()).unwrap();
        let error = refused(Parts { data: narrow, ..parts(16) }, FitOptions::default());
        assert_eq!(error, FitError::Training(PredictError::Inputs { expected: 3, found: 2 }));
    }

    #[test]
    fn a_table_in_one_window_gives_the_bits_of_the_table_in_memory() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.csv");
        let row = |k: usize| {
            format!("{}.25,{},{}\n", k % 11, ["p", "q"][k % 2], ["no", "yes"][usize::from(!k.is_multiple_of(3))])
        };
        std::fs::write(&path, "n,c,y\n".to_owned() + &(0..90).map(row).collect::<String>()).unwrap();
        let options = TableOptions::default();
        let table = Table::read(&path, &options).unwrap();
        let preprocessing = Preprocessing::fit(&table, &(0..90).collect::<Vec<_>>()).unwrap();
        let data = preprocessing.apply(&table).unwrap();
        let mut stream = TableStream::open(&path, &options).unwrap();
        let (mut whole, mut streamed) = (model(), model());
        let balanced = || FitOptions { epochs: 3, class_weight: ClassWeight::Balanced, ..Default::default() };
        whole.fit(&data, balanced()).unwrap();
        streamed.fit_stream(&mut stream, balanced()).unwrap();
        assert_eq!(streamed.weights_sha256(), whole.weights_sha256());
        assert_eq!((streamed.preprocessing(), streamed.labels()), (whole.preprocessing(), whole.labels()));
        assert_eq!(streamed.preprocessing(), Some(&preprocessing));

        std::fs::write(&path, "n,c,y\n1,p,no\n2,q,yes\n").unwrap();
        let changed = streamed.fit_stream(&mut stream, balanced()).unwrap_err();
        assert!(changed.to_string().ends_with("the file had 90 rows before, now it has 2"), "{changed}");
    }
}
