use kms_wire::Params;
use serde_json::json;

use super::{Next, whole};
use crate::ctl::table::Pages;

#[test]
fn numbered_pages_end_with_the_last_row_or_an_empty_page() {
    let of = |total, count, before: &Next| {
        let answer = json!({"TotalCount": 250, "PageNumber": 1});
        Next::after(Pages::Numbered, &answer, total, count, before)
    };
    assert_eq!(of(100, 100, &Next::First), Some(Next::Page(2)));
    assert_eq!(of(200, 100, &Next::Page(2)), Some(Next::Page(3)));
    assert_eq!(of(250, 50, &Next::Page(3)), None);
    // Somebody deleted some meanwhile.
    assert_eq!(of(200, 0, &Next::Page(3)), None);
}

#[test]
fn marked_and_token_pages_end_as_the_service_says_and_do_not_go_round() {
    let next = |pages, answer, before: &Next| Next::after(pages, &answer, 100, 100, before);
    let more = json!({"IsTruncated": true, "Marker": "m"});
    let there = Next::Text("m".to_owned());
    assert_eq!(
        next(Pages::Marked, more.clone(), &Next::First),
        Some(Next::Text("m".to_owned()))
    );
    assert_eq!(next(Pages::Marked, more, &there), None);
    let last = json!({"IsTruncated": false, "Marker": "m"});
    assert_eq!(next(Pages::Marked, last, &Next::First), None);
    let token = json!({"NextToken": "t"});
    assert_eq!(
        next(Pages::Token, token, &Next::First),
        Some(Next::Text("t".to_owned()))
    );
    assert_eq!(
        next(Pages::Token, json!({"NextToken": ""}), &Next::First),
        None
    );
    assert_eq!(
        next(Pages::One, json!({"TotalCount": 9}), &Next::First),
        None
    );
}

#[test]
fn pages_are_asked_for_in_the_products_own_way() {
    let asked = |pages, next: Next| {
        let mut params = Params::default();
        params.push("A", "b");
        next.ask(pages, &params).canonical()
    };
    assert_eq!(
        asked(Pages::Numbered, Next::Page(2)),
        "A=b&PageNumber=2&PageSize=100"
    );
    assert_eq!(asked(Pages::Marked, Next::First), "A=b&MaxItems=100");
    assert_eq!(
        asked(Pages::Marked, Next::Text("m/1".to_owned())),
        "A=b&Marker=m%2F1&MaxItems=100"
    );
    assert_eq!(
        asked(Pages::Token, Next::Text("t".to_owned())),
        "A=b&NextToken=t"
    );
    assert_eq!(asked(Pages::One, Next::First), "A=b");
}

#[test]
fn all_pages_make_one_answer() {
    let last =
        json!({"Users": {"User": null}, "IsTruncated": false, "Marker": "m", "RequestId": "r"});
    assert_eq!(
        whole(last, "/Users/User", vec![json!(1), json!(2)]),
        json!({"Users": {"User": [1, 2]}, "RequestId": "r"})
    );
    assert_eq!(
        whole(json!({}), "/Users/User", vec![]),
        json!({"Users": {"User": []}})
    );
}
