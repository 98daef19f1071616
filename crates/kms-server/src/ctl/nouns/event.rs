//! What happened.

use kms_wire::Product;

use crate::ctl::table::{Arg, List, Noun, Pages, Show, Verb};

pub(super) const EVENT: Noun = Noun::new(
    "event",
    "What happened: rotations, reminders, findings",
    &[&[Verb::of(
        Product::Cms,
        "list",
        "DescribeSystemEventAttribute",
        "Lists events of 90 days, newest first",
    )
    .args(&[
        Arg::opt("level", "Level", "CRITICAL, WARN or INFO"),
        Arg::opt("name", "Name", "Such as Secret:RotateSecret:Failure"),
        Arg::opt(
            "about",
            "SearchKeywords",
            "What is in its resource or content",
        ),
        Arg::opt("size", "PageSize", "How many at most [default: 100]"),
        Arg::opt("page", "PageNumber", "From 1"),
    ])
    .show(Show::List(&List {
        at: "/SystemEvents/SystemEvent",
        columns: &[
            ("NAME", "/Name"),
            ("LEVEL", "/Level"),
            ("RESOURCE", "/ResourceId"),
            ("CONTENT", "/Content"),
        ],
        pages: Pages::One,
    }))]],
);
