use super::*;

fn term(number: u32) -> Vec<u8> {
    let mut bytes = number.to_be_bytes().to_vec();
    bytes.extend_from_slice(&1_700_000_000_i64.to_be_bytes());
    bytes.extend_from_slice(&[7; 32]);
    bytes
}

fn body(count: u32, terms: &[u32]) -> Vec<u8> {
    let mut bytes = vec![1; 16];
    bytes.extend_from_slice(&count.to_be_bytes());
    for number in terms {
        bytes.extend_from_slice(&term(*number));
    }
    bytes
}

#[test]
fn reads_what_is_whole_and_in_order() {
    let inner = read(&body(2, &[3, 9]), false).unwrap();
    let numbers: Vec<u32> = inner.terms.iter().map(|term| term.number).collect();
    assert_eq!(numbers, [3, 9]);
    assert_eq!(write(&inner).as_slice(), body(2, &[3, 9]));
}

#[test]
fn refuses_anything_else() {
    let mut longer = body(1, &[1]);
    longer.push(0);
    let mut shorter = body(2, &[1, 2]);
    shorter.pop();
    for wrong in [
        Vec::new(),
        vec![0; 19],
        body(0, &[]),
        body(2, &[1]),
        body(1, &[1, 2]),
        body(2, &[2, 1]),
        body(2, &[1, 1]),
        body(u32::MAX, &[1]),
        longer,
        shorter,
    ] {
        assert!(
            matches!(read(&wrong, false), Err(KeyringError::Damaged)),
            "{wrong:?}"
        );
    }
}

fn with_heir(terms: &[u32], heir: u32) -> Vec<u8> {
    let count = u32::try_from(terms.len()).unwrap();
    [body(count, terms), heir.to_be_bytes().to_vec(), vec![9; 32]].concat()
}

#[test]
fn what_is_left_of_a_term_that_is_gone_stands_behind_the_others() {
    let inner = read(&with_heir(&[3, 9], 1), true).unwrap();
    let heir = inner.heir.as_ref().unwrap();
    assert_eq!((heir.term, *heir.prk), (1, [9; 32]));
    assert_eq!(write(&inner).as_slice(), with_heir(&[3, 9], 1));
    let (mut longer, mut shorter) = (with_heir(&[3], 1), with_heir(&[3], 1));
    longer.push(0);
    shorter.pop();
    for wrong in [
        body(1, &[3]),
        with_heir(&[], 1),
        with_heir(&[3], 3),
        with_heir(&[3], 4),
        longer,
        shorter,
    ] {
        let read = read(&wrong, true);
        assert!(matches!(read, Err(KeyringError::Damaged)), "{wrong:?}");
    }
    assert!(matches!(
        read(&with_heir(&[3], 1), false),
        Err(KeyringError::Damaged)
    ));
}
