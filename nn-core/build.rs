//! Says by the cfg `nn_fpu` whether the target is an M-profile processor with Arm's single-precision FPU.
//!
//! Rust has no stable cfg for that: `target_feature` of Arm is unstable, and `target_abi` cannot tell M from R.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(nn_fpu)");
    let target = std::env::var("TARGET").unwrap_or_default();
    if target.starts_with("thumbv") && target.ends_with("-eabihf") {
        println!("cargo::rustc-cfg=nn_fpu");
    }
}
