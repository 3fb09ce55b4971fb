//! Downloads: several mirrors, a few attempts, a bounded body, a digest, and only then the disk.
//!
//! A mirror that cannot be reached at all is not asked again, so that a machine without a network knows within
//! seconds; one that fails in passing (5xx, a connection lost) is asked up to three times.

use anyhow::Result;

use crate::checksums::{Dataset, Entry};
use crate::options::{Network, Options};

/// Why a mirror did not give a file.
#[cfg_attr(not(feature = "download"), allow(dead_code))]
enum Trouble {
    /// The host cannot be reached: no use for any file.
    Unreachable(String),
    /// It has not got the file, or another one.
    Refused(String),
    /// It may work in a moment.
    Passing(String),
}

/// Downloads `entries` and keeps them in `data/`; says why for those that could not be had.
///
/// # Errors
/// If a file cannot be written.
pub(super) fn download(options: &Options, set: &Dataset, entries: &[&Entry]) -> Result<Vec<String>> {
    if options.network == Network::Off {
        return Ok(vec!["the network is switched off".to_owned()]);
    }
    if cfg!(not(feature = "download")) {
        return Ok(vec!["this program was built without the feature `download`".to_owned()]);
    }
    let mut mirrors: Vec<&str> = set.mirrors.iter().map(String::as_str).collect();
    let mut reasons = Vec::new();
    for entry in entries {
        match from_any(options, set, entry, &mut mirrors, &mut reasons) {
            Some((mirror, bytes)) => {
                let path = super::keep::keep(&options.home.join(&set.folder), &entry.download, &bytes)?;
                let (name, kilobytes) = (path.display(), bytes.len().div_ceil(1000));
                options.say.line(&format!("downloaded {name} ({kilobytes} kB) from {mirror}"));
            }
            None if reasons.is_empty() => reasons.push("there is no mirror".to_owned()),
            None => {}
        }
    }
    Ok(reasons)
}

/// The file from the first mirror that gives it; `reasons` grows by what the last attempts met if none does.
fn from_any<'a>(
    options: &Options,
    set: &Dataset,
    entry: &Entry,
    mirrors: &mut Vec<&'a str>,
    reasons: &mut Vec<String>,
) -> Option<(&'a str, Vec<u8>)> {
    let mut asked = mirrors.clone();
    let mut met = Vec::new();
    for attempt in 0..=options.backoff.len() {
        if attempt > 0 {
            std::thread::sleep(options.backoff[attempt - 1]);
        }
        for mirror in asked.clone() {
            match from(mirror, set, entry) {
                Ok(bytes) => return Some((mirror, bytes)),
                Err(Trouble::Passing(why)) if attempt < options.backoff.len() => drop(why),
                Err(Trouble::Passing(why)) => met.push(why),
                Err(Trouble::Refused(why)) => {
                    asked.retain(|other| *other != mirror);
                    met.push(why);
                }
                Err(Trouble::Unreachable(why)) => {
                    asked.retain(|other| *other != mirror);
                    mirrors.retain(|other| *other != mirror);
                    met.push(why);
                }
            }
        }
        if asked.is_empty() {
            break;
        }
    }
    reasons.extend(met);
    None
}

/// The file from one mirror, as it is there, once it is known to be the registered one.
fn from(mirror: &str, set: &Dataset, entry: &Entry) -> Result<Vec<u8>, Trouble> {
    let url = format!("{mirror}{}", entry.download);
    let bytes = get(&url, entry.download_bytes)?;
    let limit = usize::try_from(entry.bytes).unwrap_or(usize::MAX);
    let content = datasets::gzip::inflate(&bytes, limit, &url);
    let checked = content.map_err(anyhow::Error::from).and_then(|content| set.check(entry, &content));
    checked.map_err(|error| Trouble::Refused(format!("{url}: {error:#}")))?;
    Ok(bytes)
}

#[cfg(not(feature = "download"))]
fn get(url: &str, _: u64) -> Result<Vec<u8>, Trouble> {
    Err(Trouble::Unreachable(format!("{url}: built without the feature `download`")))
}

/// The body at `url`, of at most `limit` bytes. Plain HTTP is for this machine only.
#[cfg(feature = "download")]
fn get(url: &str, limit: u64) -> Result<Vec<u8>, Trouble> {
    use std::io::Read;
    use std::time::Duration;

    let seconds = |n| Some(Duration::from_secs(n));
    let config = ureq::Agent::config_builder()
        .https_only(!url.starts_with("http://127.0.0.1:"))
        .user_agent(concat!("glyphlab/", env!("CARGO_PKG_VERSION")))
        .timeout_resolve(seconds(2))
        .timeout_connect(seconds(4))
        .timeout_recv_response(seconds(10))
        .timeout_per_read(seconds(10))
        .timeout_global(seconds(300))
        .build();
    let response = config.new_agent().get(url).call().map_err(|error| classify(url, &error))?;
    let mut bytes = Vec::new();
    let body = response.into_body().into_reader();
    body.take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Trouble::Passing(format!("{url}: {error}")))?;
    if bytes.len() as u64 > limit {
        return Err(Trouble::Refused(format!("{url}: expected {limit} bytes, found more")));
    }
    Ok(bytes)
}

#[cfg(feature = "download")]
fn classify(url: &str, error: &ureq::Error) -> Trouble {
    use std::io::ErrorKind;
    use ureq::{Error, Timeout};

    let why = format!("{url}: {error}");
    match error {
        Error::StatusCode(429 | 500..) | Error::Timeout(Timeout::RecvResponse | Timeout::RecvBody) => {
            Trouble::Passing(why)
        }
        Error::StatusCode(_) => Trouble::Refused(why),
        Error::Io(error) => match error.kind() {
            ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::UnexpectedEof
            | ErrorKind::BrokenPipe
            | ErrorKind::TimedOut
            | ErrorKind::Interrupted => Trouble::Passing(why),
            _ => Trouble::Unreachable(why),
        },
        Error::Protocol(_) => Trouble::Passing(why),
        _ => Trouble::Unreachable(why),
    }
}
