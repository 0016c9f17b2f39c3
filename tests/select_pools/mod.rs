//! `mode-lottery select` on pools in files: what is kept, what is refused, what it costs, and that nothing is half done.

#[cfg(target_os = "linux")]
mod large;
mod layouts;
mod made;
mod numbers;
mod panics;
#[cfg(feature = "parquet")]
mod parquet;
mod picks;
mod refused;

use crate::program::{Done, own_folder};
use std::fs;
use std::process::Command;

/// Two prompts, the second of fewer candidates.
const POOLS: &str = "\
prompt,candidate,reward,e0,e1
p1,a,0.9,1,0
p1,b,0.8,0.9,0.1
p1,c,0.2,0,1
p1,d,0.1,0.1,1
p2,x,0.5,1,1
p2,y,0.7,-1,0.5
";

own_folder!();

impl Folder {
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.root()).expect("it can be listed");
        let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("it can be listed").file_name();
        let mut names: Vec<String> = entries.map(|e| name(e).to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// `mode-lottery select FILE` with options that a space separates.
    fn command(&self, file: &str, options: &str) -> Command {
        self.program(["select", file].into_iter().chain(options.split_whitespace()))
    }

    fn run(&self, file: &str, options: &str) -> Done {
        Done::of(self.command(file, options).output().expect("the program starts"))
    }

    /// What is kept; nothing else may be said.
    #[track_caller]
    fn kept(&self, file: &str, options: &str) -> String {
        let done = self.run(file, &format!("{options} --quiet"));
        assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{options}");
        done.out
    }
}
