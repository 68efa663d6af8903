//! Specificity: of the samples that are not of a class, the share that was not taken for it.

use super::classwise::classwise;

classwise! {
    /// Of the samples that are not of a class, the share that was not taken for it, `specificity`; 0 where all are of it.
    ///
    /// ```
    /// use nn_host::metric::Batch;
    /// use nn_host::prelude::*;
    /// assert_eq!(Specificity.measure(Batch::new(1, &[0.9, 0.8, 0.3], &[1.0, 0.0, 0.0])), 0.5);
    /// ```
    Specificity, "specificity", |total, class| {
        let others = total - class.support;
        (others - (class.predicted - class.hits), others)
    }
}
