//! A snapshot's bytes: a mark, the header, frames, SHA-256 of all that came before. Numbers
//! are big-endian, texts and bytes have their length (4 bytes) before them.

use std::io::{ErrorKind, Read, Write};

use sha2::{Digest, Sha256};

use super::SnapshotHeader;
use crate::StoreError;

/// A column of a record.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Cell {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// What follows next.
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Frame {
    /// Records of another table follow.
    Table(String),
    /// A record.
    Record(Vec<Cell>),
    /// Nothing: that many records there were, and the checksum is right.
    End(u64),
}

/// Of this format; another one has another number.
const MARK: &[u8] = b"kms-store-snapshot-1\n";
/// No text, value or record is longer: what says so is damaged.
const LONGEST: u32 = 64 << 20;

const TABLE: u8 = 1;
const RECORD: u8 = 2;
const END: u8 = 3;

const NULL: u8 = 0;
const INT: u8 = 1;
const TEXT: u8 = 2;
const BYTES: u8 = 3;

pub(crate) struct Writer<'w> {
    to: &'w mut (dyn Write + Send),
    sum: Sha256,
    records: u64,
}

pub(crate) struct Reader<'r> {
    pub(crate) header: SnapshotHeader,
    from: &'r mut (dyn Read + Send),
    sum: Sha256,
    records: u64,
}

// === impl Writer ===

impl<'w> Writer<'w> {
    pub(crate) fn new(
        to: &'w mut (dyn Write + Send),
        header: &SnapshotHeader,
    ) -> Result<Self, StoreError> {
        let mut writer = Self {
            to,
            sum: Sha256::new(),
            records: 0,
        };
        writer.raw(MARK)?;
        writer.raw(&header.schema.to_be_bytes())?;
        writer.raw(&header.last_secret.to_be_bytes())?;
        writer.sized(header.note.as_bytes())?;
        Ok(writer)
    }

    pub(crate) fn table(&mut self, name: &str) -> Result<(), StoreError> {
        self.raw(&[TABLE])?;
        self.sized(name.as_bytes())
    }

    pub(crate) fn record(&mut self, cells: &[Cell]) -> Result<(), StoreError> {
        self.records += 1;
        self.raw(&[RECORD])?;
        let count = u32::try_from(cells.len()).map_err(|_range| TOO_LONG)?;
        self.raw(&count.to_be_bytes())?;
        for cell in cells {
            match cell {
                Cell::Null => self.raw(&[NULL])?,
                Cell::Int(number) => {
                    self.raw(&[INT])?;
                    self.raw(&number.to_be_bytes())?;
                }
                Cell::Text(text) => {
                    self.raw(&[TEXT])?;
                    self.sized(text.as_bytes())?;
                }
                Cell::Bytes(bytes) => {
                    self.raw(&[BYTES])?;
                    self.sized(bytes)?;
                }
            }
        }
        Ok(())
    }

    pub(crate) fn end(mut self) -> Result<u64, StoreError> {
        let records = self.records;
        self.raw(&[END])?;
        self.raw(&records.to_be_bytes())?;
        let sum = self.sum.finalize();
        self.to.write_all(sum.as_ref()).map_err(StoreError::Io)?;
        self.to.flush().map_err(StoreError::Io)?;
        Ok(records)
    }

    fn sized(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        let length = u32::try_from(bytes.len()).map_err(|_range| TOO_LONG)?;
        self.raw(&length.to_be_bytes())?;
        self.raw(bytes)
    }

    fn raw(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.sum.update(bytes);
        self.to.write_all(bytes).map_err(StoreError::Io)
    }
}

// === impl Reader ===

impl<'r> Reader<'r> {
    pub(crate) fn new(from: &'r mut (dyn Read + Send)) -> Result<Self, StoreError> {
        let mut reader = Self {
            header: SnapshotHeader {
                schema: 0,
                note: String::new(),
                last_secret: 0,
            },
            from,
            sum: Sha256::new(),
            records: 0,
        };
        if reader.array::<{ MARK.len() }>()?.as_slice() != MARK {
            return Err(StoreError::Snapshot("it is none of this program's"));
        }
        reader.header.schema = i64::from_be_bytes(reader.array()?);
        reader.header.last_secret = i64::from_be_bytes(reader.array()?);
        reader.header.note = reader.text()?;
        Ok(reader)
    }

    pub(crate) fn next(&mut self) -> Result<Frame, StoreError> {
        match self.byte()? {
            TABLE => Ok(Frame::Table(self.text()?)),
            RECORD => {
                self.records += 1;
                let count = u32::from_be_bytes(self.array()?);
                (0..count.min(LONGEST))
                    .map(|_| self.cell())
                    .collect::<Result<_, _>>()
                    .map(Frame::Record)
            }
            END => {
                let records = u64::from_be_bytes(self.array()?);
                let sum = self.sum.clone().finalize();
                let mut found = [0; 32];
                self.from.read_exact(&mut found).map_err(cut_off)?;
                let is_over = matches!(self.from.read(&mut [0]), Ok(0));
                if sum.as_slice() != found.as_slice() || records != self.records || !is_over {
                    return Err(DAMAGED);
                }
                Ok(Frame::End(records))
            }
            _ => Err(DAMAGED),
        }
    }

    fn cell(&mut self) -> Result<Cell, StoreError> {
        match self.byte()? {
            NULL => Ok(Cell::Null),
            INT => Ok(Cell::Int(i64::from_be_bytes(self.array()?))),
            TEXT => self.text().map(Cell::Text),
            BYTES => self.sized().map(Cell::Bytes),
            _ => Err(DAMAGED),
        }
    }

    fn text(&mut self) -> Result<String, StoreError> {
        String::from_utf8(self.sized()?).map_err(|_bytes| DAMAGED)
    }

    fn sized(&mut self) -> Result<Vec<u8>, StoreError> {
        let length = u32::from_be_bytes(self.array()?);
        if length > LONGEST {
            return Err(DAMAGED);
        }
        // Grows with what is really there: a damaged length takes no memory.
        let mut bytes = Vec::new();
        let read = (&mut *self.from)
            .take(length.into())
            .read_to_end(&mut bytes)
            .map_err(StoreError::Io)?;
        if u32::try_from(read) != Ok(length) {
            return Err(CUT_OFF);
        }
        self.sum.update(&bytes);
        Ok(bytes)
    }

    fn byte(&mut self) -> Result<u8, StoreError> {
        self.array().map(|[byte]: [u8; 1]| byte)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], StoreError> {
        let mut bytes = [0; N];
        self.from.read_exact(&mut bytes).map_err(cut_off)?;
        self.sum.update(bytes);
        Ok(bytes)
    }
}

const DAMAGED: StoreError = StoreError::Snapshot("it is damaged");
const CUT_OFF: StoreError = StoreError::Snapshot("it is cut off");
const TOO_LONG: StoreError = StoreError::Snapshot("a record is too long for it");

fn cut_off(error: std::io::Error) -> StoreError {
    match error.kind() {
        ErrorKind::UnexpectedEof => CUT_OFF,
        _ => StoreError::Io(error),
    }
}
