use std::time::Duration;

/// What one client may ask of the server. Generous to real clients, finite to all.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections open at once, over all listeners that share a door. Beyond that idle
    /// ones are asked to go and new ones wait in the kernel's queue.
    pub connections: usize,
    /// The request line, in bytes. The cloud's SDKs put everything into the query: a
    /// secret of 30,720 bytes takes 92,160 there if every byte needs its `%XX` (Chinese
    /// text does), and system parameters and signature about 600 more. An OIDC token for
    /// STS needs some 8 KiB.
    pub line: usize,
    /// The whole head, request line included, in bytes.
    pub head: usize,
    /// The body, in bytes: the same secret in a form.
    pub body: usize,
    /// From a head's first byte to its last.
    pub head_time: Duration,
    /// From the head to the body's last byte.
    pub body_time: Duration,
    /// Between two requests, and for a client that does not take its answer.
    pub idle_time: Duration,
    /// For the TLS handshake.
    pub handshake_time: Duration,
    /// For requests in progress when the program is told to end.
    pub drain_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1024,
            line: 128 * 1024,
            head: 160 * 1024,
            body: 128 * 1024,
            head_time: Duration::from_secs(10),
            body_time: Duration::from_secs(30),
            idle_time: Duration::from_secs(75),
            handshake_time: Duration::from_secs(10),
            drain_time: Duration::from_secs(10),
        }
    }
}
