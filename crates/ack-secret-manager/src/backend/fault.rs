//! All that is wrong with a store, as far as its own text says it.

use base64::{Engine, prelude::BASE64_STANDARD};
use kms_client::CaBundle;
use kms_types::{OidcProviderArn, RoleArn};

use super::{
    NamedError, Policy, StoreError,
    chain::{self, filled},
    endpoints::{named, of_instance},
    references::{DEDICATED, KMS_AUTH, OOS_AUTH, Resolver},
    way::{KmsWay, Way},
};
use crate::{
    api::{Auth, DedicatedAuth, SecretRef, SecretStoreSpec, ServiceAccountRef},
    plan::Store,
    settings::is_kms_host,
};

/// One thing that is wrong, and how sure it is. No text quotes the spec: it may hold by mistake what
/// belongs into a Secret.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fault {
    /// Which field, and what to do.
    pub error: StoreError,
    /// Whether nothing was ever read by such a store, here or in the original. If not, the original
    /// passes it over and takes another identity, or a flag of the operator allows it.
    pub fatal: bool,
}

/// All that is wrong with a store, where [`open`](super::open()) ends at the first.
pub fn faults(spec: &SecretStoreSpec, store: &Store) -> Vec<Fault> {
    let mut faults = Faults {
        store,
        found: Vec::new(),
    };
    faults.spec(spec);
    faults.found
}

/// As an operator that allows it.
const ANYWHERE: Policy = Policy {
    cross_namespace_auth: true,
};

/// As the operator is by default.
const AT_HOME: Policy = Policy {
    cross_namespace_auth: false,
};

struct Faults<'a> {
    store: &'a Store,
    found: Vec<Fault>,
}

// === impl Faults ===

impl Faults<'_> {
    fn spec(&mut self, spec: &SecretStoreSpec) {
        match Way::of(spec) {
            Ok(Way::Kms(KmsWay::Auth(auth))) => self.auth(KMS_AUTH, auth),
            Ok(Way::Kms(KmsWay::Dedicated(auth))) => self.dedicated(auth),
            Ok(Way::Oos(auth)) => self.auth(OOS_AUTH, auth),
            Err(error) => {
                let kms = spec.kms.as_ref();
                let auths = [
                    kms.and_then(|kms| kms.auth.as_ref()),
                    spec.oos.as_ref().and_then(|oos| oos.auth.as_ref()),
                ];
                let borne = self.borne(spec, auths.iter().flatten().count());
                let fatal = borne.is_none();
                self.push(borne.unwrap_or(error), fatal);
                for (field, auth) in [KMS_AUTH, OOS_AUTH].into_iter().zip(auths) {
                    if let Some(auth) = auth {
                        self.auth(field, auth);
                    }
                }
                if let Some(auth) = kms.and_then(|kms| kms.dedicated.as_ref()) {
                    self.dedicated(auth);
                }
            }
        }
    }

    /// What to say of a spec that is of no use here, and was of use to the original.
    fn borne(&self, spec: &SecretStoreSpec, auths: usize) -> Option<StoreError> {
        let dedicated = spec.kms.as_ref().and_then(|kms| kms.dedicated.as_ref());
        match (dedicated, &spec.oos) {
            // Version 0.5 believes whoever answers.
            (Some(dedicated), None) if auths == 0 && dedicated.ignore_ssl == Some(true) => {
                Some(StoreError::new(
                    format!("{DEDICATED}.ignoreSSL"),
                    "is refused here, for whoever answers would be believed; give ca instead",
                ))
            }
            // The schema of the kind for the whole cluster lets both stand, and version 0.6 takes the
            // one that says who asks.
            (None, Some(_)) if auths == 1 && spec.kms.is_some() && self.is_of_the_cluster() => {
                Some(StoreError::new(
                    "KMS",
                    "stands beside OOS; give one of the two, for here neither is read",
                ))
            }
            _ => None,
        }
    }

    fn is_of_the_cluster(&self) -> bool {
        matches!(self.store, Store::Cluster(_))
    }

    fn auth(&mut self, field: &str, auth: &Auth) {
        let at = |name: &str| format!("{field}.{name}");
        self.access_key(field, auth);
        if let Some(account) = &auth.service_account_ref {
            self.service_account(&at("serviceAccountRef"), account);
            for (name, said) in [
                ("accessKey", auth.access_key.is_some()),
                ("accessKeySecret", auth.access_key_secret.is_some()),
                ("ramRoleARN", filled(&auth.ram_role_arn).is_some()),
                (
                    "oidcTokenFilePath",
                    filled(&auth.oidc_token_file_path).is_some(),
                ),
            ] {
                if said {
                    self.doubt(&at(name), "is of no effect beside serviceAccountRef");
                }
            }
        } else {
            self.taker(field, auth);
        }
        for (name, text) in [
            ("ramRoleARN", &auth.ram_role_arn),
            ("remoteRamRoleARN", &auth.remote_ram_role_arn),
        ] {
            let wrong = filled(text).map(str::parse::<RoleArn>);
            if let Some(Err(why)) = wrong {
                self.doubt(&at(name), &format!("is {why}"));
            }
        }
        let provider = filled(&auth.oidc_provider_arn);
        if let Some(Err(why)) = provider.map(str::parse::<OidcProviderArn>) {
            self.doubt(&at("oidcProviderARN"), &format!("is {why}"));
        }
        if let Err(error) =
            chain::seconds(&at("roleSessionExpiration"), &auth.role_session_expiration)
        {
            // No version of the original looks at it before a role is taken.
            self.push(error, false);
        }
        let remote = filled(&auth.remote_ram_role_arn).is_some();
        if !remote && filled(&auth.remote_ram_role_session_name).is_some() {
            let name = at("remoteRamRoleSessionName");
            self.doubt(&name, "is of no effect without remoteRamRoleARN");
        }
    }

    /// The original reads an AccessKey that is not there as none, and takes the next identity.
    fn access_key(&mut self, field: &str, auth: &Auth) {
        let halves = [
            ("accessKey", &auth.access_key),
            ("accessKeySecret", &auth.access_key_secret),
        ];
        for (name, secret) in halves {
            let name = format!("{field}.{name}");
            match secret {
                Some(secret) => self.secret(&name, secret, false),
                None => {
                    if halves.iter().any(|(_, other)| other.is_some()) {
                        self.doubt(&name, "is missing: an AccessKey has two halves");
                    }
                }
            }
        }
    }

    /// Whether anybody takes the role, or asks at all.
    fn taker(&mut self, field: &str, auth: &Auth) {
        let has_key = auth.access_key.is_some() || auth.access_key_secret.is_some();
        let has_role = filled(&auth.ram_role_arn).is_some();
        let has_provider = filled(&auth.oidc_provider_arn).is_some();
        if has_provider && !has_role {
            let name = format!("{field}.oidcProviderARN");
            self.doubt(&name, "is of no effect without ramRoleARN");
        }
        if has_key || has_role && has_provider {
            return;
        }
        self.doubt(
            field,
            if has_role {
                "names a role and nobody who takes it: needs --uid and --cluster-id of the operator"
            } else {
                "names nobody who asks: the node's role is taken, if the operator may"
            },
        );
    }

    fn dedicated(&mut self, auth: &DedicatedAuth) {
        let at = |name: &str| format!("{DEDICATED}.{name}");
        self.secret(&at("clientKeyContent"), &auth.client_key_content, true);
        self.secret(&at("password"), &auth.password, true);
        self.instance(&at("endpoint"), auth.endpoint.trim());
        let ca: String = auth.ca.split_whitespace().collect();
        if ca.is_empty() {
            return;
        }
        match BASE64_STANDARD.decode(ca) {
            Err(_quotes_it) => {
                let reason = "is no base64; write the CA's PEM in base64";
                self.push(StoreError::new(at("ca"), reason), true);
            }
            Ok(pem) => {
                if let Err(why) = CaBundle::parse(&pem) {
                    self.doubt(&at("ca"), &format!("stands for a text that {why}"));
                }
            }
        }
    }

    fn instance(&mut self, field: &str, text: &str) {
        if text.is_empty() {
            let what = "fill in the id of the KMS instance";
            return self.push(StoreError::empty(field, what), true);
        }
        let host = if text.contains(['.', ':']) {
            text.to_owned()
        } else {
            of_instance(text)
        };
        match named(&host, None, |endpoint| is_kms_host(endpoint.host())) {
            Ok(_) => {}
            Err(NamedError::NotAllowed) => self.doubt(
                field,
                "is no host of KMS: needs --allowed-endpoint-suffix of the operator",
            ),
            Err(why) => self.push(StoreError::new(field, why.to_string()), true),
        }
    }

    fn secret(&mut self, field: &str, secret: &SecretRef, fatal: bool) {
        let is_empty = secret.name.is_empty() || secret.key.is_empty();
        if let Err(error) = self.resolver(&ANYWHERE).secret(field, secret) {
            return self.push(error, fatal || !is_empty);
        }
        let own = self.resolver(&AT_HOME).secret(field, secret);
        self.elsewhere(field, own.is_err());
    }

    fn service_account(&mut self, field: &str, account: &ServiceAccountRef) {
        if let Err(error) = self.resolver(&ANYWHERE).service_account(field, account) {
            return self.push(error, true);
        }
        let own = self.resolver(&AT_HOME).service_account(field, account);
        self.elsewhere(field, own.is_err());
    }

    fn elsewhere(&mut self, field: &str, is_elsewhere: bool) {
        // A manifest may leave its namespace to whoever applies it.
        let is_known =
            !matches!(self.store, Store::Namespaced { namespace, .. } if namespace.is_empty());
        if is_elsewhere && is_known && !self.is_of_the_cluster() {
            let reason = "is in another namespace: needs --enable-cross-namespace-auth-ref";
            self.doubt(field, reason);
        }
    }

    fn resolver<'a>(&'a self, policy: &'a Policy) -> Resolver<'a> {
        Resolver {
            store: self.store,
            policy,
        }
    }

    fn doubt(&mut self, field: &str, reason: &str) {
        self.push(StoreError::new(field, reason), false);
    }

    fn push(&mut self, error: StoreError, fatal: bool) {
        self.found.push(Fault { error, fatal });
    }
}
