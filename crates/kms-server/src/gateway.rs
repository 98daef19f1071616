//! The way in: connections, their limits, and what arrives on them turned into calls of
//! the service. One listener serves all products.
//!
//! How a call walks: `accept` takes the connection → `stream` mends request lines that
//! HTTP libraries cannot hold and keeps time → hyper parses → `openapi` collects the raw
//! request → `call` verifies and carries it out → `reply` writes the answer in the format
//! that was asked for.

mod accept;
mod call;
mod limits;
mod listen;
mod openapi;
mod reply;
mod stream;

pub use accept::{Door, serve};
pub use limits::Limits;
pub use listen::{Listener, bind};
pub use openapi::{OpenApi, Peer};
