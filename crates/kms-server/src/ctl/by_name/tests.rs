use kms_wire::Product;

use super::find;

#[test]
fn an_action_is_found_with_and_without_its_product() {
    for (said, product, action) in [
        ("CreatePolicy", Product::Kms, "CreatePolicy"),
        ("ram.CreatePolicy", Product::Ram, "CreatePolicy"),
        ("GetCallerIdentity", Product::Sts, "GetCallerIdentity"),
        ("ListOIDCProviders", Product::Ims, "ListOIDCProviders"),
        ("KMS.ActionOfTomorrow", Product::Kms, "ActionOfTomorrow"),
    ] {
        assert_eq!(find(said).unwrap(), (product, action));
    }
    assert_eq!(
        find("Foo").unwrap_err().to_string(),
        "no action is known as Foo; kms.Foo calls it all the same"
    );
    assert!(find("ecs.RunInstances").is_err());
}
