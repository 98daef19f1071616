use uuid::Uuid;

/// Evenly between the two, by the operating system's randomness.
pub(crate) fn between(low: f64, high: f64) -> f64 {
    // The 32 low bits of a version 4 UUID are all random (RFC 9562).
    let [.., a, b, c, d] = Uuid::new_v4().into_bytes();
    let share = f64::from(u32::from_be_bytes([a, b, c, d])) / f64::from(u32::MAX);
    low + (high - low) * share
}
