//! Application access points, as seed 003 sets them up: network rule, access policy, access
//! point, ClientKey.

use crate::ctl::table::{Arg, Kind, List, Noun, Pages, Show, Step, Verb};

const NAME: Arg = Arg::at("name", "Name", "Its name");
const DESCRIPTION: Arg = Arg::opt("description", "Description", "For people");

pub(super) const AAP: Noun = Noun::new(
    "aap",
    "Application access points and ClientKeys",
    &[&[
        Verb::kms(
            "create",
            "CreateApplicationAccessPoint",
            "Makes an access point",
        )
        .args(&[
            NAME,
            Arg::opt("policy", "Policies", "An access policy's name; up to three")
                .kind(Kind::List)
                .needed(),
            DESCRIPTION,
        ])
        .fixed(&[("AuthenticationMethod", "ClientKey")]),
        Verb::kms("list", "ListApplicationAccessPoints", "Lists access points").show(Show::List(
            &List {
                at: "/ApplicationAccessPoints/ApplicationAccessPoint",
                columns: &[("NAME", "/Name"), ("BY", "/AuthenticationMethod")],
                pages: Pages::Numbered,
            },
        )),
        Verb::kms(
            "show",
            "DescribeApplicationAccessPoint",
            "Shows an access point",
        )
        .args(&[NAME]),
        Verb::kms(
            "update",
            "UpdateApplicationAccessPoint",
            "Changes an access point",
        )
        .args(&[
            NAME,
            Arg::opt(
                "policy",
                "Policies",
                "An access policy's name; replaces those that are there",
            )
            .kind(Kind::List),
            DESCRIPTION,
        ]),
        Verb::kms(
            "delete",
            "DeleteApplicationAccessPoint",
            "Deletes an access point and its ClientKeys",
        )
        .args(&[NAME])
        .asks("Who uses its ClientKeys is refused then: this deletes the access point"),
    ]],
)
.nouns(&[NETWORK_RULE, POLICY, CLIENT_KEY])
.examples(
    "\
From nothing to a file for an application:
  kms-server ctl aap network-rule create office --type Public --ip 203.0.113.0/24
  kms-server ctl aap policy create app --resource 'secret/app/*' --network-rule office \\
    --permission RbacPermission/Template/SecretUser
  kms-server ctl aap create app --policy app
  kms-server ctl aap client-key create app --dir .",
);

const NETWORK_RULE: Noun = Noun::new(
    "network-rule",
    "From where access points are used",
    &[&[
        Verb::kms("create", "CreateNetworkRule", "Makes a network rule").args(&[
            NAME,
            Arg::opt(
                "ip",
                "SourcePrivateIp",
                "An address or a network; as often as needed",
            )
            .kind(Kind::List)
            .needed(),
            Arg::opt(
                "type",
                "Type",
                "Private, or Public for addresses of the internet [default: Private]",
            )
            .kind(Kind::Default("Private")),
            DESCRIPTION,
        ]),
        Verb::kms("list", "ListNetworkRules", "Lists network rules").show(Show::List(&List {
            at: "/NetworkRules/NetworkRule",
            columns: &[("NAME", "/Name"), ("TYPE", "/Type")],
            pages: Pages::Numbered,
        })),
        Verb::kms("show", "DescribeNetworkRule", "Shows a network rule").args(&[NAME]),
        Verb::kms("update", "UpdateNetworkRule", "Changes a network rule").args(&[
            NAME,
            Arg::opt(
                "ip",
                "SourcePrivateIp",
                "An address or a network; replaces those that are there",
            )
            .kind(Kind::List),
            DESCRIPTION,
        ]),
        Verb::kms(
            "delete",
            "DeleteNetworkRule",
            "Deletes a network rule that no policy names",
        )
        .args(&[NAME])
        .asks("This deletes the network rule"),
    ]],
);

const PERMISSION: Arg = Arg::opt(
    "permission",
    "Permissions",
    "RbacPermission/Template/ and SecretUser, CryptoServiceSecretUser or CryptoServiceKeyUser",
)
.kind(Kind::List);

const RESOURCE: Arg = Arg::opt(
    "resource",
    "Resources",
    "secret/… or key/…, * at the end; as often as needed",
)
.kind(Kind::List);

const RULES: Arg = Arg::opt(
    "network-rule",
    "AccessControlRules",
    "From where; up to three",
)
.kind(Kind::NetworkRules);

const POLICY: Noun = Noun::new(
    "policy",
    "What access points may do",
    &[&[
        Verb::kms("create", "CreatePolicy", "Makes an access policy").args(&[
            NAME,
            Arg::opt(
                "scope",
                "KmsInstance",
                "shared, or an instance's id [default: shared]",
            )
            .kind(Kind::Default("shared")),
            PERMISSION.needed(),
            RESOURCE.needed(),
            RULES,
            DESCRIPTION,
        ]),
        Verb::kms("list", "ListPolicies", "Lists access policies").show(Show::List(&List {
            at: "/Policies/Policy",
            columns: &[("NAME", "/Name")],
            pages: Pages::Numbered,
        })),
        Verb::kms("show", "DescribePolicy", "Shows an access policy").args(&[NAME]),
        Verb::kms(
            "update",
            "UpdatePolicy",
            "Changes an access policy; what is said replaces what is there",
        )
        .args(&[NAME, PERMISSION, RESOURCE, RULES, DESCRIPTION]),
        Verb::kms(
            "delete",
            "DeletePolicy",
            "Deletes an access policy that no access point names",
        )
        .args(&[NAME])
        .asks("This deletes the access policy"),
    ]],
);

const KEY_ID: Arg = Arg::at("client-key", "ClientKeyId", "The ClientKey's id, KAAP.…");

const CLIENT_KEY: Noun = Noun::new(
    "client-key",
    "ClientKeys of access points",
    &[&[
        Verb::kms(
            "create",
            "CreateClientKey",
            "Makes a ClientKey and writes its two files",
        )
        .args(&[
            Arg::at("aap", "AapName", "The access point's name"),
            Arg::opt("dir", "", "The folder for the files [default: .]").kind(Kind::Local),
            Arg::opt(
                "not-before",
                "NotBefore",
                "From when it works, such as 2026-12-01T00:00:00Z",
            ),
            Arg::opt("not-after", "NotAfter", "Until when [default: five years]"),
        ])
        .step(Step::ClientKey)
        .examples(
            "\
Writes clientKey_ID.json and clientKey_ID_Password.txt, for their owner alone. The password is
made here; the server keeps neither.",
        ),
        Verb::kms(
            "list",
            "ListClientKeys",
            "Lists the ClientKeys of an access point",
        )
        .args(&[Arg::at("aap", "AapName", "The access point's name")])
        .show(Show::Ending(
            &List {
                at: "/ClientKeys",
                columns: &[
                    ("CLIENT KEY", "/ClientKeyId"),
                    ("NOT BEFORE", "/NotBefore"),
                    ("NOT AFTER", "/NotAfter"),
                    ("LAST USED", "/LastUsedDate"),
                ],
                pages: Pages::One,
            },
            "/NotAfter",
        ))
        .examples(
            "\
LAST USED is told to ten minutes, by servers of this project; DAYS LEFT are whole ones.",
        ),
        Verb::kms(
            "show",
            "GetClientKey",
            "Shows a ClientKey, without its private half",
        )
        .args(&[KEY_ID]),
        Verb::kms("delete", "DeleteClientKey", "Deletes a ClientKey")
            .args(&[KEY_ID])
            .asks("Who uses it is refused then: this deletes the ClientKey"),
    ]],
);
