use std::sync::{Arc, Mutex, PoisonError};

use base64::{Engine, prelude::BASE64_STANDARD};
use kms_client::{Client, Endpoint, Identity, request::GetSecretValue, response};
use kms_credentials::Exchange;
use kms_types::{DataType, ParseNameError, Secret};

use super::{Around, ReadError, USER_AGENT, failure::of_call, outage::Patient};
use crate::plan::{Remote, Value};

/// Reads from KMS as one identity.
pub(super) struct Kms {
    identity: Identity,
    place: Place,
    around: Arc<Around>,
    /// Those in use, the last one last; each knows where it asks.
    clients: Mutex<Vec<(Endpoint, Arc<Patient>)>>,
}

/// Where it is asked.
pub(super) enum Place {
    /// Here, unless an entry names another place; where nobody said so, entries have to.
    Usual(Option<Endpoint>),
    /// Here and nowhere else, this way.
    Only(Endpoint, Arc<dyn Exchange>),
}

/// Entries of one store name no more places than that, or their clients are made anew.
pub(super) const MOST_PLACES: usize = 4;

// === impl Kms ===

impl Kms {
    pub(super) fn new(identity: Identity, place: Place, around: Arc<Around>) -> Self {
        Self {
            identity,
            place,
            around,
            clients: Mutex::default(),
        }
    }

    pub(super) async fn read(&self, remote: &Remote) -> Result<Value, ReadError> {
        let request = request(remote)?;
        let client = self.client(remote)?;
        let answer = client
            .call(async |client| client.call(&request).await)
            .await
            .map_err(|error| of_call(error, remote))?;
        value(&answer, remote)
    }

    pub(super) fn client(&self, remote: &Remote) -> Result<Arc<Patient>, ReadError> {
        let endpoint = self.endpoint(remote)?;
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, client)) = clients.iter().find(|(known, _)| *known == endpoint) {
            return Ok(Arc::clone(client));
        }
        let way = match &self.place {
            Place::Only(_, way) => Ok(Arc::clone(way)),
            Place::Usual(_) if endpoint.is_instance() => self.around.ways.instances(),
            Place::Usual(_) => self.around.ways.public(),
        };
        let way = way.map_err(|why| {
            refused(
                "NoTrust",
                format!("{} cannot be asked: {why}", endpoint.host()),
            )
        })?;
        let client = Client::builder(endpoint.clone(), self.identity.clone(), way)
            .clock(Arc::clone(&self.around.clock))
            .user_agent(USER_AGENT)
            .build();
        let client = Arc::new(Patient::new(client, Arc::clone(&self.around.clock)));
        if clients.len() >= MOST_PLACES {
            clients.remove(0);
        }
        clients.push((endpoint, Arc::clone(&client)));
        Ok(client)
    }

    #[cfg(test)]
    pub(super) fn places(&self) -> usize {
        let clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        clients.len()
    }

    fn endpoint(&self, remote: &Remote) -> Result<Endpoint, ReadError> {
        let named = remote
            .endpoint
            .as_deref()
            .filter(|text| !text.is_empty())
            .map(|text| self.around.named(text))
            .transpose()
            .map_err(|why| refused("EndpointRefused", format!("kmsEndpoint {why}")))?;
        match (&self.place, named) {
            (Place::Usual(_), Some(named)) => Ok(named),
            (Place::Usual(usual), None) => usual.clone().ok_or_else(|| {
                refused(
                    "NoEndpoint",
                    "nobody says where KMS is; start the operator with --region or --kms-endpoint, \
                     or name a kmsEndpoint"
                        .to_owned(),
                )
            }),
            (Place::Only(only, _), None) => Ok(only.clone()),
            (Place::Only(only, _), Some(named)) if named == *only => Ok(named),
            (Place::Only(only, _), Some(_)) => Err(refused(
                "EndpointRefused",
                format!(
                    "kmsEndpoint names another place than {}, and a client key is good for its \
                     own instance only; leave kmsEndpoint out",
                    only.host()
                ),
            )),
        }
    }
}

fn request(remote: &Remote) -> Result<GetSecretValue, ReadError> {
    let wrong =
        |field: &str, why: &dyn std::fmt::Display| refused("BadName", format!("{field}: {why}"));
    let name = remote.name.parse().map_err(|why| wrong("key", &why))?;
    let mut request = GetSecretValue::new(name);
    request.version_id = optional(remote.version_id.as_deref())
        .map_err(|why: ParseNameError| wrong("versionId", &why))?;
    request.version_stage = optional(remote.version_stage.as_deref())
        .map_err(|why: ParseNameError| wrong("versionStage", &why))?;
    Ok(request)
}

fn optional<T: std::str::FromStr>(text: Option<&str>) -> Result<Option<T>, T::Err> {
    let text = text.filter(|text| !text.is_empty());
    text.map(str::parse).transpose()
}

fn value(answer: &response::GetSecretValue, remote: &Remote) -> Result<Value, ReadError> {
    // EXPOSE: into the Secret that the entry is for.
    let text = answer.secret_data.expose();
    match answer.secret_data_type {
        DataType::Text => Ok(Secret::new(text.clone().into_bytes())),
        DataType::Binary => BASE64_STANDARD
            .decode(text)
            .map(Secret::new)
            .map_err(|_quotes_it| {
                refused(
                    "NoBase64",
                    format!(
                        "KMS says that {} is binary, and its value is no base64",
                        remote.name
                    ),
                )
            }),
    }
}

fn refused(code: &str, reason: String) -> ReadError {
    ReadError::Refused {
        code: code.to_owned(),
        reason,
    }
}
