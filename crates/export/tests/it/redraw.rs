//! Drawings of tables: which there are, and that no text of a table becomes code.

use export::redraw::{Drawing, Table, drawings, preamble};

fn records(lines: &[&str]) -> Vec<Vec<String>> {
    lines.iter().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn of(columns: &str, lines: &[&str]) -> Vec<Drawing> {
    let columns = records(&[columns]).remove(0);
    drawings(Table { file: "metrics.csv", columns: &columns, records: &records(lines) })
}

#[test]
fn a_metric_is_drawn_along_the_numbers_of_which_there_are_most_and_split_by_the_rest() {
    let found = of(
        "units,start,seed,epoch,metric,value",
        &[
            "10,random,1,,error,0.5",
            "20,random,1,,error,0.4",
            "10,learnt,2,,error,0.3",
            "10,random,1,,once,1",
        ],
    );
    let expected = Drawing {
        table: "metrics.csv".to_owned(),
        metric: "error".to_owned(),
        along: "units".to_owned(),
        split: vec!["start".to_owned()],
    };
    assert_eq!(found, [expected]);
    assert_eq!(found[0].call(), r#"draw("metrics.csv", "error", along="units", split=["start"])"#);
}

#[test]
fn tables_of_another_kind_and_crowds_of_lines_are_no_drawings() {
    assert!(of("claim,verdict", &["a,b"]).is_empty());
    let crowd: Vec<String> = (0..60).map(|i| format!("name {},{},m,1", i / 2, i % 2)).collect();
    let crowd: Vec<&str> = crowd.iter().map(String::as_str).collect();
    assert!(of("name,x,metric,value", &crowd).is_empty());
}

#[test]
fn hostile_texts_stay_texts() {
    let hostile = "\"); import os; os.system(\"x\nσ\\";
    let drawing = Drawing {
        table: hostile.to_owned(),
        metric: hostile.to_owned(),
        along: hostile.to_owned(),
        split: vec![hostile.to_owned()],
    };
    let call = drawing.call();
    assert!(
        !call.contains('\n') && call.matches(r#"\"); import os; os.system(\"x\nσ\\"#).count() == 4,
        "{call}"
    );
    assert!(preamble(hostile).contains(r#"here = Path("\"); import os; os.system(\"x\nσ\\")"#));
}
