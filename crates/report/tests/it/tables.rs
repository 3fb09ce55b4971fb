//! Tables and tidy CSV.

use proptest::prelude::*;
use report::{Align, Column, Field, Table, tidy_csv};

fn table() -> Table {
    let mark = Column { name: "ok".to_owned(), unit: String::new(), align: Align::Centre };
    let columns = vec![Column::text("model"), Column::number("error", "%"), mark];
    let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
    let rows = vec![row(["RBM <b> & \"x\" | *y*", "1.50", "✓"]), row(["two\nlines", "−3", ""])];
    Table::new("Errors", columns, rows)
}

#[test]
fn markdown_escapes_pipes_markup_and_line_breaks() {
    let lines = "**Errors**\n\n\
        | model | error (%) | ok |\n\
        | :-- | --: | :-: |\n\
        | RBM &lt;b&gt; &amp; \"x\" \\| \\*y\\* | 1.50 | ✓ |\n\
        | two<br>lines | −3 |  |\n";
    assert_eq!(table().markdown(), lines);
}

#[test]
fn columns_are_aligned_on_a_terminal() {
    let lines = [
        "Errors",
        "",
        "model                error (%)  ok",
        "──────────────────────────────────",
        "RBM <b> & \"x\" | *y*       1.50  ✓",
        "two lines                   −3",
    ];
    assert_eq!(table().text(), lines.map(|line| format!("{line}\n")).concat());
}

#[test]
fn html_is_well_formed_and_aligns_numbers() {
    let elements = crate::xml::elements(&table().html());
    let cells: Vec<_> = elements.iter().filter(|e| e.name == "td").collect();
    assert_eq!(cells[0].text, "RBM <b> & \"x\" | *y*");
    assert_eq!(cells[1].attributes["class"], "number");
    assert!(elements.iter().any(|e| e.name == "th" && e.text == "error (%)"));
}

#[test]
fn a_table_scrolls_without_its_caption_and_is_set_smaller_if_it_is_wide() {
    let html = table().html();
    let (before, scrolled) = html.split_once("<div class=\"scroll\" tabindex=\"0\">").unwrap();
    assert!(
        before.contains("<p class=\"caption\">Errors</p>")
            && scrolled.contains("<table aria-label=\"Errors\">")
    );
    assert!(!scrolled.contains("<caption"));
    let wide = Table::new("", vec![Column::text("a"); 12], Vec::new()).html();
    assert!(wide.contains("<table class=\"many\">"), "{wide}");
}

#[test]
fn csv_has_the_headings_and_lf_line_ends() {
    assert_eq!(
        table().csv(),
        "model,error (%),ok\n\"RBM <b> & \"\"x\"\" | *y*\",1.50,✓\n\"two\nlines\",−3,\n"
    );
}

#[test]
fn tidy_floats_are_the_shortest_that_read_back() {
    let row =
        vec![Field::from(0.1f32), 0.1f64.into(), f64::NAN.into(), 1e-7.into(), 5u64.into(), "a,b".into()];
    let csv = tidy_csv(&["single", "double", "none", "tiny", "count", "text"], &[row]);
    assert_eq!(csv, "single,double,none,tiny,count,text\n0.1,0.1,NaN,0.0000001,5,\"a,b\"\n");
}

#[test]
#[should_panic(expected = "row 0 has 1 fields for 2 headings")]
fn a_short_row_is_refused() {
    tidy_csv(&["a", "b"], &[vec![Field::from(1)]]);
}

#[test]
#[should_panic(expected = "table “Errors”, row 1: expected 2 cells, found 1")]
fn a_table_with_a_short_row_cannot_be_made() {
    let columns = vec![Column::text("a"), Column::text("b")];
    Table::new("Errors", columns, vec![vec![String::new(); 2], vec![String::new()]]);
}

#[test]
fn a_table_read_with_a_row_too_long_is_an_error_that_says_which() {
    let json = r#"{"caption": "Errors", "columns": [["a", "%", "r"]], "rows": [["1"], ["2", "3"]]}"#;
    let error = serde_json::from_str::<Table>(json).unwrap_err().to_string();
    assert!(error.starts_with("table “Errors”, row 1: expected 1 cells, found 2"), "{error}");
    let unknown = json.replace("\"r\"", "\"x\"").replace(", \"3\"", "");
    assert!(serde_json::from_str::<Table>(&unknown).unwrap_err().to_string().contains("unknown variant `x`"));
}

fn read(csv: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(false).from_reader(csv.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

proptest! {
    #[test]
    fn tidy_csv_reads_back_text_and_numbers(
        rows in prop::collection::vec((any::<String>(), any::<f64>(), any::<f32>(), any::<i64>()), 0..20),
    ) {
        let fields: Vec<Vec<Field>> =
            rows.iter().map(|(t, d, s, i)| vec![t.as_str().into(), (*d).into(), (*s).into(), (*i).into()]).collect();
        let csv = tidy_csv(&["text", "double", "single", "count"], &fields);
        let back = read(&csv);
        prop_assert_eq!(back.len(), rows.len() + 1);
        for (cells, (t, d, s, i)) in back[1..].iter().zip(&rows) {
            prop_assert_eq!(&cells[0], t);
            let (double, single): (f64, f32) = (cells[1].parse().unwrap(), cells[2].parse().unwrap());
            prop_assert!(double.to_bits() == d.to_bits() || double.is_nan() && d.is_nan());
            prop_assert!(single.to_bits() == s.to_bits() || single.is_nan() && s.is_nan());
            prop_assert_eq!(cells[3].parse::<i64>().unwrap(), *i);
        }
    }
}
