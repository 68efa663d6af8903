//! Questions to every schedule: what it gives at its corners, beyond its end, and what it refuses.

#![expect(clippy::float_cmp, reason = "these rates are exact")]

use super::{
    CosineDecay, CosineDecayRestarts, Moment, OneCycle, PiecewiseConstant, PolynomialDecay, Schedule, SettingError,
};

fn at(step: u32) -> Moment {
    Moment { step, epoch: step / 10, steps_per_epoch: 10, steps: 100 }
}

fn all() -> impl Iterator<Item = Schedule> {
    Schedule::NAMES.iter().map(|name| Schedule::from_name(name).unwrap())
}

#[test]
fn every_rate_is_finite_and_not_negative_however_strange_the_moment() {
    let counts = [0, 1, 2, 9, 10, 99, 100, 101, 1 << 24, u32::MAX];
    for schedule in all() {
        for (step, steps_per_epoch) in counts.iter().flat_map(|&step| counts.map(|per_epoch| (step, per_epoch))) {
            for steps in counts {
                let rate = schedule.rate(0.1, Moment { step, epoch: 0, steps_per_epoch, steps });
                assert!((0.0..=0.1).contains(&rate), "{schedule:?} at {step} of {steps}: {rate}");
            }
        }
    }
}

#[test]
fn every_setting_is_known_by_its_name_and_no_other() {
    for schedule in all() {
        let error = schedule.clone().with("alpah", 0.5).unwrap_err();
        let SettingError::Unknown { known, .. } = error else { panic!("{schedule:?}: {error}") };
        for name in known {
            let changed = schedule.clone().with(&name.replace('N', "3"), 1.0).unwrap();
            let again = changed.clone().with(&name.replace('N', "3"), 1.0).unwrap();
            assert_eq!(changed.rate(0.1, at(50)).to_bits(), again.rate(0.1, at(50)).to_bits(), "{schedule:?}: {name}");
        }
        assert_eq!(known.is_empty(), schedule == Schedule::Constant);
    }
}

#[test]
fn steps_and_epochs_are_two_names_of_one_span() {
    let steps = CosineDecay::default().with("decay_epochs", 3.0).unwrap().with("decay_steps", 50.0).unwrap();
    let epochs = CosineDecay::default().with("decay_epochs", 5.0).unwrap();
    assert_eq!(steps, CosineDecay::default().with("decay_steps", 50.0).unwrap());
    assert!((0..120).all(|step| steps.rate(0.1, at(step)).to_bits() == epochs.rate(0.1, at(step)).to_bits()));
}

#[test]
fn a_target_of_the_warm_up_is_where_the_decay_begins() {
    let decay = CosineDecay::default().with("warmup_target", 0.5).unwrap().with("warmup_steps", 10.0).unwrap();
    assert_eq!([0, 5, 10, 100, 1000].map(|step| decay.rate(0.25, at(step))), [0.25, 0.375, 0.5, 0.0, 0.0]);
}

#[test]
fn restarts_begin_where_they_should() {
    for t_mul in [1.0, 1.5, 2.0, 3.0] {
        let decay = CosineDecayRestarts::default().with("t_mul", t_mul).unwrap();
        let decay = decay.with("first_decay_steps", 64.0).unwrap();
        let (mut begin, mut length) = (0.0_f32, 64.0_f32);
        for restart in 0..6 {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number of steps")]
            let step = begin.ceil() as u32;
            let fraction = (begin.ceil() - begin) / length;
            assert!(decay.rate(1.0, at(step)) > 0.99 - fraction, "{t_mul}: restart {restart} at {step}");
            assert!(step == 0 || decay.rate(1.0, at(step - 1)) < 0.01, "{t_mul}: before restart {restart} at {step}");
            begin += length;
            length *= t_mul;
        }
    }
}

#[test]
fn a_polynomial_begins_again() {
    let decay = PolynomialDecay::default().with("cycle", 1.0).unwrap().with("decay_steps", 20.0).unwrap();
    let decay = decay.with("end_learning_rate", 0.0).unwrap();
    assert_eq!([0, 10, 20, 30, 40].map(|step| decay.rate(1.0, at(step))), [1.0, 0.5, 0.0, 0.25, 0.0]);
}

#[test]
fn a_cycle_has_one_top_wherever_it_is() {
    for pct_start in [0.0, 0.05, 0.5, 1.0] {
        let cycle = OneCycle::default().with("pct_start", pct_start).unwrap();
        let rates: Vec<_> = (0..100).map(|step| cycle.rate(0.5, at(step))).collect();
        let top = rates.iter().position(|rate| *rate > 0.499_999).unwrap();
        assert!(rates[..=top].is_sorted() && rates[top..].is_sorted_by(|a, b| a >= b), "{pct_start}: {rates:?}");
    }
}

#[test]
fn the_last_of_two_parts_that_begin_together_counts() {
    let rates = PiecewiseConstant::default().after_epochs(2, 0.05).unwrap().after_step(19, 0.01).unwrap();
    assert_eq!([19, 20].map(|step| rates.rate(0.1, at(step))), [0.1, 0.01]);
}

#[test]
fn what_a_callback_changes_multiplies_the_rates_of_a_schedule() {
    let constant = Schedule::Constant;
    assert_eq!(constant.changed_rate(0.3, 0.3 * 0.1, at(5)).to_bits(), (0.3_f32 * 0.1).to_bits());
    let rates: Schedule = PiecewiseConstant::default().after_step(4, 0.5).unwrap().into();
    assert_eq!([4, 5].map(|step| rates.changed_rate(1.0, 0.25, at(step))), [0.25, 0.125]);
    assert!(all().all(|schedule| schedule.changed_rate(0.1, 0.1, at(5)) == schedule.rate(0.1, at(5))));
}
