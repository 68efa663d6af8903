//! Sizes of memory as people write them: `200000`, `48KB`, `1MB`.

use core::str::FromStr;

use super::WordError;

/// A number of bytes.
///
/// ```
/// use nn_host::config::Size;
/// assert_eq!("48KB".parse(), Ok(Size(49_152)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size(pub usize);

/// Units, each with its bytes; those of chips are powers of two.
const UNITS: [(&str, usize); 5] = [("KB", 1024), ("K", 1024), ("MB", 1 << 20), ("M", 1 << 20), ("B", 1)];

impl FromStr for Size {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        const ERROR: &str = "a size is a number of bytes, or of KB (1,024 bytes) or MB, such as 200000 or 48KB";
        let unit = UNITS.iter().find_map(|(name, bytes)| Some((strip(text, name)?, *bytes)));
        let (count, bytes) = unit.unwrap_or((text, 1));
        count
            .trim_end()
            .parse::<usize>()
            .ok()
            .and_then(|count| count.checked_mul(bytes))
            .map(Self)
            .ok_or_else(|| WordError::new(ERROR))
    }
}

/// What stands before a unit, in upper or lower case.
fn strip<'t>(text: &'t str, unit: &str) -> Option<&'t str> {
    let (count, end) = text.split_at_checked(text.len().checked_sub(unit.len())?)?;
    end.eq_ignore_ascii_case(unit).then_some(count)
}

#[cfg(test)]
mod tests {
    use super::Size;

    #[test]
    fn sizes_are_bytes_or_have_a_unit() {
        let sizes = ["200000", "48KB", "48k", "1 MB", "7B"].map(|text| text.parse());
        assert_eq!(sizes, [200_000, 49_152, 49_152, 1_048_576, 7].map(|bytes| Ok(Size(bytes))));
        for wrong in ["", "KB", "-1", "1.5KB", "é", "99999999999999999999", "18446744073709551615MB"] {
            assert!(wrong.parse::<Size>().is_err(), "{wrong}");
        }
    }
}
