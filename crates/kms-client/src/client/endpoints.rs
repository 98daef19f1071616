use std::collections::BTreeMap;

use kms_wire::request::Product;

use crate::Endpoint;

/// Where each product answers.
pub(super) struct Endpoints {
    kms: Endpoint,
    /// Those that were given, by the product's name.
    given: BTreeMap<&'static str, Endpoint>,
    cloud: [(Product, Endpoint); 3],
}

// === impl Endpoints ===

impl Endpoints {
    pub(super) fn new(kms: Endpoint) -> Self {
        Self {
            kms,
            given: BTreeMap::new(),
            cloud: [
                (Product::Sts, Endpoint::sts()),
                (Product::Ram, Endpoint::ram()),
                (Product::Ims, Endpoint::ims()),
            ],
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
        let mut cloud = self.cloud.iter();
        cloud
            .find(|(other, _)| *other == product)
            .map_or(&self.kms, |(_, endpoint)| endpoint)
    }
}
