//! Flags one by one, then what they mean together.

use std::{
    collections::BTreeSet,
    num::{NonZeroU16, NonZeroU32},
    time::Duration,
};

use kms_types::Env;
use tracing::level_filters::LevelFilter;

use super::{
    DeletionPolicy, Interval, Listen, NamespaceName, Namespaces, OwnIdentity, ProcessSettings,
    RemoteSettings, ScopeSettings, SecretSettings, Settings, SettingsError, Shard, Share,
    argument::{self, Argument},
    flags::{self, Flag},
};
use crate::plan::Compat;

/// What was read so far.
pub(super) struct Draft {
    pub(super) settings: Settings,
    pub(super) polling: Interval,
    pub(super) disable_polling: bool,
    pub(super) watched: BTreeSet<NamespaceName>,
    pub(super) excluded: BTreeSet<NamespaceName>,
    pub(super) deprecated_pulls: Option<NonZeroU32>,
    pub(super) shards: NonZeroU16,
    pub(super) shard: Option<u16>,
}

pub(super) fn parse(
    arguments: impl IntoIterator<Item = String>,
    env: &Env,
) -> Result<Settings, SettingsError> {
    let found = argument::split(arguments, |name| known(name).map(Flag::wants))?;
    if found.contains(&Argument::Help) {
        return Err(SettingsError::Help);
    }
    let mut draft = Draft::new(env);
    let mut given = BTreeSet::new();
    for argument in found {
        let Argument::Flag { name, value } = argument else {
            continue;
        };
        let flag = known(&name)?;
        let value = value.as_deref().unwrap_or("true");
        (flag.apply)(&mut draft, value).map_err(|why| wrong(flag.name, why))?;
        given.insert(flag.name);
        if let Some(notice) = flag.notice {
            draft.notice(format!("--{}: {notice}", flag.name));
        }
    }
    draft.finish(&given, env)
}

// === impl Draft ===

impl Draft {
    fn new(env: &Env) -> Self {
        let text = |name| env.get(name).map(str::to_owned);
        let settings = Settings {
            remote: RemoteSettings {
                region: None,
                kms_endpoint: None,
                allowed_suffixes: Vec::new(),
                kms_ca_file: None,
                polling: None,
                spread: Share::percent(10),
                kms_per_second: TEN,
                oos_per_second: TEN,
                worker_role: true,
                account: None,
                cluster: None,
            },
            scope: ScopeSettings {
                namespaces: Namespaces::default(),
                cluster_secret_stores: true,
                cluster_external_secrets: true,
                foreign_stores: false,
                foreign_auth: false,
                shard: Shard {
                    index: 0,
                    count: NonZeroU16::MIN,
                },
            },
            secrets: SecretSettings {
                compat: Compat::V06,
                cleanup_on_failure: false,
                deletion: DeletionPolicy::Delete,
                adopt: true,
                whole_document: false,
                replace_in_values: false,
            },
            process: ProcessSettings {
                kubeconfig: None,
                metrics: Some(every_address(8080)),
                health: Some(every_address(8081)),
                leader_elect: env.get("POD_NAME").is_some(),
                pod_name: text("POD_NAME"),
                pod_namespace: text("POD_NAMESPACE"),
                workers: NonZeroU32::MIN,
                retry_after: Duration::from_secs(5),
                log_level: LevelFilter::INFO,
            },
            own: OwnIdentity::from_env(env),
            env: env.clone(),
            notices: Vec::new(),
        };
        Self {
            settings,
            polling: Interval::DEFAULT,
            disable_polling: false,
            watched: BTreeSet::new(),
            excluded: BTreeSet::new(),
            deprecated_pulls: None,
            shards: NonZeroU16::MIN,
            shard: None,
        }
    }

    pub(super) fn notice(&mut self, text: impl Into<String>) {
        self.settings.notices.push(text.into());
    }

    /// What flags mean together.
    fn finish(
        mut self,
        given: &BTreeSet<&'static str>,
        env: &Env,
    ) -> Result<Settings, SettingsError> {
        self.remote(given)?;
        self.scope(given)?;
        if env.get("WATCH_NAMESPACE").is_some() {
            self.notice(
                "WATCH_NAMESPACE is never read, by the original neither; say --watch-namespaces",
            );
        }
        Ok(self.settings)
    }

    fn remote(&mut self, given: &BTreeSet<&'static str>) -> Result<(), SettingsError> {
        let remote = &mut self.settings.remote;
        remote.polling = Some(self.polling).filter(|_| !self.disable_polling);
        if self.settings.secrets.compat == Compat::V05 && remote.region.is_none() {
            remote.region = "cn-hangzhou".parse().ok();
        }
        if !given.contains("max-concurrent-kms-secret-pulls")
            && let Some(pulls) = self.deprecated_pulls
        {
            remote.kms_per_second = pulls;
        }
        let endpoint = remote.kms_endpoint.as_ref();
        if endpoint.is_some_and(|endpoint| !endpoint.is_loopback() && !remote.allows(endpoint)) {
            return Err(wrong(
                "kms-endpoint",
                "names a host that is neither the cloud's KMS nor this machine; \
                 --allowed-endpoint-suffix allows the domain of your own",
            ));
        }
        Ok(())
    }

    fn scope(&mut self, given: &BTreeSet<&'static str>) -> Result<(), SettingsError> {
        for (name, none) in [
            ("watch-namespaces", self.watched.is_empty()),
            ("exclude-namespaces", self.excluded.is_empty()),
        ] {
            if given.contains(name) && none {
                self.notice(format!(
                    "--{name} names no namespace and is ignored; all are watched"
                ));
            }
        }
        let shard = Shard::new(
            self.shards,
            self.shard,
            self.settings.process.pod_name.as_deref(),
        )
        .map_err(|why| wrong("shard", why))?;
        let scope = &mut self.settings.scope;
        scope.shard = shard;
        scope.namespaces = Namespaces::new(
            std::mem::take(&mut self.watched),
            std::mem::take(&mut self.excluded),
        )?;
        if scope.namespaces.are_limited()
            && (scope.cluster_secret_stores || scope.cluster_external_secrets)
        {
            scope.cluster_secret_stores = false;
            scope.cluster_external_secrets = false;
            self.notice(
                "namespaces are limited, so ClusterSecretStores and ClusterExternalSecrets are left alone",
            );
        }
        Ok(())
    }
}

const TEN: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);

fn every_address(port: u16) -> Listen {
    Listen { host: None, port }
}

fn known(name: &str) -> Result<&'static Flag, SettingsError> {
    flags::find(name).ok_or_else(|| SettingsError::Unknown {
        name: name.to_owned(),
        near: flags::nearest(name),
    })
}

fn wrong(name: &'static str, why: impl Into<String>) -> SettingsError {
    SettingsError::Wrong {
        name,
        why: why.into(),
    }
}
