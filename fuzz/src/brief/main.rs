//! Runs every target for a short while without libFuzzer: good inputs first, then inputs
//! that chance makes of them. Not guided by coverage; that is cargo-fuzz's job.

mod chance;

use std::{
    env,
    error::Error,
    fs,
    panic::{self, AssertUnwindSafe},
    path::Path,
    process::ExitCode,
    time::{Duration, Instant, SystemTime},
};

use chance::Chance;
use kms_fuzz::{TARGETS, Target, seeds};

/// No input may take longer.
const LONGEST: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(reason) => {
            eprintln!("{reason}\nusage: brief [--seconds N] [--seed N] [TARGET]…");
            ExitCode::from(64)
        }
    }
}

fn run() -> Result<bool, Box<dyn Error>> {
    let mut time = Duration::from_secs(2);
    let mut seed = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)?
        .as_secs();
    let mut chosen = Vec::new();
    let mut args = env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--seconds" => {
                time = Duration::from_secs(args.next().ok_or("--seconds needs N")?.parse()?)
            }
            "--seed" => seed = args.next().ok_or("--seed needs N")?.parse()?,
            name => chosen.push(
                *TARGETS
                    .iter()
                    .find(|target| target.name == name)
                    .ok_or_else(|| format!("no target {name}"))?,
            ),
        }
    }
    if chosen.is_empty() {
        chosen = TARGETS.to_vec();
    }
    println!("seed {seed}");
    let mut all_hold = true;
    for target in chosen {
        all_hold &= attack(target, time, seed)?;
    }
    Ok(all_hold)
}

/// Whether the target held; prints one line that says so.
fn attack(target: Target, time: Duration, seed: u64) -> Result<bool, Box<dyn Error>> {
    let good = seeds(target.name)?;
    if good.is_empty() {
        return Err(format!("{} has no good inputs", target.name).into());
    }
    let mut chance = Chance::new(seed);
    let start = Instant::now();
    let mut inputs = 0_u64;
    let mut queue = good.iter().cloned();
    while start.elapsed() < time || inputs < good.len() as u64 {
        let input = queue.next().unwrap_or_else(|| chance.spoil(&good));
        let begin = Instant::now();
        let held = panic::catch_unwind(AssertUnwindSafe(|| (target.run)(&input))).is_ok();
        if !held || begin.elapsed() > LONGEST {
            let path = keep(target, &input)?;
            println!(
                "FAIL {}: after {inputs} inputs; the input is in {path}",
                target.name
            );
            return Ok(false);
        }
        inputs += 1;
    }
    println!("ok {}: {inputs} inputs", target.name);
    Ok(true)
}

/// Keeps the input where cargo-fuzz would.
fn keep(target: Target, input: &[u8]) -> Result<String, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("artifacts")
        .join(target.name);
    fs::create_dir_all(&folder)?;
    let path = folder.join("brief");
    fs::write(&path, input)?;
    Ok(path.display().to_string())
}
