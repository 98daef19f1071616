use super::flags::{FLAGS, Flag, Group};

const GROUPS: [(Group, &str); 6] = [
    (Group::Remote, "Remote secrets"),
    (Group::Identity, "Credentials"),
    (Group::Scope, "Which objects"),
    (Group::Secrets, "What becomes of Secrets"),
    (Group::Process, "The process"),
    (Group::Ignored, "Accepted and ignored"),
];

/// As wide as a text is, besides its indent.
const WIDTH: usize = 92;

/// Every flag with its default, for people.
pub fn help() -> String {
    let mut text = String::new();
    for (group, title) in GROUPS {
        text.push_str(title);
        text.push_str(":\n");
        for flag in FLAGS.iter().filter(|flag| flag.group == group) {
            text.extend(["  ", &spelling(flag), "\n"]);
            for line in wrapped(flag.help) {
                text.extend(["      ", &line, "\n"]);
            }
        }
        text.push('\n');
    }
    text.push_str(FOOT);
    text
}

const FOOT: &str = "\
Durations are written as Go does: 120s, 1m30s, 2h. A switch is turned by --name, --name=true or
--name=false; one hyphen does as well as two.
";

fn spelling(flag: &Flag) -> String {
    let value = if flag.value.is_empty() {
        String::new()
    } else {
        format!("={}", flag.value)
    };
    let default = if flag.default.is_empty() {
        String::new()
    } else {
        format!("  [default: {}]", flag.default)
    };
    format!("--{}{value}{default}", flag.name)
}

fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
