//! What somebody left behind: notes to oneself, paths of a machine, hosts of a registry.
//!
//! What is looked for is put together from pieces, so that this file holds none of it.

use super::project::files;
use super::source::{has_word, starts_of};
use super::{File, none};

const NOTES: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX")];

const MACROS: [&str; 3] = [concat!("todo", "!("), concat!("unimplemented", "!("), concat!("dbg", "!(")];

const FOLDERS: [&str; 4] =
    [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/Us", "ers/")];

const HOSTS: [&str; 6] = [
    concat!("index.crates", ".io"),
    concat!("static.crates", ".io"),
    concat!("pypi", ".org"),
    concat!("files.pythonhosted", ".org"),
    concat!("deb.debian", ".org"),
    concat!("registry.npmjs", ".org"),
];

/// Each line with its number.
fn lines(file: &File) -> impl Iterator<Item = (usize, &str)> {
    file.text.lines().zip(1..).map(|(line, number)| (number, line))
}

/// Notes and macros that say that something is not finished.
fn unfinished(files: &[File]) -> Vec<String> {
    let mut offenders = Vec::new();
    for file in files.iter().filter(|file| file.is_rust()) {
        for (number, line) in lines(file) {
            let notes = NOTES.iter().filter(|note| has_word(line, note));
            let macros = MACROS.iter().filter(|name| starts_of(line, name).next().is_some());
            offenders.extend(notes.chain(macros).map(|found| format!("{}:{number}: {found}", file.path)));
        }
    }
    offenders
}

/// Absolute paths that exist on somebody's machine only.
fn paths_of_a_machine(files: &[File]) -> Vec<String> {
    // After one of these a folder's name goes on a path that began elsewhere.
    let goes_on = |c: char| c.is_alphanumeric() || "_-.~)}>".contains(c);
    let begins = |line: &str, folder: &str| line.match_indices(folder).any(|(at, _)| !line[..at].ends_with(goes_on));
    let mut offenders = Vec::new();
    for file in files {
        for (number, line) in lines(file) {
            let found = FOLDERS.iter().filter(|folder| begins(line, folder));
            offenders.extend(found.map(|folder| format!("{}:{number}: a path in {folder}", file.path)));
        }
    }
    offenders
}

/// Hosts that packages come from, which the tools know by themselves.
fn hosts_of_a_registry(files: &[File]) -> Vec<String> {
    let names_them_itself = |file: &File| file.path == "Cargo.lock" || file.path.starts_with("LICENSE");
    let mut offenders = Vec::new();
    for file in files.iter().filter(|file| !names_them_itself(file)) {
        for (number, line) in lines(file) {
            let found = HOSTS.iter().filter(|host| line.contains(**host));
            offenders.extend(found.map(|host| format!("{}:{number}: names {host}", file.path)));
        }
    }
    offenders
}

#[test]
fn everything_is_finished() {
    none(&unfinished(files()));
}

#[test]
fn what_is_unfinished_is_found() {
    for found in NOTES.into_iter().chain(MACROS) {
        let file = File::new("a.rs", &format!("//! A.\n// {found}) later\n"));
        assert_eq!(unfinished(&[file]), [format!("a.rs:2: {found}")]);
    }
    let whole_words = File::new("a.rs", &format!("const {}S: u8 = my_{}x);", NOTES[0], MACROS[0]));
    assert_eq!(unfinished(&[whole_words]), [""; 0]);
}

#[test]
fn no_path_is_of_a_machine() {
    none(&paths_of_a_machine(files()));
}

#[test]
fn a_path_of_a_machine_is_found() {
    for folder in FOLDERS {
        let text = format!("fine\n\"{folder}main\"\n/usr/bin\nhttps://example.com{folder}\n../a{folder}\n$X{folder}\n");
        assert_eq!(paths_of_a_machine(&[File::new("a.md", &text)]), [format!("a.md:2: a path in {folder}")]);
    }
}

#[test]
fn no_host_of_a_registry_is_named() {
    none(&hosts_of_a_registry(files()));
}

#[test]
fn a_host_of_a_registry_is_found() {
    for host in HOSTS {
        let text = format!("crates.io\nhttps://{host}/simple\n");
        let files = ["Cargo.lock", "a.toml", "LICENSE-MIT"].map(|path| File::new(path, &text));
        assert_eq!(hosts_of_a_registry(&files), [format!("a.toml:2: names {host}")]);
    }
}
