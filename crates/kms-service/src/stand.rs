//! What the tests of this crate stand on: a service over SQLite in a folder of its own,
//! a clock that is moved by hand, and a user.

use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use kms_crypto::RootKey;
use kms_store::{SqliteStore, Store};
use kms_testkit::MockClock;
use kms_types::{AccountId, ErrorCode, RequestId, Secret};
use kms_wire::{
    Action, ApiError, Params, Product, RawRequest, Request, SignedRequest,
    sign::{Claim, SigningKey, Unsigned, sign_acs3, sign_acs4, sign_rpc},
};
use serde_json::Value;
use tempfile::TempDir;

use crate::{Caller, Gateway, Parts, Principal, Rights, Service, unlock};

pub(crate) mod clients;
mod directory;
mod issuers;
mod log;
mod people;
mod servers;

pub(crate) use issuers::FakeIssuers;
pub(crate) use log::Log;
pub(crate) use people::document;
pub(crate) use servers::servers;

pub(crate) const ACCOUNT: &str = "1234567890123456";
pub(crate) const NOW: &str = "2025-01-03T07:59:17Z";

pub(crate) struct Stand {
    pub(crate) dir: TempDir,
    pub(crate) clock: MockClock,
    pub(crate) issuers: FakeIssuers,
    pub(crate) parts: Parts,
    pub(crate) service: Service,
    pub(crate) caller: Caller,
    pub(crate) key: SigningKey,
}

/// Which of the schemes signs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scheme {
    V1,
    V3,
    V4,
}

impl Stand {
    pub(crate) async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&dir.path().join("data/kms.db"))
            .await
            .unwrap();
        Self::over(dir, Arc::new(store)).await
    }

    /// Over another store, which is empty.
    pub(crate) async fn over(dir: TempDir, store: Arc<dyn Store>) -> Self {
        let clock = MockClock::at(NOW.parse().unwrap());
        let root = RootKey::load_or_create(&dir.path().join("root.key")).unwrap();
        let keyring = unlock(store.as_ref(), &root, &clock).await.unwrap();
        let issuers = FakeIssuers::default();
        let parts = Parts {
            store,
            keyring,
            clock: Arc::new(clock.clone()),
            region: "cn-hangzhou".parse().unwrap(),
            issuers: Arc::new(issuers.clone()),
        };
        let service = Service::new(parts.clone());
        let account = account();
        let user = service
            .ensure_administrator(&account, "alice")
            .await
            .unwrap();
        let key = service.create_access_key(&account, "alice").await.unwrap();
        let caller = Caller {
            principal: Principal::User {
                account,
                user_id: user.id,
                user_name: user.name,
                access_key_id: key.id.clone(),
                rights: Arc::new(Rights::all()),
            },
            source: Ipv4Addr::LOCALHOST.into(),
            gateway: Gateway::Shared,
            secure_transport: false,
            request_id: RequestId::random(),
            moment: None,
        };
        let key = SigningKey {
            access_key_id: key.id,
            access_key_secret: key.secret,
            security_token: None,
        };
        Self {
            dir,
            clock,
            issuers,
            parts,
            service,
            caller,
            key,
        }
    }

    /// Another server on the same database, by a store of its own.
    pub(crate) fn beside(&self, store: Arc<dyn Store>) -> Self {
        let parts = Parts {
            store,
            ..self.parts.clone()
        };
        Self {
            dir: tempfile::tempdir().unwrap(),
            clock: self.clock.clone(),
            issuers: self.issuers.clone(),
            service: Service::new(parts.clone()),
            parts,
            caller: self.caller.clone(),
            key: self.key.clone(),
        }
    }

    /// Calls as the user, with parameters as they travel; the answer as JSON.
    pub(crate) async fn call(
        &self,
        action: &str,
        params: &[(&str, &str)],
    ) -> Result<Value, ErrorCode> {
        self.call_as(&self.caller, action, params).await
    }

    pub(crate) async fn call_as(
        &self,
        caller: &Caller,
        action: &str,
        params: &[(&str, &str)],
    ) -> Result<Value, ErrorCode> {
        let action = Action::ALL
            .iter()
            .find(|known| known.type_name() == action)
            .unwrap();
        let mut all = Params::default();
        for (name, value) in params {
            all.push(*name, *value);
        }
        let request = Request::parse(*action, &all).map_err(|error| error.code)?;
        let answer = self
            .service
            .call(caller, request)
            .await
            .map_err(|error| error.code)?;
        Ok(serde_json::to_value(answer).unwrap())
    }

    /// A user of another account who may do everything, calling from the same place.
    pub(crate) async fn stranger(&self, account: &str, name: &str) -> Caller {
        let account: AccountId = account.parse().unwrap();
        let user = self.service.ensure_administrator(&account, name);
        let user = user.await.unwrap();
        let key = self.service.create_access_key(&account, name).await;
        Caller {
            principal: Principal::User {
                account,
                user_id: user.id,
                user_name: user.name,
                access_key_id: key.unwrap().id,
                rights: Arc::new(Rights::all()),
            },
            ..self.caller.clone()
        }
    }

    /// Makes a role that may do everything and whose trust policy lets the principal in,
    /// with further parameters.
    pub(crate) async fn role(&self, name: &str, principal: &str, more: &[(&str, &str)]) -> String {
        let trust = format!(
            r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{principal}}}]}}"#
        );
        let mut params = vec![("RoleName", name), ("AssumeRolePolicyDocument", &trust)];
        params.extend(more);
        let answer = self.call("CreateRole", &params).await.unwrap();
        let policy = [
            ("RoleName", name),
            ("PolicyType", "System"),
            ("PolicyName", "AdministratorAccess"),
        ];
        self.call("AttachPolicyToRole", &policy).await.unwrap();
        answer["Role"]["RoleId"].as_str().unwrap().to_owned()
    }

    /// Takes such a role away.
    pub(crate) async fn remove_role(&self, name: &str) {
        let policy = [
            ("RoleName", name),
            ("PolicyType", "System"),
            ("PolicyName", "AdministratorAccess"),
        ];
        self.call("DetachPolicyFromRole", &policy).await.unwrap();
        let name = [("RoleName", name)];
        self.call("DeleteRole", &name).await.unwrap();
    }

    /// AssumeRole for a role of the user's account, with further parameters.
    pub(crate) async fn assume(
        &self,
        caller: &Caller,
        role: &str,
        more: &[(&str, &str)],
    ) -> Result<Value, ErrorCode> {
        let arn = format!("acs:ram::{ACCOUNT}:role/{role}");
        let mut params = vec![("RoleArn", arn.as_str()), ("RoleSessionName", "me@host")];
        params.extend(more);
        self.call_as(caller, "AssumeRole", &params).await
    }

    /// Who calls with the credentials of such an answer.
    pub(crate) async fn session(&self, answer: &Value) -> Caller {
        let key = session_key(answer);
        let nonce = RequestId::random().to_string();
        let claim = self.claim(Scheme::V3, &key, &nonce);
        Caller {
            principal: self.service.authenticate(&claim).await.unwrap(),
            ..self.caller.clone()
        }
    }

    /// Makes a Generic secret with version `v1`.
    pub(crate) async fn create(&self, name: &str, value: &str) {
        self.call(
            "CreateSecret",
            &[
                ("SecretName", name),
                ("VersionId", "v1"),
                ("SecretData", value),
            ],
        )
        .await
        .unwrap();
    }

    pub(crate) async fn put(
        &self,
        name: &str,
        version: &str,
        value: &str,
    ) -> Result<Value, ErrorCode> {
        let params = [
            ("SecretName", name),
            ("VersionId", version),
            ("SecretData", value),
        ];
        self.call("PutSecretValue", &params).await
    }

    /// The value under a stage.
    pub(crate) async fn read(&self, name: &str, stage: &str) -> Result<String, ErrorCode> {
        let params = [("SecretName", name), ("VersionStage", stage)];
        let answer = self.call("GetSecretValue", &params).await?;
        Ok(answer["SecretData"].as_str().unwrap().to_owned())
    }

    pub(crate) fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// A call of GetCallerIdentity as the service sees it, signed now.
    pub(crate) fn claim(&self, scheme: Scheme, key: &SigningKey, nonce: &str) -> Claim {
        let call = Unsigned {
            version: "2015-04-01",
            action: "GetCallerIdentity",
            params: &Params::default(),
            host: "localhost",
            user_agent: "test",
            provider: "",
            now: kms_types::Clock::now(&self.clock),
            nonce,
        };
        let signed = match scheme {
            Scheme::V1 => sign_rpc(&call, key),
            Scheme::V3 => sign_acs3(&call, key),
            Scheme::V4 => sign_acs4(&call, "cn-hangzhou", Product::Sts, key),
        };
        parse(&signed).unwrap()
    }
}

/// What an answer of STS signs with.
pub(crate) fn session_key(answer: &Value) -> SigningKey {
    let field = |name: &str| answer["Credentials"][name].as_str().unwrap();
    SigningKey {
        access_key_id: field("AccessKeyId").parse().unwrap(),
        access_key_secret: Secret::from(field("AccessKeySecret")),
        security_token: Some(Secret::from(field("SecurityToken"))),
    }
}

pub(crate) fn account() -> AccountId {
    ACCOUNT.parse().unwrap()
}

/// The same key with another secret half.
pub(crate) fn wrong(key: &SigningKey) -> SigningKey {
    SigningKey {
        access_key_secret: Secret::from("not the secret half"),
        ..key.clone()
    }
}

/// As the gateway takes it off the wire.
pub(crate) fn parse(signed: &SignedRequest) -> Result<Claim, ApiError> {
    let (path, query) = signed
        .target
        .split_once('?')
        .unwrap_or((&signed.target, ""));
    let headers: Vec<(&str, &[u8])> = signed
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()))
        .collect();
    Claim::parse(&RawRequest {
        method: signed.method,
        path,
        query,
        headers: &headers,
        body: &signed.body,
    })
}
