//! What comes of a review: the functions of [`admission`](crate::admission), and what is not asked of
//! them.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use tokio::time::timeout;

use super::review::{Answer, Operation, Request, Verdict};
use crate::admission::{
    inject::{self, Settings},
    validate::{self, Kind},
};

/// Which of the two is asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Webhook {
    Validate,
    Inject,
}

/// Says what is to become of an object.
pub(super) type Judge = Arc<dyn Fn(&Request) -> Answer + Send + Sync>;

/// Both of them.
#[derive(Clone)]
pub(super) struct Judges {
    validate: Judge,
    inject: Judge,
}

/// The group of our kinds.
const GROUP: &str = "alibabacloud.com";

/// No object takes a hundredth of it, and the API server waits for three seconds as the chart has it.
const TIME: Duration = Duration::from_secs(2);

/// What is said when we fail.
const UNCHECKED: &str =
    "ack-secret-manager failed to check this object, and took it as it is; see its log";

// === impl Webhook ===

impl Webhook {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Validate => "validate",
            Self::Inject => "inject",
        }
    }
}

// === impl Judges ===

impl Judges {
    /// Those of [`admission`](crate::admission).
    pub(super) fn new(settings: Settings) -> Self {
        Self {
            validate: Arc::new(validates),
            inject: Arc::new(move |request| injects(request, &settings)),
        }
    }

    #[cfg(test)]
    pub(super) fn of(judge: &Judge) -> Self {
        Self {
            validate: Arc::clone(judge),
            inject: Arc::clone(judge),
        }
    }

    /// Answers, whatever becomes of the judge: a panic or an endless loop is one answer less, and never
    /// an object of ours that is refused. `None` is no answer: what is to become of a pod then is the
    /// failurePolicy's to say.
    pub(super) async fn answer(&self, webhook: Webhook, request: &Arc<Request>) -> Option<Answer> {
        let judge = match webhook {
            Webhook::Validate => &self.validate,
            Webhook::Inject => &self.inject,
        };
        let (judge, asked) = (Arc::clone(judge), Arc::clone(request));
        // A thread of its own: this one serves others meanwhile, and stays free if that one never ends.
        let judged = tokio::task::spawn_blocking(AssertUnwindSafe(move || judge(&asked)).0);
        match (timeout(TIME, judged).await, webhook) {
            (Ok(Ok(answer)), _) => Some(answer),
            (Ok(Err(_)) | Err(_), Webhook::Validate) => Some(Answer {
                verdict: Verdict::Allowed,
                warnings: vec![UNCHECKED.to_owned()],
            }),
            (Ok(Err(_)) | Err(_), Webhook::Inject) => None,
        }
    }
}

fn validates(request: &Request) -> Answer {
    let (Some(kind), Some(object)) = (kind(request), request.object()) else {
        return Answer::default();
    };
    if request.operation() == Operation::Other {
        return Answer::default();
    }
    let said = validate::validate(kind, object, request.before());
    Answer {
        verdict: if said.mistakes.is_empty() {
            Verdict::Allowed
        } else {
            Verdict::Refused(said.mistakes)
        },
        warnings: said.warnings,
    }
}

fn injects(request: &Request, settings: &Settings) -> Answer {
    let is_new = request.operation() == Operation::Create;
    let Some(pod) = request
        .object()
        .filter(|_| is_new && request.kind() == ("", "Pod"))
    else {
        return Answer::default();
    };
    let (namespace, _) = request.place();
    match inject::inject(pod, namespace, settings) {
        Ok(None) => Answer::default(),
        Ok(Some(injected)) => Answer {
            verdict: Verdict::Patched(json_patch::diff(pod, &injected.pod).to_string()),
            warnings: injected.warnings,
        },
        Err(error) => Answer {
            verdict: Verdict::Refused(vec![error.to_string()]),
            warnings: Vec::new(),
        },
    }
}

/// One of ours.
fn kind(request: &Request) -> Option<Kind> {
    let (group, kind) = request.kind();
    kind.parse().ok().filter(|_| group == GROUP)
}

#[cfg(test)]
mod tests;
