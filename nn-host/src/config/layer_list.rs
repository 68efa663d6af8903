//! Hidden layers as one types them: `100:relu,l2=1e-4 dropout:0.3 batch_normalization residual(64:relu 64)`.

use core::fmt::Display;
use core::str::FromStr;

use nn_core::activation::{AnyActivation, Identity};
use nn_core::constraint::AnyConstraint;
use nn_core::init::AnyInitializer;
use nn_core::layer::{DropoutRate, Stddev};
use nn_core::optimizer::Penalty;

use super::spoken::{Chosen, Spoken};
use super::words::{Flag, FlagError, WordError, Words, parsed};
use crate::layer::{self, LayerPlan};

/// Layers with spaces between, each with its settings after commas.
///
/// - `UNITS[:ACTIVATION]` is a dense layer; besides the settings of the activation it takes `l1`, `l2`, `max_norm`,
///   `kernel_initializer`, `bias_initializer`, `kernel_constraint`, `use_bias` and `seed`.
/// - `activation:ACTIVATION`, `p_re_lu`, `batch_normalization`, `layer_normalization`
/// - `dropout:RATE`, `alpha_dropout:RATE`, `gaussian_noise:STDDEV`
/// - `residual(LAYERS)`, with `projection=1` where the last of them has another number of units than the block has inputs
///
/// Every layer takes `trainable` and `learning_rate`, by which the optimizer's is multiplied.
///
/// ```
/// use nn_host::config::LayerList;
/// use nn_host::{layer, prelude::*};
/// let LayerList(layers) = "100:relu dropout:0.3 residual(64:tanh 100)".parse()?;
/// let branch = [layer::dense(64, Tanh), layer::dense(100, Identity)];
/// assert_eq!(layers, [layer::dense(100, Relu), layer::dropout(0.3), layer::residual(branch)]);
/// # Ok::<(), nn_host::config::WordError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LayerList(pub Vec<LayerPlan>);

/// The names of layers, with what follows them.
const KINDS: [&str; 8] = [
    "activation",
    "alpha_dropout",
    "batch_normalization",
    "dropout",
    "gaussian_noise",
    "layer_normalization",
    "p_re_lu",
    "residual",
];

/// The settings of every layer.
const EVERY: [&str; 2] = ["trainable", "learning_rate"];

/// The settings of dense layers, besides those.
const DENSE: [&str; 8] =
    ["l1", "l2", "max_norm", "kernel_initializer", "bias_initializer", "kernel_constraint", "use_bias", "seed"];

/// The layers of a residual block inside of each other, at most.
const DEEPEST: usize = 8;

impl FromStr for LayerList {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        layers(text, 0).map(Self)
    }
}

fn layers(text: &str, depth: usize) -> Result<Vec<LayerPlan>, WordError> {
    if depth > DEEPEST {
        return Err(WordError::new(format!("more than {DEEPEST} blocks are inside of each other")));
    }
    split(text, char::is_whitespace)?.into_iter().map(|word| layer_of(word, depth)).collect()
}

/// The parts of a text between separators that stand outside of parentheses; empty ones are left out.
fn split(text: &str, separates: impl Fn(char) -> bool) -> Result<Vec<&str>, WordError> {
    let unbalanced = || WordError::new(format!("layers {text:?}: a parenthesis is missing"));
    let (mut depth, mut start, mut parts) = (0_usize, 0, Vec::new());
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.checked_sub(1).ok_or_else(unbalanced)?,
            _ if depth == 0 && separates(character) => {
                parts.extend(text.get(start..at));
                start = at + character.len_utf8();
            }
            _ => {}
        }
    }
    parts.extend(text.get(start..));
    if depth > 0 { Err(unbalanced()) } else { Ok(parts.into_iter().filter(|part| !part.is_empty()).collect()) }
}

/// A layer with its settings.
fn layer_of(word: &str, depth: usize) -> Result<LayerPlan, WordError> {
    let wrong = |reason: &dyn Display| WordError::new(format!("layer {word:?}: {reason}"));
    let parts = split(word, |character| character == ',')?;
    let Some((head, rest)) = parts.split_first() else { return Err(wrong(&USAGE)) };
    let mut settings = Words::from_str(&rest.join(",")).map_err(|error| wrong(&error))?;
    if !settings.name.is_empty() {
        return Err(wrong(&format_args!("setting {:?}: a setting is key=value", settings.name)));
    }
    plan(head, &mut settings, depth).map_err(|error| wrong(&error))
}

/// How a layer is typed.
const USAGE: &str = "a layer is UNITS:ACTIVATION, such as 100:relu, dropout:RATE, alpha_dropout:RATE, gaussian_noise:STDDEV, \
    activation:ACTIVATION, batch_normalization, layer_normalization, p_re_lu or residual(LAYERS)";

fn plan(head: &str, settings: &mut Words, depth: usize) -> Result<LayerPlan, WordError> {
    if let Some(inner) = head.strip_prefix("residual(").and_then(|rest| rest.strip_suffix(')')) {
        let branch = layers(inner, depth + 1)?;
        let is_projected = take(settings, "projection").map(|text| flag("projection", &text)).transpose()?;
        let block =
            if is_projected == Some(true) { layer::residual_projected(branch) } else { layer::residual(branch) };
        return with_settings(block, "residual", &["projection"], settings);
    }
    let (kind, argument) = head.split_once(':').map_or((head, None), |(kind, argument)| (kind, Some(argument)));
    match kind.parse::<usize>() {
        Ok(0) => Err(WordError::new("a layer needs at least one unit")),
        Ok(units) => dense(units, argument, settings),
        Err(_) => with_settings(other(kind, argument, settings)?, kind, &[], settings),
    }
}

/// A layer that is not dense; an activation takes its settings away.
fn other(kind: &str, argument: Option<&str>, settings: &mut Words) -> Result<LayerPlan, WordError> {
    let number = |example: &str| {
        let number = argument.and_then(parsed);
        number.ok_or_else(|| WordError::new(format!("{kind} needs a number, such as {kind}:{example}")))
    };
    let plan = match kind {
        "dropout" | "alpha_dropout" => {
            let rate = number("0.3")?;
            DropoutRate::new(rate).map_err(|error| WordError::new(error.to_string()))?;
            return Ok(if kind == "dropout" { layer::dropout(rate) } else { layer::alpha_dropout(rate) });
        }
        "gaussian_noise" => {
            let stddev = number("0.1")?;
            Stddev::new(stddev).map_err(|error| WordError::new(error.to_string()))?;
            return Ok(layer::gaussian_noise(stddev));
        }
        "activation" => {
            let name = argument.ok_or_else(|| WordError::new("activation needs its name, such as activation:relu"))?;
            return Ok(layer::activation(activation(name, &EVERY, settings)?));
        }
        "batch_normalization" => layer::batch_normalization(),
        "layer_normalization" => layer::layer_normalization(),
        "p_re_lu" => layer::prelu(),
        _ => {
            let near = crate::data::nearest(kind, KINDS);
            return Err(match near {
                Some(near) => WordError::new(format!("unknown layer {kind:?}; did you mean {near}?")),
                None => WordError::new(USAGE),
            });
        }
    };
    match argument {
        None => Ok(plan),
        Some(argument) => Err(WordError::new(format!("{kind} takes no {argument:?}"))),
    }
}

fn dense(units: usize, name: Option<&str>, settings: &mut Words) -> Result<LayerPlan, WordError> {
    let known = [EVERY.as_slice(), &DENSE].concat();
    let activation = match name {
        Some(name) => activation(name, &known, settings)?,
        None => Identity.into(),
    };
    let mut plan = layer::dense(units, activation);
    let mut penalty = Words::default();
    for key in ["l1", "l2"] {
        penalty.settings.extend(take(settings, key).map(|value| (key.to_owned(), value)));
    }
    if !penalty.settings.is_empty() {
        plan = plan.kernel_regularizer(Penalty::hear(&penalty)?);
    }
    if let Some(text) = take(settings, "max_norm") {
        let Chosen(constraint) = format!("max_norm,max_value={text}").parse::<Chosen<AnyConstraint>>()?;
        plan = plan.kernel_constraint(constraint);
    }
    if let Some(name) = take(settings, "kernel_constraint") {
        plan = plan.kernel_constraint(name.parse::<Chosen<AnyConstraint>>()?.0);
    }
    if let Some(name) = take(settings, "kernel_initializer") {
        plan = plan.kernel_initializer(name.parse::<Chosen<AnyInitializer>>()?.0);
    }
    if let Some(name) = take(settings, "bias_initializer") {
        plan = plan.bias_initializer(name.parse::<Chosen<AnyInitializer>>()?.0);
    }
    if let Some(text) = take(settings, "use_bias")
        && !flag("use_bias", &text)?
    {
        plan = plan.without_bias();
    }
    if let Some(text) = take(settings, "seed") {
        let wrong = |_| WordError::new(format!("setting \"seed={text}\": the value is no whole number from 0 on"));
        plan = plan.seed(text.parse().map_err(wrong)?);
    }
    with_settings(plan, "dense", &DENSE, settings)
}

/// An activation with those of the settings that are not the layer's.
fn activation(name: &str, of_layer: &[&str], settings: &mut Words) -> Result<AnyActivation, WordError> {
    let (rest, own) = settings.settings.drain(..).partition(|(key, _)| of_layer.contains(&&**key));
    settings.settings = rest;
    let kind = AnyActivation::hear(&Words { name: name.to_owned(), settings: Vec::new() })?;
    let unknown = |(key, _): &&(String, String)| !kind.setting_names().contains(&&**key);
    let own: Vec<(String, String)> = own;
    match own.iter().find(unknown) {
        Some((key, _)) => {
            let known = [of_layer, kind.setting_names()].concat();
            Err(WordError::unknown(&format!("setting of {name} or its layer"), key, &known))
        }
        None => AnyActivation::hear(&Words { name: name.to_owned(), settings: own }),
    }
}

/// The layer with the settings that every layer takes; others are refused.
fn with_settings(plan: LayerPlan, kind: &str, known: &[&str], settings: &mut Words) -> Result<LayerPlan, WordError> {
    let mut plan = plan;
    if let Some(text) = take(settings, "trainable")
        && !flag("trainable", &text)?
    {
        plan = plan.frozen();
    }
    if let Some(text) = take(settings, "learning_rate") {
        let factor = parsed(&text).filter(|factor| factor.is_finite() && *factor >= 0.0);
        let wrong = || WordError::new(format!("setting \"learning_rate={text}\": a factor is at least 0 and finite"));
        plan = plan.learning_rate(factor.ok_or_else(wrong)?);
    }
    match settings.settings.first() {
        Some((key, _)) => Err(WordError::unknown(&format!("setting of {kind}"), key, &[known, &EVERY].concat())),
        None => Ok(plan),
    }
}

/// Takes the last value of a key away, and those before it.
fn take(settings: &mut Words, key: &str) -> Option<String> {
    let (found, rest) = settings.settings.drain(..).partition::<Vec<_>, _>(|(other, _)| other == key);
    settings.settings = rest;
    found.into_iter().next_back().map(|(_, value)| value)
}

fn flag(key: &str, text: &str) -> Result<bool, WordError> {
    let wrong = |error: FlagError| WordError::new(format!("setting \"{key}={text}\": {error}"));
    text.parse().map(|Flag(flag)| flag).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::LayerList;
    use crate::layer::{
        LayerPlan, activation, alpha_dropout, batch_normalization, dense, dropout, gaussian_noise, layer_normalization,
        prelu, residual, residual_projected,
    };
    use nn_core::activation::{Identity, LeakyRelu, Relu, Tanh};
    use nn_core::constraint::{MaxNorm, NonNegative};
    use nn_core::init::HeNormal;
    use nn_core::optimizer::Penalty;

    fn read(text: &str) -> Vec<LayerPlan> {
        text.parse::<LayerList>().unwrap().0
    }

    fn error(text: &str) -> String {
        text.parse::<LayerList>().unwrap_err().to_string()
    }

    #[test]
    fn layers_are_read_in_order() {
        assert_eq!(read("100:relu dropout:0.3  7"), [dense(100, Relu), dropout(0.3), dense(7, Identity)]);
        assert_eq!(read(""), []);
        let all =
            "batch_normalization layer_normalization p_re_lu alpha_dropout:0.1 gaussian_noise:0.2 activation:relu";
        let expected = [
            batch_normalization(),
            layer_normalization(),
            prelu(),
            alpha_dropout(0.1),
            gaussian_noise(0.2),
            activation(Relu),
        ];
        assert_eq!(read(all), expected);
    }

    #[test]
    fn blocks_hold_layers_and_blocks() {
        let expected = residual([dense(64, Relu), residual([dense(64, Tanh)]), dense(8, Identity)]);
        assert_eq!(read("residual(64:relu residual(64:tanh) 8)"), [expected]);
        assert_eq!(
            read("residual(64:relu 8),projection=1"),
            [residual_projected([dense(64, Relu), dense(8, Identity)])]
        );
        assert!(error("residual(64:relu").contains("a parenthesis is missing"));
        assert!(error("64)").contains("a parenthesis is missing"));
        let deep = format!("{}8{}", "residual(".repeat(10), ")".repeat(10));
        assert!(error(&deep).contains("more than 8 blocks"));
    }

    #[test]
    fn settings_belong_to_the_layer_or_its_activation() {
        let leaky = LeakyRelu::new(0.5).unwrap();
        assert_eq!(read("9:leaky_relu,negative_slope=0.5"), [dense(9, leaky)]);
        let text = "9:leaky_relu,l2=1e-4,negative_slope=0.5,max_norm=3,use_bias=0,kernel_initializer=he_normal,\
            trainable=0,learning_rate=0.5,seed=7";
        let expected = dense(9, leaky)
            .kernel_regularizer(Penalty::l2(1e-4).unwrap())
            .kernel_constraint(MaxNorm.with("max_value", 3.0).unwrap())
            .kernel_initializer(HeNormal)
            .without_bias()
            .frozen()
            .learning_rate(0.5)
            .seed(7);
        assert_eq!(read(text), [expected]);
        let expected = dense(5, Identity).kernel_regularizer(Penalty::l1_l2(0.5, 1.0).unwrap());
        assert_eq!(read("5,l1=0.5,l2=1,kernel_constraint=non_neg"), [expected.kernel_constraint(NonNegative)]);
        assert_eq!(read("batch_normalization,trainable=0"), [batch_normalization().frozen()]);
        assert_eq!(read("activation:leaky_relu,negative_slope=0.5"), [activation(leaky)]);
    }

    #[test]
    fn wrong_layers_are_named_with_what_would_be_right() {
        assert_eq!(error("10:relu 100:rellu"), r#"layer "100:rellu": unknown activation "rellu"; did you mean relu?"#);
        assert!(error("x:relu").contains("UNITS:ACTIVATION"));
        assert!(error("0:relu").contains("at least one unit"));
        assert!(error("dropout:1.5").contains("below 1"));
        assert!(error("dropout").contains("such as dropout:0.3"));
        assert!(error("gaussian_noise:-1").contains("-1"));
        assert!(error("5:qqq").contains("there is linear, relu"));
        assert!(error("batch_normalisation").ends_with("did you mean batch_normalization?"));
        assert!(error("batch_normalization:3").ends_with(r#"batch_normalization takes no "3""#));
        assert!(error("dropout:0.3,trainble=0").ends_with("did you mean trainable?"));
        assert!(error("9:relu,kernel_initialiser=he_normal").ends_with("did you mean kernel_initializer?"));
        assert!(error("9,kernel_initializer=he_norml").ends_with("did you mean he_normal?"));
        assert!(error("9,use_bias=2").ends_with("the value is neither true (or 1) nor false (or 0)"));
        assert!(error("9:relu,l2=-1").contains("l2 is -1"));
        assert!(error("9:relu,l2").ends_with("a setting is key=value"));
    }
}
