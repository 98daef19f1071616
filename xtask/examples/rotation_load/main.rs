//! Hosts AccessKeys on a server, lets all of them be due at once, and waits until each is
//! rotated and its old key gone; prints a line of JSON with how long that took, and ends in
//! failure if anything is double or left over.

#![expect(
    clippy::expect_used,
    reason = "a measurement that cannot be made has nothing to go on with"
)]

use std::{
    env,
    io::{self, Write as _},
    path::PathBuf,
};

use serde::Deserialize;

mod check;
mod due;
mod fill;

/// What is to be done; `xtask` writes it.
#[derive(Deserialize)]
enum Order {
    /// Makes users with an AccessKey each, and secrets that host them.
    Fill {
        /// Host and port.
        address: String,
        /// Of each account's administrator, as `init` writes it down.
        access_keys: Vec<PathBuf>,
        /// In each account.
        users: u32,
        connections: usize,
    },
    /// Lets all rotate now.
    Rotate {
        /// The database.
        url: String,
        /// Host and port, where values are read.
        address: String,
        access_keys: Vec<PathBuf>,
        /// How many must have been made.
        secrets: u32,
    },
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let order = env::args().nth(1).expect("an order, as JSON");
    let figure = match serde_json::from_str(&order).expect("an order") {
        Order::Fill {
            address,
            access_keys,
            users,
            connections,
        } => fill::fill(&address, &access_keys, users, connections).await,
        Order::Rotate {
            url,
            address,
            access_keys,
            secrets,
        } => due::rotate(&url, secrets, (&address, &access_keys)).await,
    };
    writeln!(io::stdout(), "{figure}")
}
