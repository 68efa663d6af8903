//! Kernels and the square root in assembly, and layers of bytes, against plain Rust, bit for bit, on each emulated core.

use core::time::Duration;

use nn_host::device::{Board, Qemu, build_program};
use nn_tests::workspace;

/// Cortex-M4F, M7, M33: each has an FPU.
const WITH_FPU: [&str; 3] = ["mps2-an386", "mps2-an500", "mps2-an505"];

/// These, and a Cortex-M0 and an M3, where layers of bytes are plain Rust.
const ALL: [&str; 5] = ["mps2-an386", "mps2-an500", "mps2-an505", "mps2-an385", "microbit-large"];

/// Far more than it needs, which is a minute at most.
const LIMIT: Duration = Duration::from_secs(600);

/// What must be equal, and what must not: how many lines of each.
type Lines = [usize; 2];

/// Runs a program that compares on boards, and looks at what it found.
fn compare(program: &str, boards: &[&str], [equal, planted]: Lines) {
    for name in boards {
        let board = Board::find(name, workspace()).unwrap();
        let image = build_program(&board, program).unwrap();
        let lines = Qemu::run(&board, &image.path, LIMIT).unwrap();
        let is_planted = |line: &&str| line.contains("planted");
        assert_eq!(lines.lines().filter(is_planted).count(), planted, "{name}: {lines}");
        assert_eq!(lines.lines().count(), equal + planted, "{name}: {lines}");
        for line in lines.lines() {
            let expected = if is_planted(&line) { "differs: " } else { "equal: " };
            assert!(line.starts_with(expected), "{name}: {line}");
        }
    }
}

#[test]
fn assembly_has_the_bits_of_plain_rust_and_mistakes_are_found() {
    compare("kernels", &WITH_FPU, [3, 4]);
}

#[test]
fn layers_of_bytes_have_the_bytes_of_plain_rust_and_mistakes_are_found() {
    compare("bytes", &ALL, [4, 3]);
}
