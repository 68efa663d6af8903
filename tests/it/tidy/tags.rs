//! Numbers in files and messages: once there, never changed.

use nn_core::activation::AnyActivation;
use nn_core::constraint::AnyConstraint;
use nn_core::format::Encoding;
use nn_core::init::AnyInitializer;
use nn_core::link::{Fault, FrameReader, Response};
use nn_core::loss::AnyLoss;
use nn_core::optimizer::AnyOptimizer;

use super::project::files;
use super::source::{bracketed, code, starts_of};
use super::{File, none};

/// A table, a tag in it, and the name that the tag stands for.
type Tag<'t> = (&'t str, u8, &'t str);

/// Tags that are in files and messages out there. New ones are added; none is changed or removed.
const KINDS: [Tag<'_>; 70] = [
    ("AnyActivation", 0, "linear"),
    ("AnyActivation", 1, "relu"),
    ("AnyActivation", 2, "sigmoid"),
    ("AnyActivation", 3, "softmax"),
    ("AnyActivation", 4, "tanh"),
    ("AnyActivation", 5, "leaky_relu"),
    ("AnyActivation", 6, "perceptron"),
    ("AnyActivation", 7, "log_softmax"),
    ("AnyActivation", 8, "relu6"),
    ("AnyActivation", 9, "elu"),
    ("AnyActivation", 10, "selu"),
    ("AnyActivation", 11, "gelu"),
    ("AnyActivation", 12, "silu"),
    ("AnyActivation", 13, "mish"),
    ("AnyActivation", 14, "softplus"),
    ("AnyActivation", 15, "softsign"),
    ("AnyActivation", 16, "exponential"),
    ("AnyActivation", 17, "hard_sigmoid"),
    ("AnyActivation", 18, "hard_silu"),
    ("AnyActivation", 19, "hard_tanh"),
    ("AnyLoss", 0, "mean_squared_error"),
    ("AnyLoss", 1, "categorical_crossentropy"),
    ("AnyLoss", 2, "mean_absolute_error"),
    ("AnyLoss", 3, "quadratic"),
    ("AnyLoss", 4, "huber"),
    ("AnyLoss", 5, "log_cosh"),
    ("AnyLoss", 6, "poisson"),
    ("AnyLoss", 7, "binary_crossentropy"),
    ("AnyLoss", 8, "binary_focal_crossentropy"),
    ("AnyLoss", 9, "categorical_focal_crossentropy"),
    ("AnyLoss", 10, "kl_divergence"),
    ("AnyLoss", 11, "hinge"),
    ("AnyLoss", 12, "squared_hinge"),
    ("AnyLoss", 13, "categorical_hinge"),
    ("AnyLoss", 14, "sparse_categorical_crossentropy"),
    ("AnyOptimizer", 0, "sgd"),
    ("AnyOptimizer", 1, "adam"),
    ("AnyOptimizer", 2, "momentum"),
    ("AnyOptimizer", 3, "adagrad"),
    ("AnyOptimizer", 4, "rmsprop"),
    ("AnyOptimizer", 5, "adadelta"),
    ("AnyOptimizer", 6, "amsgrad"),
    ("AnyOptimizer", 7, "adamw"),
    ("AnyOptimizer", 8, "adamax"),
    ("AnyOptimizer", 9, "nadam"),
    ("AnyOptimizer", 10, "lion"),
    ("AnyOptimizer", 11, "ftrl"),
    ("AnyInitializer", 0, "glorot_uniform"),
    ("AnyInitializer", 1, "glorot_normal"),
    ("AnyInitializer", 2, "he_uniform"),
    ("AnyInitializer", 3, "he_normal"),
    ("AnyInitializer", 4, "lecun_uniform"),
    ("AnyInitializer", 5, "lecun_normal"),
    ("AnyInitializer", 6, "zeros"),
    ("AnyInitializer", 7, "ones"),
    ("AnyInitializer", 8, "random_uniform"),
    ("AnyInitializer", 9, "random_normal"),
    ("AnyInitializer", 10, "truncated_normal"),
    ("AnyInitializer", 11, "identity"),
    ("AnyInitializer", 12, "constant"),
    ("AnyInitializer", 13, "orthogonal"),
    ("AnyConstraint", 0, "max_norm"),
    ("AnyConstraint", 1, "non_neg"),
    ("AnyConstraint", 2, "unit_norm"),
    ("AnyConstraint", 3, "min_max_norm"),
    ("Encoding", 0, "F32"),
    ("Encoding", 1, "U8"),
    ("Fault", 1, "Unreadable"),
    ("Fault", 2, "Encoding"),
    ("Fault", 3, "InputLength"),
];

/// The same for the constants in `mod tag` of these folders.
const CONSTANTS: [Tag<'_>; 33] = [
    ("nn-core/src/format/", 1, "DENSE"),
    ("nn-core/src/format/", 2, "DROPOUT"),
    ("nn-core/src/format/", 3, "DENSE_WITHOUT_BIAS"),
    ("nn-core/src/format/", 4, "PRELU"),
    ("nn-core/src/format/", 5, "SCALE"),
    ("nn-core/src/format/", 6, "BATCH_NORM"),
    ("nn-core/src/format/", 7, "LAYER_NORM"),
    ("nn-core/src/format/", 8, "SKIP"),
    ("nn-core/src/format/", 9, "RESIDUAL"),
    ("nn-core/src/format/", 10, "CONCATENATE"),
    ("nn-core/src/format/", 11, "ACTIVATE"),
    ("nn-core/src/format/", 12, "ALPHA_DROPOUT"),
    ("nn-core/src/format/", 13, "GAUSSIAN_NOISE"),
    ("nn-core/src/format/", 14, "QUANTIZE"),
    ("nn-core/src/format/", 15, "INT8_DENSE"),
    ("nn-core/src/format/", 16, "INT8_TABLE"),
    ("nn-core/src/format/", 17, "INT8_SOFTMAX"),
    ("nn-core/src/format/", 18, "REQUANTIZE"),
    ("nn-core/src/format/", 19, "DEQUANTIZE"),
    ("nn-core/src/format/", 20, "INT4_DENSE"),
    ("nn-core/src/format/", 32, "SCALING"),
    ("nn-core/src/format/", 33, "LOSS"),
    ("nn-core/src/format/", 34, "LABEL"),
    ("nn-core/src/format/", 35, "RECEIPT"),
    ("nn-core/src/format/", 36, "TEST_VECTOR"),
    ("nn-core/src/format/", 37, "TABLE"),
    ("nn-core/src/link/", 1, "PING"),
    ("nn-core/src/link/", 2, "INFO"),
    ("nn-core/src/link/", 3, "PREDICT"),
    ("nn-core/src/link/", 129, "PONG"),
    ("nn-core/src/link/", 130, "INFO_RESPONSE"),
    ("nn-core/src/link/", 131, "PREDICTION"),
    ("nn-core/src/link/", 255, "ERROR"),
];

/// The tags of the records of a model file.
pub(crate) fn record_tags() -> impl Iterator<Item = u8> {
    CONSTANTS.iter().filter(|(folder, ..)| folder.ends_with("/format/")).map(|&(_, tag, _)| tag)
}

/// The kinds that the code has.
fn kinds() -> Vec<Tag<'static>> {
    let activations = AnyActivation::ALL.iter().map(|kind| ("AnyActivation", kind.tag(), kind.name()));
    let losses = AnyLoss::ALL.iter().map(|kind| ("AnyLoss", kind.tag(), kind.name()));
    let optimizers = AnyOptimizer::ALL.iter().map(|kind| ("AnyOptimizer", kind.tag(), kind.name()));
    let initializers = AnyInitializer::ALL.iter().map(|kind| ("AnyInitializer", kind.tag(), kind.name()));
    let constraints = AnyConstraint::ALL.iter().map(|kind| ("AnyConstraint", kind.tag(), kind.name()));
    let encodings = [(Encoding::F32, "F32"), (Encoding::U8, "U8")];
    let encodings = encodings.map(|(encoding, name)| ("Encoding", encoding.tag(), name));
    let faults = [
        (Fault::Unreadable, "Unreadable"),
        (Fault::Encoding, "Encoding"),
        (Fault::InputLength { expected: 0 }, "InputLength"),
    ];
    let faults = faults.map(|(fault, name)| ("Fault", fault_code(fault), name));
    let with_settings = activations.chain(losses).chain(initializers).chain(constraints);
    with_settings.chain(optimizers).chain(encodings).chain(faults).collect()
}

/// The number that stands for a fault in a message.
fn fault_code(fault: Fault) -> u8 {
    let mut buffer = [0; 64];
    let mut reader = FrameReader::<64>::new();
    let frame = Response::Error(fault).encode(0, &mut buffer).unwrap();
    assert!(frame.iter().any(|&byte| reader.push(byte)));
    *reader.envelope().unwrap().payload.first().unwrap()
}

/// The constants in `mod tag` of the files in these folders.
fn constants<'t>(files: &'t [File], folders: &[&'t str]) -> Vec<Tag<'t>> {
    let mut found = Vec::new();
    for file in files {
        let Some(&folder) = folders.iter().find(|folder| file.path.starts_with(**folder)) else { continue };
        let code = code(&file.text);
        for module in starts_of(&code, "mod tag {") {
            let inside = bracketed(&code[module + "mod tag ".len()..]);
            // What is blank in the code has its lines, so a line of the module is one of the text.
            let first = code[..module].matches('\n').count();
            let lines = file.text.lines().skip(first).take(inside.lines().count());
            found.extend(lines.filter_map(constant).map(|(name, tag)| (folder, tag, name)));
        }
    }
    found
}

/// The name and the number of `const NAME: u8 = NUMBER;`.
fn constant(line: &str) -> Option<(&str, u8)> {
    let line = line.trim_start();
    let line = line.strip_prefix("pub(").and_then(|visible| visible.split_once(") ")).map_or(line, |(_, rest)| rest);
    let (name, value) = line.strip_prefix("const ")?.split_once(": u8 = ")?;
    Some((name, value.trim_end().strip_suffix(';')?.parse().ok()?))
}

/// Golden tags that are not found, and found ones that stand for two things.
fn renumbered(golden: &[Tag<'_>], found: &[Tag<'_>]) -> Vec<String> {
    let mut offenders = Vec::new();
    for expected @ (table, tag, name) in golden.iter().filter(|golden| !found.contains(golden)) {
        let instead = found.iter().filter(|found| found.0 == *table && (found.1 == *tag || found.2 == *name));
        let instead: Vec<_> = instead.map(|(_, tag, name)| format!("{tag} {name}")).collect();
        offenders.push(format!("{}: {tag} {name} is gone, found {instead:?}", expected.0));
    }
    for (at, (table, tag, name)) in found.iter().enumerate() {
        let mut earlier = found.iter().take(at);
        if let Some(other) = earlier.find(|other| other.0 == *table && (other.1 == *tag || other.2 == *name)) {
            offenders.push(format!("{table}: {tag} {name} and {} {} are not two", other.1, other.2));
        }
    }
    offenders
}

#[test]
fn no_tag_of_a_kind_is_renumbered() {
    none(&renumbered(&KINDS, &kinds()));
}

#[test]
fn no_tag_of_a_record_or_message_is_renumbered() {
    none(&renumbered(&CONSTANTS, &constants(files(), &["nn-core/src/format/", "nn-core/src/link/"])));
}

#[test]
fn a_renumbered_tag_is_found() {
    let golden = [("T", 0, "a"), ("T", 1, "b"), ("U", 0, "c")];
    assert_eq!(renumbered(&golden, &[("T", 0, "a"), ("T", 1, "b"), ("T", 2, "d"), ("U", 0, "c")]), [""; 0]);
    let expected = ["T: 1 b is gone, found [\"1 d\", \"2 b\"]", "U: 0 c is gone, found []"];
    assert_eq!(renumbered(&golden, &[("T", 0, "a"), ("T", 1, "d"), ("T", 2, "b")]), expected);
    let twice = [("T", 0, "a"), ("T", 1, "b"), ("T", 1, "e"), ("U", 0, "c")];
    assert_eq!(renumbered(&golden, &twice), ["T: 1 e and 1 b are not two"]);
}

#[test]
fn constants_are_read_from_the_text() {
    let text = "//! A.\nconst NO: u8 = 9;\n/// Tags.\nmod tag {\n    // const NO: u8 = 7;\n    pub(super) const A: u8 = 1;\n    const B: u8 = 255;\n}\nconst NO: u8 = 8;\n";
    let files = [File::new("f/a.rs", text), File::new("g/a.rs", text)];
    assert_eq!(constants(&files, &["f/"]), [("f/", 1, "A"), ("f/", 255, "B")]);
}
