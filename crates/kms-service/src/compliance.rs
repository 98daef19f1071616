//! Cloud Config: rules about RAM users' AccessKeys and about secrets, what they say of each
//! user and secret, and who is told (Config 2020-09-07; reference accesskey §5).
//!
//! What a rule says is a pure function of what there is and of the time ([`evaluate`]). It is
//! asked when the rule is made or changed, when its time has come, and when what it is about
//! changed: found out by the inventory's digest, so that whoever changed it, and on whichever
//! server, the periodic work notices; the server that changed it, at once.

mod annotation;
mod answers;
mod channel;
mod delivery;
mod evaluate;
mod finding;
mod group;
mod group_channels;
mod group_rules;
mod groups;
mod inventory;
mod kind;
mod operate;
mod queue;
mod read;
mod reading;
mod readings;
mod refusal;
mod results;
mod rule;
mod rules;
mod run;
mod scope;
mod target;
mod wanted;
mod write;

pub(crate) use operate::Operation;
pub use queue::{Backlog, ChannelCount, Outcome};
pub use read::Pace;
pub use target::{DeliveryPlace, DeliveryTarget, ParseDeliveryTargetError};
pub(crate) use wanted::Wanted;

#[cfg(test)]
mod tests;
