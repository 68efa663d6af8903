//! Every public function of nn-core is among the entry points that `panic_free` links: the module of its name in
//! `tests/entries` names it.

use super::project::files;
use super::source::{bracketed, code, code_without_tests, has_word, line, starts_of};
use super::{File, none};

const CORE: &str = "nn-core/src/";
const ENTRIES: &str = "tests/entries/src/";

/// Modules that others show: a table's functions and a vector's constants are called by way of their users; what
/// `memory` has runs in the compiler.
const PRIVATE: [&str; 6] = ["lib", "memory", "setting", "table", "vector", "zero"];

/// Files of features, which the entries do without.
const FEATURES: [&str; 3] =
    ["nn-core/src/activation/approximate.rs", "nn-core/src/layer/matrix.rs", "nn-core/src/random/fill.rs"];

/// The public functions of a code and those of its public traits, each with its place.
fn functions(code: &str) -> Vec<(usize, &str)> {
    let traits = starts_of(code, "pub trait ").map(|at| (at, bracketed_body(&code[at..])));
    let in_traits = traits.flat_map(|(at, body)| {
        let start = at + code[at..].find(body).unwrap_or_default();
        starts_of(body, "fn ").map(move |found| start + found)
    });
    let free =
        ["pub fn ", "pub const fn "].map(|opening| starts_of(code, opening).map(move |at| at + opening.len() - 3));
    let places = free.into_iter().flatten().chain(in_traits);
    places.map(|at| (at, code[at + 3..].split(['(', '<']).next().unwrap_or_default())).collect()
}

/// The braces of an item.
fn bracketed_body(item: &str) -> &str {
    item.find('{').map_or("", |at| bracketed(&item[at..]))
}

/// The name of the module below `folder` that a file belongs to.
fn module<'f>(file: &'f File, folder: &str) -> Option<&'f str> {
    file.path.strip_prefix(folder)?.split(['/', '.']).next()
}

fn without_entry(files: &[File]) -> Vec<String> {
    let entries =
        |name: &str| files.iter().find(|file| module(file, ENTRIES) == Some(name)).map(|file| code(&file.text));
    let mut offenders = Vec::new();
    for file in files.iter().filter(|file| file.is_rust() && !FEATURES.contains(&file.path.as_str())) {
        let Some(name) = module(file, CORE).filter(|name| !PRIVATE.contains(name)) else { continue };
        let (code, entries) = (code_without_tests(&file.text), entries(name).unwrap_or_default());
        let missing = functions(&code).into_iter().filter(|(_, function)| !has_word(&entries, function));
        offenders.extend(missing.map(|(at, function)| {
            format!("{}:{}: {function} is no entry in {ENTRIES}{name}.rs", file.path, line(&code, at))
        }));
    }
    offenders
}

#[test]
fn every_public_function_is_an_entry() {
    none(&without_entry(files()));
}

#[test]
fn a_function_that_is_no_entry_is_found() {
    let core = "//! A.\npub fn a(x: f32) {}\nimpl B {\n    pub const fn b<T>() {}\n    pub(super) fn c() {}\n    fn d() {}\n}\n\
        pub trait E: F {\n    fn e(&self);\n    /// fn g\n    fn h(&self) { fn_i() }\n}\nfn j() {}\n\
        #[cfg(test)]\nmod tests {\n    pub fn k() {}\n}\n";
    let files = [
        File::new("nn-core/src/math/a.rs", core),
        File::new("nn-core/src/random.rs", "pub fn l() {}\n"),
        File::new("nn-core/src/table.rs", "pub fn m() {}\n"),
        File::new("tests/entries/src/math.rs", "// b\nentries! {\n    fn n() { a() }\n    fn ab() { h() }\n}\n"),
    ];
    let expected = [
        "nn-core/src/math/a.rs:4: b is no entry in tests/entries/src/math.rs",
        "nn-core/src/math/a.rs:9: e is no entry in tests/entries/src/math.rs",
        "nn-core/src/random.rs:1: l is no entry in tests/entries/src/random.rs",
    ];
    assert_eq!(without_entry(&files), expected);
}
