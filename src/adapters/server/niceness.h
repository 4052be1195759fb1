#pragma once

namespace csauth::server {

/// Has this process stand behind all others on the machine where processors are short: it gets the nice
/// value, and a session of its own. Linux shares processors among sessions before it looks at nice values
/// (sched(7), "The autogroup feature"): within the master's session this process would be at the cost of its
/// siblings alone, and stand before nginx and the database as much as they do. The session gets the same
/// value where we may give it one: root may, but as nobody may look into our processes (PR_SET_DUMPABLE)
/// their own user may not.
void stand_behind_others(int niceness);

}  // namespace csauth::server
