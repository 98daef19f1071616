use jiff::SignedDuration;
use kms_service::Windows;

/// How secrets are rotated.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct RotationSettings {
    /// Steps of rotations that this server does at the same time.
    pub workers: usize,
    /// How long AccessKeys that were replaced stay good.
    pub windows: Windows,
    /// The shortest interval between rotations.
    pub least_interval: SignedDuration,
    /// How often it is looked whether RAM takes each current AccessKey; zero if never.
    pub health_check_interval: SignedDuration,
}

impl Default for RotationSettings {
    /// KMS's own intervals and windows; four at a time.
    fn default() -> Self {
        Self {
            workers: 4,
            windows: Windows::default(),
            least_interval: SignedDuration::from_hours(6),
            health_check_interval: SignedDuration::from_hours(1),
        }
    }
}
