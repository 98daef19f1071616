//! What is bought: KMS instances (BssOpenApi).

use kms_wire::{Request, Response as R};

use super::{Answer, answer, no};
use crate::{Caller, Service, service::refusal::refused};

impl Service {
    pub(super) fn run_billing<'a>(&'a self, caller: &'a Caller, request: Request) -> Answer<'a> {
        match request {
            Request::CreateInstance(call) => {
                answer(R::InstanceOrdered, self.buy_instance(caller, call))
            }
            Request::ModifyInstance(call) => {
                answer(R::InstanceChanged, self.modify_instance(caller, call))
            }
            Request::QueryAvailableInstances(call) => answer(
                R::QueryAvailableInstances,
                self.bought_instances(caller, call),
            ),
            Request::RefundInstance(call) => {
                answer(R::InstanceChanged, self.refund_instance(caller, call))
            }
            Request::RenewInstance(call) => {
                answer(R::InstanceChanged, self.renew_instance(caller, call))
            }
            Request::SetRenewal(call) => answer(R::RenewalSet, self.set_renewal(caller, call)),
            other => no(refused(other.action())),
        }
    }
}
