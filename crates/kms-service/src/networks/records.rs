//! The records of a zone.

use std::net::{Ipv4Addr, Ipv6Addr};

use kms_store::{Mode, Tx};
use kms_types::{AccountId, ErrorCode};
use kms_wire::{
    Action, ApiError,
    request::{
        AddZoneRecord, DeleteZoneRecord, DescribeZoneRecords, RecordKind, RecordStatus,
        SetZoneRecordStatus, UpdateZoneRecord,
    },
    response,
};
use serde::{Deserialize, Serialize};

use super::{
    domain::Domain,
    part,
    zones::{Zone, find, find_any, resource},
};
use crate::{
    Caller, Service,
    documents::{self, Named},
    failure::Failure,
    random,
};

/// What a zone says of a name.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Record {
    /// Unique in the account.
    pub(super) id: u32,
    /// The name in the zone: `@` for its own, `*` for every other.
    pub(super) rr: String,
    pub(super) kind: RecordKind,
    pub(super) value: String,
    /// Seconds that it may be kept.
    pub(super) ttl: u32,
    pub(super) status: RecordStatus,
    pub(super) remark: String,
}

/// How long a record may be kept if nobody says: the cloud's own.
pub(super) const TTL: u32 = 60;

/// Records of a zone: no zone is read more slowly than one of so many.
const MOST_RECORDS: usize = 2_000;

/// Longest text of a record in bytes: one string of TXT (RFC 1035, 3.3.14).
const LONGEST_TEXT: usize = 255;

impl Service {
    /// AddZoneRecord.
    pub(crate) async fn add_record(
        &self,
        caller: &Caller,
        call: AddZoneRecord,
    ) -> Result<response::AddZoneRecord, Failure> {
        let id = call.zone_id.as_str();
        let account = self.own(caller, Action::AddZoneRecord, resource(id))?;
        let now = self.now();
        let record = Record {
            id: new_id()?,
            rr: check_rr(&call.rr)?,
            value: check_value(call.kind, &call.value)?,
            kind: call.kind,
            ttl: call.ttl.map_or(TTL, kms_wire::request::Within::get),
            status: RecordStatus::Enable,
            remark: call.remark.map(|text| text.0).unwrap_or_default(),
        };
        let new = &record;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut zone = find(tx, account, id).await?;
                check_fits(&zone.body.records, new)?;
                if zone.body.records.len() >= MOST_RECORDS {
                    return Err(super::vpcs::too_many("records in the zone").into());
                }
                zone.body.records.push(new.clone());
                zone.body.updated = now.as_millisecond();
                documents::update(tx, account, &zone).await
            })
        })
        .await?;
        Ok(response::AddZoneRecord {
            record_id: u64::from(record.id),
            success: true,
        })
    }

    /// UpdateZoneRecord.
    pub(crate) async fn update_record(
        &self,
        caller: &Caller,
        call: UpdateZoneRecord,
    ) -> Result<response::RecordChanged, Failure> {
        let account = self.own(caller, Action::UpdateZoneRecord, resource("*"))?;
        let rr = check_rr(&call.rr)?;
        let value = check_value(call.kind, &call.value)?;
        let id = call.record_id.get();
        let (call, rr, value) = (&call, &rr, &value);
        self.change(account, id, move |record| {
            record.rr.clone_from(rr);
            record.value.clone_from(value);
            record.kind = call.kind;
            record.ttl = call.ttl.map_or(record.ttl, kms_wire::request::Within::get);
        })
        .await?;
        Ok(response::RecordChanged {
            record_id: u64::from(id),
        })
    }

    /// SetZoneRecordStatus.
    pub(crate) async fn set_record_status(
        &self,
        caller: &Caller,
        call: SetZoneRecordStatus,
    ) -> Result<response::SetZoneRecordStatus, Failure> {
        let account = self.own(caller, Action::SetZoneRecordStatus, resource("*"))?;
        let id = call.record_id.get();
        self.change(account, id, move |record| record.status = call.status)
            .await?;
        Ok(response::SetZoneRecordStatus {
            record_id: u64::from(id),
            status: call.status.as_str().to_owned(),
        })
    }

    /// DeleteZoneRecord.
    pub(crate) async fn delete_record(
        &self,
        caller: &Caller,
        call: DeleteZoneRecord,
    ) -> Result<response::RecordChanged, Failure> {
        let account = self.own(caller, Action::DeleteZoneRecord, resource("*"))?;
        let (id, now) = (call.record_id.get(), self.now());
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut zone = zone_of(tx, account, id).await?;
                zone.body.records.retain(|record| record.id != id);
                zone.body.updated = now.as_millisecond();
                documents::update(tx, account, &zone).await
            })
        })
        .await?;
        Ok(response::RecordChanged {
            record_id: u64::from(id),
        })
    }

    /// DescribeZoneRecords, of own zones and of the one that KMS fills: there an
    /// administrator reads which address an instance has.
    pub(crate) async fn describe_records(
        &self,
        caller: &Caller,
        call: DescribeZoneRecords,
    ) -> Result<response::DescribeZoneRecords, Failure> {
        let id = call.zone_id.as_str();
        let account = self.own(caller, Action::DescribeZoneRecords, resource(id))?;
        let zone = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { find_any(&mut *tx, account, id).await })
            })
            .await?;
        let mut records = zone.body.records;
        records.retain(|record| {
            let has = |part: &String| record.rr.contains(part) || record.value.contains(part);
            call.keyword.as_ref().is_none_or(has)
        });
        let (records, total_items) = part(records, call.page);
        let record = records.into_iter().map(|record| response::ZoneRecord {
            record_id: u64::from(record.id),
            zone_id: id.to_owned(),
            rr: record.rr,
            kind: record.kind.as_str().to_owned(),
            value: record.value,
            ttl: record.ttl,
            status: record.status.as_str().to_owned(),
            remark: record.remark,
            priority: 0,
            line: "default".to_owned(),
        });
        Ok(response::DescribeZoneRecords {
            records: response::ZoneRecords {
                record: record.collect(),
            },
            page_number: call.page.number,
            page_size: call.page.size,
            total_items,
            total_pages: total_items.div_ceil(u64::from(call.page.size.max(1))),
        })
    }

    /// Changes one record, if it still fits the others.
    async fn change(
        &self,
        account: &AccountId,
        id: u32,
        how: impl Fn(&mut Record) + Send + Sync,
    ) -> Result<(), Failure> {
        let (how, now) = (&how, self.now());
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut zone = zone_of(tx, account, id).await?;
                let records = &mut zone.body.records;
                let at = records.iter().position(|record| record.id == id);
                let mut record = records.remove(at.ok_or_else(missing)?);
                how(&mut record);
                check_fits(records, &record)?;
                records.push(record);
                zone.body.updated = now.as_millisecond();
                documents::update(tx, account, &zone).await
            })
        })
        .await
    }
}

/// The account's zone that has the record.
async fn zone_of(tx: &mut dyn Tx, account: &AccountId, id: u32) -> Result<Named<Zone>, Failure> {
    let zones = documents::all::<Zone>(tx, account).await?;
    let mut zones = zones.into_iter();
    let with = zones.find(|zone| zone.body.records.iter().any(|record| record.id == id));
    with.ok_or_else(|| missing().into())
}

/// A number that no other record has but by a chance of one in billions.
fn new_id() -> Result<u32, Failure> {
    const LIMIT: usize = 0x7fff_ffff;
    let number = random::below(LIMIT)?;
    Ok(u32::try_from(number).unwrap_or_default().saturating_add(1))
}

/// One says it already, or a name is said to be another one and something else besides
/// (RFC 1034, 3.6.2).
fn check_fits(others: &[Record], new: &Record) -> Result<(), ApiError> {
    let mut same = others.iter().filter(|other| other.rr == new.rr);
    let conflicts = same.any(|other| {
        let is_other_name = [other.kind, new.kind].contains(&RecordKind::Cname);
        is_other_name || (other.kind == new.kind && other.value == new.value)
    });
    if conflicts {
        return Err(ApiError::new(
            ErrorCode::RecordConflict,
            "The record conflicts with another one of the same name.",
        ));
    }
    Ok(())
}

fn check_rr(rr: &str) -> Result<String, ApiError> {
    let below = rr.strip_prefix("*.").unwrap_or(rr);
    if matches!(rr, "@" | "*") {
        return Ok(rr.to_owned());
    }
    let parsed: Result<Domain, _> = below.parse();
    let is_written_so = |domain: &Domain| !below.ends_with('.') && !domain.as_str().is_empty();
    match parsed {
        Ok(domain) if is_written_so(&domain) => Ok(rr.to_ascii_lowercase()),
        _ => Err(ApiError::invalid_parameter(
            "Rr",
            "must be @, * or labels of letters, digits, hyphens and underscores",
        )),
    }
}

fn check_value(kind: RecordKind, value: &str) -> Result<String, ApiError> {
    let checked = match kind {
        RecordKind::A => value
            .parse()
            .ok()
            .map(|address: Ipv4Addr| address.to_string()),
        RecordKind::Aaaa => value
            .parse()
            .ok()
            .map(|address: Ipv6Addr| address.to_string()),
        RecordKind::Cname => value.parse().ok().map(|name: Domain| name.to_string()),
        RecordKind::Txt => (value.len() <= LONGEST_TEXT).then(|| value.to_owned()),
    };
    checked.ok_or_else(|| {
        ApiError::new(
            ErrorCode::RecordValue,
            format!("The specified value is not valid for a record of type {kind}."),
        )
    })
}

fn missing() -> ApiError {
    ApiError::new(
        ErrorCode::RecordNotFound,
        "The specified record does not exist.",
    )
}
