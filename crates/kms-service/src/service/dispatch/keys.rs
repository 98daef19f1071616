//! Which use case of keys a request is for.

use kms_wire::{Request, Response as R};

use crate::{Caller, Service, failure::Failure, keys::own_account, service::refused};

impl Service {
    /// Using keys.
    pub(super) async fn run_keys(&self, caller: &Caller, request: Request) -> Result<R, Failure> {
        // Nobody is nobody, whatever else is wrong with the call.
        own_account(caller)?;
        Ok(match request {
            Request::AsymmetricDecrypt(call) => {
                R::Decrypted(self.asymmetric_decrypt(caller, call).await?)
            }
            Request::AsymmetricEncrypt(call) => {
                R::Encrypted(self.asymmetric_encrypt(caller, call).await?)
            }
            Request::AsymmetricSign(call) => R::Signed(self.asymmetric_sign(caller, call).await?),
            Request::AsymmetricVerify(call) => {
                R::SignatureVerified(self.asymmetric_verify(caller, call).await?)
            }
            Request::Decrypt(call) => R::Decrypted(self.decrypt(caller, call).await?),
            Request::Encrypt(call) => R::Encrypted(self.encrypt(caller, call).await?),
            Request::ExportDataKey(call) => {
                R::ExportedDataKey(self.export_data_key(caller, call).await?)
            }
            Request::GenerateAndExportDataKey(call) => {
                R::GenerateAndExportDataKey(self.generate_and_export_data_key(caller, call).await?)
            }
            Request::GenerateDataKey(call) => {
                R::GenerateDataKey(self.generate_data_key(caller, call).await?)
            }
            Request::GenerateDataKeyWithoutPlaintext(call) => R::Encrypted(
                self.generate_data_key_without_plaintext(caller, call)
                    .await?,
            ),
            Request::GenerateMac(call) => R::GenerateMac(self.generate_mac(caller, call).await?),
            Request::GetPublicKey(call) => R::GetPublicKey(self.public_key(caller, call).await?),
            Request::ReEncrypt(call) => R::Encrypted(self.re_encrypt(caller, call).await?),
            Request::VerifyMac(call) => R::VerifyMac(self.verify_mac(caller, call).await?),
            other => self.run_key_management(caller, other).await?,
        })
    }

    async fn run_key_management(&self, caller: &Caller, request: Request) -> Result<R, Failure> {
        Ok(match request {
            Request::CancelKeyDeletion(call) => {
                R::Empty(self.cancel_key_deletion(caller, call).await?)
            }
            Request::CreateAlias(call) => R::Empty(self.create_alias(caller, call).await?),
            Request::CreateKey(call) => R::CreateKey(self.create_key(caller, call).await?),
            Request::CreateKeyVersion(call) => {
                R::KeyVersion(self.create_key_version(caller, call).await?)
            }
            Request::DeleteAlias(call) => R::Empty(self.delete_alias(caller, call).await?),
            Request::DeleteKeyMaterial(call) => {
                R::Empty(self.delete_key_material(caller, call).await?)
            }
            Request::DescribeKey(call) => R::DescribeKey(self.describe_key(caller, call).await?),
            Request::DescribeKeyVersion(call) => {
                R::KeyVersion(self.describe_key_version(caller, call).await?)
            }
            Request::DisableKey(call) => R::Empty(self.disable_key(caller, call).await?),
            Request::EnableKey(call) => R::Empty(self.enable_key(caller, call).await?),
            Request::GetKeyPolicy(call) => R::KeyPolicy(self.get_key_policy(caller, call).await?),
            Request::GetParametersForImport(call) => {
                R::GetParametersForImport(self.parameters_for_import(caller, call).await?)
            }
            Request::ImportKeyMaterial(call) => {
                R::Empty(self.import_key_material(caller, call).await?)
            }
            Request::ListAliases(call) => R::ListAliases(self.list_aliases(caller, call).await?),
            Request::ListAliasesByKeyId(call) => {
                R::ListAliases(self.list_aliases_of_key(caller, call).await?)
            }
            Request::ListKeyVersions(call) => {
                R::ListKeyVersions(self.list_key_versions(caller, call).await?)
            }
            Request::ListKeys(call) => R::ListKeys(self.list_keys(caller, call).await?),
            Request::ScheduleKeyDeletion(call) => {
                R::Empty(self.schedule_key_deletion(caller, call).await?)
            }
            Request::SetDeletionProtection(call) => {
                R::Empty(self.set_deletion_protection(caller, call).await?)
            }
            Request::SetKeyPolicy(call) => R::Empty(self.set_key_policy(caller, call).await?),
            Request::UpdateAlias(call) => R::Empty(self.update_alias(caller, call).await?),
            Request::UpdateKeyDescription(call) => {
                R::Empty(self.update_key_description(caller, call).await?)
            }
            Request::UpdateRotationPolicy(call) => {
                R::Empty(self.update_rotation_policy(caller, call).await?)
            }
            // What kms-wire knows and this crate does not do.
            other => return Err(refused(other.action()).into()),
        })
    }
}
