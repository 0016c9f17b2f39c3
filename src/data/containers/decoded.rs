//! Owns the unpacking of compressed bytes, which their first bytes tell.

use crate::data::Fault;
use crate::data::hints;
use std::io::{self, Cursor, Read};

/// Bytes from anywhere.
pub type Bytes<'a> = Box<dyn Read + Send + 'a>;

/// The longest of the first bytes that tell a format that is no text.
const MAGIC: usize = 8;

/// The first bytes, at most `most`, and all of them.
pub(super) fn peek<'a>(mut bytes: Bytes<'a>, most: usize) -> io::Result<(Vec<u8>, Bytes<'a>)> {
    let mut start = Vec::new();
    bytes.by_ref().take(most as u64).read_to_end(&mut start)?;
    let whole = Cursor::new(start.clone()).chain(bytes);
    Ok((start, Box::new(whole)))
}

/// The text within, if the bytes are compressed with gzip or Zstandard; others are told what they are.
pub(super) fn decode<'a>(bytes: Bytes<'a>) -> Result<Bytes<'a>, Fault> {
    let (start, bytes) = peek(bytes, MAGIC).map_err(|error| Fault::whole(error.to_string()))?;
    #[cfg(feature = "files")]
    if let Some(kind) = packed::Kind::of(&start) {
        let unpacked: Bytes<'a> = Box::new(packed::Unpacked::new(kind, bytes));
        return Ok(unpacked);
    }
    #[cfg(feature = "parquet")]
    if start.starts_with(super::parquet::MAGIC) {
        return Ok(Box::new(super::parquet::lines(bytes)?));
    }
    match hints::of_bytes(&start) {
        Some(what) => Err(Fault::line(1, what)),
        None => Ok(bytes),
    }
}

#[cfg(feature = "files")]
mod packed {
    use super::Bytes;
    use flate2::bufread::MultiGzDecoder;
    use ruzstd::decoding::StreamingDecoder;
    use std::io::{self, BufRead, BufReader, Read};

    /// How bytes are compressed.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Kind {
        Gzip,
        Zstandard,
    }

    impl Kind {
        pub fn of(start: &[u8]) -> Option<Self> {
            match start {
                [0x1f, 0x8b, ..] => Some(Kind::Gzip),
                // A frame of Zstandard, or one that is to be skipped.
                [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Kind::Zstandard),
                _ => None,
            }
        }

        fn name(self) -> &'static str {
            match self {
                Kind::Gzip => "gzip",
                Kind::Zstandard => "Zstandard",
            }
        }
    }

    /// Bytes as they come out of a decoder, whose errors say what is damaged.
    pub struct Unpacked<'a> {
        kind: Kind,
        inner: Bytes<'a>,
    }

    impl<'a> Unpacked<'a> {
        pub fn new(kind: Kind, bytes: Bytes<'a>) -> Self {
            let bytes = BufReader::with_capacity(1 << 16, bytes);
            let inner: Bytes<'a> = match kind {
                Kind::Gzip => Box::new(MultiGzDecoder::new(bytes)),
                Kind::Zstandard => Box::new(Frames {
                    state: State::Between(bytes),
                }),
            };
            Self { kind, inner }
        }
    }

    impl Read for Unpacked<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            self.inner.read(out).map_err(|error| {
                let name = self.kind.name();
                let what = match error.kind() {
                    io::ErrorKind::UnexpectedEof => "it ends too early: copy it again",
                    _ => "it is damaged: copy it again",
                };
                io::Error::new(error.kind(), format!("compressed with {name}, and {what} ({error})"))
            })
        }
    }

    /// One frame of Zstandard after the other, as compressors of parts write them.
    struct Frames<R: BufRead> {
        state: State<R>,
    }

    enum State<R: BufRead> {
        Between(R),
        Within(Box<StreamingDecoder<R, ruzstd::decoding::FrameDecoder>>),
        Ended,
    }

    impl<R: BufRead> Frames<R> {
        /// Opens the next frame; false after the last.
        fn next(&mut self) -> io::Result<bool> {
            let State::Between(mut rest) = std::mem::replace(&mut self.state, State::Ended) else {
                return Ok(false);
            };
            while skip(&mut rest)? {}
            if rest.fill_buf()?.is_empty() {
                return Ok(false);
            }
            let decoder = StreamingDecoder::new(rest).map_err(|error| io::Error::other(error.to_string()))?;
            self.state = State::Within(Box::new(decoder));
            Ok(true)
        }
    }

    impl<R: BufRead> Read for Frames<R> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            loop {
                if let State::Within(decoder) = &mut self.state {
                    let read = decoder.read(out)?;
                    if read > 0 || out.is_empty() {
                        return Ok(read);
                    }
                    if let State::Within(decoder) = std::mem::replace(&mut self.state, State::Ended) {
                        self.state = State::Between(decoder.into_inner());
                    }
                }
                if !self.next()? {
                    return Ok(0);
                }
            }
        }
    }

    /// Skips a frame that holds no data, if one begins here.
    fn skip<R: BufRead>(rest: &mut R) -> io::Result<bool> {
        if !matches!(rest.fill_buf()?, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..]) {
            return Ok(false);
        }
        let mut head = [0; 8];
        rest.read_exact(&mut head)?;
        let [.., a, b, c, d] = head;
        let length = u64::from(u32::from_le_bytes([a, b, c, d]));
        let skipped = io::copy(&mut rest.take(length), &mut io::sink())?;
        match skipped == length {
            true => Ok(true),
            false => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}
