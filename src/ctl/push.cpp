#include "ctl/push.h"

#include <array>
#include <iostream>

#include "ctl/administration.h"
#include "ctl/table.h"
#include "json/writer.h"

namespace csauth::ctl {

int push_targets(const Config& config, const Arguments& arguments) {
    Administration administration{config};
    const auto user = administration.find_user(arguments.words.at(0));
    if (!user) return complain("there is no user " + arguments.words.at(0));
    const auto targets = administration.stores.devices.push_targets(
        std::array{user->id}, devices::kMostPushTargets, administration.clock.now());
    json::Writer json;
    json.begin_array();
    Table table{{"DEVICE", "TYPE", "PUSH TOKEN", "NAME"}};
    for (const auto& target : targets) {
        if (arguments.json)
            json.begin_object()
                .member("device", target.device.id.text())
                .member("type", name_of(target.device.type))
                .member("name", target.device.name)
                .member("push_token", target.push_token)
                .end_object();
        else
            table.add({target.device.id.text(), std::string{name_of(target.device.type)}, target.push_token,
                       target.device.name});
    }
    json.end_array();
    if (arguments.json)
        std::cout << json.text() << '\n';
    else if (targets.empty())
        std::cout << user->username << " has no device that gets push messages\n";
    else
        table.print(std::cout);
    return 0;
}

}  // namespace csauth::ctl
