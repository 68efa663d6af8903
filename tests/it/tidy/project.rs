//! The project's files, as git lists them.

use std::fs;
use std::process::Command;
use std::sync::OnceLock;

use nn_tests::workspace;

use super::File;

/// The paths of all files that are not ignored, whether they have been added yet or not.
pub(super) fn paths() -> Vec<String> {
    let mut git = Command::new("git");
    let list = git.current_dir(workspace()).args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"]);
    let output = list.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let listed = String::from_utf8(output.stdout).unwrap();
    // What has been deleted is listed until that is committed.
    listed.split_terminator('\0').filter(|path| workspace().join(path).exists()).map(str::to_owned).collect()
}

/// All files that are text.
pub(super) fn files() -> &'static [File] {
    static FILES: OnceLock<Vec<File>> = OnceLock::new();
    let read = |path: String| {
        let bytes = fs::read(workspace().join(&path)).ok()?;
        Some(File { path, text: String::from_utf8(bytes).ok()? })
    };
    FILES.get_or_init(|| paths().into_iter().filter_map(read).collect())
}

#[test]
fn every_kind_of_file_is_found() {
    let ours = file!().replace('\\', "/");
    assert!(files().iter().any(|file| ours.ends_with(&file.path)), "{ours} is not among the files");
    for ending in [".rs", ".toml", ".md", "/run", ".stderr"] {
        assert!(files().iter().any(|file| file.path.ends_with(ending)), "no {ending}");
    }
    for folder in ["nn-core/src/", "nn-host/src/"] {
        assert!(files().iter().any(|file| file.path.starts_with(folder)), "nothing in {folder}");
    }
    assert!(paths().iter().any(|path| path.ends_with(".nn")) && !files().iter().any(|file| file.path.ends_with(".nn")));
    assert!(!paths().iter().any(|path| path.starts_with("target/")), "ignored files do not count");
}
