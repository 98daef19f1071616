//! What keys and secrets have in common: a policy and tags. Macros, for tables are constants.

use crate::ctl::table::Arg;

/// How a key is named.
pub(super) const KEY_ID: Arg = Arg::at("key", "KeyId", "The key's id, its ARN or alias/…");

/// The noun for the policy of a `$thing`, by the actions that get and set it.
macro_rules! policy {
    ($thing:literal, $whose:expr, $get:literal, $set:literal) => {
        Noun::new(
            "policy",
            concat!("Who may do what with a ", $thing),
            &[&[
                Verb::kms("get", $get, concat!("Prints a ", $thing, "'s policy"))
                    .args(&[$whose])
                    .show(Show::Text("/Policy")),
                Verb::kms("set", $set, concat!("Sets a ", $thing, "'s policy"))
                    .args(&[
                        $whose,
                        Arg::at("policy", "Policy", "JSON, or @FILE").kind(Kind::Document),
                    ])
                    .asks("This replaces the policy of"),
            ]],
        )
    };
}

/// The verbs that give a `$thing` tags and take them away; `$key` is what a tag's key is called
/// there.
macro_rules! tagging {
    ($thing:literal, $whose:expr, $key:literal) => {
        &[
            Verb::kms("tag", "TagResources", concat!("Gives a ", $thing, " tags"))
                .args(&[
                    $whose,
                    Arg::at(
                        "tag",
                        "Tag",
                        "A tag; a key that is there gets the new value",
                    )
                    .kind(Kind::NumberedTags),
                ])
                .fixed(&[("ResourceType", $thing)]),
            Verb::kms(
                "untag",
                "UntagResources",
                concat!("Takes tags from a ", $thing),
            )
            .args(&[
                $whose,
                Arg::at($key, "TagKey", "A tag's key").kind(Kind::Numbered),
            ])
            .fixed(&[("ResourceType", $thing)]),
        ]
    };
}

pub(super) use {policy, tagging};
