//! What accounts share with each other.

use kms_wire::Product;

use crate::ctl::table::{Arg, Kind, List, Noun, Pages, Show, Verb};

const SHARE: Arg = Arg::at("share", "ResourceShareId", "The share's id, rs-…");
const TARGETS: Arg = Arg::opt(
    "target",
    "Targets",
    "An account, a folder (fd-…) or the directory (rd-…); as often as needed",
)
.kind(Kind::Numbered);
const INSTANCE: Arg = Arg::opt(
    "instance",
    "Resources.1.ResourceId",
    "A KMS instance of one's own",
)
.kind(Kind::With("Resources.1.ResourceType", "KMSInstance"));
const VSWITCH: Arg = Arg::opt(
    "vswitch",
    "Resources.1.ResourceId",
    "Instead of an instance: a vSwitch of one's own",
)
.kind(Kind::With("Resources.1.ResourceType", "VSwitch"));

const ASSOCIATIONS: List = List {
    at: "/ResourceShareAssociations",
    columns: &[
        ("ENTITY", "/EntityId"),
        ("TYPE", "/EntityType"),
        ("STATUS", "/AssociationStatus"),
        ("SHARE", "/ResourceShareId"),
        ("WHY", "/AssociationFailedDetails/0/FailureDescription"),
    ],
    pages: Pages::Token,
};

/// The same of an answer that has no failure in its example.
const TAKEN_OUT: List = List {
    at: "/ResourceShareAssociations",
    columns: &[
        ("ENTITY", "/EntityId"),
        ("TYPE", "/EntityType"),
        ("STATUS", "/AssociationStatus"),
    ],
    pages: Pages::One,
};

const ADDED: List = List {
    pages: Pages::One,
    ..ASSOCIATIONS
};

pub(super) const SHARES: Noun = Noun::new(
    "share",
    "What accounts of a directory share with each other",
    &[&[
        sharing("create", "CreateResourceShare", "Makes a share")
            .args(&[
                Arg::at("name", "ResourceShareName", "For people"),
                INSTANCE,
                VSWITCH,
                TARGETS,
            ])
            .show(Show::Record("/ResourceShare")),
        sharing("list", "ListResourceShares", "Lists one's own shares")
            .fixed(&[("ResourceOwner", "Self")])
            .show(Show::List(&LISTED)),
        sharing(
            "offered",
            "ListResourceShares",
            "Lists the shares of others by which one reaches something",
        )
        .fixed(&[("ResourceOwner", "OtherAccounts")])
        .show(Show::List(&LISTED)),
        sharing(
            "targets",
            "ListResourceShareAssociations",
            "Lists with whom one shares, and how far that came",
        )
        .fixed(&[("AssociationType", "Target")])
        .args(&[Arg::opt(
            "share",
            "ResourceShareIds.1",
            "Of this share alone",
        )])
        .show(Show::List(&ASSOCIATIONS)),
        sharing(
            "resources",
            "ListResourceShareAssociations",
            "Lists what one shares, and how far that came",
        )
        .fixed(&[("AssociationType", "Resource")])
        .args(&[Arg::opt(
            "share",
            "ResourceShareIds.1",
            "Of this share alone",
        )])
        .show(Show::List(&ASSOCIATIONS)),
        sharing(
            "add",
            "AssociateResourceShare",
            "Puts resources or targets into a share",
        )
        .args(&[SHARE, INSTANCE, VSWITCH, TARGETS])
        .show(Show::List(&ADDED)),
        sharing(
            "remove",
            "DisassociateResourceShare",
            "Takes resources or targets out of a share",
        )
        .args(&[SHARE, INSTANCE, VSWITCH, TARGETS])
        .asks("Who reaches something by them reaches it no longer")
        .show(Show::List(&TAKEN_OUT)),
        sharing(
            "rename",
            "UpdateResourceShare",
            "Gives a share another name",
        )
        .args(&[
            SHARE,
            Arg::at("name", "ResourceShareName", "Its name from now on"),
        ])
        .show(Show::Record("/ResourceShare")),
        sharing("delete", "DeleteResourceShare", "Deletes a share")
            .args(&[SHARE])
            .asks("Who reaches something by it reaches it no longer"),
        sharing(
            "enable",
            "EnableSharingWithResourceDirectory",
            "Lets the accounts of the directory share; for the account that manages it",
        ),
        sharing(
            "status",
            "CheckSharingWithResourceDirectoryStatus",
            "Shows whether they may",
        ),
    ]],
)
.examples(
    "\
An instance for all who are in a folder, or will be:
  kms-server ctl share create kms --instance kst-… --target fd-…
  kms-server ctl share targets",
);

const LISTED: List = List {
    at: "/ResourceShares",
    columns: &[
        ("SHARE", "/ResourceShareId"),
        ("NAME", "/ResourceShareName"),
        ("OWNER", "/ResourceShareOwner"),
        ("STATUS", "/ResourceShareStatus"),
    ],
    pages: Pages::Token,
};

const fn sharing(name: &'static str, action: &'static str, about: &'static str) -> Verb {
    Verb::of(Product::ResourceSharing, name, action, about)
}
