//! Users, groups and AccessKeys of RAM; policies and roles are next door.

use super::{ram_policy, ram_verb::ram, role};
use crate::ctl::table::{Arg, List, Noun, Pages, Show};

pub(super) const RAM: Noun = Noun::new("ram", "Users, groups, roles, policies, AccessKeys", &[])
    .nouns(&[
        USER,
        GROUP,
        ACCESS_KEY,
        ram_policy::POLICY,
        role::ROLE,
        role::KMS_ROLE,
        role::OIDC_PROVIDER,
    ])
    .examples(
        "\
  kms-server ctl ram user create app
  kms-server ctl ram policy create read-app --document @policy.json
  kms-server ctl ram policy attach-user read-app app
  kms-server ctl ram access-key create app > app.env   # shown once",
    );

const USER_NAME: Arg = Arg::at("user", "UserName", "The user's name");
const GROUP_NAME: Arg = Arg::at("group", "GroupName", "The group's name");

const USER: Noun = Noun::new(
    "user",
    "Users",
    &[&[
        ram("create", "CreateUser", "Makes a user")
            .args(&[
                USER_NAME,
                Arg::opt("display-name", "DisplayName", "For people"),
                Arg::opt("email", "Email", "For people"),
                Arg::opt("phone", "MobilePhone", "For people, such as 86-18600008888"),
                Arg::opt("comments", "Comments", "For people"),
            ])
            .show(Show::Record("/User")),
        ram("list", "ListUsers", "Lists users").show(Show::List(&List {
            at: "/Users/User",
            columns: &[
                ("USER", "/UserName"),
                ("ID", "/UserId"),
                ("DISPLAY NAME", "/DisplayName"),
                ("CREATED", "/CreateDate"),
            ],
            pages: Pages::Marked,
        })),
        ram("show", "GetUser", "Shows a user")
            .args(&[USER_NAME])
            .show(Show::Record("/User")),
        ram("update", "UpdateUser", "Changes a user")
            .args(&[
                USER_NAME,
                Arg::opt("new-name", "NewUserName", "Another name"),
                Arg::opt("display-name", "NewDisplayName", "For people"),
                Arg::opt("email", "NewEmail", "For people"),
                Arg::opt("phone", "NewMobilePhone", "For people"),
                Arg::opt("comments", "NewComments", "For people"),
            ])
            .show(Show::Record("/User")),
        ram(
            "delete",
            "DeleteUser",
            "Deletes a user that has no AccessKey, group or policy left",
        )
        .args(&[USER_NAME])
        .asks("This deletes the user"),
        ram("groups", "ListGroupsForUser", "Lists a user's groups")
            .args(&[USER_NAME])
            .show(Show::List(&List {
                at: "/Groups/Group",
                columns: &[("GROUP", "/GroupName"), ("SINCE", "/JoinDate")],
                pages: Pages::One,
            })),
    ]],
);

const GROUP: Noun = Noun::new(
    "group",
    "Groups of users",
    &[&[
        ram("create", "CreateGroup", "Makes a group")
            .args(&[GROUP_NAME, Arg::opt("comments", "Comments", "For people")])
            .show(Show::Record("/Group")),
        ram("list", "ListGroups", "Lists groups").show(Show::List(&List {
            at: "/Groups/Group",
            columns: &[
                ("GROUP", "/GroupName"),
                ("CREATED", "/CreateDate"),
                ("COMMENTS", "/Comments"),
            ],
            pages: Pages::Marked,
        })),
        ram("show", "GetGroup", "Shows a group")
            .args(&[GROUP_NAME])
            .show(Show::Record("/Group")),
        ram("update", "UpdateGroup", "Changes a group")
            .args(&[
                GROUP_NAME,
                Arg::opt("new-name", "NewGroupName", "Another name"),
                Arg::opt("comments", "NewComments", "For people"),
            ])
            .show(Show::Record("/Group")),
        ram(
            "delete",
            "DeleteGroup",
            "Deletes a group without users and policies",
        )
        .args(&[GROUP_NAME])
        .asks("This deletes the group"),
        ram("add", "AddUserToGroup", "Puts a user into a group").args(&[GROUP_NAME, USER_NAME]),
        ram(
            "remove",
            "RemoveUserFromGroup",
            "Takes a user out of a group",
        )
        .args(&[GROUP_NAME, USER_NAME])
        .asks("This takes rights away: out of the group"),
        ram("users", "ListUsersForGroup", "Lists a group's users")
            .args(&[GROUP_NAME])
            .show(Show::List(&List {
                at: "/Users/User",
                columns: &[("USER", "/UserName"), ("SINCE", "/JoinDate")],
                pages: Pages::Marked,
            })),
    ]],
);

const OWNER: Arg = USER_NAME.optional();
const KEY: Arg = Arg::at("access-key", "UserAccessKeyId", "The AccessKeyId");
const WHOSE: Arg = Arg::opt("user", "UserName", "Whose; yours unless said");

const ACCESS_KEY: Noun = Noun::new(
    "access-key",
    "AccessKeys of users",
    &[&[
        ram(
            "create",
            "CreateAccessKey",
            "Makes an AccessKey; its secret is shown this once",
        )
        .args(&[OWNER])
        .show(Show::Exports(&[
            ("ALIBABA_CLOUD_ACCESS_KEY_ID", "/AccessKey/AccessKeyId"),
            (
                "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
                "/AccessKey/AccessKeySecret",
            ),
        ]))
        .examples(
            "\
Lines that a shell and the SDKs take:
  (umask 077; kms-server ctl ram access-key create app > app.env)
  source app.env",
        ),
        ram("list", "ListAccessKeys", "Lists a user's AccessKeys")
            .args(&[OWNER])
            .show(Show::List(&List {
                at: "/AccessKeys/AccessKey",
                columns: &[
                    ("ACCESS KEY", "/AccessKeyId"),
                    ("STATUS", "/Status"),
                    ("CREATED", "/CreateDate"),
                ],
                pages: Pages::One,
            })),
        ram(
            "disable",
            "UpdateAccessKey",
            "Makes an AccessKey stop working",
        )
        .args(&[KEY, WHOSE])
        .fixed(&[("Status", "Inactive")])
        .asks("Who uses it is refused then: this disables the AccessKey"),
        ram("enable", "UpdateAccessKey", "Makes it work again")
            .args(&[KEY, WHOSE])
            .fixed(&[("Status", "Active")]),
        ram(
            "last-used",
            "GetAccessKeyLastUsed",
            "Says when an AccessKey signed last",
        )
        .args(&[KEY, WHOSE])
        .show(Show::Record("/AccessKeyLastUsed")),
        ram("delete", "DeleteAccessKey", "Deletes an AccessKey")
            .args(&[KEY, WHOSE])
            .asks("Who uses it is refused then: this deletes the AccessKey"),
    ]],
);
