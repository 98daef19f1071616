use kms_wire::Params;

use super::SourceError;
use crate::{Endpoint, Surroundings};

/// A RAM role, and how to ask STS for it.
#[derive(Clone, Debug, Default)]
pub struct Role {
    /// `acs:ram::<account>:role/<name>`.
    pub arn: String,
    /// For the audit trail; if absent, what ALIBABA_CLOUD_ROLE_SESSION_NAME says, else made up.
    pub session_name: Option<String>,
    /// 900 to what the role allows; 3,600 if absent.
    pub seconds: Option<u32>,
    /// Narrows what the role allows.
    pub policy: Option<String>,
    /// What the role's trust policy may ask for.
    pub external_id: Option<String>,
    /// Whose STS is asked; the one for all regions if absent.
    pub sts_region: Option<String>,
    /// Over the region's private endpoint.
    pub sts_vpc: bool,
    /// Whose STS is asked whatever region is said: that of a cloud of one's own.
    pub sts_endpoint: Option<Endpoint>,
}

const SHORTEST: u32 = 900;

const SESSION: &str = "ALIBABA_CLOUD_ROLE_SESSION_NAME";

// === impl Role ===

impl Role {
    /// What both ways of asking for a role have in common (reference kms-api §6.4).
    pub(super) fn params(&self, around: &Surroundings) -> Result<Params, SourceError> {
        let seconds = self.seconds.unwrap_or(3_600);
        if seconds < SHORTEST {
            return Err(SourceError::Broken(format!(
                "a role is given for at least {SHORTEST} seconds, not {seconds}"
            )));
        }
        let mut params = Params::default();
        params.push("RoleArn", &*self.arn);
        let session_name = self.session_name.as_deref();
        params.push(
            "RoleSessionName",
            session_name.or(around.env.get(SESSION)).map_or_else(
                || format!("kms-credentials-{}", around.clock.now().as_microsecond()),
                str::to_owned,
            ),
        );
        params.push("DurationSeconds", seconds.to_string());
        params.push_some("Policy", self.policy.as_deref());
        params.push_some("ExternalId", self.external_id.as_deref());
        Ok(params)
    }

    /// The STS to ask.
    pub(super) fn sts(&self, around: &Surroundings) -> Result<Endpoint, SourceError> {
        if let Some(own) = &self.sts_endpoint {
            return Ok(own.clone());
        }
        if let Some(own) = redirected("KMS_STS_ENDPOINT", around)? {
            return Ok(own);
        }
        let env = &around.env;
        let region = self
            .sts_region
            .as_deref()
            .or(env.get("ALIBABA_CLOUD_STS_REGION"));
        let Some(region) = region else {
            return Ok(Endpoint::sts());
        };
        let vpc = self.sts_vpc || env.flag("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED");
        let vpc = if vpc { "-vpc" } else { "" };
        format!("sts{vpc}.{region}.aliyuncs.com")
            .parse()
            .map_err(|_invalid| SourceError::Broken("the region of STS is none".to_owned()))
    }
}

/// Where a variable of ours sends a service: to this machine only (design §2).
pub(super) fn redirected(
    variable: &str,
    around: &Surroundings,
) -> Result<Option<Endpoint>, SourceError> {
    let Some(text) = around.env.get(variable) else {
        return Ok(None);
    };
    let endpoint: Endpoint = text
        .parse()
        .map_err(|why| SourceError::Broken(format!("{variable} {why}")))?;
    if !endpoint.is_loopback() {
        return Err(SourceError::Broken(format!(
            "{variable} may only name this machine"
        )));
    }
    Ok(Some(endpoint))
}
