use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use super::Cluster;

/// How long etcd may take.
const PATIENCE: Duration = Duration::from_secs(20);

// === impl Cluster ===

impl Cluster {
    /// What etcd has of an object, `secrets/default/app` for one, as it lies on its disk: asked past
    /// the API server, by etcd's own JSON.
    pub(crate) fn stored(&self, object: &str) -> Result<Vec<u8>> {
        let key = BASE64_STANDARD.encode(format!("/registry/{object}"));
        let body = json!({ "key": key }).to_string();
        // Of HTTP/1.0, so that the answer comes in one piece.
        let request = format!(
            "POST /v3/kv/range HTTP/1.0\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        let answer = exchange(self.etcd_port, &request).context("asking etcd")?;
        let answer: Value = serde_json::from_str(&answer).context("etcd's answer")?;
        let value = answer.pointer("/kvs/0/value").and_then(Value::as_str);
        let value = value.with_context(|| format!("etcd has no {object}"))?;
        BASE64_STANDARD.decode(value).context("etcd's answer")
    }
}

/// The body of an answer with the status 200.
fn exchange(port: u16, request: &str) -> Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").context("no answer")?;
    ensure!(head.contains(" 200 "), "{head}\n{body}");
    Ok(body.to_owned())
}
