use kms_store::{Mode, SecretRecord};
use kms_types::SecretType;
use kms_wire::{Action, ApiError, request::UpdateSecret, response};
use serde_json::{Map, Value};

use super::{find::Wish, touch};
use crate::{Caller, Service, failure::Failure};

/// Characters of ExtendedConfig (reference kms-api §2.1).
const LONGEST_CONFIG: usize = 1024;

impl Service {
    /// UpdateSecret.
    pub(crate) async fn update_secret(
        &self,
        caller: &Caller,
        call: UpdateSecret,
    ) -> Result<response::SecretNamed, Failure> {
        let target = self.target(caller, &call.secret_name)?;
        let now = self.now();
        let wish = Wish {
            caller,
            action: Action::UpdateSecret,
            target: &target,
            now,
        };
        {
            let call = &call;
            self.tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let mut secret = self.usable(tx, wish).await?;
                    if let Some(description) = &call.description {
                        secret.description.clone_from(description);
                    }
                    if let Some(pairs) = &call.custom_data {
                        put_custom_data(&mut secret, pairs)?;
                    }
                    touch(tx, secret, now).await
                })
            })
            .await?;
        }
        Ok(response::SecretNamed {
            secret_name: target.name.to_string(),
        })
    }
}

/// Replaces the custom part of the configuration and leaves what KMS itself keeps there;
/// ignored for Generic, which has no configuration (reference kms-api §2.2).
fn put_custom_data(secret: &mut SecretRecord, pairs: &Map<String, Value>) -> Result<(), ApiError> {
    if secret.secret_type == SecretType::Generic.as_str() {
        return Ok(());
    }
    let mut config: Map<String, Value> =
        serde_json::from_str(&secret.extended_config).unwrap_or_default();
    config.insert("CustomData".to_owned(), Value::Object(pairs.clone()));
    let config = Value::Object(config).to_string();
    if config.chars().count() > LONGEST_CONFIG {
        return Err(ApiError::invalid_parameter(
            "ExtendedConfig.CustomData",
            "makes ExtendedConfig longer than 1024 characters",
        ));
    }
    secret.extended_config = config;
    Ok(())
}
