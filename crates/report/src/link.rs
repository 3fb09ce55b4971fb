//! Where links of the pages lead: paths of files that never leave the page's folder, and anchors.

use crate::section::Section;

/// Where a file of a section lies, seen from the page; never outside the page's folder, whatever the names say.
pub(crate) fn relative_path(section: &Section, file: &str) -> String {
    let names = [&section.id, &section.protocol, file].into_iter().flat_map(|name| name.split('/'));
    names.filter(|name| !["", ".", ".."].contains(name)).collect::<Vec<_>>().join("/")
}

/// Where a section can be linked to: letters, digits and hyphens.
pub(crate) fn anchor(section: &Section) -> String {
    plain(&format!("{}--{}", section.id, section.protocol))
}

/// The text with small letters, and a hyphen for whatever is neither a letter nor a digit of ASCII.
pub(crate) fn plain(text: &str) -> String {
    let one = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    text.chars().map(one).collect()
}

/// A relative path as an address.
pub(crate) fn percent_encode(path: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.bytes()
        .map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
