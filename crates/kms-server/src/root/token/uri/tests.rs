use std::path::Path;

use super::{ParseTokenUriError, TokenUri};

const PLACES: &str = "module-path=/usr/lib/p11.so&pin-source=/etc/kms/pin";

#[test]
fn attributes_are_decoded_and_the_text_is_kept() {
    let text = "pkcs11:token=our%20token;serial=0f;object=kms%3Broot;id=%01%FF;type=secret-key\
        ?module-path=/usr/lib/p11.so&pin-source=file:///etc/kms/a%26b";
    let uri: TokenUri = text.parse().unwrap();
    assert_eq!(uri.to_string(), text);
    assert_eq!(uri.token.as_deref(), Some("our token"));
    assert_eq!(uri.serial.as_deref(), Some("0f"));
    assert_eq!(uri.object.as_deref(), Some("kms;root"));
    assert_eq!(uri.id.as_deref(), Some([1, 0xff].as_slice()));
    assert_eq!(uri.module, Path::new("/usr/lib/p11.so"));
    assert_eq!(uri.pin, Path::new("/etc/kms/a&b"));
}

#[test]
fn what_is_missing_or_not_understood_is_named() {
    let parse = |text: &str| text.parse::<TokenUri>().unwrap_err();
    let unknown = |name: &str| ParseTokenUriError::Attribute(name.to_owned());
    for (path, error) in [
        ("token=a", ParseTokenUriError::NoKey),
        ("object=a", ParseTokenUriError::NoToken),
        ("token=a;object=b;object=c", unknown("object")),
        ("token=a;object=b;colour=c", unknown("colour")),
        ("token=a;object=b;type=private", unknown("type")),
        ("token=a;object", unknown("object")),
        ("token=%ff;object=a", unknown("token")),
    ] {
        assert_eq!(parse(&format!("pkcs11:{path}?{PLACES}")), error, "{path}");
    }
    for (query, error) in [
        ("pin-source=/a", ParseTokenUriError::Path("module-path")),
        ("module-path=/a", ParseTokenUriError::Path("pin-source")),
        (
            "module-path=p11.so&pin-source=/a",
            ParseTokenUriError::Path("module-path"),
        ),
        ("pin-value=1234", ParseTokenUriError::PinValue),
    ] {
        let text = format!("pkcs11:token=a;object=b?{query}");
        assert_eq!(parse(&text), error, "{query}");
        assert!(!parse(&text).to_string().contains("1234"));
    }
    assert_eq!(parse("file:/a"), unknown("the scheme"));
}
