//! Policies of RAM, their versions, and who has them. Attaching is three actions in RAM, one
//! for each kind of holder, and so three commands here.

use super::ram_verb::ram;
use crate::ctl::table::{Arg, Kind, List, Noun, Pages, Show, Verb};

const NAME: Arg = Arg::at("policy", "PolicyName", "The policy's name");

const TYPE: Arg = Arg::opt("type", "PolicyType", "Custom or System [default: Custom]")
    .kind(Kind::Default("Custom"));

const DOCUMENT: Arg = Arg::opt("document", "PolicyDocument", "The policy: JSON, or @FILE")
    .kind(Kind::Document)
    .needed();

pub(super) const POLICY: Noun = Noun::new(
    "policy",
    "Policies of RAM, and who has them",
    &[VERBS, HOLDERS],
)
.nouns(&[VERSION])
.examples(
    "\
  kms-server ctl ram policy create read-app --document @policy.json
  kms-server ctl ram policy attach-user read-app app
  kms-server ctl ram policy holders read-app",
);

const VERBS: &[Verb] = &[
    ram("create", "CreatePolicy", "Makes a policy")
        .args(&[
            NAME,
            DOCUMENT,
            Arg::opt("description", "Description", "For people"),
        ])
        .show(Show::Record("/Policy"))
        .examples(
            "\
  kms-server ctl ram policy create read-app --document '{\"Version\":\"1\",\"Statement\":[{
    \"Effect\":\"Allow\",\"Action\":[\"kms:GetSecretValue\",\"kms:Decrypt\"],
    \"Resource\":\"acs:kms:*:*:secret/app/*\"}]}'",
        ),
    ram("list", "ListPolicies", "Lists policies")
        .args(&[Arg::opt("type", "PolicyType", "Custom or System alone")])
        .show(Show::List(&List {
            at: "/Policies/Policy",
            columns: &[
                ("POLICY", "/PolicyName"),
                ("TYPE", "/PolicyType"),
                ("VERSION", "/DefaultVersion"),
                ("HOLDERS", "/AttachmentCount"),
                ("DESCRIPTION", "/Description"),
            ],
            pages: Pages::Marked,
        })),
    ram("show", "GetPolicy", "Shows a policy").args(&[NAME, TYPE]),
    ram("document", "GetPolicy", "Prints what a policy says")
        .args(&[NAME, TYPE])
        .show(Show::Text("/DefaultPolicyVersion/PolicyDocument")),
    ram(
        "update",
        "UpdatePolicyDescription",
        "Says anew what a policy is for",
    )
    .args(&[
        NAME,
        Arg::opt("description", "NewDescription", "For people").needed(),
    ]),
    ram("delete", "DeletePolicy", "Deletes a policy that nobody has")
        .args(&[
            NAME,
            Arg::flag(
                "cascading",
                ("CascadingDelete", "true"),
                "Its other versions, too",
            ),
        ])
        .asks("This deletes the policy"),
    ram("holders", "ListEntitiesForPolicy", "Lists who has a policy").args(&[NAME, TYPE]),
];

const VERSION_ID: Arg = Arg::at("version", "VersionId", "The version, such as v2");

const VERSION: Noun = Noun::new(
    "version",
    "Versions of policies",
    &[&[
        ram(
            "create",
            "CreatePolicyVersion",
            "Makes a new version of a policy, which counts from now on",
        )
        .args(&[
            NAME,
            DOCUMENT,
            Arg::flag(
                "rotate",
                (
                    "RotateStrategy",
                    "DeleteOldestNonDefaultVersionWhenLimitExceeded",
                ),
                "The oldest one goes if there are five",
            ),
        ])
        .fixed(&[("SetAsDefault", "true")])
        .show(Show::Record("/PolicyVersion")),
        ram("list", "ListPolicyVersions", "Lists a policy's versions")
            .args(&[NAME, TYPE])
            .show(Show::List(&List {
                at: "/PolicyVersions/PolicyVersion",
                columns: &[
                    ("VERSION", "/VersionId"),
                    ("COUNTS", "/IsDefaultVersion"),
                    ("CREATED", "/CreateDate"),
                ],
                pages: Pages::One,
            })),
        ram("document", "GetPolicyVersion", "Prints what a version says")
            .args(&[NAME, VERSION_ID, TYPE])
            .show(Show::Text("/PolicyVersion/PolicyDocument")),
        ram(
            "use",
            "SetDefaultPolicyVersion",
            "Makes a version the one that counts",
        )
        .args(&[NAME, VERSION_ID])
        .asks("This changes the rights that it gives:"),
        ram(
            "delete",
            "DeletePolicyVersion",
            "Deletes a version that does not count",
        )
        .args(&[NAME, VERSION_ID])
        .asks("This deletes the version"),
    ]],
);

const USER: Arg = Arg::at("user", "UserName", "The user's name");
const GROUP: Arg = Arg::at("group", "GroupName", "The group's name");
const ROLE: Arg = Arg::at("role", "RoleName", "The role's name");

const TAKES_AWAY: &str = "This takes rights away: the policy";

const ATTACHED: Show = Show::List(&List {
    at: "/Policies/Policy",
    columns: &[
        ("POLICY", "/PolicyName"),
        ("TYPE", "/PolicyType"),
        ("SINCE", "/AttachDate"),
    ],
    pages: Pages::One,
});

const HOLDERS: &[Verb] = &[
    ram("attach-user", "AttachPolicyToUser", "Gives a user a policy").args(&[NAME, USER, TYPE]),
    ram(
        "attach-group",
        "AttachPolicyToGroup",
        "Gives a group a policy",
    )
    .args(&[NAME, GROUP, TYPE]),
    ram("attach-role", "AttachPolicyToRole", "Gives a role a policy").args(&[NAME, ROLE, TYPE]),
    ram(
        "detach-user",
        "DetachPolicyFromUser",
        "Takes a policy from a user",
    )
    .args(&[NAME, USER, TYPE])
    .asks(TAKES_AWAY),
    ram(
        "detach-group",
        "DetachPolicyFromGroup",
        "Takes a policy from a group",
    )
    .args(&[NAME, GROUP, TYPE])
    .asks(TAKES_AWAY),
    ram(
        "detach-role",
        "DetachPolicyFromRole",
        "Takes a policy from a role",
    )
    .args(&[NAME, ROLE, TYPE])
    .asks(TAKES_AWAY),
    ram(
        "of-user",
        "ListPoliciesForUser",
        "Lists the policies that a user has itself",
    )
    .args(&[USER])
    .show(ATTACHED),
    ram(
        "of-group",
        "ListPoliciesForGroup",
        "Lists a group's policies",
    )
    .args(&[GROUP])
    .show(ATTACHED),
    ram("of-role", "ListPoliciesForRole", "Lists a role's policies")
        .args(&[ROLE])
        .show(ATTACHED),
];
