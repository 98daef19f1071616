//! The program for each system of seed 000, built and looked at. The one for Linux, which other
//! parts run, is built as it is shipped; those that cannot run here are not optimised as much.

use std::{
    fs::{self, File},
    path::Path,
    process::Command,
};

use anyhow::{Context as _, Result, ensure};

use super::Stage;
use crate::build::{Build, Effort, Program, Target};

/// More than this is a mistake: debug information, or a second TLS library.
const MOST: u64 = 16 * 1024 * 1024;

/// The same, of a program that is not made small.
const MOST_LINKED: u64 = 24 * 1024 * 1024;

/// Less than this is not the whole program.
const LEAST: u64 = 2 * 1024 * 1024;

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let log = stage.log()?;
    // Linux last: its program shares a name with the one for macOS and is to stay.
    for target in [Target::Windows, Target::MacOs, Target::Linux] {
        let looked_at = build(stage, target, &log);
        stage.check(target.triple(), looked_at);
    }
    let found = placed(stage);
    stage.check("linux-program-lies-where-the-deployments-expect-it", found);
    let runs = says_its_version(stage);
    stage.check("linux-program-runs-without-any-library", runs);
    Ok(())
}

fn build(stage: &mut Stage<'_>, target: Target, log: &File) -> Result<()> {
    let (effort, most) = match target {
        Target::Linux => (Effort::Shipped, MOST),
        Target::Windows | Target::MacOs => (Effort::Linked, MOST_LINKED),
    };
    let program = Build::from(target).run_logged(&stage.project.root, effort, log)?;
    let bytes = fs::read(&program).with_context(|| format!("reading {}", program.display()))?;
    let size = u64::try_from(bytes.len())?;
    stage.note(&format!("{} has {size} bytes", target.triple()));
    ensure!(
        (LEAST..most).contains(&size),
        "the program has {size} bytes"
    );
    match target {
        Target::Linux => linux(&bytes),
        Target::Windows => windows(&bytes),
        Target::MacOs => macos(&bytes),
    }
}

/// ELF for 64 bits and x86-64, that names neither a loader nor a library.
fn linux(bytes: &[u8]) -> Result<()> {
    ensure!(bytes.starts_with(b"\x7fELF\x02\x01"), "it is no ELF file");
    ensure!(half(bytes, 18)? == 62, "it is for another processor");
    let table = usize::try_from(u64::from_le_bytes(field(bytes, 32)?))?;
    let size = usize::from(half(bytes, 54)?);
    let count = usize::from(half(bytes, 56)?);
    ensure!(count > 0, "it has no segments");
    for index in 0..count {
        let kind = word(bytes, table + index * size)?;
        ensure!(
            kind != 3,
            "it asks for a loader (PT_INTERP): it is not static"
        );
    }
    Ok(())
}

/// PE32+ for x86-64, a console program.
fn windows(bytes: &[u8]) -> Result<()> {
    ensure!(bytes.starts_with(b"MZ"), "it is no program for Windows");
    let header = usize::try_from(word(bytes, 0x3c)?)?;
    ensure!(
        &field::<4>(bytes, header)? == b"PE\0\0",
        "it has no PE header"
    );
    ensure!(
        half(bytes, header + 4)? == 0x8664,
        "it is for another processor"
    );
    ensure!(half(bytes, header + 24)? == 0x20b, "it is not for 64 bits");
    ensure!(half(bytes, header + 92)? == 3, "it is no console program");
    Ok(())
}

/// Mach-O for 64 bits and x86-64, an executable that is linked position-independent.
fn macos(bytes: &[u8]) -> Result<()> {
    ensure!(word(bytes, 0)? == 0xfeed_facf, "it is no Mach-O file");
    ensure!(
        word(bytes, 4)? == 0x0100_0007,
        "it is for another processor"
    );
    ensure!(word(bytes, 12)? == 2, "it is no executable");
    ensure!(
        word(bytes, 24)? & 0x0020_0000 != 0,
        "it is not position-independent"
    );
    Ok(())
}

fn placed(stage: &Stage<'_>) -> Result<()> {
    let root = &stage.project.root;
    let name = Program::Agent.file_name(Target::Linux);
    let program = fs::read(root.join(name)).context("reading the program in the root")?;
    for folder in ["linux", "docker-compose", "ack", "ack/agent"] {
        let copy = root.join("deploy").join(folder).join(name);
        let bytes = fs::read(&copy).with_context(|| format!("reading {}", copy.display()))?;
        ensure!(bytes == program, "{} is another program", copy.display());
    }
    Ok(())
}

fn says_its_version(stage: &mut Stage<'_>) -> Result<()> {
    let program = stage
        .project
        .root
        .join(Program::Agent.file_name(Target::Linux));
    let said = stage.succeed(Command::new(&program).arg("--version").env_clear())?;
    ensure!(
        said.starts_with("alibabacloud-kms-agent "),
        "it says {said:?}"
    );
    // glibc's own answer to the same question.
    let (_, libraries) = stage.attempt(Command::new("ldd").arg(Path::new(&program)))?;
    ensure!(
        libraries.contains("statically linked") || libraries.contains("not a dynamic executable"),
        "ldd says {libraries:?}"
    );
    Ok(())
}

fn half(bytes: &[u8], at: usize) -> Result<u16> {
    Ok(u16::from_le_bytes(field(bytes, at)?))
}

fn word(bytes: &[u8], at: usize) -> Result<u32> {
    Ok(u32::from_le_bytes(field(bytes, at)?))
}

fn field<const N: usize>(bytes: &[u8], at: usize) -> Result<[u8; N]> {
    at.checked_add(N)
        .and_then(|end| bytes.get(at..end))
        .and_then(|bytes| bytes.try_into().ok())
        .context("it ends within its header")
}
