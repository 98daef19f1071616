use aws_lc_rs::{error::Unspecified, rand};
use sm2::elliptic_curve::rand_core::{TryCryptoRng, TryRng};

/// The one source of random bits, as RustCrypto's crates want it.
pub(super) struct SystemBits;

impl TryRng for SystemBits {
    type Error = Unspecified;

    fn try_next_u32(&mut self) -> Result<u32, Unspecified> {
        let mut bytes = [0; 4];
        rand::fill(&mut bytes)?;
        Ok(u32::from_ne_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Unspecified> {
        let mut bytes = [0; 8];
        rand::fill(&mut bytes)?;
        Ok(u64::from_ne_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Unspecified> {
        rand::fill(bytes)
    }
}

impl TryCryptoRng for SystemBits {}
