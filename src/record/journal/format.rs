//! Owns the bytes of records: how they are framed and told from damage.

use crate::inference::groups::Group;
use crate::record::blocks::put_batches;

const MAGIC: &[u8; 8] = b"mljournl";

/// The ending of journal files.
pub const ENDING: &str = "mlj";

/// SHA-256 of a work key.
pub type Digest = [u8; 32];

/// Rises as the module's page says.
const VERSION: u32 = 1;

/// Bytes before the first record.
pub(super) const OPENING: usize = 16;

/// Bytes of a record before its payload.
pub(super) const HEAD: usize = 20;

/// Every record begins with it.
pub(super) const MARK: &[u8; 4] = b"MLr\n";

/// What a record holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Experiment,
    Scenario,
    Block,
    /// Of a later version: passed over.
    Other,
}

impl Kind {
    fn code(self) -> u32 {
        match self {
            Kind::Other => 0,
            Kind::Experiment => 1,
            Kind::Scenario => 2,
            Kind::Block => 3,
        }
    }

    fn of(code: u32) -> Self {
        match code {
            1 => Kind::Experiment,
            2 => Kind::Scenario,
            3 => Kind::Block,
            _ => Kind::Other,
        }
    }
}

/// The first bytes of a file.
pub(super) fn opening() -> [u8; OPENING] {
    let mut bytes = [0; OPENING];
    bytes[..8].copy_from_slice(MAGIC);
    bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
    let sum = crc32fast::hash(&bytes[..12]);
    bytes[12..].copy_from_slice(&sum.to_le_bytes());
    bytes
}

/// What the first bytes of a file say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opening {
    /// Of this version.
    Whole,
    /// Another version's.
    Foreign(u32),
    /// Not what was written.
    Damaged,
}

pub(super) fn read_opening(bytes: &[u8; OPENING]) -> Opening {
    let whole = bytes.starts_with(MAGIC) && crc32fast::hash(&bytes[..12]) == word(bytes, 12);
    match word(bytes, 8) {
        _ if !whole => Opening::Damaged,
        VERSION => Opening::Whole,
        other => Opening::Foreign(other),
    }
}

/// The head of a record, if these bytes are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub kind: Kind,
    pub length: u32,
    /// CRC-32 of the payload.
    pub sum: u32,
}

impl Head {
    pub fn read(bytes: &[u8; HEAD]) -> Option<Self> {
        let whole = bytes.starts_with(MARK) && crc32fast::hash(&bytes[..16]) == word(bytes, 16);
        whole.then(|| Self {
            kind: Kind::of(word(bytes, 4)),
            length: word(bytes, 8),
            sum: word(bytes, 12),
        })
    }

    /// Whether the payload is as it was written.
    pub fn fits(&self, payload: &[u8]) -> bool {
        payload.len() as u64 == u64::from(self.length) && crc32fast::hash(payload) == self.sum
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// A whole record. None if the payload is too long for one: more than 4 GiB.
pub(super) fn record(kind: Kind, fill: impl FnOnce(&mut Vec<u8>)) -> Option<Vec<u8>> {
    let mut bytes = vec![0; HEAD];
    fill(&mut bytes);
    let length = u32::try_from(bytes.len() - HEAD).ok()?;
    bytes[..4].copy_from_slice(MARK);
    bytes[4..8].copy_from_slice(&kind.code().to_le_bytes());
    bytes[8..12].copy_from_slice(&length.to_le_bytes());
    let sum = crc32fast::hash(&bytes[HEAD..]);
    bytes[12..16].copy_from_slice(&sum.to_le_bytes());
    let sum = crc32fast::hash(&bytes[..16]);
    bytes[16..HEAD].copy_from_slice(&sum.to_le_bytes());
    Some(bytes)
}

/// Bytes of a block's payload before its batches.
pub(super) const BLOCK_HEAD: usize = 32 + 8 + 12;

/// What a block is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BlockHead {
    pub work: Digest,
    pub block: u64,
    pub batches: u32,
    pub arms: u32,
    pub slots: u32,
}

impl BlockHead {
    pub fn read(payload: &[u8]) -> Option<Self> {
        let (work, rest) = payload.split_first_chunk::<32>()?;
        let (block, rest) = rest.split_first_chunk::<8>()?;
        let (counts, batches) = rest.split_first_chunk::<12>()?;
        let own = Self {
            work: *work,
            block: u64::from_le_bytes(*block),
            batches: word(counts, 0),
            arms: word(counts, 4),
            slots: word(counts, 8),
        };
        let each = 8 * (1 + u128::from(own.arms) + u128::from(own.slots));
        (u128::from(own.batches) * each == batches.len() as u128).then_some(own)
    }
}

/// A block as a record. None if it is too large for one.
pub(super) fn block_record(work: &Digest, block: u64, batches: &[Group]) -> Option<Vec<u8>> {
    let (arms, slots) = batches.first().map_or((0, 0), |b| (b.valid.len(), b.sums.len()));
    let counts = [batches.len(), arms, slots].map(u32::try_from);
    let [Ok(count), Ok(arms), Ok(slots)] = counts else {
        return None;
    };
    record(Kind::Block, |out| {
        out.reserve(BLOCK_HEAD + batches.len() * 8 * (1 + arms as usize + slots as usize));
        out.extend(work);
        out.extend(block.to_le_bytes());
        [count, arms, slots].iter().for_each(|n| out.extend(n.to_le_bytes()));
        put_batches(out, batches);
    })
}

/// The batches of a block's payload.
pub(super) fn batches(payload: &[u8]) -> Option<Vec<Group>> {
    let head = BlockHead::read(payload)?;
    let (arms, slots) = (head.arms as usize, head.slots as usize);
    // The length was checked against the counts, so that every word is there.
    let mut words = payload[BLOCK_HEAD..].as_chunks::<8>().0.iter().copied();
    let mut group = || {
        Some(Group {
            replicates: words.next().map(u64::from_le_bytes)?,
            valid: words.by_ref().take(arms).map(u64::from_le_bytes).collect(),
            sums: words.by_ref().take(slots).map(f64::from_le_bytes).collect(),
        })
    };
    (0..head.batches).map(|_| group()).collect()
}
