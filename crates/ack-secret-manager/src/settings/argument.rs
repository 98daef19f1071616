//! A command line as Go's package `flag` takes it apart: `-x=v`, `--x=v`, `-x v` and `--x v` are the
//! same; a switch takes its value only after `=`.

use super::SettingsError;

/// One flag as it was written.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Argument {
    /// `-h` or `--help`.
    Help,
    /// `--name` and what followed it, if anything did.
    Flag {
        name: String,
        /// None only for a switch.
        value: Option<String>,
    },
}

/// What a flag wants after its name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Wants {
    /// `true` if nothing follows.
    Switch,
    /// A value, here or in the next argument.
    Value,
}

/// Takes the line apart. `wants` knows the flags, and what to say of what is none.
pub(super) fn split(
    arguments: impl IntoIterator<Item = String>,
    wants: impl Fn(&str) -> Result<Wants, SettingsError>,
) -> Result<Vec<Argument>, SettingsError> {
    let mut arguments = arguments.into_iter();
    let mut found = Vec::new();
    while let Some(argument) = arguments.next() {
        let bare = argument
            .strip_prefix("--")
            .or_else(|| argument.strip_prefix('-'))
            .filter(|_| argument != "-" && argument != "--");
        let Some(bare) = bare else {
            // Go stops here and ignores the rest without a word.
            return Err(stray(found.last()));
        };
        let (name, value) = match bare.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (bare, None),
        };
        if name.is_empty() || name.starts_with('-') {
            return Err(SettingsError::Syntax);
        }
        if matches!(name, "h" | "help") {
            found.push(Argument::Help);
            continue;
        }
        let value = match (value, wants(name)?) {
            (None, Wants::Value) => match arguments.next() {
                Some(value) => Some(value),
                None => return Err(SettingsError::NoValue(name.to_owned())),
            },
            (value, _) => value,
        };
        found.push(Argument::Flag {
            name: name.to_owned(),
            value,
        });
    }
    Ok(found)
}

fn stray(before: Option<&Argument>) -> SettingsError {
    match before {
        Some(Argument::Flag { name, value: None }) => SettingsError::AfterSwitch(name.clone()),
        Some(Argument::Flag { name, .. }) => SettingsError::Stray(Some(name.clone())),
        Some(Argument::Help) | None => SettingsError::Stray(None),
    }
}
