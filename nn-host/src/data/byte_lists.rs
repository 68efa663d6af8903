//! Whether the bytes of a data set are worth being listed, and as what numbers.

use nalgebra::DMatrix;
use nn_core::format::Scaling;

use super::{Dataset, Features};
use crate::gemm::ByteLists;

/// The largest share of bytes other than zero with which lists are worth their memory and the way through them.
const LARGEST_SHARE: f64 = 0.4;

/// Lists of a data set's features, if they are bytes, of which few enough are not zero, and if zero is zero to the network.
pub(crate) fn byte_lists(data: &Dataset, scaling: Scaling) -> Option<ByteLists> {
    let Features::Bytes(raw) = data.features() else { return None };
    let mut bytes = 0..=u8::MAX;
    let numbers = [(); 256].map(|()| scaling.scale(bytes.next().unwrap_or(0).into()));
    let is_kept = scaling.scale(0.0).to_bits() == 0;
    if is_kept && is_sparse(raw) { ByteLists::new(raw.as_slice(), raw.nrows(), numbers) } else { None }
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

    use super::byte_lists;
    use crate::data::{Dataset, Features, Targets};
    use crate::gemm::Nonzeros;

    fn data(features: Features) -> Dataset {
        Dataset::new(features, Targets::Values(DMatrix::zeros(1, 3))).unwrap()
    }

    #[test]
    fn samples_are_listed_in_their_order_as_the_network_sees_them() {
        let pixels = DMatrix::from_column_slice(4, 3, &[0, 255, 0, 0, 0, 0, 0, 51, 0, 0, 0, 0]);
        let lists = byte_lists(&data(Features::Bytes(pixels)), Scaling::PIXELS).unwrap();
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
        assert!(byte_lists(&data(Features::Bytes(bytes)), Scaling::PIXELS).is_none());
        assert!(byte_lists(&data(Features::Floats(numbers)), Scaling::NONE).is_none());
        let shifted = Scaling { offset: 1.0, ..Scaling::PIXELS };
        assert!(byte_lists(&data(Features::Bytes(DMatrix::zeros(2, 3))), shifted).is_none());
    }
}
