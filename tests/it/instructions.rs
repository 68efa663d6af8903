//! Instructions that networks take on an emulated Cortex-M4F, which are the same in every run.

use std::sync::OnceLock;

use nn_tests::instructions::Counts;

/// The most that is taken, 1 % above what was measured.
const MOST: [(&str, u64); 19] = [
    ("M1 steady-inference dense", 54_450),
    ("M2 steady-inference dense", 172_400),
    ("M3 steady-inference dense", 577_000),
    ("M1 inference digit", 14_960),
    ("M2 inference digit", 37_550),
    ("M1 steady-step dense", 110_710),
    ("M2 steady-step dense", 353_400),
    ("M1 step digit", 29_960),
    ("M2 step digit", 79_090),
    ("M1 int8-packed dense", 24_210),
    ("M2 int8-packed dense", 74_540),
    ("M3 int8-packed dense", 268_300),
    ("M1 int8-skipping digit", 8_694),
    ("M1 int8-plain dense", 35_840),
    ("M2 int8-plain dense", 111_600),
    ("M3 int8-plain dense", 393_400),
    ("M1 int8-int4 dense", 43_190),
    ("M2 int8-int4 dense", 135_400),
    ("M3 int8-int4 dense", 472_600),
];

/// What must not depend on the input.
const STEADY: [&str; 4] = ["M1 steady-inference", "M2 steady-inference", "M1 steady-step", "M2 steady-step"];

/// A count is the mean of several, of which each ends between two ticks of 40 instructions.
const ROUNDING: u64 = 2;

/// What is counted once for all tests.
fn counts() -> &'static Counts {
    static COUNTS: OnceLock<Counts> = OnceLock::new();
    COUNTS.get_or_init(|| Counts::take().unwrap())
}

#[test]
fn networks_take_no_more_instructions_than_they_did() {
    let counts = counts();
    for (what, most) in MOST {
        let count = counts.of(what).unwrap();
        assert!(count <= most, "{what}: {count}, at most {most}");
        assert!(count > most / 2, "{what}: {count} is so little that the bound should be lower");
    }
    let change = |what: &str| {
        let [dense, digit] = ["dense", "digit"].map(|input| counts.of(&format!("{what} {input}")).unwrap());
        dense.abs_diff(digit)
    };
    for what in STEADY {
        assert!(change(what) <= ROUNDING, "{what} depends on the input by {}", change(what));
    }
    assert!(change("M1 inference") > 1000, "zeros are skipped, and the counter shows it");
    let bytes = |what: &str| counts.of(&format!("M1 {what} -")).unwrap();
    assert!(bytes("step-memory") <= bytes("weights") + 1024, "{} bytes to train M1", bytes("step-memory"));
}

#[test]
fn networks_in_bytes_take_the_same_instructions_for_a_thousand_inputs() {
    let counts = counts();
    let count = |what: String| counts.of(&what).unwrap();
    for network in ["M1", "M2", "M3"] {
        let [least, most] = ["least", "most"].map(|which| count(format!("{network} int8-{which} -")));
        assert!(most - least <= ROUNDING, "{network} takes {least} to {most} instructions");
        for input in ["dense", "digit"] {
            assert_eq!(count(format!("{network} int8-same {input}")), 1, "{network} has other bytes when packed");
        }
    }
    let [all, skipping] = ["packed", "skipping"].map(|which| count(format!("M1 int8-{which} digit")));
    assert!(skipping < all / 2, "zeros are skipped, and the counter shows it: {skipping} of {all}");
}
