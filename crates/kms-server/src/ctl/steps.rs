//! A command from its first question to its last line.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use clap::ArgMatches;
use jiff::Timestamp;
use kms_client::Client;
use kms_types::Secret;
use kms_wire::Params;
use serde_json::Value;
use zeroize::Zeroizing;

use super::{
    CtlError,
    output::{self, Form},
    pages, params,
    params::said,
    show,
    table::{List, Show, Step, Verb},
    terminal,
    words::YES,
};

mod client_key;
mod import;
mod key_version;
mod kms_role;
mod rotate;

/// Does what a verb says.
pub(super) async fn perform(
    verb: &Verb,
    matches: &ArgMatches,
    client: &Client,
    now: Timestamp,
) -> Result<(), CtlError> {
    if let Some(question) = verb.question {
        let what = verb.args.iter().filter(|arg| arg.placed);
        let what: Vec<_> = what.filter_map(|arg| said(matches, arg.name)).collect();
        let question = format!("{question} {}", what.join(" "));
        terminal::confirm(&question, matches.get_flag(YES))?;
    }
    let mut params = params::read(verb, matches, now)?;
    match verb.step {
        Step::Call => {}
        Step::KeyVersion => key_version::fill_in(client, &mut params).await?,
        Step::ClientKey => return client_key::make(verb, matches, client, params).await,
        Step::ImportMaterial => return import::material(verb, matches, client, params).await,
        Step::KmsRole => return kms_role::ensure(matches, client).await,
        Step::Rotate => return rotate::rotate(verb, matches, client, params).await,
    }
    if let Show::List(list) = verb.show {
        return show_list(verb, list, matches, client, &params, show::list).await;
    }
    if let Show::Ending(list, end) = verb.show {
        let table = |answer: &Value, list: &List| show::ending(answer, list, end, now);
        return show_list(verb, list, matches, client, &params, table).await;
    }
    let body = pages::call(client, verb, params).await?;
    if Form::of(matches) == Form::Json {
        // EXPOSE: the whole answer was asked for.
        return output::secret_line(body.expose());
    }
    let mut answer = pages::parse(&body)?;
    let shown = show_answer(verb.show, matches, &mut answer);
    show::wipe(&mut answer);
    shown
}

async fn show_list(
    verb: &Verb,
    list: &List,
    matches: &ArgMatches,
    client: &Client,
    params: &Params,
    table: impl Fn(&Value, &List) -> String,
) -> Result<(), CtlError> {
    let answer = pages::all(client, verb, list, params).await?;
    output::text(&match Form::of(matches) {
        Form::Json => format!("{answer:#}\n"),
        Form::Name => show::names(&answer, list),
        Form::Table => table(&answer, list),
    })
}

fn show_answer(how: Show, matches: &ArgMatches, answer: &mut Value) -> Result<(), CtlError> {
    match how {
        Show::Record(place) => output::text(&show::record(answer, place)),
        Show::Reveal(place) => reveal(&show::take(answer, place)?),
        Show::Decode(place) => output::secret(&decode(&show::take(answer, place)?)?),
        Show::Text(place) => {
            let text = show::take(answer, place)?;
            // EXPOSE: a document or a public key.
            output::text(&format!("{}\n", text.expose().trim_end()))
        }
        Show::Exports(lines) => exports(lines, answer),
        Show::Value => value(matches, answer),
        Show::Verdict(place) => match answer.pointer(place).and_then(Value::as_bool) {
            Some(true) => output::text("valid\n"),
            _ => Err(CtlError::Answer(
                "not valid: neither for this message nor by this key".to_owned(),
            )),
        },
        // Shown with its pages.
        Show::List(_) | Show::Ending(..) => Ok(()),
    }
}

fn reveal(text: &Secret<String>) -> Result<(), CtlError> {
    // EXPOSE: into another secret, for standard output.
    output::secret(&Secret::new(text.expose().as_bytes().to_vec()))
}

/// A secret's value: text as it is, bytes as they were before their base64.
fn value(matches: &ArgMatches, answer: &mut Value) -> Result<(), CtlError> {
    let kind = answer.pointer("/SecretDataType").and_then(Value::as_str);
    let is_binary = kind == Some("binary");
    let data = show::take(answer, "/SecretData")?;
    match said(matches, "field") {
        Some(name) => reveal(&show::field(&data, name)?),
        None if is_binary => output::secret(&decode(&data)?),
        None => reveal(&data),
    }
}

fn decode(text: &Secret<String>) -> Result<Secret<Vec<u8>>, CtlError> {
    // EXPOSE: into another secret.
    let bytes = BASE64_STANDARD.decode(text.expose());
    bytes
        .map(Secret::new)
        .map_err(|_quotes_the_text| CtlError::Answer("the answer holds no base64".to_owned()))
}

/// Lines that `eval` takes; variables whose field is absent are not set.
fn exports(lines: &[(&str, &str)], answer: &mut Value) -> Result<(), CtlError> {
    let mut text = Zeroizing::new(String::with_capacity(8192));
    for &(variable, place) in lines {
        if answer.pointer(place).is_none() {
            continue;
        }
        let value = show::take(answer, place)?;
        // EXPOSE: to standard output, for that was asked.
        let word = Zeroizing::new(show::shell_word(value.expose()));
        for part in ["export ", variable, "=", word.as_str(), "\n"] {
            text.push_str(part);
        }
    }
    output::secret(&Secret::new(text.as_bytes().to_vec()))
}
