//! For a board: the linker script, and the model file of `NN_MODEL` as bytes in flash and as a Rust type.

use std::path::{Path, PathBuf};
use std::{env, fs};

use nn_core::format::Model;

#[path = "build/network_type.rs"]
mod network_type;

use network_type::network_type;

/// The boards: the name, which is that of the feature that chooses it, and the map of its memory.
const BOARDS: [(&str, &str); 7] = [
    ("microbit", "microbit/memory.x"),
    ("microbit-large", "microbit_large/memory.x"),
    ("mps2-an385", "mps2/memory.x"),
    ("mps2-an386", "mps2/memory.x"),
    ("mps2-an500", "mps2/memory.x"),
    ("mps2-an505", "mps2_an505/memory.x"),
    ("riscv-virt", "riscv_virt/memory.x"),
];

fn main() -> Result<(), String> {
    println!("cargo::rerun-if-env-changed=NN_MODEL");
    // A file that takes the model's place may be older than what was built from the one before.
    println!("cargo::rerun-if-env-changed=NN_MODEL_SHA256");
    println!("cargo::rerun-if-changed=src/board");
    println!("cargo::rerun-if-changed=src/bin");
    let Some((board, memory)) = BOARDS.iter().find(|(board, _)| is_chosen(board)) else {
        return Ok(()); // the library alone, on the host
    };
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    write(&out.join("memory.x"), &read(&Path::new("src/board").join(memory))?)?;
    write(&out.join("demo.x"), &read(Path::new("src/bin/demo.x"))?)?;
    println!("cargo::rustc-env=NN_BOARD={board}");
    println!("cargo::rustc-link-search={}", out.display());
    println!("cargo::rustc-link-arg-bins=-Tlink.x");
    println!("cargo::rustc-link-arg-bins=--nmagic"); // sections need no alignment to pages
    println!("cargo::rustc-link-arg-bin=demo=-Tdemo.x");
    model(&out)
}

/// Whether cargo has been asked for the feature of this board.
fn is_chosen(board: &str) -> bool {
    env::var_os(format!("CARGO_FEATURE_{}", board.to_uppercase().replace('-', "_"))).is_some()
}

/// The model file as it goes into the demo, or what says that there is none when the demo is compiled.
fn model(out: &Path) -> Result<(), String> {
    let Some(path) = env::var_os("NN_MODEL").map(PathBuf::from) else {
        let absent = r#"compile_error!("set NN_MODEL to the path of a model file, as `nn firmware build` does");"#;
        return write(&out.join("model.rs"), absent.as_bytes());
    };
    println!("cargo::rerun-if-changed={}", path.display());
    let bytes = read(&path)?;
    let source = source(&bytes).map_err(|error| format!("{}: {error}", path.display()))?;
    write(&out.join("model.nn"), &bytes)?;
    write(&out.join("model.rs"), source.as_bytes())
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(path, bytes).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// The model file as Rust: its bytes, aligned, and the type of its network.
fn source(bytes: &[u8]) -> Result<String, String> {
    let mut words = vec![0_u128; bytes.len().div_ceil(16)];
    let aligned = bytemuck::cast_slice_mut::<u128, u8>(&mut words).get_mut(..bytes.len()).unwrap_or_default();
    aligned.copy_from_slice(bytes);
    let model = Model::parse(aligned).map_err(|error| error.to_string())?;
    let network = network_type(&model).ok_or("the model has no layers")?;
    Ok(format!(
        "/// The model file, in flash.\n\
         static MODEL: Aligned<[u8; {}]> = Aligned(*include_bytes!(concat!(env!(\"OUT_DIR\"), \"/model.nn\")));\n\n\
         /// The type of its network.\n\
         type Network<'m> = {network};\n",
        bytes.len()
    ))
}
