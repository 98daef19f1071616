use std::fmt;

use super::{Config, Origin, keys::SECTIONS};

/// A configuration for people: each key, its value, and where that was said. No secret.
pub struct Shown<'a>(pub &'a Config);

impl Config {
    /// Where a key's value comes from.
    pub fn origin(&self, section: &'static str, key: &'static str) -> Origin {
        let said = self.origins.get(&(section, key));
        said.cloned().unwrap_or(Origin::Default)
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let config = self.0;
        for section in SECTIONS {
            writeln!(f, "[{}]", section.name)?;
            for key in section.keys {
                let value = (key.show)(&config.settings);
                let value = if value.is_empty() { "-" } else { &value };
                let origin = config.origin(section.name, key.name);
                writeln!(f, "  {:<28} {value:<40} {origin}", key.name)?;
            }
        }
        for instance in &config.settings.instances {
            let names = instance.all_names().join(", ");
            writeln!(f, "[[instance]]")?;
            writeln!(f, "  {:<28} {:<40} file", "id", instance.id)?;
            writeln!(f, "  {:<28} {:<40} file", "account", instance.account)?;
            writeln!(f, "  {:<28} {names:<40} file", "names")?;
        }
        Ok(())
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(line) => write!(f, "file, line {line}"),
            Self::Variable(name) => write!(f, "variable {name}"),
        }
    }
}
