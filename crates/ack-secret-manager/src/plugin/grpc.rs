//! `v2.KeyManagementService` over gRPC: a path for each of its three methods.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use prost::Message;
use tonic::{Request, Response, Status, body::Body, server::Grpc};
use tonic_prost::ProstCodec;
use tower::{Service, service_fn};

use super::{api, provider::Provider};

/// Answers calls of gRPC.
#[derive(Clone)]
pub(super) struct KeyManagementService(Arc<Provider>);

type Answer = Pin<Box<dyn Future<Output = Result<http::Response<Body>, Infallible>> + Send>>;

// === impl KeyManagementService ===

impl KeyManagementService {
    pub(super) fn new(provider: Arc<Provider>) -> Self {
        Self(provider)
    }
}

impl Service<http::Request<Body>> for KeyManagementService {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Answer;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Answer {
        let provider = Arc::clone(&self.0);
        Box::pin(async move {
            let provider = &provider;
            Ok(match request.uri().path() {
                "/v2.KeyManagementService/Status" => {
                    unary(request, |_asked: api::StatusRequest| async {
                        Ok(provider.status())
                    })
                    .await
                }
                "/v2.KeyManagementService/Encrypt" => {
                    unary(request, |asked| provider.encrypt(asked)).await
                }
                "/v2.KeyManagementService/Decrypt" => {
                    unary(request, |asked| provider.decrypt(asked)).await
                }
                _ => Status::unimplemented("KeyManagementService has no such method").into_http(),
            })
        })
    }
}

/// One message in, one out.
async fn unary<Asked, Answered, Told>(
    request: http::Request<Body>,
    answer: impl Fn(Asked) -> Told,
) -> http::Response<Body>
where
    Asked: Message + Default + 'static,
    Answered: Message + Default + 'static,
    Told: Future<Output = Result<Answered, Status>>,
{
    let service = service_fn(|request: Request<Asked>| {
        let told = answer(request.into_inner());
        async { told.await.map(Response::new) }
    });
    Grpc::new(ProstCodec::default())
        .max_decoding_message_size(api::LARGEST_MESSAGE)
        .unary(service, request)
        .await
}

#[cfg(test)]
mod tests;
