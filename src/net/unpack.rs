//! Unpacks what servers send packed, up to a limit that counts what comes out.

use std::io::Read;

use brotli_decompressor::Decompressor;
use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use ruzstd::decoding::StreamingDecoder;

/// What the client says it can unpack.
pub(super) const ACCEPT_ENCODING: &str = "br, gzip, zstd, deflate";
/// So many codings may lie around each other; honest servers use one.
const LAYERS_MAX: usize = 2;
/// A zstd frame may ask for so much memory to look back in (RFC 9659).
const ZSTD_WINDOW_BYTES_MAX: u64 = 8 * 1024 * 1024;
/// How much is unpacked in one step.
const STEP_BYTES: usize = 64 * 1024;

/// One way of packing, by its name in `Content-Encoding`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// RFC 1952.
    Gzip,
    /// RFC 1950; some servers mean RFC 1951 by it.
    Deflate,
    /// RFC 7932.
    Brotli,
    /// RFC 8878.
    Zstd,
}

/// Why something cannot be unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnpackError {
    /// It would be larger than the limit.
    #[error("it unpacks to more than {bytes_max} bytes")]
    TooLarge {
        /// The limit.
        bytes_max: usize,
    },
    /// It is not what it says, or broke off.
    #[error("it cannot be unpacked as what it says it is")]
    Broken,
    /// It is packed in a way that is not known, or too often.
    #[error("it is packed in a way that is not read")]
    Unknown,
}

impl Coding {
    /// Reads `Content-Encoding`: the codings in the order they were applied.
    pub fn of_header(header: &str) -> Result<Vec<Self>, UnpackError> {
        let names = header.split(',').map(|it| it.trim().to_ascii_lowercase());
        let mut codings = vec![];
        for name in names {
            match name.as_str() {
                "" | "identity" => {}
                "gzip" | "x-gzip" => codings.push(Self::Gzip),
                "deflate" => codings.push(Self::Deflate),
                "br" => codings.push(Self::Brotli),
                "zstd" => codings.push(Self::Zstd),
                _ => return Err(UnpackError::Unknown),
            }
        }
        if LAYERS_MAX < codings.len() { Err(UnpackError::Unknown) } else { Ok(codings) }
    }
}

/// Unpacks `bytes`, whose `codings` were applied in this order. No layer may be larger than
/// `bytes_max`.
pub fn unpack(
    bytes: Vec<u8>,
    codings: &[Coding],
    bytes_max: usize,
) -> Result<Vec<u8>, UnpackError> {
    codings.iter().rev().try_fold(bytes, |packed, coding| layer(&packed, *coding, bytes_max))
}

/// Unpacks a file that is gzip by its first bytes, whatever it is called; others stay as they are.
pub fn unpack_file(bytes: Vec<u8>, bytes_max: usize) -> Result<Vec<u8>, UnpackError> {
    let codings: &[Coding] = if bytes.starts_with(&[0x1f, 0x8b]) { &[Coding::Gzip] } else { &[] };
    unpack(bytes, codings, bytes_max)
}

fn layer(packed: &[u8], coding: Coding, bytes_max: usize) -> Result<Vec<u8>, UnpackError> {
    match coding {
        // An empty body has no wrapping either.
        _ if packed.is_empty() => Ok(vec![]),
        Coding::Gzip => read(MultiGzDecoder::new(packed), bytes_max),
        Coding::Deflate if has_zlib_head(packed) => read(ZlibDecoder::new(packed), bytes_max),
        Coding::Deflate => read(DeflateDecoder::new(packed), bytes_max),
        Coding::Brotli => read(Decompressor::new(packed, STEP_BYTES), bytes_max),
        Coding::Zstd => {
            let decoder = StreamingDecoder::new_with_max_window_size(packed, ZSTD_WINDOW_BYTES_MAX);
            read(decoder.map_err(|_| UnpackError::Broken)?, bytes_max)
        }
    }
}

/// RFC 1950, 2.2: the first two bytes are a multiple of 31, the method is 8.
fn has_zlib_head(packed: &[u8]) -> bool {
    let [first, second, ..] = packed else {
        return false;
    };
    first & 0x0f == 8 && (u16::from(*first) * 256 + u16::from(*second)) % 31 == 0
}

fn read(mut from: impl Read, bytes_max: usize) -> Result<Vec<u8>, UnpackError> {
    let mut unpacked = vec![];
    let mut step = vec![0; STEP_BYTES];
    loop {
        let n = from.read(&mut step).map_err(|_| UnpackError::Broken)?;
        if n == 0 {
            return Ok(unpacked);
        }
        if bytes_max < unpacked.len() + n {
            return Err(UnpackError::TooLarge { bytes_max });
        }
        unpacked.extend_from_slice(&step[..n]);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use proptest::prelude::*;

    use super::*;

    /// "blåbær" by the reference tool of each coding.
    const BROTLI: &[u8] = &[0x8b, 0x03, 0x80, b'b', b'l', 0xc3, 0xa5, b'b', 0xc3, 0xa6, b'r', 3];

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut to = GzEncoder::new(vec![], Compression::default());
        to.write_all(text).unwrap();
        to.finish().unwrap()
    }

    fn zstd(text: &[u8]) -> Vec<u8> {
        ruzstd::encoding::compress_to_vec(text, ruzstd::encoding::CompressionLevel::Fastest)
    }

    #[track_caller]
    fn check(packed: Vec<u8>, header: &str, expected: Result<&[u8], UnpackError>) {
        let unpacked = Coding::of_header(header).and_then(|it| unpack(packed, &it, 1_000));
        assert_eq!(unpacked.as_deref().map_err(|it| *it), expected, "{header}");
    }

    #[test]
    fn each_coding_is_read() {
        let text = "blåbær".as_bytes();
        let mut zlib = ZlibEncoder::new(vec![], Compression::default());
        zlib.write_all(text).unwrap();
        let mut deflate = DeflateEncoder::new(vec![], Compression::default());
        deflate.write_all(text).unwrap();
        check(gzip(text), "gzip", Ok(text));
        check(gzip(text), " X-GZIP ", Ok(text));
        check(zlib.finish().unwrap(), "deflate", Ok(text));
        check(deflate.finish().unwrap(), "deflate", Ok(text));
        check(zstd(text), "zstd", Ok(text));
        check(BROTLI.to_vec(), "br", Ok(text));
        check(text.to_vec(), "identity", Ok(text));
        check(gzip(&zstd(text)), "zstd, gzip", Ok(text));
        check(vec![], "gzip", Ok(b""));
    }

    #[test]
    fn the_limit_counts_what_comes_out() {
        let too_large = Err(UnpackError::TooLarge { bytes_max: 1_000 });
        check(gzip(&[b'x'; 1_000]), "gzip", Ok(&[b'x'; 1_000]));
        check(gzip(&[b'x'; 1_001]), "gzip", too_large);
        check(zstd(&[b'x'; 1_001]), "zstd", too_large);
        check(gzip(&gzip(&[b'x'; 5_000_000])), "gzip, gzip", too_large);
        // Two files in one.
        check([gzip(&[b'x'; 900]), gzip(&[b'x'; 900])].concat(), "gzip", too_large);
    }

    #[test]
    fn what_is_not_what_it_says_is_refused() {
        check(b"<html>".to_vec(), "gzip", Err(UnpackError::Broken));
        check(b"<html>".to_vec(), "zstd", Err(UnpackError::Broken));
        check(b"<html>".to_vec(), "exi", Err(UnpackError::Unknown));
        check(vec![], "gzip, gzip, gzip", Err(UnpackError::Unknown));
        let whole = gzip("blåbær".as_bytes());
        check(whole[..whole.len() - 9].to_vec(), "gzip", Err(UnpackError::Broken));
        // A frame that wants 1 GB to look back in.
        check(vec![0x28, 0xb5, 0x2f, 0xfd, 0, 0xa0, 1, 0, 0], "zstd", Err(UnpackError::Broken));
    }

    proptest! {
        #[test]
        fn any_bytes_are_unpacked_or_refused(
            bytes in proptest::collection::vec(any::<u8>(), 0..400),
            at in any::<proptest::sample::Index>()
        ) {
            let mut harmed = zstd(&bytes);
            let place = at.index(harmed.len());
            harmed[place] ^= 0x55;
            for coding in [Coding::Gzip, Coding::Deflate, Coding::Brotli, Coding::Zstd] {
                for packed in [&bytes, &harmed] {
                    if let Ok(unpacked) = unpack(packed.clone(), &[coding], 10_000) {
                        prop_assert!(unpacked.len() <= 10_000);
                    }
                }
            }
        }
    }
}
