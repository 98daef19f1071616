use kms_types::{AliasName, KeyRef};

use super::operations;
use crate::request::param::Page;

operations! {
    /// Gives a key another name. Which names are the cloud's own, see
    /// [`AliasName::is_reserved`].
    CreateAlias -> Empty {
        /// The name.
        alias: AliasName = "AliasName",
        /// Whose it is to be.
        key: KeyRef = "KeyId",
    }

    /// Gives the name of one key to another.
    UpdateAlias -> Empty {
        /// The name.
        alias: AliasName = "AliasName",
        /// Whose it is to be.
        key: KeyRef = "KeyId",
    }

    /// Takes a name away.
    DeleteAlias -> Empty {
        /// The name.
        alias: AliasName = "AliasName",
    }

    /// Lists the names of all keys.
    ListAliases -> ListAliases {
        /// Of 10 unless said otherwise.
        page: Page<10> = "PageNumber",
    }

    /// Lists the names of a key.
    ListAliasesByKeyId -> ListAliases {
        /// Which key.
        key: KeyRef = "KeyId",
        /// Of 10 unless said otherwise.
        page: Page<10> = "PageNumber",
    }
}
