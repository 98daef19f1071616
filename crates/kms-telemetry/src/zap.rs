use std::{
    fmt::{self, Write},
    sync::Arc,
};

use jiff::Timestamp;
use kms_types::Clock;
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    level_filters::LevelFilter,
};
use tracing_subscriber::layer::{Context, Layer};

use crate::LogSink;

/// Which events are written. Those of third-party crates never below Warn: their
/// authors did not promise to keep secrets out of Debug.
#[derive(Clone, Debug)]
pub struct Verbosity {
    /// For targets that begin with one of `own`.
    pub level: LevelFilter,
    /// Prefixes of our own targets, such as `kms_`.
    pub own: Vec<&'static str>,
}

/// Writes events as JSON lines in the shape of zap's production encoder, which the
/// original uses (seed 002): `level`, `ts` (seconds since 1970 with a fraction),
/// `caller` (`folder/file.rs:line`), `msg`, then the event's fields.
pub struct ZapLayer {
    sink: LogSink,
    clock: Arc<dyn Clock>,
    verbosity: Verbosity,
}

// === impl ZapLayer ===

impl ZapLayer {
    /// A layer that writes to `sink`.
    pub fn new(sink: LogSink, clock: Arc<dyn Clock>, verbosity: Verbosity) -> Self {
        Self {
            sink,
            clock,
            verbosity,
        }
    }
}

impl<S: Subscriber> Layer<S> for ZapLayer {
    fn enabled(&self, metadata: &Metadata<'_>, _context: Context<'_, S>) -> bool {
        self.verbosity.admits(metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.verbosity.level.max(LevelFilter::WARN))
    }

    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let metadata = event.metadata();
        let mut caller = short(metadata.file().unwrap_or_default()).to_owned();
        if let Some(line) = metadata.line() {
            // Writing to a string cannot fail.
            let _ = write!(caller, ":{line}");
        }
        let level = level_name(*metadata.level());
        let mut line = head(self.clock.now(), level, &caller, &fields.message);
        line.push_str(&fields.rest);
        line.push('}');
        self.sink.append_diagnostic(line.as_bytes());
    }
}

// === impl Verbosity ===

impl Verbosity {
    fn admits(&self, metadata: &Metadata<'_>) -> bool {
        let target = metadata.target();
        let level = if self.own.iter().any(|own| target.starts_with(own)) {
            self.level
        } else {
            self.level.min(LevelFilter::WARN)
        };
        *metadata.level() <= level
    }
}

/// One line with numeric fields, for parts that cannot go through tracing.
pub(crate) fn line(
    now: Timestamp,
    level: &str,
    caller: &str,
    message: &str,
    fields: &[(&str, u64)],
) -> Vec<u8> {
    let mut line = head(now, level, caller, message);
    for (name, value) in fields {
        let _ = write!(line, ",{}:{value}", quoted(name));
    }
    line.push('}');
    line.into_bytes()
}

/// Everything up to the fields, without the closing brace.
fn head(now: Timestamp, level: &str, caller: &str, message: &str) -> String {
    let micros = now.as_microsecond();
    let (seconds, fraction) = (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
    format!(
        "{{\"level\":\"{level}\",\"ts\":{seconds}.{fraction:06},\"caller\":{},\"msg\":{}",
        quoted(caller),
        quoted(message)
    )
}

/// The event's fields as JSON members, each with a leading comma, and its message.
#[derive(Default)]
struct Fields {
    message: String,
    rest: String,
}

impl Fields {
    fn text(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            clip(value).clone_into(&mut self.message);
        } else {
            self.json(field, &quoted(clip(value)));
        }
    }

    fn json(&mut self, field: &Field, json: &str) {
        let _ = write!(self.rest, ",{}:{json}", quoted(field.name()));
    }
}

impl Visit for Fields {
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.json(field, if value { "true" } else { "false" });
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.text(field, &format!("{value:?}"));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        let mut text = value.to_string();
        let mut source = value.source();
        while let Some(error) = source {
            let _ = write!(text, ": {error}");
            source = error.source();
        }
        self.text(field, &text);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        // JSON knows no NaN; serde_json writes null.
        self.json(field, &serde_json::json!(value).to_string());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.json(field, &value.to_string());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.json(field, &value.to_string());
    }
}

/// The last folder and the file, as zap shortens callers.
fn short(file: &str) -> &str {
    let mut slashes = file
        .bytes()
        .enumerate()
        .rev()
        .filter(|(_, b)| matches!(b, b'/' | b'\\'));
    match (slashes.next(), slashes.next()) {
        (Some(_), Some((at, _))) => file.get(at + 1..).unwrap_or(file),
        _ => file,
    }
}

/// At most 4 KiB: a field is a name or an error, never a document.
fn clip(text: &str) -> &str {
    text.get(..text.floor_char_boundary(4096)).unwrap_or(text)
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::ERROR => "error",
        Level::WARN => "warn",
        Level::INFO => "info",
        Level::DEBUG | Level::TRACE => "debug",
    }
}

#[cfg(test)]
mod tests;
