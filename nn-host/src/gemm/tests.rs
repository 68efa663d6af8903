//! Products against nn-core's kernels, one sample at a time, to the bit.

use nn_core::kernel;
use nn_core::random::{Purpose, Stream};

use super::{ByteLists, Engine, Errors, InstructionSet, Nonzeros, Samples, SomeByteLists, TurnedLists};

/// Numbers of either sign, a third of them zero.
fn random(count: usize, stream: &mut Stream) -> Vec<f32> {
    (0..count).map(|_| if stream.below(3) == 0 { 0.0 } else { stream.uniform() - 0.5 }).collect()
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

/// Inputs, outputs and samples of a product.
#[derive(Clone, Copy, Debug)]
struct Shape(usize, usize, usize);

/// What a dense layer computes for some samples.
#[derive(Debug)]
struct Layer {
    shape: Shape,
    w: Vec<f32>,
    b: Vec<f32>,
    /// The input as bytes, and what each of them stands for.
    bytes: Vec<u8>,
    numbers: [f32; 256],
    x: Vec<f32>,
    dz: Vec<f32>,
    /// What the gradient by the input is added to.
    dx: Vec<f32>,
}

/// In what form an engine is given the input.
#[derive(Clone, Copy, Debug)]
enum Form {
    Dense,
    Sparse,
    Bytes,
}

/// z, x · W + z, dx, dw as bits.
type Results = [Vec<u32>; 4];

impl Layer {
    fn new(shape: Shape, stream: &mut Stream) -> Self {
        let Shape(inputs, outputs, samples) = shape;
        let bytes = (0..inputs * samples).map(|_| stream.below(3).min(1) * (1 + stream.below(255)));
        let bytes: Vec<_> = bytes.map(|byte| u8::try_from(byte).unwrap()).collect();
        let mut random = |count| random(count, stream);
        let mut numbers: [f32; 256] = random(256).try_into().unwrap();
        numbers[0] = 0.0;
        let x = bytes.iter().map(|&byte| numbers[usize::from(byte)]).collect();
        let (w, b) = (random(inputs * outputs), random(outputs));
        Self { shape, w, b, bytes, numbers, x, dz: random(outputs * samples), dx: random(inputs * samples) }
    }

    /// By nn-core's kernels, one sample at a time.
    fn expected(&self) -> Results {
        let Shape(inputs, outputs, _) = self.shape;
        let (mut z, mut more, mut dx) = (self.dz.clone(), self.dz.clone(), self.dx.clone());
        let mut dw = vec![0.0; inputs * outputs];
        for (sample, x) in self.x.chunks_exact(inputs).enumerate() {
            let dz = &self.dz[sample * outputs..][..outputs];
            kernel::affine::<true>(x, &self.w, &self.b, &mut z[sample * outputs..][..outputs]);
            kernel::add_product::<true>(x, &self.w, &mut more[sample * outputs..][..outputs]);
            kernel::add_input_gradient(&self.w, dz, &mut dx[sample * inputs..][..inputs]);
            kernel::accumulate_outer_product(x, dz, &mut dw);
        }
        [z, more, dx, dw].map(|values| bits(&values))
    }

    /// By an engine; the gradient by the kernel in two parts, each from two shards of the samples.
    fn found(&self, engine: &mut Engine, form: Form, is_turned: bool) -> Results {
        let Shape(inputs, outputs, samples) = self.shape;
        let instructions = engine.instructions();
        let mut lists = [(); 3].map(|()| Nonzeros::default());
        let half = samples / 2;
        let parts = [&self.x[..], &self.x[..half * inputs], &self.x[half * inputs..]];
        let [all, first, second] = &mut lists;
        for (list, x) in [&mut *all, &mut *first, &mut *second].into_iter().zip(parts) {
            list.list(instructions, x, inputs);
        }
        // All bytes are listed, the last sample first.
        let turned: Vec<_> = self.bytes.rchunks(inputs).flatten().copied().collect();
        let bytes = ByteLists::new(&turned, inputs, self.numbers).unwrap();
        let order: Vec<_> = (0..samples).rev().collect();
        let samples_of = |list, x, order| match form {
            Form::Dense => Samples::Dense(x),
            Form::Sparse => Samples::Sparse(list),
            Form::Bytes => Samples::Bytes(SomeByteLists { lists: &bytes, samples: order }),
        };
        let x = samples_of(&*all, parts[0], &order);
        let (mut z, mut more, mut dx) = (self.dz.clone(), self.dz.clone(), self.dx.clone());
        engine.affine(x, &self.w, &self.b, &mut z);
        engine.add_product(x, &self.w, outputs, &mut more);
        engine.add_input_gradient(&self.w, &self.dz, outputs, &mut dx);
        let mut dw = vec![0.0; inputs * outputs];
        let row = inputs / 3;
        let (above, below) = dw.split_at_mut(row * outputs);
        let (dz_of_first, dz_of_second) = self.dz.split_at(half * outputs);
        // Rows as a whole, others by their columns on the left and those on the right.
        let column = outputs / 2;
        let [mut left, mut right] = [column, outputs - column].map(|columns| vec![0.0; (inputs - row) * columns]);
        for (first_row, columns, dw) in
            [(0, 0..outputs, &mut *above), (row, 0..column, &mut left), (row, column..outputs, &mut right)]
        {
            let errors = |values| Errors { values, outputs, columns: columns.clone() };
            for (list, part, order, dz) in
                [(&*first, 1, &order[..half], dz_of_first), (&*second, 2, &order[half..], dz_of_second)]
            {
                if is_turned {
                    let mut turned = TurnedLists::default();
                    match samples_of(list, parts[part], order) {
                        Samples::Dense(_) => {}
                        Samples::Sparse(lists) => turned.turn(lists, inputs),
                        Samples::Bytes(lists) => turned.turn(lists, inputs),
                    }
                    engine.add_turned_gradient(&turned, first_row, errors(dz), dw);
                } else {
                    let x = samples_of(list, parts[part], order);
                    engine.add_weight_gradient((x, inputs), first_row, errors(dz), dw);
                }
            }
        }
        for (row, dw) in below.chunks_exact_mut(outputs).enumerate() {
            let (dw_left, dw_right) = dw.split_at_mut(column);
            dw_left.copy_from_slice(&left[row * column..][..column]);
            dw_right.copy_from_slice(&right[row * (outputs - column)..][..outputs - column]);
        }
        [z, more, dx, dw].map(|values| bits(&values))
    }
}

/// Whether every instruction set gives nn-core's bits for a layer.
fn check(shape: Shape, stream: &mut Stream) {
    let layer = Layer::new(shape, stream);
    let expected = layer.expected();
    for instructions in InstructionSet::all() {
        for (form, is_turned) in [
            (Form::Dense, false),
            (Form::Sparse, false),
            (Form::Bytes, false),
            (Form::Sparse, true),
            (Form::Bytes, true),
        ] {
            let found = layer.found(&mut Engine::new(instructions), form, is_turned);
            assert!(found == expected, "{shape:?} {instructions} {form:?}, turned: {is_turned}");
        }
    }
}

#[test]
fn every_shape_up_to_70_has_the_bits_of_nn_core_on_every_instruction_set() {
    let mut stream = Stream::new(1, Purpose::Shuffle, 0, 0);
    let sizes = || 1..=70;
    for size in sizes() {
        for other in [1, 2, 5, 7, 16, 33] {
            check(Shape(size, other, 3), &mut stream);
            check(Shape(other, size, 7), &mut stream);
            check(Shape(other, 10, size), &mut stream);
        }
    }
}

#[test]
fn shapes_of_real_networks_have_the_bits_of_nn_core() {
    let mut stream = Stream::new(2, Purpose::Shuffle, 0, 0);
    for (inputs, outputs, samples) in
        [(784, 30, 100), (784, 100, 50), (100, 10, 100), (784, 10, 1), (512, 512, 17), (640, 128, 9), (128, 8, 64)]
    {
        check(Shape(inputs, outputs, samples), &mut stream);
    }
}

#[test]
fn a_sum_in_another_order_would_be_noticed() {
    let mut stream = Stream::new(3, Purpose::Shuffle, 0, 0);
    let mut layer = Layer::new(Shape(70, 33, 7), &mut stream);
    let expected = layer.expected();
    // The same terms, from the last to the first.
    layer.x.chunks_exact_mut(70).for_each(<[f32]>::reverse);
    layer.w = layer.w.chunks_exact(33).rev().flatten().copied().collect();
    assert_ne!(layer.found(&mut Engine::default(), Form::Dense, false)[0], expected[0]);
}

#[test]
fn nothing_in_and_nothing_out_is_no_harm() {
    let mut engine = Engine::default();
    let mut z = [9.0; 2];
    engine.affine(Samples::Dense(&[]), &[], &[1.0, -0.0], &mut z);
    assert_eq!(bits(&z), bits(&[1.0, 0.0]));
    engine.affine(Samples::Dense(&[1.0]), &[], &[], &mut []);
    engine.add_input_gradient(&[], &[], 0, &mut []);
    engine.add_weight_gradient((Samples::Dense(&[]), 0), 0, Errors::new(&[], 2), &mut []);
}

#[test]
fn lists_hold_what_is_not_zero_in_order() {
    let mut list = Nonzeros::default();
    let x: Vec<f32> =
        (0..40_u8).map(|k| if k % 3 == 0 { 0.0 } else { f32::from(k) - 0.5 }).chain([-0.0, 2.0]).collect();
    list.list(InstructionSet::best(), &x, 21);
    assert_eq!(list.len(), 2);
    for (sample, x) in x.chunks_exact(21).enumerate() {
        let expected: Vec<_> = x.iter().enumerate().filter(|(_, x)| **x != 0.0).collect();
        let (places, values) = list.sample(sample);
        let found: Vec<_> = places.iter().map(|&place| place as usize).zip(values).collect();
        assert_eq!(found, expected);
    }
    assert_eq!(list.sample(2), (&[][..], &[][..]));
}
