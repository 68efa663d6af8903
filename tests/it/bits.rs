//! The same bits: one program that trains and infers, on the host and in every emulated processor.

use core::fmt::Write;
use core::time::Duration;
use std::thread;

use nn_bits::Affine;
use nn_core::kernel;
use nn_host::device::{Board, Qemu, build_program};
use nn_tests::workspace;

/// A board for each processor, the slowest first: Cortex-M0, M3, RISC-V without floats, M4F, M7, M33.
const BOARDS: [&str; 6] = ["microbit-large", "mps2-an385", "riscv-virt", "mps2-an386", "mps2-an500", "mps2-an505"];

/// Far more than the slowest needs, which is about a minute alone.
const LIMIT: Duration = Duration::from_secs(900);

/// Bytes of the stack, where the program keeps all that it has.
const STACK: usize = 16 << 20;

/// The hash after each part of the program, a line each, on the host.
fn on_host(affine: Affine) -> String {
    let run = move || {
        let mut lines = String::new();
        let report = |part: &str, hash: nn_bits::Hash| {
            let hash = hash.map(|byte| format!("{byte:02x}")).concat();
            writeln!(lines, "{part} {hash}").unwrap();
        };
        nn_bits::run(affine, report).unwrap();
        lines
    };
    thread::Builder::new().stack_size(STACK).spawn(run).unwrap().join().unwrap()
}

/// The same on an emulated board.
fn on_board(name: &str) -> String {
    let board = Board::find(name, workspace()).unwrap();
    let image = build_program(&board, "bits").unwrap();
    Qemu::run(&board, &image.path, LIMIT).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The first part whose hash is not the one that is expected; what comes after it differs too.
fn first_difference<'e>(expected: &'e str, found: &str) -> Option<&'e str> {
    assert_eq!(expected.lines().count(), found.lines().count(), "{found}");
    let mut parts = expected.lines().zip(found.lines());
    parts.find_map(|(expected, found)| (expected != found).then_some(expected))
}

/// A kernel that sums from the last input to the first.
fn reversed(x: &[f32], w: &[f32], b: &[f32], z: &mut [f32]) {
    z.copy_from_slice(b);
    for (&x, row) in x.iter().zip(w.chunks_exact(z.len())).rev() {
        for (z, &w) in z.iter_mut().zip(row) {
            *z += x * w;
        }
    }
}

#[test]
fn every_processor_has_the_bits_of_the_host() {
    let host = on_host(kernel::affine::<true>);
    thread::scope(|scope| {
        let boards = BOARDS.map(|name| (name, scope.spawn(move || on_board(name))));
        for (name, board) in boards {
            let found = board.join().unwrap_or_else(|_| panic!("{name} has failed"));
            assert_eq!(first_difference(&host, &found), None, "{name}");
        }
    });
}

#[test]
fn another_order_of_one_sum_is_noticed() {
    let (host, other) = (on_host(kernel::affine::<true>), on_host(reversed));
    let difference = first_difference(&host, &other);
    assert!(difference.is_some_and(|part| part.starts_with("digits by SGD ")), "{difference:?}");
    assert_eq!(host.lines().count(), 8);
}
