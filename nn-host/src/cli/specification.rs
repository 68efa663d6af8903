//! Small languages of the arguments: thresholds, places.

use core::str::FromStr;

use clap::ValueEnum;
use nn_core::format::KernelForm;
use nn_host::config::WordError;

/// A threshold: `NAME=X`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Goal {
    /// What is measured.
    pub(super) name: String,
    /// The least that it should be.
    pub(super) least: f32,
}

impl Goal {
    /// The option, and the name of the value that it is about.
    pub(super) fn watched(&self) -> (&'static str, &str) {
        ("--fail-under", &self.name)
    }
}

impl FromStr for Goal {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        let wrong = || WordError::new("a threshold is NAME=X, such as accuracy=0.97");
        let (name, least) = text.rsplit_once('=').ok_or_else(wrong)?;
        let least: f32 = least.parse().map_err(|_| wrong())?;
        if least.is_nan() {
            return Err(wrong());
        }
        Ok(Self { name: name.to_owned(), least })
    }
}

/// How kernels of bytes are stored.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Kernel {
    /// As TensorFlow Lite has them; what Cortex-M0, M3 and RISC-V are fastest with
    Plain,
    /// Two rows in a word; what Cortex-M4, M7 and M33 are fastest with
    Packed,
}

impl From<Kernel> for KernelForm {
    fn from(kernel: Kernel) -> Self {
        match kernel {
            Kernel::Plain => Self::Plain,
            Kernel::Packed => Self::Packed,
        }
    }
}

/// Where a model is computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Here.
    Host,
    /// On an emulated board.
    Qemu {
        /// The board's name.
        board: String,
    },
}

impl FromStr for Place {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        match text.split_once(':').unwrap_or((text, "mps2-an386")) {
            ("host", _) if text == "host" => Ok(Self::Host),
            ("qemu", board) => Ok(Self::Qemu { board: board.to_owned() }),
            _ => Err(WordError::unknown("place", text, &["host", "qemu", "qemu:BOARD"])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Goal, Place};

    #[test]
    fn thresholds_and_places_are_read() {
        assert_eq!("accuracy=0.5".parse(), Ok(Goal { name: "accuracy".into(), least: 0.5 }));
        let goal = Goal { name: "f_beta,beta=2".into(), least: 0.5 };
        assert_eq!("f_beta,beta=2=0.5".parse(), Ok(goal), "a name may have settings");
        assert!("accuracy".parse::<Goal>().is_err());
        assert!("accuracy=NaN".parse::<Goal>().is_err());
        assert_eq!("host".parse(), Ok(Place::Host));
        assert_eq!("qemu".parse(), Ok(Place::Qemu { board: "mps2-an386".into() }));
        assert_eq!("qemu:microbit".parse(), Ok(Place::Qemu { board: "microbit".into() }));
        assert!("host:x".parse::<Place>().is_err());
    }
}
