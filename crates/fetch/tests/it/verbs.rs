//! What the command line asks for: fetch, verify, where, standin.

use fetch::{Got, Network, Origin, State, fetch, verify, where_is, write_standin};

use crate::fixture::{ALPHADIGITS, Fixture, MNIST};
use crate::server::{Reply, Server};

#[test]
fn fetch_gets_what_it_can_and_tells_the_rest() {
    let published = Fixture::new(&[]).published;
    let server = Server::start(move |name, _| match name {
        "t10k-labels-idx1-ubyte.gz" => Reply::Status(404),
        _ => Reply::Body(published[name].clone()),
    });
    let fixture = Fixture::new(&[server.mirror()]);
    let path = fixture.place(&fixture.options.home, ALPHADIGITS);
    let fetched = fetch(&fixture.options).unwrap();
    assert_eq!(fetched.files[0], (ALPHADIGITS.to_owned(), Got::Already(path)));
    let raw = fixture.options.home.join("MNIST/raw");
    for name in &MNIST[..3] {
        let got = Got::Downloaded(raw.join(format!("{name}.gz")));
        assert!(fetched.files.contains(&((*name).to_owned(), got)), "{:?}", fetched.files);
    }
    assert_eq!(fetched.files[4], (MNIST[3].to_owned(), Got::Nothing));
    let [missing] = &fetched.missing[..] else { panic!("one data set is not complete") };
    assert_eq!(missing.files().collect::<Vec<_>>(), [MNIST[3]]);
}

#[test]
fn verify_tells_sound_from_wrong_from_absent() {
    let mut fixture = Fixture::new(&[]);
    fixture.options.network = Network::Off;
    let home = fixture.options.home.clone();
    fixture.place(&home, ALPHADIGITS);
    let damaged = fixture.place(&home, "train-images-idx3-ubyte.gz");
    let mut bytes = std::fs::read(&damaged).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&damaged, bytes).unwrap();
    let checked = verify(&fixture.options).unwrap();
    assert_eq!((checked[0].name.as_str(), &checked[0].state), (ALPHADIGITS, &State::Sound));
    let path = damaged.display().to_string();
    assert!(matches!(&checked[1].state, State::Wrong(why) if why.contains(&path)), "{checked:?}");
    assert!(checked[2..].iter().all(|file| file.state == State::Absent));
    assert_eq!(checked[1].located.as_ref().unwrap().path, damaged);
}

#[test]
fn where_names_folders_files_and_addresses() {
    let mut fixture = Fixture::new(&["https://one.example/".to_owned()]);
    let named = fixture.folder("named");
    fixture.options.data_dir = Some(named.clone());
    let path = fixture.place(&named.join("mnist"), "t10k-images-idx3-ubyte.gz");
    let whereabouts = where_is(&fixture.options);
    let home = fixture.options.home.clone();
    assert_eq!(whereabouts.places, [(named, Origin::DataDir), (home, Origin::Workspace)]);
    let (entry, urls, located) = &whereabouts.files[3];
    assert_eq!(entry.name, MNIST[2]);
    assert_eq!(urls, &["https://one.example/t10k-images-idx3-ubyte.gz"]);
    assert_eq!(located.as_ref().unwrap().path, path);
    assert!(whereabouts.files[0].2.is_none());
}

#[test]
fn standin_writes_five_files_and_overwrites_none() {
    let fixture = Fixture::new(&[]);
    let folder = fixture.folder("drawn");
    assert_eq!(write_standin(&folder).unwrap().len(), 5);
    assert_eq!(write_standin(&folder).unwrap().len(), 5, "the same files may stay");
    std::fs::write(folder.join(ALPHADIGITS), b"real data").unwrap();
    let error = format!("{:#}", write_standin(&folder).unwrap_err());
    assert!(error.contains("is there already"), "{error}");
    assert_eq!(std::fs::read(folder.join(ALPHADIGITS)).unwrap(), b"real data");
}
