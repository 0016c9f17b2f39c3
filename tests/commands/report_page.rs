//! `report --html`: one page that needs nothing else; and tables for papers.

use super::{Folder, names};

/// The text between two others, wherever they stand.
fn between<'a>(text: &'a str, from: &'a str, to: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(from).skip(1).filter_map(move |rest| rest.split(to).next())
}

fn reported() -> (Folder, String) {
    let folder = Folder::with_experiment();
    folder.succeeds(&["run", "x.toml", "-q"]);
    let before = folder.files("results/x");
    folder.succeeds(&["report", "results/x", "--html"]);
    let mut after = folder.files("results/x");
    let page = after.remove("report.html").expect("the page");
    assert_eq!(names(&before), names(&after));
    assert!(before == after, "nothing else is changed");
    (folder, String::from_utf8(page).expect("text"))
}

#[test]
fn the_page_needs_no_other_file_and_carries_those_of_the_result() {
    let (folder, page) = reported();
    for reaching in ["src=\"", "href=\"http", "url(", "@import", "<link"] {
        assert!(!page.contains(reaching), "{reaching}");
    }
    let data = between(&page, "id=\"result\">", "</script>").next().expect("the data");
    let data: serde_json::Value = serde_json::from_str(data).expect("JSON");
    for file in ["estimates.csv", "claims.csv", "manifest.json"] {
        let text = folder.text(&format!("results/x/{file}"));
        assert_eq!(data["files"][file].as_str(), Some(text.as_str()), "{file}");
    }
    let sections: Vec<&str> = between(&page, "<h2>", "</h2>").collect();
    let order = [
        "Aims",
        "Data-generating mechanisms",
        "Estimands",
        "Methods",
        "Performance measures",
        "Figures",
        "Claims",
        "Estimates",
        "How to redo it",
    ];
    assert_eq!(sections, order);
    assert!(page.contains("<code>mode-lottery run x.toml</code>"), "{page}");
}

/// A number under the pointer that is another row's would be worse than none.
#[test]
fn a_point_of_a_figure_says_its_own_row() {
    let (folder, page) = reported();
    let csv = folder.text("results/x/estimates.csv");
    let rows: Vec<Vec<&str>> = csv.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let places: Vec<&str> = between(&page, "<a href=\"#estimates-table-", "</a>").collect();
    assert_eq!(places.len(), 4, "one for each of two prompts by two responses");
    let mut heights = Vec::new();
    for place in places {
        let (line, circle) = place.split_once('"').expect("a link");
        let row = &rows[line.parse::<usize>().expect("a place")];
        let title = between(circle, "<title>", "</title>").next().expect("a title");
        let of = format!("{}, prompts = {}, responses = {}: ", row[3], row[1], row[2]);
        assert!(title.starts_with(&of), "{title} is not {of}");
        let told: f64 = title[of.len()..]
            .split(' ')
            .next()
            .expect("a number")
            .parse()
            .expect("a number");
        let estimate: f64 = row[5].parse().expect("an estimate");
        assert!((told - estimate).abs() <= 1e-3 * estimate, "{title}: {estimate}");
        assert!(page.contains(&format!("<tr id=\"estimates-table-{line}\">")));
        let height: i32 = between(circle, "cy=\"", "\"")
            .next()
            .expect("a height")
            .parse()
            .expect("a number");
        heights.push((height, estimate));
    }
    // Greater values stand higher on the sheet, whose rows count downwards.
    heights.sort_by(|a, b| a.1.total_cmp(&b.1));
    assert!(heights.windows(2).all(|pair| pair[0].0 > pair[1].0), "{heights:?}");
}

#[test]
fn a_page_of_somebody_else_is_not_replaced() {
    let folder = Folder::with_experiment();
    folder.succeeds(&["run", "x.toml", "-q"]);
    folder.write("results/x/report.html", "mine");
    let done = folder.run(&["report", "results/x", "--html"]);
    assert_eq!(done.code, Some(2));
    assert!(
        done.err
            .contains("results/x/report.html: it is there already, and this program did not write it"),
        "{}",
        done.err
    );
    assert_eq!(folder.text("results/x/report.html"), "mine");
}

#[test]
fn tables_are_printed_for_papers() {
    let folder = Folder::with_experiment();
    folder.succeeds(&["run", "x.toml", "-q"]);
    let latex = folder.succeeds(&["report", "results/x", "--format", "latex", "--estimates"]);
    assert_eq!(latex.matches("\\begin{tabular}").count(), 2, "{latex}");
    assert!(
        latex.contains("  law & CONFIRMED & confirmed & 4 & ratio & "),
        "{latex}"
    );
    assert_eq!(latex.matches("mode-mass.variance & ").count(), 4, "{latex}");
    let markdown = folder.succeeds(&["report", "results/x", "--format", "markdown"]);
    assert!(
        markdown.contains("| law | CONFIRMED | confirmed | 4 | ratio | "),
        "{markdown}"
    );
    assert!(!markdown.contains("| 4 | 1 |"), "{markdown}");
    let plain = folder.succeeds(&["report", "results/x", "--estimates"]);
    let (_, of_estimates) = plain.split_once("\n\n").expect("two tables");
    let rows = of_estimates.lines().filter(|line| line.contains("mode-mass.")).count();
    assert_eq!(rows, 4 * 6, "{plain}");
}
