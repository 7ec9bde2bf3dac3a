#include "http/event_log.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <utility>

namespace sallyport::http {

void EventLog::tell(std::string_view event, JsonObject fields, std::string_view text) const {
    using namespace std::chrono;
    if (lines_ == nullptr) {
        fmt::print(stderr, "{}\n", text);
        return;
    }
    auto const now = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
    lines_->write(event_line(event, std::move(fields), now));
}

void EventLog::repeat(std::string_view event, JsonObject fields, std::int64_t at) const {
    if (lines_ != nullptr) lines_->write(event_line(event, std::move(fields), at));
}

std::string event_line(std::string_view event, JsonObject fields, std::int64_t at) {
    JsonObject line{{"ts", Json::date(static_cast<double>(at))}, {"event", event}};
    for (auto& [name, value] : fields) line.set(name, std::move(value));
    return to_text(Json{std::move(line)});
}

}  // namespace sallyport::http
