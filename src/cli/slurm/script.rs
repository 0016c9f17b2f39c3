//! Owns the texts of scripts for sbatch: what they ask Slurm for, and the commands that they become. Pure: no files.
//!
//! Signals reach the program, which then finishes the blocks under way: that of the time limit through the script, which has the element
//! started again, any other as it is.

use crate::report::page::shell_word;

/// Seconds that a run has, before its time limit, to finish the blocks under way.
const NOTICE: u32 = 60;

/// What stands in every script, so that nobody else's is replaced.
pub(super) const WRITTEN: &str = "# Written by `mode-lottery slurm`.";

/// The script of the array. In capitals what is put in.
const ARRAY: &str = r#"HEAD
share="${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
echo "job $share: share $SLURM_ARRAY_TASK_ID of SHARES on $(hostname)"
COMMAND --shard "$SLURM_ARRAY_TASK_ID/SHARES" --threads "${SLURM_CPUS_PER_TASK:-1}" &
run=$!
# Near its time limit the share finishes the blocks under way and is started again: it goes on from there.
limit() {
  kill -TERM "$run" 2> /dev/null || true
  wait "$run" && exit 0
  if [ "${SLURM_RESTART_COUNT:-0}" -lt RESTARTS ]; then
    echo "job $share: its time is over; started again"
    exec scontrol requeue "$share"
  fi
  echo "job $share: its time is over, and it was started again RESTARTS times" >&2
  exit 3
}
trap limit USR1
trap 'kill -TERM "$run" 2> /dev/null || true' TERM
until wait "$run"; do
  status=$?
  kill -0 "$run" 2> /dev/null || exit "$status"
done
"#;

/// An array of shares and the merge that follows it. All paths are absolute; no text has control characters.
#[derive(Debug, Clone)]
pub(super) struct Job {
    /// What Slurm calls the array.
    pub name: String,
    /// The program.
    pub program: String,
    /// Experiment files.
    pub files: Vec<String>,
    /// The folder of each experiment's result.
    pub results: Vec<String>,
    /// The folder of those folders.
    pub out: String,
    /// The folder of scripts and logs.
    pub folder: String,
    /// Values laid over the files.
    pub sets: Vec<String>,
    /// Replicates instead of the files'.
    pub replicates: Option<u64>,
    /// Elements of the array.
    pub shards: u32,
    /// How many of them may run at a time.
    pub throttle: Option<u32>,
    /// Cores of an element.
    pub cpus: u16,
    /// How often an element that reaches its time limit is started again.
    pub restarts: u32,
    /// Options of both jobs that are passed on as given.
    pub asked: Vec<(&'static str, String)>,
}

impl Job {
    /// Where the script of the array is.
    pub fn array_path(&self) -> String {
        format!("{}/array.sh", self.folder)
    }

    /// Where the script of the merge is.
    pub fn merge_path(&self) -> String {
        format!("{}/merge.sh", self.folder)
    }

    /// The script of the array: each element runs the share of its number.
    pub fn array(&self) -> String {
        let most = self.throttle.map_or_else(String::new, |most| format!("%{most}"));
        let range = format!("0-{}{most}", self.shards - 1);
        let signal = format!("B:USR1@{NOTICE}");
        let own = [("array", Some(range.as_str())), ("signal", Some(signal.as_str()))];
        let head = self.head(&self.name, self.cpus, "share-%a.log", &own);
        let mut words = vec![self.program.as_str(), "run"];
        words.extend(self.files.iter().map(String::as_str));
        words.extend(["--out", &self.out]);
        for set in &self.sets {
            words.extend(["--set", set]);
        }
        let replicates = self.replicates.map(|n| n.to_string());
        if let Some(n) = &replicates {
            words.extend(["--replicates", n]);
        }
        ARRAY
            .replace("HEAD\n", &head)
            .replace("SHARES", &self.shards.to_string())
            .replace("RESTARTS", &self.restarts.to_string())
            .replace("COMMAND", &line(&words))
    }

    /// The script of the merge, which Slurm drops when a share fails.
    pub fn merge(&self) -> String {
        let name = format!("{}-merge", self.name);
        let signal = format!("B:TERM@{NOTICE}");
        let own = [("kill-on-invalid-dep", Some("yes")), ("signal", Some(signal.as_str()))];
        let head = self.head(&name, 1, "merge.log", &own);
        let mut words = vec![self.program.as_str(), "merge"];
        words.extend(self.results.iter().map(String::as_str));
        words.extend(["--out", &self.out]);
        format!("{head}exec {}\n", line(&words))
    }

    /// What a script asks for. `own` are options of this one alone.
    fn head(&self, name: &str, cpus: u16, log: &str, own: &[(&str, Option<&str>)]) -> String {
        let cpus = cpus.to_string();
        let log = format!("{}/{log}", self.folder.replace('%', "%%"));
        let mut options = vec![("job-name", Some(name))];
        options.extend_from_slice(own);
        options.extend([
            ("output", Some(log.as_str())),
            // An element that is started again adds to its log.
            ("open-mode", Some("append")),
            ("requeue", None),
            ("nodes", Some("1")),
            ("ntasks", Some("1")),
            ("cpus-per-task", Some(cpus.as_str())),
        ]);
        options.extend(self.asked.iter().map(|(option, value)| (*option, Some(value.as_str()))));
        let lines: String = options
            .iter()
            .map(|(option, value)| directive(option, *value))
            .collect();
        format!("#!/bin/bash\n{WRITTEN}\n{lines}set -euo pipefail\n")
    }

    /// The commands that submit the array and the merge after it: all of it, or the share given alone.
    pub fn commands(&self, share: Option<u32>) -> String {
        let only = share.map_or_else(String::new, |share| format!("--array={share} "));
        format!(
            "    array=$(sbatch --parsable {only}{})\n    sbatch --dependency=afterok:${{array%%;*}} {}\n",
            shell_word(&self.array_path()),
            shell_word(&self.merge_path())
        )
    }
}

/// A line of a script that sbatch reads. It takes a quoted value as it stands but for backslashes.
fn directive(option: &str, value: Option<&str>) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-+=:,@%/".contains(c);
    match value {
        None => format!("#SBATCH --{option}\n"),
        Some(value) if value.chars().all(plain) => format!("#SBATCH --{option}={value}\n"),
        Some(value) => {
            let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
            format!("#SBATCH --{option}=\"{escaped}\"\n")
        }
    }
}

/// Words as one command of a shell.
fn line(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| shell_word(word)).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job() -> Job {
        Job {
            name: "x".to_owned(),
            program: "/bin/mode-lottery".to_owned(),
            files: vec!["/w/x.toml".to_owned()],
            results: vec!["/w/out/x".to_owned()],
            out: "/w/out".to_owned(),
            folder: "/w/out/slurm/x".to_owned(),
            sets: Vec::new(),
            replicates: None,
            shards: 16,
            throttle: None,
            cpus: 1,
            restarts: 10,
            asked: Vec::new(),
        }
    }

    #[test]
    fn the_array_runs_the_share_of_each_element() {
        let expected = r#"#!/bin/bash
# Written by `mode-lottery slurm`.
#SBATCH --job-name=x
#SBATCH --array=0-15
#SBATCH --signal=B:USR1@60
#SBATCH --output=/w/out/slurm/x/share-%a.log
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
set -euo pipefail
share="${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
echo "job $share: share $SLURM_ARRAY_TASK_ID of 16 on $(hostname)"
/bin/mode-lottery run /w/x.toml --out /w/out --shard "$SLURM_ARRAY_TASK_ID/16" --threads "${SLURM_CPUS_PER_TASK:-1}" &
run=$!
"#;
        let array = job().array();
        assert!(array.starts_with(expected), "{array}");
        assert!(array.contains("[ \"${SLURM_RESTART_COUNT:-0}\" -lt 10 ]"), "{array}");
    }

    #[test]
    fn the_merge_takes_these_experiments_only_and_ends_with_a_share_that_fails() {
        let job = Job {
            files: vec!["/w/x.toml".to_owned(), "/w/y.toml".to_owned()],
            results: vec!["/w/out/x".to_owned(), "/w/out/y".to_owned()],
            cpus: 8,
            ..job()
        };
        let expected = "#!/bin/bash
# Written by `mode-lottery slurm`.
#SBATCH --job-name=x-merge
#SBATCH --kill-on-invalid-dep=yes
#SBATCH --signal=B:TERM@60
#SBATCH --output=/w/out/slurm/x/merge.log
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
set -euo pipefail
exec /bin/mode-lottery merge /w/out/x /w/out/y --out /w/out
";
        assert_eq!(job.merge(), expected);
    }

    #[test]
    fn what_is_asked_for_stands_in_the_scripts() {
        let job = Job {
            sets: vec!["world.modes=4".to_owned(), "a=\"it's\"".to_owned()],
            replicates: Some(500),
            throttle: Some(4),
            cpus: 8,
            asked: vec![("partition", "long".to_owned()), ("time", "1-00:00:00".to_owned())],
            ..job()
        };
        let (array, merge) = (job.array(), job.merge());
        for own in [
            "--array=0-15%4\n",
            "--cpus-per-task=8\n",
            " --set world.modes=4 --set 'a=\"it'\\''s\"' --replicates 500 --shard ",
        ] {
            assert!(array.contains(own) && !merge.contains(own), "{own}: {array}{merge}");
        }
        for both in ["#SBATCH --partition=long\n", "#SBATCH --time=1-00:00:00\n"] {
            assert!(array.contains(both) && merge.contains(both), "{both}: {array}{merge}");
        }
    }

    /// Patterns of log files begin with a percent sign; a second one makes it a character.
    #[test]
    fn odd_characters_of_paths_are_quoted_for_sbatch_and_the_shell() {
        let job = Job {
            out: "/w/it's $HOME".to_owned(),
            folder: "/w/5% \"of\" $it#".to_owned(),
            ..job()
        };
        let array = job.array();
        assert!(array.contains(" --out '/w/it'\\''s $HOME' --shard "), "{array}");
        let log = "#SBATCH --output=\"/w/5%% \\\"of\\\" $it#/share-%a.log\"\n";
        assert!(array.contains(log), "{array}");
        assert_eq!(
            job.commands(None),
            "    array=$(sbatch --parsable '/w/5% \"of\" $it#/array.sh')\n    \
             sbatch --dependency=afterok:${array%%;*} '/w/5% \"of\" $it#/merge.sh'\n"
        );
        assert_eq!(directive("account", Some("a\\b c")), "#SBATCH --account=\"a\\\\b c\"\n");
    }
}
