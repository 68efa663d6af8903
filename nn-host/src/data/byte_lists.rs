//! Bytes of a data set as lists of what is not zero: most pixels of a digit are zero, and a batch that is gathered from lists
//! needs neither to be written out nor to be searched.

use core::hint;

use nalgebra::DMatrix;
use nn_core::format::Scaling;

use super::{Dataset, Features};
use crate::gemm::Nonzeros;

/// Bytes of a line of the cache.
const LINE: usize = 64;

/// The largest share of bytes other than zero with which lists are worth their memory and the way through them.
const LARGEST_SHARE: f64 = 0.4;

/// Bytes that are not zero, sample after sample.
#[derive(Clone, Debug)]
pub(crate) struct ByteLists {
    /// Where the list of each sample ends.
    ends: Vec<usize>,
    places: Vec<u16>,
    bytes: Vec<u8>,
    scaling: Scaling,
}

impl ByteLists {
    /// Those of a data set, if its features are bytes, of which few enough are not zero, and if zero is zero to the network.
    pub(crate) fn of(data: &Dataset, scaling: Scaling) -> Option<Self> {
        let Features::Bytes(raw) = data.features() else { return None };
        let is_kept = scaling.scale(0.0).to_bits() == 0 && u16::try_from(raw.nrows()).is_ok();
        (is_kept && is_sparse(raw)).then(|| Self::list(raw, scaling))
    }

    fn list(raw: &DMatrix<u8>, scaling: Scaling) -> Self {
        let count = raw.as_slice().iter().filter(|&&byte| byte != 0).count();
        let (ends, places, bytes) =
            (Vec::with_capacity(raw.ncols()), Vec::with_capacity(count), Vec::with_capacity(count));
        let mut lists = Self { ends, places, bytes, scaling };
        for sample in raw.as_slice().chunks_exact(raw.nrows().max(1)) {
            for (place, &byte) in (0..).zip(sample).filter(|(_, byte)| **byte != 0) {
                lists.places.push(place);
                lists.bytes.push(byte);
            }
            lists.ends.push(lists.places.len());
        }
        lists
    }

    /// Lists some samples as a network sees them.
    pub(crate) fn gather(&self, samples: &[usize], into: &mut Nonzeros) {
        self.fetch(samples);
        into.clear();
        for &sample in samples {
            let (places, bytes) = self.sample(sample);
            into.push(
                places.iter().map(|&place| u32::from(place)),
                bytes.iter().map(|&byte| self.scaling.scale(f32::from(byte))),
            );
        }
    }

    fn sample(&self, sample: usize) -> (&[u16], &[u8]) {
        let first = sample.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        let range = first..self.ends.get(sample).copied().unwrap_or(first);
        (self.places.get(range.clone()).unwrap_or_default(), self.bytes.get(range).unwrap_or_default())
    }

    /// Touches what samples need of memory: they lie far apart, and waiting for all at once takes less time than for one
    /// after the other.
    fn fetch(&self, samples: &[usize]) {
        let touched = samples.iter().fold(0, |sum: u64, &sample| {
            let (places, bytes) = self.sample(sample);
            let places = places.iter().step_by(LINE / 2).map(|&place| u64::from(place));
            places.chain(bytes.iter().step_by(LINE).map(|&byte| u64::from(byte))).fold(sum, u64::wrapping_add)
        });
        hint::black_box(touched);
    }
}

/// Whether few enough bytes of the first samples are not zero.
#[expect(clippy::cast_precision_loss, reason = "a share")]
fn is_sparse(raw: &DMatrix<u8>) -> bool {
    let some = raw.as_slice().get(..raw.nrows() * raw.ncols().min(1000)).unwrap_or_default();
    let count = some.iter().filter(|&&byte| byte != 0).count();
    (count as f64) < LARGEST_SHARE * some.len() as f64
}

#[cfg(test)]
mod tests {
    use nalgebra::DMatrix;
    use nn_core::format::Scaling;

    use super::ByteLists;
    use crate::data::{Dataset, Features, Targets};
    use crate::gemm::Nonzeros;

    fn data(features: Features) -> Dataset {
        Dataset::new(features, Targets::Values(DMatrix::zeros(1, 3))).unwrap()
    }

    #[test]
    fn samples_are_listed_in_their_order_as_the_network_sees_them() {
        let pixels = DMatrix::from_column_slice(4, 3, &[0, 255, 0, 0, 0, 0, 0, 51, 0, 0, 0, 0]);
        let lists = ByteLists::of(&data(Features::Bytes(pixels)), Scaling::PIXELS).unwrap();
        let mut nonzeros = Nonzeros::default();
        for _ in 0..2 {
            lists.gather(&[1, 2, 0], &mut nonzeros);
            assert_eq!(nonzeros.len(), 3);
            let expected: [(&[u32], &[f32]); 3] = [(&[3], &[Scaling::PIXELS.scale(51.0)]), (&[], &[]), (&[1], &[1.0])];
            assert_eq!([0, 1, 2].map(|sample| nonzeros.sample(sample)), expected);
        }
    }

    #[test]
    fn dense_bytes_numbers_and_shifted_zeros_are_not_listed() {
        let (bytes, numbers) = (DMatrix::from_element(2, 3, 9_u8), DMatrix::zeros(2, 3));
        assert!(ByteLists::of(&data(Features::Bytes(bytes)), Scaling::PIXELS).is_none());
        assert!(ByteLists::of(&data(Features::Floats(numbers)), Scaling::NONE).is_none());
        let shifted = Scaling { offset: 1.0, ..Scaling::PIXELS };
        assert!(ByteLists::of(&data(Features::Bytes(DMatrix::zeros(2, 3))), shifted).is_none());
    }
}
