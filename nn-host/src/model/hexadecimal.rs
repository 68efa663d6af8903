//! Hashes as text.

/// The bytes as hexadecimal digits, two a byte.
///
/// ```
/// use nn_host::model::hexadecimal;
/// assert_eq!(hexadecimal(&[0, 10, 255]), "000aff");
/// ```
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
