//! Recall: of the samples of a class, the share that was taken for it, hits / support.

use super::classwise::classwise;

classwise! {
    /// Of the samples of a class, the share that was taken for it (sensitivity), `recall`; 0 where there are none.
    ///
    /// ```
    /// use nn_host::metric::Batch;
    /// use nn_host::prelude::*;
    /// assert_eq!(Recall.measure(Batch::new(1, &[0.9, 0.8, 0.3], &[1.0, 0.0, 1.0])), 0.5);
    /// ```
    Recall, "recall", |_, class| (class.hits, class.support)
}
