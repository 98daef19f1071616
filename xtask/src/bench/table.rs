use std::{fmt, time::Duration};

/// Everything measured; shown as Markdown.
pub(super) struct Report {
    pub(super) machine: String,
    pub(super) rounds: usize,
    pub(super) seconds: u16,
    pub(super) samples: Vec<Sample>,
    pub(super) figures: Figures,
}

/// What is measured beside the agent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Server {
    Agent,
    Bare,
    Nginx,
}

/// One server under load, once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    pub(super) server: Server,
    pub(super) connections: u16,
    /// Answers per second.
    pub(super) rate: u64,
    /// In microseconds.
    pub(super) p50: u64,
    /// In microseconds.
    pub(super) p99: u64,
    /// Of the server's processor time per answer.
    pub(super) nanos: u64,
}

/// The agent without load.
pub(super) struct Figures {
    /// Resident, in kilobytes.
    pub(super) idle: u64,
    /// With the cache full.
    pub(super) full: u64,
    /// After the runs.
    pub(super) loaded: u64,
    pub(super) starts: Vec<Duration>,
    /// In bytes.
    pub(super) size: u64,
}

const SERVERS: [Server; 3] = [Server::Agent, Server::Bare, Server::Nginx];

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}.", self.machine)?;
        writeln!(
            f,
            "A cached answer of 423 bytes, token checked, audit log on; keep-alive; wrk with one \
             thread on the same cores; medians of {} runs of {} s, the servers in turn; ratios \
             are medians of the ratios in each round.\n",
            self.rounds, self.seconds
        )?;
        writeln!(
            f,
            "| connections | server | requests/s | of bare hyper | p50 | p99 | processor per request |"
        )?;
        writeln!(f, "|---:|---|---:|---:|---:|---:|---:|")?;
        let mut seen = Vec::new();
        for sample in &self.samples {
            if !seen.contains(&sample.connections) {
                seen.push(sample.connections);
                for server in SERVERS {
                    self.row(f, sample.connections, server)?;
                }
            }
        }
        let figures = &self.figures;
        writeln!(f, "\n| agent | |\n|---|---:|")?;
        writeln!(f, "| resident, idle | {} |", megabytes(figures.idle))?;
        writeln!(
            f,
            "| resident, 1,000 secrets of 4 KiB cached | {} |",
            megabytes(figures.full)
        )?;
        writeln!(
            f,
            "| resident, after the runs above | {} |",
            megabytes(figures.loaded)
        )?;
        let starts = figures.starts.iter();
        let start = median(starts.map(|took| u64::try_from(took.as_micros()).unwrap_or(u64::MAX)));
        writeln!(
            f,
            "| from exec to the first secret, KMS asked twice | {} |",
            time(start)
        )?;
        write!(
            f,
            "| program, static | {} |",
            megabytes(figures.size / 1000)
        )
    }
}

impl Report {
    fn row(&self, f: &mut fmt::Formatter<'_>, connections: u16, server: Server) -> fmt::Result {
        let of = |server: Server| {
            self.samples
                .iter()
                .filter(move |sample| sample.server == server && sample.connections == connections)
        };
        let ratio = median(
            of(server)
                .zip(of(Server::Bare))
                .map(|(own, bare)| (own.rate * 1000).checked_div(bare.rate).unwrap_or(0)),
        );
        let nanos = median(of(server).map(|sample| sample.nanos));
        writeln!(
            f,
            "| {connections} | {server} | {} | {} | {} | {} | {} |",
            thousands(median(of(server).map(|sample| sample.rate))),
            hundredths(ratio / 10),
            time(median(of(server).map(|sample| sample.p50))),
            time(median(of(server).map(|sample| sample.p99))),
            format_args!("{} µs", hundredths(nanos / 10)),
        )
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Agent => "agent",
            Self::Bare => "bare hyper",
            Self::Nginx => "nginx `return 200`",
        })
    }
}

/// The middle one; of an even number the upper of the two.
pub(super) fn median(values: impl Iterator<Item = u64>) -> u64 {
    let mut values: Vec<_> = values.collect();
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or(0)
}

/// `12,345`.
pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1.05` from 105.
pub(super) fn hundredths(number: u64) -> String {
    format!("{}.{:02}", number / 100, number % 100)
}

/// From kilobytes.
pub(super) fn megabytes(kilobytes: u64) -> String {
    format!("{}.{} MB", kilobytes / 1000, kilobytes % 1000 / 100)
}

/// From microseconds.
pub(super) fn time(micros: u64) -> String {
    if micros < 1000 {
        return format!("{micros} µs");
    }
    format!("{} ms", hundredths(micros / 10))
}

#[cfg(test)]
mod tests;
