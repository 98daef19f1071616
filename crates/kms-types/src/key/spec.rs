use super::{EncryptionAlgorithm, MacAlgorithm, SignatureAlgorithm, named::named};

named! {
    /// What a key is made of (`KeySpec`).
    ///
    /// The names of the HMAC keys are not printed in any document that could be read: ours
    /// are those of their algorithms.
    KeySpec {
        /// AES, 256 bits; what a key is unless another is asked for.
        Aes256 = "Aliyun_AES_256",
        /// AES, 192 bits.
        Aes192 = "Aliyun_AES_192",
        /// AES, 128 bits.
        Aes128 = "Aliyun_AES_128",
        /// SM4, 128 bits (GB/T 32907).
        Sm4 = "Aliyun_SM4",
        /// RSA, 2,048 bits.
        Rsa2048 = "RSA_2048",
        /// RSA, 3,072 bits.
        Rsa3072 = "RSA_3072",
        /// RSA, 4,096 bits.
        Rsa4096 = "RSA_4096",
        /// The curve P-256 of NIST.
        EcP256 = "EC_P256",
        /// The curve secp256k1 of SECG.
        EcP256K = "EC_P256K",
        /// The curve of GB/T 32918.5.
        EcSm2 = "EC_SM2",
        /// HMAC with SHA-224.
        HmacSha224 = "HMAC_SHA_224",
        /// HMAC with SHA-256.
        HmacSha256 = "HMAC_SHA_256",
        /// HMAC with SHA-384.
        HmacSha384 = "HMAC_SHA_384",
        /// HMAC with SHA-512.
        HmacSha512 = "HMAC_SHA_512",
        /// HMAC with SM3.
        HmacSm3 = "HMAC_SM3",
    }
}

named! {
    /// What a key is for, once and for all (`KeyUsage`).
    ///
    /// The third name is printed in no document that could be read: it follows the others'
    /// pattern.
    KeyUsage {
        /// Encrypts and decrypts.
        EncryptDecrypt = "ENCRYPT/DECRYPT",
        /// Signs and verifies signatures.
        SignVerify = "SIGN/VERIFY",
        /// Makes and verifies message authentication codes.
        GenerateVerifyMac = "GENERATE/VERIFY_MAC",
    }
}

named! {
    /// How long a data key is (`KeySpec` of GenerateDataKey).
    DataKeySpec {
        /// 32 bytes.
        Aes256 = "AES_256",
        /// 16 bytes.
        Aes128 = "AES_128",
    }
}

named! {
    /// How the halves of a data key pair are written (`KeyFormat`).
    KeyFormat {
        /// PEM.
        Pem = "PEM",
        /// DER.
        Der = "DER",
    }
}

// === impl KeySpec ===

impl KeySpec {
    /// What a key of this kind may be made for; the first one is meant if none is named. The
    /// official SDK says of that: signatures if the key can make them.
    pub fn usages(self) -> &'static [KeyUsage] {
        match self {
            Self::Aes256 | Self::Aes192 | Self::Aes128 | Self::Sm4 => &[KeyUsage::EncryptDecrypt],
            Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096 | Self::EcSm2 => {
                &[KeyUsage::SignVerify, KeyUsage::EncryptDecrypt]
            }
            Self::EcP256 | Self::EcP256K => &[KeyUsage::SignVerify],
            Self::HmacSha224
            | Self::HmacSha256
            | Self::HmacSha384
            | Self::HmacSha512
            | Self::HmacSm3 => &[KeyUsage::GenerateVerifyMac],
        }
    }

    /// Whether it encrypts under one key that both sides hold.
    pub fn is_symmetric(self) -> bool {
        self.usages() == [KeyUsage::EncryptDecrypt]
    }

    /// Whether it has a public half.
    pub fn is_pair(self) -> bool {
        self.usages().contains(&KeyUsage::SignVerify)
    }

    /// By which algorithms its public half encrypts; the first one is the key's own.
    pub fn encryption_algorithms(self) -> &'static [EncryptionAlgorithm] {
        match self {
            Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096 => &[
                EncryptionAlgorithm::RsaesOaepSha256,
                EncryptionAlgorithm::RsaesOaepSha1,
            ],
            Self::EcSm2 => &[EncryptionAlgorithm::Sm2Pke],
            _ => &[],
        }
    }

    /// By which algorithms it signs; the first one is the key's own.
    pub fn signature_algorithms(self) -> &'static [SignatureAlgorithm] {
        match self {
            Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096 => &[
                SignatureAlgorithm::RsaPssSha256,
                SignatureAlgorithm::RsaPkcs1Sha256,
            ],
            Self::EcP256 | Self::EcP256K => &[SignatureAlgorithm::EcdsaSha256],
            Self::EcSm2 => &[SignatureAlgorithm::Sm2Dsa],
            _ => &[],
        }
    }

    /// By which algorithm it makes message authentication codes.
    pub fn mac_algorithm(self) -> Option<MacAlgorithm> {
        match self {
            Self::HmacSha224 => Some(MacAlgorithm::HmacSha224),
            Self::HmacSha256 => Some(MacAlgorithm::HmacSha256),
            Self::HmacSha384 => Some(MacAlgorithm::HmacSha384),
            Self::HmacSha512 => Some(MacAlgorithm::HmacSha512),
            Self::HmacSm3 => Some(MacAlgorithm::HmacSm3),
            _ => None,
        }
    }
}

#[expect(
    clippy::derivable_impls,
    reason = "the list of names is the macro's, and has no place for a default"
)]
impl Default for KeySpec {
    fn default() -> Self {
        Self::Aes256
    }
}

// === impl DataKeySpec ===

impl DataKeySpec {
    /// In bytes.
    pub fn length(self) -> u32 {
        match self {
            Self::Aes256 => 32,
            Self::Aes128 => 16,
        }
    }
}
