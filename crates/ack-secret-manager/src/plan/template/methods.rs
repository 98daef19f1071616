//! Fields and methods: what stands behind a dot.

use std::rc::Rc;

use gotmpl::parse::SmolStr;
use jiff::{Span, Timestamp, ZonedDateTime, tz::TimeZone};

use super::{
    fault::Fault,
    layout,
    value::{Value, Width, lossy},
};

/// Goes through the names; arguments are the last one's.
pub(super) fn walk(
    mut value: Value,
    names: &[SmolStr],
    arguments: &[Value],
) -> Result<Value, Fault> {
    let Some((last, inner)) = names.split_last() else {
        return if arguments.is_empty() {
            Ok(value)
        } else {
            Err(Fault::new("what takes no arguments is given some"))
        };
    };
    for name in inner {
        value = field(&value, name, &[])?;
    }
    field(&value, last, arguments)
}

fn field(value: &Value, name: &str, arguments: &[Value]) -> Result<Value, Fault> {
    match value {
        // Arguments are methods', of which only times and versions have some.
        Value::Map(_) | Value::Nil if !arguments.is_empty() => Err(Fault::new(format!(
            ".{name} is no method, but is given arguments"
        ))),
        Value::Map(map) => Ok(map.get(name.as_bytes()).unwrap_or(Value::Nil)),
        Value::Nil => Ok(Value::Nil),
        Value::Time(time) => method(time, name, arguments),
        Value::Version(version) => {
            let number =
                |number: u64| Value::Int(i64::try_from(number).unwrap_or(i64::MAX), Width::Uint64);
            match name {
                "Major" => Ok(number(version.major)),
                "Minor" => Ok(number(version.minor)),
                "Patch" => Ok(number(version.patch)),
                "Prerelease" => Ok(Value::text(&version.prerelease)),
                "Metadata" => Ok(Value::text(&version.metadata)),
                "Original" => Ok(Value::text(&version.original)),
                "String" => Ok(Value::text(version.to_string())),
                _ => Err(no_field(value, name)),
            }
        }
        other => Err(no_field(other, name)),
    }
}

fn no_field(value: &Value, name: &str) -> Fault {
    Fault::new(format!("{} has no .{name}", value.type_name()))
}

/// Methods of times that templates call.
fn method(time: &Rc<ZonedDateTime>, name: &str, arguments: &[Value]) -> Result<Value, Fault> {
    let number = |number: i64| Ok(Value::int(number));
    match (name, arguments) {
        ("Format", [Value::Text(text)]) => Ok(Value::text(layout::format(&lossy(text), time))),
        (
            "AddDate",
            [
                Value::Int(years, _),
                Value::Int(months, _),
                Value::Int(days, _),
            ],
        ) => add_date(time, *years, *months, *days)
            .map(|time| Value::Time(Rc::new(time)))
            .ok_or_else(|| Fault::new("the time lies outside the years that are known")),
        ("Unix", []) => Ok(Value::int64(time.timestamp().as_second())),
        ("UnixMilli", []) => Ok(Value::int64(time.timestamp().as_millisecond())),
        ("UnixNano", []) => {
            let nanoseconds = i64::try_from(time.timestamp().as_nanosecond());
            Ok(Value::int64(nanoseconds.unwrap_or(i64::MAX)))
        }
        ("Year", []) => number(time.year().into()),
        ("Month", []) => Ok(Value::text(layout::format("January", time))),
        ("Day", []) => number(time.day().into()),
        ("Hour", []) => number(time.hour().into()),
        ("Minute", []) => number(time.minute().into()),
        ("Second", []) => number(time.second().into()),
        ("Nanosecond", []) => number(time.subsec_nanosecond().into()),
        ("Weekday", []) => Ok(Value::text(layout::format("Monday", time))),
        ("YearDay", []) => number(time.day_of_year().into()),
        ("IsZero", []) => Ok((layout::zero()?.timestamp() == time.timestamp()).into()),
        ("UTC", []) => Ok(Value::Time(Rc::new(time.with_time_zone(TimeZone::UTC)))),
        ("String", []) => Ok(Value::text(layout::plain(time))),
        _ => Err(Fault::new(format!(
            "time.Time has no .{name} with such arguments"
        ))),
    }
}

/// Days that a month does not have go into the next.
fn add_date(time: &ZonedDateTime, years: i64, months: i64, days: i64) -> Option<ZonedDateTime> {
    let first = time.datetime().with().day(1).build().ok()?;
    let months = years.checked_mul(12)?.checked_add(months)?;
    let span = Span::new().try_months(months).ok()?;
    let days = days.checked_add(i64::from(time.day()) - 1)?;
    let moved = first.checked_add(span).ok()?;
    let moved = moved.checked_add(Span::new().try_days(days).ok()?).ok()?;
    let moved = moved.to_zoned_datetime(time.time_zone().clone()).ok()?;
    (moved.timestamp() <= Timestamp::MAX).then_some(moved)
}
