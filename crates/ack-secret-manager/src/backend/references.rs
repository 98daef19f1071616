//! What a store refers to, and whether it may.

use std::{collections::BTreeSet, fmt};

use super::{
    StoreError,
    way::{KmsWay, Way},
};
use crate::{
    api::{Auth, SecretRef, SecretStoreSpec, ServiceAccountRef},
    plan::Store,
};

/// What the operator's flags allow stores.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Policy {
    /// Whether a SecretStore may refer to Secrets and ServiceAccounts of other namespaces
    /// (`--enable-cross-namespace-auth-ref`): whoever may write one then uses them all.
    pub cross_namespace_auth: bool,
}

/// What has to be read in the cluster before a store can be opened.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct References {
    /// Keys of Secrets.
    pub secrets: BTreeSet<SecretKey>,
    /// A ServiceAccount, for its annotation and for tokens.
    pub service_account: Option<ServiceAccount>,
}

/// One key of one Secret.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct SecretKey {
    /// The Secret's namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The key.
    pub key: String,
}

/// A ServiceAccount, and for whom its tokens are.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ServiceAccount {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Who may take the tokens.
    pub audiences: Vec<String>,
}

/// Whom tokens are for, unless a store says so (reference k8s-sync §1.4).
const STS: &str = "sts.aliyuncs.com";

/// What a store refers to, in which namespaces.
///
/// # Errors
/// [`StoreError`]: a spec that says too much or too little, or refers to where it may not.
pub fn references(
    spec: &SecretStoreSpec,
    store: &Store,
    policy: &Policy,
) -> Result<References, StoreError> {
    let resolver = Resolver { store, policy };
    let mut references = References::default();
    match Way::of(spec)? {
        Way::Kms(KmsWay::Dedicated(auth)) => {
            let field = |name: &str| format!("{DEDICATED}.{name}");
            for (name, secret) in [
                ("clientKeyContent", &auth.client_key_content),
                ("password", &auth.password),
            ] {
                let key = resolver.secret(&field(name), secret)?;
                references.secrets.insert(key);
            }
        }
        Way::Kms(KmsWay::Auth(auth)) => resolver.auth(KMS_AUTH, auth, &mut references)?,
        Way::Oos(auth) => resolver.auth(OOS_AUTH, auth, &mut references)?,
    }
    Ok(references)
}

pub(super) const KMS_AUTH: &str = "KMS.KMSAuth";
pub(super) const OOS_AUTH: &str = "OOS.OOSAuth";
pub(super) const DEDICATED: &str = "KMS.dedicatedKMSAuth";

/// Resolves what a store refers to.
pub(super) struct Resolver<'a> {
    pub(super) store: &'a Store,
    pub(super) policy: &'a Policy,
}

// === impl Resolver ===

impl Resolver<'_> {
    fn auth(
        &self,
        field: &str,
        auth: &Auth,
        references: &mut References,
    ) -> Result<(), StoreError> {
        for (name, secret) in [
            ("accessKey", &auth.access_key),
            ("accessKeySecret", &auth.access_key_secret),
        ] {
            if let Some(secret) = secret {
                let key = self.secret(&format!("{field}.{name}"), secret)?;
                references.secrets.insert(key);
            }
        }
        if let Some(account) = &auth.service_account_ref {
            let field = format!("{field}.serviceAccountRef");
            references.service_account = Some(self.service_account(&field, account)?);
        }
        Ok(())
    }

    /// The key that a field names.
    pub(super) fn secret(&self, field: &str, secret: &SecretRef) -> Result<SecretKey, StoreError> {
        if secret.name.is_empty() || secret.key.is_empty() {
            return Err(StoreError::empty(
                field,
                "fill in name and key of the Secret",
            ));
        }
        Ok(SecretKey {
            namespace: self.namespace(field, &secret.namespace)?,
            name: secret.name.clone(),
            key: secret.key.clone(),
        })
    }

    /// The ServiceAccount that a field names.
    pub(super) fn service_account(
        &self,
        field: &str,
        account: &ServiceAccountRef,
    ) -> Result<ServiceAccount, StoreError> {
        if account.name.is_empty() {
            return Err(StoreError::empty(
                field,
                "fill in the name of the ServiceAccount",
            ));
        }
        let mut audiences: Vec<String> = account.audiences.clone();
        audiences.retain(|audience| !audience.is_empty());
        if audiences.is_empty() {
            audiences.push(STS.to_owned());
        }
        Ok(ServiceAccount {
            namespace: self.namespace(field, &account.namespace)?,
            name: account.name.clone(),
            audiences,
        })
    }

    fn namespace(&self, field: &str, said: &str) -> Result<String, StoreError> {
        match self.store {
            Store::Namespaced { namespace, .. } => {
                if said.is_empty() || said == namespace {
                    return Ok(namespace.clone());
                }
                if !self.policy.cross_namespace_auth {
                    return Err(StoreError::new(
                        field,
                        format!(
                            "refers to the namespace {said}, and {store} lies in {namespace}; copy \
                             what it names, or start the operator with \
                             --enable-cross-namespace-auth-ref",
                            store = self.store
                        ),
                    ));
                }
            }
            // Whoever may write these may do so for all namespaces.
            Store::Cluster(_) | Store::Operator if said.is_empty() => {
                return Err(StoreError::no_namespace(field.to_owned(), self.store));
            }
            Store::Cluster(_) | Store::Operator => {}
        }
        Ok(said.to_owned())
    }
}

// === impl SecretKey ===

/// As texts name it: no value.
impl fmt::Display for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "key {} of the Secret {}/{}",
            self.key, self.namespace, self.name
        )
    }
}
