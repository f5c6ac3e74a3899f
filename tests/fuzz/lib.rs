//! What reads the bytes of strangers, and what holds of it whatever they send.
//!
//! The product's own files are taken in by their paths, without the rest of the program, so that
//! nothing is made public for this and a changed line is tried again within seconds.
#![expect(dead_code, unused_imports, reason = "the product asks for more of these files")]

#[path = "../../src/page"]
mod page {
    pub(crate) mod extract;

    #[path = "extract/charset.rs"]
    mod charset;
    #[path = "../../tests/fuzz/targets/charset.rs"]
    pub(crate) mod charset_target;
    #[path = "../../tests/fuzz/targets/files.rs"]
    pub(crate) mod files_target;
    #[path = "../../tests/fuzz/targets/html.rs"]
    pub(crate) mod html_target;

    pub(crate) mod crawl {
        pub(crate) mod address;
        #[path = "../../../tests/fuzz/targets/address.rs"]
        pub(crate) mod address_target;

        pub(crate) mod site {
            mod feed;
            mod robots;
            #[path = "../../../../tests/fuzz/targets/robots.rs"]
            pub(crate) mod robots_target;
            mod sitemap;
            #[path = "../../../../tests/fuzz/targets/sitemap.rs"]
            pub(crate) mod sitemap_target;
        }
    }
}

#[path = "../it/harness/files.rs"]
mod made;

pub mod chance;

pub use page::charset_target::holds as charset;
pub use page::crawl::address_target::holds as address;
pub use page::crawl::site::robots_target::holds as robots;
pub use page::crawl::site::sitemap_target::holds as sitemap;
pub use page::files_target::holds as files;
pub use page::html_target::holds as html;

/// What the percent signs of an address stand for, read as strictly as RFC 3986 says.
fn octets(text: &str) -> Vec<u8> {
    let (bytes, mut octets, mut at) = (text.as_bytes(), vec![], 0);
    let digit = |at: usize| bytes.get(at).and_then(|it| char::from(*it).to_digit(16));
    while let Some(byte) = bytes.get(at) {
        let coded = digit(at + 1).zip(digit(at + 2)).filter(|_| *byte == b'%');
        octets.push(coded.map_or(*byte, |(high, low)| (high * 16 + low) as u8));
        at += if coded.is_some() { 3 } else { 1 };
    }
    octets
}
