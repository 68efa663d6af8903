//! A line search for the strong Wolfe conditions, φ(α) ≤ φ(0) + c₁ · α · φ′(0) and |φ′(α)| ≤ c₂ · |φ′(0)|: Nocedal and
//! Wright, Numerical Optimization, 2nd edition, algorithm 3.5.

use super::zoom::{Zoom, cubic_minimum};

/// A function along a line, at one place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    /// α, the length of the step.
    pub(super) step: f64,
    /// φ(α)
    pub(super) value: f64,
    /// φ′(α)
    pub(super) slope: f64,
}

/// What a step must reach, and how long it is looked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct LineSearch {
    /// c₁, the share of the first slope by which the value must fall.
    pub(super) decrease: f64,
    /// c₂, the share of the first slope that may be left.
    pub(super) curvature: f64,
    /// Evaluations at most.
    pub(super) evaluations: u32,
}

/// How much longer the next step is, at least and at most, as long as the function goes on falling.
const GROWTH: (f64, f64) = (1.1, 10.0);

impl LineSearch {
    /// The usual one of quasi-Newton methods.
    pub(super) const QUASI_NEWTON: Self = Self { decrease: 1e-4, curvature: 0.9, evaluations: 25 };

    /// Whether the value has fallen enough for the length of the step.
    pub(super) fn is_lower(&self, start: &Place, place: &Place) -> bool {
        place.value <= start.value + self.decrease * place.step * start.slope
    }

    /// Whether the slope has become small enough.
    pub(super) fn is_flat(&self, start: &Place, place: &Place) -> bool {
        place.slope.abs() <= -self.curvature * start.slope
    }

    /// A step that meets both conditions, starting with the length `first`. Where rounding hides the function's shape, or it falls
    /// without end, a step that is at least lower; none if there is no such step either.
    ///
    /// `start` is the place of step 0, with a negative slope.
    pub(super) fn search(&self, start: Place, first: f64, mut along: impl FnMut(f64) -> Place) -> Option<Place> {
        let (mut before, mut step) = (start, first);
        for evaluation in 1..=self.evaluations {
            let place = along(step);
            let rises = !self.is_lower(&start, &place) || (evaluation > 1 && place.value >= before.value);
            let zoom = |low, high| Zoom { search: *self, start, low, high, left: self.evaluations - evaluation };
            if rises {
                return zoom(before, place).search(along);
            }
            if self.is_flat(&start, &place) {
                return Some(place);
            }
            if place.slope >= 0.0 {
                return zoom(place, before).search(along);
            }
            step = further(before, place);
            before = place;
        }
        Some(before).filter(|place| place.step > 0.0)
    }
}

/// The next step of a function that goes on falling: to the minimum of the cubic through both places, within bounds.
fn further(before: Place, place: Place) -> f64 {
    let (least, most) = (GROWTH.0 * place.step, GROWTH.1 * place.step);
    let minimum = cubic_minimum(before, place);
    if minimum.is_finite() { minimum.clamp(least, most) } else { most }
}

#[cfg(test)]
mod tests {
    use super::{LineSearch, Place};

    const SEARCH: LineSearch = LineSearch::QUASI_NEWTON;

    /// Searches with a first step, counts evaluations, and checks both conditions.
    fn evaluations(search: LineSearch, first: f64, f: impl Fn(f64) -> (f64, f64)) -> u32 {
        let at = |step| Place { step, value: f(step).0, slope: f(step).1 };
        let (mut count, start) = (0, at(0.0));
        let found = search.search(start, first, |step| {
            count += 1;
            at(step)
        });
        let found = found.unwrap();
        assert!(search.is_lower(&start, &found) && search.is_flat(&start, &found), "{found:?} from {first}");
        count
    }

    #[test]
    fn every_first_step_leads_to_one_that_meets_both_conditions() {
        let functions: [fn(f64) -> (f64, f64); 5] = [
            |x| ((x - 1.0) * (x - 1.0), 2.0 * (x - 1.0)),
            |x| (-x / (x * x + 2.0), (x * x - 2.0) / ((x * x + 2.0) * (x * x + 2.0))), // Moré and Thuente, 5.1
            |x| {
                let cube = (x + 0.04) * (x + 0.04) * (x + 0.04);
                (cube * (x + 0.04) * (x + 0.04 - 2.0), cube * (5.0 * (x + 0.04) - 8.0))
            },
            |x| (-x.sin() + 0.01 * x * x, -x.cos() + 0.02 * x),
            |x| (x * x * x * (x - 3.0) - x, x * x * (4.0 * x - 9.0) - 1.0),
        ];
        for f in functions {
            for first in [1e-3, 1e-1, 1.0, 10.0, 1e3] {
                for curvature in [0.1, 0.9] {
                    let count = evaluations(LineSearch { curvature, ..SEARCH }, first, f);
                    assert!(count <= 15, "{count} evaluations from {first}");
                }
            }
        }
    }

    #[test]
    fn a_parabola_takes_two_evaluations() {
        let exact = LineSearch { curvature: 0.01, ..SEARCH };
        assert_eq!(evaluations(exact, 0.3, |x| ((x - 2.0) * (x - 2.0), 2.0 * (x - 2.0))), 2);
    }

    #[test]
    fn places_without_a_value_count_as_too_far() {
        let count =
            evaluations(SEARCH, 64.0, |x| if x > 3.0 { (f64::NAN, f64::NAN) } else { (x * x - x, 2.0 * x - 1.0) });
        assert!(count < 12, "{count}");
    }

    #[test]
    fn a_function_that_rises_against_its_slope_has_no_step() {
        let start = Place { step: 0.0, value: 0.0, slope: -1.0 };
        assert_eq!(SEARCH.search(start, 1.0, |step| Place { step, value: step, slope: 1.0 }), None);
    }

    #[test]
    fn a_step_that_is_too_short_would_be_found() {
        let start = Place { step: 0.0, value: 0.0, slope: -1.0 };
        let short = Place { step: 0.01, value: -0.0099, slope: -0.98 };
        assert!(SEARCH.is_lower(&start, &short) && !SEARCH.is_flat(&start, &short));
        let long = Place { step: 2.0, value: 1e-3, slope: 0.0 };
        assert!(!SEARCH.is_lower(&start, &long) && SEARCH.is_flat(&start, &long));
    }
}
