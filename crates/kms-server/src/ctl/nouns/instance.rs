//! KMS instances.

use kms_wire::Product;

use crate::ctl::table::{Arg, Kind, List, Noun, Pages, Show, Verb};

const ID: Arg = Arg::at("instance", "KmsInstanceId", "The instance's id, kst-…");

/// What is bought is of this product and these goods.
const KMS: (&str, &str) = ("ProductCode", "kms");

const ACCESSES: Arg = Arg::opt(
    "accesses",
    "Parameter.1.Value",
    "How many networks and accounts may reach it, 0 to 10000",
)
.kind(Kind::With("Parameter.1.Code", "VpcNum"));

const KEYS: Arg = Arg::opt("keys", "Parameter.2.Value", "How many keys, 100 to 100000")
    .kind(Kind::With("Parameter.2.Code", "KeyNum"));

const SECRETS: Arg = Arg::opt(
    "secrets",
    "Parameter.3.Value",
    "How many secrets, 0 to 100000",
)
.kind(Kind::With("Parameter.3.Code", "SecretNum"));

pub(super) const INSTANCE: Noun = Noun::new(
    "instance",
    "KMS instances",
    &[
        &[
            Verb::kms("list", "ListKmsInstances", "Lists instances").show(Show::List(&List {
                at: "/KmsInstances/KmsInstance",
                columns: &[("INSTANCE", "/KmsInstanceId"), ("ARN", "/KmsInstanceArn")],
                pages: Pages::Numbered,
            })),
            Verb::kms("show", "GetKmsInstance", "Shows an instance")
                .args(&[ID])
                .show(Show::Record("/KmsInstance")),
            Verb::kms(
                "ca",
                "GetKmsInstance",
                "Prints the CA that vouches for an instance, in PEM",
            )
            .args(&[ID])
            .show(Show::Text("/KmsInstance/CaCertificateChainPem"))
            .examples("  kms-server ctl instance ca kst-… > PrivateKmsCA.pem"),
            Verb::kms(
                "quota",
                "GetKmsInstanceQuotaInfos",
                "Shows what an instance may hold, and holds",
            )
            .args(&[ID])
            .show(Show::List(&List {
                at: "/KmsInstanceQuotaInfos",
                columns: &[
                    ("OF", "/ResourceType"),
                    ("USED", "/UsedQuantity"),
                    ("QUOTA", "/ResourceQuota"),
                ],
                pages: Pages::One,
            })),
        ],
        BOUGHT,
    ],
);

const BOUGHT: &[Verb] = &[
    Verb::of(
        Product::Bss,
        "buy",
        "CreateInstance",
        "Buys an instance, paid as it is used; what is not said is the most that is sold",
    )
    .fixed(&[
        KMS,
        ("ProductType", "kms_ppi_public_cn"),
        ("SubscriptionType", "PayAsYouGo"),
    ])
    .args(&[ACCESSES, KEYS, SECRETS])
    .show(Show::Text("/Data/InstanceId"))
    .examples("  kms-server ctl instance buy --accesses 5 --keys 1000 --secrets 1000"),
    Verb::of(
        Product::Bss,
        "resize",
        "ModifyInstance",
        "Changes what an instance may hold, not below what it holds",
    )
    .fixed(&[KMS, ("ModifyType", "Upgrade")])
    .args(&[
        Arg::at("instance", "InstanceId", "The instance's id, kst-…"),
        ACCESSES,
        KEYS,
        SECRETS,
    ])
    .show(Show::Text("/Data/OrderId")),
    Verb::of(
        Product::Bss,
        "renew",
        "RenewInstance",
        "Pays for more months of an instance that was paid beforehand; an expired one works again",
    )
    .fixed(&[KMS])
    .args(&[
        Arg::at("instance", "InstanceId", "The instance's id, kst-…"),
        Arg::opt("months", "RenewPeriod", "1 to 9, 12, 24 or 36").needed(),
    ])
    .show(Show::Text("/Data/OrderId"))
    .examples("  kms-server ctl instance renew kst-… --months 12"),
    Verb::of(
        Product::Bss,
        "renewal",
        "SetRenewal",
        "Says what happens at the end of what was paid for",
    )
    .fixed(&[KMS, ("RenewalPeriodUnit", "M")])
    .args(&[
        Arg::at("instance", "InstanceIDs", "The instance's id, kst-…"),
        Arg::at(
            "renewal",
            "RenewalStatus",
            "AutoRenewal, ManualRenewal or NotRenewal",
        ),
        Arg::opt("months", "RenewalPeriod", "For how many months each time"),
    ]),
    Verb::kms(
        "connect",
        "ConnectKmsInstance",
        "Puts an instance that was bought into a network",
    )
    .fixed(&[("KMProvider", "Aliyun")])
    .args(&[
        ID,
        Arg::opt("vpc", "VpcId", "The network, vpc-…").needed(),
        Arg::opt(
            "vswitch",
            "VSwitchIds",
            "A vSwitch of it; as often as needed",
        )
        .kind(Kind::Joined)
        .needed(),
        Arg::opt(
            "zone",
            "ZoneIds",
            "The zone of a vSwitch; as often as needed",
        )
        .kind(Kind::Joined)
        .needed(),
    ])
    .examples(
        "  kms-server ctl instance connect kst-… --vpc vpc-… --vswitch vsw-… --zone cn-hangzhou-k",
    ),
    Verb::kms(
        "bind",
        "UpdateKmsInstanceBindVpc",
        "Says which networks besides its own may reach an instance; all others are cut off",
    )
    .args(&[
        ID,
        Arg::opt(
            "vpcs",
            "BindVpcs",
            "All of them, a JSON array of VpcId, VSwitchId, RegionId, VpcOwnerId",
        )
        .kind(Kind::Document)
        .needed(),
    ])
    .examples("  kms-server ctl instance bind kst-… --vpcs @vpcs.json"),
    Verb::kms("rename", "UpdateKmsInstance", "Says what it is called").args(&[
        ID,
        Arg::at("name", "InstanceName", "The name, 1 to 128 characters"),
    ]),
    Verb::kms(
        "protect",
        "SetDeletionProtection",
        "Keeps an instance from being given back",
    )
    .args(&[
        ID,
        Arg::opt("reason", "DeletionProtectionDescription", "For people"),
    ])
    .fixed(&[("EnableDeletionProtection", "true")]),
    Verb::kms(
        "unprotect",
        "SetDeletionProtection",
        "Lets an instance be given back again",
    )
    .args(&[ID])
    .fixed(&[("EnableDeletionProtection", "false")]),
    Verb::kms(
        "release",
        "ReleaseKmsInstance",
        "Gives an instance back in which nothing lives any more",
    )
    .args(&[ID])
    .asks("This gives the instance back"),
];
