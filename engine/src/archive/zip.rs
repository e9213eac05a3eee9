//! ZIP files for archives: deflated entries, at most 4 GiB (APPNOTE 6.3, without ZIP64, encryption and spanning). Each ZIP crate
//! would add more to the phones' download than these lines, which use the deflate implementation that packs need anyway.

use flate2::Compression;
use flate2::Crc;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use std::io::{self, Read, Write};

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const END_BYTES: usize = 22;
const CENTRAL_BYTES: usize = 46;
const LOCAL_BYTES: usize = 30;
/// Flag: names are UTF-8.
const UTF8: u16 = 1 << 11;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// The version needed to extract: 2.0.
const NEEDS: u16 = 20;

/// A writer of ZIP files.
#[derive(Default)]
pub(super) struct Writer {
    bytes: Vec<u8>,
    central: Vec<u8>,
    n_entries: u16,
}

impl Writer {
    /// Adds an entry.
    pub(super) fn add(&mut self, name: &str, content: &[u8]) -> io::Result<()> {
        let mut deflate = DeflateEncoder::new(Vec::new(), Compression::default());
        deflate.write_all(content)?;
        let packed = deflate.finish()?;
        let mut crc = Crc::new();
        crc.update(content);
        let at = size(self.bytes.len())?;
        let name_bytes = u16::try_from(name.len()).map_err(io::Error::other)?;
        let mut facts = Vec::new();
        // The modification time is the earliest of the format, because the content has the real time.
        for word in [NEEDS, UTF8, DEFLATED, 0, 1 << 5 | 1] {
            facts.extend(word.to_le_bytes());
        }
        for number in [crc.sum(), size(packed.len())?, size(content.len())?] {
            facts.extend(number.to_le_bytes());
        }
        facts.extend(name_bytes.to_le_bytes());
        facts.extend(0_u16.to_le_bytes());
        self.bytes.extend(LOCAL.to_le_bytes());
        self.bytes.extend(&facts);
        self.bytes.extend(name.as_bytes());
        self.bytes.extend(packed);
        self.central.extend(CENTRAL.to_le_bytes());
        self.central.extend(NEEDS.to_le_bytes());
        self.central.extend(&facts);
        // No comment, disk number 0, no attributes.
        self.central.extend([0; 10]);
        self.central.extend(at.to_le_bytes());
        self.central.extend(name.as_bytes());
        self.n_entries = self.n_entries.checked_add(1).ok_or_else(too_large)?;
        Ok(())
    }

    /// Completes the file.
    pub(super) fn finish(mut self) -> io::Result<Vec<u8>> {
        let (at, bytes) = (size(self.bytes.len())?, size(self.central.len())?);
        self.bytes.append(&mut self.central);
        self.bytes.extend(END.to_le_bytes());
        self.bytes.extend([0; 4]);
        self.bytes.extend(self.n_entries.to_le_bytes());
        self.bytes.extend(self.n_entries.to_le_bytes());
        self.bytes.extend(bytes.to_le_bytes());
        self.bytes.extend(at.to_le_bytes());
        self.bytes.extend([0; 2]);
        Ok(self.bytes)
    }
}

/// Reads one entry of a ZIP file from any program; `None` when it has none of that name.
///
/// # Errors
/// When it is not a ZIP file or is damaged, or the entry is larger than `max_bytes`.
pub(super) fn read(file: &[u8], name: &str, max_bytes: u64) -> io::Result<Option<Vec<u8>>> {
    let Some(entry) = find(file, name).ok_or_else(damaged)? else { return Ok(None) };
    let packed = packed(file, &entry).ok_or_else(damaged)?;
    let mut content = Vec::new();
    match entry.method {
        STORED => packed.take(max_bytes + 1).read_to_end(&mut content)?,
        DEFLATED => DeflateDecoder::new(packed).take(max_bytes + 1).read_to_end(&mut content)?,
        _ => return Err(io::Error::other("an entry is packed in a way that is not known here")),
    };
    if content.len() as u64 > max_bytes {
        return Err(too_large());
    }
    let mut crc = Crc::new();
    crc.update(&content);
    if crc.sum() != entry.crc {
        return Err(damaged());
    }
    Ok(Some(content))
}

struct Entry {
    method: u16,
    crc: u32,
    n_packed: usize,
    at: usize,
}

/// Finds an entry in the central directory. The outer `None` means that the file is damaged, the inner one that there is no such entry.
fn find(file: &[u8], name: &str) -> Option<Option<Entry>> {
    // A comment of up to 64 KiB may follow the end of central directory record.
    let last = file.len().checked_sub(END_BYTES)?;
    let end = (last.saturating_sub(usize::from(u16::MAX))..=last).rev().find(|at| long(file, *at) == Some(END))?;
    let (n_entries, mut at) = (short(file, end + 10)?, long(file, end + 16)? as usize);
    for _ in 0..n_entries {
        if long(file, at)? != CENTRAL {
            return None;
        }
        let n_name = usize::from(short(file, at + 28)?);
        let n_more = usize::from(short(file, at + 30)?) + usize::from(short(file, at + 32)?);
        let is_it = file.get(at + CENTRAL_BYTES..at + CENTRAL_BYTES + n_name)? == name.as_bytes();
        if is_it {
            return Some(Some(Entry {
                method: short(file, at + 10)?,
                crc: long(file, at + 16)?,
                n_packed: long(file, at + 20)? as usize,
                at: long(file, at + 42)? as usize,
            }));
        }
        at += CENTRAL_BYTES + n_name + n_more;
    }
    Some(None)
}

fn packed<'a>(file: &'a [u8], entry: &Entry) -> Option<&'a [u8]> {
    if long(file, entry.at)? != LOCAL {
        return None;
    }
    let skipped = usize::from(short(file, entry.at + 26)?) + usize::from(short(file, entry.at + 28)?);
    let begin = entry.at + LOCAL_BYTES + skipped;
    file.get(begin..begin.checked_add(entry.n_packed)?)
}

fn short(file: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(file.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn long(file: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(file.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn size(n: usize) -> io::Result<u32> {
    u32::try_from(n).map_err(|_| too_large())
}

fn too_large() -> io::Error {
    io::Error::other("too large")
}

fn damaged() -> io::Error {
    io::Error::other("damaged")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const ENTRIES: [(&str, &[u8]); 4] = [
        ("about.json", b"{}"),
        ("visits.csv", b"a,b\r\n1,2\r\n"),
        ("na\u{ef}ve.csv", &[7; 100_000]),
        ("empty.csv", b""),
    ];

    fn written() -> Vec<u8> {
        let mut writer = Writer::default();
        for (name, content) in ENTRIES {
            writer.add(name, content).unwrap();
        }
        writer.finish().unwrap()
    }

    #[test]
    fn what_is_written_and_what_another_program_wrote_is_read() {
        // Written by Python's zipfile: deflated and stored entries, and a comment at the end.
        let others = include_bytes!("other.zip");
        for (what, file) in [("ours", written()), ("other", others.to_vec())] {
            for (name, content) in ENTRIES {
                assert_eq!(read(&file, name, 1 << 20).unwrap().as_deref(), Some(content), "{what}: {name}");
            }
            assert!(read(&file, "visits", 1 << 20).unwrap().is_none());
        }
    }

    #[test]
    fn a_damaged_file_is_refused_and_never_more_read_than_allowed() {
        let file = written();
        assert!(read(&file, "na\u{ef}ve.csv", 99_999).is_err());
        assert!(read(&file, "na\u{ef}ve.csv", 100_000).is_ok());
        for cut in 0..file.len() {
            assert!(read(&file[..cut], "visits.csv", 1 << 20).is_err(), "cut off after {cut}");
        }
        for at in 0..file.len() {
            let mut bad = file.clone();
            bad[at] ^= 0x55;
            // Any change is detected, or what is read is what was written.
            if let Ok(Some(content)) = read(&bad, "visits.csv", 1 << 20) {
                assert_eq!(content, ENTRIES[1].1, "byte {at}");
            }
        }
    }
}
