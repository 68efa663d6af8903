//! Tables as people have them, and tables that are refused: the message names file, line and column.

use std::path::PathBuf;

use nalgebra::DMatrix;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::{Header, Missing, Preprocessing, Table, TableError, TableOptions, TableStream, Task, Unknown};
use crate::data::{DataSource, Dataset, Order, Targets};

/// A folder with one file.
fn file(name: &str, bytes: impl AsRef<[u8]>) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn learn(text: impl AsRef<[u8]>, options: &TableOptions) -> Result<(Preprocessing, Dataset), TableError> {
    let (_folder, path) = file("t.csv", text);
    let table = Table::read(&path, options)?;
    let preprocessing = Preprocessing::fit(&table, &(0..table.len()).collect::<Vec<_>>())?;
    let data = preprocessing.apply(&table)?;
    Ok((preprocessing, data))
}

fn inputs(data: &Dataset) -> DMatrix<f32> {
    let mut x = DMatrix::zeros(data.inputs(), data.len());
    data.gather_inputs(&(0..data.len()).collect::<Vec<_>>(), data.scaling(), &mut x);
    x
}

/// The message of a refusal, without the folder of the file.
#[track_caller]
fn refusal(text: impl AsRef<[u8]>, options: &TableOptions) -> String {
    let error = learn(text, options).unwrap_err().to_string();
    error[error.find("t.csv").unwrap()..].to_owned()
}

fn options() -> TableOptions {
    TableOptions::default()
}

fn targeting(names: &[&str]) -> TableOptions {
    TableOptions { target: owned(names), ..options() }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

#[test]
fn the_last_column_is_the_target_and_texts_are_one_hot() {
    let (preprocessing, data) = learn("a,b,c\n1,x,yes\n2,y,no\n3,x,no\n", &options()).unwrap();
    assert!(preprocessing.input_names().eq(["a", "b=x", "b=y"]));
    assert!(preprocessing.is_one_hot().eq([false, true, true]));
    assert_eq!(inputs(&data), DMatrix::from_column_slice(3, 3, &[1.0, 1.0, 0.0, 2.0, 0.0, 1.0, 3.0, 1.0, 0.0]));
    assert_eq!(data.targets(), &Targets::Classes { classes: vec![1, 0, 0], names: owned(&["no", "yes"]) });
}

#[test]
fn a_bom_windows_line_ends_quotes_and_white_space_are_read() {
    let text = "\u{feff}\"the, a\";y\r\n\"1\";\"say \"\"hi\"\"\"\r\n 2 ;\"two\nlines\"\r\n";
    let semicolon = TableOptions { delimiter: Some(b';'), ..options() };
    let (preprocessing, data) = learn(text, &semicolon).unwrap();
    assert_eq!(preprocessing.features()[0].name(), "the, a");
    assert_eq!(inputs(&data).as_slice(), [1.0, 2.0]);
    assert_eq!(data.targets(), &Targets::Classes { classes: vec![0, 1], names: owned(&["say \"hi\"", "two\nlines"]) });
}

#[test]
fn the_suffix_says_what_is_between_cells() {
    let (_folder, path) = file("t.tsv", "a b\ty\n1\t0.5\n2\t1.5\n");
    let table = Table::read(&path, &options()).unwrap();
    assert_eq!((table.names(), table.len()), (&owned(&["a b", "y"])[..], 2));
}

#[test]
fn targets_are_named_or_numbered_and_columns_ignored() {
    let text = "id,a,u,v\n7,1,0.5,10\n8,2,1.5,20\n";
    let options = TableOptions { ignore: owned(&["id"]), ..targeting(&["v", "3"]) };
    let (preprocessing, data) = learn(text, &options).unwrap();
    assert_eq!(preprocessing.target().columns(), owned(&["v", "u"]));
    assert_eq!(inputs(&data).as_slice(), [1.0, 2.0]);
    assert_eq!(data.targets(), &Targets::Values(DMatrix::from_column_slice(2, 2, &[10.0, 0.5, 20.0, 1.5])));
}

#[test]
fn a_table_without_header_has_numbers_for_names() {
    let bare = TableOptions { header: Header::Absent, target: owned(&["1"]), ..options() };
    let (preprocessing, data) = learn("0.5,1\n1.5,2\n", &bare).unwrap();
    assert!(preprocessing.is_numbered());
    assert_eq!((preprocessing.features()[0].name(), inputs(&data).as_slice()), ("2", &[1.0, 2.0][..]));
    let (_folder, path) = file("later.csv", "9.5,3\n");
    let later = Table::read_for(&path, &preprocessing, &options()).unwrap();
    assert_eq!(inputs(&preprocessing.apply(&later).unwrap()).as_slice(), [3.0]);
    let present = TableOptions { header: Header::Present, ..options() };
    let (years, _) = learn("2019,2020\n1,0.5\n2,1.5\n", &present).unwrap();
    assert_eq!((years.features()[0].name(), years.is_numbered()), ("2019", false));
}

#[test]
fn missing_cells_are_errors_means_or_dropped_rows() {
    let text = "a,b,y\n1,x,0.5\n,x,1.5\n3,?,2.5\n";
    assert!(refusal(text, &options()).starts_with(r#"t.csv:3: column 1 (a): the cell is missing ("")"#));
    let mean = TableOptions { missing: Missing::Mean, ..options() };
    let (_, data) = learn(text, &mean).unwrap();
    assert_eq!(inputs(&data), DMatrix::from_column_slice(2, 3, &[1.0, 1.0, 2.0, 1.0, 3.0, 0.0]));
    let drop = TableOptions { missing: Missing::Drop, ..options() };
    let (_, data) = learn(text, &drop).unwrap();
    assert_eq!((data.len(), inputs(&data).as_slice()), (1, &[1.0, 1.0][..]));
    let declared = TableOptions { missing_values: owned(&["nan", "-999"]), ..mean.clone() };
    let (_, data) = learn("a,y\n-999,0.5\n4,1.5\nnan,2.5\n", &declared).unwrap();
    assert_eq!(inputs(&data).as_slice(), [4.0, 4.0, 4.0]);
    assert!(refusal("a,y\n1,0.5\n2,NA\n", &mean).starts_with(r#"t.csv:3: column 2 (y): the cell is missing ("NA")"#));
    assert_eq!(refusal("a,y\n,1\n,2\n", &mean), "t.csv: column 1 (a): every cell of the column is missing");
    assert_eq!(refusal("a,y\n,1\n", &drop), "t.csv: every row has a missing cell and would be dropped");
}

#[test]
fn only_training_rows_are_learned_from() {
    let (_folder, path) = file("t.csv", "a,b,y\n1,x,p\n3,y,q\n,x,p\n100,x,q\n");
    let table = Table::read(&path, &TableOptions { missing: Missing::Mean, ..options() }).unwrap();
    let preprocessing = Preprocessing::fit(&table, &[0, 1, 2]).unwrap();
    assert_eq!(
        inputs(&preprocessing.apply(&table).unwrap()).row(0).iter().collect::<Vec<_>>(),
        [&1.0, &3.0, &2.0, &100.0]
    );
    let unseen = Preprocessing::fit(&table, &[0, 2, 3]).unwrap().apply(&table).unwrap_err();
    assert_eq!((unseen.line(), unseen.column()), (Some(3), Some(2)));
    assert!(unseen.to_string().ends_with(r#""y" did not occur in training; there is x"#), "{unseen}");
}

#[test]
fn later_tables_are_read_by_name_in_any_order() {
    let text = "id,a,b,y\n7,1,x,0.5\n8,2,y,1.5\n";
    let (preprocessing, _) = learn(text, &TableOptions { ignore: owned(&["1"]), ..options() }).unwrap();
    let read = |text: &str, options: &TableOptions| {
        let (_folder, path) = file("l.csv", text);
        let table = Table::read_for(&path, &preprocessing, options)?;
        if table.has_target() { preprocessing.apply(&table) } else { preprocessing.apply_to_features(&table) }
    };
    let error = |text: &str| {
        let error = read(text, &options()).unwrap_err().to_string();
        error[error.find("l.csv").unwrap()..].to_owned()
    };
    assert_eq!(inputs(&read("y,b,a\n0.5,y,3\n", &options()).unwrap()).as_slice(), [3.0, 0.0, 1.0]);
    assert_eq!(read("b,a\nx,3\n", &options()).unwrap().outputs(), 0, "no target");
    assert_eq!(
        error("y,bb,a\n1,x,3\n"),
        r#"l.csv: there is no column "b", which the model was trained with; did you mean "bb"?"#
    );
    assert!(error("y,b,a,price\n1,x,3,4\n").starts_with("l.csv: column 4 (price): the model was trained without this"));
    assert!(error("b,a\nz,3\n").starts_with(r#"l.csv:2: column 1 (b): "z" did not occur in training"#));
    assert!(error("b,a\nx,\n").starts_with("l.csv:2: column 2 (a): the cell is missing"));
    let ignoring = TableOptions { ignore: owned(&["price"]), ..options() };
    assert!(read("b,a,price\nx,3,4\n", &ignoring).is_ok());
    let (_folder, path) = file("n.csv", "b,a\nx,3\n");
    let without = Table::read_for(&path, &preprocessing, &options()).unwrap();
    assert!(preprocessing.apply(&without).unwrap_err().to_string().ends_with("the table has no target column"));
}

#[test]
fn unknown_categories_can_be_none() {
    let (preprocessing, _) =
        learn("b,y\nx,0.5\ny,1.5\n", &TableOptions { unknown: Unknown::Zeros, ..options() }).unwrap();
    let (_folder, path) = file("l.csv", "b\nz\n");
    let table = Table::read_for(&path, &preprocessing, &options()).unwrap();
    assert_eq!(inputs(&preprocessing.apply_to_features(&table).unwrap()).as_slice(), [0.0, 0.0]);
}

#[test]
fn classes_of_later_tables_keep_their_numbers() {
    let (preprocessing, data) = learn("a,y\n1,5\n2,7\n1,7\n2,5\n", &options()).unwrap();
    assert_eq!(data.classes(), Some(&[0, 1, 1, 0][..]));
    let read = |text: &str| {
        let (_folder, path) = file("l.csv", text);
        preprocessing.apply(&Table::read_for(&path, &preprocessing, &options())?)
    };
    let later = read("a,y\n1,7.0\n1,07\n").unwrap();
    assert_eq!((later.classes(), later.outputs()), (Some(&[1, 1][..]), 2));
    let error = read("a,y\n1,7\n1,6\n").unwrap_err();
    assert_eq!((error.line(), error.column()), (Some(3), Some(2)));
}

#[test]
fn numbers_can_be_categories() {
    let options = TableOptions { categorical: owned(&["zip"]), ..options() };
    let (preprocessing, _) = learn("zip,y\n01234,0.5\n99999,1.5\n", &options).unwrap();
    assert!(preprocessing.input_names().eq(["zip=01234", "zip=99999"]));
}

#[test]
fn rows_of_another_length_are_refused() {
    assert_eq!(refusal("a,b,y\n1,2,3\n1,2\n", &options()), "t.csv:3: expected 3 cells, found 2");
    assert_eq!(refusal("a,b,y\n1,2,3\n\n\r\n1,2,3,4\n", &options()), "t.csv:5: expected 3 cells, found 4");
    assert_eq!(refusal("a,b,y\n\"1\n1\",2,3\n1,2\n", &options()), "t.csv:4: expected 3 cells, found 2");
    assert_eq!(refusal("\u{feff}a,b,y\r\n1,2,3\r\n\r\n1,2", &options()), "t.csv:4: expected 3 cells, found 2");
}

#[test]
fn numbers_that_are_not_finite_are_refused() {
    for cell in ["nan", "inf", "-Infinity", "1e39"] {
        let expected = format!("t.csv:3: column 1 (a): expected a finite number, found {cell:?}");
        assert_eq!(refusal(format!("a,y\n1,0.5\n{cell},1.5\n"), &options()), expected);
        let expected = format!("t.csv:3: column 2 (y): expected a finite number, found {cell:?}");
        assert_eq!(refusal(format!("a,y\n1,0.5\n2,{cell}\n"), &options()), expected);
    }
}

#[test]
fn columns_of_numbers_and_texts_are_refused() {
    let error = refusal("a,y\n1,0.5\nsmall,1.5\n", &options());
    assert!(error.starts_with(r#"t.csv:3: column 1 (a): expected a number, as in the rows before, found "small""#));
    assert!(refusal("a,y\nsmall,1.5\n1,0.5\n", &options()).contains("expected a text, as in the rows before"));
    let comma = TableOptions { delimiter: Some(b';'), ..options() };
    let expected = r#"t.csv:2: column 1 (a): expected a number, found "1,5"; numbers have a decimal point"#;
    assert_eq!(refusal("a;y\n1,5;0.5\n", &comma), expected);
    let regression = TableOptions { task: Task::Regression, ..options() };
    assert_eq!(refusal("a,y\n1,0.5\n1,x\n", &regression), r#"t.csv:3: column 2 (y): expected a number, found "x""#);
}

#[test]
fn labels_that_are_no_classes_are_refused_by_place() {
    let classes = TableOptions { task: Task::Classification, ..options() };
    for label in ["-1", "1.7", "4294967297"] {
        let error = refusal(format!("a,y\n1,0\n1,1\n1,{label}\n1,1\n"), &classes);
        assert!(error.starts_with("t.csv:4: column 2 (y): expected a class"), "{error}");
    }
    let several = TableOptions { task: Task::Classification, ..targeting(&["a", "b"]) };
    assert!(refusal("x,a,b\n1,0,1\n", &several).contains("2 targets cannot be classes"));
}

#[test]
fn a_wrong_delimiter_or_header_is_guessed() {
    let expected = "t.csv:1: the header has one column but contains ';': is it `--delimiter ';'`?";
    assert_eq!(refusal("a;b\n1;2\n", &options()), expected);
    assert!(refusal("5.1,3.5\n1,2\n", &options()).starts_with("t.csv:1: every name in the header is a number"));
}

#[test]
fn files_that_are_no_tables_are_refused() {
    assert_eq!(refusal("", &options()), "t.csv: the file is empty");
    assert_eq!(refusal("\n\n", &options()), "t.csv: the file is empty");
    assert_eq!(refusal("a,y\n", &options()), "t.csv: there is a header and no row below it");
    assert_eq!(refusal(b"a,y\n1,0.5\n2,\xff\n", &options()), "t.csv:3: column 2 (y): the text is not UTF-8");
    assert!(refusal("a,y\n1,0\0\n", &options()).starts_with("t.csv:2: there is a NUL character"));
    assert!(refusal(b"\xff\xfea\0,\0y\0\n\0", &options()).contains("not UTF-8"));
    assert_eq!(refusal("y\n1\n", &options()), "t.csv: no column is left to learn from");
}

#[test]
fn columns_that_do_not_exist_or_have_two_names_are_refused() {
    let expected = r#"t.csv: there is no column "prise"; did you mean "price"?"#;
    assert_eq!(refusal("a,price\n1,2\n", &targeting(&["prise"])), expected);
    assert_eq!(refusal("a,b\n1,2\n", &targeting(&["0"])), r#"t.csv: there is no column "0"; there is a, b"#);
    assert_eq!(refusal("a,b,a\n1,2,3\n", &options()), "t.csv:1: column 3 (a): column 1 has that name too");
    let twice = TableOptions { ignore: owned(&["b"]), ..targeting(&["b"]) };
    assert_eq!(refusal("a,b\n1,2\n", &twice), "t.csv: column 2 (b): the column cannot be both a target and ignored");
}

#[test]
fn a_column_of_too_many_texts_is_refused() {
    let rows: String = (0..1001).map(|row| format!("name {row},0.5\n")).collect();
    let error = refusal(format!("a,y\n{rows}"), &options());
    assert!(error.starts_with("t.csv:1002: column 1 (a): there are more than 1000 different texts"), "{error}");
}

/// Rows with a number, a category and a class each.
fn many_rows(rows: usize) -> String {
    let row = |k: usize| format!("{}.25,{},{}\n", k, ["p", "q", "r"][k % 3], ["no", "yes"][k % 2]);
    "n,c,y\n".to_owned() + &(0..rows).map(row).collect::<String>()
}

/// All windows of an epoch.
fn epoch(stream: &mut TableStream, order: Order) -> Vec<Dataset> {
    stream.begin(order).unwrap();
    core::iter::from_fn(|| stream.next_window().unwrap()).collect()
}

#[test]
fn a_stream_has_the_samples_of_the_table_in_windows() {
    let (_folder, path) = file("t.csv", many_rows(10));
    let mut stream = TableStream::open(&path, &options()).unwrap().with_window(4);
    let table = Table::read(&path, &options()).unwrap();
    let preprocessing = Preprocessing::fit(&table, &(0..10).collect::<Vec<_>>()).unwrap();
    assert_eq!(**stream.preprocessing(), preprocessing);
    let whole = preprocessing.apply(&table).unwrap();
    let expected = [&[0, 1, 2, 3][..], &[4, 5, 6, 7], &[8, 9]].map(|part| whole.select(part).unwrap());
    assert_eq!(epoch(&mut stream, Order::AsTheyAre), expected);
    assert_eq!(epoch(&mut stream, Order::AsTheyAre), expected, "each epoch reads the file again");
    assert_eq!(stream.next_window().unwrap(), None);
}

#[test]
fn a_stream_shuffles_within_windows_by_seed_and_epoch() {
    let (_folder, path) = file("t.csv", many_rows(300));
    let mut stream = TableStream::open(&path, &options()).unwrap().with_window(100);
    let mut numbers = |seed, epoch_number| -> Vec<Vec<f32>> {
        let windows = epoch(&mut stream, Order::Shuffled { seed, epoch: epoch_number });
        windows.iter().map(|window| inputs(window).row(0).iter().copied().collect()).collect()
    };
    let first = numbers(1, 0);
    assert_eq!(first, numbers(1, 0));
    assert_ne!(first, numbers(1, 1));
    assert_ne!(first, numbers(2, 0));
    for (window, start) in first.into_iter().zip([0.25, 100.25, 200.25]) {
        assert!(window.windows(2).any(|pair| pair[1] < pair[0]));
        let mut sorted = window;
        sorted.sort_by(f32::total_cmp);
        assert_eq!((sorted[0], sorted[99]), (start, start + 99.0));
    }
}

#[test]
fn a_stream_knows_its_classes_and_the_bytes_of_its_file() {
    let (_folder, path) = file("t.csv", "n,y\n1,3.0\n2,10\n3,3\n4,03\n5,10\n");
    let stream = TableStream::open(&path, &options()).unwrap();
    assert_eq!(stream.class_counts(), Some(&[3, 2][..]));
    assert_eq!(stream.sha256()[..], Sha256::digest(std::fs::read(&path).unwrap())[..]);
    assert_eq!(stream.window(), (64 << 20) / 8, "an input and a class take 8 bytes");
    let values = TableOptions { task: Task::Regression, ..options() };
    assert_eq!(TableStream::open(&path, &values).unwrap().class_counts(), None);
}

#[test]
fn a_stream_notices_that_its_file_has_changed() {
    let (_folder, path) = file("t.csv", many_rows(10));
    let mut stream = TableStream::open(&path, &options()).unwrap().with_window(4);
    let other = many_rows(10).replace("5.25", "5.75");
    for (text, message) in [
        (many_rows(9), "the file had 10 rows before, now it has 9"),
        (many_rows(12), "the file had 10 rows before, now it has 12"),
        (other, "the file has changed since it was opened; it has as many rows, but others"),
    ] {
        std::fs::write(&path, text).unwrap();
        stream.begin(Order::AsTheyAre).unwrap();
        let error = core::iter::from_fn(|| stream.next_window().transpose()).find_map(Result::err).unwrap();
        assert!(error.to_string().ends_with(message), "{error}");
    }
}
