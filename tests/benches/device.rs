//! Prints what our networks take on an emulated Cortex-M4F, beside what others take.
#![expect(clippy::print_stdout, reason = "a program that prints")]

use std::process::ExitCode;

use nn_tests::instructions::Counts;

/// Numbers of M1, M2 and M3; 0 where there is none.
type Row = (&'static str, [u64; 3]);

/// Instructions of an inference, all in f32, of programs whose number of instructions depends on no input.
const INFERENCE: [Row; 6] = [
    ("plain C, block of four outputs", [72_204, 221_163, 744_156]),
    ("plain Rust, const-generic loops", [104_934, 345_067, 1_161_535]),
    ("CMSIS-NN f32 (experimental)", [122_684, 400_056, 1_354_135]),
    ("AIfES 2.2.0", [123_901, 403_404, 2_291_522]),
    ("TFLM f32", [124_264, 401_328, 1_360_206]),
    ("emlearn 0.23.2", [147_105, 480_331, 1_635_482]),
];

/// Instructions of an inference in bytes; of CMSIS-NN's first row dense layers alone.
const INT8: [Row; 6] = [
    ("CMSIS-NN, dense layers alone", [47_202, 154_655, 579_449]),
    ("CMSIS-NN, per channel, with softmax", [52_864, 160_965, 593_204]),
    ("TFLM with CMSIS-NN, per channel", [64_498, 161_674, 595_941]),
    ("embedded-nn 0.2.3", [181_134, 601_593, 2_138_467]),
    ("AIfES 2.2.0 q7", [219_217, 724_374, 2_748_450]),
    ("microflow 0.1.3", [0, 2_200_773, 7_113_802]),
];

/// Instructions of a training step by SGD with a batch of one.
const STEP: [Row; 3] = [
    ("plain C, update fused", [267_034, 882_129, 0]),
    ("AIfES 2.2.0", [2_508_185, 8_298_714, 0]),
    ("AIfES 2.2.0, Adam", [15_489_687, 40_510_764, 0]),
];

/// Bytes of RAM of a training step, weights included, without the stack.
const MEMORY: [Row; 3] = [
    ("plain C, update fused", [95_784, 318_952, 0]),
    ("AIfES 2.2.0", [382_880, 1_267_680, 0]),
    ("AIfES 2.2.0, Adam", [573_984, 1_903_984, 0]),
];

const NOTE: &str = "
M1 is 784-30 sigmoid-10 softmax, M2 784-100 ReLU-10 softmax, M3 MLPerf Tiny's auto-encoder 640-128x4-8-128x4-640, ReLU.
Instructions are counted by QEMU (mps2-an386, -icount shift=0); they are not cycles. Steady: the same number for every
input. Skipping: zeros are skipped, here those of an image of MNIST with 151 pixels that are not zero (the median of the
test set), or, for M3, those behind its ReLUs. The bits are the same.
In bytes weights are random, with a multiplier for each output and TensorFlow Lite Micro's rounding; softmax included.
Numbers of others were measured in November 2026 from public packages, on the same board; they are not measured anew.
The steady step is put together from kernels; the skipping one is the trainer's, whose loss for M3 is the squared error.";

fn main() -> ExitCode {
    match Counts::take() {
        Ok(counts) => print(&counts),
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn print(counts: &Counts) {
    let ours = |what: &str| {
        let count = |network: &str, input: &str| counts.of(&format!("{network} {what} {input}")).unwrap_or(0);
        let input = if what.starts_with("steady") { "dense" } else { "digit" };
        [count("M1", input), count("M2", input), count("M3", "dense")]
    };
    let bytes = |what: &str| ["M1", "M2", "M3"].map(|network| counts.of(&format!("{network} {what} -")).unwrap_or(0));
    table(
        "instructions of an inference",
        &[("nn, steady", ours("steady-inference")), ("nn, skipping", ours("inference"))],
    );
    rows(&INFERENCE);
    let bytes_of = |form: &str, inputs: [&str; 3]| {
        let count = |(network, input)| counts.of(&format!("{network} int8-{form} {input}")).unwrap_or(0);
        let [m1, m2, m3] = inputs;
        [("M1", m1), ("M2", m2), ("M3", m3)].map(count)
    };
    table(
        "instructions of an inference, int8",
        &[
            ("nn, packed weights, steady", bytes_of("packed", ["dense"; 3])),
            ("nn, plain weights, steady", bytes_of("plain", ["dense"; 3])),
            ("nn, weights of 4 bits, steady", bytes_of("int4", ["dense"; 3])),
            ("nn, packed weights, skipping", bytes_of("skipping", ["digit", "digit", "dense"])),
        ],
    );
    rows(&INT8);
    table(
        "bytes of RAM of an inference, int8",
        &[
            ("nn, packed weights", bytes_of("memory", ["-"; 3])),
            ("nn, plain weights", bytes_of("plain-memory", ["-"; 3])),
        ],
    );
    table("instructions of a step by SGD", &[("nn, steady", ours("steady-step")), ("nn, skipping", ours("step"))]);
    rows(&STEP);
    table("bytes of RAM of a step by SGD", &[("nn", bytes("step-memory")), ("nn, weights alone", bytes("weights"))]);
    rows(&MEMORY);
    table("bytes of stack, the deepest so far", &[("nn", bytes("stack"))]);
    println!("{NOTE}");
}

fn table(title: &str, first: &[Row]) {
    println!("\n{title:<34}{:>12}{:>12}{:>12}", "M1", "M2", "M3");
    rows(first);
}

fn rows(rows: &[Row]) {
    for (name, numbers) in rows {
        let [m1, m2, m3] = numbers.map(|number| if number == 0 { "-".to_owned() } else { thousands(number) });
        println!("{name:<34}{m1:>12}{m2:>12}{m3:>12}");
    }
}

/// 1234567 as 1,234,567.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(",")
}
