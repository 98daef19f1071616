use super::{Area, Areas};

#[test]
fn a_statement_changes_the_area_of_its_table() {
    let identity = Areas::from(Area::Identity);
    let secrets = Areas::from(Area::Secrets);
    let keys = Areas::from(Area::Keys);
    for (sql, areas) in [
        ("SELECT * FROM secrets WHERE id = $1", Areas::NONE),
        ("INSERT INTO access_keys (id) VALUES ($1)", identity),
        ("UPDATE documents SET body = $1", identity),
        ("DELETE FROM client_keys WHERE id = $1", identity),
        ("INSERT INTO versions\n (secret) VALUES ($1)", secrets),
        ("DELETE FROM stages WHERE secret = $1", secrets),
        ("UPDATE  key_versions SET sealed = $1", keys),
        ("INSERT INTO aliases (account) VALUES ($1)", keys),
        ("INSERT INTO leases (name) VALUES ($1)", Areas::NONE),
        ("UPDATE rotations SET fence = 1", Areas::NONE),
        // What is not understood, or concerns all.
        ("UPDATE keyring SET revision = 2", Areas::ALL),
        ("INSERT INTO secrets(id) VALUES ($1)", Areas::ALL),
        ("WITH a AS (SELECT 1) DELETE FROM secrets", Areas::ALL),
        ("delete from leases", Areas::ALL),
        ("", Areas::ALL),
    ] {
        assert_eq!(Areas::written_by(sql), areas, "{sql}");
    }
}

#[test]
fn all_are_all() {
    let all = Area::ALL.into_iter().map(Areas::from);
    assert_eq!(all.reduce(|a, b| a | b), Some(Areas::ALL));
    assert_eq!(Areas::ALL.iter().count(), Area::ALL.len());
    assert_eq!(Areas::NONE.iter().count(), 0);
}
