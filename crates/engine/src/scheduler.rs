//! What a cluster's scheduler says about the job that this process is part of, in variables of the environment: which job,
//! which task of how many, cores and memory.
//!
//! | scheduler | job | index in an array | first, last, step, count |
//! |---|---|---|---|
//! | Slurm | `SLURM_JOB_ID` | `SLURM_ARRAY_TASK_ID` | `_MIN`, `_MAX`, `_STEP`, `_COUNT` |
//! | PBS, Torque | `PBS_JOBID` | `PBS_ARRAY_INDEX`, `PBS_ARRAYID` | not told |
//! | LSF | `LSB_JOBID` | `LSB_JOBINDEX`, 0 outside of arrays | `_END`, `_STEP` |
//! | Grid Engine | `JOB_ID` with `SGE_ROOT` | `SGE_TASK_ID` | `SGE_TASK_FIRST`, `_LAST`, `_STEPSIZE` |
//! | HyperQueue | `HQ_JOB_ID` | `HQ_TASK_ID` | not told |
//! | AWS Batch, OAR, Flux, HTCondor | one each | of the first two | `AWS_BATCH_JOB_ARRAY_SIZE` |
//!
//! Tasks of one `srun` have `SLURM_PROCID` of `SLURM_STEP_NUM_TASKS`. The environment is input like any other: what is no
//! number is not there.

use std::env;

use anyhow::{Result, bail};

/// A variable's value; none if it is not set.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The variables of one scheduler; an empty name is one that it does not set.
struct Names {
    scheduler: &'static str,
    job: &'static str,
    index: &'static [&'static str],
    first: &'static str,
    last: &'static str,
    step: &'static str,
    count: &'static str,
}

const NONE: Names = Names { scheduler: "", job: "", index: &[], first: "", last: "", step: "", count: "" };

/// HyperQueue stands first, since its workers run inside jobs of the others.
const ALL: [Names; 9] = [
    Names { scheduler: "HyperQueue", job: "HQ_JOB_ID", index: &["HQ_TASK_ID"], ..NONE },
    Names {
        scheduler: "Slurm",
        job: "SLURM_JOB_ID",
        index: &["SLURM_ARRAY_TASK_ID"],
        first: "SLURM_ARRAY_TASK_MIN",
        last: "SLURM_ARRAY_TASK_MAX",
        step: "SLURM_ARRAY_TASK_STEP",
        count: "SLURM_ARRAY_TASK_COUNT",
    },
    Names { scheduler: "PBS", job: "PBS_JOBID", index: &["PBS_ARRAY_INDEX", "PBS_ARRAYID"], ..NONE },
    Names {
        scheduler: "LSF",
        job: "LSB_JOBID",
        index: &["LSB_JOBINDEX"],
        last: "LSB_JOBINDEX_END",
        step: "LSB_JOBINDEX_STEP",
        ..NONE
    },
    Names {
        scheduler: "Grid Engine",
        job: "JOB_ID",
        index: &["SGE_TASK_ID"],
        first: "SGE_TASK_FIRST",
        last: "SGE_TASK_LAST",
        step: "SGE_TASK_STEPSIZE",
        ..NONE
    },
    Names {
        scheduler: "AWS Batch",
        job: "AWS_BATCH_JOB_ID",
        index: &["AWS_BATCH_JOB_ARRAY_INDEX"],
        count: "AWS_BATCH_JOB_ARRAY_SIZE",
        ..NONE
    },
    Names { scheduler: "OAR", job: "OAR_JOB_ID", index: &["OAR_ARRAY_INDEX"], ..NONE },
    Names { scheduler: "Flux", job: "FLUX_JOB_ID", ..NONE },
    Names { scheduler: "HTCondor", job: "_CONDOR_JOB_AD", ..NONE },
];

/// The variable of this process's environment.
pub fn environment(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// The job that this process is part of: "Slurm job 12, task 3"; none outside of schedulers.
pub fn here() -> Option<String> {
    job(&environment)
}

/// The same for another environment.
pub fn job(of: Lookup<'_>) -> Option<String> {
    let names = scheduler(of)?;
    let id = of(names.job).unwrap_or_default();
    let id: String = id.chars().filter(|c| c.is_ascii_graphic()).take(60).collect();
    let task = index(names, of).map_or_else(String::new, |index| format!(", task {index}"));
    Some(format!("{} job {id}{task}", names.scheduler))
}

fn scheduler(of: Lookup<'_>) -> Option<&'static Names> {
    ALL.iter().find(|names| {
        // Others call a variable JOB_ID, too.
        of(names.job).is_some() && (names.job != "JOB_ID" || of("SGE_ROOT").is_some())
    })
}

fn number(of: Lookup<'_>, name: &str) -> Option<usize> {
    if name.is_empty() { None } else { of(name)?.trim().parse().ok() }
}

/// The index in an array; LSF calls it 0 where there is none, Grid Engine "undefined".
fn index(names: &Names, of: Lookup<'_>) -> Option<usize> {
    let index = names.index.iter().find_map(|name| number(of, name))?;
    (names.scheduler != "LSF" || index > 0).then_some(index)
}

/// Which part of how many this task shall do, from 1: by its place in the array, and within it by its rank under `srun`.
/// Where `parts` is given, the array counts as that long, whatever it says itself; consecutive indices then stand for
/// different parts, wherever they begin.
///
/// # Errors
/// Outside of schedulers and arrays; where the array's length is not told; where indices are left out, since the parts
/// behind them would never be done.
pub fn part(parts: Option<usize>, of: Lookup<'_>) -> Result<(usize, usize)> {
    let Some(names) = scheduler(of) else {
        bail!("expected a scheduler's variables, such as SLURM_ARRAY_TASK_ID, found none; say k/n");
    };
    let (rank, count) = match index(names, of) {
        Some(index) => in_array(names, index, parts, of)?,
        None => (0, 1),
    };
    let ranks = ranks(of, index(names, of).is_some())?;
    if index(names, of).is_none() && ranks.1 == 1 {
        bail!("this {} job is no array and no srun of several tasks; say k/n", names.scheduler);
    }
    if index(names, of).is_none()
        && let Some(parts) = parts
    {
        return Ok((ranks.0 % parts + 1, parts));
    }
    Ok((rank * ranks.1 + ranks.0 + 1, count * ranks.1))
}

fn in_array(names: &Names, index: usize, parts: Option<usize>, of: Lookup<'_>) -> Result<(usize, usize)> {
    let step = number(of, names.step).filter(|step| *step > 0).unwrap_or(1);
    if let Some(parts) = parts {
        return Ok((index / step % parts, parts));
    }
    let counted = number(of, names.count);
    // LSF's and AWS's arrays tell no beginning: they begin at 1 and at 0.
    let first = number(of, names.first).unwrap_or(usize::from(names.scheduler != "AWS Batch"));
    let last = number(of, names.last).or(counted.filter(|_| names.last.is_empty()).map(|n| first + n - 1));
    let Some(last) = last.filter(|last| first <= index && index <= *last) else {
        bail!("{} does not say how long its array is; say auto/n", names.scheduler);
    };
    let count = (last - first) / step + 1;
    let (is_whole, is_on_it) = (counted.is_none_or(|n| n == count), (index - first).is_multiple_of(step));
    if !is_whole || !is_on_it {
        bail!(
            "the array leaves out indices between {first} and {last}; say auto/n, n being the whole array's length"
        );
    }
    Ok(((index - first) / step, count))
}

/// Rank and number of the tasks that one `srun` has started. A batch script of several tasks runs once, and what it starts
/// without `srun` is all there is.
fn ranks(of: Lookup<'_>, in_array: bool) -> Result<(usize, usize)> {
    let rank = number(of, "SLURM_PROCID");
    let in_step = number(of, "SLURM_STEP_ID").is_some();
    match (rank, number(of, "SLURM_STEP_NUM_TASKS").or(number(of, "SLURM_NTASKS"))) {
        (Some(rank), Some(tasks)) if in_step && rank < tasks => Ok((rank, tasks)),
        (_, Some(tasks)) if tasks > 1 && !in_step && !in_array => {
            bail!("this Slurm job has {tasks} tasks, and srun starts them: srun … run --partition auto")
        }
        _ => Ok((0, 1)),
    }
}

/// Cores that a scheduler gave to this task; none if it does not say.
pub fn cores(of: Lookup<'_>) -> Option<usize> {
    let alone = number(of, "SLURM_NTASKS").is_none_or(|tasks| tasks == 1);
    let names = ["SLURM_CPUS_PER_TASK", "NSLOTS", "LSB_DJOB_NUMPROC", "PBS_NCPUS", "NCPUS"];
    let told = names.iter().find_map(|name| number(of, name));
    let told = told.or_else(|| number(of, "SLURM_CPUS_ON_NODE").filter(|_| alone));
    told.filter(|cores| *cores > 0 && scheduler(of).is_some())
}

/// Bytes of memory that a scheduler gave to this job on this machine; none if it does not say. Slurm counts in MiB, and 0
/// is all that there is.
pub fn memory(of: Lookup<'_>) -> Option<u64> {
    let mebibytes = |name| number(of, name).and_then(|n| u64::try_from(n).ok());
    let by_core = || mebibytes("SLURM_MEM_PER_CPU")?.checked_mul(mebibytes("SLURM_CPUS_ON_NODE")?);
    let told = mebibytes("SLURM_MEM_PER_NODE").or_else(by_core)?;
    told.checked_mul(1 << 20).filter(|bytes| *bytes > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes of some variables.
    fn with<T>(variables: &[(&str, usize)], work: impl FnOnce(Lookup<'_>) -> T) -> T {
        work(&|name| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_string()))
    }

    fn slurm(index: usize, min: usize, max: usize, step: usize, count: usize) -> Vec<(&'static str, usize)> {
        vec![
            ("SLURM_JOB_ID", 7),
            ("SLURM_ARRAY_TASK_ID", index),
            ("SLURM_ARRAY_TASK_MIN", min),
            ("SLURM_ARRAY_TASK_MAX", max),
            ("SLURM_ARRAY_TASK_STEP", step),
            ("SLURM_ARRAY_TASK_COUNT", count),
        ]
    }

    /// Whatever the indices are, the tasks of an array do all parts, each once.
    #[test]
    fn the_parts_of_an_array_are_all_there_once() {
        for (first, step, count) in [(0, 1, 8), (1, 1, 8), (5, 1, 3), (0, 4, 5), (3, 7, 4), (1, 1, 1)] {
            let last = first + step * (count - 1);
            let indices = (0..count).map(|n| first + n * step);
            let (told, mut said): (Vec<_>, Vec<_>) = indices
                .map(|index| {
                    with(&slurm(index, first, last, step, count), |of| {
                        (part(None, of).unwrap(), part(Some(count), of).unwrap())
                    })
                })
                .unzip();
            let all: Vec<_> = (1..=count).map(|k| (k, count)).collect();
            said.sort_unstable();
            assert_eq!((&told, &said), (&all, &all), "from {first} in steps of {step}");
        }
    }

    #[test]
    fn an_array_with_gaps_is_refused_until_its_length_is_said() {
        with(&slurm(3, 3, 5, 1, 2), |of| {
            assert!(part(None, of).unwrap_err().to_string().contains("leaves out"));
            assert_eq!(part(Some(8), of).unwrap(), (4, 8));
        });
        with(&[("PBS_JOBID", 1), ("PBS_ARRAY_INDEX", 8)], |of| {
            assert!(part(None, of).unwrap_err().to_string().contains("auto/n"));
            assert_eq!(part(Some(8), of).unwrap(), (1, 8));
        });
        assert!(with(&[], |of| part(None, of)).unwrap_err().to_string().contains("say k/n"));
        assert!(
            with(&[("SLURM_JOB_ID", 1)], |of| part(None, of)).unwrap_err().to_string().contains("no array")
        );
    }

    #[test]
    fn other_schedulers_count_in_their_own_ways() {
        let lsf = [("LSB_JOBID", 1), ("LSB_JOBINDEX", 5), ("LSB_JOBINDEX_END", 9), ("LSB_JOBINDEX_STEP", 2)];
        assert_eq!(with(&lsf, |of| part(None, of)).unwrap(), (3, 5));
        let sge =
            [("JOB_ID", 1), ("SGE_ROOT", 1), ("SGE_TASK_ID", 4), ("SGE_TASK_FIRST", 2), ("SGE_TASK_LAST", 6)];
        assert_eq!(with(&sge, |of| part(None, of)).unwrap(), (3, 5));
        let aws =
            [("AWS_BATCH_JOB_ID", 1), ("AWS_BATCH_JOB_ARRAY_INDEX", 0), ("AWS_BATCH_JOB_ARRAY_SIZE", 4)];
        assert_eq!(with(&aws, |of| part(None, of)).unwrap(), (1, 4));
        let hq = [("HQ_JOB_ID", 1), ("HQ_TASK_ID", 0), ("SLURM_JOB_ID", 9)];
        assert_eq!(with(&hq, |of| part(Some(4), of)).unwrap(), (1, 4));
        assert_eq!(with(&hq, job).unwrap(), "HyperQueue job 1, task 0");
        assert_eq!(with(&[("LSB_JOBID", 1), ("LSB_JOBINDEX", 0)], job).unwrap(), "LSF job 1");
        assert_eq!(with(&[("JOB_ID", 1)], job), None, "not Grid Engine's");
    }

    #[test]
    fn the_tasks_of_one_srun_are_parts_of_their_own() {
        let step =
            [("SLURM_JOB_ID", 7), ("SLURM_STEP_ID", 0), ("SLURM_PROCID", 2), ("SLURM_STEP_NUM_TASKS", 4)];
        assert_eq!(with(&step, |of| part(None, of)).unwrap(), (3, 4));
        let both = [&slurm(1, 0, 2, 1, 3)[..], &step[1..]].concat();
        assert_eq!(with(&both, |of| part(None, of)).unwrap(), (7, 12));
        // A batch script has a rank, too, and runs once.
        let batch = [("SLURM_JOB_ID", 7), ("SLURM_PROCID", 0), ("SLURM_NTASKS", 4)];
        assert!(with(&batch, |of| part(None, of)).unwrap_err().to_string().contains("srun starts them"));
    }

    #[test]
    fn cores_and_memory_are_what_was_given() {
        let job = [("SLURM_JOB_ID", 7), ("SLURM_CPUS_ON_NODE", 4)];
        assert_eq!(with(&job, cores), Some(4));
        assert_eq!(with(&[&job[..], &[("SLURM_CPUS_PER_TASK", 2)]].concat(), cores), Some(2));
        assert_eq!(with(&[&job[..], &[("SLURM_NTASKS", 2)]].concat(), cores), None);
        assert_eq!(with(&[("NCPUS", 4)], cores), None, "no scheduler says so");
        assert_eq!(with(&[&job[..], &[("SLURM_MEM_PER_CPU", 100)]].concat(), memory), Some(400 << 20));
        assert_eq!(with(&[("SLURM_MEM_PER_NODE", 64)], memory), Some(64 << 20));
        assert_eq!(with(&[("SLURM_MEM_PER_NODE", 0)], memory), None, "all there is");
    }
}
