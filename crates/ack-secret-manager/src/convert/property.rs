//! Paths of gjson, by which external-secrets.io finds a property, as JMESPath.

/// The same path, if it names fields and places in lists only.
pub(super) fn as_jmes_path(property: &str) -> Option<String> {
    let mut path = String::new();
    for part in parts(property)? {
        if !path.is_empty() && part.bytes().all(|b| b.is_ascii_digit()) {
            path.extend(["[", &part, "]"]);
            continue;
        }
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(&identifier(&part));
    }
    Some(path)
}

/// Between dots; a backslash takes what follows as it is. None for what searches, counts or modifies.
fn parts(property: &str) -> Option<Vec<String>> {
    let mut parts = vec![String::new()];
    let mut letters = property.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '.' => parts.push(String::new()),
            '\\' => parts.last_mut()?.push(letters.next()?),
            '*' | '?' | '#' | '@' | '|' | '!' | '{' | '[' => return None,
            _ => parts.last_mut()?.push(letter),
        }
    }
    parts.iter().all(|part| !part.is_empty()).then_some(parts)
}

/// As JMESPath writes a name: quoted unless it is letters, digits and underscores.
fn identifier(name: &str) -> String {
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !name.starts_with(|c: char| c.is_ascii_digit());
    if plain {
        name.to_owned()
    } else {
        // A text in JSON is one in JMESPath.
        serde_json::Value::from(name).to_string()
    }
}

#[cfg(test)]
mod tests;
