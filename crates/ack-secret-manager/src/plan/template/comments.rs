//! Comments, which gotmpl trims wrongly: `{{- /* so */}}` eats the blanks behind it too, though only
//! those before it are asked for. So the parser is shown a mark in the place of each.

use gotmpl::parse::{Expr, ListNode, Node};

/// An action that writes this is none.
const MARK: &str = "\u{10fffe}comment";

/// The text with marks instead of comments, line for line.
pub(super) fn marked(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((text, action)) = rest.find("{{").and_then(|at| rest.split_at_checked(at)) {
        out.push_str(text);
        let body = action.get(2..).unwrap_or_default();
        let trimmed = body
            .strip_prefix('-')
            .filter(|body| body.starts_with(char::is_whitespace));
        let (open, inner) = match trimmed {
            Some(inner) => ("{{- ", inner.trim_start()),
            None => ("{{", body),
        };
        if let Some(comment) = inner.strip_prefix("/*").and_then(comment) {
            let length = action.len() - comment.after.len();
            let lines = action.get(..length).unwrap_or_default();
            let lines = "\n".repeat(lines.matches('\n').count());
            out.extend([open, "\"", MARK, "\"", &lines, comment.close]);
            rest = comment.after;
            continue;
        }
        // What does not end is the parser's to complain of.
        let end = action_end(body).map_or(action.len(), |end| end + 2);
        let (action, after) = action.split_at_checked(end).unwrap_or((action, ""));
        out.push_str(action);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// How a comment ends.
struct Comment<'a> {
    close: &'static str,
    after: &'a str,
}

fn comment(inner: &str) -> Option<Comment<'_>> {
    let (_, behind) = inner.split_once("*/")?;
    let close = behind.trim_start();
    if let Some(after) = close.strip_prefix("}}") {
        return Some(Comment { close: "}}", after });
    }
    let after = close.strip_prefix("-}}")?;
    let close = " -}}";
    (behind.len() > after.len() + 3).then_some(Comment { close, after })
}

/// Where an action ends, past its strings.
fn action_end(body: &str) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    for (at, found) in body.char_indices() {
        match quote {
            Some(open) => {
                if escaped {
                    escaped = false;
                } else if found == '\\' && open != '`' {
                    escaped = true;
                } else if found == open {
                    quote = None;
                }
            }
            None if matches!(found, '"' | '`' | '\'') => quote = Some(found),
            None => {
                if body.get(at..)?.starts_with("}}") {
                    return Some(at + 2);
                }
            }
        }
    }
    None
}

/// Takes the marks out again.
pub(super) fn unmark(list: &mut ListNode) {
    list.nodes.retain(|node| !is_mark(node));
    for node in &mut list.nodes {
        match node {
            Node::List(list) => unmark(list),
            Node::If(branch) | Node::With(branch) | Node::Range(branch) => {
                unmark(&mut branch.body);
                if let Some(other) = &mut branch.else_body {
                    unmark(other);
                }
            }
            _ => {}
        }
    }
}

fn is_mark(node: &Node) -> bool {
    let Node::Action(action) = node else {
        return false;
    };
    let [command] = action.pipe.commands.as_slice() else {
        return false;
    };
    matches!(command.args.as_slice(), [Expr::String(_, text)] if **text == *MARK)
}
