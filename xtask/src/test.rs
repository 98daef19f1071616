//! `cargo xtask test`: the whole test suite, in parts. A part is a file beside this one and a
//! row in [`PARTS`]; it counts its own checks, and all parts run even when one fails. Parts that
//! wait run beside parts that compile ([`lanes`]).

use std::{path::Path, process::ExitCode};

use anyhow::{Result, ensure};
use clap::{Args, builder::PossibleValuesParser};
use kms_types::Env;

mod ack;
mod aws_agent_get;
mod build;
mod business;
mod chart;
mod client_key;
mod clients;
mod clients_page;
mod clippy;
mod compose;
mod credentials;
mod deployment;
mod doc;
mod fmt;
mod fuzz;
mod go_texts;
mod hosted;
mod hvac;
mod identities;
mod image;
mod injector;
mod issuer;
mod kms_plugin;
pub(crate) mod kubernetes;
mod lanes;
mod life;
mod linux;
mod managed;
mod moved_clock;
mod operator;
mod outage;
mod pages;
mod parts;
mod readme;
mod relay;
mod report;
mod rrsa;
mod scenario;
mod sdk_go;
mod sdk_java;
mod sdk_node;
mod sdk_python;
mod seed_004;
mod serve;
mod served;
mod server;
mod spring_vault;
mod stage;
mod storage;
mod terraform;
mod tidy;
mod unit;
mod webhook;

use parts::{PARTS, Part, names};

pub(crate) use server::Server;
pub(crate) use stage::{Project, Stage};

/// Runs the whole test suite; says at the end how many tests passed and failed.
#[derive(Args, Clone, Debug)]
pub(crate) struct Test {
    /// Runs these parts alone.
    #[arg(long, value_name = "NAME", num_args = 1.., value_parser = PossibleValuesParser::new(names()))]
    only: Vec<String>,
    /// Leaves these parts out; the last line says so.
    #[arg(long, value_name = "NAME", num_args = 1.., value_parser = PossibleValuesParser::new(names()))]
    without: Vec<String>,
    /// Lists the parts and ends.
    #[arg(long)]
    list: bool,
}

// === impl Test ===

impl Test {
    /// Runs the chosen parts; fails when a check did.
    pub(crate) fn run(&self, root: &Path, env: &Env) -> Result<ExitCode> {
        if self.list {
            for part in PARTS {
                report::say(&format!("{:16}{}", part.name, part.what));
            }
            return Ok(ExitCode::SUCCESS);
        }
        let project = Project::find(root, env)?;
        let chosen: Vec<Part> = PARTS
            .iter()
            .copied()
            .filter(|part| self.chose(part))
            .collect();
        ensure!(!chosen.is_empty(), "no part is left to run");
        let outcomes = lanes::run(&chosen, &project, &report::say);
        report::summary(&outcomes, &self.choice(), &report::say);
        Ok(report::exit_code(&outcomes))
    }

    fn chose(&self, part: &Part) -> bool {
        let named = |names: &[String]| names.iter().any(|name| name == part.name);
        (self.only.is_empty() || named(&self.only)) && !named(&self.without)
    }

    /// The caller's choice in words; empty for the whole suite.
    fn choice(&self) -> String {
        let mut words = Vec::new();
        if !self.only.is_empty() {
            words.push(format!("only {}", self.only.join(", ")));
        }
        if !self.without.is_empty() {
            words.push(format!("without {}", self.without.join(", ")));
        }
        words.join("; ")
    }
}
