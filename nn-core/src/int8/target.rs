//! Which targets' processors multiply two pairs of 16-bit numbers at once; also a part of `build.rs`.

/// Whether dense layers of bytes run in assembly for these instructions on a target (a compiler's name of it), so that
/// [packed](super::packed) kernels are the faster ones there; elsewhere plain ones are.
///
/// Each Cortex-M4 and M7 has the instructions; an M33 can be made without, but hardly one with an FPU is.
///
/// ```
/// use nn_core::int8::target::has_dsp;
/// assert!(has_dsp("thumbv7em-none-eabi")); // Cortex-M4 and M7
/// assert!(!has_dsp("thumbv6m-none-eabi")); // Cortex-M0
/// ```
#[must_use]
pub fn has_dsp(target: &str) -> bool {
    target.starts_with("thumbv7em-") || is_m33_with_fpu(target)
}

/// Whether a target is a Cortex-M33 with an FPU, of which the compiler does not assume the instructions.
pub(crate) fn is_m33_with_fpu(target: &str) -> bool {
    target.starts_with("thumbv8m.main-") && target.ends_with("-eabihf")
}
