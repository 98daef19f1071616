//! Every flag of the original's 0.5 and 0.6 (reference k8s-sync §1.6), and ours.

use kms_client::Endpoint;
use tracing::level_filters::LevelFilter;

use super::{
    DeletionPolicy,
    argument::Wants,
    parse::Draft,
    value::{boolean, count, integer, list, optional, parsed},
};

/// A flag: what people read of it, and what it does.
pub(super) struct Flag {
    /// Without hyphens.
    pub(super) name: &'static str,
    /// Where it stands in the help.
    pub(super) group: Group,
    /// What follows, for people; nothing follows a switch.
    pub(super) value: &'static str,
    /// What holds without it, for people.
    pub(super) default: &'static str,
    pub(super) help: &'static str,
    /// What is said whenever it is given.
    pub(super) notice: Option<&'static str>,
    pub(super) apply: fn(&mut Draft, &str) -> Result<(), String>,
}

/// What flags are about, in the order of the help.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Group {
    Remote,
    Identity,
    Scope,
    Secrets,
    Process,
    Ignored,
}

/// The flag of this name.
pub(super) fn find(name: &str) -> Option<&'static Flag> {
    FLAGS.iter().find(|flag| flag.name == name)
}

/// The name that was meant, if one is near enough.
pub(super) fn nearest(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase().replace('_', "-");
    if name == "aliuid" {
        // The chart's value for it.
        return Some("uid");
    }
    FLAGS
        .iter()
        .map(|flag| (strsim::damerau_levenshtein(&name, flag.name), flag.name))
        .filter(|(distance, known)| *distance <= known.len().max(name.len()) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

// === impl Flag ===

impl Flag {
    /// Whether something follows it.
    pub(super) fn wants(&self) -> Wants {
        if self.value.is_empty() {
            Wants::Switch
        } else {
            Wants::Value
        }
    }

    const fn noted(mut self, notice: &'static str) -> Self {
        self.notice = Some(notice);
        self
    }
}

type Apply = fn(&mut Draft, &str) -> Result<(), String>;

const fn flag(
    group: Group,
    name: &'static str,
    value: &'static str,
    default: &'static str,
    help: &'static str,
    apply: Apply,
) -> Flag {
    Flag {
        name,
        group,
        value,
        default,
        help,
        notice: None,
        apply,
    }
}

const fn switch(
    group: Group,
    name: &'static str,
    default: &'static str,
    help: &'static str,
    apply: Apply,
) -> Flag {
    flag(group, name, "", default, help, apply)
}

/// Sets a field to what a function makes of the value.
macro_rules! set {
    ($make:ident, $($field:ident).+) => {
        |draft, value| {
            draft.$($field).+ = $make(value)?;
            Ok(())
        }
    };
}

pub(super) const FLAGS: &[Flag] = &[
    // Remote secrets.
    flag(
        Group::Remote,
        "region",
        "REGION",
        "none; cn-hangzhou with --compat 0.5",
        "The region of KMS and OOS",
        set!(optional, settings.remote.region),
    ),
    flag(
        Group::Remote,
        "kms-endpoint",
        "HOST[:PORT]",
        "kms-vpc.REGION.aliyuncs.com",
        "Where KMS is, for entries that name no kmsEndpoint of their own. Hosts of KMS, this machine \
         itself (also as http://…), and what --allowed-endpoint-suffix allows",
        |draft, value| {
            draft.settings.remote.kms_endpoint = optional::<Endpoint>(value)?;
            Ok(())
        },
    ),
    flag(
        Group::Remote,
        "allowed-endpoint-suffix",
        "DOMAIN[,…]",
        "none",
        "Lets entries and stores name hosts of this domain too, such as those of your own kms-server. \
         May be said more than once",
        |draft, value| {
            let more: Vec<_> = list(value)?;
            draft.settings.remote.allowed_suffixes.extend(more);
            Ok(())
        },
    ),
    flag(
        Group::Remote,
        "kms-ca-file",
        "FILE",
        "none",
        "Certificates (PEM) to trust besides SSL_CERT_FILE or the system's",
        set!(optional, settings.remote.kms_ca_file),
    ),
    flag(
        Group::Remote,
        "polling-interval",
        "DURATION",
        "2m0s",
        "How often remote secrets are looked at where an object says no rotationInterval",
        set!(parsed, polling),
    ),
    switch(
        Group::Remote,
        "disable-polling",
        "false",
        "Looks at remote secrets only when an object changes",
        set!(boolean, disable_polling),
    ),
    flag(
        Group::Remote,
        "refresh-spread",
        "PERCENT",
        "10",
        "Looks come up to this part of the interval early, so that they do not all come at once",
        set!(parsed, settings.remote.spread),
    ),
    flag(
        Group::Remote,
        "max-concurrent-kms-secret-pulls",
        "COUNT",
        "10",
        "Requests to KMS in a second. The name is the original's; it was never about concurrency",
        set!(count, settings.remote.kms_per_second),
    ),
    flag(
        Group::Remote,
        "max-concurrent-oos-secret-pulls",
        "COUNT",
        "10",
        "Requests to OOS in a second",
        set!(count, settings.remote.oos_per_second),
    ),
    flag(
        Group::Remote,
        "max-concurrent-secret-pulls",
        "COUNT",
        "10",
        "The older name of max-concurrent-kms-secret-pulls, which goes first",
        |draft, value| {
            draft.deprecated_pulls = Some(count(value)?);
            Ok(())
        },
    )
    .noted("of old; say --max-concurrent-kms-secret-pulls"),
    // Whose rights.
    switch(
        Group::Identity,
        "enable-worker-role",
        "true (0.6.7: false)",
        "Uses the RAM role of the ECS machine when nothing else gives credentials",
        set!(boolean, settings.remote.worker_role),
    ),
    flag(
        Group::Identity,
        "uid",
        "ACCOUNT",
        "none",
        "The account that the cluster's identity provider belongs to; for RRSA without an ARN",
        set!(optional, settings.remote.account),
    ),
    flag(
        Group::Identity,
        "cluster-id",
        "ID",
        "none",
        "The id of the ACK cluster; for RRSA without an ARN, too",
        set!(optional, settings.remote.cluster),
    ),
    // Which objects.
    flag(
        Group::Scope,
        "watch-namespaces",
        "NAME[,…]",
        "all",
        "Only these namespaces; ClusterSecretStores and ClusterExternalSecrets are left alone then",
        set!(list, watched),
    ),
    flag(
        Group::Scope,
        "exclude-namespaces",
        "NAME[,…]",
        "none",
        "All namespaces but these; kinds of the whole cluster are left alone then, too",
        set!(list, excluded),
    ),
    switch(
        Group::Scope,
        "process-cluster-secret-store",
        "true",
        "Serves ClusterSecretStores",
        set!(boolean, settings.scope.cluster_secret_stores),
    ),
    switch(
        Group::Scope,
        "process-cluster-external-secret",
        "true",
        "Serves ClusterExternalSecrets",
        set!(boolean, settings.scope.cluster_external_secrets),
    ),
    switch(
        Group::Scope,
        "enable-cross-namespace-secret-store",
        "false",
        "Lets an ExternalSecret use a SecretStore of another namespace, as 0.5 did",
        set!(boolean, settings.scope.foreign_stores),
    ),
    switch(
        Group::Scope,
        "enable-cross-namespace-auth-ref",
        "false",
        "Lets a SecretStore use a Secret or ServiceAccount of another namespace, as 0.5 did",
        set!(boolean, settings.scope.foreign_auth),
    ),
    flag(
        Group::Scope,
        "shards",
        "COUNT",
        "1",
        "Shares the objects among this many replicas, each of which says --shard",
        set!(count, shards),
    ),
    flag(
        Group::Scope,
        "shard",
        "INDEX",
        "the number at the end of POD_NAME",
        "Which part is this replica's, from 0",
        |draft, value| {
            let index = u16::try_from(integer(value)?);
            draft.shard = Some(index.map_err(|_past| "is counted from 0 and below --shards")?);
            Ok(())
        },
    ),
    // What becomes of Secrets.
    flag(
        Group::Secrets,
        "compat",
        "0.5|0.6",
        "0.6",
        "Whose bytes are written where these versions of the original differ",
        |draft, value| {
            let compat = value.parse();
            draft.settings.secrets.compat = compat.map_err(|_unknown| "is 0.5 or 0.6")?;
            Ok(())
        },
    ),
    flag(
        Group::Secrets,
        "deletion-policy",
        "Delete|Retain",
        "Delete",
        "What becomes of the Secret when its ExternalSecret is deleted",
        |draft, value| {
            draft.settings.secrets.deletion = match value {
                "Delete" => DeletionPolicy::Delete,
                "Retain" => DeletionPolicy::Retain,
                _ => return Err("is Delete or Retain".to_owned()),
            };
            Ok(())
        },
    ),
    switch(
        Group::Secrets,
        "adopt-foreign-secrets",
        "true",
        "Writes over a Secret of the same name that somebody else made; false leaves it alone and says so",
        set!(boolean, settings.secrets.adopt),
    ),
    switch(
        Group::Secrets,
        "cleanup-secret-on-failure",
        "false",
        "Deletes the Secret when every entry fails. Otherwise it keeps its last good values, always",
        set!(boolean, settings.secrets.cleanup_on_failure),
    ),
    switch(
        Group::Secrets,
        "store-whole-document-if-nothing-matches",
        "false",
        "As the original: a jmesPath that matches nothing stores the whole document under the entry's name",
        set!(boolean, settings.secrets.whole_document),
    ),
    switch(
        Group::Secrets,
        "replace-rule-in-values",
        "false",
        "As 0.6: a replaceRule changes values too, its source taken as plain text",
        set!(boolean, settings.secrets.replace_in_values),
    ),
    // The process.
    flag(
        Group::Process,
        "kubeconfig",
        "FILE",
        "KUBECONFIG, else the pod's own",
        "How to reach the cluster",
        set!(optional, settings.process.kubeconfig),
    ),
    flag(
        Group::Process,
        "metrics-addr",
        "[HOST]:PORT",
        ":8080",
        "Where Prometheus asks for /metrics; 0 switches it off",
        |draft, value| {
            draft.settings.process.metrics = listen(value)?;
            Ok(())
        },
    ),
    flag(
        Group::Process,
        "health-addr",
        "[HOST]:PORT",
        ":8081",
        "Where probes ask for /healthz and /readyz; 0 switches it off",
        |draft, value| {
            draft.settings.process.health = listen(value)?;
            Ok(())
        },
    ),
    switch(
        Group::Process,
        "leader-elect",
        "true if POD_NAME is set",
        "Works only while holding the lease ack-secret-manager-lock, the original's",
        set!(boolean, settings.process.leader_elect),
    ),
    switch(
        Group::Process,
        "enable-leader-election",
        "",
        "The same, as charts before 0.4 say it",
        set!(boolean, settings.process.leader_elect),
    ),
    flag(
        Group::Process,
        "leader-election-namespace",
        "NAME",
        "POD_NAMESPACE, else the pod's own",
        "Where the lease is",
        |draft, value| {
            if !value.is_empty() {
                draft.settings.process.pod_namespace = Some(value.to_owned());
            }
            Ok(())
        },
    ),
    flag(
        Group::Process,
        "reconcile-count",
        "COUNT",
        "1",
        "How many objects are worked on at once",
        set!(count, settings.process.workers),
    ),
    flag(
        Group::Process,
        "reconcile-period",
        "DURATION",
        "5s",
        "How soon what failed is tried again; each further time takes twice as long",
        |draft, value| {
            draft.settings.process.retry_after = parsed::<super::Interval>(value)?.get();
            Ok(())
        },
    ),
    flag(
        Group::Process,
        "log-level",
        "LEVEL",
        "info",
        "debug, info, warn or error",
        |draft, value| {
            draft.settings.process.log_level = match value {
                "debug" => LevelFilter::DEBUG,
                "info" => LevelFilter::INFO,
                "warn" => LevelFilter::WARN,
                "error" => LevelFilter::ERROR,
                _ => return Err("is debug, info, warn or error".to_owned()),
            };
            Ok(())
        },
    ),
    // The original ignores them too.
    flag(
        Group::Ignored,
        "backend",
        "NAME",
        "alicloud-kms",
        "There is one backend",
        |draft, value| {
            if !matches!(value, "" | "alicloud-kms") {
                draft.notice("--backend: there is only alicloud-kms, and that is used");
            }
            Ok(())
        },
    ),
    flag(
        Group::Ignored,
        "token-rotation-period",
        "DURATION",
        "0s",
        "Credentials are renewed before they end",
        |_, _| Ok(()),
    )
    .noted("has no effect; credentials are renewed before they end"),
];

fn listen(value: &str) -> Result<Option<super::Listen>, String> {
    if value == "0" {
        return Ok(None);
    }
    optional(value)
}
