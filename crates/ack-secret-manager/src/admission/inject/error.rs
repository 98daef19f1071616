use thiserror::Error;

use super::PREFIX;

/// Why a pod that asks cannot have the agent. No text holds a value; names are those that the pod itself
/// writes.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum InjectError {
    /// It has no form of a pod.
    #[error("the pod's {field} is not what Kubernetes has there")]
    NotAPod {
        /// Where.
        field: &'static str,
    },
    /// An annotation of ours that there is not.
    #[error("there is no annotation {PREFIX}/{name}{}", did_you_mean(*nearest))]
    UnknownAnnotation {
        /// What follows the prefix.
        name: String,
        /// One that there is.
        nearest: Option<&'static str>,
    },
    /// An annotation whose value does not do.
    #[error("annotation {PREFIX}/{name}: {reason}")]
    Malformed {
        /// Which.
        name: &'static str,
        /// What it should be.
        reason: String,
    },
    /// The same of an annotation that is not ours.
    #[error("annotation {name}: {reason}")]
    ForeignMalformed {
        /// Which.
        name: &'static str,
        /// What it should be.
        reason: String,
    },
    /// Two annotations that say the same, each in its way.
    #[error("annotations {PREFIX}/{one} and {PREFIX}/{other} exclude each other; keep one")]
    Both {
        /// The first.
        one: &'static str,
        /// The second.
        other: &'static str,
    },
    /// The cluster's settings lack what the pod does not say either.
    #[error("{what}: annotate the pod with {PREFIX}/{annotation}, or set {flag} of the webhook")]
    Unsaid {
        /// What is missing.
        what: &'static str,
        /// How a pod says it.
        annotation: &'static str,
        /// How the cluster says it.
        flag: &'static str,
    },
    /// There is no image.
    #[error("it is not said which image the agent is: set --agent-image of the webhook")]
    NoImage,
    /// An image of the pod's own choice.
    #[error(
        "annotation {PREFIX}/image is not allowed in this cluster: leave it out, or have \
         --allow-image-annotation set"
    )]
    ImageForbidden,
    /// 127.0.0.1 is the node's.
    #[error(
        "hostNetwork: the agent would listen on the node's own 127.0.0.1, where everybody on the \
         node may ask it and one alone may listen; run it on the node (deploy/linux)"
    )]
    HostNetwork,
    /// The image is for Linux.
    #[error("the agent's image is for Linux, and the pod for Windows")]
    Windows,
    /// A container that is not ours has the agent's name.
    #[error(
        "there is a container {0} already that was not injected; rename it or do not ask for one"
    )]
    ContainerTaken(&'static str),
    /// A volume that is not ours has the name of one.
    #[error("there is a volume {0} already; names that begin with kms-agent- are the agent's")]
    VolumeTaken(String),
    /// A container that there is not.
    #[error("annotation {PREFIX}/containers: there is no container {0}")]
    NoContainer(String),
    /// The token cannot be where another volume is.
    #[error(
        "container {container} has a volume at {taken}, and the agent's token would lie at {wanted}; \
         choose another folder with {PREFIX}/mount-path, or name the containers that need the token \
         with {PREFIX}/containers"
    )]
    MountTaken {
        /// Which container.
        container: String,
        /// Where the other one is.
        taken: String,
        /// Where the agent's would be.
        wanted: String,
    },
    /// Two programs cannot listen at one port of a pod.
    #[error(
        "container {container} has the port {port} of the agent; choose another with {PREFIX}/port"
    )]
    PortTaken {
        /// Which container.
        container: String,
        /// The port.
        port: u16,
    },
}

fn did_you_mean(nearest: Option<&'static str>) -> String {
    nearest.map_or_else(String::new, |nearest| {
        format!("; did you mean {PREFIX}/{nearest}?")
    })
}
