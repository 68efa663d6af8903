//! The products of a dense layer's training step, ours beside those of `gemm`, `matrixmultiply` and nalgebra, on one thread,
//! and what the processor can do at most.
//!
//! `cargo bench -p nn-tests --bench products -- 'affine 784x100'` measures those whose names have that in them. Ours keep
//! the order of each sum and round products by themselves; the others do as they like.

mod gflops;
mod libraries;
mod peak;
mod product;

use core::hint::black_box;
use core::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput};
use gflops::Gflops;
use libraries::LIBRARIES;
use product::{Kind, Product};

/// Inputs and outputs of layers.
const LAYERS: [(usize, usize); 4] = [(784, 30), (784, 100), (100, 10), (512, 512)];

/// Samples of a batch.
const BATCHES: [usize; 3] = [1, 100, 128];

fn main() {
    let one_thread = rayon::ThreadPoolBuilder::new().num_threads(1).build_global();
    assert!(one_thread.is_ok(), "threads were started before this program's first line");
    let criterion = Criterion::default().with_measurement(Gflops).sample_size(20);
    let criterion = criterion.warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_millis(800));
    let mut criterion = criterion.configure_from_args();
    peak::bench(&mut criterion);
    for kind in [Kind::Affine, Kind::InputGradient, Kind::WeightGradient] {
        for layer in LAYERS {
            BATCHES.into_iter().for_each(|samples| bench(&mut criterion, &Product::new(kind, layer, samples)));
        }
    }
    criterion.final_summary();
}

/// One product with each library, after all have been seen to give the same.
fn bench(criterion: &mut Criterion<Gflops>, product: &Product) {
    let mut group = criterion.benchmark_group(product.name());
    group.throughput(Throughput::Elements(product.operations()));
    let expected = product.expected();
    for (name, library) in LIBRARIES {
        let mut c = product.empty();
        library(product, &mut c);
        let largest = (&c - &expected).amax();
        assert!(largest < 1e-3, "{name} is off by {largest} in {}", product.name());
        group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
            bencher.iter(|| library(black_box(product), black_box(&mut c)));
        });
    }
    group.finish();
}
