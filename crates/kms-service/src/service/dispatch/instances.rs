//! KMS instances.

use kms_wire::{Request, Response as R};

use super::{Answer, answer};
use crate::{Caller, Service};

impl Service {
    pub(super) fn run_instances<'a>(&'a self, caller: &'a Caller, request: Request) -> Answer<'a> {
        match request {
            Request::ConnectKmsInstance(call) => {
                answer(R::Empty, self.connect_instance(caller, call))
            }
            Request::GetKmsInstance(call) => {
                answer(R::GetKmsInstance, self.get_instance(caller, call))
            }
            Request::GetKmsInstanceQuotaInfos(call) => answer(
                R::GetKmsInstanceQuotaInfos,
                self.instance_quotas(caller, call),
            ),
            Request::ListKmsInstances(call) => {
                answer(R::ListKmsInstances, self.list_instances(caller, call))
            }
            Request::ReleaseKmsInstance(call) => {
                answer(R::Empty, self.release_instance(caller, call))
            }
            Request::UpdateKmsInstance(call) => {
                answer(R::Empty, self.update_instance(caller, call))
            }
            Request::UpdateKmsInstanceBindVpc(call) => {
                answer(R::Empty, self.bind_instance(caller, call))
            }
            other => self.run_keys(caller, other),
        }
    }
}
