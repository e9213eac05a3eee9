//! How much of a campaign goes with one transaction while it is deleted: whoever writes to another one waits no longer than that takes.

/// The most of each that goes at once; of documents one, however large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PartSize {
    /// Rows of documents, people, devices, invites and their uses.
    pub(super) n_rows: i64,
    /// Changes of those documents.
    pub(super) n_changes: i64,
    /// Bytes of their packs, and of their changes.
    pub(super) n_bytes: i64,
}

/// A document that is to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Doomed {
    pub(super) key: i64,
    /// How many changes it has, or had.
    pub(super) n_changes: i64,
    /// How many bytes its packs have, or these and its changes.
    pub(super) n_bytes: i64,
}

impl PartSize {
    /// The size at first.
    pub(super) const USUAL: Self = Self { n_rows: 256, n_changes: 8_192, n_bytes: 8 * 1024 * 1024 };

    /// The size after a store took too long so many times; `None` where there is no smaller one.
    pub(super) fn halved(n_times: u32) -> Option<Self> {
        let Self { n_rows, n_changes, n_bytes } = Self::USUAL;
        let n_rows = n_rows.checked_shr(n_times).filter(|n| *n > 0)?;
        Some(Self { n_rows, n_changes: n_changes >> n_times, n_bytes: n_bytes >> n_times })
    }

    /// How many of the first rows with so many bytes fit: all of them, or at least one.
    pub(super) fn n_fitting(self, sizes: impl Iterator<Item = i64>) -> usize {
        let (mut n_rows, mut n_bytes) = (0, 0);
        for size in sizes {
            n_bytes += size;
            if n_rows > 0 && n_bytes > self.n_bytes {
                break;
            }
            n_rows += 1;
        }
        n_rows
    }

    /// Whether a document may be too large to go with all that hangs on it.
    pub(super) const fn is_exceeded_by(self, doc: Doomed) -> bool {
        doc.n_changes > self.n_changes || doc.n_bytes > self.n_bytes
    }

    /// The first documents that fit: all of them, or at least one.
    pub(super) fn fitting(self, docs: &[Doomed]) -> &[Doomed] {
        let (mut n_changes, mut n_bytes) = (0, 0);
        let beyond = docs.iter().position(|doc| {
            n_changes += doc.n_changes;
            n_bytes += doc.n_bytes;
            n_changes > self.n_changes || n_bytes > self.n_bytes
        });
        docs.get(..beyond.unwrap_or(docs.len()).max(1)).unwrap_or(docs)
    }
}

#[cfg(test)]
mod tests {
    use super::{Doomed, PartSize};

    #[test]
    fn a_part_takes_as_many_documents_as_fit_and_at_least_one() {
        let size = PartSize { n_rows: 256, n_changes: 10, n_bytes: 100 };
        let doc = |(n_changes, n_bytes)| Doomed { key: 1, n_changes, n_bytes };
        for (docs, expected) in [
            (&[][..], 0),
            (&[(1, 1), (1, 1)], 2),
            (&[(5, 0), (5, 0), (1, 0)], 2),
            (&[(0, 60), (0, 60)], 1),
            (&[(99, 999), (0, 0)], 1),
        ] {
            let docs: Vec<_> = docs.iter().copied().map(doc).collect();
            assert_eq!(size.fitting(&docs).len(), expected, "{docs:?}");
        }
    }

    #[test]
    fn of_one_document_so_many_rows_go_at_once_as_have_the_bytes_and_at_least_one() {
        let size = PartSize { n_rows: 256, n_changes: 10, n_bytes: 100 };
        for (sizes, expected) in
            [(&[][..], 0), (&[50, 50], 2), (&[50, 50, 0], 3), (&[50, 51], 1), (&[101], 1), (&[101, 0], 1)]
        {
            assert_eq!(size.n_fitting(sizes.iter().copied()), expected, "{sizes:?}");
        }
        let doc = |n_changes, n_bytes| Doomed { key: 1, n_changes, n_bytes };
        assert!(!size.is_exceeded_by(doc(10, 100)));
        assert!(size.is_exceeded_by(doc(11, 0)) && size.is_exceeded_by(doc(0, 101)));
    }

    #[test]
    fn a_part_is_halved_down_to_one_row() {
        assert_eq!(PartSize::halved(0), Some(PartSize::USUAL));
        assert_eq!(PartSize::halved(8).map(|size| size.n_rows), Some(1));
        assert_eq!(PartSize::halved(9), None);
        assert_eq!(PartSize::halved(99), None);
    }
}
