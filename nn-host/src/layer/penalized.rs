//! A penalty for all kernels of dense layers that have none of their own.

use nn_core::optimizer::Penalty;

use super::LayerPlan;
use super::plan::Kind;

impl LayerPlan {
    /// The layer with this penalty for its kernel, and those inside of it, where they have none.
    #[must_use]
    pub(crate) fn penalized(mut self, penalty: Penalty) -> Self {
        if let Kind::Residual { branch, .. } = &mut self.kind {
            branch.iter_mut().for_each(|plan| *plan = plan.clone().penalized(penalty));
        }
        if matches!(self.kind, Kind::Dense { .. } | Kind::Residual { is_projected: true, .. }) {
            self.policy.kernel_regularizer.get_or_insert(penalty);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::super::{batch_normalization, dense, residual};
    use crate::prelude::Relu;
    use nn_core::optimizer::Penalty;

    #[test]
    fn kernels_without_a_penalty_get_one() {
        let [l2, own] = [0.5, 0.25].map(|l2| Penalty::l2(l2).unwrap());
        let plan = |penalty| dense(3, Relu).kernel_regularizer(penalty);
        assert_eq!(residual([dense(3, Relu), plan(own)]).penalized(l2), residual([plan(l2), plan(own)]));
        assert_eq!(batch_normalization().penalized(l2), batch_normalization());
    }
}
