//! Owns plain-text tables: columns aligned, numbers to the right.

/// Rows of text under a header, aligned; columns of numbers to the right.
pub fn plain(header: &[&str], rows: &[Vec<String>]) -> String {
    let widths: Vec<usize> = (0..header.len())
        .map(|c| {
            let cells = rows.iter().map(|row| row[c].chars().count());
            cells.chain([header[c].chars().count()]).max().unwrap_or(0)
        })
        .collect();
    let numeric: Vec<bool> = (0..header.len()).map(|c| is_numeric(rows, c)).collect();
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

/// The same as a LaTeX `tabular` with the rules of the package booktabs; columns of numbers to the right.
pub fn latex(header: &[&str], rows: &[Vec<String>]) -> String {
    let columns = (0..header.len()).map(|column| if is_numeric(rows, column) { 'r' } else { 'l' });
    let line = |cells: Vec<String>| format!("  {} \\\\\n", cells.join(" & "));
    let mut out = format!("\\begin{{tabular}}{{{}}}\n  \\toprule\n", columns.collect::<String>());
    out += &line(header.iter().map(|cell| in_latex(cell)).collect());
    out += "  \\midrule\n";
    for row in rows {
        out += &line(row.iter().map(|cell| in_latex(cell)).collect());
    }
    out + "  \\bottomrule\n\\end{tabular}\n"
}

/// Text as LaTeX sets it.
fn in_latex(text: &str) -> String {
    let mut out = String::new();
    for sign in text.chars() {
        match sign {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => out.extend(['\\', sign]),
            '\\' => out += "\\textbackslash{}",
            '~' => out += "\\textasciitilde{}",
            '^' => out += "\\textasciicircum{}",
            '<' => out += "\\textless{}",
            '>' => out += "\\textgreater{}",
            '|' => out += "\\textbar{}",
            _ => out.push(sign),
        }
    }
    out
}

/// Whether nothing but numbers and bounds stand in a column.
pub(super) fn is_numeric(rows: &[Vec<String>], column: usize) -> bool {
    let is_number = |cell: &str| cell.is_empty() || cell.trim_start_matches('<').trim().parse::<f64>().is_ok();
    rows.iter().all(|row| is_number(&row[column]))
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
    fn signs_of_latex_are_escaped() {
        let rows = [vec!["V_{y|x} \\ 5% & <".to_owned(), "1e-5".to_owned()]];
        let expected = "\\begin{tabular}{lr}\n  \\toprule\n  a\\_b & n \\\\\n  \\midrule\n  \
            V\\_\\{y\\textbar{}x\\} \\textbackslash{} 5\\% \\& \\textless{} & 1e-5 \\\\\n  \\bottomrule\n\\end{tabular}\n";
        assert_eq!(latex(&["a_b", "n"], &rows), expected);
    }

    #[test]
    fn bars_cannot_break_a_markdown_row() {
        let rows = [vec!["V_{y|x}".to_owned()]];
        assert_eq!(markdown(&["q"], &rows), "| q |\n| --- |\n| V_{y\\|x} |\n");
    }
}
