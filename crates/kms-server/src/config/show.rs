use std::fmt;

use super::{Config, LISTS, Origin, keys::SECTIONS};

/// A configuration for people: each key, its value, and where that was said. No secret.
pub struct Shown<'a>(pub &'a Config);

impl Config {
    /// Where a key's value comes from.
    pub fn origin(&self, section: &'static str, key: &'static str) -> Origin {
        let said = self.origins.get(&(section, key));
        said.cloned().unwrap_or(Origin::Default)
    }

    /// The same for a table of a list.
    fn origin_in(&self, list: &'static str, place: usize, key: &'static str) -> Origin {
        let lines = self.lines.get(&(list, place));
        let line = lines.and_then(|lines| lines.get(key));
        line.map_or(Origin::Default, |line| Origin::File(*line))
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let config = self.0;
        for section in SECTIONS {
            writeln!(f, "[{}]", section.name)?;
            for key in section.keys {
                let value = (key.show)(&config.settings);
                let origin = config.origin(section.name, key.name);
                line(f, key.name, &value, &origin)?;
            }
        }
        for list in LISTS {
            for (place, values) in (list.show)(&config.settings).iter().enumerate() {
                writeln!(f, "[[{}]]", list.name)?;
                for (key, value) in list.keys.iter().zip(values) {
                    line(f, key, value, &config.origin_in(list.name, place, key))?;
                }
            }
        }
        Ok(())
    }
}

fn line(f: &mut fmt::Formatter<'_>, key: &str, value: &str, origin: &Origin) -> fmt::Result {
    let value = if value.is_empty() { "-" } else { value };
    writeln!(f, "  {key:<28} {value:<40} {origin}")
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
