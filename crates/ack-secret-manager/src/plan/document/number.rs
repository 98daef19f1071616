//! Floating-point numbers as Go writes them.

/// The shortest digits that mean this number, and where the point stands among them.
struct Digits {
    negative: bool,
    all: String,
    /// How many digits are before the point; none if negative or 0.
    point: i32,
}

/// As `%v` of fmt does, and `strconv` with the letter `g`: `1e+06` from a million on.
pub(in crate::plan) fn general(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let digits = Digits::of(value);
    let exponent = digits.point - 1;
    if (-4..6).contains(&exponent) {
        digits.plain()
    } else {
        digits.scientific()
    }
}

/// As `encoding/json` does: plain up to 21 digits. It has no word for infinities.
pub(super) fn json(value: f64) -> Option<String> {
    if !value.is_finite() {
        return None;
    }
    let digits = Digits::of(value);
    let size = value.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let text = digits.scientific();
        // e-09 is e-9 there.
        return Some(match text.split_once("e-0") {
            Some((before, after)) => format!("{before}e-{after}"),
            None => text,
        });
    }
    Some(digits.plain())
}

// === impl Digits ===

impl Digits {
    fn of(value: f64) -> Self {
        let text = format!("{:e}", value.abs());
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        Self {
            negative: value.is_sign_negative(),
            all: digits.replace('.', ""),
            point: exponent.parse::<i32>().unwrap_or_default() + 1,
        }
    }

    fn sign(&self) -> &'static str {
        if self.negative { "-" } else { "" }
    }

    fn scientific(&self) -> String {
        let sign = self.sign();
        let (first, rest) = self.all.split_at(1);
        let dot = if rest.is_empty() { "" } else { "." };
        let exponent = self.point - 1;
        let direction = if exponent < 0 { '-' } else { '+' };
        format!("{sign}{first}{dot}{rest}e{direction}{:02}", exponent.abs())
    }

    fn plain(&self) -> String {
        let sign = self.sign();
        let digits = &self.all;
        let Ok(before) = usize::try_from(self.point) else {
            let zeros = usize::try_from(self.point.unsigned_abs()).unwrap_or_default();
            return format!("{sign}0.{}{digits}", "0".repeat(zeros));
        };
        if before == 0 {
            return format!("{sign}0.{digits}");
        }
        match digits.split_at_checked(before) {
            Some((whole, "")) => format!("{sign}{whole}"),
            Some((whole, part)) => format!("{sign}{whole}.{part}"),
            None => format!("{sign}{digits}{}", "0".repeat(before - digits.len())),
        }
    }
}
