//! Confusion matrix: how often each class was taken for each.

use super::argmax;

/// Counts, one row a true class, one column a predicted class.
///
/// ```
/// use nn_host::metric::ConfusionMatrix;
/// let mut matrix = ConfusionMatrix::new(2);
/// matrix.add(1, 0);
/// assert_eq!(matrix.rows().collect::<Vec<_>>(), [[0, 0], [1, 0]]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfusionMatrix {
    classes: usize,
    counts: Vec<u32>,
}

impl ConfusionMatrix {
    /// A matrix of zeros.
    #[must_use]
    pub fn new(classes: usize) -> Self {
        Self { classes, counts: vec![0; classes * classes] }
    }

    /// The matrix of these outputs.
    ///
    /// # Shapes
    /// - `classes`: one a sample, `outputs`: one sample a chunk of `count` values
    #[must_use]
    pub fn of(count: usize, classes: &[u32], outputs: &[f32]) -> Self {
        let mut matrix = Self::new(count);
        for (&class, a) in classes.iter().zip(outputs.chunks_exact(count.max(1))) {
            matrix.add(class as usize, argmax(a));
        }
        matrix
    }

    /// Counts one sample; one outside the matrix is not counted.
    pub fn add(&mut self, class: usize, predicted: usize) {
        let row = self.counts.chunks_exact_mut(self.classes.max(1)).nth(class);
        if let Some(count) = row.and_then(|row| row.get_mut(predicted)) {
            *count += 1;
        }
    }

    /// The rows, in the order of the true classes.
    pub fn rows(&self) -> impl Iterator<Item = &[u32]> {
        self.counts.chunks_exact(self.classes.max(1))
    }
}
