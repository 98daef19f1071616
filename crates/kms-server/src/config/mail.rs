//! `[[mail]]`.

use kms_credentials::is_loopback;
use kms_service::Level;

use super::{
    Wrong,
    event_webhooks::level,
    lists::{Entry, List},
    value::{Value, path},
    words::{list, optional},
};
use crate::settings::{MailSecurity, MailServer, MailSettings};

pub(super) const LIST: List = List {
    name: "mail",
    keys: &[
        "server",
        "security",
        "user",
        "password_file",
        "from",
        "to",
        "level",
        "ca_file",
    ],
    apply: |to, entries| {
        to.mail = entries.iter().map(one).collect::<Result<_, _>>()?;
        Ok(())
    },
    show: |of| of.mail.iter().map(shown).collect(),
};

fn one(entry: &Entry<'_, '_>) -> Result<MailSettings, Wrong> {
    let server: MailServer = entry.need("server", "the mail server", Value::parsed)?;
    let security = entry.get("security", Value::parsed)?;
    let security = security.unwrap_or(MailSecurity::StartTls);
    if security == MailSecurity::None && !is_loopback(&server.host) {
        return Err(entry.wrong(
            "security = none would send mail and password over the network in the clear; it is \
             for a mail server on this machine",
        ));
    }
    let user = entry.get("user", |value| Ok(value.text()?.to_owned()))?;
    let password_file = entry.get("password_file", path)?;
    if user.is_some() != password_file.is_some() {
        return Err(entry.wrong("user and password_file belong together"));
    }
    let to: Vec<lettre::message::Mailbox> = entry.need("to", "to, who gets it", Value::list)?;
    if to.is_empty() {
        return Err(entry.wrong("to is empty: nobody would get it"));
    }
    Ok(MailSettings {
        server,
        security,
        user,
        password_file,
        from: entry.need("from", "from, who sends it", Value::parsed)?,
        to,
        level: entry.get("level", level)?.unwrap_or(Level::Warn),
        ca_file: entry.get("ca_file", path)?,
    })
}

fn shown(mail: &MailSettings) -> Vec<String> {
    vec![
        mail.server.to_string(),
        mail.security.as_str().to_owned(),
        mail.user.clone().unwrap_or_default(),
        optional(mail.password_file.as_ref()),
        mail.from.to_string(),
        list(&mail.to),
        mail.level.as_str().to_ascii_lowercase(),
        optional(mail.ca_file.as_ref()),
    ]
}
