//! `nn firmware`: a board's firmware with a model inside, built or run in QEMU.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use nn_host::device::{self, Board, Image, Qemu, Session};
use nn_host::model::{Model, write_whole};
use serde_json::json;

use super::evaluate::check_model;
use super::failure::Failure;
use super::interrupt;
use super::output::Output;
use super::specification::Kernel;
use super::table::{grouped, stack_bound};

#[derive(Args, Debug)]
pub(super) struct Firmware {
    /// What to do with it
    pub(super) action: FirmwareAction,

    /// Board
    #[arg(long, value_name = "BOARD", default_value = "mps2-an386")]
    pub(super) board: String,

    /// Model file
    #[arg(long, value_name = "FILE")]
    pub(super) model: PathBuf,

    /// Form of int8 kernels in it [default: the one that is faster on the board]; the outputs do not depend on it
    #[arg(long, value_name = "FORM")]
    pub(super) kernel: Option<Kernel>,

    /// Where to copy the ELF file
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FirmwareAction {
    /// Build it
    Build,
    /// Build it, boot it in QEMU and ask what it is
    Run,
}

/// Copies the ELF file to where it is wanted.
fn copy(image: &Image, path: Option<&Path>) -> Result<(), Failure> {
    let Some(path) = path else { return Ok(()) };
    let elf = std::fs::read(&image.path)
        .map_err(|error| Failure::from(error).context(format!("cannot read {}", image.path.display())))?;
    Ok(write_whole(path, &elf)?)
}

pub(super) fn run(command: &Firmware, output: &Output) -> Result<(), Failure> {
    Model::load(&command.model)?;
    let board = Board::find(&command.board, &std::env::current_dir()?)?;
    let model = device::model_for(&board, &command.model, command.kernel.map(Into::into))?;
    let image = device::build(&board, &model)?;
    copy(&image, command.output.as_deref())?;
    let (path, flash, ram) = (image.path.display(), image.flash_bytes, image.ram_bytes);
    let bytes = |bytes: u64| grouped(usize::try_from(bytes).unwrap_or(usize::MAX));
    if command.action == FirmwareAction::Build {
        return output.result(
            || {
                let stack = stack_bound(&image.stack_bound);
                format!("{path}\nflash {} bytes, static RAM {} bytes\n{stack}", bytes(flash), bytes(ram))
            },
            || {
                json!({
                    "elf": path.to_string(),
                    "board": board.name,
                    "flash_bytes": flash,
                    "static_ram_bytes": ram,
                    "stack_bound_bytes": image.stack_bound.as_ref().ok(),
                })
            },
        );
    }
    interrupt::watch();
    let mut session = Session::new(Qemu::boot(&board, &image.path)?).until(interrupt::is_requested);
    let info = session.info()?;
    check_model(&info, &model)?;
    let ((inputs, outputs), (vectors, passed)) = (info.shape, info.test_vectors);
    output.result(
        || {
            format!(
                "board {}\nmodel {:08x}, {inputs} inputs, {outputs} outputs\ntest vectors passed {passed} of {vectors}\n\
                 stack {} bytes at the deepest\n{}",
                info.board,
                info.model_checksum,
                bytes(info.stack_bytes.into()),
                stack_bound(&image.stack_bound),
            )
        },
        || {
            json!({
                "board": info.board,
                "model_checksum": format!("{:08x}", info.model_checksum),
                "inputs": inputs,
                "outputs": outputs,
                "test_vectors": vectors,
                "test_vectors_passed": passed,
                "stack_bytes": info.stack_bytes,
                "stack_bound_bytes": image.stack_bound.as_ref().ok(),
            })
        },
    )?;
    if passed == vectors {
        return Ok(());
    }
    Err(Failure::device(format!("the device has passed {passed} of {vectors} test vectors")))
}
