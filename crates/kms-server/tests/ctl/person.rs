//! Somebody at a shell.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::program::Dev;

/// A shell, after `source .kms-dev/env`.
pub(crate) struct Person<'a> {
    pub(crate) env: Vec<(&'a str, &'a str)>,
}

/// What a command said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

// === impl Person ===

impl<'a> Person<'a> {
    pub(crate) fn of(dev: &'a Dev) -> Self {
        let env = dev.env.iter();
        Self {
            env: env
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect(),
        }
    }

    /// With this variable, in the place of another.
    #[must_use]
    pub(crate) fn with(mut self, name: &'a str, value: &'a str) -> Self {
        self.env.retain(|(own, _)| *own != name);
        self.env.push((name, value));
        self
    }

    /// Without this variable.
    #[must_use]
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.env.retain(|(own, _)| *own != name);
        self
    }

    /// `printf %s INPUT | kms-server ctl …`.
    pub(crate) fn pipe(&self, input: &[u8], words: &[&str]) -> Said {
        let mut child = Command::new(env!("CARGO_BIN_EXE_kms-server"))
            .arg("ctl")
            .args(words)
            .env_clear()
            .env("HOME", "/nowhere")
            .envs(self.env.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Who reads nothing has closed it.
        drop(child.stdin.take().unwrap().write_all(input));
        let output = child.wait_with_output().unwrap();
        Said {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// `kms-server ctl …`.
    pub(crate) fn say(&self, words: &[&str]) -> Said {
        self.pipe(b"", words)
    }

    /// The same, which succeeds; what it printed.
    #[track_caller]
    pub(crate) fn does(&self, words: &[&str]) -> String {
        self.say(words).done()
    }

    /// The same with `--json`.
    #[track_caller]
    pub(crate) fn asks(&self, words: &[&str]) -> Value {
        let said = self.does(&[words, &["--json"]].concat());
        serde_json::from_str(&said).unwrap()
    }
}

// === impl Said ===

impl Said {
    #[track_caller]
    pub(crate) fn done(self) -> String {
        assert_eq!((self.code, self.err.as_str()), (0, ""), "{}", self.out);
        self.out
    }

    /// It failed so; what it said.
    #[track_caller]
    pub(crate) fn failed(self, code: i32) -> String {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        assert_eq!(self.out, "");
        self.err
    }
}
