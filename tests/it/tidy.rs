//! What can drift in the text of the project.
//!
//! Each check is a function from files, as pairs of path and text, to offenders, as `path:line: what`; beside the
//! test that runs it on the project stands one with a planted offender that it must find.

/// Attributes that switch a lint or a test off.
mod attributes;
/// The commands that `README.md` shows.
mod commands;
/// Which module may use which.
mod dependencies;
/// Entry points that are linked without a panic.
mod entries;
/// Heads, names, lengths, the top level.
mod files;
/// What somebody left behind: notes to oneself, paths of a machine, hosts of a registry.
mod leftovers;
/// Links between documents.
mod links;
/// The project's files, as git lists them.
mod project;
/// Rust text: what of it is code, what of that is tests.
mod source;
/// Numbers in files and messages.
mod tags;

pub(crate) use tags::record_tags;

/// A path from the root of the project, and the text there.
struct File {
    path: String,
    text: String,
}

impl File {
    fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Whether all of it is tests.
    fn is_test(&self) -> bool {
        self.path.starts_with("tests/") || self.path.contains("/tests/") || self.path.ends_with("/tests.rs")
    }

    /// An offender in the line that holds byte `at` of `text`, which has the lines of this file.
    fn offender(&self, text: &str, at: usize, what: &str) -> String {
        format!("{}:{}: {what}", self.path, source::line(text, at))
    }
}

#[track_caller]
fn none(offenders: &[String]) {
    assert!(offenders.is_empty(), "offenders: {}\n{}", offenders.len(), offenders.join("\n"));
}
