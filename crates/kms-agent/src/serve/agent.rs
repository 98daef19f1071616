use std::{
    cell::Cell,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderValue, Method, header, request};
use hyper::{Request, body::Incoming};
use jiff::Timestamp;
use uuid::Uuid;

use super::{
    Parts,
    counters::Counters,
    reads::Reads,
    respond::{self, Answer, Headers},
};
use crate::{
    CacheState, Outcome, ResponseType, Retrieval, Rule, SecretRequest, UpstreamError,
    cache::Entry,
    guard::{Guard, Refusal},
    hosted,
    http::{Answering, Connection, Phase, Read, Registry, Route, RouteError, Router, Shape},
    render::{self, Failure},
    vault,
};

/// The agent as connections see it.
pub(super) struct Agent {
    parts: Parts,
    registry: Arc<Registry>,
    guard: Guard,
    router: Router,
    reads: Arc<Reads>,
    headers: Headers,
    counters: Counters,
    in_progress: AtomicUsize,
    draining: AtomicBool,
    started: Timestamp,
    /// Vault's health, which its clients ask without a token.
    health_path: Option<String>,
}

/// What the log says of a request, whatever comes of it.
struct Asked<'a> {
    connection: &'a Connection,
    header: Option<&'a str>,
    begun: Duration,
}

/// An answer, or what it takes to get one.
enum Step {
    Answer(Answer),
    /// The log has no room: the answer waits for its line.
    Wait(Vec<u8>, Answer),
    /// The cache does not have it.
    Read(Box<Pending>),
}

struct Pending {
    read: Read,
    header: String,
    begun: Duration,
}

// === impl Agent ===

impl crate::http::Answer for Agent {
    fn answer(
        self: &Arc<Self>,
        connection: &Arc<Connection>,
        request: Request<Incoming>,
    ) -> Answering {
        connection.enter(Phase::Busy, self.registry.now());
        let (request, _body) = request.into_parts();
        let step = match self.step(connection, &request) {
            Step::Answer(answer) => {
                connection.answered(self.registry.now());
                return Answering::Now(Some(answer));
            }
            other => other,
        };
        let (agent, connection) = (Arc::clone(self), Arc::clone(connection));
        Answering::Later(Box::pin(async move {
            let answer = agent.finish(&connection, step).await;
            connection.answered(agent.registry.now());
            answer
        }))
    }
}

impl Agent {
    pub(super) fn new(parts: Parts, port: u16, registry: Arc<Registry>) -> Self {
        let settings = &parts.settings;
        // The configuration has checked the names.
        let relaxed: Vec<Rule> = settings
            .server
            .relaxed_rules
            .iter()
            .filter_map(|name| name.parse().ok())
            .collect();
        let vault = settings.server.response_type == ResponseType::Vault;
        Self {
            registry,
            router: Router::new(settings, &relaxed),
            guard: Guard::new(settings, relaxed, port),
            reads: Arc::new(Reads::new(
                settings,
                Arc::clone(&parts.upstream),
                Arc::clone(&parts.clock),
            )),
            headers: Headers::new(settings.cache.ttl),
            counters: Counters::default(),
            in_progress: AtomicUsize::new(0),
            draining: AtomicBool::new(false),
            started: parts.clock.now(),
            health_path: vault.then(|| format!("{}sys/health", settings.server.path_prefix)),
            parts,
        }
    }

    /// No longer ready.
    pub(super) fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    pub(super) fn purge(&self) {
        self.reads.purge();
    }

    /// Logs what was refused since the last time.
    pub(super) fn report(&self) {
        if let Some(counts) = self.counters.take() {
            tracing::info!(counts, "refused or ignored since the last report");
        }
    }

    /// As far as one gets without waiting; for a hit that is all the way.
    fn step(&self, connection: &Connection, request: &request::Parts) -> Step {
        let mut asked = Asked {
            connection,
            header: None,
            begun: self.parts.clock.monotonic(),
        };
        let seen = self.guard.see(&request.headers);
        if let Some(refusal) = seen.framing() {
            return self.refuse(&asked, refusal);
        }
        let path = request.uri.path();
        if let Some(answer) = self.probe(path, &request.method) {
            return Step::Answer(answer);
        }
        let methods = match self.parts.settings.server.response_type {
            ResponseType::Vault => ["GET", "HEAD", "POST", "PUT"].as_slice(),
            ResponseType::Aws | ResponseType::Kms => &["GET"],
        };
        let query = request.uri.query().unwrap_or_default();
        let carried = self.router.carried(path, query);
        let tokens = self.parts.tokens.load();
        let carried = carried.as_ref();
        match self.guard.check(request, &seen, carried, &tokens, methods) {
            Ok(header) => asked.header = Some(header),
            Err(refusal) => return self.refuse(&asked, refusal),
        }
        if path.len() + query.len() > MAX_TARGET {
            return self.refuse(&asked, refusal(414, "target", "the target is too long"));
        }
        match self.router.route(path, query) {
            Ok(Route::Secret(read)) if request.method == Method::GET => self.secret(&asked, read),
            Ok(Route::Vault(local)) if local.methods().contains(&request.method.as_str()) => {
                Step::Answer(self.local(&local))
            }
            Ok(_) => self.refuse(&asked, refusal(405, "method", "only GET is answered here")),
            Err(error) => self.misdirected(&asked, error),
        }
    }

    fn secret(&self, asked: &Asked<'_>, read: Read) -> Step {
        self.counters
            .add("unknown-parameter", read.unknown_parameters);
        if let Some(entry) = self.reads.hit(&read.request, asked.begun) {
            return self.hand_out(asked, &read, &entry, CacheState::Hit);
        }
        Step::Read(Box::new(Pending {
            read,
            header: asked.header.unwrap_or_default().to_owned(),
            begun: asked.begun,
        }))
    }

    /// The steps that may take a while.
    async fn finish(&self, connection: &Connection, step: Step) -> Answer {
        let step = match step {
            Step::Read(pending) => self.read(connection, &pending).await,
            other => other,
        };
        match step {
            Step::Answer(answer) => answer,
            Step::Wait(line, answer) => {
                while !self.parts.audit.append(&line) {
                    self.parts.audit.ready().await;
                }
                answer
            }
            // `read` answers.
            Step::Read(_) => respond::text(500, "internal error"),
        }
    }

    async fn read(&self, connection: &Connection, pending: &Pending) -> Step {
        let asked = Asked {
            connection,
            header: Some(&pending.header),
            begun: pending.begun,
        };
        let Some(_place) = Place::take(&self.in_progress, self.parts.settings.server.max_conn)
        else {
            return self.refuse(
                &asked,
                refusal(429, "max-conn", "too many requests at once"),
            );
        };
        match self.reads.read(&pending.read.request).await {
            (Ok(entry), state) => self.hand_out(&asked, &pending.read, &entry, state),
            (Err(error), state) => self.fail(&asked, &pending.read.request, &error, state),
        }
    }

    fn hand_out(&self, asked: &Asked<'_>, read: &Read, entry: &Entry, state: CacheState) -> Step {
        let now = self.parts.clock.monotonic();
        let body = match (read.shape, &entry.rendered.kv2) {
            (Shape::AccessKey, _) => match self.access_key(entry, now) {
                Ok(body) => body,
                Err(failure) => return self.failed(asked, &read.request, &failure, state),
            },
            (Shape::Kv2, Some(body)) => body.clone(),
            (Shape::Kv2, None) | (Shape::Plain, _) => entry.rendered.plain.clone(),
        };
        let age = now.saturating_sub(entry.fetched);
        let answer = self.headers.value(body, state, age);
        let asked_upstream = state == CacheState::Miss;
        self.log(
            answer,
            &Retrieval {
                peer: asked.connection.who(),
                uid: asked.connection.uid(),
                header: asked.header,
                request: Some(&read.request),
                outcome: Outcome::Value,
                status: 200,
                cache: state,
                latency: now.saturating_sub(asked.begun),
                request_id: if asked_upstream {
                    &entry.request_id
                } else {
                    ""
                },
            },
        )
    }

    fn fail(
        &self,
        asked: &Asked<'_>,
        request: &SecretRequest,
        error: &UpstreamError,
        cache: CacheState,
    ) -> Step {
        self.failed(asked, request, &failure(error), cache)
    }

    /// The AccessKey of an entry, as CredentialsURI has it.
    fn access_key(&self, entry: &Entry, now: Duration) -> Result<Bytes, Failure<'static>> {
        let asked_again = entry.fetched.saturating_add(entry.fresh_for);
        let left = asked_again.saturating_sub(now);
        let pair = entry.access_key.as_ref();
        pair.and_then(|pair| hosted::answer(pair, self.parts.clock.now(), left))
            .ok_or(NO_ACCESS_KEY)
    }

    fn failed(
        &self,
        asked: &Asked<'_>,
        request: &SecretRequest,
        failure: &Failure<'_>,
        cache: CacheState,
    ) -> Step {
        let body = render::error(failure, self.parts.settings.server.response_type);
        self.log(
            respond::json(failure.status, body),
            &Retrieval {
                peer: asked.connection.who(),
                uid: asked.connection.uid(),
                header: asked.header,
                request: Some(request),
                outcome: Outcome::Failed(failure.code),
                status: failure.status,
                cache,
                latency: self.parts.clock.monotonic().saturating_sub(asked.begun),
                request_id: failure.request_id,
            },
        )
    }

    fn misdirected(&self, asked: &Asked<'_>, error: RouteError) -> Step {
        let (status, reason) = match error {
            RouteError::NotFound => (404, "path"),
            RouteError::List => (405, "list"),
            RouteError::Repeated => (400, Rule::RepeatedParameter.as_str()),
            RouteError::Missing => (400, "no-secret"),
            RouteError::NotOffered => (404, "not-offered"),
            RouteError::Version => (400, "version"),
            RouteError::Decode(_) => (400, "encoding"),
            RouteError::Name(_) => (400, "name"),
        };
        let message = error.to_string();
        self.turn_away(asked, status, reason, &message, false)
    }

    fn refuse(&self, asked: &Asked<'_>, refusal: Refusal) -> Step {
        let Refusal {
            status,
            reason,
            message,
            close,
        } = refusal;
        self.turn_away(asked, status, reason, message, close)
    }

    fn turn_away(
        &self,
        asked: &Asked<'_>,
        status: u16,
        reason: &'static str,
        message: &str,
        close: bool,
    ) -> Step {
        self.counters.add(reason, 1);
        let failure = Failure {
            status,
            code: reason,
            message,
            request_id: "",
        };
        let body = render::error(&failure, self.parts.settings.server.response_type);
        let mut answer = respond::json(status, body);
        let headers = answer.headers_mut();
        if close {
            asked.connection.enter(Phase::Closing, self.registry.now());
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        if status == 405 {
            headers.insert(header::ALLOW, HeaderValue::from_static("GET"));
        }
        if status == 429 {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        self.log(
            answer,
            &Retrieval {
                peer: asked.connection.who(),
                uid: asked.connection.uid(),
                header: asked.header,
                request: None,
                outcome: Outcome::Refused(reason),
                status,
                cache: CacheState::None,
                latency: self.parts.clock.monotonic().saturating_sub(asked.begun),
                request_id: "",
            },
        )
    }

    /// The line first: an answer leaves only when it is written down who got it.
    fn log(&self, answer: Answer, retrieval: &Retrieval<'_>) -> Step {
        thread_local! {
            /// The line before this one, for its room.
            static LINE: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
        }
        // Gone when the thread is being torn down.
        let mut line = LINE.try_with(Cell::take).unwrap_or_default();
        line.clear();
        retrieval.write(&*self.parts.clock, &mut line);
        if !self.parts.audit.append(&line) {
            return Step::Wait(line, answer);
        }
        let _ = LINE.try_with(|room| room.set(line));
        Step::Answer(answer)
    }

    /// Probes need no token, tell no detail and are never turned away.
    fn probe(&self, path: &str, method: &Method) -> Option<Answer> {
        let ready = !self.draining.load(Ordering::Relaxed);
        let answer = match path {
            "/ping" => respond::text(200, "healthy"),
            "/ready" if ready => respond::text(200, "ready"),
            "/ready" => respond::text(503, "not ready"),
            _ if self.health_path.as_deref() == Some(path) => self.local(&vault::Local::Health),
            _ => return None,
        };
        if matches!(*method, Method::GET | Method::HEAD) {
            return Some(answer);
        }
        let mut answer = respond::text(405, "only GET is answered here");
        answer
            .headers_mut()
            .insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        Some(answer)
    }

    fn local(&self, local: &vault::Local) -> Answer {
        let known = vault::Known {
            started: self.started,
            now: self.parts.clock.now(),
            ready: !self.draining.load(Ordering::Relaxed),
            mounts: &self.parts.settings.server.vault_mounts,
            request_id: Uuid::new_v4().to_string(),
        };
        let answer = vault::answer(local, &known);
        let body = answer
            .body
            .and_then(|body| serde_json::to_vec(&body).ok())
            .map(Bytes::from)
            .unwrap_or_default();
        respond::json(answer.status, body)
    }
}

/// A place among the requests in progress, given back when dropped.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(in_progress: &'a AtomicUsize, max: usize) -> Option<Self> {
        let place = Self(in_progress);
        (in_progress.fetch_add(1, Ordering::Relaxed) < max).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What is read where an AccessKey should be, and is none.
const NO_ACCESS_KEY: Failure<'static> = Failure {
    status: 502,
    code: "NoAccessKey",
    message: "the value of this secret is no JSON with AccessKeyId and AccessKeySecret",
    request_id: "",
};

/// Path and query, in bytes; the longest that names a secret needs a tenth of it.
const MAX_TARGET: usize = 8 * 1024;

fn refusal(status: u16, reason: &'static str, message: &'static str) -> Refusal {
    Refusal {
        status,
        reason,
        message,
        close: false,
    }
}

fn failure(error: &UpstreamError) -> Failure<'_> {
    let own = |status, code, message| Failure {
        status,
        code,
        message,
        request_id: "",
    };
    match error {
        UpstreamError::Refused {
            status,
            code,
            message,
            request_id,
        } => Failure {
            // A refusal that calls itself a success is none that can be passed on.
            status: if (400..600).contains(status) {
                *status
            } else {
                502
            },
            code,
            message,
            request_id,
        },
        UpstreamError::Timeout => own(504, "UpstreamTimeout", "KMS did not answer in time"),
        UpstreamError::Unreachable { .. } => own(
            502,
            "UpstreamUnreachable",
            "KMS cannot be reached; the agent's log says why",
        ),
        UpstreamError::Credentials { .. } => own(
            500,
            "NoCredentials",
            "the agent has no valid credentials; its log says why",
        ),
    }
}
