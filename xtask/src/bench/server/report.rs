use std::fmt;

use super::{
    kms::LIMITS,
    load::{CONNECTIONS, Call, Figure},
    stand::Subject,
};
use crate::bench::table::{hundredths, median, megabytes, thousands, time};

/// Everything measured; shown as Markdown.
pub(super) struct Report {
    pub(super) machine: String,
    /// What the server was built by.
    pub(super) profile: String,
    /// What it is measured beside, if it is.
    pub(super) peer: Option<String>,
    pub(super) rounds: usize,
    pub(super) millis: u32,
    pub(super) scale_millis: u32,
    /// Secrets in the smaller stores.
    pub(super) few: u32,
    /// Secrets in the larger ones.
    pub(super) many: u32,
    pub(super) memory: Memory,
    pub(super) samples: Vec<Sample>,
}

/// What is resident, in kilobytes, of each server with so many secrets.
pub(super) struct Memory {
    pub(super) idle: Vec<(Subject, u32, u64)>,
    /// After reads, encryptions and writes.
    pub(super) loaded: Vec<(Subject, u32, u64)>,
    /// After everything.
    pub(super) after: Vec<(Subject, u32, u64)>,
}

/// One call under load, once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    pub(super) subject: Subject,
    pub(super) secrets: u32,
    pub(super) call: Call,
    pub(super) figure: Figure,
    /// Of the server's processor time, for each answer.
    pub(super) server_nanos: u64,
    /// Of its database's, where that is a process of its own.
    pub(super) database_nanos: u64,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            machine,
            profile,
            rounds,
            millis,
            scale_millis,
            ..
        } = self;
        let limits = LIMITS.trim().replace('\n', " ");
        writeln!(
            f,
            "{machine}.\n`init` and `serve`, built with profile `{profile}`, no TLS, defaults but `{limits}` (the load is one \
             user); {CONNECTIONS} keep-alive connections, every call signed (V3) and verified, its audit line \
             synced before the answer; PostgreSQL on a socket of the same machine, its defaults; values of 64 \
             bytes; the load on the same cores; medians of {rounds} runs of {millis} ms, the servers in turn; \
             ratios are medians of the ratios in each round.\n"
        )?;
        if let Some(peer) = &self.peer {
            writeln!(
                f,
                "Beside it {peer}: KV v2 and transit, a file as audit device, one unseal key, a token; \
                 the same load.\n"
            )?;
        }
        self.calls(f)?;
        writeln!(
            f,
            "\nListing and finding, {scale_millis} ms for each figure, stores of {} and {} secrets in turn:\n",
            thousands(self.few.into()),
            thousands(self.many.into()),
        )?;
        self.scale(f)?;
        writeln!(f)?;
        self.memory(f)
    }
}

impl Report {
    fn calls(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| call | server | calls/s | of the other | p50 | p99 | of the other | processor per call | of the load |"
        )?;
        writeln!(f, "|---|---|---:|---:|---:|---:|---:|---:|---:|")?;
        for call in [Call::Get, Call::Encrypt, Call::Put] {
            for subject in [Subject::Sqlite, Subject::Postgres, Subject::Peer] {
                self.row(f, call, subject)?;
            }
        }
        Ok(())
    }

    fn row(&self, f: &mut fmt::Formatter<'_>, call: Call, subject: Subject) -> fmt::Result {
        let own = || self.of(call, subject, self.few);
        if own().next().is_none() {
            return Ok(());
        }
        let other = || self.of(call, Subject::Peer, self.few);
        let rate = ratio(own().zip(other()), |sample| sample.figure.rate());
        let late = ratio(own().zip(other()), |sample| sample.figure.p99);
        let name = match (&self.peer, subject) {
            (Some(peer), Subject::Peer) => peer.clone(),
            _ => subject.to_string(),
        };
        writeln!(
            f,
            "| {call} | {name} | {} | {rate} | {} | {} | {late} | {} | {} |",
            thousands(median(own().map(|sample| sample.figure.rate()))),
            time(median(own().map(|sample| sample.figure.p50))),
            time(median(own().map(|sample| sample.figure.p99))),
            processor(own),
            micros(median(own().map(|sample| sample.figure.nanos))),
        )
    }

    fn scale(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (few, many) = (thousands(self.few.into()), thousands(self.many.into()));
        writeln!(
            f,
            "| call | store | calls/s, {few} | calls/s, {many} | ratio | p99, {few} | p99, {many} | processor per call, {few} | {many} |"
        )?;
        writeln!(f, "|---|---|---:|---:|---:|---:|---:|---:|---:|")?;
        for call in [Call::Find, Call::List, Call::Filter] {
            for subject in [Subject::Sqlite, Subject::Postgres] {
                let few = || self.of(call, subject, self.few);
                let many = || self.of(call, subject, self.many);
                let rate = |sample: &Sample| sample.figure.rate();
                let late = |sample: &Sample| sample.figure.p99;
                writeln!(
                    f,
                    "| {call} | {subject} | {} | {} | {} | {} | {} | {} | {} |",
                    thousands(median(few().map(rate))),
                    thousands(median(many().map(rate))),
                    ratio(many().zip(few()), rate),
                    time(median(few().map(late))),
                    time(median(many().map(late))),
                    processor(few),
                    processor(many),
                )?;
            }
        }
        Ok(())
    }

    fn memory(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Memory {
            idle,
            loaded,
            after,
        } = &self.memory;
        writeln!(
            f,
            "| resident | secrets | idle | after reads, encryptions and writes | after everything |"
        )?;
        writeln!(f, "|---|---:|---:|---:|---:|")?;
        for (((subject, secrets, idle), (.., loaded)), (.., after)) in
            idle.iter().zip(loaded).zip(after)
        {
            let name = match (&self.peer, subject) {
                (Some(peer), Subject::Peer) => peer.clone(),
                _ => subject.to_string(),
            };
            writeln!(
                f,
                "| {name} | {} | {} | {} | {} |",
                thousands((*secrets).into()),
                megabytes(*idle),
                megabytes(*loaded),
                megabytes(*after),
            )?;
        }
        Ok(())
    }

    fn of(&self, call: Call, subject: Subject, secrets: u32) -> impl Iterator<Item = &Sample> {
        self.samples.iter().filter(move |sample| {
            sample.call == call && sample.subject == subject && sample.secrets == secrets
        })
    }
}

/// The median of the ratios in each round; a dash where there is nothing to compare.
fn ratio<'a>(
    pairs: impl Iterator<Item = (&'a Sample, &'a Sample)>,
    figure: impl Fn(&Sample) -> u64,
) -> String {
    let ratios: Vec<u64> = pairs
        .filter_map(|(own, other)| (figure(own) * 100).checked_div(figure(other)))
        .collect();
    if ratios.is_empty() {
        return "–".to_owned();
    }
    hundredths(median(ratios.into_iter()))
}

/// The server's, and its database's.
fn processor<'a, I: Iterator<Item = &'a Sample>>(samples: impl Fn() -> I) -> String {
    let server = median(samples().map(|sample| sample.server_nanos));
    let database = median(samples().map(|sample| sample.database_nanos));
    if database == 0 {
        return micros(server);
    }
    format!("{} + {}", micros(server), micros(database))
}

/// `12.3 µs` from nanoseconds.
fn micros(nanos: u64) -> String {
    format!("{}.{} µs", nanos / 1000, nanos % 1000 / 100)
}

#[cfg(test)]
mod tests;
