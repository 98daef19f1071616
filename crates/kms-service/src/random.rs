use aws_lc_rs::rand;
use zeroize::Zeroizing;

use crate::failure::Failure;

/// Picks from the alphabet, each character alike; none from an empty one.
///
/// # Errors
/// [`Failure::Random`].
pub(crate) fn pick(alphabet: &[char], count: usize) -> Result<Zeroizing<String>, Failure> {
    let mut picked = Zeroizing::new(String::with_capacity(count * 4));
    if !alphabet.is_empty() {
        for _ in 0..count {
            let at = below(alphabet.len())?;
            picked.extend(alphabet.get(at));
        }
    }
    Ok(picked)
}

/// A number below the limit, each alike; 0 for a limit of 0.
///
/// # Errors
/// [`Failure::Random`].
pub(crate) fn below(limit: usize) -> Result<usize, Failure> {
    let limit = u64::try_from(limit).map_err(|_wide| Failure::Random)?;
    if limit == 0 {
        return Ok(0);
    }
    // Numbers from the last, incomplete run of `limit` would favour the low ones.
    let end = u64::MAX - u64::MAX % limit;
    loop {
        let mut bytes = [0; 8];
        rand::fill(&mut bytes).map_err(|_unspecified| Failure::Random)?;
        let number = u64::from_be_bytes(bytes);
        if number < end {
            return usize::try_from(number % limit).map_err(|_wide| Failure::Random);
        }
    }
}

/// Decimal digits, the first of them given.
///
/// # Errors
/// [`Failure::Random`].
pub(crate) fn digits(first: char, count: usize) -> Result<String, Failure> {
    let rest = pick(&('0'..='9').collect::<Vec<_>>(), count.saturating_sub(1))?;
    Ok(format!("{first}{}", *rest))
}

/// Letters and digits.
///
/// # Errors
/// [`Failure::Random`].
pub(crate) fn alphanumeric(count: usize) -> Result<Zeroizing<String>, Failure> {
    let alphabet: Vec<char> = ('0'..='9').chain('A'..='Z').chain('a'..='z').collect();
    pick(&alphabet, count)
}
