//! Controls of what else one could do than keep more responses.

use super::Case;

pub(super) const CASES: &[Case] = &[Case {
    experiment: "smoothing",
    claims: &["smoothing-reaches-k-star"],
    replicates: 2048,
    smaller: &[
        (r#"[0.0, 0.0045, 0.011, 0.03, 0.1, 0.2] }"#, r#"[0.0, 0.011, 0.1] }"#),
        (r#"[200.0, 2000.0]"#, r#"[2000.0]"#),
    ],
    // Most fits miss a mode there, and a fit that does has no finite loss.
    honest: &[
        (r#"[2000.0]"#, r#"[200.0]"#),
        (
            r#"{ total = 2000, responses = 1, smoothing = 0.011 }"#,
            r#"{ total = 200, responses = 1, smoothing = 0.1 }"#,
        ),
    ],
}];
