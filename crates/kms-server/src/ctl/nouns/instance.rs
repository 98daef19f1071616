//! KMS instances.

use crate::ctl::table::{Arg, List, Noun, Pages, Show, Verb};

const ID: Arg = Arg::at("instance", "KmsInstanceId", "The instance's id, kst-…");

pub(super) const INSTANCE: Noun = Noun::new(
    "instance",
    "KMS instances",
    &[&[
        Verb::kms("list", "ListKmsInstances", "Lists instances").show(Show::List(&List {
            at: "/KmsInstances/KmsInstance",
            columns: &[("INSTANCE", "/KmsInstanceId"), ("ARN", "/KmsInstanceArn")],
            pages: Pages::Numbered,
        })),
        Verb::kms("show", "GetKmsInstance", "Shows an instance")
            .args(&[ID])
            .show(Show::Record("/KmsInstance")),
        Verb::kms(
            "ca",
            "GetKmsInstance",
            "Prints the CA that vouches for an instance, in PEM",
        )
        .args(&[ID])
        .show(Show::Text("/KmsInstance/CaCertificateChainPem"))
        .examples("  kms-server ctl instance ca kst-… > PrivateKmsCA.pem"),
    ]],
);
