//! The service under a systemd of its own, booted as process 1 of namespaces: the unit's sandbox
//! in effect, a killed agent that returns, install.sh beside a running service.

use std::{fs, process::Command, time::Duration};

use anyhow::{Context as _, Result, bail, ensure};

use super::{APPLICATION, NAME, OTHER_PORT, Reader, by_hand, install, is_demo, root::Root};
use crate::test::{Stage, deployment::Beside, stage::pause};

/// A systemd that runs; ends when dropped.
struct Booted<'a> {
    root: &'a Root<'a>,
    /// The parent of systemd; taken when it is time to end.
    unshare: Option<Beside>,
    /// Of systemd.
    pid: u32,
}

/// `$1` is the root, `$2` a cgroup of our own, so that systemd owns that branch and no other.
const BOOT: &str = r#"
mkdir "/sys/fs/cgroup/$2" && echo $$ >"/sys/fs/cgroup/$2/cgroup.procs" || exit 1
exec unshare --pid --mount --cgroup --fork --kill-child=KILL --root="$1" --wd=/ -- \
  env -i container=suite sh -c '
    mount -t proc proc /proc && mount -t tmpfs -o mode=755 tmpfs /run &&
    mount -t cgroup2 cgroup2 /sys/fs/cgroup &&
    exec /lib/systemd/systemd --log-target=console --show-status=false'
"#;

/// `$1` is the cgroup. The kernel takes a moment to end the last process.
const REMOVE: &str = r#"
for try in $(seq 50); do
  find "/sys/fs/cgroup/$1" -depth -type d -exec rmdir {} + 2>/dev/null
  [ -d "/sys/fs/cgroup/$1" ] || exit 0
  sleep 0.1
done
"#;

/// Runs the checks where systemd can boot, and says so where it cannot.
pub(super) fn check(stage: &mut Stage<'_>, root: &Root<'_>) {
    let booted = match Booted::boot(stage, root) {
        Ok(booted) => booted,
        Err(error) => {
            stage.note(&format!("systemd does not boot: {error:#}"));
            stage.say(
                "systemd cannot be process 1 of namespaces here: the agent was started by \
                 hand as the unit says, and not killed to see it return",
            );
            return;
        }
    };
    stage.say("systemd is process 1 of namespaces: the agent is killed there and returns");
    let hardened = booted.reads_hardened(stage);
    stage.check("systemd-starts-it-in-the-units-sandbox", hardened);
    let returned = booted.returns(stage);
    stage.check("killed-it-returns", returned);
    let changed = booted.changes(stage);
    stage.check("user-and-port-change-with-install", changed);
    let stays = booted.stays_down(stage);
    stage.check("with-a-wrong-configuration-it-stays-down", stays);
}

// === impl Booted ===

impl<'a> Booted<'a> {
    /// Boots until the service is active.
    fn boot(stage: &mut Stage<'_>, root: &'a Root<'a>) -> Result<Self> {
        let mut command = root.sandbox.direct("sh");
        command
            .args(["-c", BOOT, "sh"])
            .arg(root.folder())
            .arg(cgroup());
        let unshare = Beside::start(&mut command, &root.path("/tmp/systemd.log"))?;
        let mut booted = Self {
            root,
            unshare: None,
            pid: 0,
        };
        let unshare = booted.unshare.insert(unshare);
        let parent = unshare.pid();
        let mut pid = 0;
        unshare.wait_until("booted", |_| {
            let children = format!("/proc/{parent}/task/{parent}/children");
            let child = fs::read_to_string(children).unwrap_or_default();
            pid = child.trim().parse().unwrap_or(0);
            Ok(pid != 0 && is_active(stage, pid)?)
        })?;
        booted.pid = pid;
        Ok(booted)
    }

    fn reads_hardened(&self, stage: &mut Stage<'_>) -> Result<()> {
        self.runs_as(stage, NAME)?;
        for (field, wanted) in [
            // CAP_NET_BIND_SERVICE is number 10.
            ("CapEff", "0000000000000400"),
            ("CapBnd", "0000000000000400"),
            ("NoNewPrivs", "1"),
            // A filter of system calls.
            ("Seccomp", "2"),
        ] {
            let found = self.status(stage, field)?;
            ensure!(found == wanted, "{field} is {found}");
        }
        self.reads(stage, "localhost:2025")
    }

    fn returns(&self, stage: &mut Stage<'_>) -> Result<()> {
        let killed = self.show(stage, "MainPID")?;
        stage.succeed(&mut self.shell(&format!("kill -KILL {killed}")))?;
        self.comes_back(stage, &killed)?;
        let restarts = self.show(stage, "NRestarts")?;
        ensure!(restarts == "1", "it was restarted {restarts} times");
        self.reads(stage, "localhost:2025")
    }

    /// Edited files take effect with install.sh, which then finds nothing more to do.
    fn changes(&self, stage: &mut Stage<'_>) -> Result<()> {
        let before = self.show(stage, "MainPID")?;
        by_hand::change(stage, self.root)?;
        stage.succeed(&mut self.shell(&install::traced()))?;
        self.comes_back(stage, &before)?;
        self.runs_as(stage, APPLICATION)?;
        for host in ["127.0.0.1", "[::1]"] {
            self.reads(stage, &format!("{host}:{OTHER_PORT}"))?;
        }
        let before = self.show(stage, "MainPID")?;
        stage.succeed(&mut self.shell(&install::traced()))?;
        ensure!(
            self.show(stage, "MainPID")? == before,
            "a second run of install.sh restarted the agent"
        );
        Ok(())
    }

    /// 64 is for a person to mend: no restart without end.
    fn stays_down(&self, stage: &mut Stage<'_>) -> Result<()> {
        let config = format!("/etc/{NAME}/config.toml");
        self.root.edit(&config, "HttpPort =", "HttpPrt =")?;
        let (ended, _) = stage.attempt(&mut self.shell(&format!("systemctl restart {NAME}")))?;
        self.root.edit(&config, "HttpPrt =", "HttpPort =")?;
        ensure!(!ended.success(), "it started");
        let code = self.show(stage, "ExecMainStatus")?;
        ensure!(code == "64", "it ended with {code}");
        let activity = self.show(stage, "ActiveState")?;
        ensure!(activity == "failed", "it is {activity}");
        Ok(())
    }

    fn comes_back(&self, stage: &mut Stage<'_>, before: &str) -> Result<()> {
        for _ in 0..100 {
            let pid = self.show(stage, "MainPID")?;
            if pid != "0" && pid != before && is_active(stage, self.pid)? {
                return Ok(());
            }
            pause(Duration::from_millis(100));
        }
        bail!("the agent does not come back")
    }

    fn runs_as(&self, stage: &mut Stage<'_>, user: &str) -> Result<()> {
        let wanted = stage.succeed(&mut self.shell(&format!("id -u {user}")))?;
        let ids = self.status(stage, "Uid")?;
        ensure!(
            !ids.is_empty() && ids.split_whitespace().all(|id| id == wanted.trim()),
            "it runs as {ids}"
        );
        Ok(())
    }

    fn reads(&self, stage: &mut Stage<'_>, address: &str) -> Result<()> {
        let reader = Reader {
            user: APPLICATION,
            address,
        };
        is_demo(&stage.succeed(&mut self.shell(&reader.script()))?)
    }

    fn show(&self, stage: &mut Stage<'_>, property: &str) -> Result<String> {
        let said = stage.succeed(&mut self.shell(&format!(
            "systemctl show --property={property} --value {NAME}"
        )))?;
        Ok(said.trim().to_owned())
    }

    /// A field of /proc/PID/status of the agent.
    fn status(&self, stage: &mut Stage<'_>, field: &str) -> Result<String> {
        let pid = self.show(stage, "MainPID")?;
        let said = stage.succeed(&mut self.shell(&format!(
            "sed -n 's/^{field}:[[:space:]]*//p' /proc/{pid}/status"
        )))?;
        Ok(said.trim().to_owned())
    }

    fn shell(&self, script: &str) -> Command {
        shell_in(self.pid, script)
    }
}

impl Drop for Booted<'_> {
    fn drop(&mut self) {
        // Kills systemd, and with it all below; then its cgroups are empty.
        drop(self.unshare.take());
        let mut remove = self.root.sandbox.command("sh");
        remove.args(["-c", REMOVE, "sh", &cgroup()]);
        drop(remove.status());
    }
}

/// Names ours among those of other suites on the machine.
fn cgroup() -> String {
    format!("kms-suite-{}", std::process::id())
}

fn is_active(stage: &mut Stage<'_>, systemd: u32) -> Result<bool> {
    let mut command = shell_in(systemd, &format!("systemctl is-active {NAME}"));
    Ok(stage
        .attempt(&mut command)
        .context("asking systemd")?
        .0
        .success())
}

/// A script in the namespaces and the root of this systemd, with what sudo leaves of root's
/// environment.
fn shell_in(systemd: u32, script: &str) -> Command {
    let mut command = Command::new("nsenter");
    command
        .arg(format!("--target={systemd}"))
        .args(["--mount", "--net", "--ipc", "--uts", "--cgroup", "--pid"])
        .args(["--root", "--wd", "--", "env", "-i", "HOME=/root"])
        .arg("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
        .args(["sh", "-c", script]);
    command
}
