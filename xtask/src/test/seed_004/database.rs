//! A database whose account KMS rotates, by the webhook of docs/secrets.md.

use std::{
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    thread,
};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

/// Listens until the suite ends; makes this the next password of the account.
pub(super) fn open(next: &'static str) -> Result<SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("starting a webhook")?;
    let address = listener.local_addr().context("starting a webhook")?;
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            // KMS asks again when it got no answer.
            thread::spawn(move || drop(answer(&client, next)));
        }
    });
    Ok(address)
}

fn answer(mut client: &TcpStream, next: &str) -> io::Result<()> {
    let mut reader = BufReader::new(client);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line == "\r\n" {
            break;
        }
        let line = line.to_ascii_lowercase();
        if let Some(text) = line.strip_prefix("content-length:") {
            length = text.trim().parse().map_err(io::Error::other)?;
        }
    }
    let mut asked = vec![0; length];
    reader.read_exact(&mut asked)?;
    let asked: Value = serde_json::from_slice(&asked)?;
    let body = if asked.get("Step").and_then(Value::as_str) == Some("create") {
        let data = json!({"AccountName": "app", "AccountPassword": next});
        json!({"SecretData": data.to_string()}).to_string()
    } else {
        String::new()
    };
    write!(
        client,
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}
