use std::path::PathBuf;

use crate::{admission::inject, settings::Listen};

/// What a run of the webhooks is told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the API server asks.
    pub listen: Listen,
    /// Where to serve `/healthz` and `/readyz`.
    pub health: Option<Listen>,
    /// Where to serve `/metrics`.
    pub metrics: Option<Listen>,
    /// By what the API server knows us.
    pub certificate: Certificate,
    /// The API server, if neither the environment nor the pod says where it is.
    pub kubeconfig: Option<PathBuf>,
    /// What pods that ask for an agent get.
    pub inject: inject::Settings,
}

/// Where the certificate comes from.
#[derive(Clone, Debug)]
pub enum Certificate {
    /// Somebody else keeps it, and tells the API server whom to believe.
    Files {
        /// The chain, in PEM.
        certificate: PathBuf,
        /// Its key, in PEM.
        key: PathBuf,
    },
    /// It is made, kept in a Secret and renewed, and the configurations are told.
    Own {
        /// Of the Secret.
        secret: String,
        /// Where the Secret and the Service are; the cluster configuration's if `None`.
        namespace: Option<String>,
        /// Of the Service that leads here.
        service: Option<String>,
        /// Names and addresses besides.
        hosts: Vec<String>,
        /// Of the ValidatingWebhookConfiguration.
        validating: Option<String>,
        /// Of the MutatingWebhookConfiguration.
        mutating: Option<String>,
    },
}
