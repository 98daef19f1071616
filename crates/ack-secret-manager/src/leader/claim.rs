//! Whether a Lease may be taken: seen from the Lease and one's own clock alone, for nobody knows how
//! wrong the holder's is.

use k8s_openapi::api::coordination::v1::LeaseSpec;
use tokio::time::Instant;

use super::DURATION;

/// What to do.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Claim {
    /// It is one's own.
    Renew,
    /// It is nobody's, or its holder has not renewed it for its whole duration.
    Take,
    /// It is another's.
    Wait(Sight),
}

/// A Lease of somebody else, and since when it looks like this.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sight {
    spec: LeaseSpec,
    since: Instant,
}

/// Decides. `seen` is what the last look saw.
pub(super) fn claim(
    spec: Option<&LeaseSpec>,
    identity: &str,
    seen: Option<Sight>,
    now: Instant,
) -> Claim {
    let Some(spec) = spec else {
        return Claim::Take;
    };
    match spec.holder_identity.as_deref() {
        None | Some("") => return Claim::Take,
        Some(holder) if holder == identity => return Claim::Renew,
        Some(_) => {}
    }
    let seen = seen
        .filter(|seen| seen.spec == *spec)
        .unwrap_or_else(|| Sight {
            spec: spec.clone(),
            since: now,
        });
    let seconds = spec
        .lease_duration_seconds
        .and_then(|some| u64::try_from(some).ok());
    let duration = seconds.map_or(DURATION, std::time::Duration::from_secs);
    if now.duration_since(seen.since) > duration {
        Claim::Take
    } else {
        Claim::Wait(seen)
    }
}

// === impl Claim ===

impl Claim {
    /// What is to be remembered.
    pub(super) fn seen(&self) -> Option<&Sight> {
        match self {
            Self::Wait(seen) => Some(seen),
            Self::Renew | Self::Take => None,
        }
    }
}

#[cfg(test)]
mod tests;
