//! Sprig's arithmetic of floats, which is one of decimals: 0.1 and 0.2 are 0.3.

use super::{Args, Fault, Function, Value, numbers::float};
pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("add1f", 1, |_, args| {
        let one = Value::int(1);
        fold(float(args.any(0)), &[one], Decimal::plus, |a, b| a + b)
    }),
    Function::many("addf", 0, |_, args| {
        fold(0.0, args.all(), Decimal::plus, |a, b| a + b)
    }),
    Function::many("subf", 1, |_, args| {
        fold(float(args.any(0)), args.from(1), Decimal::minus, |a, b| {
            a - b
        })
    }),
    Function::many("mulf", 1, |_, args| {
        fold(float(args.any(0)), args.from(1), Decimal::times, |a, b| {
            a * b
        })
    }),
    Function::many("divf", 1, divide),
];

/// A number of this many times a power of ten.
#[derive(Clone, Copy, Debug)]
struct Decimal {
    digits: i128,
    power: i32,
}

/// How many digits behind the point a division gives in Go.
const DIVISION_DIGITS: i32 = 16;

fn divide(_: &super::Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    if args.from(1).iter().any(|by| float(by) == 0.0) {
        return Err(Fault::new("it divides by zero"));
    }
    fold(float(args.any(0)), args.from(1), Decimal::over, |a, b| {
        a / b
    })
}

/// In decimals as long as they are not too long, else in floats.
fn fold(
    first: f64,
    rest: &[Value],
    exact: fn(Decimal, Decimal) -> Option<Decimal>,
    near: fn(f64, f64) -> f64,
) -> Result<Value, Fault> {
    if !first.is_finite() || rest.iter().any(|value| !float(value).is_finite()) {
        return Err(Fault::new("a number is not finite"));
    }
    let decimals = rest.iter().try_fold(Decimal::of(first)?, |sum, next| {
        Ok::<_, Fault>(match (sum.whole(), Decimal::of(float(next))?.whole()) {
            (Some(sum), Some(next)) => exact(sum, next).unwrap_or(Decimal::LOST),
            _ => Decimal::LOST,
        })
    })?;
    let value = match decimals.whole() {
        Some(decimals) => decimals.to_float(),
        None => rest.iter().fold(first, |sum, next| near(sum, float(next))),
    };
    Ok(Value::Float(value))
}

// === impl Decimal ===

impl Decimal {
    /// Stands for what is too long.
    const LOST: Self = Self {
        digits: 0,
        power: i32::MAX,
    };

    /// The shortest decimal that reads as this float.
    fn of(number: f64) -> Result<Self, Fault> {
        let text = format!("{number:e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let fraction = mantissa
            .split_once('.')
            .map_or(0, |(_, digits)| digits.len());
        let digits = mantissa.replace('.', "").parse();
        let exponent: Result<i32, _> = exponent.parse();
        let (Ok(digits), Ok(exponent), Ok(fraction)) = (digits, exponent, i32::try_from(fraction))
        else {
            return Err(Fault::new("a number is not finite"));
        };
        Ok(Self {
            digits,
            power: exponent - fraction,
        })
    }

    fn whole(self) -> Option<Self> {
        (self.power != i32::MAX).then_some(self)
    }

    /// Both in units of the smaller power.
    fn aligned(self, other: Self) -> Option<(i128, i128, i32)> {
        let power = self.power.min(other.power);
        let scaled = |number: Self| {
            let by = u32::try_from(number.power - power).ok()?;
            number.digits.checked_mul(10i128.checked_pow(by)?)
        };
        Some((scaled(self)?, scaled(other)?, power))
    }

    fn plus(self, other: Self) -> Option<Self> {
        let (left, right, power) = self.aligned(other)?;
        let digits = left.checked_add(right)?;
        Some(Self { digits, power })
    }

    fn minus(self, other: Self) -> Option<Self> {
        let (left, right, power) = self.aligned(other)?;
        let digits = left.checked_sub(right)?;
        Some(Self { digits, power })
    }

    fn times(self, other: Self) -> Option<Self> {
        let digits = self.digits.checked_mul(other.digits)?;
        let power = self.power.checked_add(other.power)?;
        Some(Self { digits, power })
    }

    /// Rounded half away from zero.
    fn over(self, other: Self) -> Option<Self> {
        let shift = self.power - other.power + DIVISION_DIGITS;
        let (mut left, mut right) = (self.digits, other.digits);
        let by = 10i128.checked_pow(shift.unsigned_abs());
        if shift >= 0 {
            left = left.checked_mul(by?)?;
        } else if let Some(more) = by.and_then(|by| right.checked_mul(by)) {
            right = more;
        } else {
            // Too small for the digits that there are.
            left = 0;
        }
        let quotient = left.checked_div(right)?;
        let rest = left.checked_rem(right)?.unsigned_abs();
        let round_up = rest.checked_mul(2)? >= right.unsigned_abs();
        let away = if (left < 0) == (right < 0) { 1 } else { -1 };
        Some(Self {
            digits: quotient + if round_up { away } else { 0 },
            power: -DIVISION_DIGITS,
        })
    }

    fn to_float(self) -> f64 {
        let text = format!("{}e{}", self.digits, self.power);
        text.parse().unwrap_or(0.0)
    }
}
