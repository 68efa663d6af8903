//! Bytes of many samples as lists of what is not zero: most pixels of a digit are zero, and a batch of some samples needs
//! neither to be written out nor to be searched.

use core::hint;

use super::Nonzeros;
use super::lists::{List, Lists, range_at};

/// Bytes of a line of the cache.
const LINE: usize = 64;

/// Bytes that are looked at together.
const CHUNK: usize = 16;

/// Bytes that are not zero, sample after sample.
///
/// ```
/// use nn_host::gemm::{ByteLists, Engine, Samples, SomeByteLists};
///
/// let numbers = core::array::from_fn(|byte| byte as f32 / 255.0);
/// let lists = ByteLists::new(&[0, 255, 51, 0], 2, numbers).unwrap(); // two samples of two
/// let batch = SomeByteLists { lists: &lists, samples: &[1, 0] };
/// let mut z = [0.0; 2];
/// Engine::default().affine(Samples::Bytes(batch), &[10.0, 100.0], &[1.0], &mut z);
/// assert_eq!(z, [3.0, 101.0]);
/// ```
#[derive(Clone, Debug)]
pub struct ByteLists {
    /// Where the list of each sample ends.
    ends: Vec<usize>,
    places: Vec<u16>,
    bytes: Vec<u8>,
    /// The length of the longest list.
    longest: usize,
    /// What each byte stands for.
    numbers: [f32; 256],
}

impl ByteLists {
    /// Lists samples of so many bytes, which stand for these numbers; `None` for more places than lists can name.
    ///
    /// # Shapes
    /// - `samples`: `[SAMPLES][length]`
    #[must_use]
    pub fn new(samples: &[u8], length: usize, numbers: [f32; 256]) -> Option<Self> {
        u16::try_from(length).ok()?;
        let count = samples.iter().filter(|&&byte| byte != 0).count();
        // A chunk is written whole before it is known how many of its bytes count.
        let (mut places, mut bytes) = (vec![0; count + CHUNK], vec![0; count + CHUNK]);
        let mut ends = Vec::with_capacity(samples.len() / length.max(1));
        let (mut end, mut longest) = (0, 0);
        for sample in samples.chunks_exact(length.max(1)) {
            let first = end;
            for (chunk, place) in sample.chunks(CHUNK).zip((0..).step_by(CHUNK)) {
                end += keep(chunk, place, (&mut places[end..], &mut bytes[end..]));
            }
            ends.push(end);
            longest = longest.max(end - first);
        }
        places.truncate(count);
        bytes.truncate(count);
        Some(Self { ends, places, bytes, longest, numbers })
    }

    /// Lists some samples as numbers.
    pub fn gather(&self, samples: &[usize], into: &mut Nonzeros) {
        into.clear();
        into.reserve(samples.len(), samples.len() * self.longest);
        for &sample in samples {
            let (places, bytes) = self.list(sample);
            let numbers = bytes.iter().map(|&byte| self.numbers[usize::from(byte)]);
            into.push(places.iter().map(|&place| place.into()), numbers);
        }
    }

    /// Touches what samples need of memory: they lie far apart, and waiting for all at once takes less time than for one
    /// after the other.
    pub fn fetch(&self, samples: &[usize]) {
        let touched = samples.iter().fold(0, |sum: u64, &sample| {
            let (places, bytes) = self.list(sample);
            let places = places.iter().step_by(LINE / 2).map(|&place| u64::from(place));
            places.chain(bytes.iter().step_by(LINE).map(|&byte| u64::from(byte))).fold(sum, u64::wrapping_add)
        });
        hint::black_box(touched);
    }

    fn list(&self, sample: usize) -> (&[u16], &[u8]) {
        let range = range_at(&self.ends, sample);
        (self.places.get(range.clone()).unwrap_or_default(), self.bytes.get(range).unwrap_or_default())
    }
}

/// Writes the bytes of a chunk that are not zero, and their places; says how many they are. Most chunks are zero as a whole,
/// which is seen at once; the others are written without branches, which nobody could predict.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "there are fewer than 2¹⁶ places")]
fn keep(chunk: &[u8], place: usize, (places, bytes): (&mut [u16], &mut [u8])) -> usize {
    let mut count = 0;
    if chunk.iter().fold(0, |any, byte| any | byte) != 0 {
        let (places, bytes) = (&mut places[..CHUNK], &mut bytes[..CHUNK]);
        for (i, &byte) in chunk.iter().enumerate() {
            places[count % CHUNK] = (place + i) as u16;
            bytes[count % CHUNK] = byte;
            count += usize::from(byte != 0);
        }
    }
    count
}

/// Some samples of lists of bytes, in this order.
#[derive(Clone, Copy, Debug)]
pub struct SomeByteLists<'l> {
    /// The lists of all samples.
    pub lists: &'l ByteLists,
    /// The samples.
    pub samples: &'l [usize],
}

impl<'l> Lists<'l> for SomeByteLists<'l> {
    type Place = u16;
    type Value = u8;

    fn samples(self) -> usize {
        self.samples.len()
    }

    #[inline(always)]
    fn list(self, sample: usize) -> List<'l, Self> {
        self.lists.list(self.samples[sample])
    }

    #[inline(always)]
    fn number(self, byte: u8) -> f32 {
        self.lists.numbers[usize::from(byte)]
    }
}
