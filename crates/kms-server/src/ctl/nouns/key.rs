//! Keys: what they are. What is done with them is next door.

use super::{
    key_use,
    owned::{KEY_ID, policy, tagging},
};
use crate::ctl::table::{Arg, Kind, List, Noun, Pages, Show, Step, Verb};

pub(super) const KEY: Noun = Noun::new(
    "key",
    "Keys, and what is done with them",
    &[VERBS, TAGGING, key_use::VERBS],
)
.nouns(&[ALIAS, POLICY, IMPORT])
.examples(
    "\
  kms-server ctl key create --description 'for backups'
  kms-server ctl key alias create alias/app KEY
  printf %s hello | kms-server ctl key encrypt alias/app > hello.enc
  kms-server ctl key decrypt < hello.enc",
);

const TAGGED: Arg = Arg::at("key", "ResourceId.1", "The key's id");

const VERBS: &[Verb] = &[
    Verb::kms("create", "CreateKey", "Makes a key")
        .args(&[
            Arg::opt(
                "spec",
                "KeySpec",
                "Aliyun_AES_256, RSA_2048, EC_P256, HMAC_SHA_256, … [default: Aliyun_AES_256]",
            ),
            Arg::opt(
                "usage",
                "KeyUsage",
                "ENCRYPT/DECRYPT, SIGN/VERIFY or GENERATE/VERIFY_MAC",
            ),
            Arg::opt(
                "origin",
                "Origin",
                "Aliyun_KMS, or EXTERNAL for material of your own",
            ),
            Arg::opt("instance", "DKMSInstanceId", "The KMS instance it lives in"),
            Arg::opt("description", "Description", "For people"),
            Arg::opt(
                "rotate-every",
                "RotationInterval",
                "Rotates by itself, such as 90d",
            )
            .kind(Kind::With("EnableAutomaticRotation", "true")),
            Arg::opt("policy", "Policy", "Who may do what with it, as JSON").kind(Kind::Document),
            Arg::opt("tag", "Tags", "A tag; as often as needed").kind(Kind::Tags),
        ])
        .show(Show::Record("/KeyMetadata"))
        .examples(
            "\
  kms-server ctl key create --description 'for backups' --rotate-every 90d
  kms-server ctl key create --spec EC_P256 --usage SIGN/VERIFY",
        ),
    Verb::kms("list", "ListKeys", "Lists keys")
        .args(&[
            Arg::opt("state", "", "In this state: Enabled, Disabled, …")
                .kind(Kind::Filter("KeyState")),
            Arg::opt("spec", "", "Of this kind").kind(Kind::Filter("KeySpec")),
            Arg::opt("usage", "", "For this use").kind(Kind::Filter("KeyUsage")),
            Arg::opt("creator-type", "", "Made by a User or a Service")
                .kind(Kind::Filter("CreatorType")),
            Arg::opt("instance", "", "In this KMS instance").kind(Kind::Filter("DKMSInstanceId")),
        ])
        .show(Show::List(&List {
            at: "/Keys/Key",
            columns: &[("KEY", "/KeyId"), ("ARN", "/KeyArn")],
            pages: Pages::Numbered,
        })),
    Verb::kms("describe", "DescribeKey", "Shows what a key is")
        .args(&[KEY_ID])
        .show(Show::Record("/KeyMetadata")),
    Verb::kms(
        "update",
        "UpdateKeyDescription",
        "Says anew what a key is for",
    )
    .args(&[
        KEY_ID,
        Arg::opt("description", "Description", "For people").needed(),
    ]),
    Verb::kms("enable", "EnableKey", "Makes a disabled key work again").args(&[KEY_ID]),
    Verb::kms(
        "disable",
        "DisableKey",
        "Makes a key refuse everything until it is enabled",
    )
    .args(&[KEY_ID])
    .asks("Nothing can be encrypted, decrypted or signed with it then: this disables the key"),
    Verb::kms(
        "schedule-deletion",
        "ScheduleKeyDeletion",
        "Deletes a key, after a time in which it can be taken back",
    )
    .args(&[
        KEY_ID,
        Arg::opt(
            "days",
            "PendingWindowInDays",
            "After so many days, 7 to 366 [default: 30]",
        )
        .kind(Kind::Default("30")),
    ])
    .asks("What it encrypted is lost then: this deletes the key"),
    Verb::kms(
        "cancel-deletion",
        "CancelKeyDeletion",
        "Takes a key back that is about to be deleted",
    )
    .args(&[KEY_ID]),
    Verb::kms(
        "protect",
        "SetDeletionProtection",
        "Keeps a key from being deleted",
    )
    .args(&[
        Arg::at("key", "ProtectedResourceArn", "The key's ARN"),
        Arg::opt("reason", "DeletionProtectionDescription", "For people"),
    ])
    .fixed(&[("EnableDeletionProtection", "true")]),
    Verb::kms(
        "unprotect",
        "SetDeletionProtection",
        "Lets a key be deleted again",
    )
    .args(&[Arg::at("key", "ProtectedResourceArn", "The key's ARN")])
    .fixed(&[("EnableDeletionProtection", "false")]),
    Verb::kms("versions", "ListKeyVersions", "Lists a key's versions")
        .args(&[KEY_ID])
        .show(Show::List(&List {
            at: "/KeyVersions/KeyVersion",
            columns: &[("VERSION", "/KeyVersionId"), ("CREATED", "/CreationDate")],
            pages: Pages::Numbered,
        })),
    Verb::kms(
        "rotate",
        "CreateKeyVersion",
        "Makes a new version, under which is encrypted from then on",
    )
    .args(&[KEY_ID])
    .show(Show::Record("/KeyVersion")),
    Verb::kms(
        "rotation",
        "UpdateRotationPolicy",
        "Says whether and how often a key rotates by itself",
    )
    .args(&[
        KEY_ID,
        Arg::opt(
            "every",
            "RotationInterval",
            "How often, such as 90d; 7 to 730 days",
        )
        .kind(Kind::With("EnableAutomaticRotation", "true")),
        Arg::flag(
            "off",
            ("EnableAutomaticRotation", "false"),
            "Not by itself any more",
        ),
    ]),
    Verb::kms("tags", "ListResourceTags", "Lists a key's tags")
        .args(&[KEY_ID])
        .show(Show::List(&List {
            at: "/Tags/Tag",
            columns: &[("KEY", "/TagKey"), ("VALUE", "/TagValue")],
            pages: Pages::One,
        })),
];

const ALIASES: Show = Show::List(&List {
    at: "/Aliases/Alias",
    columns: &[("ALIAS", "/AliasName"), ("KEY", "/KeyId")],
    pages: Pages::Numbered,
});

const ALIAS_NAME: Arg = Arg::at("alias", "AliasName", "alias/ and a name");

const ALIAS: Noun = Noun::new(
    "alias",
    "Names of keys",
    &[&[
        Verb::kms("create", "CreateAlias", "Gives a key a name").args(&[ALIAS_NAME, KEY_ID]),
        Verb::kms("update", "UpdateAlias", "Gives the name to another key")
            .args(&[ALIAS_NAME, KEY_ID]),
        Verb::kms("delete", "DeleteAlias", "Takes the name away")
            .args(&[ALIAS_NAME])
            .asks("This deletes"),
        Verb::kms("list", "ListAliases", "Lists the names of all keys").show(ALIASES),
        Verb::kms("of", "ListAliasesByKeyId", "Lists the names of one key")
            .args(&[KEY_ID])
            .show(ALIASES),
    ]],
);

const POLICY: Noun = policy!("key", KEY_ID, "GetKeyPolicy", "SetKeyPolicy");

const TAGGING: &[Verb] = tagging!("key", TAGGED, "tag-key");

const IMPORT: Noun = Noun::new(
    "import",
    "Key material of your own",
    &[&[
        Verb::kms(
            "material",
            "ImportKeyMaterial",
            "Imports raw key material into a key of Origin EXTERNAL",
        )
        .args(&[
            KEY_ID,
            Arg::opt(
                "expires",
                "KeyMaterialExpireUnix",
                "When it goes, in seconds since 1970",
            ),
            Arg::stream("", Kind::Material),
        ])
        .step(Step::ImportMaterial)
        .examples(
            "\
The material is encrypted here, under a key that the service gives for that.

  kms-server ctl key create --origin EXTERNAL
  head -c 32 /dev/urandom > material; kms-server ctl key import material KEY --file material",
        ),
        Verb::kms(
            "parameters",
            "GetParametersForImport",
            "Asks for what another program needs to encrypt material",
        )
        .args(&[
            KEY_ID,
            Arg::opt(
                "algorithm",
                "WrappingAlgorithm",
                "[default: RSAES_OAEP_SHA_256]",
            )
            .kind(Kind::Default("RSAES_OAEP_SHA_256")),
            Arg::opt("spec", "WrappingKeySpec", "[default: RSA_2048]")
                .kind(Kind::Default("RSA_2048")),
        ]),
        Verb::kms(
            "forget",
            "DeleteKeyMaterial",
            "Takes imported material away; the same can be imported again",
        )
        .args(&[KEY_ID])
        .asks(
            "Nothing can be decrypted until the same material is back: this takes it from the key",
        ),
    ]],
);
