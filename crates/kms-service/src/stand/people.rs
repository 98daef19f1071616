//! Users who have what is attached to them and nothing else.

use super::*;

impl Stand {
    /// A user of the caller's account, with these policies.
    pub(crate) async fn person(&self, name: &str, policies: &[&str]) -> SigningKey {
        self.person_of(&self.caller, name, policies).await
    }

    /// A user of the account of this caller, who must be allowed to make one.
    pub(crate) async fn person_of(
        &self,
        admin: &Caller,
        name: &str,
        policies: &[&str],
    ) -> SigningKey {
        let user = [("UserName", name)];
        self.call_as(admin, "CreateUser", &user).await.unwrap();
        for (number, document) in policies.iter().enumerate() {
            let policy = format!("{name}-{number}");
            self.grant(admin, ("User", name), &policy, document).await;
        }
        let made = self.call_as(admin, "CreateAccessKey", &user).await.unwrap();
        let field = |name: &str| made["AccessKey"][name].as_str().unwrap();
        SigningKey {
            access_key_id: field("AccessKeyId").parse().unwrap(),
            access_key_secret: Secret::from(field("AccessKeySecret")),
            security_token: None,
        }
    }

    /// Makes a policy and gives it to that `User`, `Group` or `Role`.
    pub(crate) async fn grant(
        &self,
        admin: &Caller,
        (kind, name): (&str, &str),
        policy: &str,
        document: &str,
    ) {
        let made = [("PolicyName", policy), ("PolicyDocument", document)];
        let made = self.call_as(admin, "RamCreatePolicy", &made).await;
        made.unwrap_or_else(|code| panic!("{code}: {document}"));
        let holder = format!("{kind}Name");
        let attached = [
            ("PolicyType", "Custom"),
            ("PolicyName", policy),
            (holder.as_str(), name),
        ];
        let attach = format!("AttachPolicyTo{kind}");
        self.call_as(admin, &attach, &attached).await.unwrap();
    }

    /// Who comes in with the key, with the rights it has now.
    pub(crate) async fn come_in(&self, key: &SigningKey) -> Caller {
        let claim = self.claim(Scheme::V3, key, &RequestId::random().to_string());
        Caller {
            principal: self.service.authenticate(&claim).await.unwrap(),
            ..self.caller.clone()
        }
    }
}

/// A document of one statement.
pub(crate) fn document(effect: &str, action: &str, resource: &str) -> String {
    format!(
        r#"{{"Version":"1","Statement":[{{"Effect":"{effect}","Action":"{action}","Resource":"{resource}"}}]}}"#
    )
}
