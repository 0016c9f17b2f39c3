//! Owns the first two moments of the kept share by mode, and what follows from them: bias and variance.

/// Mean and second moment of f, the share of kept responses (or of their weight) by mode, over prompts, pools and ties.
#[derive(Debug, Clone, PartialEq)]
pub struct Selected {
    /// E f, M probabilities.
    pub mean: Vec<f64>,
    /// E f f^T, M x M by rows.
    pub second: Vec<f64>,
}

impl Selected {
    /// |E f - pibar|^2: what no number of prompts can remove. `weights` are pibar, of the same length.
    pub fn bias2(&self, weights: &[f64]) -> f64 {
        self.mean.iter().zip(weights).map(|(q, p)| (q - p) * (q - p)).sum()
    }

    /// tr Var f = tr E f f^T - |E f|^2: the total variance of one prompt's share. Divide by N_p for that of the mean over prompts.
    pub fn variance_trace(&self) -> f64 {
        let modes = self.mean.len();
        (0..modes).map(|m| self.mode_moment(m)).sum()
    }

    /// Var f_m for one prompt: at least 0, whatever rounding leaves of it.
    pub fn mode_variance(&self, mode: usize) -> f64 {
        self.mode_moment(mode).max(0.0)
    }

    fn mode_moment(&self, mode: usize) -> f64 {
        self.second[mode * self.mean.len() + mode] - self.mean[mode] * self.mean[mode]
    }

    /// Var(v . f) for one prompt; `v` has M entries.
    pub fn linear_variance(&self, v: &[f64]) -> f64 {
        // The entries of f add up to 1, so taking v . E f off v leaves the variance as E (v . f)^2.
        let centre: f64 = v.iter().zip(&self.mean).map(|(v, q)| v * q).sum();
        let centred: Vec<f64> = v.iter().map(|v| v - centre).collect();
        let row = |row: &[f64]| row.iter().zip(&centred).map(|(s, v)| s * v).sum::<f64>();
        let rows = self.second.chunks_exact(self.mean.len());
        rows.zip(&centred).map(|(r, v)| row(r) * v).sum()
    }
}
