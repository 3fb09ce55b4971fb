//! Descents as JSON, which is part of the keys of stored results, and in words.

use proptest::prelude::*;
use train::{Decay, Descent, Rule, Schedule};

/// Texts that results are stored under: they stay for ever.
#[test]
fn the_usual_descents_have_their_short_texts() {
    for (descent, text) in [
        (Descent::sgd(0.1), r#"{"rule":"sgd","rate":0.1}"#),
        (Descent::adam(1e-4), r#"{"rule":"adam","rate":0.0001}"#),
        (Descent::annealed(1e-3, 1e-2), r#"{"rule":"annealed","rate":0.001,"decay":0.01}"#),
    ] {
        assert_eq!(serde_json::to_string(&descent).unwrap(), text);
        assert_eq!(serde_json::from_str::<Descent>(text).unwrap(), descent);
    }
}

#[test]
fn a_field_of_another_rule_or_none_at_all_is_refused() {
    for (text, expected) in [
        (r#"{"rule":"sgd","rate":0.1,"betas":[0.5,0.9]}"#, "betas does not belong to the rule Sgd"),
        (r#"{"rule":"annealed","rate":0.1}"#, "the rule Annealed needs decay"),
        (r#"{"rule":"adam","rate":0.1,"decay":0.1}"#, "decay does not belong to the rule Adam"),
        (r#"{"rule":"rms-prop","rate":0.1,"keep":0.9}"#, "the rule RmsProp needs epsilon"),
        (r#"{"rule":"sgd","rate":0.1,"momentun":0.9}"#, "unknown field `momentun`"),
        (r#"{"rule":"adagrad","rate":0.1}"#, "unknown variant `adagrad`"),
        (r#"{"rule":"sgd"}"#, "missing field `rate`"),
    ] {
        let error = serde_json::from_str::<Descent>(text).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{text}: {error}");
    }
}

#[test]
fn words_say_what_is_not_usual() {
    let schedule = Schedule::Step { every: 30, factor: 0.1 };
    let heavy =
        Descent { schedule, decay: Decay::Coupled(1e-4), ..Descent::new(Rule::Sgd { momentum: 0.9 }, 0.1) };
    for (descent, words) in [
        (Descent::sgd(0.1), "SGD, rate 0.1"),
        (Descent::adam(1e-4), "Adam, rate 0.0001"),
        (Descent::annealed(1e-3, 1e-2), "Adam, rate 0.001 falling to 0 along a cosine, decay 0.01"),
        (heavy, "SGD, momentum 0.9, rate 0.1 times 0.1 every 30 epochs, decay 0.0001 in the gradient"),
    ] {
        assert_eq!(descent.to_string(), words);
    }
}

fn any_descent() -> impl Strategy<Value = Descent> {
    let share = || 0.0_f32..1.0;
    let rule = prop_oneof![
        Just(Rule::PLAIN),
        Just(Rule::ADAM),
        share().prop_map(|momentum| Rule::Sgd { momentum }),
        (share(), share()).prop_map(|(decay, epsilon)| Rule::RmsProp { decay, epsilon }),
        (share(), share()).prop_map(|(beta1, beta2)| Rule::Adam { beta1, beta2 }),
    ];
    let decay =
        prop_oneof![Just(Decay::None), share().prop_map(Decay::Coupled), share().prop_map(Decay::Decoupled)];
    let epochs = || proptest::option::of(1usize..99);
    let schedule = prop_oneof![
        Just(Schedule::Constant),
        (1usize..9, share()).prop_map(|(every, factor)| Schedule::Step { every, factor }),
        share().prop_map(|factor| Schedule::Exponential { factor }),
        (share(), epochs()).prop_map(|(last, epochs)| Schedule::Linear { last, epochs }),
        share().prop_map(|begin| Schedule::Late { begin }),
        (share(), epochs()).prop_map(|(last, epochs)| Schedule::Cosine { last, epochs }),
        Just(Schedule::Cosine { last: 0.0, epochs: None }),
    ];
    (rule, share(), decay, schedule).prop_map(|(rule, rate, decay, schedule)| Descent {
        rule,
        rate,
        decay,
        schedule,
    })
}

proptest! {
    #[test]
    fn every_descent_reads_back(descent in any_descent()) {
        let text = serde_json::to_string(&descent).unwrap();
        prop_assert_eq!(serde_json::from_str::<Descent>(&text).unwrap(), descent);
    }
}
