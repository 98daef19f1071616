//! `[[instance]]`, as often as there are instances.

use std::path::PathBuf;

use toml::{Spanned, de::DeValue};

use super::{
    Wrong, in_order,
    keys::{did_you_mean, nearest, path},
    value::Value,
};
use crate::settings::{CertificateFiles, InstanceSettings};

pub(super) const NAME: &str = "instance";

const KEYS: [&str; 6] = ["id", "account", "names", "cert_file", "key_file", "ca_file"];

pub(super) fn read(value: &Spanned<DeValue<'_>>) -> Result<Vec<InstanceSettings>, Wrong> {
    let Some(list) = value.get_ref().as_array() else {
        return Err(Wrong {
            at: value.span(),
            reason: "write [[instance]], with two brackets, before each of them".to_owned(),
        });
    };
    list.iter().map(one).collect()
}

fn one(value: &Spanned<DeValue<'_>>) -> Result<InstanceSettings, Wrong> {
    let wrong = |reason: &str| Wrong {
        at: value.span(),
        reason: reason.to_owned(),
    };
    let Some(table) = value.get_ref().as_table() else {
        return Err(wrong("an instance is a table"));
    };
    let (mut id, mut account, mut names) = (None, None, Vec::new());
    let (mut certificate, mut key, mut ca_file) = (None::<PathBuf>, None::<PathBuf>, None);
    for (name, value) in in_order(table) {
        let text = name.get_ref();
        let found = KEYS.iter().find(|key| text.eq_ignore_ascii_case(key));
        let Some(known) = found else {
            let near = nearest(text, KEYS.into_iter());
            return Err(Wrong {
                at: name.span(),
                reason: format!("unknown key {text} in [[instance]]{}", did_you_mean(near)),
            });
        };
        let value = Value::of_file(known, value);
        match *known {
            "id" => id = Some(value.parsed()?),
            "account" => account = Some(value.parsed()?),
            "names" => names = value.list()?,
            "cert_file" => certificate = Some(path(&value)?),
            "key_file" => key = Some(path(&value)?),
            _ => ca_file = Some(path(&value)?),
        }
    }
    let files = match (certificate, key) {
        (Some(certificate), Some(key)) => Some(CertificateFiles { certificate, key }),
        (None, None) => None,
        _ => return Err(wrong("cert_file and key_file belong together")),
    };
    Ok(InstanceSettings {
        id: id.ok_or_else(|| wrong("an instance needs an id"))?,
        account: account.ok_or_else(|| wrong("an instance needs the account that owns it"))?,
        names,
        files,
        ca_file,
    })
}
