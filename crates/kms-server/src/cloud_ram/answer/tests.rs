use super::*;

fn told(identity_type: &str, arn: &str) -> Result<KeyOwner, RamError> {
    owner(&response::GetCallerIdentity {
        identity_type: identity_type.to_owned(),
        account_id: "1000000000000001".to_owned(),
        arn: arn.to_owned(),
        ..response::GetCallerIdentity::default()
    })
}

#[test]
fn a_key_is_a_users_or_an_accounts() {
    let account: AccountId = "1000000000000001".parse().unwrap();
    let user = KeyOwner::User(RamUser {
        account: account.clone(),
        name: "app-demo".parse().unwrap(),
    });
    let arn = "acs:ram::1000000000000001:user/app-demo";
    assert_eq!(told("RAMUser", arn), Ok(user));
    let root = told("Account", "acs:ram::1000000000000001:root");
    assert_eq!(root, Ok(KeyOwner::Account(account)));
    for (kind, arn) in [
        ("RAMUser", "acs:ram::2000000000000002:user/app-demo"),
        ("RAMUser", "acs:ram::1000000000000001:user/"),
        ("RAMUser", "acs:ram::1000000000000001:role/app"),
        ("AssumedRoleUser", "acs:ram::1000000000000001:role/app/s"),
        ("", ""),
    ] {
        let told = told(kind, arn);
        assert!(matches!(told, Err(RamError::Answer(_))), "{arn}: {told:?}");
    }
}

#[test]
fn a_key_is_listed_with_one_of_two_statuses_and_a_date() {
    let listed = |status: &str, date: &str| {
        key(&response::AccessKeySummary {
            access_key_id: "LTAI5tExample".to_owned(),
            status: status.to_owned(),
            create_date: date.to_owned(),
        })
    };
    let fine = listed("Inactive", "2026-11-29T08:00:00Z").unwrap();
    assert_eq!(fine.status, KeyStatus::Inactive);
    assert_eq!(fine.created, "2026-11-29T08:00:00Z".parse().unwrap());
    for (status, date) in [
        ("Disabled", "2026-11-29T08:00:00Z"),
        ("Active", "yesterday"),
        ("Active", ""),
    ] {
        let listed = listed(status, date);
        assert!(matches!(listed, Err(RamError::Answer(_))), "{listed:?}");
    }
}
