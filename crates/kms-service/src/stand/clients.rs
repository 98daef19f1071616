//! Programs that come in by a ClientKey.

use base64::{Engine, prelude::BASE64_STANDARD};
use kms_types::{AccessKeyId, Clock, Secret};
use kms_wire::sign::{RsaSigningKey, sign_rpc_rsa};
use kms_wire::{instance, instance::Api};
use p12_keystore::{KeyStore, Pkcs12ImportPolicy};

use super::*;

/// What the keys of these tests are locked with.
pub(crate) const PASSWORD: &str = "long-enough-1";

const RULES: &str =
    r#"["RbacPermission/Template/SecretUser","RbacPermission/Template/CryptoServiceSecretUser"]"#;

impl Stand {
    /// Makes an instance.
    pub(crate) async fn instance(&self, id: &str) {
        let id = id.parse().unwrap();
        self.service.ensure_instance(&account(), &id).await.unwrap();
    }

    /// Makes a policy that lets clients read all secrets through a gateway, and an access
    /// point of the same name for it.
    pub(crate) async fn access_point(&self, name: &str, scope: &str) {
        let policy = [
            ("Name", name),
            ("KmsInstance", scope),
            ("Permissions", RULES),
            ("Resources", r#"["secret/*"]"#),
        ];
        self.call("CreatePolicy", &policy).await.unwrap();
        let policies = format!(r#"["{name}"]"#);
        let point = [("Name", name), ("Policies", policies.as_str())];
        self.call("CreateApplicationAccessPoint", &point)
            .await
            .unwrap();
    }

    /// A new ClientKey of the access point, as its holder unlocks it.
    pub(crate) async fn client_key(&self, access_point: &str) -> RsaSigningKey {
        let params = [("AapName", access_point), ("Password", PASSWORD)];
        let made = self.call("CreateClientKey", &params).await.unwrap();
        let file = made["PrivateKeyData"].as_str().unwrap();
        open(made["ClientKeyId"].as_str().unwrap(), file, PASSWORD)
    }

    /// A call of GetCallerIdentity, signed with a ClientKey now.
    pub(crate) fn client_claim(&self, key: &RsaSigningKey, nonce: &str) -> Claim {
        self.client_claim_with(key, &Params::default(), nonce)
    }

    /// The same with parameters.
    pub(crate) fn client_claim_with(
        &self,
        key: &RsaSigningKey,
        params: &Params,
        nonce: &str,
    ) -> Claim {
        let call = Unsigned {
            version: "2015-04-01",
            action: "GetCallerIdentity",
            params,
            host: "localhost",
            user_agent: "test",
            provider: "",
            now: self.clock.now(),
            nonce,
        };
        parse(&sign_rpc_rsa(&call, key).unwrap()).unwrap()
    }

    /// The same in the protocol of the instance gateway.
    pub(crate) fn instance_claim(&self, key: &RsaSigningKey) -> instance::Claim {
        let call = instance::Unsigned {
            api: Api::GetSecretValue,
            host: "localhost",
            user_agent: "test",
            now: self.clock.now(),
            body: b"",
        };
        let signed = instance::sign(&call, key).unwrap();
        let headers: Vec<(&str, &[u8])> = signed
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
            .collect();
        let raw = RawRequest {
            method: signed.method,
            path: "/",
            query: "",
            headers: &headers,
            body: &signed.body,
        };
        instance::Claim::parse(&raw).unwrap()
    }

    /// Who the gateway takes the holder of the key for, by its own protocol.
    pub(crate) async fn client(
        &self,
        key: &RsaSigningKey,
        gateway: &Gateway,
    ) -> Result<Caller, ErrorCode> {
        let principal = match gateway {
            Gateway::Shared => {
                let claim = self.client_claim(key, &RequestId::random().to_string());
                self.service.authenticate(&claim).await
            }
            Gateway::Instance(_) => {
                let claim = self.instance_claim(key);
                let known = self.service.authenticate_instance(&claim).await;
                known.map(|(principal, _moment)| principal)
            }
        };
        Ok(Caller {
            principal: principal.map_err(|error| error.code)?,
            gateway: gateway.clone(),
            ..self.caller.clone()
        })
    }

    /// The value that the holder of the key reads.
    pub(crate) async fn client_reads(
        &self,
        key: &RsaSigningKey,
        gateway: &Gateway,
        name: &str,
    ) -> Result<String, ErrorCode> {
        let caller = self.client(key, gateway).await?;
        let params = [("SecretName", name)];
        let answer = self.call_as(&caller, "GetSecretValue", &params).await?;
        Ok(answer["SecretData"].as_str().unwrap().to_owned())
    }
}

/// Unlocks the file that CreateClientKey answers.
pub(crate) fn open(id: &str, file: &str, password: &str) -> RsaSigningKey {
    let der = BASE64_STANDARD.decode(file).unwrap();
    let store = KeyStore::from_pkcs12(&der, password, Pkcs12ImportPolicy::Strict).unwrap();
    let (_, chain) = store.private_key_chain().unwrap();
    let private = Secret::new(chain.key().as_der().to_vec());
    let id: AccessKeyId = id.parse().unwrap();
    RsaSigningKey::from_der(id, &private).unwrap()
}
