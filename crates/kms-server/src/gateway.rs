//! The way in: connections, their limits, and what arrives on them turned into calls of
//! the service. One listener serves all products.
//!
//! How a call walks: `accept` takes the connection → `stream` mends request lines that
//! HTTP libraries cannot hold and keeps time → hyper parses → `http` collects the raw
//! request → `openapi` verifies it, carries it out and answers in the format that was
//! asked for.

mod accept;
mod http;
mod limits;
mod listen;
mod openapi;
mod stream;

pub use accept::{Door, serve};
pub use http::{Gateway, Peer};
pub use limits::Limits;
pub use listen::{Listener, bind};
