//! From sockets to requests.

mod listen;

pub use listen::bind;
