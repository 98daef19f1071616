//! Which use case of keys a request is for.

use kms_wire::{Request, Response as R};

use super::{Answer, answer, no};
use crate::{Caller, Service, keys::own_account, service::refused};

impl Service {
    /// Using keys.
    pub(super) fn run_keys<'a>(&'a self, caller: &'a Caller, request: Request) -> Answer<'a> {
        // Nobody is nobody, whatever else is wrong with the call.
        if let Err(failure) = own_account(caller) {
            return no(failure);
        }
        match request {
            Request::AsymmetricDecrypt(call) => {
                answer(R::Decrypted, self.asymmetric_decrypt(caller, call))
            }
            Request::AsymmetricEncrypt(call) => {
                answer(R::Encrypted, self.asymmetric_encrypt(caller, call))
            }
            Request::AsymmetricSign(call) => answer(R::Signed, self.asymmetric_sign(caller, call)),
            Request::AsymmetricVerify(call) => {
                answer(R::SignatureVerified, self.asymmetric_verify(caller, call))
            }
            Request::Decrypt(call) => answer(R::Decrypted, self.decrypt(caller, call)),
            Request::Encrypt(call) => answer(R::Encrypted, self.encrypt(caller, call)),
            Request::ExportDataKey(call) => {
                answer(R::ExportedDataKey, self.export_data_key(caller, call))
            }
            Request::GenerateAndExportDataKey(call) => answer(
                R::GenerateAndExportDataKey,
                self.generate_and_export_data_key(caller, call),
            ),
            Request::GenerateDataKey(call) => {
                answer(R::GenerateDataKey, self.generate_data_key(caller, call))
            }
            Request::GenerateDataKeyWithoutPlaintext(call) => answer(
                R::Encrypted,
                self.generate_data_key_without_plaintext(caller, call),
            ),
            Request::GenerateMac(call) => answer(R::GenerateMac, self.generate_mac(caller, call)),
            Request::GetPublicKey(call) => answer(R::GetPublicKey, self.public_key(caller, call)),
            Request::ReEncrypt(call) => answer(R::Encrypted, self.re_encrypt(caller, call)),
            Request::VerifyMac(call) => answer(R::VerifyMac, self.verify_mac(caller, call)),
            other => self.run_key_management(caller, other),
        }
    }

    fn run_key_management<'a>(&'a self, caller: &'a Caller, request: Request) -> Answer<'a> {
        match request {
            Request::CancelKeyDeletion(call) => {
                answer(R::Empty, self.cancel_key_deletion(caller, call))
            }
            Request::CreateAlias(call) => answer(R::Empty, self.create_alias(caller, call)),
            Request::CreateKey(call) => answer(R::CreateKey, self.create_key(caller, call)),
            Request::CreateKeyVersion(call) => {
                answer(R::KeyVersion, self.create_key_version(caller, call))
            }
            Request::DeleteAlias(call) => answer(R::Empty, self.delete_alias(caller, call)),
            Request::DeleteKeyMaterial(call) => {
                answer(R::Empty, self.delete_key_material(caller, call))
            }
            Request::DescribeKey(call) => answer(R::DescribeKey, self.describe_key(caller, call)),
            Request::DescribeKeyVersion(call) => {
                answer(R::KeyVersion, self.describe_key_version(caller, call))
            }
            Request::DisableKey(call) => answer(R::Empty, self.disable_key(caller, call)),
            Request::EnableKey(call) => answer(R::Empty, self.enable_key(caller, call)),
            Request::GetKeyPolicy(call) => answer(R::KeyPolicy, self.get_key_policy(caller, call)),
            Request::GetParametersForImport(call) => answer(
                R::GetParametersForImport,
                self.parameters_for_import(caller, call),
            ),
            Request::ImportKeyMaterial(call) => {
                answer(R::Empty, self.import_key_material(caller, call))
            }
            Request::ListAliases(call) => answer(R::ListAliases, self.list_aliases(caller, call)),
            Request::ListAliasesByKeyId(call) => {
                answer(R::ListAliases, self.list_aliases_of_key(caller, call))
            }
            Request::ListKeyVersions(call) => {
                answer(R::ListKeyVersions, self.list_key_versions(caller, call))
            }
            Request::ListKeys(call) => answer(R::ListKeys, self.list_keys(caller, call)),
            Request::ScheduleKeyDeletion(call) => {
                answer(R::Empty, self.schedule_key_deletion(caller, call))
            }
            Request::SetDeletionProtection(call) => {
                answer(R::Empty, self.set_deletion_protection(caller, call))
            }
            Request::SetKeyPolicy(call) => answer(R::Empty, self.set_key_policy(caller, call)),
            Request::UpdateAlias(call) => answer(R::Empty, self.update_alias(caller, call)),
            Request::UpdateKeyDescription(call) => {
                answer(R::Empty, self.update_key_description(caller, call))
            }
            Request::UpdateRotationPolicy(call) => {
                answer(R::Empty, self.update_rotation_policy(caller, call))
            }
            // What kms-wire knows and this crate does not do.
            other => no(refused(other.action())),
        }
    }
}
