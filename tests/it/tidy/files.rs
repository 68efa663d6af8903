//! Heads, names and lengths of files, and the top level of the project.

use super::project::{files, paths};
use super::source::lines_without_tests;
use super::{File, none};

/// Names that say nothing of what is inside.
const EMPTY_NAMES: [&str; 7] = ["base", "common", "helper", "helpers", "misc", "util", "utils"];

/// What stands at the top; names that begin with a dot are free.
const TOP: [&str; 11] = [
    "Cargo.toml",
    "Cargo.lock",
    "nn-core",
    "nn-host",
    "nn-firmware",
    "tests",
    "README.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
];

/// The most lines of a file, tests aside.
const MOST_LINES: usize = 300;

/// Files that may be longer, each with the reason.
const LONG: [(&str, &str); 0] = [];

fn without_head(files: &[File]) -> Vec<String> {
    let has_head = |file: &File| {
        let head = file.text.lines().next().and_then(|line| line.strip_prefix("//! "));
        head.is_some_and(|head| !head.trim().is_empty())
    };
    let headless = files.iter().filter(|file| file.is_rust() && !has_head(file));
    headless.map(|file| file.offender("", 0, "the first line is no `//! …` that says what the file is")).collect()
}

fn with_empty_name(paths: &[String]) -> Vec<String> {
    let is_empty = |part: &str| EMPTY_NAMES.contains(&part.split('.').next().unwrap_or_default());
    let offenders = paths.iter().filter(|path| path.to_lowercase().split('/').any(is_empty));
    offenders.map(|path| format!("{path}:1: a name that does not say what is inside")).collect()
}

fn lines_of_long(files: &[File]) -> impl Iterator<Item = (&File, usize)> {
    let code = files.iter().filter(|file| file.is_rust() && !file.is_test());
    code.map(|file| (file, lines_without_tests(&file.text))).filter(|&(_, lines)| lines > MOST_LINES)
}

fn too_long(files: &[File], exceptions: &[(&str, &str)]) -> Vec<String> {
    let is_excepted = |file: &File| exceptions.iter().any(|&(path, _)| path == file.path);
    let offenders = lines_of_long(files).filter(|(file, _)| !is_excepted(file));
    offenders
        .map(|(file, lines)| format!("{}:{MOST_LINES}: {lines} lines without tests, at most {MOST_LINES}", file.path))
        .collect()
}

fn stale(files: &[File], exceptions: &[(&str, &str)]) -> Vec<String> {
    let is_needed = |path: &str| lines_of_long(files).any(|(file, _)| file.path == path);
    let offenders = exceptions.iter().filter(|(path, _)| !is_needed(path));
    offenders.map(|(path, reason)| format!("{path}:1: needs no exception ({reason})")).collect()
}

fn strangers_at_the_top(paths: &[String]) -> Vec<String> {
    let is_stranger = |path: &&String| {
        let top = path.split('/').next().unwrap_or_default();
        !top.starts_with('.') && !TOP.contains(&top)
    };
    paths.iter().filter(is_stranger).map(|path| format!("{path}:1: does not belong to the top level")).collect()
}

fn owned(paths: &[&str]) -> Vec<String> {
    paths.iter().map(|&path| path.to_owned()).collect()
}

#[test]
fn every_file_starts_with_what_it_is() {
    none(&without_head(files()));
}

#[test]
fn a_file_without_head_is_found() {
    let good = File::new("good.rs", "//! Good.\n");
    let bad =
        ["", "\n//! Late.\n", "//!\n//! Late.\n", "// No head.\n", "//! \n"].map(|text| File::new("bad.rs", text));
    assert_eq!(without_head(&[good, File::new("a.md", "# A\n")]), [""; 0]);
    assert_eq!(without_head(&bad).len(), bad.len());
    let expected = "bad.rs:1: the first line is no `//! …` that says what the file is";
    assert!(without_head(&bad).iter().all(|offender| offender == expected));
}

#[test]
fn every_name_says_what_is_inside() {
    none(&with_empty_name(&paths()));
}

#[test]
fn an_empty_name_is_found() {
    let paths = owned(&["a/utils.rs", "Common/b.rs", "c/misc/d.py", "base", "commons.rs", "a/database.rs"]);
    let expected = ["a/utils.rs", "Common/b.rs", "c/misc/d.py", "base"];
    assert_eq!(
        with_empty_name(&paths),
        expected.map(|path| format!("{path}:1: a name that does not say what is inside"))
    );
}

#[test]
fn no_file_is_longer_than_one_idea() {
    none(&too_long(files(), &LONG));
}

#[test]
fn a_long_file_is_found() {
    let long = format!("{}#[cfg(test)]\nmod tests {{\n}}\n", "a\n".repeat(301));
    let tested = format!("{}#[cfg(test)]\nmod tests {{\n{}}}\n", "a\n".repeat(300), "b\n".repeat(300));
    let files = [File::new("src/a.rs", &long), File::new("src/b.rs", &tested), File::new("tests/c.rs", &long)];
    assert_eq!(too_long(&files, &[]), ["src/a.rs:300: 301 lines without tests, at most 300"]);
    assert_eq!(too_long(&files, &[("src/a.rs", "a table")]), [""; 0]);
}

#[test]
fn every_exception_is_needed() {
    none(&stale(files(), &LONG));
}

#[test]
fn a_stale_exception_is_found() {
    let files = [File::new("a.rs", &"a\n".repeat(301)), File::new("b.rs", "")];
    let exceptions = [("a.rs", "long"), ("b.rs", "was long"), ("c.rs", "gone")];
    assert_eq!(
        stale(&files, &exceptions),
        ["b.rs:1: needs no exception (was long)", "c.rs:1: needs no exception (gone)"]
    );
}

#[test]
fn nothing_else_stands_at_the_top() {
    none(&strangers_at_the_top(&paths()));
}

#[test]
fn a_stranger_at_the_top_is_found() {
    let paths = owned(&["Cargo.toml", "tests/a.rs", ".ci/run", "notes.md", "nn-corea/b.rs"]);
    let expected =
        ["notes.md:1: does not belong to the top level", "nn-corea/b.rs:1: does not belong to the top level"];
    assert_eq!(strangers_at_the_top(&paths), expected);
}
