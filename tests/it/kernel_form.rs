//! Kernels of bytes in both forms: the same bytes, the same model, from host to file, to a type, and back.

use nn_core::format::{self, FormatError, KernelForm, LayerView, LoadError, load};
use nn_core::int8::Softmax;
use nn_core::int8::table::Table;
use nn_core::layer::{Chain, Layer, int8};
use nn_host::model::{AlignedBytes, Model};
use nn_host::prelude::Identity;
use nn_host::quantize::QuantizeOptions;
use nn_tests::hostile::checksummed;
use nn_tests::{nn, small_data, small_model};

/// The small model in bytes, with a form of kernels: 6-5 ReLU-4 sigmoid-3 softmax.
type Small<A, B, C> = Chain<
    Chain<
        Chain<Chain<Chain<Chain<int8::Quantize<6>, A>, B>, int8::Mapped<4, &'static Table>>, C>,
        int8::Mapped<3, Softmax>,
    >,
    int8::Dequantize<3>,
>;
type Packed =
    Small<int8::PackedDense<'static, 6, 5>, int8::PackedDense<'static, 5, 4>, int8::PackedDense<'static, 4, 3>>;
type Plain = Small<int8::Dense<'static, 6, 5>, int8::Dense<'static, 5, 4>, int8::Dense<'static, 4, 3>>;

fn quantized() -> Model {
    small_model().quantize(&small_data(50), &QuantizeOptions::default()).unwrap().into_model()
}

/// The bytes of a model's file, for the rest of the test.
fn file(model: &Model) -> &'static [u8] {
    Box::leak(Box::new(model.to_bytes().unwrap())).as_bytes()
}

#[test]
fn a_packed_file_has_the_bits_of_the_plain_one_on_the_host_and_by_type() {
    let (plain, data) = (quantized(), small_data(200));
    let packed = plain.clone().with_kernel_form(KernelForm::Packed);
    assert!(packed.stores_kernels_as(KernelForm::Packed) && !packed.stores_kernels_as(KernelForm::Plain));
    let files = [&plain, &packed].map(file);
    assert_ne!(files[0], files[1]);
    let read = Model::from_bytes(files[1]).unwrap();
    assert_eq!(read.layers(), packed.layers(), "what is packed is taken apart to what it was");
    assert_eq!(read.weights_sha256(), plain.weights_sha256());
    assert_eq!(file(&read.clone().with_kernel_form(KernelForm::Plain)), files[0]);
    assert_eq!(read.predict(&data).unwrap(), plain.predict(&data).unwrap());
    let [plain_file, packed_file] = files.map(|file| format::Model::parse(file).unwrap());
    let (by_plain, by_packed) = (load::<Plain>(&plain_file).unwrap(), load::<Packed>(&packed_file).unwrap());
    for (sample, expected) in plain.predict(&data).unwrap().column_iter().enumerate() {
        let mut x = [0.0; 6];
        assert!(plain_file.scaling().apply(&data.raw(sample), &mut x));
        assert_eq!(by_plain.predict(&x), *expected.as_slice(), "sample {sample}");
        assert_eq!(by_packed.predict(&x), *expected.as_slice(), "sample {sample}");
    }
}

#[test]
fn a_type_of_the_other_form_or_of_another_shape_of_as_many_words_is_refused() {
    let plain = quantized();
    let [plain, packed] = [plain.clone(), plain.with_kernel_form(KernelForm::Packed)].map(|model| file(&model));
    let [plain, packed] = [plain, packed].map(|file| format::Model::parse(file).unwrap());
    let kinds = [load::<Packed>(&plain).unwrap_err(), load::<Plain>(&packed).unwrap_err()].map(|e| e.to_string());
    assert_eq!(kinds[0], "layer 1 of the model is int8::Dense, the network expects int8::PackedDense");
    assert_eq!(kinds[1], "layer 1 of the model is int8::PackedDense, the network expects int8::Dense");
    type Wider = Chain<int8::Quantize<6>, int8::PackedDense<'static, 6, 6>>;
    let error = load::<Wider>(&packed).unwrap_err();
    assert_eq!(error, LoadError::Shape { layer: 1, expected: (6, 6), found: (6, 5) });
}

#[test]
fn a_word_of_no_weights_is_refused_by_place() {
    let bytes = AlignedBytes::copy_of(file(&quantized().with_kernel_form(KernelForm::Packed)));
    let place = {
        let file = format::Model::parse(bytes.as_bytes()).unwrap();
        let Some(LayerView::Int8Dense(view)) = file.layers().nth(1) else { panic!("a dense layer") };
        let format::Int8Kernel::Packed(words) = view.kernel else { panic!("a packed kernel") };
        words.as_ptr() as usize - bytes.as_bytes().as_ptr() as usize
    };
    for (half, byte) in [(2, 0x80), (0, 0xff)] {
        let mut damaged = bytes.clone();
        damaged.as_mut_bytes()[place + 4 + half..][..2].copy_from_slice(&[byte, 0x7f]);
        let found = format::Model::parse(checksummed(damaged.as_bytes()).as_bytes()).map(drop);
        assert!(matches!(found, Err(FormatError::Packed { layer: 1, index: 1, .. })), "{found:?}");
    }
}

#[test]
fn what_cannot_be_packed_stays_plain() {
    // −128 over a negative weight, which no tool here makes.
    let mut bytes = AlignedBytes::copy_of(file(&quantized()));
    let place = {
        let file = format::Model::parse(bytes.as_bytes()).unwrap();
        let Some(LayerView::Int8Dense(view)) = file.layers().nth(1) else { panic!("a dense layer") };
        let format::Int8Kernel::Plain(kernel) = view.kernel else { panic!("a plain kernel") };
        kernel.as_ptr() as usize - bytes.as_bytes().as_ptr() as usize
    };
    bytes.as_mut_bytes()[place] = 0x80;
    bytes.as_mut_bytes()[place + 6] = 0xff;
    let model = Model::from_bytes(checksummed(bytes.as_bytes()).as_bytes()).unwrap();
    let packed = model.clone().with_kernel_form(KernelForm::Packed);
    let forms: Vec<_> = packed.layers().iter().filter(|layer| layer.description().contains("packed")).collect();
    assert_eq!(forms.len(), 2, "of three");
    assert_eq!(packed.predict(&small_data(9)).unwrap(), model.predict(&small_data(9)).unwrap());
}

#[test]
fn floats_have_no_form_and_every_form_suits_them() {
    let model = nn_host::prelude::Sequential::new(2).dense(2, Identity);
    let model = model.compile(nn_host::prelude::MeanSquaredError, nn_host::prelude::Sgd::default(), []).unwrap();
    assert!([KernelForm::Plain, KernelForm::Packed].into_iter().all(|form| model.stores_kernels_as(form)));
    assert_eq!(model.clone().with_kernel_form(KernelForm::Packed), model);
}

#[test]
fn the_command_line_writes_either_form_and_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let output = nn().current_dir(&folder).args(arguments).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let rows: String = (0..60).map(|k| format!("{},{},{}\n", k % 7, (k * k) % 11, ["a", "b"][k % 2])).collect();
    std::fs::write(folder.path().join("data.csv"), format!("u,v,class\n{rows}")).unwrap();
    run(&["train", "data.csv", "--layers", "8:relu", "--epochs", "2", "-o", "m.nn"]);
    let quantize = ["quantize", "m.nn", "--calibration-data", "data.csv", "-o"];
    run(&[&quantize[..], &["plain.nn"]].concat());
    run(&[&quantize[..], &["packed.nn", "--kernel", "packed"]].concat());
    assert!(run(&["summary", "packed.nn"]).contains("per channel, packed"));
    assert!(!run(&["summary", "plain.nn"]).contains("packed"));
    let [plain, packed] = ["plain.nn", "packed.nn"].map(|model| run(&["evaluate", model, "data.csv"]));
    assert_eq!(plain, packed);
}
