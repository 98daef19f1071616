//! One function per parser that reads what a stranger wrote. Each takes any bytes, must
//! return, and panics where something is not as promised.

mod agent;
mod client;
mod credentials;
mod http;
mod keys;
mod oidc;
mod policy;
mod seeds;
mod wire;

pub use agent::{config, http, target};
pub use client::{ca_file, call, properties};
pub use credentials::{chain, client_key};
pub use keys::{blob, key};
pub use oidc::{jwt, key_set};
pub use policy::policy;
pub use seeds::seeds;
pub use wire::{answer, claim, message, name, params, request};

/// A parser under attack.
#[derive(Clone, Copy)]
pub struct Target {
    /// As the command line and libFuzzer know it.
    pub name: &'static str,
    /// Feeds the parser.
    pub run: fn(&[u8]),
}

/// All targets.
pub const TARGETS: &[Target] = &[
    Target {
        name: "answer",
        run: answer,
    },
    Target {
        name: "blob",
        run: blob,
    },
    Target {
        name: "ca_file",
        run: ca_file,
    },
    Target {
        name: "call",
        run: call,
    },
    Target {
        name: "chain",
        run: chain,
    },
    Target {
        name: "claim",
        run: claim,
    },
    Target {
        name: "client_key",
        run: client_key,
    },
    Target {
        name: "config",
        run: config,
    },
    Target {
        name: "http",
        run: http,
    },
    Target {
        name: "jwt",
        run: jwt,
    },
    Target {
        name: "key_set",
        run: key_set,
    },
    Target {
        name: "key",
        run: key,
    },
    Target {
        name: "message",
        run: message,
    },
    Target {
        name: "name",
        run: name,
    },
    Target {
        name: "params",
        run: params,
    },
    Target {
        name: "policy",
        run: policy,
    },
    Target {
        name: "properties",
        run: properties,
    },
    Target {
        name: "request",
        run: request,
    },
    Target {
        name: "target",
        run: target,
    },
];
