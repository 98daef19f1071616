use super::replaced;

#[test]
fn only_what_stands_between_the_marks_changes() {
    let text = "# Title\n<!-- cargo xtask bench agent --write -->\nold\n<!-- end -->\nprose\n\
                <!-- cargo xtask bench other --write -->\nother\n<!-- end -->\n";
    assert_eq!(
        replaced(text, "agent", "| new |\n").as_deref(),
        Some(
            "# Title\n<!-- cargo xtask bench agent --write -->\n\n| new |\n\n<!-- end -->\nprose\n\
             <!-- cargo xtask bench other --write -->\nother\n<!-- end -->\n"
        )
    );
}

#[test]
fn a_file_without_marks_is_left_alone() {
    assert_eq!(replaced("# Title\n", "agent", "new"), None);
    let unended = "<!-- cargo xtask bench agent --write -->\nold\n";
    assert_eq!(replaced(unended, "agent", "new"), None);
}
