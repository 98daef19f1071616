use std::{fs, process::Command, thread};

/// The machine and the versions, on one line: figures mean nothing without them.
pub(super) fn describe() -> String {
    let processor = file("/proc/cpuinfo")
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or_else(
            || "unknown processor".to_owned(),
            |(_, name)| name.to_owned(),
        );
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let memory = file("/proc/meminfo")
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:")?.trim().strip_suffix(" kB"))
        .and_then(|kib| kib.parse::<u64>().ok())
        .map_or(0, |kib| kib / 1024 / 1024);
    let kernel = file("/proc/sys/kernel/osrelease");
    let load = file("/proc/loadavg");
    let load = load.split(' ').next().unwrap_or_default();
    format!(
        "{processor}, {cores} cores, {memory} GiB; Linux {}; {}; {}; {}; load average before the \
         runs {load}",
        kernel.trim(),
        said("rustc", "--version", "rustc"),
        said("wrk", "-v", "wrk"),
        said("nginx", "-v", "nginx version:"),
    )
}

fn file(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// Up to the first bracket of the line that begins with `begin`.
fn said(program: &str, flag: &str, begin: &str) -> String {
    let Ok(output) = Command::new(program).arg(flag).output() else {
        return format!("no {program}");
    };
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    text.lines()
        .find(|line| line.starts_with(begin))
        .and_then(|line| line.split(['(', '[']).next())
        .unwrap_or(program)
        .trim()
        .trim_start_matches("nginx version: ")
        .to_owned()
}
