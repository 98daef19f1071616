use kms_types::ErrorCode;

use super::*;
use crate::stand::Stand;

async fn one(stand: &Stand, params: &[(&str, &str)]) -> Result<String, ErrorCode> {
    let answer = stand.call("GetRandomPassword", params).await?;
    Ok(answer["RandomPassword"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn has_one_of_each_kind_and_the_wanted_length() {
    let stand = Stand::new().await;
    for length in ["8", "32", "128"] {
        for _ in 0..50 {
            let password = one(&stand, &[("PasswordLength", length)]).await.unwrap();
            assert_eq!(password.len().to_string(), length);
            assert!(password.chars().any(|c| c.is_ascii_lowercase()));
            assert!(password.chars().any(|c| c.is_ascii_uppercase()));
            assert!(password.chars().any(|c| c.is_ascii_digit()));
            assert!(password.chars().any(|c| c.is_ascii_punctuation()));
        }
    }
    assert_eq!(one(&stand, &[]).await.unwrap().len(), 32);
}

#[tokio::test]
async fn leaves_out_what_is_excluded() {
    let stand = Stand::new().await;
    let digits = [
        ("ExcludeLowercase", "True"),
        ("ExcludeUppercase", "true"),
        ("ExcludePunctuation", "true"),
        ("ExcludeCharacters", "01234567"),
        ("PasswordLength", "128"),
    ];
    let password = one(&stand, &digits).await.unwrap();
    assert!(
        password.chars().all(|c| matches!(c, '8' | '9')),
        "{password}"
    );
    assert!(password.contains('8') && password.contains('9'));
}

#[tokio::test]
async fn refuses_what_cannot_be() {
    let stand = Stand::new().await;
    let all = [
        ("ExcludeLowercase", "true"),
        ("ExcludeUppercase", "true"),
        ("ExcludePunctuation", "true"),
        ("ExcludeNumbers", "true"),
    ];
    assert_eq!(one(&stand, &all).await, Err(ErrorCode::InvalidParameter));
    let no_digit_left = [("ExcludeCharacters", "0123456789")];
    assert_eq!(
        one(&stand, &no_digit_left).await,
        Err(ErrorCode::InvalidParameter)
    );
    let nor_needed = [
        ("ExcludeCharacters", "0123456789"),
        ("RequireEachIncludedType", "false"),
    ];
    let password = one(&stand, &nor_needed).await.unwrap();
    assert!(!password.contains(|c: char| c.is_ascii_digit()));
}

#[test]
fn every_place_can_hold_every_kind() {
    let wish = GetRandomPassword {
        length: 8,
        exclude_characters: String::new(),
        exclude_lowercase: false,
        exclude_uppercase: false,
        exclude_numbers: false,
        exclude_punctuation: false,
        require_each_included_type: true,
    };
    let mut first_is_digit = 0;
    let mut last_is_digit = 0;
    for _ in 0..400 {
        let password = password(&wish).unwrap();
        let chars: Vec<char> = password.expose().chars().collect();
        first_is_digit += i32::from(chars[0].is_ascii_digit());
        last_is_digit += i32::from(chars[7].is_ascii_digit());
    }
    // About a sixth each; the kinds that are put in first must not stay in front.
    for count in [first_is_digit, last_is_digit] {
        assert!((20..200).contains(&count), "{count} of 400");
    }
}
