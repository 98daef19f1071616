use std::{io, path::Path};

use kms_crypto::{AuditDigest, AuditKeys, AuditPublicKey};

use super::{Beginning, Broken, Flaw, Lines, Report, Trust};
use crate::audit::{
    chain::{Chain, signed_text},
    line::Line,
    own::{Begin, Checkpoint, Kind},
};

/// Goes through files, line by line.
pub(in crate::audit) struct Walk<'t> {
    trust: &'t Trust,
    place: Option<Place>,
    report: Report,
}

/// Where a chain has come to.
struct Place {
    public: AuditPublicKey,
    /// Absent where the public key alone is known.
    keys: Option<AuditKeys>,
    installation: [u8; 16],
    seq: u64,
    mac: [u8; 32],
    digest: AuditDigest,
    since: u64,
}

/// Why a walk ended.
pub(in crate::audit) enum Unwalked {
    Io(io::Error),
    Broken(Broken),
}

// === impl Walk ===

impl<'t> Walk<'t> {
    pub(in crate::audit) fn new(trust: &'t Trust) -> Self {
        Self {
            trust,
            place: None,
            report: Report::default(),
        }
    }

    /// What comes now is another chain.
    pub(in crate::audit) fn leave(&mut self) {
        if let Some(place) = self.place.take() {
            self.report.unsigned += place.since;
        }
    }

    pub(in crate::audit) fn into_report(mut self) -> Report {
        self.leave();
        self.report
    }

    /// Where the chain has come to, for going on.
    pub(in crate::audit) fn into_chain(self) -> Option<Chain> {
        let place = self.place?;
        Some(Chain {
            keys: place.keys?,
            installation: place.installation,
            seq: place.seq,
            mac: place.mac,
            digest: place.digest,
            since: place.since,
        })
    }

    /// A whole file.
    pub(in crate::audit) fn file(&mut self, path: &Path) -> Result<(), Unwalked> {
        match self.read(path)? {
            (_, None) => Ok(()),
            (_, Some((broken, _))) => Err(Unwalked::Broken(broken)),
        }
    }

    /// A file that its writer may have been cut off in: how much of it is whole, and how
    /// many bytes at its end are not. Only the last line may be spoilt (reference security
    /// §6.3, rule 5).
    pub(in crate::audit) fn recover(&mut self, path: &Path) -> Result<(u64, u64), Unwalked> {
        match self.read(path)? {
            (size, None) => Ok((size, 0)),
            (size, Some((_, Some(torn)))) => Ok((size, torn)),
            (_, Some((broken, None))) => Err(Unwalked::Broken(broken)),
        }
    }

    /// How many bytes are whole, and what came then: if that was the last line, how long
    /// it is.
    #[expect(clippy::type_complexity, reason = "in this file alone")]
    fn read(&mut self, path: &Path) -> Result<(u64, Option<(Broken, Option<u64>)>), Unwalked> {
        let mut lines = Lines::open(path)?;
        let mut line = Vec::new();
        let (mut size, mut number) = (0, 0);
        while lines.next(&mut line)? {
            number += 1;
            let length = u64::try_from(line.len()).unwrap_or(u64::MAX);
            let result = match line.strip_suffix(b"\n") {
                Some(whole) => self.line(path, whole, number == 1),
                None if lines.is_over()? => Err(Flaw::Incomplete),
                None => Err(Flaw::Unreadable),
            };
            if let Err(flaw) = result {
                let broken = Broken {
                    file: path.to_owned(),
                    line: number,
                    flaw,
                };
                // A line of another installation is whole, and stays.
                let is_torn = lines.is_over()?
                    && matches!(
                        flaw,
                        Flaw::Incomplete | Flaw::Unreadable | Flaw::Changed | Flaw::Sequence { .. }
                    );
                return Ok((size, Some((broken, is_torn.then_some(length)))));
            }
            size += length;
        }
        self.report.files.push(path.to_owned());
        Ok((size, None))
    }

    fn line(&mut self, path: &Path, text: &[u8], is_first: bool) -> Result<(), Flaw> {
        let line = Line::parse(text).ok_or(Flaw::Unreadable)?;
        let json = line.json();
        let kind: Kind<'_> = parse(&json)?;
        let is_checkpoint = kind.kind == Checkpoint::KIND;
        match (kind.kind == Begin::KIND, is_first) {
            (true, true) => {
                let begin: Begin = parse(&json)?;
                self.place = Some(self.begin(path, &line, &begin)?);
            }
            (true, false) => return Err(Flaw::Misplaced),
            (false, true) => return Err(Flaw::NoBegin),
            (false, false) => {}
        }
        let place = self.place.as_mut().ok_or(Flaw::NoBegin)?;
        place.follow(&line)?;
        if is_checkpoint {
            place.check(&line, &parse(&json)?)?;
            self.report.checkpoints += 1;
        }
        place.seq = line.seq;
        place.mac = line.mac;
        place.digest.update(text);
        place.digest.update(b"\n");
        place.since += 1;
        if is_checkpoint {
            // The checkpoint itself is the next one's to sign: all but it are signed.
            place.digest = AuditDigest::after(&place.digest.value());
            place.since = 0;
        }
        self.report.lines += 1;
        Ok(())
    }

    /// Where the file's first line goes on from.
    fn begin(&mut self, path: &Path, line: &Line<'_>, begin: &Begin) -> Result<Place, Flaw> {
        if begin.format != Begin::FORMAT {
            return Err(Flaw::Format(begin.format));
        }
        let installation = array(&begin.installation)?;
        let (public, keys) = match self.trust {
            Trust::Public(key) => (*key, None),
            Trust::Keyring(keyring) if keyring.installation() == installation => {
                let keys = keyring.audit_keys_of(begin.term);
                let keys = keys.ok_or(Flaw::UnknownTerm(begin.term))?;
                (keys.public(), Some(keys))
            }
            Trust::Keyring(_) => return Err(Flaw::Foreign),
        };
        if public.to_hex() != begin.public_key {
            return Err(Flaw::Foreign);
        }
        let (mac, digest) = match (&begin.previous, &begin.digest) {
            (Some(previous), Some(digest)) => (array(previous)?, array(digest)?),
            (None, None) if line.seq == 1 => ([0; 32], [0; 32]),
            _ => return Err(Flaw::Unreadable),
        };
        let goes_on = begin.previous.is_some();
        match self.place.take() {
            Some(last) if goes_on => {
                let is_next = last.mac == mac
                    && last.digest.value() == digest
                    && last.seq.checked_add(1) == Some(line.seq)
                    && last.installation == installation;
                if !is_next {
                    return Err(Flaw::Gap { last: last.seq });
                }
            }
            other => {
                self.report.unsigned += other.map_or(0, |last| last.since);
                self.report.begins.push(Beginning {
                    file: path.to_owned(),
                    server: begin.server.clone(),
                    seq: line.seq,
                });
            }
        }
        Ok(Place {
            public,
            keys,
            installation,
            seq: line.seq.saturating_sub(1),
            mac,
            digest: AuditDigest::after(&digest),
            // As its writer counts: what the file before left over is in the digest.
            since: 0,
        })
    }
}

// === impl Place ===

impl Place {
    /// Whether this line comes next.
    fn follow(&self, line: &Line<'_>) -> Result<(), Flaw> {
        let expected = self.seq.saturating_add(1);
        if line.seq != expected {
            return Err(Flaw::Sequence {
                expected,
                found: line.seq,
            });
        }
        match &self.keys {
            Some(keys) if keys.link(&self.mac, line.head) != line.mac => Err(Flaw::Changed),
            _ => Ok(()),
        }
    }

    /// Whether the checkpoint is over what came before it.
    fn check(&self, line: &Line<'_>, checkpoint: &Checkpoint) -> Result<(), Flaw> {
        let digest = self.digest.value();
        if hex::encode(digest) != checkpoint.digest || self.since != checkpoint.lines {
            return Err(Flaw::Digest);
        }
        let signed = signed_text(&self.installation, line.seq.saturating_sub(1), &digest);
        let signature = hex::decode(&checkpoint.signature).map_err(|_no_hex| Flaw::Signature)?;
        if hex::encode(&signature) == checkpoint.signature
            && self.public.verifies(&signed, &signature)
        {
            Ok(())
        } else {
            Err(Flaw::Signature)
        }
    }
}

// === impl Unwalked ===

impl From<io::Error> for Unwalked {
    fn from(reason: io::Error) -> Self {
        Self::Io(reason)
    }
}

/// What files are ordered by: whose they are, and when and with which line they were begun.
pub(super) fn order(first: &[u8]) -> (String, String, u64) {
    let line = first.strip_suffix(b"\n").and_then(Line::parse);
    let begun = line.and_then(|line| {
        let begin = serde_json::from_slice::<Begin>(&line.json()).ok()?;
        Some((begin.server, begin.time, line.seq))
    });
    begun.unwrap_or_default()
}

fn parse<'a, T: serde::Deserialize<'a>>(json: &'a [u8]) -> Result<T, Flaw> {
    serde_json::from_slice(json).map_err(|_quotes_it| Flaw::Unreadable)
}

fn array<const N: usize>(text: &str) -> Result<[u8; N], Flaw> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).map_err(|_no_hex| Flaw::Unreadable)?;
    Ok(bytes)
}
