//! Kernels and the square root in assembly against plain Rust, bit for bit, on each emulated core that runs them.

use core::time::Duration;

use nn_host::device::{Board, Qemu, build_program};
use nn_tests::workspace;

/// Cortex-M4F, M7, M33: each has an FPU.
const BOARDS: [&str; 3] = ["mps2-an386", "mps2-an500", "mps2-an505"];

/// Far more than it needs, which is seconds.
const LIMIT: Duration = Duration::from_secs(600);

/// What must be equal, and what must not.
const EQUAL: usize = 3;
const PLANTED: usize = 4;

#[test]
fn assembly_has_the_bits_of_plain_rust_and_mistakes_are_found() {
    for name in BOARDS {
        let board = Board::find(name, workspace()).unwrap();
        let image = build_program(&board, "kernels").unwrap();
        let lines = Qemu::run(&board, &image.path, LIMIT).unwrap();
        let planted = |line: &&str| line.contains("planted");
        assert_eq!(lines.lines().filter(planted).count(), PLANTED, "{name}: {lines}");
        assert_eq!(lines.lines().count(), EQUAL + PLANTED, "{name}: {lines}");
        for line in lines.lines() {
            let expected = if planted(&line) { "differs: " } else { "equal: " };
            assert!(line.starts_with(expected), "{name}: {line}");
        }
    }
}
