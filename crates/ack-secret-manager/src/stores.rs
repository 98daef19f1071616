//! Who reads remote secrets, for each store: made anew when the store changes, or what it refers to.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use k8s_openapi::api::core::v1::{Secret, ServiceAccount};
use kube::Client;
use tokio::{sync::watch, time};

use crate::{
    api::{NamespaceCondition, SecretStoreSpec},
    backend::{self, Around, Found, Policy, Reader, References},
    plan::{Data, Store, conditions},
    remotes::Readers,
    triggers::{Dependant, ObjectName, Triggers},
    watched::Watched,
};

/// All stores.
pub(crate) struct Stores {
    around: Arc<Around>,
    policy: Policy,
    secrets: Watched<Secret, SecretData>,
    service_accounts: Watched<ServiceAccount, Annotations>,
    known: Mutex<HashMap<Store, Known>>,
    operator: Arc<dyn Reader>,
    /// How many parts of the cluster tell of theirs.
    parts: usize,
    /// Those that have told of all theirs; goes up, too, whenever a store was opened.
    told: watch::Sender<Told>,
}

/// How far one is.
#[derive(Debug, Default)]
struct Told {
    parts: BTreeSet<Part>,
    opened: u64,
}

/// A part of the cluster: its namespace, and whether it is that of ClusterSecretStores.
type Part = (Option<String>, bool);

/// What is known of a store.
#[derive(Default)]
struct Known {
    /// None while it is about to be opened.
    reader: Option<Result<Arc<dyn Reader>, String>>,
    conditions: Vec<NamespaceCondition>,
    /// How often its reader was made.
    generation: i64,
}

/// What became of a store.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Opened {
    /// Why it is of no use, if it is.
    pub trouble: Option<String>,
    /// How often its reader was made.
    pub generation: i64,
}

/// So long one waits for the API server to tell of a store.
const PATIENCE: Duration = Duration::from_secs(10);

/// A Secret's data, in custody.
pub(crate) struct SecretData(pub(crate) Data);

/// A ServiceAccount's annotations.
pub(crate) struct Annotations(BTreeMap<String, String>);

// === impl Stores ===

impl Stores {
    /// None yet; `parts` of the cluster are going to tell theirs.
    pub(crate) fn new(
        client: &Client,
        triggers: &Triggers,
        around: Arc<Around>,
        policy: Policy,
        parts: usize,
    ) -> Self {
        Self {
            operator: backend::operator(&around),
            around,
            policy,
            secrets: Watched::new(client.clone(), triggers.clone()),
            service_accounts: Watched::new(client.clone(), triggers.clone()),
            known: Mutex::default(),
            parts,
            told: watch::channel(Told::default()).0,
        }
    }

    /// Whether a namespace may use it, as far as its conditions say.
    ///
    /// # Errors
    /// Nobody has told yet whether it is there, in a sentence.
    pub(crate) async fn admits(
        &self,
        store: &Store,
        namespace: &str,
        labels: &conditions::Labels,
    ) -> Result<bool, String> {
        // Before it is opened nobody knows its conditions, and none would let everybody in.
        if !self.told_of(store).await {
            return Err(untold(store));
        }
        let known = lock(&self.known);
        let known = known.get(store);
        Ok(known.is_none_or(|known| conditions::meets(&known.conditions, namespace, labels)))
    }

    /// Waits until it is opened or known not to be there; whether that is so.
    async fn told_of(&self, store: &Store) -> bool {
        let told = self.told.subscribe();
        let is_so = |told: &Told| {
            let known = lock(&self.known);
            match known.get(store) {
                Some(known) => known.reader.is_some(),
                None => told.parts.len() >= self.parts,
            }
        };
        let mut told = told;
        let waiting = told.wait_for(is_so);
        matches!(time::timeout(PATIENCE, waiting).await, Ok(Ok(_)))
    }

    /// A part of the cluster has told of all its stores; which they are.
    pub(crate) fn told(&self, part: Option<&str>, cluster: bool, stores: BTreeSet<Store>) {
        let mut known = lock(&self.known);
        for store in stores {
            known.entry(store).or_default();
        }
        drop(known);
        let part = (part.map(str::to_owned), cluster);
        self.told.send_if_modified(|told| told.parts.insert(part));
    }

    /// Makes the store's reader.
    pub(crate) async fn open(&self, store: &Store, spec: &SecretStoreSpec) -> Opened {
        let reader = self.try_open(store, spec).await;
        let trouble = reader.as_ref().err().cloned();
        let mut known = lock(&self.known);
        let generation = known.get(store).map_or(0, |known| known.generation);
        let generation = generation.saturating_add(1);
        known.insert(
            store.clone(),
            Known {
                reader: Some(reader),
                conditions: spec.conditions.clone(),
                generation,
            },
        );
        drop(known);
        self.told
            .send_modify(|told| told.opened = told.opened.wrapping_add(1));
        Opened {
            trouble,
            generation,
        }
    }

    /// All that are known.
    pub(crate) fn open_ones(&self) -> Vec<Store> {
        lock(&self.known).keys().cloned().collect()
    }

    /// It is not there any more.
    pub(crate) fn close(&self, store: &Store) {
        let who = Dependant::Store(store.clone());
        self.secrets.keep(&who, &BTreeSet::new());
        self.service_accounts.keep(&who, &BTreeSet::new());
        lock(&self.known).remove(store);
    }

    fn known_reader(&self, store: &Store) -> Option<Result<Arc<dyn Reader>, String>> {
        lock(&self.known).get(store)?.reader.clone()
    }

    async fn try_open(
        &self,
        store: &Store,
        spec: &SecretStoreSpec,
    ) -> Result<Arc<dyn Reader>, String> {
        let who = Dependant::Store(store.clone());
        let references = backend::references(spec, store, &self.policy);
        let references = references.map_err(|error| error.to_string())?;
        let found = self.look_up(&who, &references).await?;
        backend::open(spec, store, &found, &self.around).map_err(|error| error.to_string())
    }

    async fn look_up(&self, who: &Dependant, references: &References) -> Result<Found, String> {
        let mut found = Found::default();
        let mut names = BTreeSet::new();
        for key in &references.secrets {
            let name = ObjectName::new(&key.namespace, &key.name);
            names.insert(name.clone());
            if let Some(secret) = self.secrets.get(who, &name).await?
                && let Some(value) = secret.0.get(&key.key)
            {
                found.secrets.insert(key.clone(), value.clone());
            }
        }
        self.secrets.keep(who, &names);
        let mut accounts = BTreeSet::new();
        if let Some(account) = &references.service_account {
            let name = ObjectName::new(&account.namespace, &account.name);
            accounts.insert(name.clone());
            let account = self.service_accounts.get(who, &name).await?;
            let account = account.ok_or_else(|| format!("ServiceAccount {name} does not exist"))?;
            found.role_arn = account.0.get(backend::ROLE_ARN_ANNOTATION).cloned();
        }
        self.service_accounts.keep(who, &accounts);
        Ok(found)
    }
}

#[async_trait]
impl Readers for Stores {
    async fn reader(&self, store: &Store) -> Result<Arc<dyn Reader>, String> {
        if *store == Store::Operator {
            return Ok(Arc::clone(&self.operator));
        }
        let told = self.told_of(store).await;
        let missing = || format!("{store} does not exist");
        match self.known_reader(store) {
            Some(reader) => reader,
            None if told => Err(missing()),
            None => Err(untold(store)),
        }
    }
}

// === impl SecretData ===

impl From<Secret> for SecretData {
    fn from(secret: Secret) -> Self {
        let data = secret.data.unwrap_or_default().into_iter();
        Self(
            data.map(|(key, value)| (key, kms_types::Secret::new(value.0)))
                .collect(),
        )
    }
}

// === impl Annotations ===

impl From<ServiceAccount> for Annotations {
    fn from(account: ServiceAccount) -> Self {
        Self(account.metadata.annotations.unwrap_or_default())
    }
}

fn untold(store: &Store) -> String {
    format!("nothing is known yet of {store}: the API server does not tell")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
