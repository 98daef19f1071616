//! A test per file of `cases/`; their names begin with the rows they hold.

macro_rules! rows {
    ($($test:ident = $file:literal;)*) => {
        $(
            #[test]
            fn $test() {
                crate::cases::run($file);
            }
        )*

        #[test]
        fn every_file_is_run() {
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/hostile/cases");
            let mut there: Vec<_> = std::fs::read_dir(folder)
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            there.sort();
            let run = [$(concat!($file, ".txt")),*];
            assert_eq!(there, run);
        }
    };
}

rows! {
    tokens = "01-05-tokens";
    hosts = "06-08-hosts";
    origins_and_forwarding = "09-11-origins-forwarding";
    absolute_targets = "12-13-absolute-targets";
    methods = "14-16-methods";
    framing = "17-24-framing";
    paths = "25-29-paths";
    encodings = "30-33-encodings";
    parameters = "34-36-parameters";
    sizes = "37-38-sizes";
    versions_and_upgrades = "39-40-versions-upgrades";
    other_protocols = "41-other-protocols";
    leading_lines = "47-leading-lines";
    negotiation = "48-negotiation";
}
