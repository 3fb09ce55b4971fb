//! Downloads from servers on this machine, well-behaved and not.

use std::time::Duration;

use fetch::{Missing, Network, Policy, Source, load_alphadigits, load_mnist};

use crate::fixture::{ALPHADIGITS, Fixture};
use crate::server::{Reply, Server};

/// A server that gives every published file.
fn good() -> Server {
    let published = Fixture::new(&[]).published;
    Server::start(move |name, _| {
        published.get(name).map_or(Reply::Status(404), |body| Reply::Body(body.clone()))
    })
}

/// A server that gives AlphaDigits, but for what `spoil` makes of it at the n-th request.
fn bad(spoil: impl Fn(Vec<u8>, usize) -> Reply + Send + 'static) -> Server {
    let body = Fixture::new(&[]).published[ALPHADIGITS].clone();
    Server::start(move |_, n| spoil(body.clone(), n))
}

/// The real AlphaDigits or the reason why not, from these mirrors.
fn load(servers: &[&Server]) -> (Fixture, Result<Source, String>) {
    let mirrors: Vec<String> = servers.iter().map(|server| server.mirror()).collect();
    let mut fixture = Fixture::new(&mirrors);
    fixture.options.policy = Policy::Real;
    let outcome = load_alphadigits(&fixture.options);
    let outcome = outcome.map(|loaded| loaded.source).map_err(|error| {
        assert!(error.is::<Missing>(), "{error:#}");
        error.to_string()
    });
    (fixture, outcome)
}

#[test]
fn what_is_missing_is_downloaded_once_and_kept() {
    let server = good();
    let fixture = Fixture::new(&[server.mirror()]);
    for _ in 0..2 {
        let mnist = load_mnist(&fixture.options).unwrap();
        assert!(matches!(mnist.source, Source::Real { .. }));
        assert_eq!(mnist.train.len(), 20);
    }
    assert_eq!(server.requests().len(), 4);
    let names = ["t10k-images-idx3", "t10k-labels-idx1", "train-images-idx3", "train-labels-idx1"];
    assert_eq!(fixture.kept(), names.map(|name| format!("MNIST/raw/{name}-ubyte.gz")));
    assert_eq!(fixture.said().len(), 4, "one line a file: {:?}", fixture.said());
}

#[test]
fn only_what_is_missing_is_downloaded() {
    let server = good();
    let fixture = Fixture::new(&[server.mirror()]);
    fixture.place(&fixture.options.home.join("mnist"), "train-images-idx3-ubyte.gz");
    load_mnist(&fixture.options).unwrap();
    assert_eq!(server.requests().len(), 3);
    load_alphadigits(&fixture.options).unwrap();
    assert_eq!(server.requests().last().unwrap(), ALPHADIGITS);
}

#[test]
fn the_second_mirror_helps_when_the_first_has_not_got_it() {
    let (first, second) = (bad(|_, _| Reply::Status(404)), good());
    let (fixture, outcome) = load(&[&first, &second]);
    assert!(matches!(outcome, Ok(Source::Real { .. })));
    assert_eq!((first.requests().len(), second.requests().len()), (1, 1));
    assert_eq!(fixture.kept(), [ALPHADIGITS]);
}

#[test]
fn another_file_than_the_registered_one_is_refused_and_not_kept() {
    let server = bad(|mut body, _| {
        // A pixel of the last image.
        let last = body.iter().rposition(|&byte| byte == 1).unwrap();
        body[last] ^= 1;
        Reply::Body(body)
    });
    let (fixture, outcome) = load(&[&server]);
    let error = outcome.unwrap_err();
    assert!(error.contains(&server.mirror()) && error.contains("expected"), "{error}");
    assert_eq!(server.requests().len(), 1, "a wrong file is not asked for again");
    assert!(fixture.kept().is_empty());
}

#[test]
fn a_page_instead_of_the_file_is_refused() {
    let server = bad(|_, _| Reply::Body(b"<!DOCTYPE html><title>Log in</title>".to_vec()));
    let (fixture, outcome) = load(&[&server]);
    assert!(outcome.unwrap_err().contains("expected a header of 128 bytes, found 36 bytes"));
    assert!(fixture.kept().is_empty());
}

#[test]
fn a_body_larger_than_registered_is_refused() {
    for endless in [false, true] {
        let server = bad(move |mut body, _| {
            body.push(0);
            if endless { Reply::Endless(body) } else { Reply::Body(body) }
        });
        let (fixture, outcome) = load(&[&server]);
        let error = outcome.unwrap_err();
        assert!(error.contains("found more"), "{error}");
        assert!(fixture.kept().is_empty());
    }
}

#[test]
fn a_lost_connection_is_tried_again() {
    let server = bad(|body, n| if n == 0 { Reply::HangUp(body) } else { Reply::Body(body) });
    let (fixture, outcome) = load(&[&server]);
    assert!(matches!(outcome, Ok(Source::Real { .. })));
    assert_eq!(server.requests().len(), 2);
    assert_eq!(fixture.kept(), [ALPHADIGITS]);
}

#[test]
fn a_server_in_trouble_is_tried_three_times() {
    let server = bad(|_, _| Reply::Status(503));
    let (_, outcome) = load(&[&server]);
    assert!(outcome.unwrap_err().contains("503"));
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn a_mirror_that_cannot_be_reached_is_asked_once_for_all_files() {
    let gone = good().mirror();
    let server = good();
    let fixture = Fixture::new(&[gone, server.mirror()]);
    assert!(matches!(load_mnist(&fixture.options).unwrap().source, Source::Real { .. }));
    assert_eq!(server.requests().len(), 4);
}

#[test]
fn when_every_mirror_fails_the_stand_in_is_drawn_and_says_why() {
    let server = bad(|_, _| Reply::Status(403));
    let fixture = Fixture::new(&[server.mirror()]);
    assert_eq!(load_alphadigits(&fixture.options).unwrap().source, Source::Standin);
    let [line] = &fixture.said()[..] else { panic!("one line, not {:?}", fixture.said()) };
    assert!(line.contains("403") && line.contains("stand-in"), "{line}");
}

#[test]
fn switched_off_the_network_is_never_touched() {
    let server = good();
    let mut fixture = Fixture::new(&[server.mirror()]);
    fixture.options.network = Network::Off;
    assert_eq!(load_alphadigits(&fixture.options).unwrap().source, Source::Standin);
    assert_eq!(load_mnist(&fixture.options).unwrap().source, Source::Standin);
    assert!(server.requests().is_empty());
}

#[test]
fn plain_http_is_for_this_machine_only() {
    let mut fixture = Fixture::new(&["http://mirror.invalid/".to_owned()]);
    fixture.options.policy = Policy::Real;
    let error = load_alphadigits(&fixture.options).unwrap_err().to_string();
    assert!(error.to_lowercase().contains("https"), "{error}");
}

#[test]
fn a_folder_that_cannot_be_written_is_named_and_left_without_half_a_file() {
    let server = good();
    let fixture = Fixture::new(&[server.mirror()]);
    // A file where the folder should be: refused on every system, and for every user.
    std::fs::write(&fixture.options.home, b"in the way").unwrap();
    let error = format!("{:#}", load_alphadigits(&fixture.options).unwrap_err());
    assert!(error.contains("cannot write") && error.contains(ALPHADIGITS), "{error}");
    assert_eq!(std::fs::read(&fixture.options.home).unwrap(), b"in the way");
}

#[cfg(unix)]
#[test]
fn kept_files_have_the_permissions_of_any_new_file() {
    use std::os::unix::fs::PermissionsExt;
    let server = good();
    let fixture = Fixture::new(&[server.mirror()]);
    load_alphadigits(&fixture.options).unwrap();
    let mode = |path| std::fs::metadata(path).unwrap().permissions().mode();
    let plain = fixture.folder("other").join("plain");
    std::fs::write(&plain, b"").unwrap();
    assert_eq!(mode(fixture.options.home.join(ALPHADIGITS)), mode(plain));
}

/// Bytes that arrive one by one would take days; the next mirror has the file.
#[test]
fn a_mirror_that_drips_bytes_is_given_up_for_the_next_one() {
    let (slow, good) = (bad(|body, _| Reply::Drip(body, 5)), good());
    let mut fixture = Fixture::new(&[slow.mirror(), good.mirror()]);
    fixture.options.policy = Policy::Real;
    fixture.options.patience.window = Duration::from_millis(500);
    let loaded = load_alphadigits(&fixture.options).unwrap();
    assert!(matches!(loaded.source, Source::Real { .. }));
    assert_eq!((slow.requests().len(), good.requests().len()), (1, 1));
}

/// A mirror that takes the request and says nothing, at once or after its first line, is asked once for all files.
#[test]
fn a_mirror_that_falls_silent_is_given_up_for_the_next_one() {
    for mute in [true, false] {
        let reply = move |body, _| if mute { Reply::Mute(2000) } else { Reply::Silent(body, 2000) };
        let (silent, good) = (bad(reply), good());
        let mut fixture = Fixture::new(&[silent.mirror(), good.mirror()]);
        fixture.options.policy = Policy::Real;
        fixture.options.patience.window = Duration::from_secs(1);
        assert!(matches!(load_mnist(&fixture.options).unwrap().source, Source::Real { .. }));
        assert_eq!((silent.requests().len(), good.requests().len()), (1, 4), "mute: {mute}");
    }
}

#[test]
fn mirrors_are_not_asked_any_more_when_the_patience_for_a_data_set_ends() {
    let server = good();
    let mut fixture = Fixture::new(&[server.mirror()]);
    fixture.options.policy = Policy::Real;
    fixture.options.patience.whole = Duration::ZERO;
    let error = load_alphadigits(&fixture.options).unwrap_err();
    assert!(error.is::<Missing>() && error.to_string().contains("not asked any more"), "{error:#}");
    assert!(server.requests().is_empty());
}
