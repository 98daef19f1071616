//! What the unit says, done step by step: directories, the token as root, the agent as `User=`
//! with the unit's environment and privileges, until it says on the unit's socket that it is
//! ready and alive.

use std::{
    fs::{self, Permissions},
    os::unix::{fs::PermissionsExt as _, net::UnixDatagram},
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};

use super::{APPLICATION, NAME, OTHER_PORT, Reader, install, is_demo, root::Root, unit::Unit};
use crate::test::{Stage, deployment::Beside};

/// Where the agent tells its state.
const SOCKET: &str = "/var/tmp/notify";

/// As the unit is shipped; the application is in the service's group.
pub(super) fn own_user(stage: &mut Stage<'_>, root: &Root<'_>) -> Result<()> {
    stage.succeed(&mut root.shell(&format!("usermod --append --groups {NAME} {APPLICATION}")))?;
    let _agent = start(stage, root)?;
    let reader = Reader {
        user: APPLICATION,
        address: "localhost:2025",
    };
    is_demo(&stage.succeed(&mut root.shell(&reader.script()))?)?;
    refuses_strangers(stage, root)
}

/// `User=` and the port as an administrator sets them; the application needs no group.
pub(super) fn changed(stage: &mut Stage<'_>, root: &Root<'_>) -> Result<()> {
    change(stage, root)?;
    stage.succeed(&mut root.shell(&install::traced()))?;
    let _agent = start(stage, root)?;
    for host in ["127.0.0.1", "[::1]"] {
        let reader = Reader {
            user: APPLICATION,
            address: &format!("{host}:{OTHER_PORT}"),
        };
        is_demo(&stage.succeed(&mut root.shell(&reader.script()))?)?;
    }
    refuses_strangers(stage, root)
}

/// Edits the installed files, and takes the application out of the service's group.
pub(super) fn change(stage: &mut Stage<'_>, root: &Root<'_>) -> Result<()> {
    stage.attempt(&mut root.shell(&format!("gpasswd --delete {APPLICATION} {NAME}")))?;
    root.edit(
        &format!("/etc/systemd/system/{NAME}.service"),
        &format!("\nUser={NAME}\n"),
        &format!("\nUser={APPLICATION}\n"),
    )?;
    root.edit(
        &format!("/etc/{NAME}/config.toml"),
        "HttpPort = 2025\n",
        &format!("HttpPort = {OTHER_PORT}\n"),
    )
}

/// Who is not in the token's group cannot read it.
fn refuses_strangers(stage: &mut Stage<'_>, root: &Root<'_>) -> Result<()> {
    let (status, said) = stage.attempt(&mut root.shell(
        "exec setpriv --reuid=nobody --regid=nogroup --clear-groups -- cat /var/run/kmstoken",
    ))?;
    ensure!(!status.success(), "any user may read the token");
    ensure!(said.contains("Permission denied"), "cat says {said}");
    Ok(())
}

fn start(stage: &mut Stage<'_>, root: &Root<'_>) -> Result<Beside> {
    let unit = Unit::installed(root)?;
    let socket = listen(root)?;
    stage.succeed(&mut root.shell(&preparation(&unit)?))?;
    let mut agent = Beside::start(
        &mut root.direct(&service(&unit)?),
        &root.path("/tmp/agent.log"),
    )?;
    let (mut ready, mut alive) = (false, false);
    agent.wait_until("ready and alive", |_| {
        let mut told = [0; 512];
        // That nothing came yet is no error.
        let length = socket.recv(&mut told).unwrap_or(0);
        let told = String::from_utf8_lossy(told.get(..length).unwrap_or_default());
        ready |= told.lines().any(|line| line == "READY=1");
        alive |= told.lines().any(|line| line == "WATCHDOG=1");
        Ok(ready && alive)
    })?;
    Ok(agent)
}

fn listen(root: &Root<'_>) -> Result<UnixDatagram> {
    let path = root.path(SOCKET);
    if path.exists() {
        fs::remove_file(&path).context("removing the socket of the run before")?;
    }
    let socket = UnixDatagram::bind(&path).context("listening for the agent's state")?;
    fs::set_permissions(&path, Permissions::from_mode(0o777))
        .and_then(|()| socket.set_read_timeout(Some(Duration::from_millis(50))))
        .context("listening for the agent's state")?;
    Ok(socket)
}

/// What systemd does as root before it starts the program.
fn preparation(unit: &Unit) -> Result<String> {
    let user = unit.one("User")?;
    let mut script = vec!["set -e".to_owned()];
    for (kind, place) in [("Logs", "/var/log"), ("Runtime", "/run")] {
        let folder = format!("{place}/{}", unit.one(&format!("{kind}Directory"))?);
        let mode = unit.one(&format!("{kind}DirectoryMode"))?;
        script.push(format!("install -d -m {mode} {folder}"));
        script.push(format!("chown -R {user}:$(id -g {user}) {folder}"));
    }
    for line in unit.all("Environment") {
        script.push(format!("export {line}"));
    }
    for line in unit.all("ExecStartPre") {
        let line = line
            .strip_prefix('+')
            .context("a step before the start is not root's")?;
        script.push(line.to_owned());
    }
    Ok(script.join("\n"))
}

/// How systemd starts the program.
fn service(unit: &Unit) -> Result<String> {
    let user = unit.one("User")?;
    let capability = unit
        .one("AmbientCapabilities")?
        .trim_start_matches("CAP_")
        .to_ascii_lowercase();
    let environment: Vec<&str> = unit.all("Environment").collect();
    Ok(format!(
        "set -a; . {credentials}; set +a\n\
         export {environment} NOTIFY_SOCKET={SOCKET} WATCHDOG_USEC=1000000\n\
         umask {umask}; cd {folder}\n\
         exec setpriv --reuid={user} --regid=$(id -g {user}) --init-groups --no-new-privs \
         --inh-caps=-all,+{capability} --ambient-caps=-all,+{capability} \
         --bounding-set=-all,+{capability} -- {program}",
        credentials = unit.one("EnvironmentFile")?.trim_start_matches('-'),
        environment = environment.join(" "),
        umask = unit.one("UMask")?,
        folder = unit.one("WorkingDirectory")?,
        program = unit.one("ExecStart")?,
    ))
}
