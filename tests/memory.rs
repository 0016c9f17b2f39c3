//! The memory that `check` foretells against that which a run takes, on shapes of which each is large in another way; and what a scenario
//! more and a replicate more take.
//!
//! The largest resident set of a process is known to itself, from `/proc/self/status`, until it ends; to ask the system about a
//! child that has ended takes code without Rust's guarantees, and to look at a living one from outside misses what comes last.
//! So this test is a program of its own: started by itself with a file to answer in, it is `mode-lottery`, and says at its end
//! what it took. Elsewhere than on Linux there is nothing to read, and it tests nothing.

// It needs little of what the other tests do.
#[allow(dead_code, unused_imports, unused_macros)]
#[path = "program/mod.rs"]
mod program;

use program::Folder;
use std::process::{Command, ExitCode, Stdio};

/// Where the program that this one becomes leaves the kilobytes that it took.
const ANSWER: &str = "MODE_LOTTERY_MEMORY_ANSWER";

/// Both the run and the check are of so many threads.
const THREADS: &str = "2";

/// What the program takes by itself: shapes have to rise well above it, or they would test nothing.
const SMALL: f64 = 3.0;

/// The shape of many scenarios, and how many.
const MANY_SCENARIOS: &str = "many scenarios";
const SCENARIOS: usize = 4_000;

/// What each of them may take, in kB: one arm, six estimands, four modes. It has as many groups as there can be: with their joint sums, and
/// texts of its own for every row, it were 27.
const SCENARIO: f64 = 8.0;

const NAME: &str = "memory_is_foretold_within_a_factor_of_two";

fn main() -> ExitCode {
    if let Some(answer) = std::env::var_os(ANSWER) {
        let code = mode_lottery::cli::main();
        std::fs::write(answer, most_kilobytes().to_string()).expect("the answer can be written");
        return code;
    }
    let filters: Vec<String> = std::env::args().skip(1).filter(|own| !own.starts_with('-')).collect();
    let listed = std::env::args().any(|own| own == "--list");
    let wanted = filters.is_empty() || filters.iter().any(|own| NAME.contains(own.as_str()));
    if listed || !wanted || !cfg!(target_os = "linux") {
        return ExitCode::SUCCESS;
    }
    let smallest = Shape::smallest().taken();
    for shape in shapes() {
        let (foretold, taken) = (shape.foretold(), shape.taken());
        println!("{}: {foretold:.0} MB foretold, {taken:.1} MB taken", shape.name);
        assert!(taken > smallest + SMALL, "{} is too small to tell", shape.name);
        let ratio = foretold / taken;
        if shape.name == MANY_SCENARIOS {
            let each = (taken - smallest) * 1e3 / SCENARIOS as f64;
            println!("{each:.1} kB each");
            assert!(each < SCENARIO, "a scenario takes {each:.1} kB");
        }
        assert!(
            (0.5..=2.0).contains(&ratio),
            "{}: off by a factor of {ratio:.2}",
            shape.name
        );
    }
    let long = Shape {
        replicates: 640_000,
        ..Shape::smallest()
    };
    let more = long.taken() - smallest;
    println!("20,000 times the replicates: {more:.1} MB more");
    assert!(more < SMALL, "replicates are not kept: {more:.1} MB");
    println!("test {NAME} ... ok");
    ExitCode::SUCCESS
}

fn most_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux has it");
    let most = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.strip_suffix("kB"));
    most.and_then(|most| most.trim().parse().ok()).expect("it says so")
}

/// An experiment that is large in one way.
struct Shape {
    name: &'static str,
    measure: &'static str,
    world: String,
    arms: String,
    sweep: String,
    replicates: u64,
}

fn shapes() -> [Shape; 5] {
    let small = Shape::smallest;
    let numbers = |n: usize| format!("{:?}", (1..=n).collect::<Vec<_>>());
    [
        Shape {
            name: MANY_SCENARIOS,
            sweep: format!("grid = {{ seed = {} }}", numbers(SCENARIOS)),
            replicates: 4_096,
            ..small()
        },
        Shape {
            name: "many arms",
            arms: format!("grid = {{ prompts = {}, responses = {} }}", numbers(80), numbers(50)),
            ..small()
        },
        Shape {
            name: "many modes",
            world: "kind = \"dirichlet\"\nmodes = 15000\nconcentration = 2.0".to_owned(),
            ..small()
        },
        Shape {
            name: "long laws",
            world: "kind = \"embedded\"\nmodes = 512\nconcentration = 2.0\nreward = { permuted = 7 }".to_owned(),
            arms: format!(
                "selector = \"best\"\ncandidates = 128\nprompts = 4\ngrid = {{ responses = {} }}",
                numbers(12)
            ),
            ..small()
        },
        Shape {
            name: "128 groups of wide slots",
            measure: "mode-mass-by-mode",
            world: "kind = \"dirichlet\"\nmodes = 2500\nconcentration = 2.0".to_owned(),
            arms: "prompts = 4\ngrid = { responses = [1, 2] }".to_owned(),
            replicates: 4_096,
            ..small()
        },
    ]
}

impl Shape {
    fn smallest() -> Self {
        Self {
            name: "small",
            measure: "mode-mass",
            world: "kind = \"dirichlet\"\nmodes = 4\nconcentration = 2.0".to_owned(),
            arms: "prompts = 4\nresponses = 1".to_owned(),
            sweep: String::new(),
            replicates: 32,
        }
    }

    fn folder(&self) -> Folder {
        let Self {
            name,
            measure,
            world,
            arms,
            sweep,
            replicates,
        } = self;
        let folder = Folder::empty();
        folder.write(
            "x.toml",
            format!(
                "title = \"{name}\"\nstudy = \"selection\"\nseed = 1\nmeasures = [\"{measure}\"]\n[world]\n{world}\n[arms]\n\
                 {arms}\n[sweep]\n{sweep}\n[run]\nreplicates = {replicates}\n"
            ),
        );
        folder
    }

    /// Megabytes that `check` foretells.
    fn foretold(&self) -> f64 {
        let folder = self.folder();
        let mut command = folder.program(["check", "x.toml"]);
        let done = command.env("RAYON_NUM_THREADS", THREADS).output().expect("it starts");
        let out = String::from_utf8(done.stdout).expect("the program prints text");
        let megabytes = out
            .split_once("memory: about ")
            .and_then(|(_, rest)| rest.split_once(" MB"));
        let megabytes = megabytes.and_then(|(megabytes, _)| megabytes.parse().ok());
        megabytes.unwrap_or_else(|| panic!("{}: {out}{}", self.name, String::from_utf8_lossy(&done.stderr)))
    }

    /// Megabytes that a run takes at its worst.
    fn taken(&self) -> f64 {
        let folder = self.folder();
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.args(["run", "x.toml", "--quiet", "--threads", THREADS]);
        command
            .current_dir(folder.root())
            .stdin(Stdio::null())
            .env(ANSWER, folder.path("answer"));
        let done = command.output().expect("it starts");
        assert!(
            done.status.success(),
            "{}: {}",
            self.name,
            String::from_utf8_lossy(&done.stderr)
        );
        let kilobytes: f64 = folder.text("answer").parse().expect("a number");
        kilobytes * 1024.0 / 1e6
    }
}
