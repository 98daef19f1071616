//! What a user logs on to the cloud's console with. There is no console here, so no user has
//! any of it; but whoever takes a user apart asks for it to go first (reference real-clients,
//! Terraform).

use kms_store::Mode;
use kms_types::{ErrorCode, UserName};
use kms_wire::Action;

use super::{refusal, user_resource, users};
use crate::{Caller, Service, failure::Failure};

impl Service {
    /// What DeleteLoginProfile and GetLoginProfile come to.
    pub(crate) async fn no_login_profile(
        &self,
        caller: &Caller,
        action: Action,
        user: &UserName,
    ) -> Failure {
        let refused = refusal(
            ErrorCode::LoginProfileNotFound,
            "The user has no login profile: there is no console.",
        );
        self.after_rights(caller, action, user, refused).await
    }

    /// What GetUserMFAInfo and UnbindMFADevice come to.
    pub(crate) async fn no_mfa_device(
        &self,
        caller: &Caller,
        action: Action,
        user: &UserName,
    ) -> Failure {
        let refused = refusal(
            ErrorCode::MfaDeviceNotFound,
            "The user has no MFA device: there is no console.",
        );
        self.after_rights(caller, action, user, refused).await
    }

    /// Without the right to it, or without the user, something else is refused.
    async fn after_rights(
        &self,
        caller: &Caller,
        action: Action,
        user: &UserName,
        refused: Failure,
    ) -> Failure {
        let name = user.as_str();
        let account = match self.own(caller, action, user_resource(name)) {
            Ok(account) => account,
            Err(forbidden) => return forbidden.into(),
        };
        let found = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { users::find(&mut *tx, account, name).await })
            })
            .await;
        found.err().unwrap_or(refused)
    }
}
