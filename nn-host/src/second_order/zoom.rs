//! The second part of a line search, which narrows an interval with a good step inside: Nocedal and Wright, algorithm 3.6, by
//! the minimum of the cubic through both ends, equation 3.59.

use super::line_search::{LineSearch, Place};

/// An interval with steps that meet both conditions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Zoom {
    pub(super) search: LineSearch,
    /// The place of step 0.
    pub(super) start: Place,
    /// The end with the lower value, whose slope leads into the interval.
    pub(super) low: Place,
    /// The other end, which may be to the left.
    pub(super) high: Place,
    /// Evaluations left.
    pub(super) left: u32,
}

/// How near to an end the next place may come, as a share of the interval.
const MARGIN: f64 = 0.1;

impl Zoom {
    /// A step that meets both conditions; where none is found, the lower end.
    pub(super) fn search(mut self, mut along: impl FnMut(f64) -> Place) -> Option<Place> {
        for _ in 0..self.left {
            let place = along(self.next());
            if !self.search.is_lower(&self.start, &place) || place.value >= self.low.value {
                self.high = place;
                continue;
            }
            if self.search.is_flat(&self.start, &place) {
                return Some(place);
            }
            if place.slope * (self.high.step - self.low.step) >= 0.0 {
                self.high = self.low;
            }
            self.low = place;
        }
        Some(self.low).filter(|low| low.step > 0.0)
    }

    /// The minimum of the cubic, not too near to an end; the middle where there is none.
    fn next(&self) -> f64 {
        let (left, right) = (self.low.step.min(self.high.step), self.low.step.max(self.high.step));
        let margin = MARGIN * (right - left);
        let minimum = cubic_minimum(self.low, self.high);
        if minimum.is_finite() { minimum.clamp(left + margin, right - margin) } else { left + (right - left) / 2.0 }
    }
}

/// Where the cubic through two places with their slopes is lowest; not finite if it has no minimum.
pub(super) fn cubic_minimum(a: Place, b: Place) -> f64 {
    let d1 = a.slope + b.slope - 3.0 * (a.value - b.value) / (a.step - b.step);
    let d2 = (b.step - a.step).signum() * (d1 * d1 - a.slope * b.slope).sqrt();
    b.step - (b.step - a.step) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2.0 * d2))
}

#[cfg(test)]
mod tests {
    use super::{Place, cubic_minimum};

    #[test]
    fn the_minimum_of_a_cubic_is_exact_from_either_side() {
        let at = |step: f64| Place { step, value: step * step * step - 12.0 * step, slope: 3.0 * step * step - 12.0 }; // minimum at 2
        for (a, b) in [(0.0, 5.0), (5.0, 0.0), (0.5, 1.0), (-1.0, 7.0)] {
            assert!((cubic_minimum(at(a), at(b)) - 2.0).abs() < 1e-12, "{a} {b}");
        }
        let line = |step: f64| Place { step, value: -step, slope: -1.0 };
        assert!(!cubic_minimum(line(0.0), line(1.0)).is_finite());
    }
}
