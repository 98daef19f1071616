//! A directory of accounts.

use kms_wire::Product;

use crate::ctl::table::{Arg, List, Noun, Pages, Show, Verb};

const FOLDER: Arg = Arg::at("folder", "FolderId", "The folder's id, fd-…");
const PARENT: Arg = Arg::opt(
    "in",
    "ParentFolderId",
    "The folder, fd-… [default: the root]",
);
const ACCOUNT: Arg = Arg::at("account", "AccountId", "The account's id");
const SERVICE: Arg = Arg::at(
    "service",
    "ServicePrincipal",
    "The service, such as config.aliyuncs.com",
);

pub(super) const DIRECTORY: Noun = Noun::new(
    "directory",
    "A directory of accounts, and its folders",
    &[&[
        of(
            "enable",
            "EnableResourceDirectory",
            "Makes one that this account manages",
        )
        .show(Show::Record("/ResourceDirectory")),
        of(
            "show",
            "GetResourceDirectory",
            "Shows the one that this account is in",
        )
        .show(Show::Record("/ResourceDirectory")),
        of(
            "destroy",
            "DestroyResourceDirectory",
            "Takes it away when it is empty",
        )
        .asks("Shares of its accounts share with nobody then: this takes the directory away"),
    ]],
)
.nouns(&[FOLDERS, MEMBERS, ADMINISTRATORS])
.examples(
    "\
  kms-server ctl directory enable
  kms-server ctl directory folder create applications
  kms-server ctl directory account create application-a --in fd-…",
);

const FOLDERS: Noun = Noun::new(
    "folder",
    "Its folders",
    &[&[
        of("create", "CreateFolder", "Makes a folder")
            .args(&[Arg::at("name", "FolderName", "Its name"), PARENT])
            .show(Show::Record("/Folder")),
        of(
            "list",
            "ListFoldersForParent",
            "Lists the folders in a folder",
        )
        .args(&[PARENT])
        .show(Show::List(&List {
            at: "/Folders/Folder",
            columns: &[("FOLDER", "/FolderId"), ("NAME", "/FolderName")],
            pages: Pages::Numbered,
        })),
        of("show", "GetFolder", "Shows a folder")
            .args(&[FOLDER])
            .show(Show::Record("/Folder")),
        of("rename", "UpdateFolder", "Gives a folder another name")
            .args(&[
                FOLDER,
                Arg::at("name", "NewFolderName", "Its name from now on"),
            ])
            .show(Show::Record("/Folder")),
        of("delete", "DeleteFolder", "Deletes an empty folder")
            .args(&[FOLDER])
            .asks("This deletes the folder"),
    ]],
);

const MEMBERS: Noun = Noun::new(
    "account",
    "The accounts in it",
    &[&[
        of("create", "CreateResourceAccount", "Makes an account")
            .args(&[
                Arg::at("name", "DisplayName", "What people call it"),
                Arg::opt("prefix", "AccountNamePrefix", "How its name begins"),
                PARENT,
            ])
            .show(Show::Record("/Account"))
            .examples(
                "\
The manager works in it by its role:
  kms-server ctl sts assume-role acs:ram::ACCOUNT:role/ResourceDirectoryAccountAccessRole",
            ),
        of("list", "ListAccounts", "Lists all accounts").show(Show::List(&LISTED)),
        of(
            "list-in",
            "ListAccountsForParent",
            "Lists the accounts in a folder",
        )
        .args(&[PARENT])
        .show(Show::List(&LISTED)),
        of("show", "GetAccount", "Shows an account")
            .args(&[ACCOUNT])
            .show(Show::Record("/Account")),
        of("move", "MoveAccount", "Puts an account into another folder").args(&[
            ACCOUNT,
            Arg::at(
                "folder",
                "DestinationFolderId",
                "The folder's id, fd-… or r-…",
            ),
        ]),
    ]],
);

const ADMINISTRATORS: Noun = Noun::new(
    "administrator",
    "Who administers a service for all accounts",
    &[&[
        of(
            "add",
            "RegisterDelegatedAdministrator",
            "Lets an account do so",
        )
        .args(&[ACCOUNT, SERVICE]),
        of("list", "ListDelegatedAdministrators", "Lists who does").show(Show::List(&List {
            at: "/Accounts/Account",
            columns: &[
                ("ACCOUNT", "/AccountId"),
                ("NAME", "/DisplayName"),
                ("SERVICE", "/ServicePrincipal"),
            ],
            pages: Pages::Numbered,
        })),
        of(
            "remove",
            "DeregisterDelegatedAdministrator",
            "Lets it no longer",
        )
        .args(&[ACCOUNT, SERVICE])
        .asks("The account administers the service no longer"),
    ]],
);

const LISTED: List = List {
    at: "/Accounts/Account",
    columns: &[
        ("ACCOUNT", "/AccountId"),
        ("NAME", "/DisplayName"),
        ("FOLDER", "/FolderId"),
        ("JOINED", "/JoinMethod"),
    ],
    pages: Pages::Numbered,
};

const fn of(name: &'static str, action: &'static str, about: &'static str) -> Verb {
    Verb::of(Product::ResourceDirectory, name, action, about)
}
