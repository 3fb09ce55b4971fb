//! Downloads: several mirrors, a few attempts, a bounded body, a digest, and only then the disk.
//!
//! A mirror that cannot be reached at all is not asked again, so that a machine without a network knows within
//! seconds; neither is one that falls silent, or drips bytes. One that fails in passing (5xx, a connection lost) is asked
//! up to three times.

use std::time::Instant;

use anyhow::Result;

use crate::checksums::{Dataset, Entry};
use crate::keep;
use crate::options::{Network, Options, Patience};

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
    let errand = Errand { options, set, until: Instant::now() + options.patience.whole };
    for entry in entries {
        match errand.any_gives(entry, &mut mirrors, &mut reasons) {
            Some((mirror, bytes)) => {
                let path = keep::keep(&options.home.join(&set.folder), &entry.download, &bytes)?;
                let (name, kilobytes) = (path.display(), bytes.len().div_ceil(1000));
                options.say.line(&format!("downloaded {name} ({kilobytes} kB) from {mirror}"));
            }
            None if reasons.is_empty() => reasons.push("there is no mirror".to_owned()),
            None => {}
        }
    }
    Ok(reasons)
}

/// The download of one data set.
struct Errand<'a> {
    options: &'a Options,
    set: &'a Dataset,
    /// When the patience for all files ends.
    until: Instant,
}

impl Errand<'_> {
    /// The file from the first mirror that gives it; `reasons` grows by what the last attempts met if none does.
    fn any_gives<'m>(
        &self,
        entry: &Entry,
        mirrors: &mut Vec<&'m str>,
        reasons: &mut Vec<String>,
    ) -> Option<(&'m str, Vec<u8>)> {
        let backoff = self.options.backoff;
        let mut asked = mirrors.clone();
        let mut met = Vec::new();
        for attempt in 0..=backoff.len() {
            if attempt > 0 {
                std::thread::sleep(backoff[attempt - 1]);
            }
            for mirror in asked.clone() {
                match self.ask(mirror, entry) {
                    Ok(bytes) => return Some((mirror, bytes)),
                    Err(Trouble::Passing(why)) if attempt < backoff.len() => drop(why),
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
    fn ask(&self, mirror: &str, entry: &Entry) -> Result<Vec<u8>, Trouble> {
        let url = format!("{mirror}{}", entry.download);
        if Instant::now() >= self.until {
            let whole = self.options.patience.whole.as_secs();
            return Err(Trouble::Unreachable(format!("{url}: not asked any more after {whole} s in all")));
        }
        let bytes = get(&url, entry.download_bytes, self.options.patience, self.until)?;
        let limit = usize::try_from(entry.bytes).unwrap_or(usize::MAX);
        let content = datasets::gzip::inflate(&bytes, limit, &url);
        let checked =
            content.map_err(anyhow::Error::from).and_then(|content| self.set.check(entry, &content));
        checked.map_err(|error| Trouble::Refused(format!("{url}: {error:#}")))?;
        Ok(bytes)
    }
}

#[cfg(not(feature = "download"))]
fn get(url: &str, _: u64, _: Patience, _: Instant) -> Result<Vec<u8>, Trouble> {
    Err(Trouble::Unreachable(format!("{url}: built without the feature `download`")))
}

/// The body at `url`, of at most `limit` bytes, as fast as `patience` asks for and before `until`. Plain HTTP is for this
/// machine only.
#[cfg(feature = "download")]
fn get(url: &str, limit: u64, patience: Patience, until: Instant) -> Result<Vec<u8>, Trouble> {
    use std::time::Duration;

    let seconds = |n| Some(Duration::from_secs(n));
    let config = ureq::Agent::config_builder()
        .https_only(!url.starts_with("http://127.0.0.1:"))
        .user_agent(concat!("glyphlab/", env!("CARGO_PKG_VERSION")))
        .timeout_resolve(seconds(2))
        .timeout_connect(seconds(4))
        .timeout_recv_response(Some(patience.window.min(Duration::from_secs(10))))
        .timeout_per_read(Some(patience.window))
        .timeout_global(Some(until.saturating_duration_since(Instant::now())))
        .build();
    let response = config.new_agent().get(url).call().map_err(|error| classify(url, &error))?;
    read(url, response.into_body().into_reader(), limit, patience)
}

/// All of a body. In each window of time so many bytes must arrive.
#[cfg(feature = "download")]
fn read(url: &str, mut body: impl std::io::Read, limit: u64, patience: Patience) -> Result<Vec<u8>, Trouble> {
    let (mut bytes, mut piece) = (Vec::new(), vec![0; 64 << 10]);
    let (mut begun, mut before) = (Instant::now(), 0);
    loop {
        let read = body.read(&mut piece).map_err(|error| classify(url, &error.into()))?;
        if read == 0 {
            return Ok(bytes);
        }
        bytes.extend_from_slice(&piece[..read]);
        if bytes.len() as u64 > limit {
            return Err(Trouble::Refused(format!("{url}: expected {limit} bytes, found more")));
        }
        if begun.elapsed() >= patience.window {
            let arrived = (bytes.len() - before) as u64;
            if arrived < patience.bytes {
                let seconds = begun.elapsed().as_secs_f64();
                return Err(Trouble::Unreachable(format!(
                    "{url}: too slow, {arrived} bytes in {seconds:.1} s, expected {} at least",
                    patience.bytes
                )));
            }
            (begun, before) = (Instant::now(), bytes.len());
        }
    }
}

#[cfg(feature = "download")]
fn classify(url: &str, error: &ureq::Error) -> Trouble {
    use std::io::ErrorKind;
    use ureq::Error;

    // A server's own words may be in it.
    let why = format!("{url}: {}", disk::one_line(&error.to_string()));
    match error {
        Error::StatusCode(429 | 500..) => Trouble::Passing(why),
        Error::StatusCode(_) => Trouble::Refused(why),
        Error::Io(error) => match error.kind() {
            ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::UnexpectedEof
            | ErrorKind::BrokenPipe
            | ErrorKind::Interrupted => Trouble::Passing(why),
            _ => Trouble::Unreachable(why),
        },
        Error::Protocol(_) => Trouble::Passing(why),
        _ => Trouble::Unreachable(why),
    }
}
