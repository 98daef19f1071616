use std::sync::{Arc, Mutex};

use kms_service::{Level, Notice};
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpListener,
};

use super::{Mail, Receiver as _};
use crate::settings::{MailSecurity, MailServer, MailSettings};

/// A mail server on this machine that takes whatever it is given, or nothing.
async fn server(answer: &'static str) -> (u16, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let got = Arc::new(Mutex::new(String::new()));
    let kept = Arc::clone(&got);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (read, mut write) = stream.into_split();
            let mut lines = BufReader::new(read).lines();
            write.write_all(b"220 test\r\n").await.unwrap();
            let mut is_data = false;
            while let Ok(Some(line)) = lines.next_line().await {
                kept.lock().unwrap().extend([line.as_str(), "\n"]);
                let reply = match line.as_str() {
                    "." if is_data => {
                        is_data = false;
                        answer
                    }
                    _ if is_data => continue,
                    "DATA" => {
                        is_data = true;
                        "354 go on\r\n"
                    }
                    "QUIT" => "221 bye\r\n",
                    _ => "250 fine\r\n",
                };
                write.write_all(reply.as_bytes()).await.unwrap();
            }
        }
    });
    (port, got)
}

fn mail(port: u16) -> Mail {
    let settings = MailSettings {
        server: MailServer {
            host: "127.0.0.1".to_owned(),
            port,
        },
        security: MailSecurity::None,
        user: None,
        password_file: None,
        from: "KMS <kms@example.com>".parse().unwrap(),
        to: vec![
            "ops@example.com".parse().unwrap(),
            "audit@example.com".parse().unwrap(),
        ],
        level: Level::Warn,
        ca_file: None,
    };
    Mail::new(&settings, None, &[]).unwrap()
}

fn notice(level: Level) -> Notice {
    Notice {
        account: "1234567890123456".parse().unwrap(),
        id: "client-key/KAAP.1/7".to_owned(),
        name: "ClientKey:Expiration:7Days".to_owned(),
        level,
        resource: "clientkey/KAAP.1".to_owned(),
        content: json!({"daysLeft": 7}),
        time: "2026-11-29T00:00:00Z".parse().unwrap(),
    }
}

#[tokio::test]
async fn a_mail_says_what_happened_to_everybody_and_can_be_told_from_others() {
    let (port, got) = server("250 taken\r\n").await;
    mail(port).tell(&notice(Level::Critical)).await.unwrap();
    let got = got.lock().unwrap().clone();
    for line in [
        "MAIL FROM:<kms@example.com>",
        "RCPT TO:<ops@example.com>",
        "RCPT TO:<audit@example.com>",
        "Subject: [CRITICAL] ClientKey:Expiration:7Days clientkey/KAAP.1",
        "time      2026-11-29T00:00:00Z",
        "event     1234567890123456/client-key/KAAP.1/7",
    ] {
        assert!(got.contains(line), "{line} is not in {got}");
    }
    assert!(got.contains("\"daysLeft\": 7"), "{got}");
    assert!(
        got.contains("Message-ID: <MTIzNDU2Nzg5MDEyMzQ1Ni9jbGllbnQta2V5L0tBQVAuMS83@kms-server>"),
        "{got}"
    );
}

#[tokio::test]
async fn a_mail_server_that_says_no_is_heard_and_its_words_are_not_repeated() {
    let (port, _got) = server("451 sesame open\r\n").await;
    let refused = mail(port).tell(&notice(Level::Critical)).await.unwrap_err();
    assert!(refused.contains("451"), "{refused}");
    assert!(!refused.contains("sesame"), "{refused}");
    let nobody = mail(1).tell(&notice(Level::Critical)).await.unwrap_err();
    assert_eq!(nobody, "the mail server does not answer");
}

#[test]
fn mail_is_for_what_matters() {
    let mail = mail(1);
    assert!(!mail.wants(&notice(Level::Info)));
    assert!(mail.wants(&notice(Level::Warn)));
    assert!(mail.wants(&notice(Level::Critical)));
    assert_eq!(mail.name(), "mail ops@example.com,audit@example.com");
}
