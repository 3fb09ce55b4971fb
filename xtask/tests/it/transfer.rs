//! Pictures of users, recoloured from the command line.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use experiments::colours::recolour::{Depth, Layout, Picture, open};

use crate::support::{Folder, code, list, run, save, stderr, stdout, xtask};

/// A picture whose colours differ from pixel to pixel.
fn drawn(width: usize, height: usize, layout: Layout, depth: Depth, speed: f64) -> Picture {
    let mut picture = Picture::black(width, height, layout, depth);
    let colours = (0..3 * width * height).map(|k| 0.5 + 0.5 * (k as f64 * speed).sin());
    picture.set_rgb(0, &colours.collect::<Vec<_>>());
    picture
}

/// A folder with pictures `a.png` and `b.png`.
fn two(layout: Layout, depth: Depth) -> Folder {
    let folder = Folder::new();
    save(&drawn(300, 200, layout, depth, 0.37), &folder.path().join("a.png"));
    let other = drawn(90, 80, Layout::Rgb, Depth::Eight, 0.011);
    save(&other, &folder.path().join("b.png"));
    folder
}

/// `transfer a.png b.png -o OUT` in that folder, with further arguments.
fn transfer(folder: &Path, out: &str, more: &[&str]) -> Output {
    let [a, b, out] = ["a.png", "b.png", out].map(|name| folder.join(name).display().to_string());
    run(&[&["transfer", &a, &b, "-o", &out], more].concat())
}

#[test]
fn a_picture_comes_out_as_it_came_in_but_for_its_colours() {
    for (layout, depth) in
        [(Layout::Rgb, Depth::Eight), (Layout::Rgba, Depth::Sixteen), (Layout::GreyAlpha, Depth::Eight)]
    {
        let folder = two(layout, depth);
        let output = transfer(folder.path(), "out.png", &["--samples", "200"]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let result = open(&folder.path().join("out.png")).unwrap();
        assert_eq!((result.width(), result.height(), result.depth()), (300, 200, depth));
        assert_eq!(result.layout(), layout.with_colour());
        assert_ne!(result, open(&folder.path().join("a.png")).unwrap());
        let text = stdout(&output);
        for word in
            ["300 × 200 pixels", "transport cost 0.", "200 and 200 colours", "exact: duality gap", "done in "]
        {
            assert!(text.contains(word), "{word} in {text}");
        }
        assert!(stderr(&output).contains("recoloured 60000 pixels"), "{}", stderr(&output));
    }
}

#[test]
fn the_bytes_are_the_same_for_any_threads_and_others_for_another_seed() {
    let folder = two(Layout::Rgb, Depth::Eight);
    let bytes = |more: &[&str]| {
        let output = transfer(folder.path(), "out.png", &[&["-q", "--samples", "100"], more].concat());
        assert_eq!((code(&output), stderr(&output).as_str()), (0, ""));
        std::fs::read(folder.path().join("out.png")).unwrap()
    };
    let one = bytes(&["--threads", "1"]);
    assert_eq!(one, bytes(&["--threads", "3"]));
    assert_ne!(one, bytes(&["--seed", "2"]));
}

#[test]
fn an_entropic_plan_says_how_good_it_is() {
    let folder = two(Layout::Rgb, Depth::Eight);
    let output = transfer(folder.path(), "out.png", &["--epsilon", "0.1", "--samples", "100"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stdout(&output).contains("entropic: marginal error "), "{}", stdout(&output));
}

#[test]
fn the_output_may_be_an_input() {
    let folder = two(Layout::Rgb, Depth::Eight);
    let elsewhere = transfer(folder.path(), "out.png", &["-q"]);
    assert_eq!((code(&elsewhere), code(&transfer(folder.path(), "a.png", &["-q"]))), (0, 0));
    let [a, out] = ["a.png", "out.png"].map(|name| open(&folder.path().join(name)).unwrap());
    assert_eq!(a, out);
}

/// Each writes under a name of its own, and moves a whole picture into place.
#[test]
fn several_transfers_onto_one_file_all_succeed_and_leave_a_whole_picture() {
    let folder = two(Layout::Rgb, Depth::Eight);
    let [a, b, out] =
        ["a.png", "b.png", "out.png"].map(|name| folder.path().join(name).display().to_string());
    for round in 0..4 {
        let start = |k: u32| {
            let seed = (6 * round + k).to_string();
            let more = ["--seed", &seed, "--samples", "50", "--threads", "1", "-q"];
            xtask(&[&["transfer", &a, &b, "-o", &out], &more[..]].concat())
                .stdout(Stdio::null())
                .spawn()
                .unwrap()
        };
        let children: Vec<_> = (0..6).map(start).collect();
        assert!(children.into_iter().all(|mut child| child.wait().unwrap().success()));
        assert!(open(Path::new(&out)).is_ok());
    }
    assert_eq!(list(folder.path()), ["a.png", "b.png", "out.png"]);
}

#[test]
fn a_file_of_the_users_stays_and_what_a_killed_transfer_left_goes() {
    let folder = two(Layout::Rgb, Depth::Eight);
    for name in [".tmp-out.png", ".tmp-0123456789abcdef.part"] {
        std::fs::write(folder.path().join(name), "whose?").unwrap();
    }
    assert_eq!(code(&transfer(folder.path(), "out.png", &["-q", "--samples", "50"])), 0);
    assert_eq!(list(folder.path()), [".tmp-out.png", "a.png", "b.png", "out.png"]);
}

#[test]
fn bad_pictures_are_clear_errors_and_leave_nothing_behind() {
    let folder = two(Layout::Rgb, Depth::Eight);
    let whole = std::fs::read(folder.path().join("a.png")).unwrap();
    let mut huge = whole.clone();
    huge[16..24].copy_from_slice(&[0, 0, 0x9c, 0x40, 0, 0, 0x9c, 0x40]); // 40 000 × 40 000
    let bad: [(&[u8], &str); 4] = [
        (&whole[..whole.len() / 2], "a.png: expected a whole PNG, found one that breaks off after"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a.png: a JPEG: "),
        (b"", "a.png: expected a PNG, a JPEG or a WebP, found an empty file"),
        (&huge, "40000 × 40000 pixels"),
    ];
    for (bytes, part) in bad {
        std::fs::write(folder.path().join("a.png"), bytes).unwrap();
        let output = transfer(folder.path(), "out.png", &["-q"]);
        assert_eq!((code(&output), stdout(&output).as_str()), (1, ""));
        assert!(
            stderr(&output).starts_with("error: ") && stderr(&output).contains(part),
            "{}",
            stderr(&output)
        );
    }
    std::fs::remove_file(folder.path().join("a.png")).unwrap();
    let output = transfer(folder.path(), "out.png", &["-q"]);
    assert_eq!(code(&output), 1);
    assert!(
        stderr(&output).contains("cannot read") && stderr(&output).contains("a.png"),
        "{}",
        stderr(&output)
    );
    assert_eq!(list(folder.path()), ["b.png"]);
}

#[test]
fn an_output_that_cannot_be_written_leaves_no_half_file() {
    let folder = two(Layout::Rgb, Depth::Eight);
    std::fs::create_dir(folder.path().join("folder")).unwrap();
    for (out, part) in [("none/out.png", "there is no folder"), ("folder", "found a folder")] {
        let output = transfer(folder.path(), out, &["-q"]);
        assert_eq!(code(&output), 1);
        assert!(stderr(&output).contains(part), "{}", stderr(&output));
    }
    assert_eq!(list(folder.path()), ["a.png", "b.png"]);
}

/// What was turned, left out or not looked at is said in the summary, also where only the summary is asked for.
#[test]
fn a_photograph_is_read_and_written_and_what_was_left_out_is_said() {
    let folder = two(Layout::Rgba, Depth::Eight);
    let at = |name: &str| folder.path().join(name).display().to_string();
    let output = transfer(folder.path(), "photo.JPG", &["-q", "--samples", "100"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stdout(&output).contains("photo.JPG: a JPEG has no alpha"), "{}", stdout(&output));
    assert!(std::fs::read(at("photo.JPG")).unwrap().starts_with(b"\xff\xd8\xff"));
    let output =
        run(&["transfer", &at("photo.JPG"), &at("b.png"), "-o", &at("again.png"), "-q", "--samples", "9"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stdout(&output).contains("300 × 200 pixels, RGB, 8 bits"), "{}", stdout(&output));
    // An entropy far too small for its iterations.
    let output = transfer(folder.path(), "out.png", &["-q", "--samples", "300", "--epsilon", "1e-7"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stdout(&output).contains("NOT converged"), "{}", stdout(&output));
    let unseen = Picture::new(9, 9, Layout::Rgba, Depth::Eight, vec![0; 9 * 9 * 4]);
    save(&unseen, Path::new(&at("b.png")));
    let output = transfer(folder.path(), "out.png", &["-q"]);
    let expected = format!("{}: no pixel of the picture can be seen", at("b.png"));
    assert!(code(&output) == 1 && stderr(&output).contains(&expected), "{}", stderr(&output));
}

#[test]
fn nonsense_is_a_usage_error() {
    let folder = two(Layout::Rgb, Depth::Eight);
    for more in [
        ["--epsilon", "0"],
        ["--epsilon", "nan"],
        ["--samples", "0"],
        ["--samples", "10001"],
        ["--threads", "0"],
    ] {
        assert_eq!(code(&transfer(folder.path(), "out.png", &more)), 2, "{more:?}");
    }
    let output = transfer(folder.path(), "out.gif", &[]);
    assert_eq!(code(&output), 2);
    let expected = "expected a name that ends in .png or .jpg, found .gif";
    assert!(stderr(&output).contains(expected), "{}", stderr(&output));
    let output = run(&["transfer", "a.png", "b.png", "-o", "-"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("not written to standard output"), "{}", stderr(&output));
    assert_eq!(code(&run(&["transfer", "a.png", "b.png"])), 2);
}

/// With an address space of 256 MiB, an allocation of what these headers announce would end the program at once.
#[cfg(target_os = "linux")]
#[test]
fn headers_that_announce_half_a_gigabyte_and_more_are_refused_in_little_memory() {
    let folder = two(Layout::Rgb, Depth::Eight);
    let file = |name: &str| folder.path().join(name).display().to_string();
    let run = || {
        let command =
            "ulimit -v 262144; exec \"$0\" transfer \"$1\" \"$2\" -o \"$3\" -q --threads 1 --samples 100";
        let [a, b, out] = ["a.png", "b.png", "out.png"].map(file);
        Command::new("sh").args(["-c", command, env!("CARGO_BIN_EXE_xtask"), &a, &b, &out]).output().unwrap()
    };
    let fine = run();
    assert_eq!(code(&fine), 0, "{}", stderr(&fine));
    let whole = std::fs::read(file("a.png")).unwrap();
    let sides: [(u32, u32, &str); 3] = [
        (40_000, 40_000, "expected at most 67108864 in all"),
        (8192, 8192, "expected a file that can hold them"),
        (1 << 26, 1, "expected a file that can hold them"),
    ];
    for (width, height, part) in sides {
        let mut bytes = whole[..10_000].to_vec();
        bytes[16..20].copy_from_slice(&width.to_be_bytes());
        bytes[20..24].copy_from_slice(&height.to_be_bytes());
        (bytes[24], bytes[25]) = (16, 6);
        std::fs::write(file("a.png"), bytes).unwrap();
        let output = run();
        assert_eq!(code(&output), 1, "{width} × {height}: {}", stderr(&output));
        assert!(stderr(&output).contains(part), "{}", stderr(&output));
    }
}

/// Nothing but a file is ever replaced, and a link stays a link.
#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_replaced_and_links_are_followed() {
    use std::os::unix::fs::{FileTypeExt, symlink};
    let folder = two(Layout::Rgb, Depth::Eight);
    let at = |name: &str| folder.path().join(name);
    assert!(Command::new("mkfifo").arg(at("fifo.png")).status().unwrap().success());
    std::fs::create_dir(at("folder.png")).unwrap();
    symlink("fifo.png", at("to-fifo.png")).unwrap();
    symlink("circle.png", at("circle.png")).unwrap();
    for name in ["fifo.png", "folder.png", "to-fifo.png", "circle.png"] {
        let output = transfer(folder.path(), name, &["-q", "--samples", "50"]);
        assert_eq!(code(&output), 1, "{name}");
        let told = format!("error: cannot write {}: ", at(name).display());
        assert!(stderr(&output).starts_with(&told), "{}", stderr(&output));
    }
    assert!(std::fs::metadata(at("fifo.png")).unwrap().file_type().is_fifo());
    std::fs::write(at("there.png"), "old").unwrap();
    symlink("there.png", at("to-file.png")).unwrap();
    symlink("new.png", at("to-nothing.png")).unwrap();
    for (link, file) in [("to-file.png", "there.png"), ("to-nothing.png", "new.png")] {
        let output = transfer(folder.path(), link, &["-q", "--samples", "50"]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        assert!(std::fs::symlink_metadata(at(link)).unwrap().is_symlink(), "{link}");
        assert!(open(&at(file)).is_ok(), "{file}");
    }
}
