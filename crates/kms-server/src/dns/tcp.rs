use std::{io, net::SocketAddr, sync::Arc};

use kms_service::Service;
use kms_telemetry::Shutdown;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::timeout,
};

use super::{
    PATIENCE,
    answer::{self, Way},
};

/// Answers questions that come by connections.
pub(super) async fn serve(
    listener: TcpListener,
    service: Service,
    seats: Arc<Semaphore>,
    mut shutdown: Shutdown,
) {
    loop {
        let accepted = tokio::select! {
            biased;
            () = shutdown.draining() => return,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(reason) => {
                tracing::debug!(error = %reason, "no connection came");
                continue;
            }
        };
        let Ok(seat) = Arc::clone(&seats).try_acquire_owned() else {
            tracing::debug!(%peer, "a connection is dropped: too many at once");
            continue;
        };
        let (service, mut shutdown) = (service.clone(), shutdown.clone());
        tokio::spawn(async move {
            let _seat = seat;
            tokio::select! {
                () = shutdown.draining() => {}
                ended = converse(stream, peer, &service) => {
                    if let Err(reason) = ended {
                        tracing::debug!(%peer, error = %reason, "a connection broke");
                    }
                }
            }
        });
    }
}

/// Question and answer, each behind its length (RFC 1035, 4.2.2), until the client has no
/// more or says nothing for too long.
async fn converse(mut stream: TcpStream, peer: SocketAddr, service: &Service) -> io::Result<()> {
    while let Ok(length) = timeout(PATIENCE, stream.read_u16()).await {
        let length = match length {
            Ok(length) => length,
            // The client is done.
            Err(reason) if reason.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(reason) => return Err(reason),
        };
        let mut question = vec![0; usize::from(length)];
        timeout(PATIENCE, stream.read_exact(&mut question)).await??;
        let Some(answer) = answer::to(service, &question, peer.ip(), Way::Connection).await else {
            return Ok(());
        };
        let length = u16::try_from(answer.len()).map_err(io::Error::other)?;
        let framed = [&length.to_be_bytes(), answer.as_slice()].concat();
        timeout(PATIENCE, stream.write_all(&framed)).await??;
    }
    Ok(())
}
