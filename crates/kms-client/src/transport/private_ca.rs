//! Whom to believe on the private gateway of a KMS instance (reference kms-api §5.4).

use kms_types::RegionId;

/// The root, and the CA of each region for which one is published.
const ROOT: &str = include_str!("private_ca/root.pem");

const REGIONS: &[(&str, &str)] = &[
    (
        "ap-northeast-1",
        include_str!("private_ca/ap-northeast-1.pem"),
    ),
    (
        "ap-southeast-1",
        include_str!("private_ca/ap-southeast-1.pem"),
    ),
    (
        "ap-southeast-3",
        include_str!("private_ca/ap-southeast-3.pem"),
    ),
    (
        "ap-southeast-5",
        include_str!("private_ca/ap-southeast-5.pem"),
    ),
    (
        "ap-southeast-6",
        include_str!("private_ca/ap-southeast-6.pem"),
    ),
    (
        "ap-southeast-7",
        include_str!("private_ca/ap-southeast-7.pem"),
    ),
    ("cn-beijing", include_str!("private_ca/cn-beijing.pem")),
    (
        "cn-beijing-finance-1",
        include_str!("private_ca/cn-beijing-finance-1.pem"),
    ),
    ("cn-chengdu", include_str!("private_ca/cn-chengdu.pem")),
    ("cn-guangzhou", include_str!("private_ca/cn-guangzhou.pem")),
    ("cn-hangzhou", include_str!("private_ca/cn-hangzhou.pem")),
    ("cn-heyuan", include_str!("private_ca/cn-heyuan.pem")),
    (
        "cn-heyuan-acdr-1",
        include_str!("private_ca/cn-heyuan-acdr-1.pem"),
    ),
    ("cn-hongkong", include_str!("private_ca/cn-hongkong.pem")),
    ("cn-huhehaote", include_str!("private_ca/cn-huhehaote.pem")),
    ("cn-qingdao", include_str!("private_ca/cn-qingdao.pem")),
    ("cn-shanghai", include_str!("private_ca/cn-shanghai.pem")),
    (
        "cn-shanghai-finance-1",
        include_str!("private_ca/cn-shanghai-finance-1.pem"),
    ),
    ("cn-shenzhen", include_str!("private_ca/cn-shenzhen.pem")),
    (
        "cn-wulanchabu",
        include_str!("private_ca/cn-wulanchabu.pem"),
    ),
    (
        "cn-zhangjiakou",
        include_str!("private_ca/cn-zhangjiakou.pem"),
    ),
    ("eu-central-1", include_str!("private_ca/eu-central-1.pem")),
    ("eu-west-1", include_str!("private_ca/eu-west-1.pem")),
    ("me-central-1", include_str!("private_ca/me-central-1.pem")),
    ("us-east-1", include_str!("private_ca/us-east-1.pem")),
    ("us-west-1", include_str!("private_ca/us-west-1.pem")),
];

/// The CAs of that region's instances, in PEM; none if none is published.
pub(super) fn of(region: &RegionId) -> Option<[&'static str; 2]> {
    let mut regions = REGIONS.iter();
    let (_, own) = regions.find(|(name, _)| *name == region.as_str())?;
    Some([ROOT, own])
}

#[cfg(test)]
mod tests;
