//! One cell of a table: a finite number or a text.

use super::TableFault;

/// The finite number of a cell, if it is any number.
///
/// `None` if it is a text; an error if it is infinite, too large for f32, or "nan".
pub(super) fn number(cell: &str) -> Option<Result<f32, TableFault>> {
    let number: f32 = cell.parse().ok()?;
    Some(if number.is_finite() { Ok(number) } else { Err(TableFault::NotFinite(cell.to_owned())) })
}

/// The finite number of a cell that must be one.
pub(super) fn expect_number(cell: &str) -> Result<f32, TableFault> {
    number(cell).unwrap_or_else(|| Err(TableFault::NotNumber(cell.to_owned())))
}

/// Whether a cell would be a number if its comma were a point.
pub(super) fn is_decimal_comma(cell: &str) -> bool {
    cell.matches(',').count() == 1 && cell.replace(',', ".").parse::<f32>().is_ok_and(f32::is_finite)
}

#[cfg(test)]
mod tests {
    use super::{expect_number, is_decimal_comma, number};

    #[test]
    fn numbers_are_finite() {
        for (cell, expected) in [("1", 1.0), ("-2.5e3", -2500.0), (".5", 0.5), ("+7", 7.0), ("1e-99", 0.0)] {
            assert_eq!(number(cell).map(Result::ok), Some(Some(expected)), "{cell}");
        }
        for cell in ["nan", "NaN", "inf", "-Infinity", "1e39", "-1e999"] {
            assert!(number(cell).unwrap().is_err(), "{cell}");
        }
        for cell in ["", "1_000", "0x10", "1,5", "12 000", "one"] {
            assert!(number(cell).is_none(), "{cell}");
        }
    }

    #[test]
    fn a_decimal_comma_is_explained() {
        assert!(is_decimal_comma("-1,5") && !is_decimal_comma("1,2,3") && !is_decimal_comma("a,b"));
        let error = expect_number("1,5").unwrap_err().to_string();
        assert_eq!(error, r#"expected a number, found "1,5"; numbers have a decimal point"#);
    }
}
