//! Second-order training for small data: all samples at once, and steps that know the curvature of the loss.
//!
//! [`Model::fit_lbfgs`](crate::model::Model::fit_lbfgs) minimizes any loss of any network whose loss is the same for the
//! same weights; [`Model::fit_levenberg_marquardt`](crate::model::Model::fit_levenberg_marquardt) the squared error of small
//! ones, in fewer and dearer steps.
//!
//! The network is computed in f32 by the passes of every other training. What the solvers make of its losses and gradients
//! (sums over samples and weights, steps, linear equations) is f64, every sum in index order from one accumulator or,
//! in nalgebra's triangular solution, eight in a fixed order; no operation is fused. So the weights, which are rounded to f32
//! before a loss is computed from them, depend neither on threads nor on the machine.

mod error;
mod iterations;
mod objective;
mod suitability;

mod lbfgs;
mod line_search;
mod pairs;
mod zoom;

mod jacobian;
mod levenberg_marquardt;
mod normal_equations;

pub use error::SecondOrderError;
pub use lbfgs::LbfgsOptions;
pub use levenberg_marquardt::LevenbergMarquardtOptions;

#[cfg(test)]
mod golden;
#[cfg(test)]
mod tests;
