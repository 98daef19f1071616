use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
};

use super::{Shared, Stored, lock, verify::verify};

/// Answers until the other end is content. Errors are the other end's.
pub(super) fn serve(socket: TcpStream, shared: &Shared) {
    let mut stream = BufReader::new(socket);
    while let Some(request) = read(&mut stream) {
        let answer = answer(request, shared);
        if stream.get_mut().write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

fn answer(mut request: Stored, shared: &Shared) -> String {
    let is_log = request.path.starts_with("/logstores/");
    let refusal = match lock(&shared.refusals).pop_front() {
        Some(refusal) => Some(refusal),
        None => verify(&request, &shared.id, &shared.secret)
            .err()
            .map(|code| (403, code.to_owned())),
    };
    request.refused = refusal.as_ref().map(|(_, code)| code.clone());
    // As the services do: they repeat what they would have signed, with all that is in it.
    let echo = format!("{:?}", request.headers).replace(['<', '>', '"'], " ");
    lock(&shared.kept).push(request);
    let Some((status, code)) = refusal else {
        return "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_owned();
    };
    let body = if is_log {
        format!(r#"{{"errorCode":"{code}","errorMessage":"signed: {echo}"}}"#)
    } else {
        format!("<Error><Code>{code}</Code><StringToSign>{echo}</StringToSign></Error>")
    };
    let (length, id) = (body.len(), "5C1B138A109F4E405B2D8AEF");
    format!(
        "HTTP/1.1 {status} No\r\nx-oss-request-id: {id}\r\nx-log-requestid: {id}\r\n\
         content-length: {length}\r\n\r\n{body}"
    )
}

fn read(stream: &mut BufReader<TcpStream>) -> Option<Stored> {
    let mut line = String::new();
    stream.read_line(&mut line).ok()?;
    let mut words = line.split(' ');
    let mut request = Stored {
        method: words.next()?.to_owned(),
        path: words.next()?.to_owned(),
        ..Stored::default()
    };
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).ok()?;
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        let name = name.to_ascii_lowercase();
        request.headers.push((name, value.trim().to_owned()));
    }
    let length = request.header("content-length").parse().unwrap_or(0);
    request.body = vec![0; length];
    stream.read_exact(&mut request.body).ok()?;
    Some(request)
}
