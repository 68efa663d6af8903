//! What a command is to do: the configuration that its file says, with what its arguments say over it.

use std::path::Path;

use nn_host::config::Config;

use super::arguments::Global;
use super::data_arguments::DATA;
use super::failure::Failure;

/// What DATA can be, if it can be a configuration.
pub(super) fn data_or_config() -> String {
    format!(
        "{DATA}. CONFIG.toml is a configuration with the tables [data], [model], [[model.layers]], [compile], \
         [compile.optimizer], [compile.lr_schedule], [fit], [callbacks.early_stopping], [callbacks.reduce_lr_on_plateau], \
         [callbacks.checkpoint], [callbacks.csv_logger] and [quantize], whose keys are Keras' arguments; an argument that is given here \
         counts more than what it says. One deliberate difference from Keras: validation_split is seeded and stratified; with \
         validation_mode = \"last\" it takes Keras' last rows"
    )
}

/// Whether a name is that of a configuration.
pub(super) fn is_file(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|suffix| suffix.eq_ignore_ascii_case("toml"))
}

/// The configuration of a file, or one that has the name of data and otherwise the defaults.
pub(super) fn of(name: &str, global: &Global) -> Result<Config, Failure> {
    let mut config = if is_file(name) { Config::read(Path::new(name))? } else { Config::default() };
    if !is_file(name) {
        config.data.path = Some(name.to_owned());
    }
    config.seed = global.seed.unwrap_or(config.seed);
    Ok(config)
}
