//! The firmware's service, on a port and a machine that the compiler knows nothing of.

use core::convert::Infallible;
use core::sync::atomic::{AtomicU8, AtomicU32, Ordering};

use embedded_io::{ErrorType, Read, Write};
use nn_core::format::Model;
use nn_firmware::demo::{self, Stopped};
use nn_firmware::machine::Machine;
use nn_firmware::service::Service;

use crate::layer::Frozen;

struct Port(&'static AtomicU8);

impl ErrorType for Port {
    type Error = Infallible;
}

impl Read for Port {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Infallible> {
        let Some(byte) = buffer.first_mut() else { return Ok(0) };
        *byte = self.0.load(Ordering::Relaxed);
        Ok(1)
    }
}

impl Write for Port {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        let Some(&byte) = bytes.first() else { return Ok(0) };
        self.0.store(byte, Ordering::Relaxed);
        Ok(1)
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

struct Clock(&'static AtomicU32);

impl Machine for Clock {
    const NAME: &'static str = "clock";
    const TICKS_PER_SECOND: u32 = 1;

    fn restart_clock(&mut self) {
        self.0.store(0, Ordering::Relaxed);
    }

    fn ticks(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }

    fn stack_bytes(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

type Server = Service<'static, Frozen<'static>, Port, Clock>;

entries! {
    fn new(model: Model<'static>, network: Frozen<'static>, port: Port, clock: Clock) -> Server {
        Service::new(model, network, port, clock)
    }
    fn serve(service: &mut Server) -> bool { service.serve().is_ok() }
    fn demo(file: &'static [u8], port: Port, clock: Clock) -> Result<(), Stopped<Infallible>> {
        demo::serve::<Frozen<'_>, _, _>(file, port, clock)
    }
}
