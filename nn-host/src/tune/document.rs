//! Puts values into a configuration by the paths of their keys.

use toml::{Table, Value};

/// Puts a value where a path leads, and says whether it leads somewhere. Tables that are not there are made; a name that
/// settings are given to becomes a table with it: `optimizer = "adam"` to `optimizer = { name = "adam" }`.
pub(super) fn put(document: &mut Table, path: &str, value: Value) -> bool {
    let (key, rest) = path.split_once('.').map_or((path, None), |(key, rest)| (key, Some(rest)));
    let Some(rest) = rest else {
        document.insert(key.to_owned(), value);
        return true;
    };
    let inner = document.entry(key).or_insert_with(|| Value::Table(Table::new()));
    put_into(inner, rest, value)
}

fn put_into(place: &mut Value, path: &str, value: Value) -> bool {
    if let Value::String(name) = place {
        *place = Value::Table(Table::from_iter([("name".to_owned(), Value::String(core::mem::take(name)))]));
    }
    match place {
        Value::Table(table) => put(table, path, value),
        Value::Array(elements) => {
            let (number, rest) = path.split_once('.').map_or((path, None), |(number, rest)| (number, Some(rest)));
            let element = number.parse().ok().and_then(|number: usize| elements.get_mut(number));
            match (element, rest) {
                (None, _) => false,
                (Some(element), Some(rest)) => put_into(element, rest, value),
                (Some(element), None) => {
                    *element = value;
                    true
                }
            }
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Table, Value, put};

    #[test]
    fn paths_lead_through_tables_arrays_and_names() {
        let text = "optimizer = 'adam'\n[[layers]]\nunits = 1\n[[layers]]\nunits = 2\nlist = [1, 2]\n";
        let mut document: Table = text.parse().unwrap();
        let mut all = |path: &str| put(&mut document, path, Value::Integer(9));
        assert!(["optimizer.rate", "layers.1.units", "layers.1.list.0", "a.b.c", "x"].iter().all(|path| all(path)));
        assert!(!all("layers.2.units") && !all("layers.x.units") && !all("x.y"));
        let expected = "optimizer = { name = 'adam', rate = 9 }\nx = 9\n[a.b]\nc = 9\n\
            [[layers]]\nunits = 1\n[[layers]]\nunits = 9\nlist = [9, 2]\n";
        assert_eq!(document, expected.parse().unwrap());
    }
}
