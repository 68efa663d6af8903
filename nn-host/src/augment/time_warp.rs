//! Time warp of a signal: x'(t) = x(t + d(t)), d linear between 0 at both ends and four knots at even distances h, where it
//! is uniform in [−time_warp, time_warp] · h. Knots stay in their order, so time never runs backward.

use nn_core::random::Stream;

use super::distortion::Values;
use super::draw;
use super::image::number;

distortion! {
    /// Makes parts of a signal faster and others slower; its ends stay where they are.
    ///
    /// The values of a sample are those of one signal at even times.
    pub struct TimeWarp {
        /// the largest distance that a knot moves, in parts of that between knots
        time_warp: 0.0, 0.5 = 0.2,
    }
}

/// Knots between the ends, as many as Um et al. (2017) have for their splines.
const KNOTS: u8 = 4;

impl Values for TimeWarp {
    fn distort(&self, stream: &mut Stream, x: &mut [f32], before: &mut Vec<f32>) {
        before.clear();
        before.extend_from_slice(x);
        let between = number(x.len().saturating_sub(1)) / f32::from(KNOTS + 1);
        let mut knot = |place: u8| {
            let moves = self.time_warp * between * draw::symmetric(stream);
            if place > KNOTS { 0.0 } else { moves }
        };
        let (mut place, mut from, mut to) = (1, 0.0, knot(1));
        for (t, x) in x.iter_mut().enumerate() {
            while number(t) > f32::from(place) * between && place <= KNOTS {
                place += 1;
                (from, to) = (to, knot(place));
            }
            let share = number(t) / between - f32::from(place - 1);
            *x = sample(before, number(t) + from + share * (to - from));
        }
    }
}

/// A signal between its values.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a negative time is the first")]
fn sample(signal: &[f32], t: f32) -> f32 {
    let t = t.max(0.0);
    let whole = t as usize;
    match signal.get(whole..) {
        Some(&[now, next, ..]) => now + (t - number(whole)) * (next - now),
        _ => signal.last().copied().unwrap_or_default(),
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the same bits are what is tested")]
mod tests {
    use super::{Stream, TimeWarp, Values, sample};
    use nn_core::random::Purpose;

    fn warped(amount: f32, sample: u32, signal: &[f32]) -> Vec<f32> {
        let (mut x, mut stream) = (signal.to_vec(), Stream::new(0, Purpose::Augmentation, 0, sample));
        TimeWarp::new(amount).unwrap().distort(&mut stream, &mut x, &mut Vec::new());
        x
    }

    #[test]
    fn a_clock_still_runs_forward_from_the_first_to_the_last_time() {
        let clock: Vec<f32> = (0..50).map(|t| t as f32).collect();
        for sample in 0..200 {
            let x = warped(0.5, sample, &clock);
            assert!(x.windows(2).all(|pair| pair[0] <= pair[1]), "{x:?}");
            assert_eq!((x[0], x[49]), (0.0, 49.0));
            let farthest = x.iter().zip(&clock).map(|(x, t)| (x - t).abs()).fold(0.0, f32::max);
            assert!(farthest > 0.1 && farthest <= 0.5 * 49.0 / 5.0, "{farthest}");
        }
    }

    #[test]
    fn every_knot_moves_alone() {
        let clock: Vec<f32> = (0..51).map(|t| t as f32).collect();
        let x = warped(0.4, 3, &clock);
        for knot in [10, 20, 30, 40_usize] {
            let (before, at, after) = (x[knot - 1] - x[knot - 2], x[knot] - x[knot - 1], x[knot + 1] - x[knot]);
            assert!((before - at).abs() < 1e-4 && (at - after).abs() > 1e-3, "the speed changes at a knot: {x:?}");
        }
    }

    #[test]
    fn no_warp_keeps_every_bit_and_short_signals_stay() {
        let signal = [0.1, 0.7, -3.0, 0.2, 0.3, 1e-3, 9.0];
        assert_eq!(warped(0.0, 0, &signal), signal);
        assert_eq!(warped(0.5, 0, &[2.5]), [2.5]);
        assert_eq!(warped(0.5, 0, &[]), [0.0; 0]);
    }

    #[test]
    fn between_values_there_is_a_line() {
        let found = [-1.0, 0.5, 1.0, 1.75, 2.0, 9.0].map(|t| sample(&[2.0, 4.0, 8.0], t));
        assert_eq!(found, [2.0, 3.0, 4.0, 7.0, 8.0, 8.0]);
    }
}
