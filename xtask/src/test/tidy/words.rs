//! Words that a public project does not hold: where packages come from, the machine of
//! whoever wrote it, keys of a real account.

use anyhow::Result;

use super::{Source, none};

#[cfg(test)]
mod tests;

/// Each in two pieces, so that this file does not hold them.
const FORBIDDEN: &[(&str, &str)] = &[
    ("pypi", ".org"),
    ("pythonhosted", ".org"),
    ("registry.npmjs", ".org"),
    ("repo.maven.apache", ".org"),
    ("repo1.maven", ".org"),
    ("proxy.golang", ".org"),
    ("index.crates", ".io"),
    ("static.crates", ".io"),
    ("deb.debian", ".org"),
    ("/wo", "rk/"),
    ("/ro", "ot/"),
    ("shared/ref", "erence"),
    ("-----BEGIN RSA PRIVATE", " KEY"),
];

/// Begins like a forbidden word, but is a place in a container: that of seed documents' ClientKeys.
const ALLOWED: &str = "/root/resources";

/// An `AccessKey` id of the cloud begins so.
const KEY_BEGINS: &str = "LTAI";

/// From so many letters and digits on, it could be a real one, if letters and digits are mixed
/// as chance does: the tests' own ids are words.
const KEY_LENGTH: usize = 20;

const KEY_DIGITS: usize = 2;

pub(super) fn check(sources: &[Source]) -> Result<()> {
    let findings: Vec<String> = sources
        .iter()
        // Written by cargo, which names its registry.
        .filter(|source| source.path != "Cargo.lock")
        .flat_map(|source| {
            source
                .text
                .lines()
                .zip(1_usize..)
                .flat_map(move |(line, number)| {
                    found(line).map(move |word| format!("{}:{number}: {word}", source.path))
                })
        })
        .collect();
    none(&findings)
}

fn found(line: &str) -> impl Iterator<Item = String> {
    let checked = line.replace(ALLOWED, "");
    let words = FORBIDDEN
        .iter()
        .map(|(first, second)| format!("{first}{second}"))
        .filter(move |word| checked.contains(word.as_str()));
    let keys = line
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| could_be_key(word))
        .map(|_| "what could be the AccessKey id of a real account".to_owned());
    words.chain(keys)
}

fn could_be_key(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    word.starts_with(KEY_BEGINS) && word.len() >= KEY_LENGTH && digits >= KEY_DIGITS
}
