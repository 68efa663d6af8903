//! Reading tables: each step checks that what it leads to is there.

/// What a FlatBuffer has where something else must be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("byte {at}: {what}")]
pub struct FlatBufferError {
    /// Where.
    pub at: usize,
    /// What is wrong there.
    pub what: String,
}

impl FlatBufferError {
    fn new(at: usize, what: impl Into<String>) -> Self {
        Self { at, what: what.into() }
    }
}

type Result<T> = core::result::Result<T, FlatBufferError>;

/// Bytes whose places are counted from the start of the file.
#[derive(Clone, Copy, Debug)]
struct Whole<'b>(&'b [u8]);

impl<'b> Whole<'b> {
    fn slice(self, at: usize, length: usize) -> Result<&'b [u8]> {
        let end = at.checked_add(length);
        let slice = end.and_then(|end| self.0.get(at..end));
        slice.ok_or_else(|| FlatBufferError::new(at, format!("{length} bytes expected, the file ends before")))
    }

    fn array<const N: usize>(self, at: usize) -> Result<[u8; N]> {
        Ok(self.slice(at, N)?.first_chunk().copied().unwrap_or([0; N]))
    }

    fn u32(self, at: usize) -> Result<usize> {
        Ok(u32::from_le_bytes(self.array(at)?) as usize)
    }

    /// Where the offset at a place leads to.
    fn follow(self, at: usize) -> Result<usize> {
        let offset = self.u32(at)?;
        let to = at.checked_add(offset).filter(|to| *to < self.0.len());
        to.ok_or_else(|| FlatBufferError::new(at, format!("an offset of {offset} leads behind the end of the file")))
    }

    /// The items of a list of items of `SIZE` bytes; its length stands before them.
    fn list(self, at: usize, size: usize) -> Result<&'b [u8]> {
        let count = self.u32(at)?;
        let bytes = count.checked_mul(size).ok_or_else(|| FlatBufferError::new(at, "a list without an end"))?;
        self.slice(at + 4, bytes)
    }
}

/// A table somewhere in the bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Table<'b> {
    whole: Whole<'b>,
    at: usize,
    /// The places of the fields from `at` on, two bytes each; 0 for an absent one.
    places: &'b [u8],
}

impl<'b> Table<'b> {
    /// The table that a file with this mark begins with.
    pub(crate) fn root(bytes: &'b [u8], identifier: [u8; 4]) -> Result<Self> {
        let whole = Whole(bytes);
        if whole.array(4)? != identifier {
            return Err(FlatBufferError::new(4, format!("the file has no mark \"{}\"", identifier.escape_ascii())));
        }
        Self::at(whole, whole.follow(0)?)
    }

    fn at(whole: Whole<'b>, at: usize) -> Result<Self> {
        let back = i32::from_le_bytes(whole.array(at)?);
        let start = isize::try_from(back).ok().and_then(|back| at.checked_add_signed(back.checked_neg()?));
        let start =
            start.ok_or_else(|| FlatBufferError::new(at, "a table whose fields are listed outside of the file"))?;
        let length = usize::from(u16::from_le_bytes(whole.array(start)?));
        let places = whole.slice(start, length)?.get(4..);
        let places =
            places.ok_or_else(|| FlatBufferError::new(start, "a list of fields that is shorter than its head"))?;
        Ok(Self { whole, at, places })
    }

    /// Where a field is, if it is there.
    fn field(&self, number: usize) -> Option<usize> {
        let place = self.places.get(2 * number..)?.first_chunk().copied().map(u16::from_le_bytes)?;
        (place != 0).then(|| self.at + usize::from(place))
    }

    fn scalar<const N: usize>(&self, number: usize) -> Result<Option<[u8; N]>> {
        self.field(number).map(|at| self.whole.array(at)).transpose()
    }

    pub(crate) fn i8(&self, number: usize, default: i8) -> Result<i8> {
        Ok(self.scalar(number)?.map_or(default, i8::from_le_bytes))
    }

    pub(crate) fn i32(&self, number: usize, default: i32) -> Result<i32> {
        Ok(self.scalar(number)?.map_or(default, i32::from_le_bytes))
    }

    pub(crate) fn u32(&self, number: usize, default: u32) -> Result<u32> {
        Ok(self.scalar(number)?.map_or(default, u32::from_le_bytes))
    }

    pub(crate) fn f32(&self, number: usize, default: f32) -> Result<f32> {
        Ok(self.scalar(number)?.map_or(default, f32::from_le_bytes))
    }

    pub(crate) fn table(&self, number: usize) -> Result<Option<Self>> {
        self.field(number).map(|at| Self::at(self.whole, self.whole.follow(at)?)).transpose()
    }

    /// The items of a list; `None` for an absent one.
    fn items(&self, number: usize, size: usize) -> Result<Option<&'b [u8]>> {
        self.field(number).map(|at| self.whole.list(self.whole.follow(at)?, size)).transpose()
    }

    pub(crate) fn bytes(&self, number: usize) -> Result<Option<&'b [u8]>> {
        self.items(number, 1)
    }

    /// The numbers of a list that is not longer than what makes sense; none for an absent one.
    fn numbers<const N: usize, T>(&self, number: usize, most: usize, decode: fn([u8; N]) -> T) -> Result<Vec<T>> {
        let items = self.items(number, N)?.unwrap_or_default().as_chunks().0;
        if items.len() > most {
            let what = format!("a list of {}, at most {most} make sense there", items.len());
            return Err(FlatBufferError::new(self.at, what));
        }
        Ok(items.iter().copied().map(decode).collect())
    }

    pub(crate) fn i32s(&self, number: usize, most: usize) -> Result<Vec<i32>> {
        self.numbers(number, most, i32::from_le_bytes)
    }

    pub(crate) fn i64s(&self, number: usize, most: usize) -> Result<Vec<i64>> {
        self.numbers(number, most, i64::from_le_bytes)
    }

    pub(crate) fn f32s(&self, number: usize, most: usize) -> Result<Vec<f32>> {
        self.numbers(number, most, f32::from_le_bytes)
    }

    /// A list of tables; an empty one if it is absent.
    pub(crate) fn tables(&self, number: usize) -> Result<Tables<'b>> {
        let Some(field) = self.field(number) else { return Ok(Tables { whole: self.whole, at: self.at, length: 0 }) };
        let at = self.whole.follow(field)?;
        let length = self.whole.list(at, 4)?.len() / 4;
        Ok(Tables { whole: self.whole, at: at + 4, length })
    }
}

/// A list of tables.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tables<'b> {
    whole: Whole<'b>,
    at: usize,
    length: usize,
}

impl<'b> Tables<'b> {
    pub(crate) const fn len(&self) -> usize {
        self.length
    }

    pub(crate) fn get(&self, index: usize) -> Result<Table<'b>> {
        if index >= self.length {
            return Err(FlatBufferError::new(self.at, format!("a list of {}, its entry {index} is used", self.length)));
        }
        Table::at(self.whole, self.whole.follow(self.at + 4 * index)?)
    }
}
