//! Which module of nn-core may use which, and what only some of them may use.

use super::project::files;
use super::source::{bracketed, code, code_without_tests, has_word, starts_of};
use super::{File, none};

/// A module of nn-core, and the modules or items that it may use besides itself.
type Rule = (&'static str, &'static [&'static str]);

const RULES: [Rule; 20] = [
    ("fpu", &[]),
    ("dsp", &["int8", "zero"]),
    ("math", &["fpu"]),
    ("random", &["math"]),
    ("kernel", &["fpu"]),
    ("setting", &[]),
    ("table", &["setting"]),
    ("zero", &[]),
    ("vector", &["zero"]),
    ("activation", &["math", "setting", "table", "vector"]),
    ("loss", &["activation", "math", "setting", "table", "vector"]),
    ("optimizer", &["math", "random", "table", "vector", "zero"]),
    ("constraint", &["math", "setting", "table"]),
    ("init", &["math", "random", "setting", "table"]),
    (
        "layer",
        &[
            "activation",
            "dsp",
            "init",
            "int8",
            "kernel",
            "loss",
            "math",
            "optimizer",
            "random",
            "train::Occasion",
            "vector",
            "zero",
        ],
    ),
    ("train", &["init", "layer", "loss", "optimizer", "random", "zero"]),
    ("int8", &["activation", "math"]),
    ("memory", &["budget", "layer", "optimizer", "train"]),
    ("format", &["activation", "int8", "layer", "loss", "setting"]),
    ("link", &["format"]),
];

const CORE: &str = "nn-core/src/";

/// The code of these files, tests aside.
fn sources<'f>(files: &'f [File], folder: &'f str) -> impl Iterator<Item = (&'f File, String)> {
    let files = files.iter().filter(move |file| file.path.starts_with(folder) && file.is_rust() && !file.is_test());
    files.map(|file| (file, code_without_tests(&file.text)))
}

/// What a path or a tree of imports leads to: `a::{b, c::d}` to `a::b` and `a::c::d`.
fn leaves(tree: &str) -> Vec<String> {
    let end = tree.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(tree.len());
    let (head, rest) = tree.split_at(end);
    if !rest.starts_with('{') {
        return vec![head.to_owned()];
    }
    let inside = bracketed(rest).strip_prefix('{').and_then(|inside| inside.strip_suffix('}')).unwrap_or_default();
    let mut depth = 0_usize;
    let ends_branch = |c| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    };
    let branches = inside.split(ends_branch).map(str::trim).filter(|branch| !branch.is_empty());
    branches.flat_map(leaves).map(|leaf| format!("{head}{leaf}")).collect()
}

/// The paths from the root of the crate in the code of a file, each with its place.
fn paths_from_root(file: &File, code: &str) -> Vec<(usize, String)> {
    let module = file.path[CORE.len()..].trim_end_matches(".rs").trim_end_matches("/mod");
    let to_root = "super::".repeat(module.split('/').count());
    let leaves = |at: usize, root: &str| leaves(&code[at + root.len()..]).into_iter().map(move |leaf| (at, leaf));
    let absolute = starts_of(code, "crate::").flat_map(|at| leaves(at, "crate::"));
    let relative = starts_of(code, &to_root).filter(|&at| !code[..at].ends_with("super::"));
    // Inside of a module in the file it leads less far, to what is no module of the root.
    let relative = relative.flat_map(|at| leaves(at, &to_root)).filter(|(_, leaf)| rule(leaf).is_some());
    absolute.chain(relative).collect()
}

/// The rule of the module that a path begins with.
fn rule(path: &str) -> Option<&'static Rule> {
    RULES.iter().find(|(module, _)| path.split(':').next() == Some(module))
}

/// Whether a path, whose first part is a module or what the root re-exports, is among those that may be used.
fn may_use(allowed: &[&str], path: &str) -> bool {
    let path = match path {
        "SettingError" => "setting::SettingError",
        "Zero" => "zero::Zero",
        "Vector" => "vector::Vector",
        path => path,
    };
    allowed
        .iter()
        .any(|allowed| path.strip_prefix(allowed).is_some_and(|rest| rest.is_empty() || rest.starts_with(':')))
}

fn top_module(file: &File) -> &str {
    file.path[CORE.len()..].split(['/', '.']).next().unwrap_or_default()
}

fn forbidden_dependencies(files: &[File]) -> Vec<String> {
    let mut offenders = Vec::new();
    for (file, code) in sources(files, CORE) {
        let module = top_module(file);
        let Some((_, allowed)) = rule(module) else {
            if module != "lib" {
                offenders.push(file.offender("", 0, &format!("no rule says what {module} may use")));
            }
            continue;
        };
        let paths = paths_from_root(file, &code).into_iter();
        let forbidden = paths.filter(|(_, path)| !may_use(&[module], path) && !may_use(allowed, path));
        offenders.extend(forbidden.map(|(at, path)| file.offender(&code, at, &format!("{module} may not use {path}"))));
    }
    offenders
}

/// Rules for modules that are gone.
fn stale(files: &[File], rules: &[Rule]) -> Vec<String> {
    let exists = |module: &str| sources(files, CORE).any(|(file, _)| top_module(file) == module);
    let offenders = rules.iter().filter(|(module, _)| !exists(module));
    offenders.map(|(module, _)| format!("{CORE}{module}:1: has a rule and is not there")).collect()
}

/// A name of a crate or trait that only some of nn-core may use, with where that is.
struct Reserved {
    name: &'static str,
    places: &'static [&'static str],
}

const RESERVED: [Reserved; 7] = [
    Reserved { name: "unsafe", places: &["nn-core/src/fpu/", "nn-core/src/dsp/"] },
    Reserved { name: "libm", places: &["nn-core/src/math/"] },
    Reserved { name: "micromath", places: &["nn-core/src/math/approximate.rs"] },
    Reserved { name: "nalgebra", places: &["nn-core/src/layer/matrix.rs"] },
    Reserved { name: "Serialize", places: &["nn-core/src/format/", "nn-core/src/link/"] },
    Reserved { name: "Deserialize", places: &["nn-core/src/format/", "nn-core/src/link/"] },
    Reserved { name: "std", places: &["nn-core/src/math/sqrt_std.rs"] },
];

/// Reserved names elsewhere in nn-core.
fn reserved_names(files: &[File]) -> Vec<String> {
    let mut offenders = Vec::new();
    for (file, code) in sources(files, CORE) {
        let elsewhere = RESERVED.iter().filter(|name| !name.places.iter().any(|place| file.path.starts_with(place)));
        for Reserved { name, .. } in elsewhere {
            let lines =
                code.lines().zip(1..).filter(|(line, _)| has_word(line, name) && line.trim() != "extern crate std;");
            offenders.extend(lines.map(|(_, number)| format!("{}:{number}: {name} is not for here", file.path)));
        }
    }
    offenders
}

/// The functions that formulas are made of; nn-host calls those of nn-core.
const FUNCTIONS: [&str; 7] = ["exp", "ln", "sqrt", "tanh", "powf", "powi", "mul_add"];

/// Metrics are reports, which no weight depends on, and solvers are linear algebra over what the formulas give; both are the
/// host's, and take roots, which are exact everywhere.
fn is_root_of_host(file: &File, name: &str) -> bool {
    ["metric", "second_order"].iter().any(|folder| file.path.starts_with(&format!("nn-host/src/{folder}/")))
        && name == "sqrt"
}

/// Plots place what they show: logarithmic axes, sizes near to squares. No weight depends on that either.
fn is_geometry_of_plot(file: &File, name: &str) -> bool {
    file.path.starts_with("nn-host/src/plot/") && ["ln", "powf", "sqrt"].contains(&name)
}

/// Formulas in nn-host: functions of floats, as methods or by the path of their type.
fn formulas(files: &[File]) -> Vec<String> {
    let mut offenders = Vec::new();
    for file in files.iter().filter(|file| file.path.starts_with("nn-host/src/") && file.is_rust()) {
        let is_excepted = |name: &str| is_root_of_host(file, name) || is_geometry_of_plot(file, name);
        for (line, number) in code(&file.text).lines().zip(1..) {
            let calls = |name: &str| {
                let is_call = line.contains(&format!(".{name}("));
                is_call || ["f32", "f64"].iter().any(|float| has_path(line, &format!("{float}::{name}")))
            };
            let found = FUNCTIONS.iter().filter(|name| calls(name) && !is_excepted(name));
            offenders
                .extend(found.map(|name| format!("{}:{number}: {name} belongs to a formula, in nn-core", file.path)));
        }
    }
    offenders
}

/// Whether a path stands there that goes no further.
fn has_path(line: &str, path: &str) -> bool {
    starts_of(line, path).any(|at| !line[at + path.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_'))
}

#[test]
fn modules_of_the_core_use_what_they_may() {
    none(&forbidden_dependencies(files()));
}

#[test]
fn a_forbidden_dependency_is_found() {
    let layer = "//! A crate::format.\nuse crate::{Zero, kernel};\nuse crate::train::{\n    Occasion,\n    BatchTrainer,\n};\n\
        use crate::{activation::{Kind, relu::Relu}, format::Model};\nfn f() { crate::link::g(super::super::table::h) }\n\
        #[cfg(test)]\nmod tests {\n    use crate::format::Model;\n}\n";
    let files = [
        File::new("nn-core/src/layer/dense.rs", layer),
        File::new("nn-core/src/math/mod.rs", "use super::format::a;\nmod tag {\n    use super::A;\n}\n"),
        File::new("nn-core/src/link/a/mod.rs", "use super::math;\nuse super::super::{math, format};\n"),
        File::new("nn-core/src/new.rs", "//! New.\n"),
        File::new("nn-core/src/lib.rs", "//! Root.\npub use zero::Zero;\n"),
        File::new("nn-core/src/kernel/tests.rs", "use crate::math;\n"),
        File::new("nn-core/src/zero.rs", "$crate::zero::Zero; crate::Zero; crate::zeros::f();\n"),
    ];
    let expected = [
        "nn-core/src/layer/dense.rs:3: layer may not use train::BatchTrainer",
        "nn-core/src/layer/dense.rs:7: layer may not use format::Model",
        "nn-core/src/layer/dense.rs:8: layer may not use link::g",
        "nn-core/src/layer/dense.rs:8: layer may not use table::h",
        "nn-core/src/math/mod.rs:1: math may not use format::a",
        "nn-core/src/link/a/mod.rs:2: link may not use math",
        "nn-core/src/new.rs:1: no rule says what new may use",
        "nn-core/src/zero.rs:1: zero may not use zeros::f",
    ];
    assert_eq!(forbidden_dependencies(&files), expected);
}

#[test]
fn every_rule_is_about_a_module() {
    none(&stale(files(), &RULES));
}

#[test]
fn a_rule_about_nothing_is_found() {
    let files = ["a/b.rs", "c.rs", "d.txt"].map(|path| File::new(&format!("{CORE}{path}"), ""));
    let rules: [Rule; 3] = [("a", &[]), ("c", &[]), ("d", &[])];
    assert_eq!(stale(&files, &rules), ["nn-core/src/d:1: has a rule and is not there"]);
}

#[test]
fn reserved_names_stay_where_they_belong() {
    none(&reserved_names(files()));
}

#[test]
fn a_reserved_name_elsewhere_is_found() {
    let text = "//! libm::expf, std::vec.\nlibm::expf(x);\n#[derive(\n    Serialize)]\nextern crate std;\nstd::vec![];\n\
        use serde::Deserialize;\n#[cfg(test)]\nmod tests {\n    use std::vec;\n}\n";
    let paths = ["math/a.rs", "math/sqrt_std.rs", "format/a.rs", "train/a.rs"];
    let files = paths.map(|path| File::new(&format!("nn-core/src/{path}"), text));
    let expected = [
        "math/a.rs:4: Serialize",
        "math/a.rs:7: Deserialize",
        "math/a.rs:6: std",
        "math/sqrt_std.rs:4: Serialize",
        "math/sqrt_std.rs:7: Deserialize",
        "format/a.rs:2: libm",
        "format/a.rs:6: std",
        "train/a.rs:2: libm",
        "train/a.rs:4: Serialize",
        "train/a.rs:7: Deserialize",
        "train/a.rs:6: std",
    ];
    assert_eq!(reserved_names(&files), expected.map(|found| format!("nn-core/src/{found} is not for here")));
}

#[test]
fn the_host_repeats_no_formula() {
    none(&formulas(files()));
}

#[test]
fn a_formula_in_the_host_is_found() {
    for name in FUNCTIONS {
        let text = format!(
            "//! x.{name}()\nmath::{name}(x);\nx.{name}(y);\nv.map(f32::{name});\nx.{name}_more(); f32::{name}s(x);\n"
        );
        let files = [File::new("nn-host/src/a.rs", &text), File::new("nn-core/src/a.rs", &text)];
        let expected = [3, 4].map(|line| format!("nn-host/src/a.rs:{line}: {name} belongs to a formula, in nn-core"));
        assert_eq!(formulas(&files), expected);
        for folder in ["metric", "second_order"] {
            let found = formulas(&[File::new(&format!("nn-host/src/{folder}/a.rs"), &text)]);
            assert_eq!(found.is_empty(), name == "sqrt", "{found:?}");
        }
        let plot = formulas(&[File::new("nn-host/src/plot/a.rs", &text)]);
        assert_eq!(plot.is_empty(), ["ln", "powf", "sqrt"].contains(&name), "{plot:?}");
    }
}
