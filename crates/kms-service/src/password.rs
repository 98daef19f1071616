use kms_types::Secret;
use kms_wire::{Action, ApiError, request::GetRandomPassword, response};
use zeroize::Zeroizing;

use crate::{Caller, Service, authorise::Resource, failure::Failure, random};

/// ASCII's, all 32.
const PUNCTUATION: &str = r##"!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~"##;

impl Service {
    /// GetRandomPassword.
    pub(crate) fn random_password(
        &self,
        caller: &Caller,
        wish: &GetRandomPassword,
    ) -> Result<response::GetRandomPassword, Failure> {
        self.authorise(caller, Action::GetRandomPassword, Resource::Account)?;
        let random_password = password(wish)?;
        Ok(response::GetRandomPassword { random_password })
    }
}

fn password(wish: &GetRandomPassword) -> Result<Secret<String>, Failure> {
    let kinds = kinds(wish);
    let all: Vec<char> = kinds.iter().flatten().copied().collect();
    if all.is_empty() {
        return Err(ApiError::invalid_parameter(
            "ExcludeCharacters",
            "no character is left for a password",
        )
        .into());
    }
    let length = usize::try_from(wish.length).unwrap_or_default();
    if !wish.require_each_included_type {
        return Ok(Secret::new(std::mem::take(&mut *random::pick(
            &all, length,
        )?)));
    }
    if kinds.iter().any(Vec::is_empty) {
        return Err(ApiError::invalid_parameter(
            "ExcludeCharacters",
            "a kind of characters that the password must have is excluded as a whole",
        )
        .into());
    }
    // One of each kind, the rest from all of them, and then each place alike for each.
    let mut chars = Zeroizing::new(Vec::with_capacity(length));
    for kind in &kinds {
        chars.extend(random::pick(kind, 1)?.chars());
    }
    let rest = length.saturating_sub(chars.len());
    chars.extend(random::pick(&all, rest)?.chars());
    for end in (1..chars.len()).rev() {
        let at = random::below(end + 1)?;
        chars.swap(at, end);
    }
    Ok(Secret::new(chars.iter().collect()))
}

/// The characters of each kind that the password is made of.
fn kinds(wish: &GetRandomPassword) -> Vec<Vec<char>> {
    let kinds: [(bool, Vec<char>); 4] = [
        (wish.exclude_lowercase, ('a'..='z').collect()),
        (wish.exclude_uppercase, ('A'..='Z').collect()),
        (wish.exclude_numbers, ('0'..='9').collect()),
        (wish.exclude_punctuation, PUNCTUATION.chars().collect()),
    ];
    kinds
        .into_iter()
        .filter(|(is_excluded, _)| !is_excluded)
        .map(|(_, mut chars)| {
            chars.retain(|c| !wish.exclude_characters.contains(*c));
            chars
        })
        .collect()
}

#[cfg(test)]
mod tests;
