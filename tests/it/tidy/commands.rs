//! The commands that the documents show exist, with every option that they show.

use std::process::Command;

use nn_tests::{nn, workspace};

use super::project::files;
use super::{File, none};

/// Where commands are shown that are to work as they stand.
const DOCUMENTS: [&str; 2] = ["README.md", "ARCHITECTURE.md"];

/// The lines inside the fences of a document; one that ends with a backslash takes the next.
fn fenced(document: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    let mut is_inside = false;
    for (line, number) in document.lines().map(str::trim).zip(1..) {
        let open = lines.last_mut().filter(|(_, text)| text.ends_with('\\'));
        if line.starts_with("```") {
            is_inside = !is_inside;
        } else if let Some((_, text)) = open {
            text.pop();
            text.push_str(line);
        } else if is_inside {
            lines.push((number, line.to_owned()));
        }
    }
    lines
}

/// The words of a line that a shell gives to the program at its start.
fn words(line: &str) -> Vec<&str> {
    let words = line.strip_prefix("$ ").unwrap_or(line).split_whitespace();
    words.take_while(|word| !word.starts_with(['#', '|', '>', '<', '&', ';'])).collect()
}

/// Whether the list of commands in a help has this one.
fn lists(help: &str, name: &str) -> bool {
    help.lines().filter_map(|line| line.strip_prefix("  ")).any(|line| line.split(' ').next() == Some(name))
}

/// Whether a help explains this option.
fn explains(help: &str, option: &str) -> bool {
    help.split(|c: char| !(c.is_alphanumeric() || c == '-')).any(|word| word == option)
}

/// An option without its value: `--seed` of `--seed=7`.
fn option(word: &str) -> Option<&str> {
    let name = word.strip_prefix("--").or(word.strip_prefix('-'))?;
    name.starts_with(char::is_alphabetic).then(|| word.split('=').next()).flatten()
}

/// The program of ours that a line starts, and its arguments.
fn program<'w, 'l>(words: &'w [&'l str]) -> Option<(&'l str, &'w [&'l str])> {
    match words {
        ["cargo", program @ ("xtask" | "nn"), arguments @ ..] | [program @ "nn", arguments @ ..] => {
            Some((program, arguments))
        }
        _ => None,
    }
}

/// What a line shows that the program's help, or the help of its command, does not know.
fn unknown(words: &[&str], help: &impl Fn(&[&str]) -> String) -> Vec<String> {
    let Some((program, arguments)) = program(words) else { return Vec::new() };
    let overview = help(&[program]);
    let command = arguments.first().filter(|name| option(name).is_none());
    let explanation = match command {
        Some(name) if !lists(&overview, name) => return vec![format!("there is no `{program} {name}`")],
        Some(name) if program == "nn" => help(&[program, name]),
        Some(_) => return Vec::new(),
        None => overview,
    };
    let options = arguments.iter().filter_map(|word| option(word));
    let unknown = options.filter(|option| !explains(&explanation, option));
    let command = command.map_or(program.to_owned(), |name| format!("{program} {name}"));
    unknown.map(|option| format!("`{command}` has no {option}")).collect()
}

fn unknown_commands(documents: &[File], help: impl Fn(&[&str]) -> String) -> Vec<String> {
    let mut offenders = Vec::new();
    for document in documents.iter().filter(|file| DOCUMENTS.contains(&file.path.as_str())) {
        for (number, line) in fenced(&document.text) {
            let unknown = unknown(&words(&line), &help);
            offenders.extend(unknown.into_iter().map(|what| format!("{}:{number}: {what}", document.path)));
        }
    }
    offenders
}

/// What a program prints about itself, or about one of its commands.
fn help(words: &[&str]) -> String {
    let mut program = match words {
        ["nn", command @ ..] => {
            let mut nn = nn();
            nn.args(command).arg("--help");
            nn
        }
        _ => {
            let mut cargo = Command::new(env!("CARGO"));
            cargo.current_dir(workspace()).args(["run", "--quiet", "--package", "xtask", "--", "help"]);
            cargo
        }
    };
    let output = program.output().unwrap();
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

#[test]
fn the_readme_shows_commands() {
    let readme = files().iter().find(|file| file.path == "README.md").unwrap();
    assert!(fenced(&readme.text).iter().any(|(_, line)| program(&words(line)).is_some()));
}

#[test]
fn every_command_that_is_shown_exists() {
    none(&unknown_commands(files(), help));
}

#[test]
fn commands_and_options_that_do_not_exist_are_found() {
    let text = "cargo xtask gone\n```sh\n$ cargo xtask test\ncargo xtask gone\nnn train mnist --seed=1 -o a \\\n   --gone -1\n\
        cargo nn gone # nn\nnn --version | nn gone\nnn --gone\ncargo build --gone\ncargo xtask demo --gone\n```\nnn gone\n";
    let help = |words: &[&str]| match words {
        ["xtask"] => "Usage: x\n\n  test [A]  gone\n  demo  gone\n".to_owned(),
        ["nn"] => "Commands:\n  train  it\n         gone\n\nOptions:\n  -V, --version\n".to_owned(),
        _ => "Options:\n  -o, --output <FILE>\n      --seed <N>  [default: 0]\n      --gone-too\n".to_owned(),
    };
    let expected = [
        "4: there is no `xtask gone`",
        "5: `nn train` has no --gone",
        "7: there is no `nn gone`",
        "9: `nn` has no --gone",
    ];
    let files = [File::new("README.md", text), File::new("CHANGELOG.md", text)];
    assert_eq!(unknown_commands(&files, help), expected.map(|what| format!("README.md:{what}")));
}

#[test]
fn the_programs_explain_themselves() {
    assert!(lists(&help(&["xtask"]), "test") && !lists(&help(&["xtask"]), "gone"));
    assert!(lists(&help(&["nn"]), "train") && !lists(&help(&["nn"]), "gone"));
    assert!(explains(&help(&["nn", "train"]), "--seed") && !explains(&help(&["nn", "train"]), "--see"));
}
