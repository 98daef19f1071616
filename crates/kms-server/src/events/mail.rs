//! Mail about what happened, by SMTP.

use std::time::Duration;

use async_trait::async_trait;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kms_service::{Level, Notice};
use kms_types::Secret;
use kms_wire::write_timestamp;
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, CertificateStore, Tls, TlsParameters},
    },
};
use rustls::pki_types::CertificateDer;

use super::Receiver;
use crate::settings::{MailSecurity, MailSettings};

/// People who are told.
pub(super) struct Mail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    to: Vec<Mailbox>,
    level: Level,
}

/// How long the mail server may take for each of its answers.
const PATIENCE: Duration = Duration::from_secs(20);

// === impl Mail ===

impl Mail {
    /// By that server, which one of these authorities vouches for.
    pub(super) fn new(
        settings: &MailSettings,
        password: Option<&Secret<String>>,
        authorities: &[CertificateDer<'static>],
    ) -> Result<Self, lettre::transport::smtp::Error> {
        let tls = match settings.security {
            MailSecurity::None => Tls::None,
            MailSecurity::StartTls => Tls::Required(parameters(settings, authorities)?),
            MailSecurity::Tls => Tls::Wrapper(parameters(settings, authorities)?),
        };
        let host = settings.server.host.as_str();
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(settings.server.port)
            .tls(tls)
            .timeout(Some(PATIENCE));
        if let (Some(user), Some(password)) = (&settings.user, password) {
            // EXPOSE: to the mail server, over TLS or on this machine.
            let credentials = Credentials::new(user.clone(), password.expose().clone());
            transport = transport.credentials(credentials);
        }
        Ok(Self {
            transport: transport.build(),
            from: settings.from.clone(),
            to: settings.to.clone(),
            level: settings.level,
        })
    }

    fn message(&self, notice: &Notice) -> Result<Message, lettre::error::Error> {
        let Notice {
            account,
            id,
            name,
            level,
            resource,
            content,
            time,
        } = notice;
        let level = level.as_str();
        // A mail that comes twice is known by its id.
        let known = BASE64_URL_SAFE_NO_PAD.encode(format!("{account}/{id}"));
        let mut message = Message::builder()
            .from(self.from.clone())
            .subject(format!("[{level}] {name} {resource}"))
            .message_id(Some(format!("<{known}@kms-server>")))
            .header(ContentType::TEXT_PLAIN);
        for to in &self.to {
            message = message.to(to.clone());
        }
        let content = serde_json::to_string_pretty(content).unwrap_or_default();
        message.body(format!(
            "{name}\n\nlevel     {level}\ntime      {}\naccount   {account}\nresource  {resource}\n\
             event     {account}/{id}\n\n{content}\n",
            write_timestamp(*time)
        ))
    }
}

#[async_trait]
impl Receiver for Mail {
    fn name(&self) -> String {
        let to: Vec<&str> = self.to.iter().map(|to| to.email.as_ref()).collect();
        format!("mail {}", to.join(","))
    }

    fn wants(&self, notice: &Notice) -> bool {
        notice.level >= self.level
    }

    async fn tell(&self, notice: &Notice) -> Result<(), String> {
        let message = self.message(notice);
        let message = message.map_err(|_why| "the mail cannot be written".to_owned())?;
        let sent = self.transport.send(message).await;
        sent.map(drop).map_err(|reason| {
            // What the server says may be anything.
            let code = reason.status().map(|code| format!(" with {code}"));
            if let Some(code) = code {
                format!("the mail server refuses it{code}")
            } else if reason.is_tls() {
                "no TLS that is trusted".to_owned()
            } else {
                "the mail server does not answer".to_owned()
            }
        })
    }
}

fn parameters(
    settings: &MailSettings,
    authorities: &[CertificateDer<'static>],
) -> Result<TlsParameters, lettre::transport::smtp::Error> {
    let mut parameters = TlsParameters::builder(settings.server.host.clone())
        .certificate_store(CertificateStore::None);
    for authority in authorities {
        // Those of a system's that cannot be read are left out, as elsewhere.
        if let Ok(certificate) = Certificate::from_der(authority.to_vec()) {
            parameters = parameters.add_root_certificate(certificate);
        }
    }
    parameters.build_rustls()
}

#[cfg(test)]
mod tests;
