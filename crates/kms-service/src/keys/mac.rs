use kms_types::KeyUsage;
use kms_wire::{
    Action,
    request::{GenerateMac, VerifyMac},
    response,
};

use super::{base64, check_dry_run, refusal::about};
use crate::{Caller, Service, failure::Failure};

impl Service {
    /// GenerateMac.
    pub(crate) async fn generate_mac(
        &self,
        caller: &Caller,
        call: GenerateMac,
    ) -> Result<response::GenerateMac, Failure> {
        let (action, usage) = (Action::GenerateMac, KeyUsage::GenerateVerifyMac);
        let ready = self.ready(caller, action, &call.key, None, usage).await?;
        // EXPOSE: into the digest.
        let message = call.message.expose();
        let mac = ready
            .handle
            .mac(call.algorithm, message)
            .map_err(about("Message"))?;
        check_dry_run(call.dry_run)?;
        Ok(response::GenerateMac {
            algorithm: call.algorithm.to_string(),
            key_id: ready.key.id.to_string(),
            mac: base64(&mac),
        })
    }

    /// VerifyMac.
    pub(crate) async fn verify_mac(
        &self,
        caller: &Caller,
        call: VerifyMac,
    ) -> Result<response::VerifyMac, Failure> {
        let (action, usage) = (Action::VerifyMac, KeyUsage::GenerateVerifyMac);
        let ready = self.ready(caller, action, &call.key, None, usage).await?;
        // EXPOSE: into the digest.
        let message = call.message.expose();
        let value = ready
            .handle
            .verify_mac(call.algorithm, message, &call.mac.0)
            .map_err(about("Message"))?;
        check_dry_run(call.dry_run)?;
        Ok(response::VerifyMac {
            algorithm: call.algorithm.to_string(),
            key_id: ready.key.id.to_string(),
            value,
        })
    }
}
