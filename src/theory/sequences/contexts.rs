//! Owns what a policy sees of a prefix: the states of a finite automaton that reads increments, and features of each.

use std::collections::HashMap;

/// The states that prefixes of 0 to n - 1 increments lead to, and what a policy sees of them. The empty prefix leads to state 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Contexts {
    tokens: usize,
    length: usize,
    /// The state that an increment leads to: states x tokens. Of the last increment of a response anything.
    next: Vec<u32>,
    coordinates: usize,
    /// States x coordinates, the first of which is 1.
    features: Vec<f64>,
    /// Whether features tell all states apart, so that a policy may have any distribution in each.
    saturated: bool,
}

/// A prefix as builders see it: its length and its increments.
struct Prefix<'a> {
    increments: &'a [u32],
}

impl Contexts {
    /// All prefixes look alike.
    pub fn tied(tokens: usize, length: usize) -> Self {
        Self::saturated(tokens, length, |_| Vec::new())
    }

    /// Its length is seen.
    pub fn per_position(tokens: usize, length: usize) -> Self {
        Self::saturated(tokens, length, |prefix| vec![prefix.increments.len() as u32])
    }

    /// The last increment is seen.
    pub fn order_one(tokens: usize, length: usize) -> Self {
        Self::saturated(tokens, length, |prefix| {
            prefix.increments.last().map(|&last| 1 + last).into_iter().collect()
        })
    }

    /// All of it is seen: the saturated prefix tree.
    pub fn tree(tokens: usize, length: usize) -> Self {
        Self::saturated(tokens, length, |prefix| prefix.increments.to_vec())
    }

    /// It is seen how many increments of each kind there are: features are 1 and these counts. Of 2 increments or more: shorter responses
    /// have no counts.
    pub fn counts(tokens: usize, length: usize) -> Self {
        Self::build(tokens, length, 1 + tokens, false, counted, |counts, features| {
            features[0] = 1.0;
            let counts = counts.iter().map(|&count| f64::from(count));
            features[1..]
                .iter_mut()
                .zip(counts)
                .for_each(|(out, count)| *out = count);
        })
    }

    /// The same, and its length: features are 1, an indicator of each length but 0, and the counts but the last, which follows. Of 2
    /// increments or more.
    pub fn counts_and_position(tokens: usize, length: usize) -> Self {
        let coordinates = length + tokens - 1;
        Self::build(tokens, length, coordinates, false, counted, |counts, features| {
            features[0] = 1.0;
            let position: u32 = counts.iter().sum();
            if position > 0 {
                features[position as usize] = 1.0;
            }
            let counts = counts.iter().map(|&count| f64::from(count));
            features[length..]
                .iter_mut()
                .zip(counts)
                .for_each(|(out, count)| *out = count);
        })
    }

    /// States by what `seen` sees, each with an indicator of its own beside the constant.
    fn saturated(tokens: usize, length: usize, seen: fn(&Prefix<'_>) -> Vec<u32>) -> Self {
        let mut contexts = Self::build(tokens, length, 0, true, |prefix, _| seen(prefix), |_, _| {});
        let states = contexts.states();
        contexts.coordinates = states;
        contexts.features = (0..states * states)
            .map(|at| f64::from(u8::from(at % states == 0 || at / states == at % states)))
            .collect();
        contexts
    }

    /// Breadth first, a state for each thing that is seen; `features` writes those of a state.
    fn build(
        tokens: usize,
        length: usize,
        coordinates: usize,
        saturated: bool,
        seen: impl Fn(&Prefix<'_>, usize) -> Vec<u32>,
        features: impl Fn(&[u32], &mut [f64]),
    ) -> Self {
        assert!(tokens >= 2 && length >= 1, "{tokens} tokens, {length} of them");
        let mut known: HashMap<Vec<u32>, u32> = HashMap::new();
        let mut examples: Vec<Vec<u32>> = vec![Vec::new()];
        let first = seen(&Prefix { increments: &[] }, tokens);
        known.insert(first.clone(), 0);
        let (mut own, mut next) = (vec![first], Vec::new());
        let mut at = 0;
        while at < examples.len() {
            for token in 0..tokens as u32 {
                let mut longer = examples[at].clone();
                longer.push(token);
                if longer.len() == length {
                    // What its state would be no policy asks; but one that recurs leads on.
                    let looks = seen(&Prefix { increments: &longer }, tokens);
                    next.push(known.get(&looks).copied().unwrap_or(0));
                    continue;
                }
                let looks = seen(&Prefix { increments: &longer }, tokens);
                let count = known.len() as u32;
                let place = *known.entry(looks.clone()).or_insert(count);
                if place == count {
                    own.push(looks);
                    examples.push(longer);
                }
                next.push(place);
            }
            at += 1;
        }
        let mut all = vec![0.0; own.len() * coordinates];
        for (looks, row) in own.iter().zip(all.chunks_exact_mut(coordinates.max(1))) {
            features(looks, row);
        }
        Self {
            tokens,
            length,
            next,
            coordinates,
            features: all,
            saturated,
        }
    }

    /// V.
    pub fn tokens(&self) -> usize {
        self.tokens
    }

    /// n.
    pub fn length(&self) -> usize {
        self.length
    }

    /// How many states there are.
    pub fn states(&self) -> usize {
        self.next.len() / self.tokens
    }

    /// The state that an increment leads to from each: states x tokens. Of the last increment of a response anything.
    pub fn next(&self) -> &[u32] {
        &self.next
    }

    /// Features of a state, of which the first is 1.
    pub fn coordinates(&self) -> usize {
        self.coordinates
    }

    /// States x [`coordinates`](Self::coordinates).
    pub fn features(&self) -> &[f64] {
        &self.features
    }

    /// Whether a policy may have any distribution in each state.
    pub fn is_saturated(&self) -> bool {
        self.saturated
    }

    /// D = (V - 1) coordinates: free parameters of a log-linear policy.
    pub fn parameters(&self) -> usize {
        (self.tokens - 1) * self.coordinates
    }

    /// How often a response visits each state on average, where the distribution of the next increment in a state is `emission`.
    pub fn visits<'a>(&self, emission: impl Fn(usize) -> &'a [f64]) -> Vec<f64> {
        let states = self.states();
        let mut visits = vec![0.0; states];
        let mut here = vec![0.0; states];
        here[0] = 1.0;
        for _ in 0..self.length {
            let mut there = vec![0.0; states];
            for (state, &reached) in here.iter().enumerate().filter(|(_, reached)| **reached > 0.0) {
                visits[state] += reached;
                let next = &self.next[state * self.tokens..][..self.tokens];
                for (&to, share) in next.iter().zip(emission(state)) {
                    there[to as usize] += reached * share;
                }
            }
            here = there;
        }
        visits
    }
}

/// How many increments of each kind a prefix has.
fn counted(prefix: &Prefix<'_>, tokens: usize) -> Vec<u32> {
    let mut counts = vec![0; tokens];
    prefix.increments.iter().for_each(|&d| counts[d as usize] += 1);
    counts
}
