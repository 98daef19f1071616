//! From sockets to requests: listeners, connections and their deadlines, and the one
//! parser that turns a request target into a [`SecretRequest`](crate::SecretRequest).

mod connection;
mod decode;
mod listen;
mod misdirected;
mod query;
mod registry;
mod route;
mod stream;
mod uid;

pub(crate) use connection::{Answer, Answering, accept, drain, keep_time};
pub use decode::DecodeError;
pub(crate) use decode::decode;
pub use listen::bind;
pub use misdirected::RouteError;
pub(crate) use registry::{Connection, Phase, Registry};
pub(crate) use route::{Read, Route, Router, Shape};
