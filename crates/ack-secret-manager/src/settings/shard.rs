use std::num::NonZeroU16;

/// Which part of all objects is this replica's, where replicas share the work.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Shard {
    /// From 0.
    pub index: u16,
    /// How many there are. With one, there is nothing to share.
    pub count: NonZeroU16,
}

impl Shard {
    /// From both flags; the number at the end of a StatefulSet's pod's name stands for the second.
    pub(super) fn new(
        count: NonZeroU16,
        index: Option<u16>,
        pod_name: Option<&str>,
    ) -> Result<Self, &'static str> {
        let ordinal = || pod_name?.rsplit_once('-')?.1.parse().ok();
        let index = match count.get() {
            1 => index.unwrap_or_default(),
            _ => index.or_else(ordinal).ok_or(
                "is missing: with --shards each replica says which it is, from 0, or is a pod of a \
                 StatefulSet with POD_NAME",
            )?,
        };
        if index < count.get() {
            Ok(Self { index, count })
        } else {
            Err("is counted from 0 and below --shards")
        }
    }

    /// Whether what is in this namespace is this replica's.
    pub fn holds(self, namespace: &str) -> bool {
        // FNV-1a: the same in every build, which all replicas have to agree on.
        let hash = namespace
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        hash % u64::from(self.count.get()) == u64::from(self.index)
    }

    /// Whether this replica does what nobody else does.
    pub fn is_first(self) -> bool {
        self.index == 0
    }

    /// The Lease of this part: the original's where nothing is shared.
    pub fn lease(self, name: &str) -> String {
        match self.count.get() {
            1 => name.to_owned(),
            _ => format!("{name}-{}", self.index),
        }
    }
}
