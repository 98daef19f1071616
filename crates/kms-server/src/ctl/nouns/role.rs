//! Roles, and identity providers whose tokens take them.

use kms_service::delegation;
use kms_wire::Product;

use super::ram_verb::ram;
use crate::ctl::table::{Arg, Kind, List, Noun, Pages, Show, Step, Verb};

const ROLE_NAME: Arg = Arg::at("role", "RoleName", "The role's name");

pub(super) const ROLE: Noun = Noun::new("role", "Roles, and who may take them", &[&[
    ram("create", "CreateRole", "Makes a role")
        .args(&[
            ROLE_NAME,
            Arg::opt("trust", "AssumeRolePolicyDocument", "Who may take it: JSON, or @FILE")
                .kind(Kind::Document)
                .needed(),
            Arg::opt("description", "Description", "For people"),
            Arg::opt("longest", "MaxSessionDuration", "For at most so many seconds, 3600 to 43200"),
        ])
        .show(Show::Record("/Role"))
        .examples(
            "\
  kms-server ctl ram role create app --trust '{\"Version\":\"1\",\"Statement\":[{\"Effect\":\"Allow\",
    \"Action\":\"sts:AssumeRole\",\"Principal\":{\"RAM\":[\"acs:ram::1234567890123456:root\"]}}]}'",
        ),
    ram("list", "ListRoles", "Lists roles").show(Show::List(&List {
        at: "/Roles/Role",
        columns: &[
            ("ROLE", "/RoleName"),
            ("ARN", "/Arn"),
            ("DESCRIPTION", "/Description"),
        ],
        pages: Pages::Marked,
    })),
    ram("show", "GetRole", "Shows a role")
        .args(&[ROLE_NAME])
        .show(Show::Record("/Role")),
    ram("update", "UpdateRole", "Changes a role")
        .args(&[
            ROLE_NAME,
            Arg::opt("trust", "NewAssumeRolePolicyDocument", "Who may take it: JSON, or @FILE")
                .kind(Kind::Document),
            Arg::opt("description", "NewDescription", "For people"),
            Arg::opt("longest", "NewMaxSessionDuration", "For at most so many seconds, 3600 to 43200"),
        ])
        .show(Show::Record("/Role")),
    ram("delete", "DeleteRole", "Deletes a role without policies")
        .args(&[ROLE_NAME])
        .asks("This deletes the role"),
]]);

/// What the console offers in one step before RAM credentials are hosted.
pub(super) const KMS_ROLE: Noun = Noun::new(
    "kms-role",
    "The role by which KMS rotates AccessKeys of users",
    &[&[
        ram(
            "create",
            "CreateRole",
            "Makes the role and its policy, as far as they are not there",
        )
        .fixed(&[
            ("RoleName", delegation::ROLE),
            ("AssumeRolePolicyDocument", delegation::TRUST_DOCUMENT),
        ])
        .step(Step::KmsRole)
        .examples(
            "\
KMS may then list, make, switch and delete the AccessKeys of the account's users, and nothing
else. What is there and says something else is left as it is, and told.

  kms-server ctl ram kms-role create
  kms-server ctl ram policy document AliyunKMSManagedRAMCrendentialsRolePolicy",
        ),
        ram("show", "GetRole", "Shows the role")
            .fixed(&[("RoleName", delegation::ROLE)])
            .show(Show::Record("/Role")),
    ]],
);

const PROVIDER: Arg = Arg::at("provider", "OIDCProviderName", "The provider's name");

const SHOWN: Show = Show::Record("/OIDCProvider");

const fn ims(name: &'static str, action: &'static str, about: &'static str) -> Verb {
    Verb::of(Product::Ims, name, action, about)
}

pub(super) const OIDC_PROVIDER: Noun = Noun::new(
    "oidc-provider",
    "Issuers whose tokens take roles",
    &[&[
        ims("create", "CreateOIDCProvider", "Makes an identity provider")
            .args(&[
                PROVIDER,
                Arg::opt("issuer", "IssuerUrl", "The issuer, https://…").needed(),
                Arg::opt(
                    "client-id",
                    "ClientIds",
                    "For whom its tokens are; as often as needed",
                )
                .kind(Kind::Joined)
                .needed(),
                Arg::opt(
                    "fingerprint",
                    "Fingerprints",
                    "SHA-1 of a certificate that the issuer may show; as often as needed",
                )
                .kind(Kind::Joined),
                Arg::opt("description", "Description", "For people"),
                Arg::opt(
                    "hours",
                    "IssuanceLimitTime",
                    "Tokens may be so many hours old",
                ),
            ])
            .show(SHOWN),
        ims("list", "ListOIDCProviders", "Lists identity providers").show(Show::List(&List {
            at: "/OIDCProviders/OIDCProvider",
            columns: &[
                ("PROVIDER", "/OIDCProviderName"),
                ("ISSUER", "/IssuerUrl"),
                ("CLIENT IDS", "/ClientIds"),
            ],
            pages: Pages::Marked,
        })),
        ims("show", "GetOIDCProvider", "Shows an identity provider")
            .args(&[PROVIDER])
            .show(SHOWN),
        ims(
            "update",
            "UpdateOIDCProvider",
            "Changes an identity provider",
        )
        .args(&[
            PROVIDER,
            Arg::opt(
                "client-id",
                "ClientIds",
                "For whom its tokens are; replaces those that are there",
            )
            .kind(Kind::Joined),
            Arg::opt("description", "NewDescription", "For people"),
            Arg::opt(
                "hours",
                "IssuanceLimitTime",
                "Tokens may be so many hours old",
            ),
        ])
        .show(SHOWN),
        ims(
            "delete",
            "DeleteOIDCProvider",
            "Deletes an identity provider",
        )
        .args(&[PROVIDER])
        .asks("Its tokens take no role then: this deletes"),
        ims(
            "add-client-id",
            "AddClientIdToOIDCProvider",
            "Takes tokens for one more client",
        )
        .args(&[PROVIDER, Arg::at("client-id", "ClientId", "For whom")])
        .show(SHOWN),
        ims(
            "remove-client-id",
            "RemoveClientIdFromOIDCProvider",
            "Takes tokens for one client fewer",
        )
        .args(&[PROVIDER, Arg::at("client-id", "ClientId", "For whom")])
        .show(SHOWN),
        ims(
            "add-fingerprint",
            "AddFingerprintToOIDCProvider",
            "Lets the issuer show one more certificate",
        )
        .args(&[PROVIDER, Arg::at("fingerprint", "Fingerprint", "Its SHA-1")])
        .show(SHOWN),
        ims(
            "remove-fingerprint",
            "RemoveFingerprintFromOIDCProvider",
            "Lets the issuer show one certificate fewer",
        )
        .args(&[PROVIDER, Arg::at("fingerprint", "Fingerprint", "Its SHA-1")])
        .show(SHOWN),
    ]],
);
