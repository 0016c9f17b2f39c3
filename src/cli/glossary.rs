//! Owns the symbols and words of tables, pages and messages that are no names of files: what `explain` and `list` say of them.

/// Each with what it means, and the keys it stands for.
pub(super) const WORDS: [(&str, &str); 42] = [
    (
        "mode",
        "one kind of right answer to a prompt; every prompt has a probability for each of the world's modes",
    ),
    ("M", "how many modes the world has: key world.modes"),
    (
        "N_p",
        "prompts of one data set: key arms.prompts, or what a budget buys",
    ),
    (
        "N",
        "candidates sampled of each prompt, of which K are kept: key arms.candidates",
    ),
    ("K", "responses kept of each prompt: key arms.responses"),
    (
        "V_x",
        "prompt variance: how much what is expected of a prompt's responses varies from prompt to prompt; of a vector the trace",
    ),
    (
        "V_{y|x}",
        "response variance: how much the responses of one prompt vary, on average over prompts; of a vector the trace",
    ),
    (
        "ICC",
        "intraclass correlation V_x/(V_x + V_{y|x}): that of two responses of one prompt; from 0, all prompts alike, to 1, all responses of a prompt alike",
    ),
    (
        "alpha",
        "in formulas V_{y|x}/V_x, the key world.concentration of `dirichlet`; of a claim the level of its tests",
    ),
    ("B", "the budget N_p (C_p + K C_r): key budget.total"),
    ("C_p", "what a prompt costs: key budget.prompt-cost"),
    ("C_r", "what a response costs: key budget.response-cost"),
    (
        "C_g",
        "what a candidate costs that is generated: key budget.generation-cost",
    ),
    (
        "C_t",
        "what a response costs that is trained on: key budget.training-cost",
    ),
    (
        "K*",
        "the best number of responses under a budget, sqrt((V_{y|x}/V_x)(C_p/C_r)), to first order and as a real number",
    ),
    (
        "Cochran's integer",
        "the whole number of responses with the least (V_x + V_{y|x}/K)(C_p + K C_r): m, the whole part of K*, where K*^2 <= m(m + 1), else m + 1",
    ),
    ("EMSE", "expected squared error: bias^2 + variance"),
    ("NLL", "negative log-likelihood, in nats"),
    (
        "MCSE",
        "Monte Carlo standard error: how far an estimate may be off because replicates are finitely many; column mcse",
    ),
    (
        "replicate",
        "one independent repetition of the whole experiment on data of its own; `docs/methodology.md` says what it is in each study",
    ),
    (
        "scenario",
        "one setting of the world and of the seed, with draws of its own: made by [sweep]",
    ),
    (
        "arm",
        "one method; all arms of a scenario see the same draws: made by [arms]",
    ),
    (
        "cell",
        "a row, or a pair of rows, that a claim is judged at; all of a claim's cells must hold",
    ),
    (
        "control",
        "a claim that must be refuted (expect = \"refuted\"): it shows that the check can fail",
    ),
    (
        "exact",
        "what theory gives to rounding: a closed form, an enumeration, or a quadrature with a stated error",
    ),
    (
        "reference",
        "a value of theory that is not exact, such as an expansion, with its name",
    ),
    (
        "mode mass",
        "the share of kept responses in each mode, a vector of probabilities: measure mode-mass",
    ),
    (
        "inconclusive",
        "a verdict: the replicates neither confirm nor refute the claim; the note says about how many would",
    ),
    (
        "not judged",
        "no verdict, and why: too few groups of replicates, failures, fits that had not converged, a partial result",
    ),
    (
        "partial",
        "of a result: made of the blocks that were there before all shares were done (merge --partial)",
    ),
    (
        "block",
        "replicates that are computed, kept and used again together: 32 in most studies",
    ),
    (
        "share",
        "the blocks that one of several processes computes: run --shard I/N",
    ),
    (
        "journal",
        "the finished blocks beside a result; a run that is started again uses those that fit",
    ),
    (
        "stale",
        "of blocks: of another seed, world, arm, measure or version than the file now asks for",
    ),
    (
        "fit",
        "the policy that gradient descent on the kept responses of one data set ends at",
    ),
    ("nats", "the unit of losses and entropies: logarithms to base e"),
    (
        "law",
        "V_x/N_p + V_{y|x}/(N_p K), the variance of what is learned; an exact law is an exact distribution that takes long to work out",
    ),
    (
        "Holm",
        "the correction of p-values for several claims: the chance of any wrong verdict of a file is at most alpha",
    ),
    (
        "interval",
        "where the number lies, at level 1 - 2 alpha: a test at alpha on each side",
    ),
    (
        "U-curve",
        "the loss over K under a budget: too few responses on the left, too few prompts on the right, K* between",
    ),
    (
        "Random-K-of-N",
        "the selector random: K of a prompt's N candidates, all equally likely",
    ),
    (
        "prompt floor",
        "V_x/N_p, below which no number of responses brings the variance",
    ),
];

/// What is said of a word, however its letters and braces are written.
pub(super) fn find(word: &str) -> Option<(&'static str, &'static str)> {
    let plain = |text: &str| text.replace(['{', '}', '$', '\\'], "");
    let same = |(own, _): &&(&str, &str)| plain(own) == plain(word);
    let alike = |(own, _): &&(&str, &str)| plain(own).eq_ignore_ascii_case(&plain(word));
    WORDS.iter().find(same).or_else(|| WORDS.iter().find(alike)).copied()
}
