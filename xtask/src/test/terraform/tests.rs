use std::{fs, path::Path};

use super::{steps_are_those_of_the_page, use_the_one_in};

fn steps(folder: &Path, page: &str, steps: &[&str]) {
    fs::write(folder.join("README.md"), page).unwrap();
    for step in steps {
        fs::create_dir(folder.join(step)).unwrap();
        fs::write(folder.join(step).join("main.tf"), "").unwrap();
    }
}

const PAGE: &str = "# Steps\n\n| step | makes |\n|---|---|\n| [step1-a](step1-a) | a share |\n\
                    | [step2-b](step2-b) | an [instance](elsewhere) |\n";

#[test]
fn each_step_stands_in_the_table_and_each_row_is_a_step() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    steps(folder, PAGE, &["step1-a", "step2-b"]);
    // What is no module is no step.
    fs::create_dir(folder.join("pictures")).unwrap();
    steps_are_those_of_the_page(folder).unwrap();

    steps(folder, PAGE, &["step3-c"]);
    let error = steps_are_those_of_the_page(folder).unwrap_err();
    assert_eq!(
        error.to_string(),
        r#"README's table has {"step1-a", "step2-b"}, and there are {"step1-a", "step2-b", "step3-c"}"#
    );

    let empty = tempfile::tempdir().unwrap();
    steps(empty.path(), PAGE, &["step1-a"]);
    let error = steps_are_those_of_the_page(empty.path()).unwrap_err();
    assert!(
        error.to_string().ends_with(r#"there are {"step1-a"}"#),
        "{error}"
    );
}

#[test]
fn the_providers_folder_is_named_and_an_empty_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let error = use_the_one_in(folder.path()).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("where no terraform-provider-alicloud lies"),
        "{error}"
    );
    fs::write(folder.path().join("terraform-provider-alicloud_v1"), "").unwrap();
    assert_eq!(
        use_the_one_in(folder.path()).unwrap(),
        format!(
            "provider_installation {{\n  dev_overrides {{\n    \"aliyun/alicloud\" = \"{}\"\n  }}\n}}\n",
            folder.path().display()
        )
    );
    let error = use_the_one_in(&folder.path().join("none")).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("KMS_TERRAFORM_PROVIDER names "),
        "{error}"
    );
}
