//! speed
use core::ops::ControlFlow;
use nn_host::callback::{Callback, EpochEnd};
use nn_host::prelude::*;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Instant;
struct Clock(Arc<Mutex<Vec<Instant>>>);
impl Callback for Clock {
    fn epoch(&mut self, _: &mut EpochEnd<'_>) -> ControlFlow<()> {
        self.0.lock().unwrap().push(Instant::now());
        ControlFlow::Continue(())
    }
}
fn main() {
    let which: String = std::env::args().nth(1).unwrap_or("W1".into());
    let epochs: u32 = std::env::args().nth(2).map_or(3, |e| e.parse().unwrap());
    let mnist = data::mnist().unwrap();
    let s = Sequential::new(784);
    let mut batch = 100;
    let mut model = match which.as_str() {
        "W1" => {
            s.dense(30, Sigmoid).dense(10, Softmax).compile(CategoricalCrossentropy, Sgd::new(3.0).unwrap(), [Accuracy])
        }
        "W2" => s.dense(10, Softmax).compile(CategoricalCrossentropy, Rmsprop::default(), [Accuracy]),
        "W3" => s.dense(100, Relu).dropout(0.3).dense(10, Softmax).compile(
            CategoricalCrossentropy,
            Adam::default(),
            [Accuracy],
        ),
        "W4" => {
            batch = 128;
            s.dense(512, Relu).dense(512, Relu).dense(10, Softmax).compile(
                CategoricalCrossentropy,
                Adam::default(),
                [Accuracy],
            )
        }
        _ => {
            batch = 1;
            s.dense(30, Sigmoid).dense(10, Softmax).compile(CategoricalCrossentropy, Sgd::new(0.1).unwrap(), [Accuracy])
        }
    }
    .unwrap();
    let times = Arc::new(Mutex::new(vec![]));
    let start = Instant::now();
    model
        .fit(
            &mnist.train,
            FitOptions {
                epochs,
                batch_size: batch,
                callbacks: vec![Box::new(Clock(times.clone()))],
                ..Default::default()
            },
        )
        .unwrap();
    let mut last = start;
    for t in times.lock().unwrap().iter() {
        print!("{:.4} ", (*t - last).as_secs_f64());
        last = *t;
    }
    let acc = model.evaluate(&mnist.test).unwrap();
    println!("{which} {acc:?} {:02x?}", &model.weights_sha256()[..4]);
}
