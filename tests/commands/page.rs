//! The command `page`: what is in the file that it writes, and what it refuses.

use super::{Folder, told};
use flate2::read::GzDecoder;
use std::io::Read;
use std::path::Path;
use std::sync::LazyLock;

const ASSET: &[u8] = include_bytes!("../../assets/engine.wasm.gz");

/// The page as the command writes it.
static PAGE: LazyLock<String> = LazyLock::new(|| {
    let folder = Folder::empty();
    let out = folder.succeeds(&["page"]);
    assert!(out.starts_with("explore.html: "), "{out}");
    folder.text("explore.html")
});

/// What stands between the first `from` and the next `to`.
fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let (_, after) = text.split_once(from).unwrap_or_else(|| panic!("no {from}"));
    after.split_once(to).unwrap_or_else(|| panic!("no {to} after {from}")).0
}

/// Values of an attribute, in order.
fn attributes<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let mut found = Vec::new();
    for quote in ['"', '\''] {
        let begin = format!(" {name}={quote}");
        found.extend(
            text.split(&begin)
                .skip(1)
                .map(|rest| rest.split(quote).next().unwrap_or("")),
        );
    }
    found
}

#[test]
fn the_page_is_committed_as_the_command_writes_it() {
    let committed = include_str!("../../docs/explore.html");
    assert!(*PAGE == committed, "run: cargo run -- page --out docs/explore.html");
}

#[test]
fn the_page_needs_nothing_beside_itself() {
    let page = PAGE.as_str();
    for (name, kind) in [("src", "sources"), ("href", "links")] {
        let outside = |own: &&str| !own.starts_with('#');
        let found: Vec<&str> = attributes(page, name).into_iter().filter(outside).collect();
        assert_eq!(found, Vec::<&str>::new(), "{kind}");
    }
    // The namespace of SVG is a name, not an address that is asked for.
    let addresses = page.replace("http://www.w3.org/2000/svg", "");
    for scheme in ["http:", "https:", "ws:", "@import", "url(http"] {
        assert!(!addresses.contains(scheme), "{scheme}");
    }
}

#[test]
fn the_engine_inside_is_the_committed_one() {
    let lines = between(&PAGE, "<script type=\"text/plain\" id=\"engine\">\n", "</script>");
    let packed = decoded(&lines.replace('\n', ""));
    assert!(packed == ASSET);
    let mut module = Vec::new();
    GzDecoder::new(packed.as_slice())
        .read_to_end(&mut module)
        .expect("it is gzip");
    assert_eq!(&module[..4], b"\0asm");
}

/// Base64 by hand: a second route.
fn decoded(text: &str) -> Vec<u8> {
    let sign = |c: u8| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let mut bytes = Vec::new();
    for four in text.as_bytes().chunks(4) {
        let word = four.iter().fold(0_u32, |word, &c| {
            word << 6 | u32::from(if c == b'=' { 0 } else { sign(c) })
        });
        let rests = four.iter().filter(|&&c| c == b'=').count();
        bytes.extend(&word.to_be_bytes()[1..4 - rests]);
    }
    bytes
}

/// Each digest on the page is that of `run` on the file that stands beside it.
#[test]
fn what_stands_on_the_page_is_what_run_gives() {
    let folder = Folder::empty();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seen = 0;
    for result in PAGE.split("<div class=\"result\" data-experiment=\"").skip(1) {
        let (name, digest) = (between(result, "", "\""), between(result, "<code class=\"sha\">", "<"));
        let file = between(result, "<code>mode-lottery run ", " --out explored</code>");
        folder.succeeds(&[
            "run",
            &root.join(file).display().to_string(),
            "--quiet",
            "--out",
            "explored",
        ]);
        let manifest = folder.text(&format!("explored/{name}/manifest.json"));
        assert!(manifest.contains(digest), "{name}");
        let figure = between(result, "<figure data-figure=\"", "\">");
        let svg = folder.text(&format!("explored/{name}/{figure}.svg"));
        assert!(result.contains(&svg), "{name}: {figure}");
        seen += 1;
    }
    assert_eq!(seen, 10);
}

/// A control begins at the value of its key in the experiment of its part, and guesses set what controls can be set to.
#[test]
fn controls_begin_where_their_files_do() {
    let mut seen = 0;
    for part in PAGE.split("<div class=\"part\">").skip(1) {
        let name = between(part, "<div class=\"result\" data-experiment=\"", "\"");
        let path = format!("{}/assets/page/views/{name}.toml", env!("CARGO_MANIFEST_DIR"));
        let file: toml::Table = std::fs::read_to_string(path)
            .expect("a view's file")
            .parse()
            .expect("it is TOML");
        let controls: Vec<&str> = part
            .split("<div class=\"control\"")
            .skip(1)
            .map(|own| between(own, "", ">"))
            .collect();
        for control in &controls {
            let [key, start] = ["data-key", "data-start"].map(|name| attributes(control, name)[0]);
            let value = key.split('.').try_fold(None, |at: Option<&toml::Value>, part| {
                Some(Some(at.map_or(file.get(part), |own| own.get(part))?))
            });
            let value = value.flatten().unwrap_or_else(|| panic!("{name}: no {key}"));
            let number = |text: &str| text.parse::<f64>().ok();
            let same = number(start).map_or(value.to_string() == start, |own| {
                number(&value.to_string()) == Some(own)
            });
            assert!(same, "{name}: {key} is {value}, not {start}");
            let listed = ["data-values", "data-choices"]
                .iter()
                .flat_map(|list| attributes(control, list));
            assert!(
                listed.flat_map(|list| list.split(' ')).any(|own| own == start),
                "{name}: {key}"
            );
            seen += 1;
        }
        for set in attributes(between(part, "", "<div class=\"result\""), "data-sets")
            .iter()
            .flat_map(|sets| sets.split(' '))
        {
            let (key, value) = set.split_once('=').expect("a setting");
            let control = controls.iter().find(|own| attributes(own, "data-key") == [key]);
            let control = control.unwrap_or_else(|| panic!("{name}: a guess sets {key}"));
            let mut listed = attributes(control, "data-values");
            listed.extend(attributes(control, "data-choices"));
            assert!(
                listed.iter().flat_map(|list| list.split(' ')).any(|own| own == value),
                "{name}: {set}"
            );
        }
    }
    assert_eq!(seen, 22, "controls");
}

#[test]
fn an_experiment_gets_a_view_with_its_varied_numbers() {
    let folder = Folder::with_experiment();
    let out = folder.succeeds(&["page", "x.toml", "--replicates", "640", "--set", "title=\"<b>&\""]);
    assert!(out.starts_with("x.html: "), "{out}");
    let page = folder.text("x.html");
    let own = between(&page, "<section class=\"view\" id=\"own\">", "</section>");
    assert!(
        own.contains("<h2>&lt;b&gt;&amp;</h2>") && !own.contains("<b>&"),
        "no text becomes markup"
    );
    assert_eq!(
        attributes(own, "data-key"),
        ["arms.grid.prompts", "arms.grid.responses"]
    );
    assert_eq!(attributes(own, "data-list"), ["[4, 8]", "[1, 2]"]);
    assert!(
        own.contains("mode-lottery run x.toml --set 'title=\"&lt;b&gt;&amp;amp;\"'")
            || own.contains("--set run.replicates=640")
    );
    let digest = between(own, "<code class=\"sha\">", "<");
    folder.succeeds(&["run", "x.toml", "--replicates", "640", "--quiet"]);
    assert!(folder.text("results/x/manifest.json").contains(digest));
    assert!(page.contains("id=\"lottery\""), "the other views stand below");
}

#[test]
fn a_file_that_it_did_not_write_is_not_replaced() {
    let folder = Folder::empty();
    folder.write("explore.html", "<p>mine</p>");
    let message =
        "explore.html: it is there already, and this program did not write it; move it away, or give another --out";
    folder.fails(&["page"], 2, message);
    assert_eq!(folder.text("explore.html"), "<p>mine</p>");
    folder.write(
        "explore.html",
        PAGE.replace("lottery", "LOTTERY")
            .replace("mode-LOTTERY page", "mode-lottery page"),
    );
    folder.succeeds(&["page"]);
    assert!(folder.text("explore.html") == *PAGE, "its own it replaces");
}

#[test]
fn what_is_wrong_is_said_before_a_page_is_written() {
    let folder = Folder::with_experiment();
    let done = folder.run(&["page", "x.toml", "--set", "arms.selector=worst"]);
    assert_eq!(done.code, Some(2), "{done:?}");
    assert!(done.err.contains("selector: unknown value \"worst\""), "{}", done.err);
    assert!(!folder.path("x.html").exists());
    let done = folder.run(&["page", "--replicates", "5"]);
    assert_eq!(
        (done.code, done.err == told("")),
        (Some(2), false),
        "replicates are those of an experiment"
    );
}
