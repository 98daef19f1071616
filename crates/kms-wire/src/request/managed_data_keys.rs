//! Data keys that the cloud keeps as secrets (model of PyPI alibabacloud_kms20160120 3.3.1).

use super::{keys::operations, param::Page};

operations! {
    /// Reads a managed data key's plaintext.
    GetManagedDataKey -> GetManagedDataKey {
        /// Its name.
        data_key_name: String = "DataKeyName",
        /// Which version.
        data_key_version_id: Option<String> = "DataKeyVersionId",
        /// Without a version: the latest rather than the first.
        use_latest: bool = "UseLatest",
    }

    /// Lists a managed data key's versions.
    ListManagedDataKeyVersions -> ListManagedDataKeyVersions {
        /// Its name.
        data_key_name: String = "DataKeyName",
        /// Of 10 unless said otherwise.
        page: Page<10> = "PageNumber",
    }
}
