//! Who one is, and whom one may be for a while.

use kms_wire::Product;

use crate::ctl::table::{Arg, Kind, Noun, Show, Verb};

const CREDENTIALS: Show = Show::Exports(&[
    ("ALIBABA_CLOUD_ACCESS_KEY_ID", "/Credentials/AccessKeyId"),
    (
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
        "/Credentials/AccessKeySecret",
    ),
    ("ALIBABA_CLOUD_SECURITY_TOKEN", "/Credentials/SecurityToken"),
]);

const ROLE: Arg = Arg::at("role", "RoleArn", "The role's ARN");

const SESSION: Arg = Arg::opt(
    "session-name",
    "RoleSessionName",
    "How the audit log calls you [default: ctl]",
)
.kind(Kind::Default("ctl"));

const SECONDS: Arg = Arg::opt(
    "seconds",
    "DurationSeconds",
    "For so long, from 900 [default: 3600]",
);

const POLICY: Arg = Arg::opt(
    "policy",
    "Policy",
    "Rights that you want to have at most: JSON, or @FILE",
)
.kind(Kind::Document);

pub(super) const STS: Noun = Noun::new(
    "sts",
    "Who you are, and roles that you take",
    &[&[
        Verb::of(
            Product::Sts,
            "whoami",
            "GetCallerIdentity",
            "Shows who you are",
        ),
        Verb::of(
            Product::Sts,
            "assume-role",
            "AssumeRole",
            "Takes a role; prints its credentials for a shell",
        )
        .args(&[
            ROLE,
            SESSION,
            SECONDS,
            POLICY,
            Arg::opt(
                "external-id",
                "ExternalId",
                "What the role's owner agreed upon with you",
            ),
        ])
        .show(CREDENTIALS)
        .examples(
            "\
Lines that a shell and the SDKs take; (…) keeps them from the shell around:
  (eval \"$(kms-server ctl sts assume-role acs:ram::1234567890123456:role/app)\"
   kms-server ctl secret get app/db)",
        ),
        Verb::of(
            Product::Sts,
            "assume-role-with-oidc",
            "AssumeRoleWithOIDC",
            "Takes a role for an issuer's token",
        )
        .args(&[
            ROLE,
            Arg::opt("provider", "OIDCProviderArn", "The identity provider's ARN").needed(),
            Arg::opt(
                "token",
                "OIDCToken",
                "@FILE of the token, or @- for standard input",
            )
            .kind(Kind::SecretDocument)
            .needed(),
            SESSION,
            SECONDS,
            POLICY,
        ])
        .show(CREDENTIALS),
    ]],
);
