//! FlatBuffers without generated code: tables found in bytes that nobody has checked, and bytes of a tree of tables.
//!
//! A table is a list of fields by number, of which each may be absent; where each is stands in a list of places before or
//! behind it. Everything else is an offset to something farther on: <https://flatbuffers.dev/internals>.
//!
//! The code that generators make for Rust has `unsafe` in it, which this crate has not; and a dense graph needs few tables.

mod read;
mod write;

pub use read::FlatBufferError;
pub(crate) use read::{Table, Tables};
pub(crate) use write::{Value, write};

#[cfg(test)]
mod tests {
    use super::{Table, Value, write};

    fn tree() -> Vec<Value> {
        let inner = vec![Value::Absent, Value::Text("ä".to_owned()), Value::F32(0.5)];
        vec![
            Value::U32(7),
            Value::Absent,
            Value::Table(inner.clone()),
            Value::Bytes(vec![1, 2, 3]),
            Value::I32s(vec![-1, 2]),
            Value::Tables(vec![inner, vec![]]),
            Value::I64s(vec![-5]),
            Value::F32s(vec![1.5, -2.5]),
            Value::I8(-3),
        ]
    }

    #[test]
    fn what_is_written_is_read() {
        let bytes = write(&tree(), *b"TEST");
        let root = Table::root(&bytes, *b"TEST").unwrap();
        assert_eq!((root.u32(0, 1).unwrap(), root.u32(1, 9).unwrap(), root.u32(99, 5).unwrap()), (7, 9, 5));
        let inner = root.table(2).unwrap().unwrap();
        assert_eq!((inner.bytes(1).unwrap(), inner.f32(2, 0.0).unwrap()), (Some("ä".as_bytes()), 0.5));
        assert_eq!(root.bytes(3).unwrap(), Some(&[1, 2, 3][..]));
        assert_eq!(root.i32s(4, 8).unwrap(), [-1, 2]);
        let tables = root.tables(5).unwrap();
        assert_eq!(
            (tables.len(), tables.get(0).unwrap().f32(2, 0.0), tables.get(1).unwrap().f32(2, 3.0)),
            (2, Ok(0.5), Ok(3.0))
        );
        assert_eq!((root.i64s(6, 8).unwrap(), root.f32s(7, 8).unwrap()), (vec![-5], vec![1.5, -2.5]));
        assert_eq!((root.i8(8, 0).unwrap(), root.i8(1, 4).unwrap()), (-3, 4));
        assert!(root.table(1).unwrap().is_none() && root.bytes(1).unwrap().is_none());
    }

    #[test]
    fn bytes_start_at_multiples_of_sixteen() {
        let bytes = write(&tree(), *b"TEST");
        let start = bytes.windows(4).position(|window| window == [1, 2, 3, 0]).unwrap();
        assert_eq!(start % 16, 0);
    }

    #[test]
    fn lists_have_an_end_and_tables_a_place() {
        let bytes = write(&tree(), *b"TEST");
        let root = Table::root(&bytes, *b"TEST").unwrap();
        assert!(root.i32s(4, 1).unwrap_err().to_string().ends_with("a list of 2, at most 1 make sense there"));
        assert!(root.tables(5).unwrap().get(2).is_err());
        assert!(Table::root(&bytes, *b"TSET").is_err() && Table::root(&[], *b"TEST").is_err());
    }

    #[test]
    fn no_damage_is_more_than_an_error() {
        let good = write(&tree(), *b"TEST");
        let visit = |bytes: &[u8]| -> Option<usize> {
            let root = Table::root(bytes, *b"TEST").ok()?;
            let inner = root.table(2).ok()??;
            let tables = root.tables(5).ok()?;
            let inside = (0..tables.len().min(9)).filter_map(|table| tables.get(table).ok()?.bytes(1).ok());
            Some(
                inner.bytes(1).ok()??.len() + root.bytes(3).ok()??.len() + root.i64s(6, 8).ok()?.len() + inside.count(),
            )
        };
        assert_eq!(visit(&good), Some(2 + 3 + 1 + 2));
        for length in 0..good.len() {
            let _ = visit(&good[..length]);
        }
        let found = |place: usize, bit: u32| {
            let mut bytes = good.clone();
            bytes[place] ^= 1 << bit;
            visit(&bytes)
        };
        let whole = (0..good.len()).flat_map(|place| (0..8).map(move |bit| (place, bit)));
        assert!(whole.filter(|&(place, bit)| found(place, bit) != visit(&good)).count() > 100);
    }
}
