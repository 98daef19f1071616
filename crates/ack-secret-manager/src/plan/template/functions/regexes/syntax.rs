//! Go's patterns in the words of the crate `regex`. Both are of RE2's family, but here classes are
//! of ASCII, and what means nothing stands for itself.

/// The same pattern for the other library.
pub(super) fn translated(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern.chars();
    let mut in_class = false;
    while let Some(found) = rest.next() {
        match found {
            '\\' => {
                let Some(escaped) = rest.next() else {
                    out.push('\\');
                    break;
                };
                escape(&mut out, escaped, in_class);
            }
            '[' if in_class => {
                // The beginning of `[:alpha:]` only; a set in a set is not known there.
                out.push_str(if rest.as_str().starts_with(':') {
                    "["
                } else {
                    r"\["
                });
                if rest.as_str().starts_with(':')
                    && let Some((name, after)) = rest.as_str().split_once(":]")
                {
                    out.push_str(name);
                    out.push_str(":]");
                    rest = after.chars();
                }
            }
            '[' => {
                in_class = true;
                out.push('[');
                // A bracket right at the beginning is one of the set.
                let mut inner = rest.as_str();
                if let Some(after) = inner.strip_prefix('^') {
                    out.push('^');
                    inner = after;
                }
                if let Some(after) = inner.strip_prefix(']') {
                    out.push_str(r"\]");
                    inner = after;
                }
                rest = inner.chars();
            }
            ']' => {
                in_class = false;
                out.push(']');
            }
            // Here these would be operators.
            '&' | '~' if in_class => {
                out.push('\\');
                out.push(found);
            }
            '{' if !in_class && !is_repetition(rest.as_str()) => out.push_str(r"\{"),
            found => out.push(found),
        }
    }
    out
}

fn escape(out: &mut String, escaped: char, in_class: bool) {
    let set = match escaped.to_ascii_lowercase() {
        'd' => "0-9",
        'w' => "0-9A-Za-z_",
        's' => r"\t\n\f\r ",
        'b' if !in_class => {
            out.push_str(if escaped == 'b' {
                r"(?-u:\b)"
            } else {
                r"(?-u:\B)"
            });
            return;
        }
        _ => {
            out.push('\\');
            out.push(escaped);
            return;
        }
    };
    match (escaped.is_ascii_uppercase(), in_class) {
        (true, _) => out.extend(["[^", set, "]"]),
        (false, true) => out.push_str(set),
        (false, false) => out.extend(["[", set, "]"]),
    }
}

/// `3}`, `3,}` or `3,5}`.
fn is_repetition(rest: &str) -> bool {
    let Some((count, _)) = rest.split_once('}') else {
        return false;
    };
    let (least, most) = count.split_once(',').unwrap_or((count, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    !least.is_empty() && digits(least) && digits(most)
}
