//! Says what the target's processor has: by the cfg `nn_fpu` Arm's single-precision FPU of the M profile, by `nn_dsp` its
//! instructions on pairs of 16-bit numbers.
//!
//! Rust has no stable cfg for either: `target_feature` of Arm is unstable, and `target_abi` cannot tell M from R.

#[expect(unreachable_pub, reason = "it is a part of the library")]
#[path = "src/int8/target.rs"]
mod target;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/int8/target.rs");
    println!("cargo::rustc-check-cfg=cfg(nn_fpu, nn_dsp, nn_dsp_is_optional)");
    let target = std::env::var("TARGET").unwrap_or_default();
    let has_fpu = target.starts_with("thumbv") && target.ends_with("-eabihf");
    if has_fpu {
        println!("cargo::rustc-cfg=nn_fpu");
    }
    if target::has_dsp(&target) {
        println!("cargo::rustc-cfg=nn_dsp");
    }
    if target::is_m33_with_fpu(&target) {
        println!("cargo::rustc-cfg=nn_dsp_is_optional");
    }
}
