//! Boards that the firmware knows: a folder each, with a `board.toml`.

use std::io;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

/// Where the boards are, below the workspace.
const BOARDS: &str = "nn-firmware/src/board";

/// A board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    /// The name, which is also that of the firmware's feature.
    pub name: String,
    /// The compiler's name of the processor.
    pub target: String,
    /// The command that emulates it, without the program to run.
    pub qemu: Vec<String>,
    /// The workspace that its firmware is built in.
    pub workspace: PathBuf,
}

/// Why there is no such board.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BoardError {
    /// The firmware's source is not here.
    #[error("there is no {BOARDS} at or above {}", from.display())]
    NoWorkspace {
        /// Where the search began.
        from: PathBuf,
    },
    /// The firmware knows no such board.
    #[error("unknown board {name}; there is {}", known.join(", "))]
    Unknown {
        /// The name asked for.
        name: String,
        /// The boards that there are.
        known: Vec<String>,
    },
    /// A file that cannot be read.
    #[error("cannot read {}", path.display())]
    File {
        /// Which file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A `board.toml` that says too little.
    #[error("{}: {reason}", path.display())]
    Description {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

impl Board {
    /// The board of this name in the workspace at or above `folder`, or else in the one that this program was built in.
    ///
    /// # Errors
    /// [`BoardError`] if there is no workspace or no such board.
    pub fn find(name: &str, folder: &Path) -> Result<Self, BoardError> {
        let boards = Self::all(folder)?;
        let known = boards.iter().map(|board| board.name.clone()).collect();
        let board = boards.into_iter().find(|board| board.name == name);
        board.ok_or_else(|| BoardError::Unknown { name: name.to_owned(), known })
    }

    /// All boards of the workspace at or above `folder`, or else of the one that this program was built in, by name.
    ///
    /// # Errors
    /// [`BoardError`] if there is no workspace, or a board's description cannot be read.
    pub fn all(folder: &Path) -> Result<Vec<Self>, BoardError> {
        let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
        let workspace = folder.ancestors().chain(built_in).find(|folder| folder.join(BOARDS).is_dir());
        read_all(workspace.ok_or_else(|| BoardError::NoWorkspace { from: folder.to_owned() })?)
    }
}

/// All boards of a workspace.
fn read_all(workspace: &Path) -> Result<Vec<Board>, BoardError> {
    let path = workspace.join(BOARDS);
    let in_folder = |source| BoardError::File { path: path.clone(), source };
    let mut boards = Vec::new();
    for entry in path.read_dir().map_err(in_folder)? {
        let file = entry.map_err(in_folder)?.path().join("board.toml");
        if file.is_file() {
            boards.push(read(&file, workspace)?);
        }
    }
    boards.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(boards)
}

fn read(path: &Path, workspace: &Path) -> Result<Board, BoardError> {
    let wrong = |reason: String| BoardError::Description { path: path.to_owned(), reason };
    let text = std::fs::read_to_string(path).map_err(|source| BoardError::File { path: path.to_owned(), source })?;
    let table: Table = text.parse().map_err(|error: toml::de::Error| wrong(error.to_string()))?;
    let string = |value: &Value| value.as_str().map(str::to_owned);
    let field = |name: &str| table.get(name).and_then(string).ok_or_else(|| wrong(format!("{name} must be a string")));
    let qemu = table.get("qemu").and_then(Value::as_array).and_then(|words| words.iter().map(string).collect());
    Ok(Board {
        name: field("name")?,
        target: field("target")?,
        qemu: qemu.ok_or_else(|| wrong("qemu must be a list of strings".to_owned()))?,
        workspace: workspace.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::{Board, BoardError};
    use std::path::Path;

    #[test]
    fn finds_the_board_from_any_folder_and_names_those_that_there_are() {
        let board = Board::find("mps2-an386", Path::new("/")).unwrap();
        assert_eq!(board.target, "thumbv7em-none-eabihf");
        assert_eq!(board.qemu.first().map(String::as_str), Some("qemu-system-arm"));
        let Err(BoardError::Unknown { known, .. }) = Board::find("arduino", Path::new("/")) else { panic!() };
        assert!(known.contains(&"mps2-an386".to_owned()));
    }
}
