//! Directories of accounts, and what accounts share (ResourceManager,
//! ResourceDirectoryMaster, ResourceSharing).

use kms_wire::Request;

use super::{Answer, no};
use crate::{Caller, Service, authorise::Resource, service::refusal::refused};

impl Service {
    #[expect(clippy::needless_pass_by_value, reason = "its actions take it apart")]
    pub(super) fn run_sharing<'a>(&'a self, caller: &'a Caller, request: Request) -> Answer<'a> {
        let action = request.action();
        // What kms-wire knows and this crate does not do.
        let own = self.own(caller, action, Resource::Account);
        no(own.err().unwrap_or_else(|| refused(action)))
    }
}
