//! The root of the workspace, where every command runs, and paths that were typed elsewhere.

use std::path::Path;

use crate::error::Error;

/// Options of `nn` whose value is a path.
const PATH_OPTIONS: [&str; 3] = ["--model", "--output", "-o"];

/// Goes to the root of the workspace; returns the arguments, with paths that hold there.
pub(crate) fn enter() -> Result<Vec<String>, Error> {
    let arguments: Result<Vec<_>, _> = std::env::args_os().skip(1).map(|argument| argument.into_string()).collect();
    let arguments =
        arguments.map_err(|found| Error::usage(format!("{found:?} is not UTF-8"), "rename the file, or copy it"))?;
    let no_root = || Error::missing("the path of the workspace", "run this as `cargo xtask`, inside the workspace");
    let package = std::env::var_os("CARGO_MANIFEST_DIR").ok_or_else(no_root)?;
    let root = Path::new(&package).ancestors().nth(2).ok_or_else(no_root)?;
    let started_in = std::env::current_dir().map_err(|_| no_root())?;
    std::env::set_current_dir(root).map_err(|_| no_root())?;
    Ok(if started_in == root { arguments } else { absolute(&arguments, &started_in) })
}

/// The arguments, with the values of path options seen from `folder`.
fn absolute(arguments: &[String], folder: &Path) -> Vec<String> {
    let join = |path: &str| folder.join(path).to_string_lossy().into_owned();
    let mut value_of_path_option = false;
    let resolve = |argument: &String| {
        let is_path = core::mem::replace(&mut value_of_path_option, PATH_OPTIONS.contains(&argument.as_str()));
        match argument.split_once('=') {
            _ if is_path => join(argument),
            Some((option, path)) if PATH_OPTIONS.contains(&option) => format!("{option}={}", join(path)),
            _ => argument.clone(),
        }
    };
    arguments.iter().map(resolve).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_where_the_user_stands() {
        let typed = ["qemu", "--model", "a.nn", "--board=b", "--output=c", "-o", "/d", "demo", "-o"].map(String::from);
        let home = Path::new("/here");
        let expected = ["qemu", "--model", "/here/a.nn", "--board=b", "--output=/here/c", "-o", "/d", "demo", "-o"];
        assert_eq!(absolute(&typed, home), expected);
    }
}
