//! Writing tables: a tree of values becomes bytes, each thing behind the one that points to it.

/// A field of a table; its number is its position in the table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// A field that is not there, or has its default.
    Absent,
    I8(i8),
    I32(i32),
    U32(u32),
    F32(f32),
    Text(String),
    /// Data of any type, which starts at a multiple of 16, as TensorFlow Lite wants it.
    Bytes(Vec<u8>),
    I32s(Vec<i32>),
    I64s(Vec<i64>),
    F32s(Vec<f32>),
    Table(Vec<Self>),
    Tables(Vec<Vec<Self>>),
}

/// Bytes of a field, of which each has as many: those smaller than that are followed by zeros.
const SLOT: usize = 4;

/// The file of this table, which cannot be read from 2³¹ bytes on.
pub(crate) fn write(root: &[Value], identifier: [u8; 4]) -> Vec<u8> {
    let mut writer = Writer { bytes: vec![0; 4] };
    writer.bytes.extend(identifier);
    writer.point(0, |writer| writer.table(root));
    writer.bytes
}

struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// Fills up until `ahead` bytes farther on a multiple of `alignment` is reached.
    fn align(&mut self, alignment: usize, ahead: usize) {
        let end = (self.bytes.len() + ahead).next_multiple_of(alignment) - ahead;
        self.bytes.resize(end, 0);
    }

    /// Writes something and lets the offset at a place lead to it.
    fn point(&mut self, from: usize, write: impl FnOnce(&mut Self) -> usize) {
        let to = write(self);
        if let Some(offset) = self.bytes.get_mut(from..from + SLOT) {
            offset.copy_from_slice(&count(to - from));
        }
    }

    /// A table with the list of its fields' places before it, then what its fields point to; where it starts.
    fn table(&mut self, fields: &[Value]) -> usize {
        let list = 2 * (2 + fields.len());
        self.align(SLOT, list);
        let present = fields.iter().filter(|field| **field != Value::Absent).count();
        self.bytes.extend(short(list));
        self.bytes.extend(short(SLOT * (1 + present)));
        let mut place = SLOT;
        for field in fields {
            let is_there = *field != Value::Absent;
            self.bytes.extend(short(if is_there { place } else { 0 }));
            place += if is_there { SLOT } else { 0 };
        }
        let start = self.bytes.len();
        self.bytes.extend(count(list));
        let present = || fields.iter().filter(|field| **field != Value::Absent);
        present().for_each(|field| self.bytes.extend(in_place(field)));
        for (number, field) in present().enumerate() {
            self.target(start + SLOT * (1 + number), field);
        }
        start
    }

    /// What a field points to, if it is an offset.
    fn target(&mut self, from: usize, field: &Value) {
        match field {
            Value::Absent | Value::I8(_) | Value::I32(_) | Value::U32(_) | Value::F32(_) => {}
            Value::Text(text) => self.point(from, |writer| {
                let start = writer.list(text.as_bytes().iter().map(|byte| [*byte]), 1);
                writer.bytes.push(0);
                start
            }),
            Value::Bytes(bytes) => self.point(from, |writer| writer.list(bytes.iter().map(|byte| [*byte]), 16)),
            Value::I32s(list) => self.point(from, |writer| writer.list(list.iter().map(|x| x.to_le_bytes()), SLOT)),
            Value::I64s(list) => self.point(from, |writer| writer.list(list.iter().map(|x| x.to_le_bytes()), 8)),
            Value::F32s(list) => self.point(from, |writer| writer.list(list.iter().map(|x| x.to_le_bytes()), SLOT)),
            Value::Table(fields) => self.point(from, |writer| writer.table(fields)),
            Value::Tables(tables) => self.point(from, |writer| writer.tables(tables)),
        }
    }

    /// A list whose items start at a multiple of something; where its length stands.
    fn list<const N: usize>(&mut self, items: impl ExactSizeIterator<Item = [u8; N]>, alignment: usize) -> usize {
        self.align(alignment.max(SLOT), SLOT);
        let start = self.bytes.len();
        self.bytes.extend(count(items.len()));
        self.bytes.extend(items.flatten());
        start
    }

    fn tables(&mut self, tables: &[Vec<Value>]) -> usize {
        let start = self.list(tables.iter().map(|_| [0; SLOT]), SLOT);
        for (number, table) in tables.iter().enumerate() {
            self.point(start + SLOT * (1 + number), |writer| writer.table(table));
        }
        start
    }
}

/// What stands in the table itself: the number, or zeros where an offset will be.
fn in_place(field: &Value) -> [u8; SLOT] {
    match field {
        Value::I8(x) => [x.cast_unsigned(), 0, 0, 0],
        Value::I32(x) => x.to_le_bytes(),
        Value::U32(x) => x.to_le_bytes(),
        Value::F32(x) => x.to_le_bytes(),
        _ => [0; SLOT],
    }
}

/// A length or an offset; one that is too large is in a file that its reader will refuse as too large.
fn count(count: usize) -> [u8; 4] {
    u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes()
}

fn short(length: usize) -> [u8; 2] {
    u16::try_from(length).unwrap_or(u16::MAX).to_le_bytes()
}
