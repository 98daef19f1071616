//! No template takes more than its share, whoever wrote it.

use super::{Data, failure, one, rendered, template, text};

#[test]
fn loops_end() {
    for source in [
        "{{ range until 1000000000 }}x{{ end }}",
        "{{ range 1000000000 }}{{ end }}",
        "{{ range seq 1000000000 | splitList \" \" }}x{{ end }}",
        "{{ range untilStep 0 9223372036854775807 1 }}{{ end }}",
        "{{ range 100000 }}{{ range 100000 }}{{ end }}{{ end }}",
    ] {
        failure(source);
    }
}

#[test]
fn output_and_values_are_bounded() {
    for source in [
        r#"{{ repeat 1000000000 "x" }}"#,
        r#"{{ repeat 9223372036854775807 "xx" }}"#,
        r#"{{ repeat 2000000 "x" }}"#,
        r#"{{ indent 1000000000 "x" }}"#,
        r#"{{ printf "%1000000d" 1 | repeat 1000 }}"#,
        "{{ randAlphaNum 1000000000 }}",
        "{{ range 100000 }}0123456789abcdef{{ end }}",
        r#"{{ $x := "x" }}{{ range 100 }}{{ $x = print $x $x }}{{ end }}"#,
        "{{ $x := list 1 }}{{ range 100 }}{{ $x = concat $x $x }}{{ end }}",
        "{{ $x := list 1 }}{{ range 100 }}{{ $x = list $x $x }}{{ end }}{{ $x | toJson }}",
        r#"{{ $x := repeat 100000 "a" }}{{ regexReplaceAll "a" $x $x }}"#,
        r#"{{ $x := repeat 100000 "a" }}{{ replace "a" $x $x }}"#,
        r#"{{ $x := dict "a" (repeat 16 "a") }}{{ range 30 }}{{ $x = list $x $x }}{{ end }}{{ $x }}"#,
        r#"{{ repeat 5000000 "x" | len }}"#,
        r#"{{ range $i, $_ := until 1000 }}{{ regexMatch (print "\pL{100}" $i) "x" }}{{ end }}"#,
        r#"{{ $x := repeat 100000 "a" }}{{ join $x (splitList "" $x) }}"#,
    ] {
        failure(source);
    }
    assert_eq!(text(r#"{{ repeat 1000000 "x" | len }}"#), "1000000");
    let same = r#"{{ range until 1000 }}{{ regexFind "x+" "axx" }}{{ end }}"#;
    assert_eq!(text(same), "xx".repeat(1000));
}

/// Without a step counter this would take years: nothing is written and nothing is deep.
#[test]
fn templates_that_call_one_another_twice_end() {
    let mut source = r#"{{ define "t0" }}{{ end }}"#.to_owned();
    for at in 1..60 {
        let below = at - 1;
        let body = format!(
            r#"{{{{ define "t{at}" }}}}{{{{ template "t{below}" }}}}{{{{ template "t{below}" }}}}{{{{ end }}}}"#
        );
        source.push_str(&body);
    }
    source += r#"{{ template "t59" }}"#;
    assert!(failure(&source).contains("too many steps"));
}

#[test]
fn recursion_ends() {
    let endless = r#"{{ define "r" }}{{ template "r" . }}{{ end }}{{ template "r" . }}"#;
    assert!(failure(endless).contains("too deep"));
    let nested = "{{ if true }}".repeat(5000);
    failure(&nested);
    let parentheses = format!("{{{{ {}1{} }}}}", "(".repeat(5000), ")".repeat(5000));
    failure(&parentheses);
    let json = format!(r#"{{{{ "{}" | mustFromJson }}}}"#, "[".repeat(5000));
    failure(&json);
}

#[test]
fn values_do_not_hold_themselves_and_are_not_deep() {
    for source in [
        r#"{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ $d }}"#,
        r#"{{ $d := dict }}{{ $e := dict "d" $d }}{{ $_ := set $d "e" (list $e) }}{{ $d }}"#,
        r#"{{ $_ := set . "self" . }}{{ . }}"#,
        "{{ $x := list }}{{ range 5000 }}{{ $x = list $x }}{{ end }}{{ $x }}",
        r#"{{ $x := dict }}{{ range 5000 }}{{ $x = dict "x" $x }}{{ end }}{{ $x }}"#,
        r#"{{ $x := dict }}{{ $y := $x }}{{ range 5000 }}{{ $z := dict }}{{ $_ := set $y "z" $z }}{{ $y = $z }}{{ end }}{{ $x }}"#,
    ] {
        failure(source);
    }
}

/// A spent budget fails the templates that come after, and all are named.
#[test]
fn all_templates_share_the_budget() {
    let hog = "{{ range 100000000 }}{{ end }}";
    let templated = rendered(&template([("a", hog), ("b", "{{ 1 }}")]), &Data::new());
    let templated = templated.expect("a result");
    assert!(templated.data.is_empty());
    assert_eq!(templated.warnings.len(), 2, "{:?}", templated.warnings);
    one("{{ 1 }}", &Data::new()).expect("another render has its own");
}

#[test]
fn hashes_cost_what_they_take() {
    assert!(failure(r#"{{ bcrypt "x" 31 }}"#).contains("14"));
    let late = r#"{{ range 1960000 }}{{ end }}{{ bcrypt "x" 10 }}"#;
    assert!(failure(late).contains("too many steps"));
}
