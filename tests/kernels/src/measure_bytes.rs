//! The measurements of networks in bytes: instructions, the least and the most of a thousand inputs, memory.

use core::fmt;
use core::fmt::Arguments;
use core::hint::black_box;

use nn_core::Zero;
use nn_core::layer::Layer;
use nn_core::random::{Purpose, Stream};

use crate::byte_networks::{BLACK, Halves, Networks, Packed, Plain, byte};
use crate::measure::{Counter, DIGIT};

/// So many inputs are to take the same number of instructions.
const INPUTS: usize = 1000;

/// The weights of all networks in bytes; a megabyte of zeros, for a static.
pub struct ByteWorkbench(Networks);

impl ByteWorkbench {
    /// Before the measurements.
    pub const EMPTY: Self = Self(Networks::EMPTY);

    /// Measures, and reports a line each: network, what, input, number. Inputs are `dense`, bytes of which hardly one stands
    /// for 0, or `digit`, an image of MNIST. Weights are `plain` or `packed`; `skipping` are packed ones where inputs that
    /// stand for 0 are skipped; `int4` are weights of 4 bits.
    pub fn measure(&mut self, counter: &mut impl Counter, mut report: impl FnMut(Arguments<'_>)) {
        let Self(networks) = self;
        let stream = &mut Stream::new(1, Purpose::Shuffle, 0, 0);
        let Some(()) = networks.initialize(stream) else { return };
        measure(("M1", networks.m1::<Plain>(), networks.m1::<Packed>()), stream, counter, &mut report);
        measure_halves(("M1", networks.m1::<Halves>()), counter, &mut report);
        measure(("M2", networks.m2::<Plain>(), networks.m2::<Packed>()), stream, counter, &mut report);
        measure_halves(("M2", networks.m2::<Halves>()), counter, &mut report);
        measure(("M3", networks.m3::<Plain>(), networks.m3::<Packed>()), stream, counter, &mut report);
        measure_halves(("M3", networks.m3::<Halves>()), counter, &mut report);
    }
}

impl fmt::Debug for ByteWorkbench {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ByteWorkbench")
    }
}

/// A network's name, and the network with either form of weights.
type Forms<'n, P, D> = (&'n str, Option<P>, Option<D>);

#[inline(never)]
fn measure<const IN: usize, P, D>(
    (name, plain, packed): Forms<'_, P, D>,
    stream: &mut Stream,
    counter: &mut impl Counter,
    report: &mut impl FnMut(Arguments<'_>),
) where
    P: Layer<Input = [i8; IN]>,
    D: Layer<Input = [i8; IN], Output = P::Output>,
{
    let (Some(plain), Some(packed)) = (plain, packed) else { return };
    let mut dense = [0; IN];
    let digit = core::array::from_fn(|k| DIGIT.get(k).map_or(BLACK, |&pixel| pixel.wrapping_sub(128).cast_signed()));
    fill(stream, &mut dense);
    let (mut by_plain, mut by_packed) = (Run::new(&plain), Run::new(&packed));
    for (input, x) in [("dense", &dense), ("digit", &digit)] {
        report(format_args!("{name} int8-plain {input} {}", by_plain.count::<false>(x, counter)));
        report(format_args!("{name} int8-packed {input} {}", by_packed.count::<false>(x, counter)));
        let is_same = by_plain.a == by_packed.a;
        report(format_args!("{name} int8-skipping {input} {}", by_packed.count::<true>(x, counter)));
        let is_same = is_same && by_plain.a == by_packed.a;
        report(format_args!("{name} int8-same {input} {}", u8::from(is_same)));
    }
    let counts = (0..INPUTS).map(|_| {
        fill(stream, &mut dense);
        by_packed.count::<false>(&dense, counter)
    });
    let (least, most) = counts.fold((u32::MAX, 0), |(least, most), count| (least.min(count), most.max(count)));
    report(format_args!("{name} int8-least - {least}"));
    report(format_args!("{name} int8-most - {most}"));
    report(format_args!("{name} int8-weights - {}", const { D::FLASH }));
    report(format_args!("{name} int8-memory - {}", const { D::RAM_INFERENCE - size_of::<D>() }));
    report(format_args!("{name} int8-plain-memory - {}", const { P::RAM_INFERENCE - size_of::<P>() }));
}

/// With weights of 4 bits, whose instructions depend on no input.
#[inline(never)]
fn measure_halves<const IN: usize, N: Layer<Input = [i8; IN]>>(
    (name, network): (&str, Option<N>),
    counter: &mut impl Counter,
    report: &mut impl FnMut(Arguments<'_>),
) {
    let Some(network) = network else { return };
    report(format_args!("{name} int8-int4 dense {}", Run::new(&network).count::<false>(&[77; IN], counter)));
    report(format_args!("{name} int8-int4-weights - {}", const { N::FLASH }));
}

fn fill(stream: &mut Stream, x: &mut [i8]) {
    x.iter_mut().for_each(|x| *x = byte(stream));
}

/// A network with what its inference takes.
struct Run<'n, N: Layer> {
    network: &'n N,
    hidden: N::Hidden,
    a: N::Output,
}

impl<'n, N: Layer> Run<'n, N> {
    const fn new(network: &'n N) -> Self {
        Self { network, hidden: Zero::ZERO, a: Zero::ZERO }
    }

    #[inline(never)]
    fn count<const SKIP_ZEROS: bool>(&mut self, x: &N::Input, counter: &mut impl Counter) -> u32 {
        let Self { network, hidden, a } = self;
        counter.instructions(|| network.forward::<SKIP_ZEROS>(black_box(x), hidden, black_box(a)))
    }
}
