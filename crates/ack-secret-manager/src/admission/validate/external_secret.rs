//! An ExternalSecret, or what a ClusterExternalSecret says of each.

use super::{
    entries,
    findings::{Finding, Findings, quoted},
    template,
};
use crate::{
    api::{ExternalSecretSpec, Template},
    plan::{self, template::names::is_domain},
    settings::{Interval, ParseIntervalError},
};

/// `home` is its namespace: none if it is not known, empty if it is any.
pub(super) fn look(
    at: &str,
    spec: &ExternalSecretSpec,
    home: Option<&str>,
    findings: &mut Findings,
) {
    if let Some(text) = &spec.rotation_interval {
        interval(&format!("{at}.rotationInterval"), text, findings);
    }
    let mut named = spec.clone();
    if plan::provider(&spec.provider).is_err() {
        let text = format!(
            "is {}: it is kms (also if left out) or oos",
            quoted(&spec.provider)
        );
        findings.mistake(format!("{at}.provider"), text);
        // Of its entries more may be wrong than that.
        named.provider.clear();
    }
    let target = spec.target.as_ref();
    let template = target.and_then(|target| target.template.as_ref());
    let entries = entries::look(at, &named, home, findings);
    if entries.is_empty() {
        // Templates need nothing to read.
        if template.is_none() {
            findings.mistake(at, "names nothing to read: fill in data or dataProcess");
        }
    }
    settle(entries, template, findings);
    if let Some(target) = target {
        let at = format!("{at}.target");
        if !target.name.is_empty() && !is_domain(&target.name) {
            let text = format!("no Secret can be called {}", quoted(&target.name));
            findings.mistake(format!("{at}.name"), text);
        }
    }
    if let Some(template) = template {
        let types = (&spec.secret_type, &template.secret_type);
        if !types.0.is_empty() && !types.1.is_empty() && types.0 != types.1 {
            let text = "is of no effect beside that of target.template";
            findings.warn(format!("{at}.type"), text);
        }
        template::look(&format!("{at}.target.template"), template, findings);
    }
}

/// How often one looks.
pub(super) fn interval(at: &str, text: &str, findings: &mut Findings) {
    match text.parse::<Interval>() {
        Ok(_) => {}
        // The original reads once then, and never again.
        Err(ParseIntervalError::NotPositive) => {
            findings.warn(
                at,
                "is no time: read once, and when the object or its store changes",
            );
        }
        Err(error) => {
            let text = format!("is {}, and a rotation interval {error}", quoted(text));
            findings.mistake(at, text);
        }
    }
}

/// Decides over entries that give nothing, ever.
fn settle(entries: Vec<entries::Looked>, template: Option<&Template>, findings: &mut Findings) {
    let some_work = entries.iter().any(|entry| entry.broken.is_empty());
    let all_skipped = entries.iter().all(|entry| entry.is_skipped);
    for entry in entries {
        let is_borne = match template {
            // The others are stored.
            None => some_work,
            // Nothing is rendered unless all is read. What version 0.6 passes over is not missed.
            Some(_) => entry.is_skipped && (some_work || all_skipped),
        };
        for finding in entry.broken {
            findings.add(Finding {
                refused: !is_borne,
                ..finding
            });
        }
    }
}
