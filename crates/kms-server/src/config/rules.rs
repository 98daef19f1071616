//! What no single key can say.

use std::{collections::BTreeSet, fs::Metadata, path::Path};

use jiff::SignedDuration;

use super::words::shown_span;
use crate::settings::Settings;

/// When the slowest of the official clients has read a new AccessKey: it reads every six
/// hours, and retries for a quarter of an hour (reference accesskey §4.2, the window rule).
const SEEN_BY_ALL: SignedDuration = SignedDuration::from_mins(6 * 60 + 15);

/// Values that do not go together.
pub(super) fn check(settings: &Settings) -> Result<(), String> {
    let listen = &settings.listen;
    if let Some(files) = &settings.tls.files
        && (files.certificate.as_os_str().is_empty() || files.key.as_os_str().is_empty())
    {
        return Err("[tls] cert_file and key_file belong together".to_owned());
    }
    let far = listen.http.iter().find(|at| !at.ip().is_loopback());
    if let Some(far) = far
        && listen.proxies.is_empty()
    {
        return Err(format!(
            "[listen] http = {far} would send secrets over the network in the clear; use https, \
             a loopback address, or name in proxies the machines that end TLS before this one"
        ));
    }
    if listen.https.is_empty() && listen.http.is_empty() {
        return Err("[listen] https and http are both empty: nobody could reach the server".into());
    }
    if let Some(far) = settings.dns.iter().find(|at| !at.ip().is_loopback()) {
        return Err(format!(
            "[dns] listen = {far}: questions for names are answered on loopback only, where the \
             address that they come from is true"
        ));
    }
    let stores = [
        settings.store.file.is_some(),
        settings.store.url.is_some(),
        settings.store.url_file.is_some(),
    ];
    if stores.into_iter().filter(|is_set| *is_set).count() > 1 {
        return Err("[store] has one of file, url and url_file".to_owned());
    }
    if settings.root_key.previous.as_ref() == Some(&settings.root_key.current) {
        return Err("[root_key] current and previous are the same".to_owned());
    }
    let mut names = BTreeSet::new();
    for instance in &settings.instances {
        if let Some(twice) = instance
            .all_names()
            .iter()
            .find(|name| !names.insert((*name).clone()))
        {
            return Err(format!("[[instance]] {twice} is the name of two instances"));
        }
    }
    let windows = &settings.rotation.windows;
    if windows.usual < windows.least {
        return Err(format!(
            "[rotation] window = {} is shorter than least_window = {}",
            shown_span(windows.usual),
            shown_span(windows.least)
        ));
    }
    let mut accounts = BTreeSet::new();
    for ram in &settings.rams {
        if !accounts.insert(&ram.account) {
            return Err(format!("[[ram]] names the account {} twice", ram.account));
        }
    }
    let mut targets = BTreeSet::new();
    let hooks = settings.event_webhooks.iter();
    let hooks = hooks.filter_map(|hook| hook.target.as_ref());
    for target in hooks.chain(settings.deliveries.iter().map(|delivery| &delivery.target)) {
        if !targets.insert(target) {
            return Err(format!(
                "[[delivery]] and [[event_webhook]] name the target {target} twice"
            ));
        }
    }
    Ok(())
}

/// What is allowed but unwise.
pub(super) fn warn(path: &Path, metadata: &Metadata, settings: &Settings) -> Vec<String> {
    let mut warnings = Vec::new();
    let shown = path.display();
    let mode = mode(metadata);
    if mode & 0o002 != 0 {
        warnings.push(format!(
            "{shown} can be written by every user of this machine: chmod o-w {shown}"
        ));
    }
    if settings.store.url.is_some() && mode & 0o044 != 0 {
        warnings.push(format!(
            "{shown} holds the database's URL and can be read by others: chmod 0600 {shown}, \
             or use url_file"
        ));
    }
    if settings.root_key.current.is_environment() {
        warnings.push(
            "the root key comes from the environment, where other programs of this user, crash \
             reports and container tools can read it; use file: or credential:"
                .to_owned(),
        );
    }
    if settings.root_key.previous.is_some() {
        warnings.push(
            "[root_key] previous is set: once `kms-server rekey` is done, remove it and destroy \
             the old key"
                .to_owned(),
        );
    }
    let window = settings.rotation.windows.usual;
    if window < SEEN_BY_ALL {
        warnings.push(format!(
            "[rotation] window = {}: programs that read a hosted AccessKey every six hours, as \
             the official clients do, will sign with keys that are gone; 7h is enough for them",
            shown_span(window)
        ));
    }
    let far = settings
        .listen
        .admin
        .iter()
        .find(|at| !at.ip().is_loopback());
    if let Some(far) = far {
        warnings.push(format!(
            "[listen] admin = {far}: metrics can be read from other machines, without a password"
        ));
    }
    warnings
}

#[cfg(unix)]
fn mode(metadata: &Metadata) -> u32 {
    use std::os::unix::fs::PermissionsExt;

    metadata.permissions().mode()
}

#[cfg(not(unix))]
fn mode(_metadata: &Metadata) -> u32 {
    0
}
