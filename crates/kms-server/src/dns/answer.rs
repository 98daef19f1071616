//! One question, one answer: functions from bytes to bytes.

use std::net::IpAddr;

use hickory_proto::{
    op::{Edns, Message, MessageType, OpCode, ResponseCode},
    rr::{
        DNSClass, Name, RData, Record, RecordType,
        rdata::{A, AAAA, CNAME, SOA, TXT},
    },
};
use kms_service::{Name as Said, Names, Service};
use kms_wire::request::RecordKind;

/// How the answer travels.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Way {
    /// As large as the client takes, and no larger than [`LARGEST`].
    Datagram,
    /// As large as it is.
    Connection,
}

/// The largest datagram that no network on the way has to take apart (DNS Flag Day 2020).
pub(super) const LARGEST: usize = 1232;

/// How long a client may remember that a name is not there, in seconds: names of PrivateZone
/// live for a minute.
const NEGATIVE_TTL: u32 = 60;

/// The answer to what came from that address; none for what is no question.
pub(super) async fn to(
    service: &Service,
    question: &[u8],
    source: IpAddr,
    way: Way,
) -> Option<Vec<u8>> {
    let Ok(question) = Message::from_vec(question) else {
        let answer = unreadable(question)?;
        return answer.to_vec().ok();
    };
    if question.metadata.message_type != MessageType::Query {
        return None;
    }
    let mut answer = Message::response(question.metadata.id, question.metadata.op_code);
    answer.metadata.recursion_desired = question.metadata.recursion_desired;
    answer.add_queries(question.queries.iter().cloned());
    if question.edns.is_some() {
        let mut edns = Edns::new();
        edns.set_max_payload(u16::try_from(LARGEST).unwrap_or(u16::MAX));
        answer.set_edns(edns);
    }
    let code = say(service, &question, source, &mut answer).await;
    answer.metadata.response_code = code;
    let bytes = answer.to_vec().ok()?;
    let most = match way {
        Way::Connection => usize::from(u16::MAX),
        Way::Datagram => usize::from(question.max_payload()).min(LARGEST),
    };
    if bytes.len() <= most {
        return Some(bytes);
    }
    answer.truncate().to_vec().ok()
}

/// What could not be read, but for its number, is told to be so.
fn unreadable(bytes: &[u8]) -> Option<Message> {
    let id = bytes.first_chunk().copied().map(u16::from_be_bytes)?;
    // Answers are not answered, lest two servers talk for ever.
    let is_answer = bytes.get(2).is_none_or(|flags| flags & 0x80 != 0);
    (!is_answer).then(|| Message::error_msg(id, OpCode::Query, ResponseCode::FormErr))
}

async fn say(
    service: &Service,
    question: &Message,
    source: IpAddr,
    answer: &mut Message,
) -> ResponseCode {
    if question.version() > 0 {
        return ResponseCode::BADVERS;
    }
    if question.metadata.op_code != OpCode::Query {
        return ResponseCode::NotImp;
    }
    let [query] = question.queries.as_slice() else {
        return ResponseCode::FormErr;
    };
    if query.query_class() != DNSClass::IN {
        return ResponseCode::Refused;
    }
    let kind = match query.query_type() {
        RecordType::A => Some(RecordKind::A),
        RecordType::AAAA => Some(RecordKind::Aaaa),
        RecordType::CNAME => Some(RecordKind::Cname),
        RecordType::TXT => Some(RecordKind::Txt),
        _ => None,
    };
    let name = query.name().to_lowercase().to_ascii();
    let names = match service.resolve(&name, kind, source).await {
        Ok(names) => names,
        Err(reason) => {
            tracing::warn!(error = %reason, "a name could not be looked up");
            return ResponseCode::ServFail;
        }
    };
    let (zone, code) = match names {
        Names::Refused => return ResponseCode::Refused,
        Names::Missing { zone } => (zone, ResponseCode::NXDomain),
        Names::Found { zone, records } => {
            let is_known = kind.is_some() || query.query_type() == RecordType::ANY;
            let records = records.into_iter().filter(|_record| is_known);
            answer.add_answers(records.filter_map(record));
            (zone, ResponseCode::NoError)
        }
    };
    answer.metadata.authoritative = true;
    if answer.answers.is_empty() {
        answer.authorities.extend(authority(&zone));
    }
    code
}

fn record(said: Said) -> Option<Record> {
    let data = match said.kind {
        RecordKind::A => RData::A(A(said.value.parse().ok()?)),
        RecordKind::Aaaa => RData::AAAA(AAAA(said.value.parse().ok()?)),
        RecordKind::Cname => RData::CNAME(CNAME(fqdn(&said.value)?)),
        RecordKind::Txt => RData::TXT(TXT::new(vec![said.value])),
    };
    Some(Record::from_rdata(fqdn(&said.name)?, said.ttl, data))
}

/// Says how long "no" is true (RFC 2308, 3).
fn authority(zone: &str) -> Option<Record> {
    let (server, person) = (
        fqdn(&format!("ns.{zone}"))?,
        fqdn(&format!("hostmaster.{zone}"))?,
    );
    let soa = SOA::new(server, person, 1, 3600, 600, 86_400, NEGATIVE_TTL);
    Some(Record::from_rdata(
        fqdn(zone)?,
        NEGATIVE_TTL,
        RData::SOA(soa),
    ))
}

fn fqdn(name: &str) -> Option<Name> {
    Name::from_ascii(format!("{name}.")).ok()
}
