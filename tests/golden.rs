//! A small run of everything, compared byte for byte with what is committed.
//!
//! When a change moves bytes on purpose, `UPDATE_GOLDEN=1 cargo test golden::` writes them anew; the commit says
//! what moved and why, and a change of draws raises `NUMERICS_VERSION`.

use std::fs;
use std::path::Path;
use std::process::Command;

const FILES: [&str; 4] = ["estimates.csv", "claims.csv", "small.svg", "README.md"];

#[test]
fn a_small_run_gives_the_committed_bytes() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let out = tempfile::tempdir().expect("a temporary folder");
    let status = Command::new(env!("CARGO_BIN_EXE_mode-lottery"))
        .args(["run", "--quiet", "--out"])
        .arg(out.path())
        // As a path from here: the page says which file was run.
        .arg("small.toml")
        .current_dir(&golden)
        .status()
        .expect("the program starts");
    assert!(status.success());
    for file in FILES {
        let fresh = fs::read_to_string(out.path().join("small").join(file)).expect(file);
        let committed = golden.join(file);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&committed, &fresh).expect(file);
        }
        let expected = fs::read_to_string(&committed).expect(file);
        let differing = fresh.lines().zip(expected.lines()).find(|(a, b)| a != b);
        assert_eq!(
            differing, None,
            "{file}: the first line that differs (found, committed)"
        );
        assert_eq!(fresh, expected, "{file}");
    }
}
