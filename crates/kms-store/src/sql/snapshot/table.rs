//! What a snapshot holds, in an order in which references are met.

use super::super::{
    Row, Value,
    row::{Column, Columns},
};
use crate::{StoreError, snapshot::Cell};

/// A table with its columns; those of the primary key first, `key` of them.
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) key: usize,
    pub(super) columns: &'static [(&'static str, Kind)],
}

#[derive(Clone, Copy)]
pub(super) enum Kind {
    Int,
    Text,
    Bytes,
}
use Kind::{Bytes, Int, Text};

macro_rules! tables {
    ($($name:ident ($key:literal) { $($column:ident $kind:ident),* $(,)? })*) => {
        pub(super) const TABLES: &[Table] = &[$(
            Table {
                name: stringify!($name),
                key: $key,
                columns: &[$((stringify!($column), $kind)),*],
            },
        )*];
    };
}
tables! {
    keyring (1) { id Int, revision Int, wrapped Bytes }
    accounts (1) { id Text, created Int }
    users (1) { id Text, account Text, name Text, created Int }
    access_keys (1) {
        id Text, account Text, user_id Text, sealed_secret Bytes, status Text, created Int,
        last_used Int,
    }
    secrets (1) {
        id Int, account Text, name Text, secret_type Text, description Text,
        encryption_key_id Text, instance_id Text, extended_config Text, created Int, updated Int,
        planned_delete Int, last_serial Int, policy Text, rotation Text, rotation_seconds Int,
        last_rotation Int, next_rotation Int,
    }
    versions (2) { secret Int, serial Int, id Text, data_type Text, sealed Bytes, created Int }
    stages (2) { secret Int, label Text, serial Int }
    tags (2) { secret Int, key Text, value Text }
    documents (3) { account Text, kind Text, name Text, body Text, created Int }
    client_keys (1) {
        id Text, account Text, access_point Text, public_key Bytes, certificate Text,
        not_before Int, not_after Int, created Int, last_used Int,
    }
    keys (1) {
        id Text, account Text, spec Text, usage Text, origin Text, state Text, description Text,
        instance_id Text, creator Text, created Int, rotation_seconds Int, last_rotation Int,
        next_rotation Int, deletion_protection Int, protection_description Text,
        planned_delete Int, material_expires Int, policy Text, primary_version Text,
    }
    key_versions (1) { id Text, key Text, sealed Bytes, created Int }
    aliases (2) { account Text, name Text, key Text, created Int }
    key_tags (2) { owner Text, key Text, value Text }
    rotations (1) {
        id Text, account Text, secret Int, subject Text, version_id Text, kind Text, step Text,
        body Text, sealed Bytes, fence Int, owner Text, lease_end Int, attempts Int,
        next_try Int, window_end Int, error Text, created Int, finished Int,
    }
    authorities (1) { name Text, certificate Text, sealed Bytes, created Int }
    markers (1) { name Text, body Text }
}

// === impl Table ===

impl Table {
    /// All columns, as SQL lists them.
    pub(super) fn list(&self) -> String {
        Self::join(self.columns)
    }

    /// The columns of the primary key, as SQL lists them.
    pub(super) fn key_list(&self) -> String {
        Self::join(self.columns.get(..self.key).unwrap_or_default())
    }

    fn join(columns: &[(&str, Kind)]) -> String {
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        names.join(", ")
    }

    /// A row of the table.
    pub(super) fn cells(&self, row: &Row) -> Result<Vec<Cell>, StoreError> {
        let columns = Columns {
            row,
            table: self.name,
        };
        self.columns
            .iter()
            .map(|(name, kind)| match kind {
                Int => cell(&columns, name, Cell::Int),
                Text => cell(&columns, name, Cell::Text),
                Bytes => cell(&columns, name, Cell::Bytes),
            })
            .collect()
    }

    /// The values of a record of the table, if it is one.
    pub(super) fn values<'c>(&self, cells: &'c [Cell]) -> Option<Vec<Value<'c>>> {
        if cells.len() != self.columns.len() {
            return None;
        }
        let pairs = cells.iter().zip(self.columns);
        pairs.map(|(cell, (_, kind))| value(cell, *kind)).collect()
    }
}

fn cell<T>(columns: &Columns<'_>, name: &str, make: impl Fn(T) -> Cell) -> Result<Cell, StoreError>
where
    Option<T>: Column,
{
    let value: Option<T> = columns.plain(name)?;
    Ok(value.map_or(Cell::Null, make))
}

/// The value of a cell, if a column of that kind can hold it.
pub(super) fn value(cell: &Cell, kind: Kind) -> Option<Value<'_>> {
    match (cell, kind) {
        (Cell::Null, Int) => Some(Value::Int(None)),
        (Cell::Null, Text) => Some(Value::Text(None)),
        (Cell::Null, Bytes) => Some(Value::Bytes(None)),
        (Cell::Int(number), Int) => Some((*number).into()),
        (Cell::Text(text), Text) => Some(text.into()),
        (Cell::Bytes(bytes), Bytes) => Some(bytes.into()),
        _ => None,
    }
}
