use std::{
    env, fs,
    os::unix::{fs::chown, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use rustix::process::geteuid;

/// PostgreSQL's programs, and who runs them: root may not.
pub(super) struct Programs {
    bin: PathBuf,
    /// The user and the group, if they are not our own.
    nobody: Option<u32>,
}

/// Who owns nothing, on every Linux.
const NOBODY: u32 = 65_534;

const NONE: &str = "no PostgreSQL for the tests: `cargo xtask test --only unit` brings its own; \
    else install one (Debian's package is postgresql), or name the folder of initdb and postgres \
    in KMS_TEST_POSTGRES_BIN";

// === impl Programs ===

impl Programs {
    /// Finds them, unless they are named, and gives the folder to whoever will run them.
    pub(super) fn find(folder: &Path, named: Option<&Path>) -> Self {
        let named = named.map(Path::to_path_buf);
        let bin = named.or_else(found).unwrap_or_else(|| panic!("{NONE}"));
        if !geteuid().is_root() {
            return Self { bin, nobody: None };
        }
        chown(folder, Some(NOBODY), Some(NOBODY)).expect("root gives a folder away");
        let mut programs = Self {
            bin,
            nobody: Some(NOBODY),
        };
        if !programs.run() {
            programs.move_to(&folder.join("programs"));
            assert!(programs.run(), "{} does not run", programs.bin.display());
        }
        programs
    }

    pub(super) fn server(&self) -> PathBuf {
        self.bin.join("postgres")
    }

    /// A program, with nothing of this process's environment or terminal.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("LC_ALL", "C")
            .current_dir("/")
            .process_group(0);
        if let Some(nobody) = self.nobody {
            command.uid(nobody).gid(nobody);
        }
        command
    }

    /// A cluster whose own order of text is a language's, so that a query which forgets to
    /// ask for the order of bytes shows.
    pub(super) fn initialise(&self, data: &Path, user: &str) {
        let output = self
            .command(&self.bin.join("initdb"))
            .arg("--pgdata")
            .arg(data)
            .args(["--username", user, "--auth=trust", "--encoding=UTF8"])
            .args(["--locale-provider=icu", "--icu-locale=en-US", "--locale=C"])
            .arg("--no-sync")
            .output()
            .expect("initdb starts");
        assert!(
            output.status.success(),
            "initdb: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    fn run(&self) -> bool {
        self.command(&self.server())
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }

    /// Out of a folder that only root may enter.
    fn move_to(&mut self, folder: &Path) {
        let installed = self.bin.parent().expect("bin lies in a folder");
        let status = Command::new("cp")
            .args(["-R", "--"])
            .arg(installed)
            .arg(folder)
            .status()
            .expect("cp starts");
        assert!(status.success(), "cp: {status}");
        self.bin = folder.join("bin");
    }
}

/// `KMS_TEST_POSTGRES_BIN`, else the newest of Debian's, else the one of `pg_config`.
fn found() -> Option<PathBuf> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test program has no main that could hand it on"
    )]
    let named = env::var_os("KMS_TEST_POSTGRES_BIN");
    if let Some(named) = named.map(PathBuf::from) {
        assert!(
            is_whole(&named),
            "KMS_TEST_POSTGRES_BIN: {} holds no initdb and postgres",
            named.display()
        );
        return Some(named);
    }
    let version = |folder: &Path| folder.file_name()?.to_str()?.parse::<u32>().ok();
    let newest = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .max_by_key(|folder| version(folder));
    newest
        .map(|folder| folder.join("bin"))
        .into_iter()
        .chain(of_pg_config())
        .find(|bin| is_whole(bin))
}

fn is_whole(bin: &Path) -> bool {
    bin.join("initdb").is_file() && bin.join("postgres").is_file()
}

fn of_pg_config() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    Some(String::from_utf8(output.stdout).ok()?.trim_end().into())
}
