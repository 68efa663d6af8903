//! What the logic needs to know of a machine: its name, a clock, how deep its stack has been.

/// A machine that runs a network.
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
