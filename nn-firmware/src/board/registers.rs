//! The registers of a peripheral.
#![expect(unsafe_code, reason = "registers are memory that Rust does not know of")]

use core::marker::PhantomData;

/// Registers that hold a `T` each.
pub(super) struct Registers<T> {
    base: usize,
    value: PhantomData<T>,
}

impl<T> Registers<T> {
    /// The registers from this address on.
    ///
    /// # Safety
    /// The chip has a peripheral there that changes no memory of its own accord, and every offset that is read or
    /// written later is that of one of its registers.
    pub(super) const unsafe fn at(base: usize) -> Self {
        Self { base, value: PhantomData }
    }

    pub(super) fn read(&self, offset: usize) -> T {
        let register = (self.base + offset) as *const T;
        // SAFETY: as `at` asks for.
        unsafe { register.read_volatile() }
    }

    pub(super) fn write(&self, offset: usize, value: T) {
        let register = (self.base + offset) as *mut T;
        // SAFETY: as `at` asks for.
        unsafe { register.write_volatile(value) }
    }
}
