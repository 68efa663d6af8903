//! Says what the target's processor has: by the cfg `nn_fpu` Arm's single-precision FPU of the M profile, by `nn_dsp` its
//! instructions on pairs of 16-bit numbers.
//!
//! Rust has no stable cfg for either: `target_feature` of Arm is unstable, and `target_abi` cannot tell M from R.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(nn_fpu, nn_dsp, nn_dsp_is_optional)");
    let target = std::env::var("TARGET").unwrap_or_default();
    let has_fpu = target.starts_with("thumbv") && target.ends_with("-eabihf");
    if has_fpu {
        println!("cargo::rustc-cfg=nn_fpu");
    }
    // Each Cortex-M4 and M7 has them; an M33 can be made without, but hardly one with an FPU is.
    let is_m33 = has_fpu && target.starts_with("thumbv8m.main-");
    if is_m33 {
        println!("cargo::rustc-cfg=nn_dsp_is_optional");
    }
    if target.starts_with("thumbv7em-") || is_m33 {
        println!("cargo::rustc-cfg=nn_dsp");
    }
}
