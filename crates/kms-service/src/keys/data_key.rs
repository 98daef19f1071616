use kms_crypto::{Binding, ForeignKey, random_bytes};
use kms_types::{
    DataKeySpec, EncryptionAlgorithm, EncryptionContext, KeyRef, KeyUsage, Secret, WrappingKeySpec,
};
use kms_wire::{
    Action, ApiError,
    request::{
        Base64, ExportDataKey, GenerateAndExportDataKey, GenerateDataKey,
        GenerateDataKeyWithoutPlaintext, Within,
    },
    response,
};

use super::{
    base64, check_dry_run, check_recipient, material::Ready, refusal::about, secret_base64,
};
use crate::{Caller, Service, failure::Failure};

/// A data key, and under which key it is encrypted.
struct DataKey {
    ready: Ready,
    plain: Secret<Vec<u8>>,
    ciphertext: Vec<u8>,
}

/// What a data key is to be.
struct Order<'a> {
    key: &'a KeyRef,
    spec: Option<DataKeySpec>,
    number_of_bytes: Option<Within<1, 1024>>,
    context: &'a EncryptionContext,
}

impl Service {
    /// GenerateDataKey.
    pub(crate) async fn generate_data_key(
        &self,
        caller: &Caller,
        call: GenerateDataKey,
    ) -> Result<response::GenerateDataKey, Failure> {
        check_recipient(call.recipient.as_deref())?;
        let order = Order {
            key: &call.key,
            spec: call.spec,
            number_of_bytes: call.number_of_bytes,
            context: &call.context,
        };
        let made = self
            .data_key(caller, Action::GenerateDataKey, order)
            .await?;
        check_dry_run(call.dry_run)?;
        Ok(response::GenerateDataKey {
            key_id: made.ready.key.id.to_string(),
            key_version_id: made.ready.version.to_string(),
            ciphertext_blob: base64(&made.ciphertext),
            plaintext: secret_base64(&made.plain),
        })
    }

    /// GenerateDataKeyWithoutPlaintext.
    pub(crate) async fn generate_data_key_without_plaintext(
        &self,
        caller: &Caller,
        call: GenerateDataKeyWithoutPlaintext,
    ) -> Result<response::Encrypted, Failure> {
        let order = Order {
            key: &call.key,
            spec: call.spec,
            number_of_bytes: call.number_of_bytes,
            context: &call.context,
        };
        let action = Action::GenerateDataKeyWithoutPlaintext;
        let made = self.data_key(caller, action, order).await?;
        check_dry_run(call.dry_run)?;
        Ok(made.ready.encrypted(&made.ciphertext))
    }

    /// ExportDataKey.
    pub(crate) async fn export_data_key(
        &self,
        caller: &Caller,
        call: ExportDataKey,
    ) -> Result<response::ExportedDataKey, Failure> {
        let binding = Binding::Context(&call.context);
        let (ready, plain) = self
            .open_blob(caller, Action::ExportDataKey, &call.ciphertext, binding)
            .await?;
        let exported = export(
            &call.public_key,
            call.wrapping_spec,
            call.wrapping_algorithm,
            &plain,
        )?;
        check_dry_run(call.dry_run)?;
        Ok(response::ExportedDataKey {
            key_id: ready.key.id.to_string(),
            key_version_id: ready.version.to_string(),
            exported_data_key: exported,
        })
    }

    /// GenerateAndExportDataKey.
    pub(crate) async fn generate_and_export_data_key(
        &self,
        caller: &Caller,
        call: GenerateAndExportDataKey,
    ) -> Result<response::GenerateAndExportDataKey, Failure> {
        let order = Order {
            key: &call.key,
            spec: call.spec,
            number_of_bytes: call.number_of_bytes,
            context: &call.context,
        };
        let action = Action::GenerateAndExportDataKey;
        let made = self.data_key(caller, action, order).await?;
        let exported = export(
            &call.public_key,
            call.wrapping_spec,
            call.wrapping_algorithm,
            &made.plain,
        )?;
        check_dry_run(call.dry_run)?;
        Ok(response::GenerateAndExportDataKey {
            key_id: made.ready.key.id.to_string(),
            key_version_id: made.ready.version.to_string(),
            ciphertext_blob: base64(&made.ciphertext),
            exported_data_key: exported,
        })
    }

    async fn data_key(
        &self,
        caller: &Caller,
        action: Action,
        order: Order<'_>,
    ) -> Result<DataKey, Failure> {
        let usage = KeyUsage::EncryptDecrypt;
        let ready = self.ready(caller, action, order.key, None, usage).await?;
        let length = match (order.number_of_bytes, order.spec) {
            (Some(number), _) => number.get(),
            (None, Some(spec)) => spec.length(),
            (None, None) => DataKeySpec::Aes256.length(),
        };
        let plain = random_bytes(usize::try_from(length).map_err(|_wide| Failure::Random)?)?;
        let ciphertext = ready
            .seal(Binding::Context(order.context), &plain)?
            .to_bytes();
        Ok(DataKey {
            ready,
            plain,
            ciphertext,
        })
    }
}

/// The data key under the caller's public key, in base64. Two parameters can be to blame.
fn export(
    public_key: &Base64,
    spec: WrappingKeySpec,
    algorithm: EncryptionAlgorithm,
    plain: &Secret<Vec<u8>>,
) -> Result<String, Failure> {
    let suits = match spec {
        WrappingKeySpec::Rsa2048 => algorithm != EncryptionAlgorithm::Sm2Pke,
        WrappingKeySpec::EcSm2 => algorithm == EncryptionAlgorithm::Sm2Pke,
    };
    if !suits {
        return Err(ApiError::invalid_parameter(
            "WrappingAlgorithm",
            "is none of keys of this WrappingKeySpec",
        )
        .into());
    }
    let key = ForeignKey::parse(spec, &public_key.0).map_err(about("PublicKeyBlob"))?;
    let exported = key
        .encrypt(algorithm, plain)
        .map_err(about("WrappingAlgorithm"))?;
    Ok(base64(&exported))
}
