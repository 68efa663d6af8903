//! What somebody may have meant by a name that does not exist.

/// How alike two names are at least, from 0 to 1, for one to be taken for the other.
const LIKENESS: f64 = 0.75;

/// The known name that is most like this one, if any is alike.
///
/// ```
/// use nn_host::data::nearest;
/// assert_eq!(nearest("prise", ["size", "price"]), Some("price"));
/// assert_eq!(nearest("weight", ["size", "price"]), None);
/// ```
pub fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let alike = known.into_iter().map(|known| (strsim::jaro_winkler(name, known), known));
    let nearest =
        alike.filter(|(likeness, _)| *likeness > LIKENESS).max_by(|(one, _), (other, _)| one.total_cmp(other));
    nearest.map(|(_, known)| known)
}

/// The end of a message about an unknown name: what is nearest, or the first few that there are.
pub(super) fn hint<'n>(name: &str, known: impl IntoIterator<Item = &'n str> + Clone) -> String {
    /// Names that a message lists.
    const MOST: usize = 12;
    if let Some(nearest) = nearest(name, known.clone()) {
        return format!("; did you mean {nearest:?}?");
    }
    let mut names = known.into_iter();
    let first: Vec<_> = names.by_ref().take(MOST).collect();
    let more = if names.next().is_some() { ", …" } else { "" };
    if first.is_empty() { String::new() } else { format!("; there is {}{more}", first.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::hint;

    #[test]
    fn the_nearest_name_is_named_or_a_few() {
        assert_eq!(hint("prise", ["price", "size"]), r#"; did you mean "price"?"#);
        assert_eq!(hint("xyz", ["price", "size"]), "; there is price, size");
        assert_eq!(hint("xyz", []), "");
        assert!(hint("xyz", ["a"; 13]).ends_with("a, …"));
    }
}
