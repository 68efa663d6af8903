//! An emulated board: QEMU as a child process, its serial port on pipes.

use core::time::Duration;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use super::{Board, Port};

/// Bytes that are taken from the serial port at a time.
const CHUNK: usize = 4096;

/// QEMU's escape character, which has to be doubled. Its serial port is multiplexed, though nothing else is on it,
/// because it then has a buffer: without one each byte waits for two threads to take turns, 40 µs.
const ESCAPE: u8 = 0x1d;

/// Why a board cannot be emulated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QemuError {
    /// The emulator is not installed.
    #[error("cannot run {program}")]
    Missing {
        /// Its program.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// The board's description names no emulator.
    #[error("board {board} cannot be emulated")]
    NotEmulated {
        /// The board.
        board: String,
    },
    /// The program does not end.
    #[error("the program has not ended within {} s; so far it wrote {written:?}", limit.as_secs())]
    TimedOut {
        /// The time that it was given.
        limit: Duration,
        /// What it wrote.
        written: String,
    },
    /// The program says that it failed.
    #[error("the program failed. {complaint} It wrote {written:?}")]
    Failed {
        /// What the emulator said.
        complaint: String,
        /// What the program wrote.
        written: String,
    },
}

/// A running emulator; it ends when this is dropped.
#[derive(Debug)]
pub struct Qemu {
    child: Child,
    to_device: ChildStdin,
    from_device: Receiver<Vec<u8>>,
    /// Collects what the emulator says on standard error.
    complaint: Option<JoinHandle<String>>,
}

impl Qemu {
    /// Nanoseconds of emulated time that one instruction takes, by `-icount shift=0`.
    pub const NANOSECONDS_PER_INSTRUCTION: u64 = 1;

    /// Checks that the board's emulator is installed.
    ///
    /// # Errors
    /// [`QemuError`] if it is not.
    pub fn check(board: &Board) -> Result<(), QemuError> {
        let program = board.qemu.first().ok_or_else(|| QemuError::NotEmulated { board: board.name.clone() })?;
        let version = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        version.map(drop).map_err(|source| QemuError::Missing { program: program.clone(), source })
    }

    /// Boots a firmware on an emulated board.
    ///
    /// # Errors
    /// [`QemuError`] if there is no emulator for it.
    pub fn boot(board: &Board, firmware: &Path) -> Result<Self, QemuError> {
        Self::start(board, firmware, &["-icount", "shift=0"])
    }

    /// Runs a program that ends by itself, as fast as the emulator can; returns what it wrote to its serial port.
    ///
    /// # Errors
    /// [`QemuError`] if there is no emulator, or the program fails or has not ended within `limit`.
    pub fn run(board: &Board, firmware: &Path, limit: Duration) -> Result<String, QemuError> {
        Self::start(board, firmware, &[])?.finish(limit)
    }

    /// The same, but with a clock that counts instructions, so that a program can count its own.
    ///
    /// # Errors
    /// [`QemuError`] if there is no emulator, or the program fails or has not ended within `limit`.
    pub fn run_counting(board: &Board, firmware: &Path, limit: Duration) -> Result<String, QemuError> {
        Self::boot(board, firmware)?.finish(limit)
    }

    /// What the program writes until it ends.
    fn finish(mut self, limit: Duration) -> Result<String, QemuError> {
        let start = Instant::now();
        let mut bytes = Vec::new();
        let ended = loop {
            match self.from_device.recv_timeout(limit.saturating_sub(start.elapsed())) {
                Ok(chunk) => bytes.extend(chunk),
                Err(error) => break error == RecvTimeoutError::Disconnected,
            }
        };
        let written = String::from_utf8_lossy(&bytes).into_owned();
        if !ended {
            return Err(QemuError::TimedOut { limit, written });
        }
        match self.child.wait() {
            Ok(status) if status.success() => Ok(written),
            _ => Err(QemuError::Failed { complaint: self.complaint(), written }),
        }
    }

    fn start(board: &Board, firmware: &Path, options: &[&str]) -> Result<Self, QemuError> {
        let not_emulated = || QemuError::NotEmulated { board: board.name.clone() };
        let (program, machine) = board.qemu.split_first().ok_or_else(not_emulated)?;
        let mut command = Command::new(program);
        command.args(machine).args(["-display", "none", "-monitor", "none"]).args(options);
        command.args(["-chardev", "stdio,mux=on,id=link", "-serial", "chardev:link", "-echr", &ESCAPE.to_string()]);
        command.args(["-semihosting-config", "enable=on,target=native", "-kernel"]).arg(firmware);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let missing = |source| QemuError::Missing { program: program.clone(), source };
        let mut child = command.spawn().map_err(missing)?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(to_device), Some(mut stdout), Some(mut stderr)) = pipes else {
            return Err(missing(io::ErrorKind::BrokenPipe.into()));
        };
        let complaint = thread::spawn(move || {
            let mut text = Vec::new();
            // What has been read before an error is still what the emulator said.
            let _ = stderr.read_to_end(&mut text);
            String::from_utf8_lossy(&text).trim().to_owned()
        });
        let (sender, from_device) = channel();
        thread::spawn(move || {
            let mut chunk = [0; CHUNK];
            while let Ok(count @ 1..) = stdout.read(&mut chunk) {
                if sender.send(chunk.get(..count).unwrap_or_default().to_vec()).is_err() {
                    break;
                }
            }
        });
        Ok(Self { child, to_device, from_device, complaint: Some(complaint) })
    }

    /// What the emulator has said, once it has ended.
    fn complaint(&mut self) -> String {
        self.complaint.take().and_then(|complaint| complaint.join().ok()).unwrap_or_default()
    }

    /// Why the emulator has ended, by its own words.
    fn ended(&mut self) -> io::Error {
        io::Error::new(io::ErrorKind::BrokenPipe, format!("the emulator has ended. {}", self.complaint()))
    }
}

impl Port for Qemu {
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let doubled = |&byte: &u8| core::iter::repeat_n(byte, if byte == ESCAPE { 2 } else { 1 });
        self.to_device.write_all(&bytes.iter().flat_map(doubled).collect::<Vec<_>>())?;
        self.to_device.flush()
    }

    fn receive(&mut self, timeout: Duration) -> io::Result<Vec<u8>> {
        self.from_device.recv_timeout(timeout).map_err(|error| match error {
            RecvTimeoutError::Timeout => io::ErrorKind::TimedOut.into(),
            RecvTimeoutError::Disconnected => self.ended(),
        })
    }
}

impl Drop for Qemu {
    fn drop(&mut self) {
        // The child may have ended by itself; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
