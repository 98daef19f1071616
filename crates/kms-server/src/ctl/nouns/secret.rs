//! Secrets.

use super::owned::{policy, tagging};
use crate::ctl::table::{Arg, Kind, List, Noun, Pages, Show, Step, Verb};

pub(super) const SECRET: Noun =
    Noun::new("secret", "Secrets and their versions", &[VERBS, TAGGING])
        .nouns(&[POLICY])
        .examples(
            "\
  printf %s hunter2 | kms-server ctl secret create app/db
  kms-server ctl secret create app/tls --binary --file tls.p12 --tag team=web
  kms-server ctl secret get app/db
  kms-server ctl secret put app/db < new-password
  kms-server ctl secret versions app/db
  kms-server ctl secret stage app/db ACSCurrent --to v1 --from v2",
        );

const NAME: Arg = Arg::at("secret", "SecretName", "The secret's name, or its ARN");
const TAGGED: Arg = Arg::at("secret", "ResourceId.1", "The secret's name");

/// As `ctl rotate`, too: after a leak nobody should have to look for it.
pub(super) const ROTATE: Verb = Verb::kms(
    "rotate",
    "RotateSecret",
    "Rotates a secret of a managed type now",
)
.args(&[
    NAME,
    Arg::opt(
        "version-id",
        "VersionId",
        "The new version's name [default: v and the time]",
    )
    .kind(Kind::Stamp),
    Arg::opt(
        "window",
        "RotationWindow",
        "How long the AccessKey before stays good, such as 30m; RAMCredentials",
    ),
    Arg::flag(
        "dry-run",
        ("DryRun", "true"),
        "A rehearsal: says whether it would begin, and changes nothing",
    ),
    Arg::opt("watch", "", "Waits until the new value is current").kind(Kind::LocalFlag),
])
.step(Step::Rotate)
.examples(
    "\
After a leak, with half an hour for programs that still sign with the key before:
  kms-server ctl rotate acs/ram/user/app --window 30m --watch

Would it work?
  kms-server ctl rotate acs/ram/user/app --dry-run",
);

const VERBS: &[Verb] = &[
    Verb::kms(
        "create",
        "CreateSecret",
        "Makes a secret with its first version",
    )
    .args(&[
        NAME,
        Arg::opt(
            "version-id",
            "VersionId",
            "The version's name [default: v1]",
        )
        .kind(Kind::Default("v1")),
        Arg::opt(
            "type",
            "SecretType",
            "Generic, Rds, Redis, PolarDB, RAMCredentials or ECS",
        ),
        Arg::opt(
            "config",
            "ExtendedConfig",
            "What a managed type needs, as JSON",
        )
        .kind(Kind::Document),
        Arg::opt("key", "EncryptionKeyId", "The key that protects it"),
        Arg::opt("instance", "DKMSInstanceId", "The KMS instance it lives in"),
        Arg::opt("description", "Description", "For people"),
        Arg::opt("tag", "Tags", "A tag; as often as needed").kind(Kind::Tags),
        Arg::opt("policy", "Policy", "Who may do what with it, as JSON").kind(Kind::Document),
        Arg::opt(
            "rotate-every",
            "RotationInterval",
            "Rotates by itself, such as 7d; managed types",
        )
        .kind(Kind::With("EnableAutomaticRotation", "true")),
        Arg::stream("SecretData", Kind::Value),
    ])
    .examples(
        "\
The value comes from standard input, --file or a prompt. A value of one line loses its line end,
unless --keep-newline is said.

  printf %s hunter2 | kms-server ctl secret create app/db --description 'the database'
  kms-server ctl secret create app/tls --binary --file tls.p12
  kms-server ctl secret create '$Auto' --type RAMCredentials --file keys.json \\
    --config '{\"SecretSubType\":\"RamUserAccessKey\",\"UserName\":\"app\"}' --rotate-every 30d",
    ),
    Verb::kms(
        "get",
        "GetSecretValue",
        "Prints a secret's value and nothing else",
    )
    .args(&[
        NAME,
        Arg::opt("version-id", "VersionId", "That version"),
        Arg::opt(
            "stage",
            "VersionStage",
            "The version at this stage [default: ACSCurrent]",
        ),
        Arg::opt("field", "", "One field of a value that is a JSON object").kind(Kind::Local),
        Arg::flag(
            "config",
            ("FetchExtendedConfig", "true"),
            "With its configuration, in --json",
        ),
    ])
    .show(Show::Value)
    .examples(
        "\
  PASSWORD=$(kms-server ctl secret get app/db --field password)
  kms-server ctl secret get app/tls > tls.p12
  kms-server ctl secret get app/db --stage ACSPrevious --json",
    ),
    Verb::kms(
        "put",
        "PutSecretValue",
        "Stores a new version, which is the current one then",
    )
    .args(&[
        NAME,
        Arg::opt(
            "version-id",
            "VersionId",
            "Its name [default: v and the time]",
        )
        .kind(Kind::Stamp),
        Arg::opt("stage", "VersionStages", "Its stages, and not ACSCurrent").kind(Kind::List),
        Arg::stream("SecretData", Kind::Value),
    ])
    .examples(
        "\
  printf %s 'correct horse' | kms-server ctl secret put app/db
  kms-server ctl secret put app/db --file next.json --version-id 2026-12 --stage next",
    ),
    Verb::kms("list", "ListSecrets", "Lists secrets")
        .args(&[
            Arg::opt("name", "", "Of this name").kind(Kind::Filter("SecretName")),
            Arg::opt("type", "", "Of this type").kind(Kind::Filter("SecretType")),
            Arg::opt("tag-key", "", "With a tag of this key").kind(Kind::Filter("TagKey")),
            Arg::opt("tag-value", "", "With a tag of this value").kind(Kind::Filter("TagValue")),
            Arg::opt("description", "", "With this description").kind(Kind::Filter("Description")),
            Arg::opt("creator", "", "Made by this one").kind(Kind::Filter("Creator")),
            Arg::opt("instance", "", "In this KMS instance").kind(Kind::Filter("DKMSInstanceId")),
        ])
        .fixed(&[("FetchTags", "true")])
        .show(Show::List(&List {
            at: "/SecretList/Secret",
            columns: &[
                ("NAME", "/SecretName"),
                ("TYPE", "/SecretType"),
                ("UPDATED", "/UpdateTime"),
                ("DELETED AT", "/PlannedDeleteTime"),
                ("TAGS", "/Tags/Tag"),
            ],
            pages: Pages::Numbered,
        }))
        .examples(
            "An option that is said more than once takes any of its values; all options must fit.",
        ),
    Verb::kms(
        "versions",
        "ListSecretVersionIds",
        "Lists a secret's versions",
    )
    .args(&[
        NAME,
        Arg::flag(
            "all",
            ("IncludeDeprecated", "true"),
            "Those without a stage, too",
        ),
    ])
    .show(Show::List(&List {
        at: "/VersionIds/VersionId",
        columns: &[
            ("VERSION", "/VersionId"),
            ("CREATED", "/CreateTime"),
            ("STAGES", "/VersionStages/VersionStage"),
        ],
        pages: Pages::Numbered,
    })),
    Verb::kms(
        "describe",
        "DescribeSecret",
        "Shows what a secret is, without its value",
    )
    .args(&[NAME])
    .fixed(&[("FetchTags", "true")]),
    Verb::kms(
        "stage",
        "UpdateSecretVersionStage",
        "Moves a stage to another version, or takes it away",
    )
    .args(&[
        NAME,
        Arg::at("stage", "VersionStage", "The stage"),
        Arg::opt("to", "MoveToVersion", "The version that has it then"),
        Arg::opt("from", "RemoveFromVersion", "The version that has it now"),
    ])
    .examples(
        "\
Back to the version before:
  kms-server ctl secret stage app/db ACSCurrent --from v2 --to v1",
    ),
    Verb::kms(
        "update",
        "UpdateSecret",
        "Changes the description, or custom data of a managed type",
    )
    .args(&[
        NAME,
        Arg::opt("description", "Description", "For people"),
        Arg::opt(
            "custom-data",
            "ExtendedConfig.CustomData",
            "Pairs of names and values, as JSON",
        )
        .kind(Kind::Document),
    ]),
    Verb::kms(
        "delete",
        "DeleteSecret",
        "Deletes a secret, after a time in which it can be taken back",
    )
    .args(&[
        NAME,
        Arg::opt(
            "days",
            "RecoveryWindowInDays",
            "After so many days, 7 to 30 [default: 30]",
        ),
        Arg::flag(
            "now",
            ("ForceDeleteWithoutRecovery", "true"),
            "At once and for ever",
        ),
    ])
    .asks("This deletes the secret"),
    Verb::kms(
        "restore",
        "RestoreSecret",
        "Takes a secret back that is about to be deleted",
    )
    .args(&[NAME]),
    ROTATE,
    Verb::kms(
        "rotation",
        "UpdateSecretRotationPolicy",
        "Says whether and how often a secret rotates by itself",
    )
    .args(&[
        NAME,
        Arg::opt("every", "RotationInterval", "How often, such as 7d or 12h")
            .kind(Kind::With("EnableAutomaticRotation", "true")),
        Arg::flag(
            "off",
            ("EnableAutomaticRotation", "false"),
            "Not by itself any more",
        ),
    ]),
    Verb::kms("tags", "ListTagResources", "Lists a secret's tags")
        .args(&[TAGGED])
        .fixed(&[("ResourceType", "secret")])
        .show(Show::List(&List {
            at: "/TagResources/TagResource",
            columns: &[("KEY", "/TagKey"), ("VALUE", "/TagValue")],
            pages: Pages::Token,
        })),
    Verb::kms("password", "GetRandomPassword", "Prints a random password")
        .args(&[
            Arg::opt(
                "length",
                "PasswordLength",
                "So many characters, 8 to 128 [default: 32]",
            ),
            Arg::opt("exclude", "ExcludeCharacters", "None of these characters"),
            Arg::flag("no-lowercase", ("ExcludeLowercase", "true"), "No a to z"),
            Arg::flag("no-uppercase", ("ExcludeUppercase", "true"), "No A to Z"),
            Arg::flag("no-numbers", ("ExcludeNumbers", "true"), "No 0 to 9"),
            Arg::flag(
                "no-punctuation",
                ("ExcludePunctuation", "true"),
                "Letters and digits only",
            ),
        ])
        .show(Show::Reveal("/RandomPassword"))
        .examples(
            "  kms-server ctl secret password --no-punctuation | kms-server ctl secret put app/db",
        ),
];

const POLICY: Noun = policy!("secret", NAME, "GetSecretPolicy", "SetSecretPolicy");

const TAGGING: &[Verb] = tagging!("secret", TAGGED, "key");
