use proptest::{prop_assert_eq, proptest};

use super::Pattern;

#[test]
fn stars_take_any_number_of_characters_and_question_marks_one() {
    for (pattern, text, fits) in [
        ("", "", true),
        ("", "a", false),
        ("*", "", true),
        ("*", "a:b/c", true),
        ("?", "", false),
        ("?", "é", true),
        ("?", "ab", false),
        ("a*", "a", true),
        ("a*", "ba", false),
        ("*a", "aba", true),
        ("*ab", "aab", true),
        ("a*b*c", "axbxbxc", true),
        ("a*b*c", "axbxbx", false),
        ("a?c*", "abc", true),
        ("*?", "", false),
        ("**", "", true),
        ("a", "A", false),
        ("a%2Fb", "a/b", false),
        ("a.c", "abc", false),
        ("[ab]", "a", false),
    ] {
        assert_eq!(
            Pattern::new(pattern).matches(text),
            fits,
            "{pattern} {text}"
        );
    }
}

/// A matcher that tries every star again would not come back in the life of the machine.
#[test]
fn no_pattern_takes_longer_than_the_lengths_multiplied() {
    let pattern = Pattern::new(&format!("{}b", "a*".repeat(1_000)));
    assert!(!pattern.matches(&"a".repeat(2_000)));
    let pattern = Pattern::new(&format!("{}b", "*?".repeat(1_000)));
    assert!(!pattern.matches(&"a".repeat(2_000)));
}

/// The meaning, written down without a thought for time.
fn plainly(pattern: &[char], text: &[char]) -> bool {
    match (pattern, text) {
        ([], []) => true,
        (['*', pattern @ ..], text) => (0..=text.len()).any(|at| plainly(pattern, &text[at..])),
        (['?', pattern @ ..], [_, text @ ..]) => plainly(pattern, text),
        ([own, pattern @ ..], [other, text @ ..]) => own == other && plainly(pattern, text),
        _ => false,
    }
}

proptest! {
    #[test]
    fn matches_as_plainly_written(pattern in "[ab*?]{0,7}", text in "[ab]{0,9}") {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        prop_assert_eq!(
            Pattern::new(&pattern).matches(&text),
            plainly(&chars(&pattern), &chars(&text))
        );
    }
}
