//! What Vault's clients ask beside secrets, answered here without a call of KMS
//! (security reference §4.3). Only with `ResponseType = 2`.

mod answer;
mod local;

pub(crate) use answer::{Known, answer};
pub(crate) use local::{Local, mount_of};
