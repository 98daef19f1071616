use super::{Ask, MOST, MOST_BYTES, Memory};
use crate::{Area, Moment, TagRecord, sql::sql};

const TEXT: &str = "SELECT key, value FROM tags WHERE secret = $1";

fn ask(number: i64) -> Ask {
    Ask::of(&sql(TEXT).bind(number)).unwrap()
}

fn tag(bytes: usize) -> TagRecord {
    TagRecord {
        key: "k".to_owned(),
        value: "v".repeat(bytes),
    }
}

fn moment(secrets: u64) -> Moment {
    Moment::new([7, secrets, 7], None)
}

#[test]
fn an_answer_is_given_at_its_own_moment_alone() {
    let memory = Memory::new();
    memory.put(ask(1), Area::Secrets, &moment(5), Some(tag(1)));
    let get = |number, area, at: &Moment| memory.get::<Option<TagRecord>>(&ask(number), area, at);
    assert_eq!(get(1, Area::Secrets, &moment(5)), Some(Some(tag(1))));
    assert_eq!(get(1, Area::Secrets, &moment(6)), None, "changed since");
    assert_eq!(get(1, Area::Secrets, &moment(4)), None, "not yet so then");
    assert_eq!(get(2, Area::Secrets, &moment(5)), None, "another question");
    assert_eq!(get(1, Area::Keys, &moment(5)), None);
    memory.put(ask(1), Area::Secrets, &moment(6), None::<TagRecord>);
    assert_eq!(get(1, Area::Secrets, &moment(6)), Some(None));
    memory.clear();
    assert_eq!(get(1, Area::Secrets, &moment(6)), None);
}

#[test]
fn it_is_bounded_in_number_and_in_bytes() {
    let memory = Memory::new();
    for number in 0..=i64::try_from(MOST).unwrap() {
        memory.put(ask(number), Area::Secrets, &moment(5), None::<TagRecord>);
    }
    let get = |number| memory.get::<Option<TagRecord>>(&ask(number), Area::Secrets, &moment(5));
    assert_eq!(get(0), None, "asked for longest ago");
    assert_eq!(get(1), Some(None));

    for number in 0..40 {
        memory.put(
            ask(number),
            Area::Secrets,
            &moment(5),
            Some(tag(MOST_BYTES / 32)),
        );
    }
    let kept = (0..40).filter(|number| get(*number) == Some(Some(tag(MOST_BYTES / 32))));
    assert_eq!(kept.count(), 31);
    assert!(memory.kept().bytes <= MOST_BYTES);

    memory.put(
        ask(99),
        Area::Secrets,
        &moment(5),
        Some(tag(MOST_BYTES / 8)),
    );
    assert_eq!(get(99), None, "too much for one");
    memory.clear();
    assert_eq!(memory.kept().bytes, 0);
}

#[test]
fn questions_differ_by_text_and_by_each_value() {
    let of = |texts: [&'static str; 2]| {
        let [first, second] = texts;
        Ask::of(&sql(TEXT).bind(first).bind(second)).unwrap()
    };
    assert_eq!(of(["ab", "c"]), of(["ab", "c"]));
    assert_ne!(of(["ab", "c"]), of(["a", "bc"]));
    assert_ne!(
        Ask::of(&sql(TEXT).bind(1_i64)).unwrap(),
        Ask::of(&sql("SELECT 1").bind(1_i64)).unwrap()
    );
    let built = |limit| Ask::of(&sql(format!("{TEXT} LIMIT {limit}")).bind(1_i64)).unwrap();
    assert_eq!(built(1), built(1));
    assert_ne!(built(1), built(2));
    assert!(Ask::of(&sql(TEXT).bind(None::<&str>)).is_none());
}
