use kms_wire::Product;

use crate::ctl::table::Verb;

/// An action of Ram.
pub(super) const fn ram(name: &'static str, action: &'static str, about: &'static str) -> Verb {
    Verb::of(Product::Ram, name, action, about)
}
