//! VPCs, what connects them, and names in them (Vpc, VpcPeer, Cbn, Pvtz).

use kms_wire::Request;

use super::{Answer, no};
use crate::{Caller, Service, authorise::Resource, service::refusal::refused};

impl Service {
    #[expect(clippy::needless_pass_by_value, reason = "its actions take it apart")]
    pub(super) fn run_networks<'a>(&'a self, caller: &'a Caller, request: Request) -> Answer<'a> {
        let action = request.action();
        // What kms-wire knows and this crate does not do.
        let own = self.own(caller, action, Resource::Account);
        no(own.err().unwrap_or_else(|| refused(action)))
    }
}
