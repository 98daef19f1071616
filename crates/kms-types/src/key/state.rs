use super::named::named;

named! {
    /// What a key can be asked to do now (`KeyState`).
    KeyState {
        /// Everything that its kind can.
        Enabled = "Enabled",
        /// Nothing until it is enabled.
        Disabled = "Disabled",
        /// Nothing, and then it goes.
        PendingDeletion = "PendingDeletion",
        /// Nothing until its material is imported.
        PendingImport = "PendingImport",
    }
}

named! {
    /// Where a key's material comes from (`Origin`).
    KeyOrigin {
        /// The service makes it.
        Kms = "Aliyun_KMS",
        /// Its owner imports it.
        External = "EXTERNAL",
    }
}

named! {
    /// What guards a key (`ProtectionLevel`).
    ProtectionLevel {
        /// Software.
        Software = "SOFTWARE",
        /// A hardware security module.
        Hsm = "HSM",
    }
}
