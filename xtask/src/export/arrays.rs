//! Tables and weights as NumPy's archives of arrays.

use anyhow::{Context, Result};
use engine::weights::{self, Values};
use export::npy;

use super::Run;
use super::tables;

/// Writes them; gives how many there are.
pub fn write(run: &Run) -> Result<usize> {
    let mut files = 0;
    for (folder, section) in &run.parts {
        let place = |file: &str| format!("{}/{}/{file}", section.id, section.protocol);
        for table in tables::all(folder)? {
            let bytes = npy::table(&table.columns, &table.records)?;
            run.write("npy", &place(&table.file.replace(".csv", ".npz")), &bytes)?;
            files += 1;
        }
        for file in tables::weights(folder)? {
            let tensors = weights::tensors(&folder.read(&file)?)
                .with_context(|| folder.file(&file).display().to_string())?;
            let arrays: Vec<(String, Vec<u8>)> = tensors
                .iter()
                .map(|tensor| {
                    let values = match &tensor.values {
                        Values::F32(values) => npy::Values::F32(values),
                        Values::U64(values) => npy::Values::U64(values),
                        Values::U8(values) => npy::Values::U8(values),
                    };
                    (tensor.name.clone(), npy::npy(&tensor.shape, values))
                })
                .collect();
            let name = file.as_str().replace(".safetensors", ".npz");
            run.write("npy", &place(&name), &npy::npz(&arrays)?)?;
            files += 1;
        }
    }
    Ok(files)
}
