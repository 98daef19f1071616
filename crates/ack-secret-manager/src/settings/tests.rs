use super::*;

fn env(variables: &[(&str, &str)]) -> Env {
    variables.iter().copied().collect()
}

fn parse(arguments: &[&str]) -> Result<Settings, SettingsError> {
    parse_in(arguments, &[])
}

fn parse_in(arguments: &[&str], variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    Settings::parse(
        arguments.iter().map(|text| (*text).to_owned()),
        &env(variables),
    )
}

fn refused(arguments: &[&str]) -> String {
    match parse(arguments) {
        Err(error) => {
            assert_eq!(error.exit_code(), 64, "{arguments:?}");
            error.to_string()
        }
        Ok(_) => panic!("{arguments:?} are taken"),
    }
}

mod defaults;
mod meaning;
mod spelling;
