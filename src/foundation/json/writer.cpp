#include "json/writer.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace csauth::json {

struct Writer::State {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
};

Writer::Writer() : state_{std::make_unique<State>()} {}
Writer::~Writer() = default;

Writer& Writer::begin_object() {
    state_->writer.StartObject();
    return *this;
}

Writer& Writer::end_object() {
    state_->writer.EndObject();
    return *this;
}

Writer& Writer::begin_array() {
    state_->writer.StartArray();
    return *this;
}

Writer& Writer::end_array() {
    state_->writer.EndArray();
    return *this;
}

Writer& Writer::key(std::string_view name) {
    state_->writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
    return *this;
}

Writer& Writer::value(std::string_view text) {
    state_->writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
    return *this;
}

Writer& Writer::value(std::int64_t number) {
    state_->writer.Int64(number);
    return *this;
}

Writer& Writer::value(bool flag) {
    state_->writer.Bool(flag);
    return *this;
}

Writer& Writer::null() {
    state_->writer.Null();
    return *this;
}

Writer& Writer::raw(std::string_view json) {
    state_->writer.RawValue(json.data(), json.size(), rapidjson::kObjectType);
    return *this;
}

std::string Writer::text() const { return {state_->buffer.GetString(), state_->buffer.GetSize()}; }

}  // namespace csauth::json
