//! Tests of what all panels of a figure share, of text that must be seen whole, and of what is said to those who cannot see.

use super::tests::{draw, figure, heat, line, point, series};
use super::*;

/// The texts that reach out of the picture.
fn texts_outside(svg: &str) -> Vec<&str> {
    let number = |text: &str, key: &str| -> i32 {
        let rest = text.split(&format!("{key}=\"")).nth(1).unwrap();
        rest.split('"').next().unwrap().parse().unwrap()
    };
    let view: Vec<i32> = {
        let view = svg.split("viewBox=\"").nth(1).unwrap().split('"').next().unwrap();
        view.split(' ').map(|part| part.parse().unwrap()).collect()
    };
    let inside = |text: &str| {
        let words: String = text
            .split('>')
            .skip(1)
            .map(|part| part.split('<').next().unwrap())
            .collect();
        let width = font::width(&words, font::Face::Upright, number(text, "font-size"));
        let (x, y) = (number(text, "x"), number(text, "y"));
        let left = match text {
            _ if text.contains("\"middle\"") => x - width / 2,
            _ if text.contains("\"end\"") => x - width,
            _ => x,
        };
        match text.split("translate(").nth(1) {
            None => left >= 0 && left + width <= view[2] && y <= view[3],
            Some(place) => {
                let y: i32 = place.split([',', ')']).nth(1).unwrap().parse().unwrap();
                y - left - width >= 0 && y - left <= view[3]
            }
        }
    };
    let texts = svg
        .split("<text")
        .skip(1)
        .filter_map(|text| text.split("</text>").next());
    texts.filter(|text| !inside(text)).collect()
}

/// Whoever cannot see a figure hears its title and what is drawn; nothing was said.
#[test]
fn a_figure_says_its_title_and_what_it_shows() {
    let said = |figure: &Figure| {
        let svg = render(figure).unwrap();
        let [title, description] = ["title", "desc"].map(|name| {
            let element = svg.split(&format!("<{name}>")).nth(1).unwrap();
            element.split(&format!("</{name}>")).next().unwrap().to_owned()
        });
        assert!(svg.find("<title>") < svg.find("<rect"), "before what is drawn");
        (title, description)
    };
    let mut body = line(Scale::Linear, vec![series(vec![point(1.0, 1.0)])]);
    body.x.label = Label::parse("prompts $N_p$").unwrap();
    body.legend.title = Some(Label::plain("a < b"));
    let mut one = figure(vec![Panel {
        tag: Some('a'),
        title: Some(Label::plain("left")),
        ..Panel::of(body)
    }]);
    one.name = "named & \u{1}".to_owned();
    let words = "(a) left: axis against prompts N_p; a &lt; b: series.";
    assert_eq!(said(&one), ("named &amp; \u{fffd}".to_owned(), words.to_owned()));
    one.title = Some(Label::parse("of $K^2$").unwrap());
    assert_eq!(said(&one).0, "of K^2");
    let cells = figure(vec![Panel::of(heat(1, 1, vec![Some(1.0)]))]);
    assert_eq!(said(&cells).1, "value in colours, by columns and rows.");
}

/// Each panel explained its own series: a reader had to compare two legends.
#[test]
fn legends_that_do_not_contradict_each_other_become_one() {
    let named = |look: usize, name: &str| Series {
        label: Label::plain(name),
        look,
        ..series(vec![point(1.0, 1.0)])
    };
    let panel = |all: &[(usize, &str)]| LinePanel {
        series: all.iter().map(|(look, name)| named(*look, name)).collect(),
        ..line(Scale::Linear, vec![])
    };
    let texts = |panels: Vec<LinePanel>| {
        let svg = render(&figure(panels.into_iter().map(Panel::of).collect())).unwrap();
        ["one", "two", "three"].map(|name| svg.matches(&format!(">{name}<")).count())
    };
    let left = || panel(&[(0, "one"), (1, "two")]);
    assert_eq!(texts(vec![left(), panel(&[(1, "two"), (2, "three")])]), [1, 1, 1]);
    let other = texts(vec![left(), panel(&[(0, "two"), (2, "three")])]);
    assert_eq!(other, [1, 2, 1], "one look of two names");
    let mut headed = left();
    headed.legend.title = Some(Label::plain("K"));
    assert_eq!(texts(vec![left(), headed]), [2, 2, 0]);
}

#[test]
fn no_two_series_look_alike() {
    let all = |count: usize| (0..count).map(|_| series(vec![point(1.0, 1.0)])).collect::<Vec<_>>();
    let svg = |look: usize| {
        let mut panel = line(Scale::Linear, all(1));
        panel.series[0].look = look;
        draw(panel).unwrap()
    };
    let looks: std::collections::HashSet<String> = (0..marks::LOOKS).map(svg).collect();
    assert_eq!(looks.len(), marks::LOOKS);
    let (series, looks) = (marks::LOOKS + 1, marks::LOOKS);
    let alike = draw(line(Scale::Linear, all(series)));
    assert_eq!(
        alike,
        Err(FigureError::Alike {
            panel: 1,
            series,
            looks
        })
    );
}

/// A title ran out of the picture on both sides, and the name of a low colour bar at its top.
#[test]
fn long_titles_and_names_are_wrapped_and_never_cut() {
    let long = "A title that is rather long, as titles of figures often are when nobody cuts them short, and longer";
    let mut flat = heat(2, 1, vec![Some(0.0), Some(0.0)]);
    flat.value = Label::plain("share of fits with a missing mode among all of them");
    flat.y_label = Label::plain("training prompts of which each is answered");
    let of_line = line(Scale::Linear, vec![series(vec![point(1.0, 1.0)])]);
    for width in [Width::OneColumn, Width::TwoColumn] {
        for body in [Panel::of(flat.clone()), Panel::of(of_line.clone())] {
            let titled = Panel {
                title: Some(Label::plain(long)),
                ..body
            };
            let mut own = figure(vec![titled]);
            (own.title, own.width) = (Some(Label::plain(&format!("{long} {long}"))), width);
            let svg = render(&own).unwrap();
            assert_eq!(texts_outside(&svg), Vec::<&str>::new());
        }
    }
}

/// One row was as high as half its width, and sixty rows lay on each other.
#[test]
fn maps_of_one_row_are_low_and_of_sixty_are_legible() {
    let height = |columns, rows| {
        let svg = render(&figure(vec![Panel::of(heat(
            columns,
            rows,
            vec![Some(1.0); columns * rows],
        ))]))
        .unwrap();
        let labels = svg.matches("text-anchor=\"end\"").count();
        let height: f64 = svg
            .split("height=\"")
            .nth(1)
            .unwrap()
            .split("pt")
            .next()
            .unwrap()
            .parse()
            .unwrap();
        (height, labels)
    };
    assert!(height(1, 1).0 < 100.0, "{:?}", height(1, 1));
    assert!(height(2, 1).0 < 100.0);
    let (sixty, labels) = height(60, 60);
    assert!(sixty >= 60.0 * 5.0 && labels == 60, "{sixty} {labels}");
    let (low, labels) = height(120, 110);
    assert!(low >= 110.0 * 5.0 && (20..60).contains(&labels), "{low} {labels}");
}

#[test]
fn signs_that_the_font_lacks_are_named_once() {
    let mut own = figure(vec![Panel::of(line(Scale::Linear, vec![]))]);
    own.title = Some(Label::plain("\u{65b9}\u{5dee} \u{3bb} \u{65b9}"));
    assert_eq!(lacking(&own).unwrap(), ['\u{65b9}', '\u{5dee}']);
    own.title = None;
    assert_eq!(lacking(&own).unwrap(), []);
}
