#pragma once

namespace csauth::exit_status {

// From sysexits.h.
inline constexpr int kUsage = 64;        ///< the command line has an error
inline constexpr int kNoSuchThing = 65;  ///< what the arguments name doesn't exist, or is not in that state
inline constexpr int kUnavailable = 69;  ///< the database doesn't answer
inline constexpr int kSoftware = 70;     ///< a fault of the program
inline constexpr int kTampered = 76;     ///< the audit log is not as it was sealed
inline constexpr int kConfig = 78;       ///< the configuration has an error

}  // namespace csauth::exit_status
