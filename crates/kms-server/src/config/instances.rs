//! `[[instance]]`.

use super::{
    Wrong,
    lists::{Entry, List},
    value::{Value, path},
    words::{list, optional},
};
use crate::settings::{CertificateFiles, InstanceSettings};

pub(super) const LIST: List = List {
    name: "instance",
    keys: &["id", "account", "names", "cert_file", "key_file", "ca_file"],
    apply: |to, entries| {
        to.instances = entries.iter().map(one).collect::<Result<_, _>>()?;
        Ok(())
    },
    show: |of| of.instances.iter().map(shown).collect(),
};

fn one(entry: &Entry<'_, '_>) -> Result<InstanceSettings, Wrong> {
    let files = match (entry.get("cert_file", path)?, entry.get("key_file", path)?) {
        (Some(certificate), Some(key)) => Some(CertificateFiles { certificate, key }),
        (None, None) => None,
        _ => return Err(entry.wrong("cert_file and key_file belong together")),
    };
    Ok(InstanceSettings {
        id: entry.need("id", "an id", Value::parsed)?,
        account: entry.need("account", "the account that owns it", Value::parsed)?,
        names: entry.get("names", Value::list)?.unwrap_or_default(),
        files,
        ca_file: entry.get("ca_file", path)?,
    })
}

fn shown(instance: &InstanceSettings) -> Vec<String> {
    let files = instance.files.as_ref();
    vec![
        instance.id.to_string(),
        instance.account.to_string(),
        list(&instance.all_names()),
        optional(files.map(|files| &files.certificate)),
        optional(files.map(|files| &files.key)),
        optional(instance.ca_file.as_ref()),
    ]
}
