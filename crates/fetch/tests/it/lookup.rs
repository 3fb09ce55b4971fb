//! Which file is found, and what is accepted.

use datasets::mat::{self, Order, Packing};
use datasets::{gzip, standin};
use fetch::{
    Checksums, Missing, Network, Options, Policy, Source, State, fetch, load_alphadigits, load_mnist, verify,
    write_standin,
};

use crate::fixture::{ALPHADIGITS, Fixture, MNIST};

fn offline() -> Fixture {
    let mut fixture = Fixture::new(&[]);
    fixture.options.network = Network::Off;
    fixture
}

#[test]
fn the_named_folder_comes_first_then_the_environment_then_data() {
    let mut fixture = offline();
    let (named, environment) = (fixture.folder("named"), fixture.folder("environment"));
    fixture.options.data_dir = Some(named.clone());
    fixture.options.environment = Some(environment.clone());
    let home = fixture.options.home.clone();
    for folder in [home, environment, named] {
        let path = fixture.place(&folder, ALPHADIGITS);
        assert_eq!(load_alphadigits(&fixture.options).unwrap().source, Source::Real { path });
    }
    assert!(fixture.said().is_empty());
}

#[test]
fn mnist_is_found_in_the_layouts_that_others_leave() {
    for below in ["", "mnist", "MNIST/raw"] {
        let mut fixture = offline();
        let named = fixture.folder("named");
        fixture.options.data_dir = Some(named.clone());
        // Two files gzipped, two unpacked.
        for (i, name) in MNIST.into_iter().enumerate() {
            let path = fixture.place(&named.join(below), &format!("{name}.gz"));
            if i % 2 == 1 {
                let packed = std::fs::read(&path).unwrap();
                let content = gzip::inflate(&packed, usize::MAX, "f").unwrap().into_owned();
                std::fs::write(path.with_extension(""), content).unwrap();
                std::fs::remove_file(path).unwrap();
            }
        }
        let mnist = load_mnist(&fixture.options).unwrap();
        assert!(matches!(mnist.source, Source::Real { .. }), "in {below:?}");
        assert_eq!((mnist.train.len(), mnist.test.len()), (20, 10));
    }
}

#[test]
fn alphadigits_written_anew_are_accepted_by_their_content() {
    let fixture = offline();
    let path = fixture.place(&fixture.options.home, ALPHADIGITS);
    let before = load_alphadigits(&fixture.options).unwrap();
    let variables = mat::read(&fixture.published[ALPHADIGITS], ALPHADIGITS).unwrap();
    std::fs::write(&path, mat::write(&variables, Order::Big, Packing::Compressed)).unwrap();
    let after = load_alphadigits(&fixture.options).unwrap();
    assert_eq!((&after.source, &after.digest), (&before.source, &before.digest));
    assert!(matches!(after.source, Source::Real { .. }));
}

#[test]
fn a_file_that_is_not_the_published_one_is_refused_by_name() {
    let fixture = offline();
    let path = fixture.place(&fixture.options.home, ALPHADIGITS);
    let other = standin::alphadigits(tensor::Seed::new(6), 2);
    std::fs::write(&path, other).unwrap();
    let error = format!("{:#}", load_alphadigits(&fixture.options).unwrap_err());
    assert!(error.contains("binaryalphadigs.mat is not the published file"), "{error}");
    assert!(error.contains("expected images with SHA-256"), "{error}");

    for name in [MNIST[0], MNIST[1], MNIST[3]] {
        fixture.place(&fixture.options.home, &format!("{name}.gz"));
    }
    std::fs::write(fixture.options.home.join(MNIST[2]), b"half a file").unwrap();
    let error = format!("{:#}", load_mnist(&fixture.options).unwrap_err());
    assert!(error.contains("t10k-images-idx3-ubyte is not the published file"), "{error}");
}

#[test]
fn a_huge_file_of_the_right_name_is_not_read() {
    let fixture = offline();
    let path = fixture.place(&fixture.options.home, ALPHADIGITS);
    std::fs::File::options().write(true).open(path).unwrap().set_len(1 << 40).unwrap();
    let error = format!("{:#}", load_alphadigits(&fixture.options).unwrap_err());
    assert!(error.contains("found 1099511627776") && error.contains("move it away"), "{error}");
}

#[test]
fn a_compressed_file_that_breaks_off_is_refused_with_advice() {
    let fixture = offline();
    for name in MNIST {
        let path = fixture.place(&fixture.options.home, &format!("{name}.gz"));
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
    }
    let error = format!("{:#}", load_mnist(&fixture.options).unwrap_err());
    assert!(error.contains("train-images-idx3-ubyte.gz is not the published file (move it away"), "{error}");
}

/// Neither the stand-in nor a download takes the place of what is there, whatever it is.
#[test]
fn what_has_the_name_of_a_file_and_is_none_is_an_error() {
    let mut fixture = offline();
    let named = fixture.folder("named");
    fixture.options.data_dir = Some(named.clone());
    fixture.folder("named/mnist/t10k-images-idx3-ubyte");
    let error = format!("{:#}", load_mnist(&fixture.options).unwrap_err());
    assert!(error.contains("mnist/t10k-images-idx3-ubyte: expected a file, found a folder"), "{error}");
    assert!(fetch(&fixture.options).is_err());
    assert!(load_alphadigits(&fixture.options).is_ok(), "the other data set is another matter");
    let checked = verify(&fixture.options).unwrap();
    assert!(matches!(&checked[3].state, State::Wrong(why) if why.contains("found a folder")), "{checked:?}");
    // What is found before it counts.
    for name in MNIST {
        fixture.place(&named, &format!("{name}.gz"));
    }
    assert!(matches!(load_mnist(&fixture.options).unwrap().source, Source::Real { .. }));
}

#[test]
fn a_misspelt_folder_is_an_error_and_not_a_stand_in() {
    let mut fixture = offline();
    fixture.options.data_dir = Some("no/such/folder".into());
    let error = format!("{:#}", load_alphadigits(&fixture.options).unwrap_err());
    assert_eq!(error, "--data-dir names no/such/folder, which is not there");
    let file = fixture.place(&fixture.options.home, ALPHADIGITS);
    fixture.options.data_dir = Some(file);
    let error = format!("{:#}", load_alphadigits(&fixture.options).unwrap_err());
    assert!(error.ends_with("binaryalphadigs.mat, which is not a folder"), "{error}");
}

#[test]
fn without_data_and_network_the_stand_in_is_drawn_with_one_line() {
    let fixture = offline();
    let drawn = load_alphadigits(&fixture.options).unwrap();
    assert_eq!((drawn.source, drawn.images.len()), (Source::Standin, 36 * 39));
    let [line] = &fixture.said()[..] else { panic!("one line, not {:?}", fixture.said()) };
    assert!(
        line.contains("AlphaDigits") && line.contains("drawn stand-in") && !line.contains('\n'),
        "{line}"
    );
    assert!(fixture.kept().is_empty());
}

#[test]
fn the_line_of_the_stand_in_names_what_is_there_and_what_is_not() {
    let fixture = offline();
    let here = fixture.place(&fixture.options.home, "train-labels-idx1-ubyte.gz").display().to_string();
    assert_eq!(load_mnist(&fixture.options).unwrap().source, Source::Standin);
    let [line] = &fixture.said()[..] else { panic!("one line, not {:?}", fixture.said()) };
    let lacking = [MNIST[0], MNIST[2], MNIST[3]].join(", ");
    assert!(line.starts_with(&format!("MNIST: {lacking} not on this machine beside {here} (")), "{line}");
}

#[test]
fn a_stand_in_that_is_asked_for_needs_no_line() {
    let mut fixture = offline();
    fixture.options.policy = Policy::Standin;
    fixture.place(&fixture.options.home, ALPHADIGITS);
    let drawn = load_alphadigits(&fixture.options).unwrap();
    assert_eq!(drawn.source, Source::Standin);
    assert_eq!(drawn.digest, load_alphadigits(&fixture.options).unwrap().digest);
    assert_eq!(load_mnist(&fixture.options).unwrap().train.len(), standin::N_TRAIN);
    assert!(fixture.said().is_empty());
}

#[test]
fn a_written_stand_in_is_read_as_what_it_is() {
    let mut fixture = offline();
    let folder = fixture.folder("drawn");
    write_standin(&folder).unwrap();
    // With room in the registry for files of that size.
    fixture.options.checksums = Checksums::published();
    fixture.options.data_dir = Some(folder);
    assert_eq!(load_alphadigits(&fixture.options).unwrap().source, Source::Standin);
    assert_eq!(load_mnist(&fixture.options).unwrap().source, Source::Standin);
    fixture.options.policy = Policy::Real;
    let error = format!("{:#}", load_alphadigits(&fixture.options).unwrap_err());
    assert!(error.contains("is not the published file"), "{error}");
}

#[test]
fn who_wants_real_data_and_has_none_is_told_all_it_takes() {
    let mut fixture =
        Fixture::new(&["https://one.example/data/".to_owned(), "https://two.example/".to_owned()]);
    (fixture.options.network, fixture.options.policy) = (Network::Off, Policy::Real);
    fixture.place(&fixture.options.home, "train-labels-idx1-ubyte.gz");
    let error = load_mnist(&fixture.options).unwrap_err();
    let missing = error.downcast_ref::<Missing>().expect("the command line maps this type to exit status 3");
    assert_eq!(missing.files().collect::<Vec<_>>(), [MNIST[0], MNIST[2], MNIST[3]]);
    let text = missing.to_string();
    let here = fixture.options.home.join("train-labels-idx1-ubyte.gz").display().to_string();
    assert!(
        text.starts_with(&format!("MNIST is not whole on this machine\nhere:\n  {here}\nmissing:\n")),
        "{text}"
    );
    let first = &fixture.options.checksums.mnist.files[0];
    for part in [
        &first.sha256,
        &format!("{} bytes", first.bytes),
        &format!("{}/MNIST/raw", fixture.options.home.display()),
        "curl -f -L -O https://one.example/data/t10k-labels-idx1-ubyte.gz",
        "curl -f -L -O https://two.example/train-images-idx3-ubyte.gz",
        "the network is switched off",
    ] {
        assert!(text.contains(part), "no {part:?} in {text}");
    }
}

#[test]
fn one_data_set_does_not_need_the_other() {
    let mut fixture = offline();
    fixture.options.policy = Policy::Real;
    fixture.place(&fixture.options.home, ALPHADIGITS);
    assert!(load_alphadigits(&fixture.options).is_ok());
    assert!(load_mnist(&fixture.options).is_err());
}

#[test]
fn the_published_registry_is_whole() {
    let Checksums { alphadigits, mnist } = Checksums::published();
    let hexadecimal = |text: &str| text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    for set in [&alphadigits, &mnist] {
        assert!(set.mirrors.len() >= 2, "{}", set.title);
        assert!(set.mirrors.iter().all(|url| url.starts_with("https://") && url.ends_with('/')));
        assert!(set.files.iter().all(|entry| hexadecimal(&entry.sha256) && entry.download_bytes > 0));
    }
    assert!(hexadecimal(alphadigits.content_sha256.as_deref().unwrap()));
    let names: Vec<&str> = mnist.files.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, MNIST);
    assert!(Options::from_environment().home.ends_with("data"));
}

/// A variable in some profile may outlive the folder that it names; what was typed just now is meant.
#[test]
fn a_folder_that_was_typed_wins_over_a_stale_environment() {
    let mut fixture = Fixture::new(&[]);
    let named = fixture.folder("named");
    fixture.place(&named, ALPHADIGITS);
    fixture.options.environment = Some(named.with_file_name("gone"));
    assert!(load_alphadigits(&fixture.options).is_err(), "alone it is a mistake");
    fixture.options.data_dir = Some(named);
    let loaded = load_alphadigits(&fixture.options).unwrap();
    assert!(matches!(loaded.source, Source::Real { .. }));
    assert!(fixture.said().iter().any(|line| line.contains("--data-dir is used")), "{:?}", fixture.said());
}
