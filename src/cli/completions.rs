//! Owns the command `completions`.

use super::{CliError, print};
use crate::experiment::docs;
use crate::study::measures;
use clap::builder::PossibleValuesParser;
use std::collections::BTreeSet;

/// Arguments of `completions`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

/// Prints the completion script of a shell for the whole program.
pub(super) fn run(args: &Args, program: clap::Command) -> Result<(), CliError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut with_words(program), "mode-lottery", &mut script);
    let script = String::from_utf8_lossy(&script);
    // In a name with a hyphen the script looks for subcommands under a name that it does not use (clap-rs/clap#6421).
    print(&script.replace("mode__subcmd__lottery", "mode__lottery"))
}

/// The program whose free words are those that it knows. They are no limit: `explain` tells more of a wrong one than a parser does.
fn with_words(program: clap::Command) -> clap::Command {
    let keys = || {
        docs::all()
            .iter()
            .map(|entry| entry.path.as_str())
            .filter(|path| !path.contains('['))
    };
    let estimands = measures().flat_map(|(_, own)| own.estimands.iter().map(|kind| kind.name));
    let values = docs::all()
        .iter()
        .flat_map(|entry| entry.doc.kind.words())
        .map(|word| word.name);
    let known = keys()
        .chain(measures().map(|(_, own)| own.name))
        .chain(estimands)
        .chain(values);
    let known: BTreeSet<&'static str> = known.collect();
    // The parser of a program takes words that live as long as it does.
    let set: BTreeSet<&'static str> = keys().map(|key| &*format!("{key}=").leak()).collect();
    let complete = |command: clap::Command, argument: &'static str, words: &BTreeSet<&'static str>| {
        command.mut_arg(argument, |own| own.value_parser(PossibleValuesParser::new(words)))
    };
    let program = program.mut_subcommand("explain", |own| complete(own, "word", &known));
    ["run", "check", "replay", "slurm"]
        .into_iter()
        .fold(program, |program, name| {
            program.mut_subcommand(name, |own| complete(own, "sets", &set))
        })
}
