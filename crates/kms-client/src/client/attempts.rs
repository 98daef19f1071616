//! A call from its first attempt to its last.

use std::{sync::atomic::Ordering, time::Duration};

use jiff::{SignedDuration, Timestamp};
use kms_credentials::{
    ClientKey, Credentials, CredentialsError, ExchangeError, HttpResponse, Limits,
    ProvideClientKey, ProvideCredentials,
};
use kms_types::ErrorCode;
use tokio::time::{Instant, sleep, timeout_at};

use super::{
    Identity, Inner,
    call::{Answer, Call},
    identity::broken,
};
use crate::{
    CallError, answer,
    error::is_throttling,
    retry::{hint, http_date, left},
};

/// Why one attempt brought no answer, and whether another may.
struct Failure {
    error: CallError,
    again: Again,
}

enum Again {
    /// Never.
    No,
    /// After a while, at least this long.
    Later(Option<Duration>),
    /// At once, in the other protocol.
    InOtherProtocol,
    /// At once, with other credentials.
    WithOtherCredentials,
    /// At once, with the service's time, which is so many seconds ahead.
    WithSkew(i64),
}

/// Who signed an attempt.
enum Caller<'a> {
    /// The call brings its own proof.
    Nobody,
    Credentials(&'a dyn ProvideCredentials, Credentials),
    ClientKey(&'a dyn ProvideClientKey, ClientKey),
}

/// What is mended at most once in a call.
#[derive(Default)]
struct Mended {
    skew: bool,
    identity: bool,
    protocol: bool,
}

// === impl Inner ===

impl Inner {
    pub(super) async fn attempts(&self, call: &Call<'_>) -> Result<Answer, CallError> {
        let deadline = Instant::now() + self.retry.total;
        let mut budget = self.budget.call();
        let mut mended = Mended::default();
        let mut retries = 0;
        loop {
            let failure = match self.attempt(call, deadline).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            let floor = match failure.again {
                Again::Later(floor) => floor.unwrap_or_default(),
                Again::WithSkew(skew) if !mended.skew => {
                    mended.skew = true;
                    self.correct_clock(call, skew);
                    continue;
                }
                Again::WithOtherCredentials if !mended.identity => {
                    mended.identity = true;
                    continue;
                }
                Again::InOtherProtocol if !mended.protocol => {
                    mended.protocol = true;
                    continue;
                }
                _ => return Err(failure.error),
            };
            let wait = floor.saturating_add(self.chance.up_to(self.retry.ceiling(retries)));
            // Not past the deadline, and not to arrive there with no time to ask.
            if retries >= self.retry.retries || wait >= left(deadline) || !budget.grant() {
                return Err(failure.error);
            }
            retries += 1;
            tracing::debug!(
                action = call.action,
                host = call.endpoint.host(),
                retry = retries,
                waitMs = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
                error = %failure.error,
                "trying again"
            );
            sleep(wait).await;
        }
    }

    async fn attempt(&self, call: &Call<'_>, deadline: Instant) -> Result<Answer, Failure> {
        let (signed, caller) = match &self.identity {
            _ if !call.is_signed() => (self.unsigned_request(call), Caller::Nobody),
            Identity::Credentials(provider) => {
                let credentials = timeout_at(deadline, provider.credentials())
                    .await
                    .map_err(|_elapsed| self.too_late())?
                    .map_err(Failure::credentials)?;
                let signed = self.sign_with_credentials(call, &credentials);
                (signed, Caller::Credentials(provider.as_ref(), credentials))
            }
            Identity::ClientKey(provider) => {
                let key = timeout_at(deadline, provider.client_key(self.service_time()))
                    .await
                    .map_err(|_elapsed| self.too_late())?
                    .map_err(|error| Failure::final_one(broken(error.to_string())))?;
                let signed = self
                    .sign_with_client_key(call, &key)
                    .map_err(Failure::final_one)?;
                (signed, Caller::ClientKey(provider.as_ref(), key))
            }
        };
        let limits = Limits {
            time: self.retry.attempt.min(left(deadline)),
            body: call.largest_answer,
            proxy: true,
        };
        let host = call.endpoint.host();
        let protocol = signed.protocol;
        let response = match self
            .ways
            .to(call.product)
            .exchange(signed.request(call.endpoint, limits))
            .await
        {
            Ok(response) => response,
            Err(error) => return Err(Failure::exchange(host, error)),
        };
        if !self.gateway.agrees(protocol, &response) {
            return Err(Failure {
                error: answer::refusal(host, &response),
                again: Again::InOtherProtocol,
            });
        }
        if response.status == 200 {
            return Ok(Answer { response, protocol });
        }
        let error = protocol.refusal(host, &response);
        let again = match self.again(&error, &response) {
            Again::WithOtherCredentials if caller.is_to_blame(&error) => {
                if caller.has_others().await {
                    Again::WithOtherCredentials
                } else {
                    Again::No
                }
            }
            Again::WithOtherCredentials => Again::No,
            again => again,
        };
        Err(Failure { error, again })
    }

    fn again(&self, error: &CallError, response: &HttpResponse) -> Again {
        let later = || Again::Later(hint(&response.headers, self.clock.now()));
        if response.status == 429 || response.status >= 500 {
            return later();
        }
        let CallError::Service { code, .. } = error else {
            return Again::No;
        };
        if is_throttling(code) {
            return later();
        }
        if is_clock(code) {
            let theirs = response.header("date").and_then(http_date);
            return theirs.map_or(Again::No, |theirs| {
                Again::WithSkew(theirs.duration_since(self.clock.now()).as_secs())
            });
        }
        Again::WithOtherCredentials
    }

    /// The time as the service sees it, as far as is known.
    pub(super) fn service_time(&self) -> Timestamp {
        let now = self.clock.now();
        let skew = SignedDuration::from_secs(self.skew.load(Ordering::Relaxed));
        now.checked_add(skew).unwrap_or(now)
    }

    fn correct_clock(&self, call: &Call<'_>, skew: i64) {
        tracing::warn!(
            host = call.endpoint.host(),
            aheadSeconds = skew,
            "the service's clock differs from this machine's"
        );
        self.skew.store(skew, Ordering::Relaxed);
    }

    fn too_late(&self) -> Failure {
        Failure::final_one(CallError::Timeout {
            seconds: self.retry.total.as_secs(),
        })
    }
}

// === impl Caller ===

impl Caller<'_> {
    /// Whether another identity may turn this refusal into success.
    fn is_to_blame(&self, error: &CallError) -> bool {
        let CallError::Service { status, code, .. } = error else {
            return false;
        };
        match self {
            Self::Nobody => false,
            Self::Credentials(..) => is_identity(code),
            // How a gateway calls it that a key is gone is not documented, and looking
            // whether its file is another one costs little.
            Self::ClientKey(..) => is_identity(code) || matches!(status, 400 | 401 | 403),
        }
    }

    async fn has_others(&self) -> bool {
        match self {
            Self::Nobody => false,
            Self::Credentials(provider, refused) => provider.refused(refused).await,
            Self::ClientKey(provider, refused) => provider.refused(refused).await,
        }
    }
}

/// Codes that the right time may turn into success, on either gateway.
fn is_clock(code: &str) -> bool {
    code == ErrorCode::TimestampExpired.as_str() || code == "RequestTimeTooSkewed"
}

/// Codes that other credentials may turn into success.
fn is_identity(code: &str) -> bool {
    code.starts_with("InvalidAccessKeyId.")
        || code.starts_with("InvalidSecurityToken.")
        || code == ErrorCode::SignatureDoesNotMatch.as_str()
}

// === impl Failure ===

impl Failure {
    fn final_one(error: CallError) -> Self {
        Self {
            error,
            again: Again::No,
        }
    }

    fn credentials(error: CredentialsError) -> Self {
        let again = match error {
            CredentialsError::Unreachable { .. } => Again::Later(None),
            _ => Again::No,
        };
        Self {
            error: CallError::Credentials(error),
            again,
        }
    }

    fn exchange(host: &str, error: ExchangeError) -> Self {
        let again = match error {
            ExchangeError::TooLarge(_) | ExchangeError::Unsendable { .. } => Again::No,
            _ => Again::Later(None),
        };
        Self {
            error: CallError::of_exchange(host, error),
            again,
        }
    }
}
