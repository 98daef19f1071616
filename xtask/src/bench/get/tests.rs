use super::Answer;

#[test]
fn an_answer_is_read() {
    let answer =
        Answer::read(b"HTTP/1.1 200 OK\r\nX-Cache: HIT\r\nAge: 3\r\n\r\n{}\r\n\r\n").unwrap();
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("x-cache"), Some("hit"));
    assert_eq!(answer.header("age"), Some("3"));
    assert_eq!(answer.header("date"), None);
    assert_eq!(answer.body, b"{}\r\n\r\n");
}

#[test]
fn half_a_head_is_none() {
    assert_eq!(Answer::read(b"HTTP/1.1 200 OK\r\nAge: 3\r\n"), None);
}
