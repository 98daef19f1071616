//! For tests: a folder, a clock that is moved by hand, and runs as short as can be.

use std::{fs, net::Ipv4Addr, sync::Arc};

use kms_crypto::RootKey;
use kms_service::{Caller, Gateway, Principal, Rights};
use kms_testkit::MockClock;
use kms_types::{Clock, RequestId};
use tempfile::{TempDir, tempdir};

pub(crate) use super::kms::Kms;
use super::{Home, env_file::EnvFile, kms, rotating::Rotating};

pub(crate) struct Stand {
    pub(crate) clock: MockClock,
    pub(crate) home: Home,
    _dir: TempDir,
}

impl Stand {
    /// At noon of 2026-11-25.
    pub(crate) fn new() -> Self {
        let dir = tempdir().unwrap();
        Self {
            clock: MockClock::at("2026-11-25T12:00:00Z".parse().unwrap()),
            home: Home::claim(dir.path()).unwrap(),
            _dir: dir,
        }
    }

    /// What opens the store of a run that has begun.
    pub(crate) fn root_key(&self) -> RootKey {
        RootKey::load(&self.home.root_key()).unwrap()
    }

    /// Begins a run; its AccessKey is kept for the next one.
    pub(crate) async fn open(&self) -> Kms {
        let clock: Arc<dyn Clock> = Arc::new(self.clock.clone());
        let rotating = Rotating::open(&self.home, None, None, &clock).unwrap();
        let kms = kms::open(&self.home, rotating, clock).await.unwrap();
        let env = EnvFile::default()
            .with("ALIBABA_CLOUD_ACCESS_KEY_ID", kms.key.id.as_str())
            .with("ALIBABA_CLOUD_ACCESS_KEY_SECRET", kms.key.secret.expose());
        fs::write(self.home.env(), env.render().as_bytes()).unwrap();
        kms
    }
}

/// The user of `dev`.
pub(crate) async fn caller(kms: &Kms) -> Caller {
    let account = "1000000000000001".parse().unwrap();
    let user = kms
        .backend
        .service
        .ensure_user(&account, "dev")
        .await
        .unwrap();
    Caller {
        principal: Principal::User {
            account: user.account,
            user_id: user.id,
            user_name: user.name,
            access_key_id: kms.key.id.clone(),
            rights: Arc::new(Rights::all()),
        },
        source: Ipv4Addr::LOCALHOST.into(),
        gateway: Gateway::Shared,
        secure_transport: false,
        request_id: RequestId::random(),
        moment: None,
    }
}
