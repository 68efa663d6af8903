//! Precision: of what was taken for a class, the share that is of it, hits / predicted.

use super::classwise::classwise;

classwise! {
    /// Of the samples taken for a class, the share that is of it, `precision`; 0 where none was taken for it.
    ///
    /// ```
    /// use nn_host::metric::Batch;
    /// use nn_host::prelude::*;
    /// let batch = Batch::new(1, &[0.9, 0.8, 0.3], &[1.0, 0.0, 1.0]);
    /// assert_eq!(Precision.measure(batch), 0.5);
    /// assert_eq!(Precision.with_threshold(0.85)?.measure(batch), 1.0);
    /// # Ok::<(), nn_core::SettingError>(())
    /// ```
    Precision, "precision", |_, class| (class.hits, class.predicted)
}
