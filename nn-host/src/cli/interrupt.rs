//! Ctrl-C: the first asks the training to end after its batch, the second ends the program at once.

use core::sync::atomic::{AtomicBool, Ordering};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Watches for Ctrl-C and SIGTERM from now on.
pub(super) fn watch() {
    // Without a handler Ctrl-C ends the program at once, as it would without this call.
    let _ = ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    });
}

/// Whether Ctrl-C has been pressed.
pub(super) fn is_requested() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}
