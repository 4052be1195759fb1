#include "server/niceness.h"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

namespace csauth::server {

void stand_behind_others(int niceness) {
    (void)::setpriority(PRIO_PROCESS, 0, niceness);
    (void)::setsid();
    std::ofstream{"/proc/self/autogroup"} << niceness;
}

}  // namespace csauth::server
