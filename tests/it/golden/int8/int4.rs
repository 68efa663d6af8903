//! Dense layers with weights of 4 bits, as LiteRT computes them.

use nn_core::int8::{Clamp, DenseOutput, Multiplier, Rounding, fold_zero_point, int4};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::super::cases;
use super::{float, generated, list, quantization, size};

/// The values of `golden/int4.py`.
fn reference() -> Value {
    serde_json::from_str(include_str!("../../../golden/int4.json")).unwrap()
}

/// The outputs of a case, with this rounding.
fn outputs(case: &Value, rounding: Rounding) -> Vec<i8> {
    let [inputs, outputs] = [0, 1].map(|side| size(&case["shape"][side]));
    let seeded = |name: &str, count| generated(size(&case[name]), count);
    let w: Vec<i8> = seeded("weights_seed", inputs * outputs).into_iter().map(|w| (w >> 4).max(-7)).collect();
    let mut packed = vec![0; int4::size(inputs, outputs)];
    int4::pack(&w, &mut packed).unwrap();
    let mut b: Vec<i32> = seeded("bias_seed", outputs).into_iter().map(|b| 100 * i32::from(b)).collect();
    let [input, output] = ["input", "output"].map(|side| quantization(&case[side]));
    fold_zero_point(input.zero_point(), &w, &mut b);
    let multiplier = |scale: &Value| Multiplier::dense(input, float(scale), output).unwrap();
    let multipliers = list(&case["weight_scales"], multiplier);
    let output =
        DenseOutput { multipliers: &multipliers, zero_point: output.zero_point(), clamp: Clamp::NONE, rounding };
    let x = seeded("inputs_seed", size(&case["inputs"]) * inputs);
    x.chunks_exact(inputs)
        .flat_map(|x| {
            let mut z = vec![0; outputs];
            int4::dense(x, &packed, &b, &output, &mut z);
            z
        })
        .collect()
}

fn hash(bytes: &[i8]) -> String {
    let bytes: Vec<u8> = bytes.iter().map(|q| q.cast_unsigned()).collect();
    Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn every_byte_is_that_of_litert_also_of_rows_that_start_in_the_middle_of_a_byte() {
    let reference = reference();
    let mut bytes = 0;
    for case in cases(&reference, "dense") {
        let found = outputs(case, Rounding::Litert);
        let first = list(&case["first"], |q| i8::try_from(q.as_i64().unwrap()).unwrap());
        assert_eq!(found[..first.len()], first, "{}", case["shape"]);
        assert_eq!(case["sha256"], hash(&found), "{}", case["shape"]);
        bytes += found.len();
    }
    assert_eq!(bytes, 1000 * (30 + 30 + 10 + 17 + 17 + 5 + 3));
}

#[test]
fn the_other_rounding_is_found() {
    let reference = reference();
    let is_other = |case: &Value| case["sha256"] != hash(&outputs(case, Rounding::Tflm));
    assert!(cases(&reference, "dense").iter().any(is_other));
}
