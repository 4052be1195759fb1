#pragma once

namespace csauth::server {

/// Lowers the CPU priority of this process below that of every other process on the machine. Sets its nice
/// value (1 to 19), and gives it a session of its own. Ignores errors.
///
/// Linux shares processors among sessions before it looks at nice values (sched(7), "The autogroup feature").
/// In the master's session this process would only yield to its siblings, and would compete with nginx and
/// the database as much as they do.
///
/// The session gets the same nice value if the kernel allows it. Root may set it. Our own user may not,
/// because our processes are not dumpable (PR_SET_DUMPABLE).
void stand_behind_others(int niceness);

}  // namespace csauth::server
