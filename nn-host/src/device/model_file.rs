//! The model file as it goes into a board's firmware: with kernels of bytes in the form that its processor multiplies fastest.

use std::path::{Path, PathBuf};

use nn_core::format::KernelForm;
use nn_core::int8::target;
use sha2::{Digest, Sha256};

use super::Board;
use crate::model::{FileError, Model, hexadecimal, write_whole};

impl Board {
    /// The form of kernels of bytes that the board's processor multiplies fastest.
    #[must_use]
    pub fn kernel_form(&self) -> KernelForm {
        if target::has_dsp(&self.target) { KernelForm::Packed } else { KernelForm::Plain }
    }
}

/// The model file to be built into a board's firmware, with kernels in this form, or in the one that is fastest there: the
/// file itself where its kernels are so, else a copy below the workspace's `target`. Both compute the same bytes.
///
/// ```no_run
/// use nn_host::device::{self, Board};
/// let board = Board::find("mps2-an386", ".".as_ref())?;
/// let model = device::model_for(&board, "int8.nn".as_ref(), None)?;
/// println!("{} bytes of flash", device::build(&board, &model)?.flash_bytes);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`FileError`] if the file is no model, or the copy cannot be written.
pub fn model_for(board: &Board, path: &Path, form: Option<KernelForm>) -> Result<PathBuf, FileError> {
    let form = form.unwrap_or_else(|| board.kernel_form());
    let model = Model::load(path)?;
    if model.stores_kernels_as(form) {
        return Ok(path.to_owned());
    }
    let bytes = model.with_kernel_form(form).to_bytes()?;
    let name = hexadecimal(&Sha256::digest(bytes.as_bytes()));
    let folder = board.workspace.join("target").join("firmware-models");
    let copy = folder.join(format!("{}.nn", name.get(..16).unwrap_or_default()));
    std::fs::create_dir_all(&folder).map_err(|source| FileError::Write { path: folder, source })?;
    write_whole(&copy, bytes.as_bytes())?;
    Ok(copy)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use nn_core::format::KernelForm;

    use super::Board;

    #[test]
    fn boards_with_smlad_have_packed_kernels() {
        let form = |name| Board::find(name, Path::new("/")).unwrap().kernel_form();
        for board in ["mps2-an386", "mps2-an500", "mps2-an505"] {
            assert_eq!(form(board), KernelForm::Packed, "{board}");
        }
        for board in ["microbit", "mps2-an385", "riscv-virt"] {
            assert_eq!(form(board), KernelForm::Plain, "{board}");
        }
    }
}
