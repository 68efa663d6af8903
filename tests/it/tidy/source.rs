//! Rust text: what of it is code, what of that is tests.

use core::ops::Range;

/// The number of the line that holds byte `at`.
pub(super) fn line(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// Whether a word stands there by itself.
pub(super) fn has_word(text: &str, word: &str) -> bool {
    text.split(|c| !is_of_word(c)).any(|found| found == word)
}

/// Where a text begins that is not the end of a longer word.
pub(super) fn starts_of<'t>(text: &'t str, needle: &'t str) -> impl Iterator<Item = usize> + 't {
    text.match_indices(needle).map(|(at, _)| at).filter(|&at| !text[..at].ends_with(is_of_word))
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The text with blanks for comments and literals of strings and characters; its lines stay.
pub(super) fn code(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if let Some(length) = opaque(rest) {
            code.push_str(&blank(&rest[..length]));
            length
        } else {
            code.push(first);
            first.len_utf8()
        };
        rest = &rest[length..];
    }
    code
}

/// The code that is not compiled for tests alone; the lines stay.
pub(super) fn code_without_tests(text: &str) -> String {
    let mut code = code(text);
    for item in test_items(&code) {
        let blanks = blank(&code[item.clone()]);
        code.replace_range(item, &blanks);
    }
    code
}

/// The number of lines that are not compiled for tests alone.
pub(super) fn lines_without_tests(text: &str) -> usize {
    let code = code(text);
    let lines = |item: Range<usize>| code[item].lines().count();
    text.lines().count() - test_items(&code).into_iter().map(lines).sum::<usize>()
}

/// From an opening bracket to the one that closes it, or to the end.
pub(super) fn bracketed(code: &str) -> &str {
    let mut depth = 0_usize;
    for (at, c) in code.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return &code[..at + c.len_utf8()];
        }
    }
    code
}

fn blank(text: &str) -> String {
    text.chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect()
}

/// The length of the comment or literal that the text begins with.
fn opaque(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    let length = match rest.as_bytes() {
        [b'/', b'*', ..] => block_comment(rest),
        [b'"', ..] => string(rest),
        [b'r', b'"' | b'#', ..] => return raw_string(rest),
        [b'\'', ..] => return character(rest),
        _ => return None,
    };
    Some(length.unwrap_or(rest.len()))
}

fn block_comment(rest: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    loop {
        let next = rest[at..].find(['/', '*'])? + at;
        let (change, length) = match rest.get(next..next + 2) {
            Some("/*") => (1, 2),
            Some("*/") => (-1, 2),
            _ => (0, 1),
        };
        depth = depth.checked_add_signed(change)?;
        at = next + length;
        if depth == 0 {
            return Some(at);
        }
    }
}

fn string(rest: &str) -> Option<usize> {
    let mut characters = rest.char_indices().skip(1);
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => return Some(at + 1),
            '\\' => _ = characters.next(),
            _ => {}
        }
    }
    None
}

/// `None` too if it is a raw name, such as `r#type`.
fn raw_string(rest: &str) -> Option<usize> {
    let body = rest[1..].trim_start_matches('#');
    let hashes = rest.len() - 1 - body.len();
    let end = format!("\"{}", "#".repeat(hashes));
    let body = body.strip_prefix('"')?;
    Some(rest.len() - body.len() + body.find(&end)? + end.len())
}

/// `None` if it is a lifetime.
fn character(rest: &str) -> Option<usize> {
    let mut characters = rest.char_indices().skip(1);
    if characters.next()?.1 == '\\' {
        characters.next();
        return characters.find(|&(_, c)| c == '\'').map(|(at, _)| at + 1);
    }
    characters.next().filter(|&(_, c)| c == '\'').map(|(at, _)| at + 1)
}

/// The items under `#[cfg(test)]`, each with the attribute and to the end of its last line.
fn test_items(code: &str) -> Vec<Range<usize>> {
    let mut items: Vec<Range<usize>> = Vec::new();
    for (start, _) in code.match_indices("#[cfg(test)]") {
        if items.last().is_none_or(|last| last.end <= start) {
            let end = item_end(code, start);
            let whole_line = code[end..].find('\n').map_or(code.len(), |length| end + length + 1);
            items.push(start..whole_line);
        }
    }
    items
}

/// Behind the semicolon or the braces that end the item which starts with an attribute.
fn item_end(code: &str, start: usize) -> usize {
    let mut at = start;
    while let Some(next) = code[at..].find(['(', '[', '{', ';']).map(|length| at + length) {
        let group = bracketed(&code[next..]);
        at = next + group.len();
        if group.starts_with(['{', ';']) {
            return at;
        }
    }
    code.len()
}

#[test]
fn comments_and_literals_are_blank_and_lines_stay() {
    let blanks = |length| " ".repeat(length);
    for (text, expected) in [
        ("a // é\nb", format!("a {}\nb", blanks(4))),
        ("a /* /* \n */ */ b", format!("a {}\n{} b", blanks(6), blanks(6))),
        (r#"f("\"x\\") + 1"#, format!("f({}) + 1", blanks(7))),
        (r###"f(r##"a "# b"##) + 1"###, format!("f({}) + 1", blanks(13))),
        (
            r"if c == '\'' || c == '(' { r#type::<'a>() }",
            format!("if c == {} || c == {} {{ r#type::<'a>() }}", blanks(4), blanks(3)),
        ),
        ("a / b * c \"open", format!("a / b * c {}", blanks(5))),
    ] {
        assert_eq!(code(text), expected, "{text}");
    }
}

#[test]
fn tests_are_no_code() {
    let text = "a\n#[cfg(test)]\nfn f(x: [u8; 2]) {\n}\nb\n#[cfg(test)]\n#[allow(x)]\nmod tests;\n#[cfg(test)]\nmod t {\n{}}\nc";
    assert_eq!(code_without_tests(text).split_whitespace().collect::<String>(), "abc");
    assert_eq!(code_without_tests(text).lines().count(), text.lines().count());
    assert_eq!(lines_without_tests(text), 3);
}

#[test]
fn words_are_whole() {
    assert!(has_word("use libm::expf;", "libm") && !has_word("mod sqrt_libm;", "libm"));
    assert_eq!(starts_of("my_crate::a(crate::b)", "crate::").collect::<Vec<_>>(), [12]);
}
