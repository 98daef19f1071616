//! The KMS of `dev`: its store and keys, one account with one user, one instance, one demo
//! secret and one hosted AccessKey in it.

use std::{io, net::Ipv4Addr, sync::Arc};

use kms_crypto::RootKey;
use kms_service::{Caller, Principal, Rights, Service, SetupError, unlock};
use kms_types::{
    AccessKeyId, AccountId, Clock, ErrorCode, InstanceId, RegionId, RequestId, Secret,
};
use kms_wire::{
    Params, RawRequest, Request,
    request::{Action, DescribeSecret},
    sign::{Claim, SigningKey, Unsigned, sign_acs3},
};

use super::{
    client_key,
    env_file::EnvFile,
    error::KmsError,
    home::Home,
    hosted,
    names::{INSTANCE, REGION, USER},
    rotating::Rotating,
};
use crate::{
    audit,
    backend::Backend,
    cloud_ram::CloudRams,
    database::Place,
    files::{make_private_dir, read_if_there, write_private},
    rotation,
    settings::Nonces,
};

/// What serves, and what its one user signs with.
pub(crate) struct Kms {
    pub(crate) backend: Backend,
    pub(crate) key: AccessKey,
}

/// Both halves.
pub(crate) struct AccessKey {
    pub(crate) id: AccessKeyId,
    pub(crate) secret: Secret<String>,
}

/// The account that owns everything in `dev`.
const ACCOUNT: &str = "1000000000000001";

/// One file of the audit log, and what is set aside for it.
const AUDIT_SIZE: u64 = 64 << 20;
const AUDIT_RESERVE: u64 = 1 << 20;

/// Seed 002's sample.
const DEMO: (&str, &str, &str) = ("agent-test", "v2", r#"{"k3":"v3"}"#);

/// Opens the state, or makes it.
///
/// # Errors
/// [`KmsError`].
pub(super) async fn open(
    home: &Home,
    rotating: Rotating,
    clock: Arc<dyn Clock>,
) -> Result<Kms, KmsError> {
    let dir = home.store();
    let data = dir.join("kms.db");
    make_private_dir(&dir).map_err(|source| KmsError::File(dir.display().to_string(), source))?;
    if data.exists() && !home.root_key().exists() {
        return Err(KmsError::File(
            home.root_key().display().to_string(),
            io::Error::other(
                "the root key is lost, and the data cannot be read without it; put the file \
                 back, or remove the folder and begin anew",
            ),
        ));
    }
    let root = RootKey::load_or_create(&home.root_key())?;
    let database = Place::Sqlite(data).open_or_create().await?;
    let keyring = unlock(&*database.store(), &root, &*clock).await?;
    let region = REGION.parse::<RegionId>()?;
    let backend = Backend::new(
        database,
        keyring,
        region,
        &Nonces::at(home.nonces(), Nonces::MOST),
        audit(home),
        &clock,
    )?;
    let (webhooks, rams) = (Arc::new(rotating.webhooks), Arc::new(CloudRams::default()));
    rotation::set(&backend, webhooks, rams, &rotating.settings);
    rotation::inherit(&backend).await;
    let key = format!("{}\n", backend.audit.public_key().to_hex());
    let path = home.audit_key();
    write_private(&path, key.as_bytes())
        .map_err(|source| KmsError::File(path.display().to_string(), source))?;
    let service = &backend.service;

    let account: AccountId = ACCOUNT.parse()?;
    let user = service
        .ensure_administrator(&account, USER)
        .await
        .map_err(KmsError::Setup)?;
    let key = if let Some(key) = kept_key(home, service, &*clock).await? {
        key
    } else {
        let fresh =
            service
                .create_access_key(&account, USER)
                .await
                .map_err(|reason| match reason {
                    SetupError::TooManyKeys => KmsError::KeysLost(home.env().display().to_string()),
                    reason => KmsError::Setup(reason),
                })?;
        AccessKey {
            id: fresh.id,
            secret: fresh.secret,
        }
    };
    let caller = Caller {
        principal: Principal::User {
            account: account.clone(),
            user_id: user.id,
            user_name: user.name,
            access_key_id: key.id.clone(),
            rights: Arc::new(Rights::all()),
        },
        source: Ipv4Addr::LOCALHOST.into(),
        gateway: kms_service::Gateway::Shared,
        secure_transport: false,
        request_id: RequestId::random(),
        moment: None,
    };
    let instance: InstanceId = INSTANCE.parse()?;
    service
        .ensure_instance(&account, &instance)
        .await
        .map_err(KmsError::Setup)?;
    let ca = read_if_there(&home.ca())
        .map_err(|source| KmsError::File(home.ca().display().to_string(), source))?;
    if let Some(ca) = ca {
        service
            .set_instance_ca(&account, &instance, &ca)
            .await
            .map_err(KmsError::Setup)?;
    }
    ensure_demo(service, &caller).await?;
    hosted::ensure(&backend, &caller, &account, clock.now()).await?;
    client_key::ensure(home, service, &caller, clock.now()).await?;
    Ok(Kms { backend, key })
}

fn audit(home: &Home) -> audit::Options {
    audit::Options {
        path: home.audit(),
        server: "dev".to_owned(),
        max_size: AUDIT_SIZE,
        reserve: AUDIT_RESERVE,
        socket: None,
    }
}

/// The AccessKey of the run before, if it still opens the door.
async fn kept_key(
    home: &Home,
    service: &Service,
    clock: &dyn Clock,
) -> Result<Option<AccessKey>, KmsError> {
    let path = home.env();
    let text = read_if_there(&path)
        .map_err(|source| KmsError::File(path.display().to_string(), source))?;
    let Some(env) = text.as_deref().map(EnvFile::parse) else {
        return Ok(None);
    };
    let (Some(id), Some(secret)) = (
        env.get("ALIBABA_CLOUD_ACCESS_KEY_ID"),
        env.get("ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
    ) else {
        return Ok(None);
    };
    // EXPOSE: the public half.
    let Ok(id) = id.expose().parse::<AccessKeyId>() else {
        return Ok(None);
    };
    let key = AccessKey {
        id,
        secret: secret.clone(),
    };
    Ok(opens(&key, service, clock).await.then_some(key))
}

async fn opens(key: &AccessKey, service: &Service, clock: &dyn Clock) -> bool {
    let call = Unsigned {
        version: Action::GetCallerIdentity.product().version(),
        action: Action::GetCallerIdentity.as_str(),
        params: &Params::default(),
        host: "localhost",
        user_agent: "kms-server dev",
        provider: "",
        now: clock.now(),
        nonce: &RequestId::random().to_string(),
    };
    let signed = sign_acs3(
        &call,
        &SigningKey {
            access_key_id: key.id.clone(),
            access_key_secret: key.secret.clone(),
            security_token: None,
        },
    );
    let (path, query) = signed
        .target
        .split_once('?')
        .unwrap_or((&signed.target, ""));
    let headers: Vec<_> = signed
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()))
        .collect();
    let request = RawRequest {
        method: signed.method,
        path,
        query,
        headers: &headers,
        body: &signed.body,
    };
    match Claim::parse(&request) {
        Ok(claim) => service.authenticate(&claim).await.is_ok(),
        Err(_unreadable) => false,
    }
}

/// Makes the demo secret unless there is one; what was done to it since stays.
async fn ensure_demo(service: &Service, caller: &Caller) -> Result<(), KmsError> {
    let (name, version, value) = DEMO;
    let look = Request::DescribeSecret(DescribeSecret {
        secret_name: name.parse()?,
        fetch_tags: false,
    });
    match service.call(caller, look).await {
        Ok(_there) => return Ok(()),
        Err(reason) if reason.code == ErrorCode::ResourceNotFound => {}
        Err(reason) => return Err(KmsError::Demo(reason)),
    }
    let mut params = Params::default();
    params.push("SecretName", name);
    params.push("VersionId", version);
    params.push("SecretData", value);
    params.push("DKMSInstanceId", INSTANCE);
    let make = Request::parse(Action::CreateSecret, &params).map_err(KmsError::Demo)?;
    service.call(caller, make).await.map_err(KmsError::Demo)?;
    Ok(())
}
