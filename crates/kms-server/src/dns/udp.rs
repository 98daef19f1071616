use std::sync::Arc;

use kms_service::Service;
use kms_telemetry::Shutdown;
use tokio::{net::UdpSocket, sync::Semaphore};

use super::answer::{self, LARGEST, Way};

/// Answers questions that come as datagrams.
pub(super) async fn serve(
    socket: UdpSocket,
    service: Service,
    seats: Arc<Semaphore>,
    mut shutdown: Shutdown,
) {
    let socket = Arc::new(socket);
    // A question is smaller than the largest answer.
    let mut buffer = vec![0; LARGEST];
    loop {
        let received = tokio::select! {
            biased;
            () = shutdown.draining() => return,
            received = socket.recv_from(&mut buffer) => received,
        };
        let (length, peer) = match received {
            Ok(received) => received,
            // That a client before has gone is told here on some systems.
            Err(reason) => {
                tracing::debug!(error = %reason, "no question came");
                continue;
            }
        };
        let Ok(seat) = Arc::clone(&seats).try_acquire_owned() else {
            tracing::debug!(%peer, "a question is dropped: too many at once");
            continue;
        };
        let question = buffer.get(..length).unwrap_or_default().to_vec();
        let (socket, service) = (Arc::clone(&socket), service.clone());
        tokio::spawn(async move {
            let _seat = seat;
            let Some(answer) = answer::to(&service, &question, peer.ip(), Way::Datagram).await
            else {
                return;
            };
            if let Err(reason) = socket.send_to(&answer, peer).await {
                tracing::debug!(%peer, error = %reason, "an answer did not leave");
            }
        });
    }
}
