//! Pools made for tests, and every way to write them.

use mode_lottery::numerics::text::float;
use mode_lottery::select::Similarity;
use std::fmt::Write as _;

/// Numbers that any language can redo: a linear congruence of Knuth's, its top bits.
pub struct Numbers(pub u64);

impl Numbers {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    /// In [-1, 1), with 20 bits.
    pub fn unit(&mut self) -> f64 {
        self.below(1 << 20) as f64 / f64::from(1 << 19) - 1.0
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i as u64 + 1) as usize);
        }
    }
}

#[derive(Clone)]
pub struct Candidate {
    pub id: String,
    pub reward: f64,
    pub embedding: Vec<f64>,
}

#[derive(Clone)]
pub struct Prompt {
    pub id: String,
    pub candidates: Vec<Candidate>,
}

const COORDINATES: usize = 5;

/// Prompts of 4 to 23 candidates; of every third the rewards and embeddings have few values, so that ties abound.
pub fn prompts(count: usize) -> Vec<Prompt> {
    let mut numbers = Numbers(42);
    let mut prompts = Vec::new();
    for p in 0..count {
        let ties = p % 3 == 0;
        let n = 4 + numbers.below(20);
        let mut candidate = |c: u64| {
            let mut embedding: Vec<f64> = (0..COORDINATES).map(|_| numbers.unit()).collect();
            let mut reward = numbers.unit();
            if ties {
                let axis = numbers.below(3) as usize;
                embedding = (0..COORDINATES).map(|d| if d == axis { 2.0 } else { 0.0 }).collect();
                reward = (reward * 2.0).round();
            }
            let id = format!("c\"{c}, é");
            Candidate { id, reward, embedding }
        };
        let candidates = (0..n).map(&mut candidate).collect();
        prompts.push(Prompt {
            id: format!("prompt {p}"),
            candidates,
        });
    }
    prompts
}

pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

pub fn list(numbers: &[f64]) -> String {
    numbers.iter().map(|x| float(*x)).collect::<Vec<_>>().join(",")
}

pub fn csv(prompts: &[Prompt]) -> String {
    let mut text = "reward,e4,e3,prompt,e0,e1,e2,candidate,answer\n".to_owned();
    for prompt in prompts {
        for c in &prompt.candidates {
            let e = &c.embedding;
            let id = (&prompt.id, quoted(&c.id));
            writeln!(
                text,
                "{},{},{},{},{},{},{},{},\"a,\nb\"",
                c.reward, e[4], e[3], id.0, e[0], e[1], e[2], id.1
            )
            .unwrap();
        }
    }
    text
}

pub fn csv_of_lists(prompts: &[Prompt]) -> String {
    let mut text = "prompt,candidate,reward,embedding\r\n".to_owned();
    for prompt in prompts {
        for c in &prompt.candidates {
            write!(
                text,
                "{},{},{},\"[ {} ]\"\r\n",
                prompt.id,
                quoted(&c.id),
                c.reward,
                list(&c.embedding)
            )
            .unwrap();
        }
    }
    text
}

pub fn jsonl(prompts: &[Prompt], key: &str, list_of: impl Fn(&Prompt, usize) -> Vec<f64>) -> String {
    let mut text = String::new();
    for prompt in prompts {
        for (at, c) in prompt.candidates.iter().enumerate() {
            let numbers = list_of(prompt, at);
            let id = c.id.replace('"', "\\\"");
            writeln!(
                text,
                "{{\"x\":{{\"reward\":[]}},\"{key}\": [{}],\"candidate\":\"{id}\",\"reward\": {},\"prompt\":\"{}\"}}",
                list(&numbers),
                c.reward,
                prompt.id
            )
            .unwrap();
        }
    }
    text
}

pub fn embeddings(prompts: &[Prompt]) -> String {
    jsonl(prompts, "embedding", |prompt, at| {
        prompt.candidates[at].embedding.clone()
    })
}

pub fn matrix(prompt: &Prompt, how: Similarity) -> Vec<f64> {
    let all: Vec<f64> = prompt.candidates.iter().flat_map(|c| c.embedding.clone()).collect();
    let n = prompt.candidates.len();
    let mut out = vec![0.0; n * n];
    how.fill(&all, COORDINATES, &mut Vec::new(), &mut out).unwrap();
    out
}

/// Cosines as columns s0, s1, ..., as many as the largest prompt needs.
pub fn similarity_csv(prompts: &[Prompt]) -> String {
    let mut text = "prompt,candidate,reward".to_owned();
    (0..23).for_each(|i| write!(text, ",s{i}").unwrap());
    for prompt in prompts {
        let (n, cosines) = (prompt.candidates.len(), matrix(prompt, Similarity::Cosine));
        for (at, c) in prompt.candidates.iter().enumerate() {
            let row = list(&cosines[at * n..(at + 1) * n]) + &",".repeat(23 - n);
            write!(text, "\n{},{},{},{row}", prompt.id, quoted(&c.id), c.reward).unwrap();
        }
    }
    text
}
