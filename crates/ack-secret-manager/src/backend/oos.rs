use std::sync::Arc;

use kms_client::{Client, Identity};
use kms_types::Secret;
use kms_wire::{Params, request::Product};
use serde::{Deserialize, Deserializer};

use super::{Around, ReadError, USER_AGENT, failure::of_call, outage::Patient};
use crate::plan::{Remote, Value};

/// Reads from Parameter Store as one identity (OOS 2019-06-01, GetSecretParameter).
pub(super) struct Oos(Result<Patient, ReadError>);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    parameter: Parameter,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Parameter {
    #[serde(deserialize_with = "hidden")]
    value: Secret<String>,
}

fn hidden<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Secret<String>, D::Error> {
    String::deserialize(deserializer).map(Secret::new)
}

// === impl Oos ===

impl Oos {
    /// If it cannot be asked, each read says why.
    pub(super) fn new(identity: Identity, around: &Around) -> Self {
        let parts = around.oos().and_then(|at| Ok((at, around.ways.public()?)));
        Self(match parts {
            Ok((endpoint, way)) => {
                let client = Client::builder(endpoint, identity, way)
                    .clock(Arc::clone(&around.clock))
                    .user_agent(USER_AGENT)
                    .build();
                Ok(Patient::new(client, Arc::clone(&around.clock)))
            }
            Err(why) => Err(ReadError::Refused {
                code: "NoEndpoint".to_owned(),
                reason: format!("OOS cannot be asked: {why}"),
            }),
        })
    }

    pub(super) async fn read(&self, remote: &Remote) -> Result<Value, ReadError> {
        let mut params = Params::default();
        params.push("Name", &*remote.name);
        params.push("WithDecryption", "true");
        let client = self.0.as_ref().map_err(Clone::clone)?;
        let answer = client
            .call(async |client| {
                client
                    .call_by_name(Product::Oos, "GetSecretParameter", params)
                    .await
            })
            .await
            .map_err(|error| of_call(error, remote))?;
        // EXPOSE: into the typed answer, whose value is a secret again.
        let answer: Answer =
            serde_json::from_slice(answer.expose()).map_err(|_quotes_it| ReadError::Passing {
                code: "UnreadableAnswer".to_owned(),
                reason: format!("OOS has an answer for {} without a value", remote.name),
            })?;
        // EXPOSE: into the Secret that the entry is for.
        let text = answer.parameter.value.expose();
        Ok(Secret::new(text.clone().into_bytes()))
    }
}
