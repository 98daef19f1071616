use kms_wire::{Action, request::BatchGetSecretValue, response};

use crate::{Caller, Service, failure::Failure};

impl Service {
    /// BatchGetSecretValue: each as GetSecretValue reads it, with the rights that it asks
    /// for. What is this server's fault fails the whole call, so that it is tried again.
    pub(crate) async fn secret_values(
        &self,
        caller: &Caller,
        call: BatchGetSecretValue,
    ) -> Result<response::BatchGetSecretValue, Failure> {
        caller.account_for(Action::BatchGetSecretValue)?;
        let mut answer = response::BatchGetSecretValue::default();
        for one in call.secrets {
            let secret_name = one.secret_name.to_string();
            match self.secret_value(caller, one).await {
                Ok(value) => answer.secret_values.push(value),
                Err(Failure::Refused(error)) => answer.errors.push(response::BatchError {
                    secret_name,
                    code: error.code.as_str().to_owned(),
                    message: error.message,
                    http_status: error.code.status(),
                }),
                Err(failure) => return Err(failure),
            }
        }
        Ok(answer)
    }
}
