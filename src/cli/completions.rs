//! Owns the command `completions`.

use super::{CliError, print};

/// Arguments of `completions`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

/// Prints the completion script of a shell for the whole program.
pub(super) fn run(args: &Args, program: &mut clap::Command) -> Result<(), CliError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, program, "mode-lottery", &mut script);
    print(&String::from_utf8_lossy(&script))
}
