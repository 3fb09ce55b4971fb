//! What a file is that is not the one expected, by its first bytes: a web page, an archive, a pointer. For error messages only;
//! nothing is read by what is said here.

/// How many bytes of a file [`describe`] looks at.
pub const HEAD: usize = 512;

/// Bytes that a kind of file begins with, what it is, and what to do about it.
const KINDS: [(&[u8], &str); 25] = [
    (
        b"version https://git-lfs",
        "a Git LFS pointer and not the file that it stands for (run `git lfs pull` where it comes from)",
    ),
    (
        b"/annex/objects/",
        "a git-annex pointer and not the file that it stands for (run `git annex get` where it comes from)",
    ),
    (b"PK\x03\x04", "a zip archive (unpack it here)"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive (unpack it here)"),
    (b"Rar!\x1a\x07", "a RAR archive (unpack it here)"),
    (b"BZh", "a bzip2 file (unpack it with bunzip2)"),
    (b"\xfd7zXZ\0", "an xz file (unpack it with unxz)"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file (unpack it with unzstd)"),
    (b"\x04\x22\x4d\x18", "an LZ4 file (unpack it with unlz4)"),
    (b"\x1f\x9d", "a compress file (unpack it with uncompress)"),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file, as MATLAB 7.3 writes it (save it again with -v7)"),
    (b"MATLAB 7.3", "a MAT-file 7.3, which is HDF5 (save it again with -v7)"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"\x80\x02", "a Python pickle"),
    (b"\x80\x03", "a Python pickle"),
    (b"\x80\x04", "a Python pickle"),
    (b"\x80\x05", "a Python pickle"),
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"# Created by Octave", "a text file of Octave (save it again with -v7)"),
];

/// What a file with these first bytes is, with a word of advice; nothing for a file that may well be data.
///
/// ```
/// let page = datasets::kind::describe(b"<!DOCTYPE html><title>404</title>");
/// assert!(page.unwrap().starts_with("a web page"));
/// ```
pub fn describe(head: &[u8]) -> Option<&'static str> {
    if head.is_empty() {
        return Some("empty, as a download that did not begin or a full disk leaves it");
    }
    if let Some((_, what)) = KINDS.iter().find(|(begin, _)| head.starts_with(begin)) {
        return Some(what);
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let lower: Vec<u8> = text.iter().take(64).map(u8::to_ascii_lowercase).collect();
    if [&b"<!doctype html"[..], b"<html", b"<head", b"<body", b"<script", b"<title", b"<!--"]
        .iter()
        .any(|begin| lower.starts_with(begin))
    {
        return Some("a web page, as a site sends it for a log-in, an error or a preview");
    }
    if lower.starts_with(b"<?xml") || lower.starts_with(b"<error") {
        return Some("an XML answer, as a server sends it for an error");
    }
    if head.get(257..262) == Some(b"ustar") {
        return Some("a tar archive (unpack it here)");
    }
    if head.iter().all(|&byte| byte == 0) && head.len() > 16 {
        return Some("zeros, as a download or a copy that broke off leaves them");
    }
    let printable = |&byte: &u8| (b' '..=b'~').contains(&byte) || byte.is_ascii_whitespace();
    match head.iter().all(printable) {
        true if head.starts_with(b"MATLAB") => None,
        true => Some("a text"),
        false => None,
    }
}
