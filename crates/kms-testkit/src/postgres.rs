//! A real PostgreSQL for tests: found on the machine, started in a folder of its own, gone
//! when the test program is.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test without its database has failed"
)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Stdio},
    sync::OnceLock,
    thread,
    time::Duration,
};

#[cfg(feature = "postgres")]
mod databases;
mod programs;

use programs::Programs;

/// A server that listens on a socket in its folder and nowhere else. It keeps nothing: what
/// would survive a power cut is not written.
pub struct Postgres {
    folder: PathBuf,
    /// Its input is open as long as this process lives, however that ends.
    _keeper: Child,
}

/// Starts the server, waits until nobody holds the other end of its input any more, ends the
/// server by its own id, and leaves nothing.
const KEEPER: &str = r#"
    "$1" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c full_page_writes=off \
        -c max_connections=200 -c unix_socket_permissions=0777 >"$2/log" 2>&1 </dev/null &
    server=$!
    read -r _
    kill -QUIT "$server"
    wait "$server"
    rm -rf "$2"
"#;

/// Its first start on a busy machine.
const STARTS: Duration = Duration::from_mins(2);

/// Who may do all in it.
const USER: &str = "kms";

// === impl Postgres ===

impl Postgres {
    /// The test program's own, started for the first who asks.
    ///
    /// # Panics
    /// If the machine has no PostgreSQL, or none that starts; the message says how to get
    /// one.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Postgres> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    /// Another one.
    ///
    /// # Panics
    /// As [`Self::shared`].
    pub fn start() -> Self {
        Self::start_from(None)
    }

    /// Another one, of the programs in this folder if one is named.
    ///
    /// # Panics
    /// As [`Self::shared`].
    pub fn start_from(bin: Option<&Path>) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("kms-pg-")
            .tempdir()
            .expect("a folder")
            .keep();
        let programs = Programs::find(&folder, bin);
        programs.initialise(&folder.join("data"), USER);
        let keeper = programs
            .command(Path::new("/bin/sh"))
            .args(["-c", KEEPER, "sh"])
            .arg(programs.server())
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell");
        wait_until_ready(&folder);
        Self {
            folder,
            _keeper: keeper,
        }
    }

    /// The URL of one of its databases.
    pub fn url(&self, database: &str) -> String {
        format!(
            "postgres://{USER}@localhost/{database}?host={}",
            self.folder.display()
        )
    }
}

/// The server says in its own file when it takes connections.
fn wait_until_ready(folder: &Path) {
    const STEP: Duration = Duration::from_millis(20);
    let mut waited = Duration::ZERO;
    loop {
        let said = fs::read_to_string(folder.join("data/postmaster.pid")).unwrap_or_default();
        if said.lines().any(|line| line.trim_end() == "ready") {
            return;
        }
        let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
        assert!(
            waited < STARTS && !log.contains("FATAL"),
            "PostgreSQL does not start:\n{log}"
        );
        #[expect(
            clippy::disallowed_methods,
            reason = "a process of others, that tells nobody when it is ready"
        )]
        thread::sleep(STEP);
        waited += STEP;
    }
}
