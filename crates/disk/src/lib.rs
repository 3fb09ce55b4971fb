//! The disk: everything that is written, renamed or removed goes through here.
//!
//! A results folder comes with every clone of a repository, so whatever lies in it is input like any other: links,
//! absolute names, `..`, pipes, devices, files without end. Three types hold that off:
//!
//! - [`Name`]: a name inside a folder that cannot leave it. Names that come from files are of this type.
//! - [`Folder`]: a folder below a root. The root is what the user typed and may be reached through links; below it
//!   nothing is followed, and only regular files are read.
//! - [`Disk`]: what changes the disk. A file appears whole or not at all, under a temporary name of its own; each
//!   operation is counted, so that a test can let it fail; so can each [`Call`] behind it.
//!
//! An error names the path, with characters escaped that could play tricks on a terminal. It has an
//! [`std::io::Error`] in its chain if the system refused, and none if something else was found than expected, such as
//! a link: only the latter is a reason to tell somebody to remove anything.
//!
//! What this does not do: hold off somebody who changes folders while we walk through them. Each folder on the way is
//! looked at before a file in it is opened, and the file itself again after that.

mod name;
mod text;

mod calls;
mod file;
mod folder;
mod kind;

mod operations;
mod temporary;

mod lock;
mod rename;
mod sweep;
mod user;

pub use calls::Call;
pub use file::LARGEST;
pub use folder::Folder;
pub use kind::{Kind, absent};
pub use lock::{Lock, Locking, lacks_locks};
pub use name::{BadName, Name};
pub use operations::{Disk, Fault};
pub use temporary::TEMPORARY;
pub use text::{escaped, one_line};
pub use user::destination;
