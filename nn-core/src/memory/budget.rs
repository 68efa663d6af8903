//! Budgets: how many bytes there are, how many a network takes, and by how many it exceeds them.

/// Bytes that a budget allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Of flash.
    pub flash: usize,
    /// Of RAM.
    pub ram: usize,
}

/// Bytes that a network takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Of flash: borrowed tensors.
    pub flash: usize,
    /// Of RAM: for inference, or for training if that is more.
    pub ram: usize,
}

/// Refuses to compile a network that takes more flash or RAM than there is, and says by how many bytes.
///
/// Sizes are in bytes, or with a K or M behind in units of 1,024 or 1,048,576. `train` names the optimizer of a training
/// on the chip, `batch` the samples of its batches (1 if left out).
///
/// ```
/// use nn_core::activation::{Relu, Softmax};
/// use nn_core::layer::{Borrowed, Chain, Dense};
/// use nn_core::optimizer::Adam;
///
/// type Base<'m> = Dense<784, 20, Relu, Borrowed<'m>>;
/// type Network<'m> = Chain<Base<'m>, Dense<20, 10, Softmax>>;
/// nn_core::budget!(Network<'static>, flash = 64K, ram = 8K);
/// nn_core::budget!(Network<'static>, flash = 64K, ram = 8K, train = Adam, batch = 32);
/// ```
///
/// ```compile_fail,E0080
/// # use nn_core::{activation::Relu, layer::Dense, optimizer::Adam};
/// nn_core::budget!(Dense<100, 20, Relu>, flash = 0, ram = 8K, train = Adam); // 17,664 bytes too many
/// ```
#[macro_export]
macro_rules! budget {
    ($network:ty, flash = $flash:tt, ram = $ram:tt $(,)?) => {
        $crate::budget! { @check $flash, $ram, $network, <$network as $crate::layer::Layer>::RAM_INFERENCE }
    };
    ($network:ty, flash = $flash:tt, ram = $ram:tt, train = $optimizer:ty $(,)?) => {
        $crate::budget! { $network, flash = $flash, ram = $ram, train = $optimizer, batch = 1 }
    };
    ($network:ty, flash = $flash:tt, ram = $ram:tt, train = $optimizer:ty, batch = $batch:literal $(,)?) => {
        $crate::budget! {
            @check $flash, $ram, $network, $crate::memory::ram_training::<$network, $optimizer, $batch>()
        }
    };
    (@check $flash:tt, $ram:tt, $network:ty, $ram_taken:expr) => {
        const _: () = {
            const BUDGET: $crate::memory::Budget = $crate::memory::Budget {
                flash: $crate::memory::bytes(stringify!($flash)),
                ram: $crate::memory::bytes(stringify!($ram)),
            };
            const COST: $crate::memory::Cost =
                $crate::memory::Cost { flash: <$network as $crate::layer::Layer>::FLASH, ram: $ram_taken };
            BUDGET.check(COST);
        };
    };
}

impl Budget {
    /// Fails to compile, in a constant, if `cost` is more.
    ///
    /// # Panics
    /// If the cost exceeds the budget; the message names the excess in bytes.
    #[expect(clippy::panic, reason = "it is called in constants, where this is an error of the compiler")]
    pub const fn check(self, cost: Cost) {
        let flash = Sentence::of("flash", cost.flash, self.flash);
        let ram = Sentence::of("RAM", cost.ram, self.ram);
        match (cost.flash > self.flash, cost.ram > self.ram) {
            (false, false) => {}
            (true, false) => panic!("{}", flash.text()),
            (false, true) => panic!("{}", ram.text()),
            (true, true) => panic!("{}", flash.and(ram).text()),
        }
    }
}

/// The number of bytes that a text like `8192`, `8K` or `1M` stands for; underscores are passed over.
///
/// ```
/// use nn_core::memory::bytes;
/// assert_eq!((bytes("1_000"), bytes("8K"), bytes("2M")), (1000, 8192, 2_097_152));
/// ```
///
/// # Panics
/// If it is no such text; in a constant this is an error of the compiler.
#[must_use]
#[expect(clippy::panic, reason = "it is called in constants, where this is an error of the compiler")]
pub const fn bytes(text: &str) -> usize {
    let mut rest = text.as_bytes();
    let mut count = 0;
    while let [byte, after @ ..] = rest {
        count = match (byte, after) {
            (b'0'..=b'9', _) => count * 10 + (*byte - b'0') as usize,
            (b'_', _) => count,
            (b'K', []) => count * 1024,
            (b'M', []) => count * 1024 * 1024,
            _ => panic!("a size is a number of bytes, with K or M behind for 1,024 or 1,048,576 of them"),
        };
        rest = after;
    }
    count
}

/// Room for two of the longest sentences.
const CAPACITY: usize = 256;

/// A sentence that is made in a constant.
#[derive(Clone, Copy)]
struct Sentence {
    bytes: [u8; CAPACITY],
    length: usize,
}

impl Sentence {
    /// By how many bytes a cost exceeds a budget, as a sentence.
    const fn of(what: &str, cost: usize, budget: usize) -> Self {
        let sentence = Self { bytes: [0; CAPACITY], length: 0 };
        let sentence = sentence.then(what).then(" is exceeded by ").number(cost.saturating_sub(budget));
        sentence.then(" bytes: the network takes ").number(cost).then(", there are ").number(budget)
    }

    const fn and(self, other: Self) -> Self {
        self.then("; ").then(other.text())
    }

    #[expect(clippy::indexing_slicing, reason = "it runs in the compiler, which stops where this is wrong")]
    const fn then(mut self, text: &str) -> Self {
        let mut rest = text.as_bytes();
        while let [byte, after @ ..] = rest {
            self.bytes[self.length] = *byte;
            self.length += 1;
            rest = after;
        }
        self
    }

    /// The number in decimal digits.
    const fn number(self, number: usize) -> Self {
        let before = if number < 10 { self } else { self.number(number / 10) };
        const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        #[expect(clippy::indexing_slicing, reason = "a remainder by ten is below ten")]
        before.then(DIGITS[number % 10])
    }

    const fn text(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => text,
            Err(_) => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Budget, CAPACITY, Cost, Sentence, bytes};

    #[test]
    fn a_budget_that_is_kept_says_nothing() {
        const { Budget { flash: 10, ram: 20 }.check(Cost { flash: 10, ram: 20 }) };
    }

    #[test]
    #[should_panic(expected = "RAM is exceeded by 13 bytes: the network takes 33, there are 20")]
    fn the_excess_is_named_in_bytes() {
        Budget { flash: 10, ram: 20 }.check(Cost { flash: 10, ram: 33 });
    }

    #[test]
    #[should_panic(expected = "flash is exceeded by 1 bytes: the network takes 11, there are 10; RAM is exceeded by")]
    fn both_are_named() {
        Budget { flash: 10, ram: 20 }.check(Cost { flash: 11, ram: usize::MAX });
    }

    #[test]
    fn the_longest_sentence_has_room() {
        let longest = Sentence::of("flash", usize::MAX, 0);
        assert!(2 * longest.text().len() + "; ".len() <= CAPACITY, "{}", longest.text().len());
    }

    #[test]
    #[should_panic(expected = "a size is a number of bytes")]
    fn what_is_no_size_is_refused() {
        let _ = bytes("8KB");
    }
}
