#include "sessions/user_agent.h"

#include <algorithm>
#include <array>

namespace csauth::sessions {
namespace {

struct Mark {
    std::string_view text;
    std::string_view name;
};

// The first mark that is found counts, because most browsers also name browsers that they resemble.
constexpr std::array<Mark, 16> kClients{{{"Edg/", "Edge"},
                                         {"EdgA/", "Edge"},
                                         {"EdgiOS/", "Edge"},
                                         {"OPR/", "Opera"},
                                         {"SamsungBrowser/", "Samsung Internet"},
                                         {"Vivaldi/", "Vivaldi"},
                                         {"FxiOS/", "Firefox"},
                                         {"Firefox/", "Firefox"},
                                         {"CriOS/", "Chrome"},
                                         {"Chrome/", "Chrome"},
                                         {"Safari/", "Safari"},
                                         {"okhttp/", "an Android app"},
                                         {"CFNetwork/", "an Apple app"},
                                         {"Dart/", "a mobile app"},
                                         {"python-requests/", "Python"},
                                         {"curl/", "curl"}}};
constexpr std::array<Mark, 9> kSystems{{{"iPhone", "iPhone"},
                                        {"iPad", "iPad"},
                                        {"Android", "Android"},
                                        {"Windows", "Windows"},
                                        {"CrOS", "ChromeOS"},
                                        {"Mac OS X", "macOS"},
                                        {"Macintosh", "macOS"},
                                        {"Linux", "Linux"},
                                        {"FreeBSD", "FreeBSD"}}};

template <class Marks>
std::string_view first_found(const Marks& marks, std::string_view text) {
    const auto found = std::find_if(marks.begin(), marks.end(), [&](const Mark& mark) {
        return text.find(mark.text) != std::string_view::npos;
    });
    return found == marks.end() ? std::string_view{} : found->name;
}

}  // namespace

std::string client_named_in(std::string_view user_agent) {
    const auto client = first_found(kClients, user_agent);
    const auto system = first_found(kSystems, user_agent);
    if (client.empty()) return std::string{system};
    if (system.empty()) return std::string{client};
    return std::string{client}.append(" on ").append(system);
}

}  // namespace csauth::sessions
