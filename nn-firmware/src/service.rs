//! Answers a host's requests over a byte port, one frame at a time.

use embedded_io::{Read, ReadExactError, Write};
use nn_core::Zero;
use nn_core::format::Model;
use nn_core::layer::{Layer, Vector};
use nn_core::link::{Fault, FrameReader, Info, PROTOCOL, Prediction, Request, Response};

use crate::machine::Machine;

/// The longest frame, in bytes: 1,000 inputs of four bytes with some to spare.
pub const FRAME_CAPACITY: usize = 4096;

/// Serves a network on a port.
#[derive(Debug)]
pub struct Service<'m, N, P, M> {
    model: Model<'m>,
    network: N,
    machine: M,
    port: P,
    /// The frame of a request, then of its response.
    frame: FrameReader<FRAME_CAPACITY>,
    test_vectors: u32,
    test_vectors_passed: u32,
}

impl<'m, N: Layer<Input: Vector, Output: Vector>, P: Read + Write, M: Machine> Service<'m, N, P, M> {
    /// A service that has tested itself with the model's test vectors.
    pub fn new(model: Model<'m>, network: N, port: P, machine: M) -> Self {
        let (mut test_vectors, mut test_vectors_passed) = (0, 0);
        for vector in model.test_vectors() {
            let output = predict(&model, &network, vector.input);
            let passed = output.is_some_and(|a| bytemuck::cast_slice::<f32, u8>(a.as_ref()) == vector.output);
            test_vectors += 1;
            test_vectors_passed += u32::from(passed);
        }
        // Built last and returned at once, so that the frame is on the stack once.
        Self { model, network, machine, port, frame: FrameReader::new(), test_vectors, test_vectors_passed }
    }

    /// Waits for one request and answers it. A frame that cannot be read is answered with a fault of id 0.
    ///
    /// # Errors
    /// The port's error, or that it has ended.
    pub fn serve(&mut self) -> Result<(), ReadExactError<P::Error>> {
        loop {
            let mut byte = [0];
            self.port.read_exact(&mut byte)?;
            if byte.into_iter().any(|byte| self.frame.push(byte)) {
                return self.answer().map_err(ReadExactError::Other);
            }
        }
    }

    /// Answers the frame that is complete.
    fn answer(&mut self) -> Result<(), P::Error> {
        let Self { model, network, machine, port, frame, .. } = self;
        let envelope = frame.envelope();
        let id = envelope.map_or(0, |envelope| envelope.id);
        let request = envelope.ok().and_then(|envelope| Request::decode(&envelope).ok());
        let output;
        let answer = match request {
            None => Response::Error(Fault::Unreadable),
            Some(Request::Ping) => Response::Pong { protocol: PROTOCOL },
            Some(Request::Info) => Response::Info(Info {
                board: M::NAME,
                model_checksum: model.checksum(),
                inputs: model.inputs(),
                outputs: model.outputs(),
                test_vectors: self.test_vectors,
                test_vectors_passed: self.test_vectors_passed,
                ticks_per_second: M::TICKS_PER_SECOND,
                stack_bytes: machine.stack_bytes(),
            }),
            Some(Request::Predict { encoding, .. }) if encoding != model.scaling().encoding => {
                Response::Error(Fault::Encoding)
            }
            Some(Request::Predict { input, .. }) => {
                machine.restart_clock();
                let prediction = predict(model, network, input);
                let ticks = machine.ticks();
                match prediction {
                    None => Response::Error(Fault::InputLength { expected: input_bytes(model) }),
                    Some(a) => {
                        output = a;
                        Response::Prediction(Prediction { ticks, output: bytemuck::cast_slice(output.as_ref()) })
                    }
                }
            }
        };
        // An output that no frame can hold is the only way to fail here; the host waits in vain and says so.
        match answer.encode(id, frame.recycle()) {
            Ok(frame) => port.write_all(frame).and_then(|()| port.flush()),
            Err(_) => Ok(()),
        }
    }
}

/// The network's output for raw values; `None` if their number is wrong.
#[inline(never)]
fn predict<N: Layer<Input: Vector, Output: Vector>>(model: &Model<'_>, network: &N, raw: &[u8]) -> Option<N::Output> {
    let mut x = N::Input::ZERO;
    model.scaling().apply(raw, x.as_mut()).then(|| network.predict(&x))
}

/// Bytes of an input in the model's encoding.
fn input_bytes(model: &Model<'_>) -> u32 {
    let size = u32::try_from(model.scaling().encoding.size()).unwrap_or(u32::MAX);
    model.inputs().saturating_mul(size)
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use embedded_io::{ErrorType, Read, Write};
    use nn_core::activation::{Relu, Softmax};
    use nn_core::format::{Encoding, Model, Record, Scaling, TestVector, Writer};
    use nn_core::layer::{Borrowed, Chain, Dense, Layer};
    use nn_core::link::{Fault, FrameReader, Info, PROTOCOL, Request, Response};

    use super::Service;
    use crate::demo::Aligned;
    use crate::machine::Machine;

    type Network<'m> = Chain<Dense<3, 2, Relu, Borrowed<'m>>, Dense<2, 2, Softmax, Borrowed<'m>>>;

    const X: [u8; 3] = [0, 51, 255];

    /// A port in memory; reading from it when it is empty is the end.
    #[derive(Default)]
    struct MemoryPort {
        to_device: VecDeque<u8>,
        from_device: Vec<u8>,
    }

    #[derive(Debug, PartialEq)]
    struct Empty;

    impl core::fmt::Display for Empty {
        fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
            f.write_str("the port is empty")
        }
    }

    impl core::error::Error for Empty {}

    impl embedded_io::Error for Empty {
        fn kind(&self) -> embedded_io::ErrorKind {
            embedded_io::ErrorKind::BrokenPipe
        }
    }

    impl ErrorType for MemoryPort {
        type Error = Empty;
    }

    impl Read for MemoryPort {
        fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Empty> {
            buffer[0] = self.to_device.pop_front().ok_or(Empty)?;
            Ok(1)
        }
    }

    impl Write for MemoryPort {
        fn write(&mut self, bytes: &[u8]) -> Result<usize, Empty> {
            self.from_device.extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> Result<(), Empty> {
            Ok(())
        }
    }

    struct Desk;

    impl Machine for Desk {
        const NAME: &'static str = "desk";
        const TICKS_PER_SECOND: u32 = 1000;

        fn restart_clock(&mut self) {}

        fn ticks(&self) -> u32 {
            7
        }

        fn stack_bytes(&self) -> u32 {
            99
        }
    }

    fn network() -> Network<'static> {
        Dense::borrowed(&[[0.5, -1.0], [2.0, 0.25], [-0.125, 1.5]], &[0.1, -0.2], Relu).then(Dense::borrowed(
            &[[1.0, -1.0], [0.5, 2.0]],
            &[0.0, 0.3],
            Softmax,
        ))
    }

    /// A model file of the network, with a right and a wrong test vector.
    fn file(buffer: &mut Aligned<[u8; 1024]>) -> &[u8] {
        let network = network();
        let mut x = [0.0; 3];
        assert!(Scaling::PIXELS.apply(&X, &mut x));
        let output = network.predict(&x).map(f32::to_le_bytes);
        let mut writer = Writer::new(&mut buffer.0);
        for record in [
            Record::Dense { inputs: 3, outputs: 2, activation: Relu.into() },
            Record::Dense { inputs: 2, outputs: 2, activation: Softmax.into() },
            Record::Scaling(Scaling::PIXELS),
            Record::TestVector(TestVector { input: &X, output: output.as_flattened() }),
            Record::TestVector(TestVector { input: &X, output: &[0; 8] }),
        ] {
            writer.record(&record).unwrap();
        }
        let mut tensors = writer.tensors().unwrap();
        for values in [
            network.first().kernel().as_flattened(),
            network.first().bias(),
            network.second().kernel().as_flattened(),
            network.second().bias(),
        ] {
            tensors.tensor(values).unwrap();
        }
        tensors.finish().unwrap()
    }

    /// What the service says to these bytes: pairs of id and what `check` makes of the response.
    fn ask<T>(bytes: &[u8], check: impl Fn(Response<'_>) -> T) -> Vec<(u32, T)> {
        let mut buffer = Aligned([0; 1024]);
        let model = Model::parse(file(&mut buffer)).unwrap();
        let port = MemoryPort { to_device: bytes.iter().copied().collect(), ..MemoryPort::default() };
        let mut service = Service::new(model, network(), port, Desk);
        while service.serve().is_ok() {}
        let mut reader = FrameReader::<256>::new();
        let mut answers = Vec::new();
        for &byte in &service.port.from_device {
            if reader.push(byte) {
                let envelope = reader.envelope().unwrap();
                answers.push((envelope.id, check(Response::decode(&envelope).unwrap())));
            }
        }
        answers
    }

    fn frame(id: u32, request: &Request<'_>) -> Vec<u8> {
        request.encode(id, &mut [0; 256]).unwrap().to_vec()
    }

    #[test]
    fn answers_ping_and_info_in_order_with_their_ids() {
        let bytes = [frame(5, &Request::Ping), frame(6, &Request::Info)].concat();
        let answers = ask(&bytes, |response| match response {
            Response::Pong { protocol } => u32::from(protocol),
            Response::Info(Info { board: "desk", inputs: 3, outputs: 2, stack_bytes: 99, test_vectors, .. }) => {
                100 + test_vectors
            }
            other => panic!("{other:?}"),
        });
        assert_eq!(answers, [(5, u32::from(PROTOCOL)), (6, 102)]);
    }

    #[test]
    fn tests_itself_and_reports_what_failed() {
        let answers = ask(&frame(1, &Request::Info), |response| match response {
            Response::Info(info) => (info.test_vectors, info.test_vectors_passed),
            other => panic!("{other:?}"),
        });
        assert_eq!(answers, [(1, (2, 1))]);
    }

    #[test]
    fn predicts_the_bits_of_the_network() {
        let mut x = [0.0; 3];
        assert!(Scaling::PIXELS.apply(&X, &mut x));
        let expected = network().predict(&x).map(f32::to_le_bytes).concat();
        let request = Request::Predict { encoding: Encoding::U8, input: &X };
        let answers = ask(&frame(7, &request), |response| match response {
            Response::Prediction(prediction) => (prediction.ticks, prediction.output.to_vec()),
            other => panic!("{other:?}"),
        });
        assert_eq!(answers, [(7, (7, expected))]);
    }

    #[test]
    fn wrong_inputs_and_noise_are_answered_with_their_fault() {
        let short = Request::Predict { encoding: Encoding::U8, input: &X[..2] };
        let floats = Request::Predict { encoding: Encoding::F32, input: &[0; 12] };
        let bytes = [frame(1, &short), frame(2, &floats), vec![3, 4, 5, 0], frame(4, &Request::Ping)].concat();
        let answers = ask(&bytes, |response| match response {
            Response::Error(fault) => Some(fault),
            _ => None,
        });
        let length = Fault::InputLength { expected: 3 };
        let faults = [(1, Some(length)), (2, Some(Fault::Encoding)), (0, Some(Fault::Unreadable)), (4, None)];
        assert_eq!(answers, faults);
    }
}
