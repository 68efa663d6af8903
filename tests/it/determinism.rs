//! One result for any number of threads, and at every repetition.

use nn_host::prelude::{FitOptions, Model};
use nn_tests::{small_data, small_model};

/// A model trained by so many threads.
fn trained(threads: usize) -> Model {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let data = small_data(1000);
    let mut model = small_model();
    pool.install(|| model.fit(&data, FitOptions { epochs: 4, batch_size: 96, ..Default::default() })).unwrap();
    model
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let one = trained(1);
    for threads in [1, 2, 3, 8] {
        assert_eq!(trained(threads).weights_sha256(), one.weights_sha256(), "{threads} threads");
    }
    assert_ne!(one.weights_sha256(), small_model().weights_sha256());
}

#[test]
fn another_call_of_fit_goes_on_with_other_randomness() {
    let data = small_data(50);
    let mut model = small_model();
    let first = model.fit(&data, FitOptions::default()).unwrap();
    let second = model.fit(&data, FitOptions::default()).unwrap();
    assert_eq!((first.epochs[0].epoch, second.epochs[0].epoch), (0, 1));
}
