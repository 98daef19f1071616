//! Allowed exactly when one policy fits as a whole (reference accesskey §4.3, I24), over any
//! policies and any call. What fits is written down as tables here.

use proptest::prelude::*;

use super::*;

const GATEWAYS: [&str; 3] = ["shared", "kst-one", "kst-two"];
const PERMISSIONS: [Permission; 3] = [
    Permission::SecretUser,
    Permission::InstanceSecretUser,
    Permission::KeyUser,
];
const PATTERNS: [&str; 5] = [
    "secret/*",
    "secret/app/db",
    "secret/app/*",
    "key/*",
    "key/k1",
];
const RESOURCES: [&str; 4] = ["secret/app/db", "secret/other", "key/k1", "key/k2"];
/// Which of the patterns has which of the resources.
const HAS: [[bool; 4]; 5] = [
    [true, true, false, false],
    [true, false, false, false],
    [true, false, false, false],
    [false, false, true, true],
    [false, false, true, false],
];

/// A policy by places in the tables; a network rule is the third byte of an address.
#[derive(Clone, Debug)]
struct Policy {
    gateway: usize,
    permissions: Vec<usize>,
    patterns: Vec<usize>,
    networks: Option<Vec<u8>>,
}

#[derive(Clone, Debug)]
struct Call {
    gateway: usize,
    any_of: Vec<usize>,
    resource: usize,
    network: u8,
}

impl Policy {
    fn fits(&self, call: &Call) -> bool {
        self.gateway == call.gateway
            && self.permissions.iter().any(|own| call.any_of.contains(own))
            && self.patterns.iter().any(|own| HAS[*own][call.resource])
            && self
                .networks
                .as_ref()
                .is_none_or(|own| own.contains(&call.network))
    }

    fn grant(&self) -> Grant {
        let block = |network: &u8| format!("10.0.{network}.0/24").parse().unwrap();
        let networks = self.networks.as_ref();
        Grant {
            scope: GATEWAYS[self.gateway].to_owned().try_into().unwrap(),
            permissions: self
                .permissions
                .iter()
                .map(|own| PERMISSIONS[*own])
                .collect(),
            resources: self
                .patterns
                .iter()
                .map(|own| PATTERNS[*own].to_owned().try_into().unwrap())
                .collect(),
            sources: networks.map(|networks| networks.iter().map(block).collect()),
        }
    }
}

fn policies() -> impl Strategy<Value = Vec<Policy>> {
    let policy = (
        0..GATEWAYS.len(),
        prop::collection::vec(0..PERMISSIONS.len(), 1..=3),
        prop::collection::vec(0..PATTERNS.len(), 1..=3),
        prop::option::of(prop::collection::vec(0..4_u8, 0..=3)),
    );
    let policy = policy.prop_map(|(gateway, permissions, patterns, networks)| Policy {
        gateway,
        permissions,
        patterns,
        networks,
    });
    prop::collection::vec(policy, 0..=3)
}

fn calls() -> impl Strategy<Value = Call> {
    let call = (
        0..GATEWAYS.len(),
        prop_oneof![Just(vec![0, 1]), Just(vec![2])],
        0..RESOURCES.len(),
        0..4_u8,
    );
    call.prop_map(|(gateway, any_of, resource, network)| Call {
        gateway,
        any_of,
        resource,
        network,
    })
}

proptest! {
    #[test]
    fn i24_one_policy_fits_as_a_whole_or_nothing_is_allowed(
        policies in policies(),
        calls in prop::collection::vec(calls(), 1..=16),
    ) {
        let grants = Grants(policies.iter().map(Policy::grant).collect());
        for call in calls {
            let gateway = match GATEWAYS[call.gateway] {
                "shared" => Gateway::Shared,
                id => Gateway::Instance(id.parse().unwrap()),
            };
            let any_of: Vec<_> = call.any_of.iter().map(|own| PERMISSIONS[*own]).collect();
            let source = format!("10.0.{}.7", call.network).parse().unwrap();
            let allowed = grants.allow(&gateway, source, &any_of, RESOURCES[call.resource]);
            let expected = policies.iter().any(|policy| policy.fits(&call));
            prop_assert_eq!(allowed, expected, "{:?} {:?}", call, policies);
        }
    }
}
