//! Mix-up (Zhang, Cisse, Dauphin and Lopez-Paz, 2017): x' = λ·x + (1 − λ)·x₂ and y' = λ·y + (1 − λ)·y₂ with another sample of the
//! batch, λ of the distribution Beta(α, α).

use nalgebra::DMatrix;
use nn_core::random::Stream;
use rayon::prelude::*;

use super::draw;

distortion! {
    /// Mixes each sample and its target with another one of its batch.
    ///
    /// It is the last distortion, wherever it stands among them: what it mixes is distorted already. The paper recommends
    /// 0.1 to 0.4 and chooses one λ a batch, here each sample has its own.
    pub struct Mixup {
        /// the α of the distribution; the smaller, the less is mixed; 0 mixes nothing
        mixup: 0.0, 1.0 = 0.2,
    }
}

/// How a sample is mixed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Mixture {
    /// The position of the other sample in the batch.
    other: usize,
    /// The share λ of the sample itself.
    share: f32,
}

impl Mixup {
    /// A mixture for a batch of so many samples.
    pub(super) fn draw(self, stream: &mut Stream, samples: usize) -> Mixture {
        let other = stream.below(u32::try_from(samples).unwrap_or(u32::MAX)) as usize;
        let share = if self.mixup > 0.0 { draw::beta(stream, self.mixup) } else { 1.0 };
        Mixture { other, share }
    }
}

/// Mixes the columns of a matrix.
pub(super) fn mix(values: &mut DMatrix<f32>, mixture: impl Fn(usize) -> Mixture + Sync) {
    let before = values.clone();
    let rows = values.nrows().max(1);
    let columns = values.as_mut_slice().par_chunks_exact_mut(rows).with_min_len(16).enumerate();
    columns.for_each(|(sample, values)| {
        let Mixture { other, share } = mixture(sample);
        let others = before.as_slice().get(other * rows..).unwrap_or_default();
        values.iter_mut().zip(others).for_each(|(x, other)| *x = share * *x + (1.0 - share) * other);
    });
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the same bits are what is tested")]
mod tests {
    use super::{DMatrix, Mixture, Mixup, Stream, mix};
    use nn_core::random::Purpose;

    #[test]
    fn columns_are_mixed_as_they_were_before() {
        let mut values = DMatrix::from_column_slice(2, 3, &[0.0, 1.0, 4.0, 5.0, 8.0, 9.0]);
        let shares = [0.75, 1.0, 0.25];
        mix(&mut values, |sample| Mixture { other: (sample + 1) % 3, share: shares[sample] });
        assert_eq!(values.as_slice(), [1.0, 2.0, 4.0, 5.0, 2.0, 3.0]);
    }

    #[test]
    fn every_sample_of_the_batch_is_a_partner() {
        let mut stream = Stream::new(0, Purpose::Augmentation, 0, 0);
        let mut seen = [0; 5];
        for _ in 0..1000 {
            seen[Mixup::default().draw(&mut stream, 5).other] += 1;
        }
        assert!(seen.iter().all(|times| *times > 150), "{seen:?}");
        assert_eq!(Mixup::new(0.0).unwrap().draw(&mut stream, 5).share, 1.0);
    }
}
