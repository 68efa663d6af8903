//! What the firmware `bench` counts on an emulated Cortex-M4F.

use core::error::Error;
use core::time::Duration;

use nn_host::device::{Board, Qemu, build_program};

use crate::workspace;

/// Far more than it needs, which is seconds.
const LIMIT: Duration = Duration::from_secs(300);

/// What was counted: lines of network, what, input, number.
#[derive(Clone, Debug)]
pub struct Counts(String);

impl Counts {
    /// Builds the firmware and runs it.
    ///
    /// # Errors
    /// If it cannot be built, or does not end well.
    pub fn take() -> Result<Self, Box<dyn Error>> {
        let board = Board::find("mps2-an386", workspace())?;
        let image = build_program(&board, "bench")?;
        Ok(Self(Qemu::run_counting(&board, &image.path, LIMIT)?))
    }

    /// One of the numbers, by what stands before it in its line; `None` if it was not counted.
    ///
    /// ```no_run
    /// let counts = nn_tests::instructions::Counts::take().unwrap();
    /// assert!(counts.of("M1 inference digit").is_some());
    /// ```
    #[must_use]
    pub fn of(&self, what: &str) -> Option<u64> {
        self.0.lines().find_map(|line| line.strip_prefix(what)?.trim().parse().ok())
    }
}
