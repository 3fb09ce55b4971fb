//! Notebooks: the form of nbformat 4.5.

use export::notebook::{Cell, Notebook, Output};
use serde_json::Value;

#[test]
fn cells_have_identifiers_numbers_and_their_outputs() {
    let svg = Output::Svg("<svg>\n</svg>\n".to_owned());
    let code = |source: &str, outputs| Cell::Code { source: source.to_owned(), outputs };
    let cells = vec![
        Cell::Markdown("# A\n\nb".to_owned()),
        code("1 + 1", vec![svg, Output::Png(vec![0x89, b'P'])]),
        code("print('c')", vec![Output::Text("c\n".to_owned())]),
    ];
    let whole: Value = serde_json::from_slice(&Notebook { cells }.to_json()).unwrap();
    assert_eq!((&whole["nbformat"], &whole["nbformat_minor"]), (&Value::from(4), &Value::from(5)));
    let cells = whole["cells"].as_array().unwrap();
    assert_eq!(cells[0]["source"], serde_json::json!(["# A\n", "\n", "b"]));
    assert_eq!(
        [&cells[1]["execution_count"], &cells[2]["execution_count"]],
        [&Value::from(1), &Value::from(2)]
    );
    let ids: std::collections::BTreeSet<&str> =
        cells.iter().map(|cell| cell["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 3);
    assert_eq!(cells[1]["outputs"][0]["data"]["image/svg+xml"], serde_json::json!(["<svg>\n", "</svg>\n"]));
    assert_eq!(cells[1]["outputs"][1]["data"]["image/png"], "iVA=");
    assert_eq!(cells[2]["outputs"][0]["text"], serde_json::json!(["c\n"]));
    assert!(cells[0].get("outputs").is_none() && cells[0].get("execution_count").is_none());
}
