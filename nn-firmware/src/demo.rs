//! From a model file in flash to a service on a port: check, load, test itself, serve.

use embedded_io::{Read, ReadExactError, Write};
use nn_core::format::{FormatError, FromModel, LoadError, Model, load};
use nn_core::layer::Vector;

use crate::machine::Machine;
use crate::service::Service;

/// Bytes at an address where tensors can be read in place.
#[derive(Debug)]
#[repr(C, align(16))]
pub struct Aligned<Bytes: ?Sized>(pub Bytes);

/// Why a device has stopped to serve.
#[derive(Debug)]
pub enum Stopped<PortError> {
    /// The model file is damaged.
    Format(FormatError),
    /// The model file is not of the network's type.
    Load(LoadError),
    /// The port has failed or ended.
    Port(ReadExactError<PortError>),
}

/// Serves a model file's network on a port for as long as the port works.
///
/// The network borrows its weights from `file`; nothing of the file is copied.
///
/// # Errors
/// [`Stopped`] says what ended it.
pub fn serve<'m, N, P, M>(file: &'m [u8], port: P, machine: M) -> Result<(), Stopped<P::Error>>
where
    N: FromModel<'m, Input: Vector, Output: Vector>,
    P: Read + Write,
    M: Machine,
{
    let model = Model::parse(file).map_err(Stopped::Format)?;
    let network: N = load(&model).map_err(Stopped::Load)?;
    let mut service = Service::new(model, network, port, machine);
    loop {
        service.serve().map_err(Stopped::Port)?;
    }
}
