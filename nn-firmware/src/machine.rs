//! What the logic needs to know of a machine: its name, a clock, how deep its stack has been.

/// A machine that runs a network.
///
/// ```
/// # use nn_firmware::machine::Machine;
/// struct Desktop { start: std::time::Instant }
/// impl Machine for Desktop {
///     const NAME: &'static str = "desktop";
///     const TICKS_PER_SECOND: u32 = 1_000_000;
///     fn restart_clock(&mut self) { self.start = std::time::Instant::now() }
///     fn ticks(&self) -> u32 { self.start.elapsed().as_micros().try_into().unwrap_or(u32::MAX) }
///     fn stack_bytes(&self) -> u32 { 0 } // not known
/// }
/// # let mut desktop = Desktop { start: std::time::Instant::now() };
/// # desktop.restart_clock();
/// # std::thread::sleep(std::time::Duration::from_millis(1));
/// # assert!(desktop.ticks() >= 1_000);
/// ```
pub trait Machine {
    /// The board's name, as `nn boards` and QEMU have it.
    const NAME: &'static str;

    /// Ticks a second of the clock.
    const TICKS_PER_SECOND: u32;

    /// Sets the clock to zero.
    fn restart_clock(&mut self);

    /// Ticks since the clock was set to zero.
    fn ticks(&self) -> u32;

    /// Bytes of the stack that were in use at the deepest moment since boot.
    fn stack_bytes(&self) -> u32;
}
