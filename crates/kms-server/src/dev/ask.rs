//! Calls that `dev` makes to its own service.

use kms_service::{Caller, Service};
use kms_types::ErrorCode;
use kms_wire::{Action, ApiError, Params, Request, Response};

/// Asks as a client would: by parameters.
pub(super) async fn ask(
    service: &Service,
    caller: &Caller,
    action: Action,
    params: &[(&str, &str)],
) -> Result<Response, ApiError> {
    let mut all = Params::default();
    for (name, value) in params {
        all.push(*name, *value);
    }
    service.call(caller, Request::parse(action, &all)?).await
}

/// The same of what makes something; what is there, and was changed since, stays as it is.
pub(super) async fn ask_unless_there(
    service: &Service,
    caller: &Caller,
    action: Action,
    params: &[(&str, &str)],
) -> Result<(), ApiError> {
    match ask(service, caller, action, params).await {
        Err(reason) if reason.code != ErrorCode::ResourceExist => Err(reason),
        _ => Ok(()),
    }
}
