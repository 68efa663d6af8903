//! No panic, no heap: every entry point links for every chip, with a panic handler that calls a symbol which is
//! missing, and no allocator. The entries are those of `tests/entries`.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use nn_host::device::{Image, Toolchain};
use nn_tests::workspace;
use object::read::archive::ArchiveFile;
use rayon::prelude::*;

/// The compiler's names of the chips: Cortex-M0, M3, M4F and M7, M33, RISC-V.
const TARGETS: [&str; 5] = [
    "thumbv6m-none-eabi",
    "thumbv7m-none-eabi",
    "thumbv7em-none-eabihf",
    "thumbv8m.main-none-eabihf",
    "riscv32imc-unknown-none-elf",
];

/// What the symbols of entries begin with.
const ENTRY: &str = "entry::nn_entries::";

/// Entries that must not link, each with the symbol that is missing.
const PLANTED: [(&str, &str); 2] = [("planted::index", "panic_is_reachable"), ("planted::heap", "malloc")];

/// The entries as a library for a target.
struct Library {
    linker: PathBuf,
    path: PathBuf,
}

impl Library {
    fn build(target: &str) -> Self {
        let toolchain = Toolchain::find(target).unwrap();
        let mut cargo = toolchain.cargo_build(workspace(), target);
        cargo.args(["--package", "nn-entries", "--profile", "firmware", "--message-format=json-render-diagnostics"]);
        let output = cargo.stdin(Stdio::null()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let path = library(&output.stdout).unwrap();
        Self { linker: Toolchain::linker().unwrap(), path }
    }

    /// The names of all that other programs could use.
    fn symbols(&self) -> Vec<String> {
        let bytes = fs::read(&self.path).unwrap();
        let symbols = ArchiveFile::parse(&*bytes).unwrap().symbols().unwrap().unwrap();
        symbols.map(|symbol| String::from_utf8_lossy(symbol.unwrap().name()).into_owned()).collect()
    }

    /// Links one entry with all that it needs, and nothing else.
    fn link(&self, entry: &str, options: &[&str]) -> Output {
        let mut linker = Command::new(&self.linker);
        linker.args(["-flavor", "gnu", "--gc-sections", "-e"]).arg(format!("{ENTRY}{entry}"));
        linker.args(options).arg(&self.path).output().unwrap()
    }

    /// What the linker says that an entry needs and must not have; `None` if it links.
    fn missing(&self, entry: &str) -> Option<String> {
        let output = self.link(entry, &["--fatal-warnings", "-o", "/dev/null"]);
        (!output.status.success()).then(|| String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// The calls by which an entry comes to a panic, as far as the linker can say.
    fn way_to_panic(&self, entry: &str) -> String {
        let output = self.link(entry, &["--defsym=panic_is_reachable=0", "--why-live=*panicking*", "-o", "/dev/null"]);
        let lines = String::from_utf8_lossy(&output.stdout).into_owned();
        let calls = lines.lines().filter_map(|line| line.split_once("referenced by: ")?.1.split_once(":("));
        calls.map(|(_, function)| format!("\n    from ({function}")).collect()
    }
}

/// The static library that cargo's messages name last.
fn library(messages: &[u8]) -> Option<PathBuf> {
    let mut paths = messages.split(|&byte| byte == b'\n').rev().filter_map(|message| {
        let message: serde_json::Value = serde_json::from_slice(message).ok()?;
        let files = message.get("filenames")?.as_array()?.iter().filter_map(|file| file.as_str().map(PathBuf::from));
        files.into_iter().find(|file| file.extension() == Some("a".as_ref()))
    });
    paths.next()
}

#[test]
fn every_entry_point_links_without_a_panic_and_without_a_heap() {
    let mut failures = Vec::new();
    for target in TARGETS {
        let library = Library::build(target);
        let symbols = library.symbols();
        let allocator = symbols.iter().find(|name| name.contains("__rust_alloc") || *name == "malloc");
        assert_eq!(allocator, None);
        let entries = symbols.iter().filter_map(|name| name.strip_prefix(ENTRY));
        let (planted, entries): (Vec<_>, Vec<_>) = entries.partition(|entry| entry.starts_with("planted::"));
        assert!(entries.len() > planted.len() && planted.len() == PLANTED.len(), "{symbols:?}");
        failures.par_extend(entries.par_iter().filter_map(|entry| {
            let missing = library.missing(entry)?;
            Some(format!("{target}: {entry}: {missing}{}", library.way_to_panic(entry)))
        }));
        for (entry, symbol) in PLANTED {
            let missing = library.missing(entry).unwrap();
            assert!(missing.contains(&format!("undefined symbol: {symbol}")), "{target}: {entry}: {missing}");
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_way_to_a_planted_panic_is_shown() {
    let library = Library::build(TARGETS[0]);
    let way = library.way_to_panic("planted::index");
    assert!(way.contains("planted::index"), "{way}");
}

#[test]
fn an_image_tells_of_panics_and_allocators() {
    let library = Library::build(TARGETS[0]);
    let folder = tempfile::tempdir().unwrap();
    let image = |entry: &str, given: &[&str]| {
        let path = folder.path().join("image");
        let output = library.link(entry, &[given, &["-o", path.to_str().unwrap()]].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let image = Image::read(&path).unwrap();
        (image.has_panic, image.has_allocator)
    };
    assert_eq!(image("planted::index", &["--defsym=panic_is_reachable=0"]), (true, false));
    assert_eq!(image("planted::heap", &["--defsym=malloc=0"]), (false, true));
    assert_eq!(image("kernel::affine", &[]), (false, false));
}
