//! One GET on a connection of its own.

use std::io;

use bytes::Bytes;
use http::{Request, StatusCode, Uri, header};
use http_body_util::{BodyExt, Empty, LengthLimitError, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use kms_service::IssuerError;
use rustls::{CertificateError, pki_types::ServerName};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};

use super::{answer, trust::Trust, unreachable};

/// Longest answer in bytes. A key set of three RSA keys has 2,000; with their certificates
/// 10,000.
const LONGEST: usize = 64 * 1024;

/// The body that is there, of a 200.
pub(super) async fn json(uri: &Uri, trust: &Trust) -> Result<Bytes, IssuerError> {
    let is_tls = uri.scheme_str() == Some("https");
    let host = uri.host().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let port = uri.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
    let plain = TcpStream::connect((bare, port))
        .await
        .map_err(unreachable)?;
    if !is_tls {
        return exchange(uri, plain).await;
    }
    let name = ServerName::try_from(bare.to_owned())
        .map_err(|_no_name| unreachable("its host is no name for a certificate"))?;
    let tls = trust
        .connector()
        .connect(name, plain)
        .await
        .map_err(|error| untrusted(&error))?;
    exchange(uri, tls).await
}

async fn exchange<S>(uri: &Uri, stream: S) -> Result<Bytes, IssuerError>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(unreachable)?;
    // Ends when the sender is dropped; what breaks it breaks the answer, too.
    let driver = tokio::spawn(connection);
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let request = Request::get(path)
        .header(header::HOST, authority)
        .header(header::ACCEPT, "application/json")
        .header(header::CONNECTION, "close")
        .header(
            header::USER_AGENT,
            concat!("kms-server/", env!("CARGO_PKG_VERSION")),
        )
        .body(Empty::<Bytes>::new())
        .map_err(unreachable)?;
    let response = sender.send_request(request).await.map_err(unreachable)?;
    if response.status() != StatusCode::OK {
        return Err(unreachable(format_args!(
            "it answers {}",
            response.status()
        )));
    }
    let body = Limited::new(response.into_body(), LONGEST).collect().await;
    drop(sender);
    driver.abort();
    match body {
        Ok(body) => Ok(body.to_bytes()),
        Err(why) if why.is::<LengthLimitError>() => Err(answer("it is longer than 64 KiB")),
        Err(why) => Err(unreachable(why)),
    }
}

/// A pinned certificate that is not there is told apart from all else that may be wrong.
fn untrusted(error: &io::Error) -> IssuerError {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    match inner {
        Some(rustls::Error::InvalidCertificate(
            CertificateError::ApplicationVerificationFailure,
        )) => IssuerError::Fingerprint,
        _ => unreachable(error),
    }
}
