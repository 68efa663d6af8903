//! Which learning rate the points of a sweep suggest.

use super::SweepPoint;

/// Points at the end of a sweep that suggest nothing: the loss has left its valley.
const LAST: usize = 5;

/// The points that suggest something: without the first tenth of a sweep of so many steps, and without the last ones.
pub(super) fn inner(points: &[SweepPoint], steps: u32) -> &[SweepPoint] {
    points.get(steps as usize / 10..points.len().saturating_sub(LAST)).unwrap_or_default()
}

/// The rate two thirds into the longest decrease: the most points of which each is lower than the one before, others
/// between them allowed.
pub(super) fn valley(points: &[SweepPoint]) -> Option<f32> {
    // For each point, how many are in the longest decrease that ends there, and where that begins.
    let mut decreases: Vec<(usize, usize)> = Vec::new();
    for (end, point) in points.iter().enumerate() {
        let before = points.iter().zip(&decreases).filter(|(other, _)| other.smoothed > point.smoothed);
        let longest = before.map(|(_, &decrease)| decrease).rev().max_by_key(|(count, _)| *count);
        decreases.push(longest.map_or((1, end), |(count, begin)| (count + 1, begin)));
    }
    let ends = decreases.into_iter().enumerate().rev();
    let (end, (count, begin)) = ends.max_by_key(|(_, (count, _))| *count)?;
    points.get(begin + 2 * (end - begin) / 3).filter(|_| count > 1).map(|point| point.learning_rate)
}

/// The rate at which the smoothed loss falls most from one point to the next: the steepest place, because the logarithms
/// of the rates are equally far apart.
pub(super) fn steep(points: &[SweepPoint]) -> Option<f32> {
    let falls = points.iter().zip(points.iter().skip(1)).map(|(point, next)| (point, next.smoothed - point.smoothed));
    let steepest = falls.min_by(|(_, one), (_, other)| one.total_cmp(other));
    steepest.filter(|(_, fall)| *fall < 0.0).map(|(point, _)| point.learning_rate)
}

#[cfg(test)]
mod tests {
    use super::{SweepPoint, inner, steep, valley};

    fn points(losses: &[f32]) -> Vec<SweepPoint> {
        let point = |(rate, &loss): (u8, &f32)| SweepPoint { learning_rate: rate.into(), loss, smoothed: loss };
        (0..).zip(losses).map(point).collect()
    }

    #[test]
    fn a_valley_is_two_thirds_into_the_longest_decrease() {
        assert_eq!(valley(&points(&[9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 9.0])), Some(4.0));
        // A bump does not end a decrease.
        assert_eq!(valley(&points(&[9.0, 8.0, 7.0, 7.5, 5.0, 4.0, 3.0, 9.0])), Some(4.0));
        // A rise before it does not belong to it.
        assert_eq!(valley(&points(&[1.0, 2.0, 9.0, 8.0, 7.0, 6.0])), Some(4.0));
    }

    #[test]
    fn the_steepest_place_is_where_a_fall_begins() {
        assert_eq!(steep(&points(&[9.0, 8.0, 5.0, 4.0, 6.0])), Some(1.0));
    }

    #[test]
    fn where_nothing_falls_nothing_is_suggested() {
        for losses in [&[][..], &[1.0], &[1.0, 1.0, 2.0]] {
            assert_eq!((valley(&points(losses)), steep(&points(losses))), (None, None), "{losses:?}");
        }
    }

    #[test]
    fn the_ends_of_a_sweep_are_left_out() {
        let all = points(&[1.0; 20]);
        assert_eq!(inner(&all, 20), &all[2..15]);
        assert_eq!(inner(&all[..4], 20), []);
        assert_eq!(inner(&all[..6], 100), []);
    }
}
