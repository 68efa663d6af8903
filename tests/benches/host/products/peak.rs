//! What the processor can do at most: loops over registers alone, with products and sums rounded separately, and with fused ones.

use core::array::from_fn;
use core::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput};
use pulp::{Arch, Simd, WithSimd};

use super::gflops::Gflops;

/// Sums that do not wait for one another: enough for two units that take four cycles each, and few enough for 16 registers.
const CHAINS: usize = 12;

/// Turns of the loop.
const TURNS: u32 = 10_000;

pub(crate) fn bench(criterion: &mut Criterion<Gflops>) {
    let arch = Arch::new();
    let mut group = criterion.benchmark_group(format!("peak of {arch:?}"));
    let operations = 2 * u64::from(TURNS) * arch.dispatch(Chains);
    group.throughput(Throughput::Elements(operations));
    group.bench_function(BenchmarkId::from_parameter("separate"), |bencher| {
        bencher.iter(|| arch.dispatch(Separate(black_box(0.5))));
    });
    group.bench_function(BenchmarkId::from_parameter("fused"), |bencher| {
        bencher.iter(|| arch.dispatch(Fused(black_box(0.5))));
    });
    group.finish();
}

/// How many numbers all chains hold.
struct Chains;

impl WithSimd for Chains {
    type Output = u64;

    fn with_simd<S: Simd>(self, _: S) -> u64 {
        (CHAINS * S::F32_LANES) as u64
    }
}

/// s = s · x + x for each chain, in two operations.
struct Separate(f32);

impl WithSimd for Separate {
    type Output = f32;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f32 {
        chains(simd, self.0, |s, x| simd.add_f32s(simd.mul_f32s(s, x), x))
    }
}

/// The same in one operation.
struct Fused(f32);

impl WithSimd for Fused {
    type Output = f32;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f32 {
        chains(simd, self.0, |s, x| simd.mul_add_f32s(s, x, x))
    }
}

/// Goes on with all chains in each turn; they come near to 1 and stay there.
#[inline(always)]
fn chains<S: Simd>(simd: S, x: f32, step: impl Fn(S::f32s, S::f32s) -> S::f32s) -> f32 {
    let x = simd.splat_f32s(x);
    let mut sums: [_; CHAINS] = from_fn(|chain| simd.splat_f32s(chain as f32));
    for _ in 0..TURNS {
        for sum in &mut sums {
            *sum = step(*sum, x);
        }
    }
    sums.into_iter().map(|sum| simd.reduce_sum_f32s(sum)).sum()
}
