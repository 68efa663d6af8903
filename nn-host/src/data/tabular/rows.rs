//! The rows of a CSV or TSV file, one by one: each has a cell for each column, in UTF-8.

use std::fs::File;
use std::path::{Path, PathBuf};

use csv::{ByteRecord, Reader, ReaderBuilder, StringRecord, Trim};

use super::hashed::HashedFile;
use super::{Header, TableError, TableFault, TableOptions};

/// What may be meant as a delimiter where the header is a single column.
const DELIMITERS: [char; 4] = [';', ',', '\t', '|'];

/// One row.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Bytes of the file before it, and before blank lines that precede it.
    pub(super) start: u64,
    pub(super) cells: StringRecord,
}

impl Row {
    /// The cell of a column of the table.
    pub(super) fn cell(&self, column: usize) -> &str {
        self.cells.get(column).unwrap_or_default()
    }
}

/// The rows of an open file, in the order of the file; white space around cells is gone, blank lines are skipped.
#[derive(Debug)]
pub(super) struct Rows {
    file: PathBuf,
    reader: Reader<HashedFile>,
    names: Vec<String>,
    /// A row that was read to count the columns.
    first: Option<Row>,
    has_rows: bool,
}

impl Rows {
    /// Opens a file and reads the names of its columns.
    pub(super) fn open(path: &Path, options: &TableOptions) -> Result<Self, TableError> {
        let file = File::open(path).map_err(|error| TableError::new(path.to_owned(), None, TableFault::Io(error)))?;
        let is_tabbed = path.extension().is_some_and(|suffix| suffix == "tsv" || suffix == "tab");
        let delimiter = options.delimiter.unwrap_or(if is_tabbed { b'\t' } else { b',' });
        let mut builder = ReaderBuilder::new();
        builder.delimiter(delimiter).has_headers(false).flexible(true).trim(Trim::All);
        let reader = builder.from_reader(HashedFile::new(file));
        let mut rows = Self { file: path.to_owned(), reader, names: Vec::new(), first: None, has_rows: false };
        let first = rows.read()?.ok_or_else(|| rows.fault(None, TableFault::Empty))?;
        rows.take_names(first, options.header)?;
        Ok(rows)
    }

    /// The names of the columns; the number of a column where it has none.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// The next row; `None` at the end of the file.
    pub(super) fn next_row(&mut self) -> Result<Option<Row>, TableError> {
        let row = match self.first.take() {
            Some(first) => Some(first),
            None => self.read()?,
        };
        let Some(row) = row else { return Ok(None) };
        self.has_rows = true;
        let (expected, found) = (self.names.len(), row.cells.len());
        if expected == found {
            return Ok(Some(row));
        }
        Err(self.fault(Some(row.start), TableFault::Width { expected, found }))
    }

    /// A checksum of the bytes read so far: those of the whole file once there is no next row.
    pub(super) fn sha256(&self) -> [u8; 32] {
        self.reader.get_ref().sha256()
    }

    /// Whether a row was read below the names.
    pub(super) const fn has_rows(&self) -> bool {
        self.has_rows
    }

    /// Takes the names of the columns from the first row, if they are there.
    fn take_names(&mut self, first: Row, header: Header) -> Result<(), TableError> {
        self.check_delimiter(&first)?;
        if header == Header::Absent {
            self.names = (1..=first.cells.len()).map(|number| number.to_string()).collect();
            self.first = Some(first);
            return Ok(());
        }
        if header == Header::Expected && first.cells.iter().all(|cell| cell.parse::<f32>().is_ok()) {
            return Err(self.fault(Some(first.start), TableFault::NumericHeader));
        }
        for (number, name) in first.cells.iter().enumerate() {
            let name = if name.is_empty() { (number + 1).to_string() } else { name.to_owned() };
            if let Some(other) = self.names.iter().position(|other| *other == name) {
                return Err(self.fault(Some(first.start), TableFault::Duplicate(other + 1)).in_column(number, &name));
            }
            self.names.push(name);
        }
        Ok(())
    }

    /// Refuses a single column that would be several with another delimiter.
    fn check_delimiter(&self, first: &Row) -> Result<(), TableError> {
        let [cell] = first.cells.iter().collect::<Vec<_>>()[..] else { return Ok(()) };
        match DELIMITERS.into_iter().find(|&delimiter| cell.contains(delimiter)) {
            Some(delimiter) => Err(self.fault(Some(first.start), TableFault::Delimiter(delimiter))),
            None => Ok(()),
        }
    }

    /// The next record of the file, of whatever length.
    fn read(&mut self) -> Result<Option<Row>, TableError> {
        let mut record = ByteRecord::new();
        match self.reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(None),
            Err(error) => return Err(self.fault(None, TableFault::Io(error.into()))),
        }
        let start = record.position().map_or(0, csv::Position::byte);
        let cells = StringRecord::from_byte_record(record).map_err(|error| {
            let column = error.utf8_error().field();
            let name = self.names.get(column).cloned().unwrap_or_else(|| (column + 1).to_string());
            self.fault(Some(start), TableFault::NotUtf8).in_column(column, &name)
        })?;
        if cells.iter().any(|cell| cell.contains('\0')) {
            return Err(self.fault(Some(start), TableFault::Nul));
        }
        Ok(Some(Row { start, cells }))
    }

    fn fault(&self, start: Option<u64>, fault: TableFault) -> TableError {
        TableError::new(self.file.clone(), start, fault)
    }
}
