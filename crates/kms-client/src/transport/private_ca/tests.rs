use aws_lc_rs::digest::{SHA256, digest};
use kms_types::RegionId;
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};

use super::{REGIONS, of};

/// SHA-256 of the certificate in DER (reference kms-api §5.4).
const FINGERPRINTS: &[(&str, &str)] = &[
    (
        "ap-northeast-1",
        "84498ea763da75a000456e06c23c5306a59cdd2e3a5507627e066a8a2539ccda",
    ),
    (
        "ap-southeast-1",
        "63224873587f151966b2a6c1af8b5608bd15bda9147e509bce41aa3420ab2068",
    ),
    (
        "ap-southeast-3",
        "0bd5a8fcba1b7c057401d81c8971ba756c23d361b197ea219396713071873ea2",
    ),
    (
        "ap-southeast-5",
        "78c7f52f05aeb17f2de9d5a12ad6717c1cfe83b83da27f8ff0a1cdc45fdd21ee",
    ),
    (
        "ap-southeast-6",
        "f386f7ca997299e5e6956775adc89b0d9e3a3e256898ad9506d609afdc7f9e15",
    ),
    (
        "ap-southeast-7",
        "4d6c08240be196cc3fc7ac8f8d668a9f8b5d49468abb80a11beb8dc3da8e9865",
    ),
    (
        "cn-beijing",
        "2e5a409c3aa66cb120543766a90f3e1caeea07b94650ecd7e564de481e981659",
    ),
    (
        "cn-beijing-finance-1",
        "b7ab87191978e9be7ffa57c8f299c1eb3a6e9eb07604f33c3f63ae24abff23b1",
    ),
    (
        "cn-chengdu",
        "93f2f77ccd88b563266bfd4f31c1a80c73927b43aaaff3c84ef04001fd5ebefd",
    ),
    (
        "cn-guangzhou",
        "ebe05b36a46b10d23946c35dcb285f0120eff5b42f8bf4b7f609406bb9d41ccf",
    ),
    (
        "cn-hangzhou",
        "b5c651f41ced62510abca198009972d7277761a1d8df46d190e4c4fb7b336781",
    ),
    (
        "cn-heyuan",
        "baa0b3a4255bd97dc1308d2219c575472ee6f246fefd49016671e8e8731ee42d",
    ),
    (
        "cn-heyuan-acdr-1",
        "8642d6a2cdbc3dae5f0e2a28fab4308749036e38d427646b6f38e77254450520",
    ),
    (
        "cn-hongkong",
        "3b2609f7a62862146603280f8a405e21d836609be322feeda5c28d79bae45715",
    ),
    (
        "cn-huhehaote",
        "5f11ad0c0f4bc6350d2244d46553565da38dfc21e89b12afd4e087953902af92",
    ),
    (
        "cn-qingdao",
        "0e4b931d94ef5a6f9a09f8b80255aa74c2348f349bf41b68f3e1dfeaf1f36eb0",
    ),
    (
        "cn-shanghai",
        "5f6bdc67f4bdb8ea496c739f434d5f15f79546f259af7616e45e93746bb33dd6",
    ),
    (
        "cn-shanghai-finance-1",
        "c7b1d830062b5b92c360a54ae471339205faf37928b9a553d06d3cc90b065279",
    ),
    (
        "cn-shenzhen",
        "abe496e196808b06ee79c4612f9a545717c2ac04823393755980536693ed85dc",
    ),
    (
        "cn-wulanchabu",
        "ca1c636d4207fb172c868cf89d1d3a7fdddbd5c03695932471d229d13f889e08",
    ),
    (
        "cn-zhangjiakou",
        "9aa8436404c7df1c1ea30f592544efb52fb0dd46df1f3ab1513feac4812c963b",
    ),
    (
        "eu-central-1",
        "773dd9edb43285f63f227e52f74a4e824ac76b5180e1ff4f269b2e7afdadb8e2",
    ),
    (
        "eu-west-1",
        "a13eb6dbf6ea270e3d445f9b086ef5a8591c04b011f49e60697f1a9f3e52d266",
    ),
    (
        "me-central-1",
        "124fb8fac71ec27bf7d448f09062bad289ad7a47b58271f723f6fb28d3946e72",
    ),
    (
        "us-east-1",
        "bd0bf5fdbd06179ef6d802fb31f61e964ad3922559c453056eb514c9039b97fe",
    ),
    (
        "us-west-1",
        "3756a0586523b73a9e1cd1055cccacdf8dc746b2e4d08d83a2e1ee4ec084dd9b",
    ),
];

const ROOT: &str = "1cd01c9b95e9b507af8971d50c584103e4435631e92fc3a4658023cc01e8afd0";

#[test]
fn every_certificate_has_the_fingerprint_that_is_known() {
    assert_eq!(REGIONS.len(), FINGERPRINTS.len());
    for (region, fingerprint) in FINGERPRINTS {
        let region: RegionId = region.parse().unwrap();
        let [root, own] = of(&region).unwrap_or_else(|| panic!("{region}"));
        for (pem, expected) in [(root, ROOT), (own, *fingerprint)] {
            let certificates: Vec<_> = CertificateDer::pem_slice_iter(pem.as_bytes())
                .collect::<Result<_, _>>()
                .unwrap();
            let [certificate] = &certificates[..] else {
                panic!("{region}: {} certificates", certificates.len());
            };
            let got = hex::encode(digest(&SHA256, certificate));
            assert_eq!(got, expected, "{region}");
            RootCertStore::empty().add(certificate.clone()).unwrap();
        }
    }
}

#[test]
fn regions_without_a_published_ca_have_none() {
    for region in ["me-east-1", "cn-fuzhou", "pre-env", "ap-northeast-2"] {
        assert!(of(&region.parse().unwrap()).is_none(), "{region}");
    }
}
