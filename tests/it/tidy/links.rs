//! Links between documents: each leads to a file or a folder of the project.

use super::project::{files, paths};
use super::{File, none};

/// The targets of the links in a document, each with its line. What is code is no link.
fn links(document: &str) -> Vec<(usize, String)> {
    let mut links = Vec::new();
    let mut is_code = false;
    for (line, number) in document.lines().zip(1..) {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        } else if !is_code {
            links.extend(targets(&without_code(line)).map(|target| (number, target.to_owned())));
        }
    }
    links
}

/// A line without the text between backticks.
fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect()
}

/// The targets in `[text](target "title")`, `![text](target)` and `[name]: target`.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    let inline = line.split("](").skip(1).map(|rest| rest.split(')').next().unwrap_or(rest));
    let is_definition = line.trim_start().starts_with('[');
    let definition = line.split_once("]: ").filter(|_| is_definition).map(|(_, target)| target);
    let targets = inline.chain(definition).map(|text| text.trim_start().trim_start_matches('<'));
    targets.filter_map(|text| text.split([' ', '>', '#']).next())
}

/// A target, seen from the folder of a document, as a path from the root; `None` if it is outside.
fn resolve(document: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = document.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop()?,
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// Links of documents that lead to nothing among these paths.
fn broken(documents: &[File], paths: &[String]) -> Vec<String> {
    let exists = |found: &str| {
        let leads =
            |path: &String| path.strip_prefix(found).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        found.is_empty() || paths.iter().any(leads)
    };
    let is_elsewhere = |target: &str| target.is_empty() || target.contains("://") || target.starts_with("mailto:");
    let mut offenders = Vec::new();
    for document in documents.iter().filter(|file| file.path.ends_with(".md")) {
        for (number, target) in links(&document.text) {
            let leads =
                !target.starts_with('/') && resolve(&document.path, &target).is_some_and(|found| exists(&found));
            if !is_elsewhere(&target) && !leads {
                offenders.push(format!("{}:{number}: {target} leads to nothing", document.path));
            }
        }
    }
    offenders
}

#[test]
fn every_link_leads_somewhere() {
    none(&broken(files(), &paths()));
}

#[test]
fn a_broken_link_is_found() {
    let text = "[a](a.md) [b](../c/#d) [`e`](./f.md \"g\") ![h](../i.png#j)\n```\n[k](l)\n```\n`[m](n)` [o](#p)\n\
        [q](https://r/s) [t](mailto:u@v) [w](/docs/a.md) [x](../../y)\n[z]: b.md\n[z]: <a.md>\n";
    let documents = [File::new("docs/a.md", text), File::new("docs/a.rs", "//! [a](b)")];
    let paths = ["docs/a.md", "c/d.rs"].map(str::to_owned);
    let expected = ["1: ./f.md", "1: ../i.png", "6: /docs/a.md", "6: ../../y", "7: b.md"];
    assert_eq!(broken(&documents, &paths), expected.map(|link| format!("docs/a.md:{link} leads to nothing")));
}

#[test]
fn the_first_document_is_there() {
    assert!(paths().iter().any(|path| path == "README.md"), "there is no README.md");
}
