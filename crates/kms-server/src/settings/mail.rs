use std::{fmt, path::PathBuf, str::FromStr};

use kms_service::Level;
use lettre::message::Mailbox;

/// Who gets mail of events, and how.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// The mail server.
    pub server: MailServer,
    /// How it is spoken to.
    pub security: MailSecurity,
    /// As whom; nobody if none is named.
    pub user: Option<String>,
    /// The file of the user's password.
    pub password_file: Option<PathBuf>,
    /// Who sends.
    pub from: Mailbox,
    /// Who is sent to.
    pub to: Vec<Mailbox>,
    /// Of which events: those that matter that much, or more.
    pub level: Level,
    /// The authority that is trusted, PEM, instead of the system's.
    pub ca_file: Option<PathBuf>,
}

/// A mail server's name and port, `smtp.example.com:587`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MailServer {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
}

/// How a mail server is spoken to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MailSecurity {
    /// TLS from the start.
    Tls,
    /// TLS before anything is said.
    StartTls,
    /// None: on this machine only.
    None,
}

// === impl MailServer ===

impl FromStr for MailServer {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "must be a host and a port, smtp.example.com:587";
        let (host, port) = text.rsplit_once(':').ok_or(wrong)?;
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let is_fine = !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_graphic());
        match port.parse() {
            Ok(port) if is_fine && port > 0 => Ok(Self {
                host: host.to_owned(),
                port,
            }),
            _ => Err(wrong),
        }
    }
}

impl fmt::Display for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

// === impl MailSecurity ===

impl MailSecurity {
    /// As it is configured.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tls => "tls",
            Self::StartTls => "starttls",
            Self::None => "none",
        }
    }
}

impl FromStr for MailSecurity {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "tls" => Ok(Self::Tls),
            "starttls" => Ok(Self::StartTls),
            "none" => Ok(Self::None),
            _ => Err("must be tls, starttls or none"),
        }
    }
}
