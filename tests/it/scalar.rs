//! Every scalar function over all numbers: its error against f64, where it is NaN, which values it has, whether it falls.
//!
//! A subset of the 2³² numbers is asked in every test run, all of them by `cargo xtask test --full`.

mod activations;
mod functions;
mod numbers;
mod question;

use nn_core::math;

use nn_tests::workspace;

use numbers::Numbers;
use question::{Scalar, Within};

/// Asks every function, and says what it answers.
fn ask_all(functions: impl Iterator<Item = Scalar>, numbers: Numbers) {
    let mut breaches = Vec::new();
    for function in functions {
        match function.ask(numbers) {
            Ok(errors) => eprintln!("{}: {errors}; the bound is {}", function.name, function.within),
            Err(breach) => breaches.push(format!("{} {breach}; the bound is {}", function.name, function.within)),
        }
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn every_function_is_as_documented_for_a_subset_of_the_numbers() {
    ask_all(functions::unary().into_iter(), Numbers::Subset);
}

#[test]
fn every_activation_is_as_documented_for_a_subset_of_the_numbers() {
    ask_all(activations::all().flatten(), Numbers::Subset);
}

#[test]
fn powers_are_as_documented_for_a_subset_of_the_numbers() {
    ask_all(functions::powers(), Numbers::Subset);
}

#[test]
#[ignore = "all 2³² numbers take 10 minutes of two cores: cargo xtask test --full"]
fn every_function_is_as_documented_for_all_numbers() {
    ask_all(functions::unary().into_iter(), Numbers::All);
}

#[test]
#[ignore = "all 2³² numbers take an hour of two cores: cargo xtask test --full"]
fn every_activation_is_as_documented_for_all_numbers() {
    ask_all(activations::all().flatten(), Numbers::All);
}

/// The exponential with a planted bug.
fn broken(bug: impl Fn(f32) -> Option<f32> + Sync + 'static) -> Scalar {
    let function = move |numbers: &mut [f32]| {
        for x in numbers {
            *x = bug(*x).unwrap_or_else(|| math::exp(*x));
        }
    };
    Scalar::new("exp", function, f64::exp, Within::ulp(0.9)).at_least(0.0).rising()
}

/// What the sweep says about a bug.
fn found(bug: impl Fn(f32) -> Option<f32> + Sync + 'static) -> &'static str {
    broken(bug).ask(Numbers::Subset).unwrap_err().what
}

#[test]
fn a_function_that_is_off_in_a_narrow_region_is_found() {
    let off = |ulp: u32| move |x| (7.0..7.001).contains(&x).then(|| f32::from_bits(math::exp(x).to_bits() + ulp));
    assert_eq!(found(off(2)), "is too far from the true value");
    assert!(broken(off(0)).ask(Numbers::Subset).is_ok(), "it is the two units that are found");
}

#[test]
fn a_single_nan_and_a_single_number_near_a_break_are_found() {
    let next_to_one = f32::from_bits(1.0_f32.to_bits() + 12_345);
    assert_eq!(found(move |x| (x == next_to_one).then_some(f32::NAN)), "is NaN");
    assert_eq!(found(|x| (x == f32::MIN).then_some(-0.1)), "is out of range");
    assert_eq!(found(|x| x.is_nan().then_some(0.0)), "is not NaN");
}

#[test]
fn a_function_that_falls_where_it_may_not_is_found() {
    let falls = |x: f32| (x > 1e-9 && x < 2e-8).then(|| 1.0 - f32::EPSILON / 2.0);
    assert_eq!(found(falls), "falls");
}

/// The text in front of the definition of a function of `nn_core::math`, with its documentation.
fn documentation(name: &str) -> String {
    let file = |name| std::fs::read_to_string(workspace().join("nn-core/src/math").join(name));
    let own = file(format!("{name}.rs")).or_else(|_| file(format!("{name}_libm.rs"))).unwrap_or_default();
    let text = own + &file("mod.rs".to_owned()).unwrap();
    let (before, _) = text.split_once(&format!("pub fn {name}(")).unwrap();
    before.rsplit("\n\n").find(|part| part.contains("///")).unwrap().to_owned()
}

#[test]
fn bounds_are_those_that_the_documents_state() {
    let maths = std::fs::read_to_string(workspace().join("nn-core/docs/MATHS.md")).unwrap();
    let pow = [("pow".to_owned(), functions::POW)];
    for (name, within) in functions::unary().into_iter().map(|function| (function.name, function.within)).chain(pow) {
        assert!(maths.contains(&format!("| {name} | {within} |")), "{name}: {within}");
        assert!(documentation(&name).contains(&format!("ithin {within}")), "{name}: {within}");
    }
    for [value, slope] in activations::all() {
        let row = format!("| {} | {} | {} |", value.name, value.within, slope.within);
        assert!(maths.contains(&row), "{row}");
    }
}

#[test]
fn every_function_of_math_is_asked() {
    let text = std::fs::read_to_string(workspace().join("nn-core/src/math/mod.rs")).unwrap();
    let reexported = text.lines().filter_map(|line| line.strip_prefix("pub use ")?.split("::").nth(1));
    let defined = text.lines().filter_map(|line| line.strip_prefix("pub fn ")?.split('(').next());
    let asked: Vec<String> = functions::unary().into_iter().map(|function| function.name).collect();
    let functions: Vec<&str> = reexported.map(|name| name.trim_end_matches(';')).chain(defined).collect();
    assert!(functions.len() > 8);
    for function in functions {
        assert!(function == "pow" || asked.iter().any(|asked| asked == function), "{function}");
    }
}
