//! What RAM and STS say, as far as it can be used.

use jiff::Timestamp;
use kms_service::{KeyOwner, ListedUser, RamError, RamKey, RamUser};
use kms_store::KeyStatus;
use kms_types::{AccessKeyId, AccountId};
use kms_wire::response;

pub(super) fn key(listed: &response::AccessKeySummary) -> Result<RamKey, RamError> {
    let statuses = [KeyStatus::Active, KeyStatus::Inactive];
    let status = statuses
        .into_iter()
        .find(|status| status.as_str() == listed.status);
    Ok(RamKey {
        id: key_id(&listed.access_key_id)?,
        status: status.ok_or(RamError::Answer("a key's status is neither of the two"))?,
        created: moment(&listed.create_date)?,
    })
}

pub(super) fn user(listed: &response::RamUser) -> Result<ListedUser, RamError> {
    let name = listed.user_name.parse();
    Ok(ListedUser {
        id: listed.user_id.clone(),
        name: name.map_err(|_not_a_name| RamError::Answer("a user's name is none"))?,
    })
}

/// Where the next page begins: one that is cut off must say so.
pub(super) fn next(is_cut: bool, next: Option<String>) -> Result<Option<String>, RamError> {
    match next.filter(|next| is_cut && !next.is_empty()) {
        None if is_cut => Err(RamError::Answer("a list is cut off and has no next page")),
        next => Ok(next),
    }
}

pub(super) fn key_id(text: &str) -> Result<AccessKeyId, RamError> {
    text.parse()
        .map_err(|_not_an_id| RamError::Answer("an AccessKeyId is none"))
}

pub(super) fn moment(text: &str) -> Result<Timestamp, RamError> {
    text.parse()
        .map_err(|_no_moment| RamError::Answer("a date is none"))
}

/// Whose key signed. Sessions have no fixed AccessKeys, so one is no answer.
pub(super) fn owner(told: &response::GetCallerIdentity) -> Result<KeyOwner, RamError> {
    let account: AccountId = told
        .account_id
        .parse()
        .map_err(|_not_an_id| RamError::Answer("an account is none"))?;
    match told.identity_type.as_str() {
        "Account" => Ok(KeyOwner::Account(account)),
        "RAMUser" => {
            let name = told
                .arn
                .strip_prefix("acs:ram::")
                .and_then(|rest| rest.strip_prefix(account.as_str()))
                .and_then(|rest| rest.strip_prefix(":user/"))
                .and_then(|name| name.parse().ok())
                .ok_or(RamError::Answer("the user's ARN is none"))?;
            Ok(KeyOwner::User(RamUser { account, name }))
        }
        _ => Err(RamError::Answer(
            "the key is neither a user's nor an account's",
        )),
    }
}

#[cfg(test)]
mod tests;
