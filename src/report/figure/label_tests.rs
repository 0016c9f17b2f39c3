//! Tests of the markup of labels.

use super::*;

fn run(text: &str, face: Face) -> Node {
    Node::Run {
        text: text.to_owned(),
        face,
    }
}

fn fault(markup: &str) -> (usize, Fault) {
    let error = Label::parse(markup).unwrap_err();
    (error.at, error.fault)
}

#[test]
fn plain_text_gives_no_sign_a_meaning() {
    assert_eq!(Label::plain("$V_x$ \\").nodes, [run("$V_x$ \\", Face::Upright)]);
}

#[test]
fn letters_slant_and_scripts_attach() {
    let label = Label::parse("$V_{y|x}/N^2$").unwrap();
    let script = |sub: Vec<Node>, sup: Vec<Node>| Node::Scripts {
        sub,
        sup,
        leaning: true,
    };
    assert_eq!(
        label.nodes,
        [
            run("V", Face::Italic),
            script(
                vec![run("y", Face::Italic), run("|", Face::Upright), run("x", Face::Italic)],
                vec![]
            ),
            run("/", Face::Upright),
            run("N", Face::Italic),
            script(vec![], vec![run("2", Face::Upright)]),
        ]
    );
}

#[test]
fn names_become_signs_and_words_stay_upright() {
    assert_eq!(
        Label::parse(r"$\mathrm{bias}^2$").unwrap().nodes[0],
        run("bias", Face::Upright)
    );
    assert_eq!(Label::parse(r"$\alpha$").unwrap().nodes, [run("α", Face::Italic)]);
    assert_eq!(
        Label::parse(r"$2\times3$").unwrap().nodes,
        [run("2\u{2009}×\u{2009}3", Face::Upright)]
    );
    assert_eq!(
        Label::parse(r"$\hat\theta$").unwrap().nodes,
        [Node::Accent {
            sign: 'θ',
            face: Face::Italic,
            accent: '\u{2c6}'
        }]
    );
    assert_eq!(
        Label::parse(r"costs 3\$").unwrap().nodes,
        [run("costs 3$", Face::Upright)]
    );
}

#[test]
fn operators_have_no_space_in_scripts_and_as_prefixes() {
    assert_eq!(Label::parse("$-1$").unwrap().nodes, [run("\u{2212}1", Face::Upright)]);
    let Node::Scripts { sup, .. } = &Label::parse("$x^{2-1}$").unwrap().nodes[1] else {
        panic!("no script")
    };
    assert_eq!(sup[..], [run("2\u{2212}1", Face::Upright)]);
}

#[test]
fn a_radical_over_several_signs_gets_parentheses() {
    let text = |markup: &str| {
        Label::parse(markup)
            .unwrap()
            .nodes
            .iter()
            .map(|node| match node {
                Node::Run { text, .. } => text.clone(),
                _ => "^".to_owned(),
            })
            .collect::<String>()
    };
    assert_eq!(text(r"$\sqrt{N}$"), "√N");
    assert_eq!(text(r"$\sqrt{KN}$"), "√(KN)");
}

#[test]
fn malformed_markup_is_an_error_with_its_place() {
    assert_eq!(fault("cost in $"), (10, Fault::OpenDollar));
    assert_eq!(fault("$V_$"), (4, Fault::Nothing("_".into())));
    assert_eq!(fault("$V_{x$"), (6, Fault::OpenBrace));
    assert_eq!(fault("$V_{x"), (6, Fault::OpenBrace));
    assert_eq!(fault("$x}$"), (3, Fault::StrayBrace));
    assert_eq!(fault("$x_1_2$"), (5, Fault::Twice('_')));
    assert_eq!(fault(r"$\alhpa$"), (8, Fault::Unknown("alhpa".into())));
    assert_eq!(fault(r"$\mathrm x$"), (10, Fault::Nothing(r"\mathrm".into())));
    assert_eq!(fault(r"$\mathrm{x"), (11, Fault::OpenBrace));
    assert_eq!(fault(r"$\bar{xy}$"), (10, Fault::Wide("bar".into())));
    assert_eq!(fault("$x_{}$").1, Fault::Nothing("_".into()));
    assert_eq!(fault(&format!("${}", "{".repeat(50))).1, Fault::Deep);
}

#[test]
fn no_markup_panics() {
    // Every string of up to four signs from those that have a meaning, in and out of mathematics.
    let signs = ['$', '\\', '{', '}', '_', '^', 'x', ' ', '-', 'é'];
    let mut words = vec![String::new()];
    for _ in 0..4 {
        words = words
            .iter()
            .flat_map(|word| signs.iter().map(move |sign| format!("{word}{sign}")))
            .collect();
        for word in &words {
            let _ = Label::parse(word);
            let _ = Label::parse(&format!("${word}$"));
        }
    }
    assert_eq!(words.len(), 10_000);
}
