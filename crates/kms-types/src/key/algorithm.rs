use super::named::named;

named! {
    /// How a public key encrypts (`Algorithm` of AsymmetricEncrypt).
    EncryptionAlgorithm {
        /// RSAES-OAEP with SHA-1 for digest and mask (RFC 8017).
        RsaesOaepSha1 = "RSAES_OAEP_SHA_1",
        /// RSAES-OAEP with SHA-256 for digest and mask.
        RsaesOaepSha256 = "RSAES_OAEP_SHA_256",
        /// GB/T 32918.4, written as GB/T 35276 has it: DER of x, y, SM3 digest, ciphertext.
        Sm2Pke = "SM2PKE",
    }
}

named! {
    /// How a private key signs (`Algorithm` of AsymmetricSign).
    SignatureAlgorithm {
        /// RSASSA-PSS with SHA-256 for digest and mask, salt of 32 bytes (RFC 8017).
        RsaPssSha256 = "RSA_PSS_SHA_256",
        /// RSASSA-PKCS1-v1_5 with SHA-256.
        RsaPkcs1Sha256 = "RSA_PKCS1_SHA_256",
        /// ECDSA over a SHA-256 digest, signature in DER.
        EcdsaSha256 = "ECDSA_SHA_256",
        /// GB/T 32918.2, signature in DER. Its digest is SM3 of Z(A) and message together,
        /// not of the message alone.
        Sm2Dsa = "SM2DSA",
    }
}

named! {
    /// How a message authentication code is made (`Algorithm` of GenerateMac).
    MacAlgorithm {
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
    /// How key material is encrypted on its way in (`WrappingAlgorithm` of
    /// GetParametersForImport).
    WrappingAlgorithm {
        /// RSAES-PKCS1-v1_5 (RFC 8017).
        RsaesPkcs1V15 = "RSAES_PKCS1_V1_5",
        /// RSAES-OAEP with SHA-1.
        RsaesOaepSha1 = "RSAES_OAEP_SHA_1",
        /// RSAES-OAEP with SHA-256.
        RsaesOaepSha256 = "RSAES_OAEP_SHA_256",
        /// GB/T 32918.4.
        Sm2Pke = "SM2PKE",
    }
}

named! {
    /// Of what kind the public key is that key material or data keys are encrypted under
    /// (`WrappingKeySpec`).
    WrappingKeySpec {
        /// RSA, 2,048 bits.
        Rsa2048 = "RSA_2048",
        /// The curve of GB/T 32918.5.
        EcSm2 = "EC_SM2",
    }
}

named! {
    /// What is handed in to be signed (`MessageType` of the instance's Sign).
    MessageType {
        /// The message itself; meant if nothing is said.
        Raw = "RAW",
        /// Its digest.
        Digest = "DIGEST",
    }
}

impl WrappingKeySpec {
    /// By which algorithms such a key encrypts.
    pub fn algorithms(self) -> &'static [WrappingAlgorithm] {
        match self {
            Self::Rsa2048 => &[
                WrappingAlgorithm::RsaesPkcs1V15,
                WrappingAlgorithm::RsaesOaepSha1,
                WrappingAlgorithm::RsaesOaepSha256,
            ],
            Self::EcSm2 => &[WrappingAlgorithm::Sm2Pke],
        }
    }
}
