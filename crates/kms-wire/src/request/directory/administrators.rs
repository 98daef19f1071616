use kms_types::AccountId;

use super::names::ServicePrincipal;
use crate::request::{keys::operations, param::Page};

operations! {
    /// Lets an account administer a service for all accounts of the directory.
    RegisterDelegatedAdministrator -> Empty {
        /// Which account.
        account: AccountId = "AccountId",
        /// Which service.
        service: ServicePrincipal = "ServicePrincipal",
    }

    /// Lets it no longer.
    DeregisterDelegatedAdministrator -> Empty {
        /// Which account.
        account: AccountId = "AccountId",
        /// Which service.
        service: ServicePrincipal = "ServicePrincipal",
    }

    /// Lists who administers what.
    ListDelegatedAdministrators -> ListDelegatedAdministrators {
        /// Of that service; of all if absent.
        service: Option<ServicePrincipal> = "ServicePrincipal",
        /// Of 10 unless said otherwise.
        page: Page<10> = "PageNumber",
    }
}
