//! The limited memory of L-BFGS: steps with the changes of the gradient that they have made, which stand for the inverse of
//! the Hessian: Nocedal and Wright, algorithm 7.4, the two-loop recursion.

use std::collections::VecDeque;

use super::objective::dot;

/// Steps and changes of the gradient, oldest first.
#[derive(Clone, Debug)]
pub(super) struct Pairs {
    most: usize,
    pairs: VecDeque<Pair>,
}

#[derive(Clone, Debug)]
struct Pair {
    /// The step.
    s: Vec<f64>,
    /// The change of the gradient.
    y: Vec<f64>,
    /// 1 / s·y
    rho: f64,
}

impl Pairs {
    /// None yet, and never more than `most`.
    pub(super) const fn new(most: usize) -> Self {
        Self { most, pairs: VecDeque::new() }
    }

    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.pairs.clear();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Adds a step with the change of the gradient, and forgets the oldest if there are too many; one along which the slope does
    /// not rise is left out, because the approximate Hessian must stay positive.
    pub(super) fn push(&mut self, s: Vec<f64>, y: Vec<f64>) {
        let product = dot(&s, &y);
        if product > f64::EPSILON * dot(&y, &y) {
            if self.pairs.len() == self.most {
                self.pairs.pop_front();
            }
            self.pairs.push_back(Pair { s, y, rho: 1.0 / product });
        }
    }

    /// −H · g, the direction in which the gradient would vanish.
    pub(super) fn direction(&self, gradient: &[f64]) -> Vec<f64> {
        let mut q: Vec<f64> = gradient.iter().map(|g| -g).collect();
        let newest_first = self.pairs.iter().rev();
        let alphas: Vec<f64> = newest_first.map(|pair| pair.remove_gradient(&mut q)).collect();
        if let Some(newest) = self.pairs.back() {
            let gamma = 1.0 / (newest.rho * dot(&newest.y, &newest.y));
            q.iter_mut().for_each(|q| *q *= gamma);
        }
        self.pairs.iter().zip(alphas.iter().rev()).for_each(|(pair, alpha)| pair.add_step(*alpha, &mut q));
        q
    }
}

impl Pair {
    /// q ← q − α · y with α = ρ · s·q
    fn remove_gradient(&self, q: &mut [f64]) -> f64 {
        let alpha = self.rho * dot(&self.s, q);
        add(-alpha, &self.y, q);
        alpha
    }

    /// q ← q + (α − ρ · y·q) · s
    fn add_step(&self, alpha: f64, q: &mut [f64]) {
        add(alpha - self.rho * dot(&self.y, q), &self.s, q);
    }
}

fn add(factor: f64, v: &[f64], q: &mut [f64]) {
    q.iter_mut().zip(v).for_each(|(q, v)| *q += factor * v);
}

#[cfg(test)]
mod tests {
    use super::Pairs;

    /// H with y = H⁻¹ · s for each of two independent steps is H itself: of the diagonal Hessian (2, 8).
    #[test]
    fn knows_a_quadratic_after_as_many_steps_as_it_has_dimensions() {
        let mut pairs = Pairs::new(2);
        assert_eq!(pairs.direction(&[3.0, -4.0]), [-3.0, 4.0], "without memory, the steepest way down");
        for s in [[9.0, 9.0], [1.0, 0.0], [0.0, 0.5]] {
            pairs.push(s.to_vec(), vec![2.0 * s[0], 8.0 * s[1]]);
        }
        let direction = pairs.direction(&[3.0, -4.0]);
        assert!((direction[0] + 1.5).abs() < 1e-12 && (direction[1] - 0.5).abs() < 1e-12, "{direction:?}");
    }

    #[test]
    fn steps_without_rising_slope_are_left_out() {
        let mut pairs = Pairs::new(2);
        pairs.push(vec![1.0, 0.0], vec![-1.0, 0.0]);
        pairs.push(vec![1.0, 0.0], vec![0.0, 0.0]);
        assert!(pairs.is_empty());
    }
}
