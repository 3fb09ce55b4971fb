//! Sections: the JSON that is kept beside the pictures reads and writes back unchanged.

use report::{Align, ClaimRow, Column, OURS, Reading, Section, Verdict, Verdicts};
use serde_json::Value;

/// Made up, in the layout of the files that are kept: keys sorted, indented by two.
const JSON: &str = r#"{
  "claims": [
    {
      "finding": {
        "measured": "0.073 → 0.0805",
        "readings": [
          {
            "measured": "0.08 → 0.07",
            "name": "σ = 1",
            "verdict": "reproduced"
          }
        ],
        "reason": "It rises.",
        "seeds": 3,
        "verdict": "not-reproduced",
        "why": "the error falls along layers (4 points)"
      },
      "place": "Figure 3",
      "reported": "by eye",
      "says": "The error falls with depth."
    },
    {
      "finding": {
        "measured": "in 4 of 4 networks",
        "seeds": 1,
        "verdict": "reproduced",
        "why": ""
      },
      "place": "",
      "reported": "ours",
      "says": "It falls elsewhere."
    },
    {
      "finding": {
        "measured": "4–6",
        "seeds": 0,
        "verdict": "cannot-tell",
        "why": ""
      },
      "place": "",
      "reported": "5",
      "says": "Five are the limit."
    }
  ],
  "cuts": [
    "20 epochs instead of 100"
  ],
  "figures": [
    {
      "alt": "Error against layers.",
      "caption": "Errors.",
      "file": "error.svg"
    }
  ],
  "files": [
    "claims.csv",
    "weights/1.safetensors"
  ],
  "hyperparameters": [
    [
      "rate",
      "0.1",
      "stated, Table 1"
    ]
  ],
  "id": "made-up",
  "notes": [],
  "points": [
    "0123abcd"
  ],
  "protocol": "scratch",
  "question": "Does it?",
  "report": "a-report",
  "reproduces": "Figure 3",
  "standin": false,
  "tables": [
    {
      "caption": "Errors",
      "columns": [
        [
          "model",
          "",
          "l"
        ],
        [
          "error",
          "%",
          "r"
        ],
        [
          "ok",
          "",
          "c"
        ]
      ],
      "rows": [
        [
          "RBM",
          "1.5",
          "✓"
        ]
      ]
    }
  ],
  "title": "Made up"
}"#;

fn section() -> Section {
    serde_json::from_str(JSON).unwrap()
}

#[test]
fn a_section_reads_and_writes_back_byte_for_byte() {
    let section = section();
    // A value of the library keeps its keys sorted, as the files do.
    let sorted: Value = serde_json::to_value(&section).unwrap();
    assert_eq!(serde_json::to_string_pretty(&sorted).unwrap(), JSON);
    let table = &section.tables[0];
    let aligns: Vec<Align> = table.columns().iter().map(|column| column.align).collect();
    assert_eq!(aligns, [Align::Left, Align::Right, Align::Centre]);
    assert_eq!(table.columns()[1], Column::number("error", "%"));
    assert_eq!(table.rows()[0][2], "✓");
    assert_eq!(section.claims[0].finding.verdict, Verdict::NotReproduced);
}

#[test]
fn a_section_that_lacks_a_field_or_a_cell_is_an_error() {
    let error = |json: &str| serde_json::from_str::<Section>(json).unwrap_err().to_string();
    assert!(error(&JSON.replace("\"title\"", "\"name\"")).contains("missing field `title`"));
    assert!(error(&JSON.replace("\"not-reproduced\"", "\"perhaps\"")).contains("unknown variant `perhaps`"));
    let short = JSON.replace("\"1.5\",\n", "");
    assert!(error(&short).contains("table “Errors”, row 0: expected 3 cells, found 2"));
}

/// What earlier versions wrote: a verdict under its old name, hyperparameters without their origin, claims without a place.
#[test]
fn a_section_of_an_earlier_version_reads() {
    let old = JSON.replace("cannot-tell", "inconclusive").replace(",\n      \"stated, Table 1\"", "");
    let old = old.replace("      \"place\": \"\",\n", "").replace("        \"seeds\": 0,\n", "");
    assert!(old.len() < JSON.len() - 60);
    let mut expected = section();
    expected.hyperparameters[0].origin = String::new();
    assert_eq!(serde_json::from_str::<Section>(&old).unwrap(), expected);
}

#[test]
fn verdicts_are_counted_and_ours_apart() {
    let mut section = section();
    let counted = section.verdicts();
    assert_eq!(counted, Verdicts { reports: [0, 0, 1, 1], ours: [1, 0, 0, 0] });
    let mut sum = Verdicts::default();
    assert_eq!(sum.to_string(), "0 reproduced, 0 partly, 0 not reproduced, 0 cannot tell");
    sum += counted;
    sum += counted;
    assert_eq!(
        sum.to_string(),
        "0 reproduced, 0 partly, 2 not reproduced, 2 cannot tell; \
         beyond the reports: 2 reproduced, 0 partly, 0 not reproduced, 0 cannot tell"
    );
    section.protocol = "scratch+epochs=3".to_owned();
    assert_eq!(section.verdicts(), Verdicts { reports: [0; 4], ours: [1, 0, 1, 1] });
    assert!(
        section.claims.iter().filter(|claim| claim.is_ours()).all(|claim: &ClaimRow| claim.reported == OURS)
    );
}

#[test]
fn a_verdict_is_over_all_seeds() {
    let (yes, no) = (Some(true), Some(false));
    assert_eq!(Verdict::over(&[yes, yes]), Verdict::Reproduced);
    assert_eq!(Verdict::over(&[no]), Verdict::NotReproduced);
    assert_eq!(Verdict::over(&[yes, no]), Verdict::CannotTell);
    assert_eq!(Verdict::over(&[yes, None]), Verdict::CannotTell, "noise forbids the second answer");
    assert_eq!(Verdict::over(&[no, None]), Verdict::CannotTell);
    assert_eq!(Verdict::over(&[]), Verdict::CannotTell);
    assert_eq!(
        Verdict::ALL.map(|verdict| verdict.to_string()),
        ["reproduced", "partly", "not reproduced", "cannot tell"]
    );
}

#[test]
fn readings_are_said_in_a_sentence() {
    let reading = |name: &str, verdict| Reading { name: name.to_owned(), verdict, measured: String::new() };
    let under = |readings: &[Reading]| {
        let finding = section().claims[2].finding.clone();
        report::Finding { readings: readings.to_vec(), ..finding }.under()
    };
    let (held, not, open) = (Verdict::Reproduced, Verdict::NotReproduced, Verdict::CannotTell);
    assert_eq!(under(&[]), "");
    assert_eq!(under(&[reading("σ = 1", not)]), "Nor does it hold under σ = 1.");
    assert_eq!(
        under(&[reading("σ = 1", not), reading("grey", not)]),
        "It holds under none of 2 other readings."
    );
    assert_eq!(under(&[reading("σ = 1", held), reading("grey", not)]), "It holds under σ = 1.");
    assert_eq!(
        under(&[reading("σ = 1", held), reading("grey", held), reading("sum", open)]),
        "It holds under σ = 1 and grey. sum cannot tell."
    );
    assert_eq!(under(&[reading("σ = 1", open)]), "Cannot be told under σ = 1 either.");
}

#[test]
fn a_terminal_shows_tables_and_verdicts() {
    let mut section = section();
    let text = section.text("stand-in");
    assert!(text.starts_with("Made up (made-up:scratch)\n\nErrors\n\nmodel  error (%)  ok\n"), "{text}");
    assert!(text.ends_with("\ncannot tell: Five are the limit. (5; measured 4–6)\n"), "{text}");
    section.standin = true;
    assert!(section.text("stand-in").contains("(made-up:scratch)\nstand-in\n"));
}

#[test]
fn a_terminal_is_not_driven_by_a_section() {
    let json = JSON.replace("Made up", "\\u001b[2J\\nreproduced: all").replace("\"RBM\"", "\"\\u202eMBR\"");
    let text = serde_json::from_str::<Section>(&json).unwrap().text("");
    assert!(text.starts_with("\\u{1b}[2J\\u{a}reproduced: all (made-up:scratch)\n"), "{text}");
    assert!(text.contains("\\u{202e}MBR") && !text.contains(['\u{1b}', '\u{202e}']));
}
