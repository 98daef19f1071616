//! What there is, and what can be done with it: tables.

use super::table::{Noun, Verb};

mod access_point;
mod directory;
mod event;
mod instance;
mod key;
mod key_use;
mod owned;
mod ram;
mod ram_policy;
mod ram_verb;
mod role;
mod secret;
mod share;
mod sts;

/// Everything.
pub(super) const ALL: &[Noun] = &[
    secret::SECRET,
    key::KEY,
    ram::RAM,
    sts::STS,
    access_point::AAP,
    instance::INSTANCE,
    directory::DIRECTORY,
    share::SHARES,
    event::EVENT,
];

/// What is done without naming the kind of thing first.
pub(super) const ALONE: &[Verb] = &[secret::ROTATE];
