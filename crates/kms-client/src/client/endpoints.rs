use std::{collections::BTreeMap, sync::LazyLock};

use kms_wire::request::Product;

use crate::Endpoint;

/// Where each product answers.
pub(super) struct Endpoints {
    kms: Endpoint,
    /// Those that were given, by the product's name.
    given: BTreeMap<&'static str, Endpoint>,
}

/// The cloud's, once for all clients.
static CLOUD: LazyLock<Vec<(Product, Endpoint)>> = LazyLock::new(|| {
    let products = Product::ALL.iter();
    products
        .filter_map(|product| Some((*product, in_the_cloud(*product)?)))
        .collect()
});

// === impl Endpoints ===

impl Endpoints {
    pub(super) fn new(kms: Endpoint) -> Self {
        Self {
            kms,
            given: BTreeMap::new(),
        }
    }

    pub(super) fn put(&mut self, product: Product, endpoint: Endpoint) {
        self.given.insert(product.as_str(), endpoint);
    }

    pub(super) fn of(&self, product: Product) -> &Endpoint {
        if let Some(given) = self.given.get(product.as_str()) {
            return given;
        }
        if !self.kms.is_cloud() {
            return &self.kms;
        }
        let mut cloud = CLOUD.iter();
        cloud
            .find(|(other, _)| *other == product)
            .map_or(&self.kms, |(_, endpoint)| endpoint)
    }
}

/// Where the cloud has the product, if that is not where KMS is.
fn in_the_cloud(product: Product) -> Option<Endpoint> {
    Some(match product {
        Product::Sts => Endpoint::sts(),
        Product::Ram => Endpoint::ram(),
        Product::Ims => Endpoint::ims(),
        Product::Bss => Endpoint::central("business"),
        Product::Cen => Endpoint::central("cbn"),
        // A region's events are told by all of CloudMonitor's hosts.
        Product::Cms => Endpoint::central("metrics.cn-hangzhou"),
        // Its data lie in one region.
        Product::Config | Product::Config2019 => Endpoint::central("config.cn-shanghai"),
        Product::Pvtz => Endpoint::central("pvtz"),
        Product::ResourceDirectory => Endpoint::central("resourcedirectory"),
        Product::ResourceManager => Endpoint::central("resourcemanager"),
        Product::ResourceSharing => Endpoint::central("resourcesharing"),
        Product::Vpc => Endpoint::central("vpc"),
        Product::VpcPeer => Endpoint::central("vpcpeer"),
        _ => return None,
    })
}
