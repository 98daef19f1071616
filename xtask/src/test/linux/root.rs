//! A root with the machine's programs, read-only, and an /etc, /var and /run of its own: what a
//! new machine has for install.sh.

use std::{
    fs::{self, Permissions},
    io,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;

use super::NAME;
use crate::{
    test::{
        Stage,
        deployment::{Sandbox, copy_of},
    },
    tools,
};

/// The root; its mounts are the sandbox's.
pub(super) struct Root<'a> {
    pub(super) sandbox: &'a Sandbox,
    folder: TempDir,
}

/// The folder that one uploads (seed 000, "Enter the installation directory").
pub(super) const UPLOADED: &str = "/srv/alibabacloud-kms-agent/deploy/linux";

const FOLDERS: [&str; 14] = [
    "dev",
    "etc/default",
    "etc/systemd/system",
    "home",
    "proc",
    "root",
    "run",
    "sys",
    "tmp",
    "usr",
    "usr-local/bin",
    "var/lib",
    "var/log",
    "var/tmp",
];

/// A machine with root and nobody.
const FILES: [(&str, &str, u32); 6] = [
    (
        "etc/passwd",
        "root:x:0:0:root:/root:/bin/bash\n\
         nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
        0o644,
    ),
    ("etc/group", "root:x:0:\nnogroup:x:65534:\n", 0o644),
    (
        "etc/shadow",
        "root:*:19000::::::\nnobody:*:19000::::::\n",
        0o640,
    ),
    ("etc/gshadow", "root:*::\nnogroup:*::\n", 0o640),
    ("etc/hosts", "127.0.0.1 localhost\n::1 localhost\n", 0o644),
    (
        "etc/machine-id",
        "8d1c5a0b6e2f47a39b70c4d81e5f2a63\n",
        0o444,
    ),
];

/// Units of Debian that a machine of one service does not need, or that look at hardware.
const MASKED: [&str; 15] = [
    "console-getty.service",
    "dbus.service",
    "dbus.socket",
    "getty.target",
    "systemd-logind.service",
    "systemd-modules-load.service",
    "systemd-random-seed.service",
    "systemd-remount-fs.service",
    "systemd-sysctl.service",
    "systemd-tmpfiles-setup-dev.service",
    "systemd-udev-trigger.service",
    "systemd-udevd.service",
    "systemd-update-utmp-runlevel.service",
    "systemd-update-utmp.service",
    "systemd-user-sessions.service",
];

/// `$1` is the root.
const MOUNT: &str = r#"
set -e
mount --bind "$1" "$1"
cd "$1"
mount --bind /usr usr
mount -o remount,bind,ro usr
mount --bind usr-local usr/local
mount -t proc proc proc
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=755 tmpfs dev
for node in null zero full random urandom tty; do
  touch dev/$node
  mount --bind /dev/$node dev/$node
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
mount -t sysfs -o ro sysfs sys
"#;

// === impl Root ===

impl<'a> Root<'a> {
    /// Lays it out, with the files of deploy/linux where one uploads them.
    pub(super) fn make(stage: &mut Stage<'_>, sandbox: &'a Sandbox) -> Result<Self> {
        for (program, package) in [
            ("busybox", "busybox-static"),
            ("useradd", "passwd"),
            ("cmp", "diffutils"),
            ("systemd-analyze", "systemd"),
        ] {
            tools::program(program, package)?;
        }
        let folder = tempfile::tempdir().context("making a root")?;
        lay_out(folder.path()).context("laying out a root")?;
        let root = Self { sandbox, folder };
        copy_of(stage.project, "linux", &root.path(UPLOADED))?;
        stage.succeed(
            sandbox
                .command("sh")
                .args(["-c", MOUNT, "sh"])
                .arg(root.folder()),
        )?;
        Ok(root)
    }

    /// A script with what sudo leaves of root's environment.
    pub(super) fn shell(&self, script: &str) -> Command {
        self.enter(self.sandbox.command("chroot"), script)
    }

    /// Like [`Root::shell`], for what runs on: the child is the process that the script becomes.
    pub(super) fn direct(&self, script: &str) -> Command {
        self.enter(self.sandbox.direct("chroot"), script)
    }

    /// Where a file lies for the suite. Not one in /run, /dev or /usr/local.
    pub(super) fn path(&self, inside: &str) -> PathBuf {
        self.folder.path().join(inside.trim_start_matches('/'))
    }

    /// Where the root lies.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// An agent.env beside install.sh.
    pub(super) fn write_credentials(&self, id: &str, secret: &str) -> Result<()> {
        let path = self.path(UPLOADED).join("agent.env");
        let text =
            format!("ALIBABA_CLOUD_ACCESS_KEY_ID={id}\nALIBABA_CLOUD_ACCESS_KEY_SECRET={secret}\n");
        fs::write(&path, text)
            .and_then(|()| fs::set_permissions(&path, Permissions::from_mode(0o600)))
            .context("writing agent.env")
    }

    /// Adds an endpoint to the installed configuration.
    pub(super) fn point_at(&self, endpoint: &str) -> Result<()> {
        self.edit(
            &format!("/etc/{NAME}/config.toml"),
            "[Kms]\n",
            &format!("[Kms]\nEndpoint = \"{endpoint}\"\n"),
        )
    }

    /// Changes an installed file as an administrator would, unless it was done before.
    pub(super) fn edit(&self, file: &str, from: &str, to: &str) -> Result<()> {
        let path = self.path(file);
        let text = fs::read_to_string(&path).with_context(|| format!("reading {file}"))?;
        if text.contains(to) {
            return Ok(());
        }
        ensure!(text.contains(from), "{file} has no {from:?}");
        fs::write(&path, text.replacen(from, to, 1)).with_context(|| format!("writing {file}"))
    }

    /// All that the agent logged.
    pub(super) fn logs(&self) -> Result<Vec<u8>> {
        let folder = self.path(&format!("/var/log/{NAME}/logs"));
        let mut bytes = Vec::new();
        for entry in fs::read_dir(&folder).context("reading the agent's logs")? {
            bytes.extend(fs::read(entry.context("reading the agent's logs")?.path())?);
        }
        Ok(bytes)
    }

    fn enter(&self, mut command: Command, script: &str) -> Command {
        command
            .arg(self.folder.path())
            .args(["env", "-i", "HOME=/root", "LANG=C.UTF-8", "TERM=dumb"])
            .arg("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
            .args(["sh", "-c", script]);
        command
    }
}

fn lay_out(root: &Path) -> io::Result<()> {
    fs::set_permissions(root, Permissions::from_mode(0o755))?;
    for folder in FOLDERS {
        fs::create_dir_all(root.join(folder))?;
    }
    for folder in ["tmp", "var/tmp"] {
        fs::set_permissions(root.join(folder), Permissions::from_mode(0o1777))?;
    }
    for folder in ["bin", "sbin", "lib", "lib64"] {
        symlink(Path::new("usr").join(folder), root.join(folder))?;
    }
    symlink("/run", root.join("var/run"))?;
    for (path, text, mode) in FILES {
        fs::write(root.join(path), text)?;
        fs::set_permissions(root.join(path), Permissions::from_mode(mode))?;
    }
    for name in ["nsswitch.conf", "login.defs", "ld.so.cache", "os-release"] {
        let from = Path::new("/etc").join(name);
        if from.exists() {
            fs::copy(from, root.join("etc").join(name))?;
        }
    }
    let units = root.join("etc/systemd/system");
    symlink(
        "/lib/systemd/system/multi-user.target",
        units.join("default.target"),
    )?;
    for unit in MASKED {
        symlink("/dev/null", units.join(unit))?;
    }
    Ok(())
}
