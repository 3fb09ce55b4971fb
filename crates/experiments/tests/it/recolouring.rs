//! Colours of one picture in another: what must hold whatever the pictures are.

use std::path::Path;

use anyhow::Result;
use disk::{Disk, Fault, Folder};
use experiments::colours::recolour::{MOST_SAMPLES, Method, Recolourer, Recolouring, open};
use pictures::{Depth, Layout, Picture};
use transport::Status;

const EXACT: Recolouring = Recolouring { samples: 100, method: Method::Exact, seed: 1 };

fn entropic(epsilon: f64) -> Recolouring {
    Recolouring { method: Method::Entropic { epsilon }, ..EXACT }
}

/// Colours that differ from pixel to pixel, in the middle of the range.
fn drawn(width: usize, height: usize, layout: Layout, depth: Depth) -> Picture {
    let mut picture = Picture::black(width, height, layout, depth);
    let wave = |k: f64| 0.5 + 0.25 * k.sin();
    let colours = (0..width * height).flat_map(|k| [0.13, 0.37, 0.71].map(|speed| wave(k as f64 * speed)));
    picture.set_rgb(0, &colours.collect::<Vec<_>>());
    picture
}

fn colours(picture: &Picture) -> Vec<f64> {
    let mut colours = vec![0.0; 3 * picture.pixels()];
    picture.rgb(0..picture.pixels(), &mut colours);
    colours
}

/// The picture with the same added to all colours.
fn moved(picture: &Picture, by: [f64; 3]) -> Picture {
    let shifted: Vec<f64> = colours(picture).iter().enumerate().map(|(k, x)| x + by[k % 3]).collect();
    let mut other = picture.clone();
    other.set_rgb(0, &shifted);
    other
}

fn save(picture: &Picture, path: &Path, disk: &Disk) -> Result<()> {
    disk.write_user_file(path, &picture.encode())
}

fn apply(recolourer: &Recolourer, picture: &Picture) -> Picture {
    recolourer.apply(picture, 2, &mut |_, _| {})
}

#[test]
fn a_picture_in_its_own_colours_stays_as_it_is() {
    for (layout, depth) in
        [(Layout::Rgb, Depth::Eight), (Layout::Rgba, Depth::Sixteen), (Layout::Grey, Depth::Eight)]
    {
        let picture = drawn(30, 20, layout, depth);
        let recolourer = EXACT.fit(&picture, &picture).unwrap();
        assert_eq!(recolourer.cost, 0.0);
        assert_eq!(apply(&recolourer, &picture), picture);
    }
}

#[test]
fn colours_that_are_all_shifted_alike_shift_every_pixel_alike() {
    // In whole samples, so that nothing is rounded: the optimum between clouds that are translates is the translation.
    let by = [10.0, -20.0, 5.0].map(|s| s / 255.0);
    let from = drawn(50, 40, Layout::Rgb, Depth::Eight);
    let to = moved(&from, by);
    let recolourer = EXACT.fit(&from, &to).unwrap();
    let expected: f64 = by.iter().map(|x| x * x).sum();
    assert!((recolourer.cost - expected).abs() < 1e-12, "{} beside {expected}", recolourer.cost);
    assert_eq!(recolourer.status, Status::Exact);
    assert!(recolourer.certificate.unwrap().holds(1e-12));
    assert_eq!(apply(&recolourer, &from), to);
}

#[test]
fn entropic_plans_cost_between_the_optimum_and_no_plan_at_all() {
    let (from, to) = (drawn(40, 30, Layout::Rgb, Depth::Sixteen), drawn(7, 200, Layout::Rgb, Depth::Eight));
    let to = moved(&to, [0.2, -0.2, 0.1]);
    let optimum = EXACT.fit(&from, &to).unwrap().cost;
    let [x, y] = EXACT.fit(&from, &to).unwrap().palettes;
    let far = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| (x - y) * (x - y)).sum::<f64>();
    let pairs = x.chunks(3).flat_map(|x| y.chunks(3).map(move |y| far(x, y)));
    let independent = pairs.sum::<f64>() / 10_000.0;
    let mut least = optimum;
    for epsilon in [1e-3, 1e-2, 0.1, 1.0] {
        let blurred = entropic(epsilon).fit(&from, &to).unwrap();
        assert!(matches!(blurred.status, Status::Converged { .. }), "{:?}", blurred.status);
        assert!(blurred.marginal_error < 1e-8 && blurred.certificate.is_none());
        assert!(blurred.cost >= least - 1e-9 && blurred.cost < independent, "{epsilon}: {}", blurred.cost);
        least = blurred.cost;
    }
}

#[test]
fn much_entropy_leaves_one_colour_for_every_palette_colour() {
    let (from, to) = (drawn(10, 10, Layout::Rgb, Depth::Sixteen), drawn(9, 11, Layout::Rgb, Depth::Sixteen));
    let recolourer = entropic(1e6).fit(&from, &to).unwrap();
    // All pixels are in the palette, and each goes to the mean of the other.
    let [_, y] = &recolourer.palettes;
    let mean = |c: usize| y.iter().skip(c).step_by(3).sum::<f64>() / (y.len() / 3) as f64;
    let out = colours(&apply(&recolourer, &from));
    for (k, x) in out.iter().enumerate() {
        assert!((x - mean(k % 3)).abs() < 1.0 / 65_535.0, "{x} beside {}", mean(k % 3));
    }
}

#[test]
fn the_bytes_do_not_depend_on_the_number_of_threads() {
    let from = drawn(311, 433, Layout::Rgba, Depth::Eight);
    let to = moved(&drawn(100, 100, Layout::Rgb, Depth::Eight), [0.2, 0.1, -0.2]);
    let recolourer = EXACT.fit(&from, &to).unwrap();
    let alone = recolourer.apply(&from, 1, &mut |_, _| {});
    for threads in [2, 3, 8, 100] {
        let (mut told, pixels) = (0, from.pixels());
        let together = recolourer.apply(&from, threads, &mut |done, all| {
            assert!(done > told && done <= all && all == pixels);
            told = done;
        });
        assert_eq!(told, pixels);
        assert_eq!(together, alone, "{threads} threads");
    }
}

#[test]
fn palettes_are_drawn_without_replacement_and_by_the_seed() {
    // Every pixel has a colour of its own.
    let samples = (0..6000u32).flat_map(|k| [(k >> 8) as u8, k as u8, 7]).collect();
    let picture = Picture::new(60, 100, Layout::Rgb, Depth::Eight, samples);
    let drawn = |samples, seed| {
        let asked = Recolouring { samples, seed, method: Method::Entropic { epsilon: 1.0 } };
        asked.fit(&picture, &picture).unwrap().palettes[0].clone()
    };
    let palette = drawn(1000, 1);
    let mut distinct: Vec<[u64; 3]> =
        palette.chunks(3).map(|c| [c[0], c[1], c[2]].map(f64::to_bits)).collect();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), 1000);
    assert_eq!(palette, drawn(1000, 1));
    assert_ne!(palette, drawn(1000, 2));
    // Uniform: the mean place of 1000 of 6000, within five of its own deviations.
    let place = |c: &[f64]| (c[0] * 255.0 * 256.0 + c[1] * 255.0).round();
    let mean = palette.chunks(3).map(place).sum::<f64>() / 1000.0;
    assert!((mean - 2999.5).abs() < 5.0 * 6000.0 / (12.0f64 * 1000.0).sqrt(), "{mean}");
    // All pixels where there are not more.
    let all = EXACT.fit(&picture.strip(0..100), &picture.strip(0..70)).unwrap();
    assert_eq!((all.palettes[0].len(), all.palettes[1].len()), (300, 210));
    assert_eq!(all.palettes[0], colours(&picture.strip(0..100)));
    assert!(all.certificate.unwrap().holds(1e-12));
}

#[test]
fn pixels_that_cannot_be_seen_lend_no_colour_and_alpha_stays() {
    let samples: Vec<u8> =
        (0..400u32).flat_map(|k| [200, 100, 50, if k % 3 == 0 { 0 } else { k as u8 | 1 }]).collect();
    let mut from = Picture::new(20, 20, Layout::Rgba, Depth::Eight, samples);
    for pixel in (0..400).step_by(3) {
        from.set_rgb(pixel, &[0.0, 1.0, 0.0]);
    }
    let recolourer = EXACT.fit(&from, &drawn(20, 20, Layout::Grey, Depth::Sixteen)).unwrap();
    assert!(recolourer.palettes[0].chunks(3).all(|c| c == [200.0, 100.0, 50.0].map(|s| s / 255.0)));
    let out = apply(&recolourer, &from);
    assert_eq!((out.layout(), out.depth()), (Layout::Rgba, Depth::Eight));
    assert!(out.samples().chunks(4).zip(from.samples().chunks(4)).all(|(a, b)| a[3] == b[3]));
    let clear = Picture::new(2, 1, Layout::GreyAlpha, Depth::Eight, vec![9, 0, 9, 0]);
    let error = EXACT.fit(&clear, &from).unwrap_err().to_string();
    assert!(error.contains("no pixel of the picture can be seen"), "{error}");
}

#[test]
fn grey_takes_on_colour_where_the_other_picture_has_it() {
    let [grey, colour] = [Layout::GreyAlpha, Layout::Rgb].map(|layout| drawn(12, 9, layout, Depth::Eight));
    let after_grey = EXACT.fit(&grey, &drawn(5, 5, Layout::Grey, Depth::Eight)).unwrap();
    let [a, b] = [apply(&after_grey, &grey), apply(&after_grey, &colour)];
    assert_eq!((a.layout(), b.layout()), (Layout::GreyAlpha, Layout::Rgb));
    let after_colour = EXACT.fit(&grey, &moved(&colour, [0.2, 0.0, -0.2])).unwrap();
    let out = apply(&after_colour, &grey);
    assert_eq!(out.layout(), Layout::Rgba);
    assert!(colours(&out).chunks(3).any(|c| (c[0] - c[2]).abs() > 0.1));
}

#[test]
fn single_pixels_take_the_other_colour() {
    let one = |rgb: [u8; 3]| Picture::new(1, 1, Layout::Rgb, Depth::Eight, rgb.to_vec());
    for asked in [EXACT, entropic(0.1)] {
        let recolourer = asked.fit(&one([0, 0, 0]), &one([255, 0, 51])).unwrap();
        assert!((recolourer.cost - 1.04).abs() < 1e-12, "{}", recolourer.cost);
        assert_eq!(apply(&recolourer, &one([0, 0, 0])), one([255, 0, 51]));
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let picture = drawn(3, 3, Layout::Rgb, Depth::Eight);
    for samples in [0, MOST_SAMPLES + 1] {
        let error = Recolouring { samples, ..EXACT }.fit(&picture, &picture).unwrap_err().to_string();
        assert!(error.contains("samples, found"), "{error}");
    }
    for epsilon in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-300] {
        let error = entropic(epsilon).fit(&picture, &picture).unwrap_err().to_string();
        assert!(error.contains("epsilon"), "{error}");
    }
}

#[test]
fn files_are_read_and_written_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let file = |name: &str| folder.join(name);
    let picture = drawn(9, 8, Layout::GreyAlpha, Depth::Sixteen);
    save(&picture, &file("a.png"), &Disk::new()).unwrap();
    assert_eq!(open(&file("a.png")).unwrap(), picture);
    // Whatever fails on the way, the old file stays and nothing is left beside it.
    let other = drawn(4, 4, Layout::Rgb, Depth::Eight);
    for fault in [Fault::From(0), Fault::From(1)] {
        let error = save(&other, &file("a.png"), &Disk::with_fault(fault)).unwrap_err().to_string();
        assert!(error.contains("a.png"), "{error}");
        assert_eq!(open(&file("a.png")).unwrap(), picture);
        assert_eq!(Folder::root(folder).files().unwrap(), ["a.png"]);
    }
    assert!(save(&other, &file("no/such/folder.png"), &Disk::new()).is_err());
    std::fs::write(file("b.jpg"), b"\xff\xd8\xff\xe0\0\x10JFIF").unwrap();
    let unreadable: [(&Path, &str); 3] = [
        (&file("none.png"), "none.png"),
        (folder, "expected a picture, found something that is no file"),
        (&file("b.jpg"), "b.jpg: a JPEG: "),
    ];
    for (path, part) in unreadable {
        let error = format!("{:#}", open(path).unwrap_err());
        assert!(error.contains(part), "{error}");
    }
}

/// Four levels a channel: 0, 85, 170 and 255, each value the nearest.
#[test]
fn a_posterised_picture_has_so_many_levels() {
    let mut pixels: Vec<u8> = (0..=255).collect();
    experiments::colours::job::posterise(&mut pixels, 4);
    let distinct: std::collections::BTreeSet<u8> = pixels.iter().copied().collect();
    assert_eq!(distinct.into_iter().collect::<Vec<_>>(), [0, 85, 170, 255]);
    assert_eq!([pixels[42], pixels[43], pixels[128], pixels[213]], [0, 85, 170, 255]);
}
