//! Every public entry point of nn-core as a symbol of its own, for `tests/it/panic_free.rs`, which links them one by
//! one. An entry is a function whose arguments the compiler cannot know; the modules are those of nn-core.

#![no_std]

/// Exports functions as `entry::MODULE::NAME`.
macro_rules! entries {
    ($(fn $name:ident($($argument:ident: $type:ty),* $(,)?) $(-> $output:ty)? $body:block)+) => {
        $(
            #[expect(unsafe_code, reason = "a name for the linker, which no other symbol has")]
            #[unsafe(export_name = concat!("entry::", module_path!(), "::", stringify!($name)))]
            fn $name($($argument: $type),*) $(-> $output)? $body
        )+
    };
}

mod math;
mod random;

mod kernel;

mod activation;
mod constraint;
mod init;
mod loss;
mod optimizer;

mod layer;
mod train;

mod int8;

mod format;
mod link;

mod firmware;

mod planted;
mod text;

use core::panic::PanicInfo;

#[expect(unsafe_code, reason = "the symbol is missing on purpose: what can panic does not link")]
#[panic_handler]
fn panic(_info: &PanicInfo<'_>) -> ! {
    unsafe extern "C" {
        fn panic_is_reachable() -> !;
    }
    // SAFETY: never called, because nothing links that could call it.
    unsafe { panic_is_reachable() }
}
