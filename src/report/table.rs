//! Owns plain-text tables: columns aligned, numbers to the right.

/// Rows of text under a header, aligned; columns of numbers to the right.
pub fn plain(header: &[&str], rows: &[Vec<String>]) -> String {
    let widths: Vec<usize> = (0..header.len())
        .map(|c| {
            let cells = rows.iter().map(|row| row[c].chars().count());
            cells.chain([header[c].chars().count()]).max().unwrap_or(0)
        })
        .collect();
    let numeric: Vec<bool> = (0..header.len())
        .map(|c| {
            rows.iter()
                .all(|row| row[c].is_empty() || row[c].trim_start_matches('<').parse::<f64>().is_ok())
        })
        .collect();
    let line = |cells: Vec<&str>| {
        let padded = cells.iter().enumerate().map(|(c, cell)| {
            let gap = " ".repeat(widths[c] - cell.chars().count());
            if numeric[c] {
                format!("{gap}{cell}")
            } else {
                format!("{cell}{gap}")
            }
        });
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    let mut out = line(header.to_vec());
    for row in rows {
        out += &line(row.iter().map(String::as_str).collect());
    }
    out
}

/// The same as a Markdown table; bars in cells are escaped.
pub fn markdown(header: &[&str], rows: &[Vec<String>]) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut out = line(header.iter().map(|&s| s.to_owned()).collect());
    out += &line(header.iter().map(|_| "---".to_owned()).collect());
    for row in rows {
        out += &line(row.iter().map(|cell| cell.replace('|', "\\|")).collect());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_to_the_right_and_text_to_the_left() {
        let rows = [
            vec!["a".to_owned(), "1.5".to_owned()],
            vec!["long".to_owned(), "22".to_owned()],
        ];
        assert_eq!(plain(&["name", "n"], &rows), "name    n\na     1.5\nlong   22\n");
    }

    #[test]
    fn bars_cannot_break_a_markdown_row() {
        let rows = [vec!["V_{y|x}".to_owned()]];
        assert_eq!(markdown(&["q"], &rows), "| q |\n| --- |\n| V_{y\\|x} |\n");
    }
}
