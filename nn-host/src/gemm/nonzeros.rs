//! Samples as lists of what is not zero: most pixels of a digit are zero, and half of what a ReLU gives.

use pulp::{Simd, WithSimd};

use super::InstructionSet;
use super::lists::{self, Lists, range_at};

/// Numbers that are looked at together.
const CHUNK: usize = 16;

/// The numbers of some samples that are not zero, each with its place.
///
/// ```
/// use nn_host::gemm::{InstructionSet, Nonzeros};
///
/// let mut nonzeros = Nonzeros::default();
/// nonzeros.list(InstructionSet::best(), &[0.0, 3.0, 0.0, 5.0, 0.0, 0.0], 3); // two samples of three
/// assert_eq!(nonzeros.sample(0), (&[1][..], &[3.0][..]));
/// assert_eq!(nonzeros.sample(1), (&[0][..], &[5.0][..]));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Nonzeros {
    /// Where the list of each sample ends.
    ends: Vec<usize>,
    places: Vec<u32>,
    values: Vec<f32>,
}

impl Nonzeros {
    /// Lists samples of so many numbers anew.
    ///
    /// # Shapes
    /// - `x`: `[SAMPLES][length]`
    pub fn list(&mut self, instructions: InstructionSet, x: &[f32], length: usize) {
        instructions.run(List { x, length, into: self });
    }

    /// The places and values of a sample, in the order of the places; nothing if there is no such sample.
    #[must_use]
    pub fn sample(&self, sample: usize) -> (&[u32], &[f32]) {
        let range = range_at(&self.ends, sample);
        (self.places.get(range.clone()).unwrap_or_default(), self.values.get(range).unwrap_or_default())
    }

    /// The number of samples.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are no samples.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Forgets all samples.
    pub fn clear(&mut self) {
        self.ends.clear();
        self.places.clear();
        self.values.clear();
    }

    /// Makes room for so many samples more, with so many numbers in all of them.
    pub fn reserve(&mut self, samples: usize, numbers: usize) {
        self.ends.reserve(samples);
        self.places.reserve(numbers + CHUNK);
        self.values.reserve(numbers + CHUNK);
    }

    /// Adds a sample: what of it is not zero, in the order of the places.
    pub fn push(&mut self, places: impl Iterator<Item = u32>, values: impl Iterator<Item = f32>) {
        self.places.extend(places);
        self.values.extend(values);
        self.ends.push(self.places.len().min(self.values.len()));
    }
}

impl<'l> Lists<'l> for &'l Nonzeros {
    type Place = u32;
    type Value = f32;

    fn samples(self) -> usize {
        self.len()
    }

    #[inline(always)]
    fn list(self, sample: usize) -> lists::List<'l, Self> {
        self.sample(sample)
    }

    #[inline(always)]
    fn number(self, value: f32) -> f32 {
        value
    }
}

/// Samples to be listed.
struct List<'l> {
    x: &'l [f32],
    length: usize,
    into: &'l mut Nonzeros,
}

impl WithSimd for List<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        let Nonzeros { ends, places, values } = self.into;
        // A chunk is written whole before it is known how many of its numbers count.
        let room = self.x.len() + CHUNK;
        places.resize(room, 0);
        values.resize(room, 0.0);
        ends.clear();
        let mut end = 0;
        for sample in self.x.chunks_exact(self.length.max(1)) {
            let mut place = 0;
            let (chunks, rest) = sample.as_chunks::<CHUNK>();
            let mut last = [0.0; CHUNK];
            last[..rest.len()].copy_from_slice(rest);
            for chunk in chunks.iter().chain([&last]) {
                let any = chunk.iter().fold(0, |any, x| any | x.to_bits() << 1);
                if any != 0 {
                    end += keep(chunk, place, &mut places[end..], &mut values[end..]);
                }
                place += CHUNK;
            }
            ends.push(end);
        }
        places.truncate(end);
        values.truncate(end);
    }
}

/// Writes the numbers of a chunk that are not zero, and their places; says how many they are. Without branches, which
/// nobody could predict.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "a layer has fewer than 2³² inputs")]
fn keep(chunk: &[f32; CHUNK], place: usize, places: &mut [u32], values: &mut [f32]) -> usize {
    let (places, values) = (&mut places[..CHUNK], &mut values[..CHUNK]);
    let mut count = 0;
    for (i, &x) in chunk.iter().enumerate() {
        places[count % CHUNK] = (place + i) as u32;
        values[count % CHUNK] = x;
        count += usize::from(x != 0.0);
    }
    count
}
