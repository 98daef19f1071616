//! Where KMS and OOS are asked, and where they are not: an entry is written by whoever may write an
//! ExternalSecret, and is not to send the operator's requests to any host (reference k8s-sync §2,
//! item 13).

use kms_client::{Endpoint, ParseEndpointError};
use thiserror::Error;

use super::Around;

/// Where OOS is asked in place of the region's, on this machine only.
const OOS_REDIRECT: &str = "KMS_OOS_ENDPOINT";

/// Why an endpoint is of no use, as what follows its name in a sentence.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum NamedError {
    /// It is none.
    #[error(transparent)]
    Syntax(#[from] ParseEndpointError),
    /// Another host than those that anybody may name.
    #[error(
        "is neither kms.<region>.aliyuncs.com, kms-vpc.<region>.aliyuncs.com nor \
         <instance>.cryptoservice.kms.aliyuncs.com, in lower case and without a port; whoever \
         runs the operator allows others with --allowed-endpoint-suffix"
    )]
    NotAllowed,
}

impl Around {
    /// Where KMS is asked unless an entry says so; none if nobody said where.
    pub(super) fn kms(&self) -> Option<Endpoint> {
        let own = self.remote.kms_endpoint.clone();
        own.or_else(|| self.in_region("kms-vpc"))
    }

    /// Where OOS is asked.
    pub(super) fn oos(&self) -> Result<Endpoint, String> {
        let Some(text) = self.env.get(OOS_REDIRECT) else {
            return self
                .in_region("oos-vpc")
                .ok_or_else(|| "nobody says where; start the operator with --region".to_owned());
        };
        let endpoint: Endpoint = text
            .parse()
            .map_err(|why: ParseEndpointError| format!("{OOS_REDIRECT} {why}"))?;
        if !endpoint.is_loopback() {
            return Err(format!("{OOS_REDIRECT} may only name this machine"));
        }
        Ok(endpoint)
    }

    /// The endpoint that an entry or a store names, if it may; why not otherwise, as what follows
    /// its name in a sentence.
    pub(super) fn named(&self, text: &str) -> Result<Endpoint, String> {
        let own = self.remote.kms_endpoint.as_ref();
        let named = named(text, own, |endpoint| self.remote.allows(endpoint));
        named.map_err(|why| why.to_string())
    }

    fn in_region(&self, product: &str) -> Option<Endpoint> {
        let region = self.remote.region.as_ref()?;
        format!("{product}.{region}.aliyuncs.com").parse().ok()
    }
}

/// The endpoint that an entry or a store names, if it may.
pub fn named(
    text: &str,
    own: Option<&Endpoint>,
    allows: impl Fn(&Endpoint) -> bool,
) -> Result<Endpoint, NamedError> {
    let endpoint: Endpoint = text.parse()?;
    // What the operator's own flag names may be named by all.
    if own == Some(&endpoint) {
        return Ok(endpoint);
    }
    // At the cloud's hosts no other port than KMS's is of use, as version 0.6.4 has it.
    let is_bare = text == endpoint.host();
    if allows(&endpoint) && (is_bare || !endpoint.is_cloud()) {
        return Ok(endpoint);
    }
    Err(NamedError::NotAllowed)
}

/// The host of the instance of that id.
pub(super) fn of_instance(id: &str) -> String {
    format!("{id}.cryptoservice.kms.aliyuncs.com")
}
