//! Under a scheduler: parts from its variables, real data or none, a drawing of all or nothing, files that start it all.

use std::process::{Command, Output};

use crate::support::{
    Folder, SMOKE, code, contents, differences, first, list, reference, run, stderr, stdout, xtask,
};

/// A verb in the smoke profile on a folder, with variables of a scheduler.
fn verb(words: &[&str], folder: &Folder, variables: &[(&str, &str)]) -> Output {
    let mut command = xtask(&[words, SMOKE].concat());
    command.arg("--out").arg(folder.path()).envs(variables.iter().copied());
    command.output().unwrap()
}

const JOB: (&str, &str) = ("SLURM_JOB_ID", "12");

/// An array from 0 in steps, whose last task is missing first.
#[test]
fn the_tasks_of_an_array_do_all_of_a_plan_and_a_drawing_waits_for_all() {
    let (reference, folder) = (reference(), Folder::new());
    for balance in ["key", "seconds"] {
        let folder = Folder::new();
        let mut todo: Vec<String> = Vec::new();
        for index in ["0", "2", "4"] {
            let array = [
                JOB,
                ("SLURM_ARRAY_TASK_ID", index),
                ("SLURM_ARRAY_TASK_MIN", "0"),
                ("SLURM_ARRAY_TASK_MAX", "4"),
                ("SLURM_ARRAY_TASK_STEP", "2"),
                ("SLURM_ARRAY_TASK_COUNT", "3"),
            ];
            let output = verb(&["run", "ot-*", "--partition", "auto", "--balance", balance], &folder, &array);
            assert_eq!(code(&output), 0, "{}", stderr(&output));
            assert!(
                stderr(&output).contains(&format!("Slurm job 12, task {index} on ")),
                "{}",
                stderr(&output)
            );
            todo.push(stdout(&verb(&["plan", "ot-*", "--ids"], &folder, &[])));
        }
        assert!(!todo[0].is_empty() && todo[2].is_empty(), "{todo:?}");
        let host = list(&folder.smoke()).into_iter().find(|name| name.ends_with("host.json")).unwrap();
        let host = std::fs::read_to_string(folder.smoke().join(host)).unwrap();
        assert!(host.contains("\"job\": \"Slurm job 12, task ") && host.contains("\"host\": \""), "{host}");
    }
    let output = verb(&["run", "--partition", "1/2", "-q"], &folder, &[]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let before = contents(&folder.smoke());
    let output = verb(&["draw", "--complete"], &folder, &[]);
    assert_eq!(code(&output), 1, "something is missing");
    let missing = stdout(&verb(&["plan", "--ids"], &folder, &[]));
    let text = stderr(&output);
    assert!(missing.lines().count() > 0 && missing.lines().all(|key| text.contains(key)), "{text}");
    assert_eq!(contents(&folder.smoke()), before, "nothing is drawn");
    assert_eq!(code(&verb(&["run", "-q"], &folder, &[])), 0);
    assert_eq!(code(&verb(&["draw", "--complete"], &folder, &[])), 0);
    let differ = differences(&contents(&folder.smoke()), &reference.contents);
    assert!(differ.is_empty(), "{differ:#?}");
}

#[test]
fn a_part_that_nobody_says_is_a_usage_error() {
    let folder = Folder::new();
    let gaps = [
        JOB,
        ("SLURM_ARRAY_TASK_ID", "3"),
        ("SLURM_ARRAY_TASK_MIN", "3"),
        ("SLURM_ARRAY_TASK_MAX", "9"),
        ("SLURM_ARRAY_TASK_COUNT", "2"),
    ];
    for (variables, part) in [(&[][..], "say k/n"), (&[JOB], "no array"), (&gaps, "leaves out")] {
        let output = verb(&["run", "--partition", "auto"], &folder, variables);
        assert_eq!(code(&output), 2, "{}", stderr(&output));
        assert!(stderr(&output).contains(part), "{}", stderr(&output));
    }
}

/// Only where the data are not at hand can they be missed.
#[test]
fn a_job_has_real_data_or_none() {
    if code(&run(&["data", "where", "--offline"])) == 0 {
        return;
    }
    let (folder, name) = (Folder::new(), first().name());
    let words = ["plan", &name, "--profile", "smoke", "--offline"];
    for variable in ["SLURM_JOB_ID", "PBS_JOBID", "LSB_JOBID", "HQ_JOB_ID", "OAR_JOB_ID", "FLUX_JOB_ID"] {
        let output = xtask(&words).arg("--out").arg(folder.path()).env(variable, "12").output().unwrap();
        assert_eq!(code(&output), 3, "{variable}: {}", stderr(&output));
        assert!(stderr(&output).contains("--data standin"), "{}", stderr(&output));
    }
    let output = xtask(&words).arg("--out").arg(folder.path()).output().unwrap();
    assert_eq!(code(&output), 0, "outside of a job the stand-in is drawn: {}", stderr(&output));
}

/// Bash reads each file, with its words for a scheduler and names that a shell would take apart.
#[test]
fn the_files_for_schedulers_are_sound_shell() {
    let folder = Folder::new();
    for engine in ["slurm", "hq", "parallel"] {
        let output = verb(&["plan", "ot-*", "--engine", engine, "--tasks", "3"], &folder, &[]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let text = stdout(&output);
        assert!(text.contains("draw 'ot-*' --complete") && text.contains("--data standin"), "{text}");
        let file = folder.path().join(engine);
        std::fs::write(&file, text).unwrap();
        if let Ok(status) = Command::new("bash").arg("-n").arg(&file).status() {
            assert!(status.success(), "{engine}");
        }
    }
    assert!(!folder.smoke().exists(), "a plan writes nothing");
}
