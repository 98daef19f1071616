//! Pieces of WHERE, each ` AND (… OR …)`.

use super::Statement;

/// Begins with one of these, case and all; as a range, so that an index can serve it.
pub(super) fn push_prefixes<'q>(
    statement: &mut Statement<'q>,
    column: &'static str,
    prefixes: &'q [String],
) {
    push_any(statement, prefixes, |statement, prefix| {
        statement.push("(").push(column).push(" >= ");
        statement.push_bind(prefix);
        statement.push(" AND substr(").push(column);
        statement.push(", 1, length(").push_bind(prefix);
        statement.push(")) = ").push_bind(prefix);
        // Nothing that begins with the prefix sorts behind the prefix and the last
        // character there is.
        statement.push(" AND ").push(column).push(" <= ");
        statement.push_bind(format!("{prefix}\u{10ffff}")).push(")");
    });
}

/// Is one of these.
pub(super) fn push_values<'q>(
    statement: &mut Statement<'q>,
    column: &'static str,
    values: &'q [String],
) {
    push_any(statement, values, |statement, value| {
        statement.push(column).push(" = ").push_bind(value);
    });
}

/// No values fit nothing.
pub(super) fn push_any<'q, T>(
    statement: &mut Statement<'q>,
    values: &'q [T],
    push_one: impl Fn(&mut Statement<'q>, &'q T),
) {
    if let [value] = values {
        // An index serves it only if nothing else might do.
        statement.push(" AND ");
        push_one(statement, value);
        return;
    }
    statement.push(" AND (FALSE");
    for value in values {
        statement.push(" OR ");
        push_one(statement, value);
    }
    statement.push(")");
}
