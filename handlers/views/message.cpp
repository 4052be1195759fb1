#include "handlers/views/message.h"

#include "json/writer.h"

namespace csauth::handlers::views {

std::string message(std::string_view text) {
    return json::Writer{}.begin_object().member("message", text).end_object().text();
}

}  // namespace csauth::handlers::views
