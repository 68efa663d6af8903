//! Attributes that switch a lint or a test off say why.

use super::project::files;
use super::source::{bracketed, code, has_word, starts_of};
use super::{File, none};

/// Each attribute of a code, with its place.
fn attributes(code: &str) -> impl Iterator<Item = (usize, &str)> {
    code.match_indices('#').filter_map(move |(at, _)| {
        let bracket = at + 1 + usize::from(code[at + 1..].starts_with('!'));
        code[bracket..].starts_with('[').then(|| (at, bracketed(&code[bracket..])))
    })
}

/// Lints that are allowed or expected without a reason.
fn lints_without_reason(files: &[File]) -> Vec<String> {
    let mut offenders = Vec::new();
    for file in files.iter().filter(|file| file.is_rust()) {
        let code = code(&file.text);
        for (at, attribute) in attributes(&code) {
            for level in ["allow", "expect"] {
                let open = format!("{level}(");
                let groups = starts_of(attribute, &open).map(|start| bracketed(&attribute[start + level.len()..]));
                let silent = groups.filter(|group| !has_word(group, "reason"));
                offenders
                    .extend(silent.map(|lints| file.offender(&code, at, &format!("{level}{lints} has no reason"))));
            }
        }
    }
    offenders
}

/// Tests that are ignored without a reason.
fn tests_ignored_without_reason(files: &[File]) -> Vec<String> {
    let mut offenders = Vec::new();
    for file in files.iter().filter(|file| file.is_rust()) {
        let code = code(&file.text);
        for (at, attribute) in attributes(&code) {
            if has_word(attribute, "ignore") && !attribute.contains("ignore =") {
                offenders.push(file.offender(&code, at, "ignored without a reason"));
            }
        }
    }
    offenders
}

#[test]
fn every_lint_that_is_switched_off_has_a_reason() {
    none(&lints_without_reason(files()));
}

#[test]
fn a_lint_without_reason_is_found() {
    let text = "#![allow(a)]\n#[expect(b, reason = \"c\")]\n#[cfg_attr(test, allow(d, reason = \"e\"), expect(\nf))]\n\
        // #[allow(g)]\n#[arg(allow_h = true)]\nfn i() { j.expect(k[#[allow(l)] 0]) }\n";
    let expected =
        ["a.rs:1: allow(a) has no reason", "a.rs:3: expect(\nf) has no reason", "a.rs:7: allow(l) has no reason"];
    assert_eq!(lints_without_reason(&[File::new("a.rs", text), File::new("a.md", text)]), expected);
}

#[test]
fn every_ignored_test_has_a_reason() {
    none(&tests_ignored_without_reason(files()));
}

#[test]
fn a_test_ignored_without_reason_is_found() {
    let text = "#[test]\n#[ignore = \"slow\"]\n#[ignore]\n#[cfg_attr(unix, ignore)]\n";
    let expected = ["a.rs:3: ignored without a reason", "a.rs:4: ignored without a reason"];
    assert_eq!(tests_ignored_without_reason(&[File::new("a.rs", text)]), expected);
}
