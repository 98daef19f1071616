use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use http::Method;
use jiff::{SignedDuration, Timestamp};
use kms_credentials::{
    Credentials, CredentialsError, Exchange, ExchangeError, HttpRequest, HttpResponse, Limits,
    ProvideCredentials,
};
use kms_types::{Clock, ErrorCode, SystemClock};
use kms_wire::{
    Params,
    request::{Action, Operation},
    sign::{Unsigned, sign_acs3},
};
use tokio::time::{Instant, sleep, timeout_at};

use crate::{
    CallError, Endpoint, RetryPolicy, answer,
    chance::{Chance, SystemChance},
    retry::{Budget, hint, http_date, left},
};

/// Calls KMS. Cheap to clone; clones share connections, credentials and the budget of
/// retries.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

/// What a [`Client`] is made of; begins with [`Client::builder`].
pub struct ClientBuilder {
    endpoint: Endpoint,
    sts_endpoint: Option<Endpoint>,
    credentials: Arc<dyn ProvideCredentials>,
    http: Arc<dyn Exchange>,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    retry: RetryPolicy,
    user_agent: String,
}

struct Inner {
    endpoint: Endpoint,
    sts_endpoint: Endpoint,
    credentials: Arc<dyn ProvideCredentials>,
    http: Arc<dyn Exchange>,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    retry: RetryPolicy,
    budget: Budget,
    user_agent: String,
    /// Seconds that the service's clock is ahead of ours.
    skew: AtomicI64,
}

/// A call that only lacks its signature.
struct Call<'a> {
    endpoint: &'a Endpoint,
    version: &'static str,
    action: &'static str,
    params: Params,
    largest_answer: usize,
}

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
    /// At once, with the service's time.
    WithSkew(i64),
    /// At once, with other credentials if there are any.
    WithOtherCredentials,
}

/// A value has at most 30,720 bytes, which JSON may write six times as long, and
/// ExtendedConfig 1,024 characters (reference kms-api §2.1).
const LARGEST_VALUE: usize = 256 << 10;

/// A page has at most 100 secrets with 20 tags of 256 characters each.
const LARGEST_LIST: usize = 4 << 20;

// === impl Client ===

impl Client {
    /// A client of this endpoint, with these credentials, over this way out: a
    /// [`crate::Transport`].
    pub fn builder(
        endpoint: Endpoint,
        credentials: Arc<dyn ProvideCredentials>,
        http: Arc<dyn Exchange>,
    ) -> ClientBuilder {
        ClientBuilder {
            endpoint,
            sts_endpoint: None,
            credentials,
            http,
            clock: Arc::new(SystemClock),
            chance: Arc::new(SystemChance),
            retry: RetryPolicy::default(),
            user_agent: concat!("kms-client/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }

    /// Makes a call, retries included.
    ///
    /// Tried again, each time with a fresh nonce and timestamp: transport errors,
    /// timeouts, 429 and 5xx, up to three times within the deadline. A clock that is off
    /// is corrected once by the service's `Date`; refused credentials are looked up once
    /// more, for they may have been replaced meanwhile.
    ///
    /// # Errors
    /// [`CallError`]; no part of the request's values is in it.
    pub async fn call<O: Operation>(&self, operation: &O) -> Result<O::Response, CallError> {
        let action = O::ACTION;
        let endpoint = match action {
            Action::GetCallerIdentity => &self.inner.sts_endpoint,
            _ => &self.inner.endpoint,
        };
        let call = Call {
            endpoint,
            version: action.version(),
            action: action.as_str(),
            params: operation.to_params(),
            largest_answer: match action {
                Action::ListSecrets | Action::ListSecretVersionIds => LARGEST_LIST,
                _ => LARGEST_VALUE,
            },
        };
        let response = self.inner.attempts(&call).await?;
        answer::read(endpoint.host(), &response.body)
    }
}

// === impl ClientBuilder ===

impl ClientBuilder {
    /// Where STS answers. Unless given: at the endpoint itself if that is on this
    /// machine, else `sts.aliyuncs.com`.
    #[must_use]
    pub fn sts_endpoint(mut self, endpoint: Endpoint) -> Self {
        self.sts_endpoint = Some(endpoint);
        self
    }

    /// The time, for signatures.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// How long and how often calls are tried.
    #[must_use]
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// The program's name and version, for the cloud's audit trail.
    #[must_use]
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    #[cfg(test)]
    pub(crate) fn chance(mut self, chance: Arc<dyn Chance>) -> Self {
        self.chance = chance;
        self
    }

    /// The client.
    pub fn build(self) -> Client {
        let sts_endpoint = self.sts_endpoint.unwrap_or_else(|| {
            if self.endpoint.is_loopback() {
                self.endpoint.clone()
            } else {
                Endpoint::sts()
            }
        });
        Client {
            inner: Arc::new(Inner {
                endpoint: self.endpoint,
                sts_endpoint,
                credentials: self.credentials,
                http: self.http,
                clock: self.clock,
                chance: self.chance,
                retry: self.retry,
                budget: Budget::new(),
                user_agent: self.user_agent,
                skew: AtomicI64::new(0),
            }),
        }
    }
}

// === impl Inner ===

impl Inner {
    async fn attempts(&self, call: &Call<'_>) -> Result<HttpResponse, CallError> {
        let deadline = Instant::now() + self.retry.total;
        let mut budget = self.budget.call();
        let mut retries = 0;
        let mut skew_mended = false;
        let mut identity_mended = false;
        loop {
            let failure = match self.attempt(call, deadline).await {
                Ok(response) => return Ok(response),
                Err(failure) => failure,
            };
            let floor = match failure.again {
                Again::WithSkew(skew) if !skew_mended => {
                    skew_mended = true;
                    tracing::warn!(
                        host = call.endpoint.host(),
                        aheadSeconds = skew,
                        "the service's clock differs from this machine's"
                    );
                    self.skew.store(skew, Ordering::Relaxed);
                    continue;
                }
                Again::WithOtherCredentials if !identity_mended => {
                    identity_mended = true;
                    continue;
                }
                Again::No | Again::WithSkew(_) | Again::WithOtherCredentials => {
                    return Err(failure.error);
                }
                Again::Later(floor) => floor.unwrap_or_default(),
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

    async fn attempt(&self, call: &Call<'_>, deadline: Instant) -> Result<HttpResponse, Failure> {
        let credentials = timeout_at(deadline, self.credentials.credentials())
            .await
            .map_err(|_elapsed| self.too_late())?
            .map_err(Failure::credentials)?;
        let limits = Limits {
            time: self.retry.attempt.min(left(deadline)),
            body: call.largest_answer,
            proxy: true,
        };
        let request = self.signed(call, &credentials, limits);
        let response = match self.http.exchange(request).await {
            Ok(response) if response.status == 200 => return Ok(response),
            Ok(response) => response,
            Err(error) => return Err(Failure::exchange(call.endpoint.host(), error)),
        };
        let error = answer::refusal(call.endpoint.host(), &response);
        let again = self.again(&error, &response, &credentials).await;
        Err(Failure { error, again })
    }

    async fn again(
        &self,
        error: &CallError,
        response: &HttpResponse,
        credentials: &Credentials,
    ) -> Again {
        if response.status == 429 || response.status >= 500 {
            return Again::Later(hint(&response.headers, self.clock.now()));
        }
        let CallError::Service { code, .. } = error else {
            return Again::No;
        };
        if code == ErrorCode::TimestampExpired.as_str() {
            let theirs = response.header("date").and_then(http_date);
            return theirs.map_or(Again::No, |theirs| {
                Again::WithSkew(theirs.duration_since(self.clock.now()).as_secs())
            });
        }
        if is_identity(code) && self.credentials.refused(credentials).await {
            return Again::WithOtherCredentials;
        }
        Again::No
    }

    fn signed(&self, call: &Call<'_>, credentials: &Credentials, limits: Limits) -> HttpRequest {
        let signed = sign_acs3(
            &Unsigned {
                version: call.version,
                action: call.action,
                params: &call.params,
                host: &call.endpoint.authority(),
                user_agent: &self.user_agent,
                provider: &credentials.provider,
                now: self.service_time(),
                nonce: &self.chance.nonce(),
            },
            &credentials.key,
        );
        HttpRequest {
            method: if signed.method == "GET" {
                Method::GET
            } else {
                Method::POST
            },
            url: format!("{}{}", call.endpoint, signed.target),
            headers: signed.headers,
            body: signed.body,
            limits,
        }
    }

    /// The time as the service sees it, as far as is known.
    fn service_time(&self) -> Timestamp {
        let now = self.clock.now();
        let skew = SignedDuration::from_secs(self.skew.load(Ordering::Relaxed));
        now.checked_add(skew).unwrap_or(now)
    }

    fn too_late(&self) -> Failure {
        Failure {
            error: CallError::Timeout {
                seconds: self.retry.total.as_secs(),
            },
            again: Again::No,
        }
    }
}

/// Codes that other credentials may turn into success.
fn is_identity(code: &str) -> bool {
    code.starts_with("InvalidAccessKeyId.")
        || code.starts_with("InvalidSecurityToken.")
        || code == ErrorCode::SignatureDoesNotMatch.as_str()
}

// === impl Failure ===

impl Failure {
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
        let host = host.to_owned();
        match error {
            ExchangeError::Timeout(time) => Self {
                error: CallError::Timeout {
                    seconds: time.as_secs().max(1),
                },
                again: Again::Later(None),
            },
            ExchangeError::TooLarge(_) => Self {
                error: CallError::Unreadable {
                    host,
                    reason: error.to_string(),
                },
                again: Again::No,
            },
            ExchangeError::Unsendable { reason } => Self {
                error: CallError::Transport { host, reason },
                again: Again::No,
            },
            other => Self {
                error: CallError::Transport {
                    host,
                    reason: other.to_string(),
                },
                again: Again::Later(None),
            },
        }
    }
}

#[cfg(test)]
mod tests;
