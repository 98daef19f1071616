//! What every controller does: watch, queue, look, and look again after a failure.

use std::{
    collections::{BTreeMap, hash_map::DefaultHasher},
    fmt::Debug,
    hash::{Hash as _, Hasher as _},
    panic::AssertUnwindSafe,
    sync::Arc,
};

use futures_util::{
    FutureExt as _, Stream, StreamExt as _, TryStreamExt as _, future::BoxFuture, stream,
};
use kube::{
    Api, Resource, ResourceExt as _,
    runtime::{
        PredicateConfig, WatchStreamExt as _,
        controller::{self, Action},
        reflector::{self, ObjectRef, store::Writer},
        watcher::{self, Event, watcher},
    },
};
use serde::de::DeserializeOwned;
use tokio::sync::mpsc::UnboundedReceiver;

use super::{Context, Failure};

/// What a kind has to be, to have a controller.
pub(crate) trait Kind:
    Resource<DynamicType = ()> + Clone + Debug + DeserializeOwned + Send + Sync + Unpin + 'static
{
}

impl<K> Kind for K where
    K: Resource<DynamicType = ()>
        + Clone
        + Debug
        + DeserializeOwned
        + Send
        + Sync
        + Unpin
        + 'static
{
}

/// What is watched of one kind, in a namespace or in all.
pub(crate) struct Part<K: Resource<DynamicType = ()> + Clone + 'static> {
    /// Which namespace; all if none.
    pub namespace: Option<String>,
    /// Where it is.
    pub api: Api<K>,
    /// Keeps what is seen.
    pub writer: Writer<K>,
    /// Who is to be looked at again.
    pub queue: UnboundedReceiver<ObjectRef<K>>,
    /// Whose namespace is none of our business.
    pub excluded: Arc<dyn Fn(&str) -> bool + Send + Sync>,
}

/// So many objects of a kind are worked on at once. None of them waits for KMS.
const AT_ONCE: u16 = 64;

/// What is done with one object.
pub(crate) type Reconcile<K> =
    fn(Arc<K>, Arc<Context>) -> BoxFuture<'static, Result<Action, Failure>>;

/// What is done when objects of a part are not there any more: all that are is told, and the part's
/// namespace.
pub(crate) type Gone<K> = fn(&Context, &reflector::Store<K>, Option<&str>);

/// Runs until the queue ends.
pub(crate) async fn drive<K: Kind>(
    part: Part<K>,
    context: Arc<Context>,
    reconcile: Reconcile<K>,
    gone: Gone<K>,
) {
    let store = part.writer.as_reader();
    let (seen, noted) = (store.clone(), Arc::clone(&context));
    let (excluded, namespace) = (part.excluded, part.namespace);
    let watched = watcher(part.api, watcher::Config::default())
        .default_backoff()
        .modify(|object| {
            object.managed_fields_mut().clear();
        })
        .reflect(part.writer)
        .inspect_ok(move |event| {
            if matches!(event, Event::Delete(_) | Event::InitDone) {
                gone(&noted, &seen, namespace.as_deref());
            }
        })
        .inspect_err(|error| tracing::warn!(%error, kind = %K::kind(&()), "watching"))
        .touched_objects()
        .predicate_filter(worth_a_look, PredicateConfig::default())
        // The watch goes on by itself after an error.
        .filter_map(|object| async { object.ok() })
        .map(|object| ObjectRef::from_obj(&object));
    let queue = stream::select(watched, receive(part.queue))
        .filter(move |object: &ObjectRef<K>| {
            let other = object
                .namespace
                .as_deref()
                .is_some_and(|name| excluded(name));
            std::future::ready(!other)
        })
        .map(Ok::<_, std::convert::Infallible>);
    controller::applier(
        move |object, context| {
            AssertUnwindSafe(reconcile(object, context))
                .catch_unwind()
                .map(whole)
        },
        |object, error, context: Arc<Context>| {
            let name = named(&ObjectRef::from_obj(&*object));
            tracing::warn!(%error, object = name, "not as it should be");
            context.failures.another(&name)
        },
        Arc::clone(&context),
        store,
        queue,
        controller::Config::default().concurrency(AT_ONCE),
    )
    .for_each(|done| {
        if let Ok((object, _)) = done {
            context.failures.over(&named(&object));
        }
        std::future::ready(())
    })
    .await;
}

/// What breaks off over one object leaves the others alone, and is tried again.
fn whole(done: std::thread::Result<Result<Action, Failure>>) -> Result<Action, Failure> {
    done.unwrap_or(Err(Failure::Panicked))
}

/// Kind, namespace and name.
fn named<K: Resource<DynamicType = ()>>(object: &ObjectRef<K>) -> String {
    let kind = K::kind(&());
    match &object.namespace {
        Some(namespace) => format!("{kind} {namespace}/{}", object.name),
        None => format!("{kind} {}", object.name),
    }
}

/// What changed when somebody wants something else, and not when a status was written.
#[expect(
    clippy::unnecessary_wraps,
    reason = "a predicate of kube's may have no opinion"
)]
fn worth_a_look<K: Resource<DynamicType = ()>>(object: &K) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    object.meta().generation.hash(&mut hasher);
    object.meta().deletion_timestamp.is_some().hash(&mut hasher);
    let none = BTreeMap::new();
    let annotations = object.meta().annotations.as_ref();
    annotations.unwrap_or(&none).hash(&mut hasher);
    Some(hasher.finish())
}

fn receive<T>(queue: UnboundedReceiver<T>) -> impl Stream<Item = T> {
    stream::unfold(queue, |mut queue| async move {
        let next = queue.recv().await?;
        Some((next, queue))
    })
}
