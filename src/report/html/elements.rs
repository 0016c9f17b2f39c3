//! Owns tags, escapes and tables.

use crate::report::table::is_numeric;

/// Names longer than this may break.
const LONGEST: usize = 40;

/// Text that may stand between tags and in quoted attributes.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(sign),
        }
    }
    out
}

/// A text with the marks of Markdown that pages use, `code`, *emphasis* and **strength**, as markup.
pub(super) fn inline(text: &str) -> String {
    ["`", "**", "*"]
        .into_iter()
        .zip(["code", "strong", "em"])
        .fold(escaped(text), |text, (mark, name)| paired(&text, mark, name))
}

/// What stands between two marks as an element; a mark without a second, and one around nothing or spaces, stays.
fn paired(text: &str, mark: &str, name: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(mark) {
        match after.split_once(mark) {
            Some((inside, left)) if !inside.is_empty() && inside.trim() == inside => {
                out += &format!("{before}<{name}>{inside}</{name}>");
                rest = left;
            }
            _ => {
                out += &format!("{before}{mark}");
                rest = after;
            }
        }
    }
    out + rest
}

/// An element around markup.
pub(super) fn element(name: &str, inside: &str) -> String {
    format!("<{name}>\n{inside}</{name}>\n")
}

/// A section with its heading; nothing where it would be empty.
pub(super) fn section(id: &str, name: &str, inside: &str) -> String {
    match inside {
        "" => String::new(),
        inside => format!("<section id=\"{id}\">\n<h2>{name}</h2>\n{inside}</section>\n"),
    }
}

/// The paragraphs of a plain text.
pub(super) fn paragraphs(text: &str) -> String {
    let parts = text.split("\n\n").map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| format!("<p>{}</p>\n", inline(part))).collect()
}

/// A table that sorts, and filters where it is long; rows of a table with an id have one each, `id` and their place from 0.
pub(super) fn table(id: &str, header: &[&str], rows: &[Vec<String>]) -> String {
    let numeric: Vec<bool> = (0..header.len()).map(|column| is_numeric(rows, column)).collect();
    let class = |column: usize| if numeric[column] { " class=\"number\"" } else { "" };
    let mut out = match id {
        "" => "<div class=\"wide\">\n<table>\n".to_owned(),
        id => format!("<div class=\"wide\">\n<table id=\"{id}\" data-sorts>\n"),
    };
    out += "<thead><tr>";
    for (column, name) in header.iter().enumerate() {
        out += &format!("<th scope=\"col\"{}>{}</th>", class(column), escaped(name));
    }
    out += "</tr></thead>\n<tbody>\n";
    for (place, row) in rows.iter().enumerate() {
        out += &match id {
            "" => "<tr>".to_owned(),
            id => format!("<tr id=\"{id}-{place}\">"),
        };
        for (column, cell) in row.iter().enumerate() {
            let class = match (numeric[column], cell.contains(' ')) {
                (true, _) => " class=\"number\"",
                // Names and paths break nowhere.
                (false, false) if cell.len() < LONGEST => " class=\"name\"",
                (false, _) => "",
            };
            out += &format!("<td{class}>{}</td>", inline(cell));
        }
        out += "</tr>\n";
    }
    out + "</tbody>\n</table>\n</div>\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_elements_in_pairs_alone() {
        assert_eq!(
            inline("a `b*c*` and *d* <e>"),
            "a <code>b<em>c</em></code> and <em>d</em> &lt;e&gt;"
        );
        assert_eq!(inline("K* = 2 * 3 and `x"), "K* = 2 * 3 and `x");
        assert_eq!(inline("**flagged**: K* and K*"), "<strong>flagged</strong>: K* and K*");
    }

    #[test]
    fn columns_of_numbers_and_rows_are_named() {
        let rows = [
            vec!["a-b".to_owned(), "1e-5".to_owned()],
            vec!["c d".to_owned(), "<1e-9".to_owned()],
        ];
        let out = table("t", &["name", "n"], &rows);
        assert!(
            out.contains("<tr id=\"t-1\"><td>c d</td><td class=\"number\">&lt;1e-9</td></tr>"),
            "{out}"
        );
        assert!(out.contains("<td class=\"name\">a-b</td>"), "{out}");
    }
}
