//! The firmware in QEMU, over the link.

use core::time::Duration;
use std::path::PathBuf;

use nn_core::format::Encoding;
use nn_core::link::Fault;
use nn_host::data::{Dataset, mnist};
use nn_host::device::{Board, Image, Qemu, QemuError, Session, SessionError, UnknownStack, build, evaluate};
use nn_host::prelude::{Accuracy, Adam, CategoricalCrossentropy, FitOptions, Model, Relu, Sequential, Softmax, Tanh};
use nn_host::quantize::QuantizeOptions;
use nn_tests::{nn, workspace};

/// Layers whose activations go through each of the functions that the chip computes in software.
const LAYERS: &str = "12:gelu 9:tanh 9:sigmoid 8:mish 8:leaky_relu 8:elu 7:softsign";

/// Test images that are sent to the device; the demo sends all 10,000.
const SAMPLES: usize = 200;

/// Test images for each of the boards, most of which compute floats in software.
const FEW_SAMPLES: usize = 10;

fn model_path() -> PathBuf {
    workspace().join("tests/blobs/v1/mnist-10.nn")
}

fn board() -> Board {
    Board::find("mps2-an386", workspace()).unwrap()
}

fn images() -> Dataset {
    mnist().unwrap().test.first(SAMPLES)
}

fn boot() -> (Image, Session<Qemu>) {
    let image = build(&board(), &model_path()).unwrap();
    let session = Session::new(Qemu::boot(&board(), &image.path).unwrap());
    (image, session)
}

#[test]
fn the_device_answers_over_the_link_with_the_bits_of_the_host() {
    let (image, mut session) = boot();
    let model = Model::load(model_path()).unwrap();
    let data = images();
    let host = model.predict(&data).unwrap();
    assert_eq!(session.ping().unwrap(), nn_core::link::PROTOCOL);
    let evaluation = evaluate(&mut session, &model, &data, &host, |_| {}).unwrap();
    assert_eq!(evaluation.equal, SAMPLES);
    assert_eq!(evaluation.info.shape, (784, 10));
    assert_eq!(evaluation.info.test_vectors, (1, 1));
    assert!(evaluation.median_ticks > 0);

    assert!(!image.has_allocator && !image.has_panic);
    let ram = image.ram_bytes + u64::from(evaluation.info.stack_bytes);
    assert!(ram < 24 * 1024, "{ram} bytes of RAM");
    let file = std::fs::metadata(model_path()).unwrap().len();
    assert!(image.flash_bytes > file && image.flash_bytes < file + 48 * 1024, "{} bytes of flash", image.flash_bytes);

    let measured = u64::from(evaluation.info.stack_bytes);
    assert!(bounds(&image, measured), "{:?} for {measured} bytes of stack", image.stack_bound);
    let smaller = without_large_frames(&image);
    assert!(smaller.stack_bound.is_ok() && !bounds(&smaller, measured), "{:?}", smaller.stack_bound);
}

/// Whether the bound of a firmware's stack holds for what has been measured, and is near it.
fn bounds(image: &Image, measured: u64) -> bool {
    image.stack_bound.as_ref().is_ok_and(|bound| (measured..4 * measured).contains(bound))
}

/// A firmware with a bug: the instructions `sub.w sp, sp, #…`, which make the largest frames, are others.
fn without_large_frames(image: &Image) -> Image {
    let mut program = std::fs::read(&image.path).unwrap();
    for half in program.chunks_exact_mut(2) {
        if let [0xad, 0xf1 | 0xf2 | 0xf5 | 0xf6] = half {
            half[0] = 0xa0;
        }
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), program).unwrap();
    Image::read(file.path()).unwrap()
}

#[test]
fn every_board_answers_with_the_bits_of_the_host() {
    let boards = Board::all(workspace()).unwrap();
    assert!(boards.len() >= 6, "{boards:?}");
    let model = Model::load(model_path()).unwrap();
    let data = mnist().unwrap().test.first(FEW_SAMPLES);
    let host = model.predict(&data).unwrap();
    for board in boards {
        let image = build(&board, &model_path()).unwrap();
        let mut session = Session::new(Qemu::boot(&board, &image.path).unwrap());
        let evaluation = evaluate(&mut session, &model, &data, &host, |_| {}).unwrap();
        assert_eq!((&evaluation.info.board, evaluation.equal), (&board.name, FEW_SAMPLES));
        assert_eq!(evaluation.info.test_vectors, (1, 1), "{}", board.name);
        assert!(!image.has_allocator && !image.has_panic, "{}", board.name);
        let ram = image.ram_bytes + u64::from(evaluation.info.stack_bytes);
        assert!((4096..12 * 1024).contains(&ram), "{}: {ram} bytes of RAM", board.name);
        let stack = evaluation.info.stack_bytes.into();
        let is_bound = bounds(&image, stack) || image.stack_bound == Err(UnknownStack::Processor);
        assert!(is_bound, "{}: {:?} for {stack} bytes of stack", board.name, image.stack_bound);
        assert_eq!(image.stack_bound.is_ok(), board.target.starts_with("thumb"), "{}", board.name);
    }
}

#[test]
fn a_network_in_bytes_has_the_bits_of_the_host_with_and_without_a_unit_for_floats() {
    let digits = mnist().unwrap();
    let hidden = Sequential::new(784).dense(30, Relu).dense(12, Tanh).dense(10, Softmax);
    let mut model = hidden.compile(CategoricalCrossentropy, Adam::default(), [Accuracy]).unwrap();
    model.fit(&digits.test, FitOptions { batch_size: 100, ..Default::default() }).unwrap();
    let model = model.quantize(&digits.test.first(1000), &QuantizeOptions::default()).unwrap().into_model();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("int8.nn");
    model.save(&path).unwrap();
    let data = digits.test.first(FEW_SAMPLES);
    let host = model.predict(&data).unwrap();
    for board in ["microbit", "mps2-an386", "riscv-virt"].map(|name| Board::find(name, workspace()).unwrap()) {
        let image = build(&board, &path).unwrap();
        let mut session = Session::new(Qemu::boot(&board, &image.path).unwrap());
        let evaluation = evaluate(&mut session, &model, &data, &host, |_| {}).unwrap();
        assert_eq!((&evaluation.info.board, evaluation.equal), (&board.name, FEW_SAMPLES));
        assert_eq!(evaluation.info.test_vectors, (1, 1), "{}", board.name);
        assert!(!image.has_allocator && !image.has_panic, "{}", board.name);
        let ram = image.ram_bytes + u64::from(evaluation.info.stack_bytes);
        assert!(ram < 16 * 1024, "{}: {ram} bytes of RAM", board.name);
    }
}

#[test]
fn a_question_that_comes_before_the_device_is_ready_is_answered() {
    let image = build(&board(), &model_path()).unwrap();
    for _ in 0..4 {
        let mut session = Session::new(Qemu::boot(&board(), &image.path).unwrap());
        assert_eq!(session.ping().unwrap(), nn_core::link::PROTOCOL);
    }
}

#[test]
fn a_waiting_session_ends_when_its_caller_wants() {
    let silent = shell("exec sleep 100");
    let mut session = Session::new(Qemu::boot(&silent, &model_path()).unwrap()).until(|| true);
    assert!(matches!(session.ping(), Err(SessionError::Interrupted)));
}

/// A board whose emulator is a line for the shell.
fn shell(line: &str) -> Board {
    Board { qemu: ["sh", "-c", line].map(str::to_owned).to_vec(), ..board() }
}

#[test]
fn a_program_that_ends_by_itself_is_heard_to_its_end() {
    let run = |line, limit| Qemu::run(&shell(line), &model_path(), Duration::from_millis(limit));
    assert_eq!(run("echo a; sleep 0.1; echo b", 10_000).unwrap(), "a\nb\n");
    let failed = run("echo a; echo b >&2; exit 3", 10_000).unwrap_err();
    assert!(matches!(&failed, QemuError::Failed { complaint, written } if complaint == "b" && written == "a\n"));
    let late = run("echo a; exec sleep 100", 300).unwrap_err();
    assert!(matches!(&late, QemuError::TimedOut { written, .. } if written == "a\n"), "{late}");
}

#[test]
fn an_older_file_in_the_place_of_the_model_is_built_in() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.nn");
    let train = |seed: &str| {
        let arguments =
            ["train", "mnist:test", "--layers", "2:relu", "--batch-size", "1000", "--quiet", "--seed", seed];
        let status = nn().current_dir(folder.path()).args(arguments).arg("-o").arg(&path).status().unwrap();
        assert!(status.success());
    };
    train("1");
    let older = std::fs::read(&path).unwrap();
    let time = std::fs::metadata(&path).unwrap().modified().unwrap();
    train("2");
    let run = || nn().current_dir(workspace()).args(["firmware", "run", "--model"]).arg(&path).output().unwrap();
    let newer = run();
    assert!(newer.status.success(), "{}", String::from_utf8_lossy(&newer.stderr));
    std::fs::write(&path, older).unwrap();
    std::fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    let output = run();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_ne!(output.stdout, newer.stdout);
}

#[test]
fn a_fault_does_not_end_the_service() {
    let (_, mut session) = boot();
    let raw = images().raw(0);
    let short = session.predict(Encoding::U8, &raw[1..]);
    assert!(matches!(short, Err(SessionError::Fault(Fault::InputLength { expected: 784 }))), "{short:?}");
    let floats = session.predict(Encoding::F32, &[0; 784 * 4]);
    assert!(matches!(floats, Err(SessionError::Fault(Fault::Encoding))), "{floats:?}");
    assert_eq!(session.predict(Encoding::U8, &raw).unwrap().output.len(), 10);
}

#[test]
fn a_model_of_any_shape_runs_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let train =
        nn().current_dir(folder.path()).args(["train", "mnist:test", "--layers", LAYERS, "--quiet"]).output().unwrap();
    assert!(train.status.success(), "{}", String::from_utf8_lossy(&train.stderr));
    let evaluate = nn()
        .current_dir(workspace())
        .args(["evaluate", "--format", "json", "--on", "qemu:mps2-an386", "--limit", "20"])
        .arg(folder.path().join("model.nn"))
        .arg("mnist")
        .output()
        .unwrap();
    assert!(evaluate.status.success(), "{}", String::from_utf8_lossy(&evaluate.stderr));
    let json: serde_json::Value = serde_json::from_slice(&evaluate.stdout).unwrap();
    assert_eq!((&json["agrees_with_host"], &json["equal_outputs"]), (&true.into(), &20.into()));
    assert!(json["instructions_per_inference"].as_u64().unwrap() > 1000);
}
