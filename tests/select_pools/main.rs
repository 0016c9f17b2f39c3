//! `mode-lottery select` on pools in files: what is kept, what is refused, what it costs, and that nothing is half done.

#[cfg(target_os = "linux")]
mod large;
mod made;
mod panics;
mod picks;
mod refused;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use tempfile::TempDir;

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

/// A folder of its own for each test.
struct Folder(TempDir);

/// What a command left behind.
#[derive(Debug)]
struct Done {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).expect("it can be written");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).expect("it can be listed");
        let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("it can be listed").file_name();
        let mut names: Vec<String> = entries.map(|e| name(e).to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// `mode-lottery select FILE` with options that a space separates.
    fn command(&self, file: &str, options: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mode-lottery"));
        command.args(["select", file]).args(options.split_whitespace());
        command.current_dir(self.0.path()).stdin(Stdio::null());
        command
    }

    fn run(&self, file: &str, options: &str) -> Done {
        let output = self.command(file, options).output().expect("the program starts");
        let text = |bytes| String::from_utf8(bytes).expect("the program prints text");
        Done {
            code: output.status.code(),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    /// What is kept; nothing else may be said.
    #[track_caller]
    fn kept(&self, file: &str, options: &str) -> String {
        let done = self.run(file, &format!("{options} --quiet"));
        assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{options}");
        done.out
    }
}
