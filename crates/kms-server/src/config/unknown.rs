//! What to say about names that nobody knows.

use toml::de::DeValue;

use super::{
    LISTS,
    keys::{SECTIONS, Section},
    near::{did_you_mean, nearest},
};

/// What to say about a name at the top that is no section.
pub(super) fn section(name: &str, value: &DeValue<'_>) -> String {
    let is_list = |value: &DeValue<'_>| {
        let items = value.as_array();
        items.is_some_and(|items| items.iter().any(|item| item.get_ref().is_table()))
    };
    if value.is_table() || is_list(value) {
        let sections = SECTIONS.iter().map(|section| section.name);
        let lists = LISTS.iter().map(|list| list.name);
        let written = |name: &str| {
            if LISTS.iter().any(|list| list.name == name) {
                format!("[[{name}]]")
            } else {
                format!("[{name}]")
            }
        };
        let all: Vec<_> = sections.chain(lists).collect();
        if let Some(near) = nearest(name, all.iter().copied()) {
            let near = written(near);
            return format!("there is no section [{name}]; did you mean {near}?");
        }
        let all: Vec<_> = all.into_iter().map(written).collect();
        return format!("there is no section [{name}]; there are {}", all.join(", "));
    }
    if let Some(home) = home_of(name) {
        return format!("{name} belongs into section [{home}]");
    }
    let keys = SECTIONS.iter().flat_map(|section| section.keys);
    let near = nearest(name, keys.map(|key| key.name));
    format!("unknown key {name}{}", did_you_mean(near))
}

/// What to say about a name that is no key of this section.
pub(super) fn key(section: &Section, name: &str) -> String {
    let here = section.name;
    let near = nearest(name, section.keys.iter().map(|key| key.name));
    match (near, home_of(name)) {
        (None, Some(home)) => format!("{name} belongs into section [{home}], not [{here}]"),
        _ => format!(
            "unknown key {name} in section [{here}]{}",
            did_you_mean(near)
        ),
    }
}

fn home_of(name: &str) -> Option<&'static str> {
    let has = |section: &&Section| {
        let mut keys = section.keys.iter();
        keys.any(|key| key.name.eq_ignore_ascii_case(name))
    };
    SECTIONS.iter().find(has).map(|section| section.name)
}
