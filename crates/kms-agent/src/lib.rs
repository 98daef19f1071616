//! `alibabacloud-kms-agent`: a local HTTP proxy that fetches secrets from KMS with the
//! machine's cloud identity, keeps them in memory and hands them to programs that hold
//! the token (seeds 000–002).
//!
//! How a read walks: `http` parses the request once → `guard` refuses what must not
//! pass → `cache` answers, or `flight` fetches through `upstream` once for everybody →
//! `render` writes the bytes once → `audit` records who got what.

pub mod config;
pub mod loopback;
pub mod program;
pub mod selfcheck;
pub mod token;

mod kms;

mod cache;
mod flight;
mod guard;
mod hosted;
mod http;
mod private_file;
mod render;
mod request;
mod retrieval;
mod serve;
mod settings;
mod upstream;
mod vault;

pub use guard::{AcceptedTokens, ParseRuleError, Rule};
pub use hosted::RenderError;
pub use http::{DecodeError, RouteError, bind};
pub use kms::KmsError;
pub use request::SecretRequest;
pub use retrieval::{AuditSink, CacheState, Outcome, Retrieval};
pub use serve::{Parts, serve};
pub use settings::{
    CacheSettings, KmsSettings, LogLevel, LogSettings, RenderFormat, RenderSettings, ResponseType,
    ServerSettings, Settings, UriToken,
};
pub use upstream::{Upstream, UpstreamError};
