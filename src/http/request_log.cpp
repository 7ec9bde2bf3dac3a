#include "http/request_log.hpp"

#include "crypto/digest.hpp"
#include "crypto/random.hpp"
#include "sallyport/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

namespace sallyport::http {
namespace {

constexpr std::size_t longest_text = 256;     // Of what a client chose.
constexpr std::size_t length_of_secret = 20;  // Ids of records are shorter, or have the dashes of a UUID.

bool may_be_secret(std::string_view segment) {
    if (segment.contains('@') || segment.contains("%40")) return true;
    return segment.size() >= length_of_secret && !segment.contains('-') && !segment.contains('.');
}

void add(std::string& line, std::string_view name, std::string_view text) {
    line += fmt::format(",\"{}\":{}", name, to_text(Json{std::string{text.substr(0, longest_text)}}));
}

std::int64_t size_of(Response const& response) {
    auto const* text = std::get_if<std::string>(&response.body);
    return text == nullptr ? -1 : static_cast<std::int64_t>(text->size());
}

Task<Response> answer_and_log(LineWriter& lines, Handler const& handler, Request const& request) {
    using namespace std::chrono;
    auto const begin = steady_clock::now();
    Answered answered{.id = crypto::to_hex(crypto::random_bytes(8)),
                      .at = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count()};
    auto response = co_await handler(request);
    answered.status = response.status;
    answered.milliseconds = duration<double, std::milli>(steady_clock::now() - begin).count();
    answered.bytes = size_of(response);
    lines.write(request_line(request, answered));
    response.headers.emplace_back("X-Request-Id", std::move(answered.id));
    co_return response;
}

}  // namespace

std::string request_line(Request const& request, Answered const& answered) {
    std::string line = "{\"ts\":\"";
    append_iso_date(line, static_cast<double>(answered.at));
    line += fmt::format("\",\"event\":\"request\",\"id\":\"{}\"", answered.id);
    add(line, "verb", request.verb);
    add(line, "path", shown_path(request.path()));
    line += fmt::format(",\"status\":{},\"ms\":{:.3f}", answered.status, answered.milliseconds);
    if (answered.bytes >= 0) line += fmt::format(",\"bytes\":{}", answered.bytes);
    add(line, "peer", request.peer);
    if (auto const agent = request.header("User-Agent"); !agent.empty()) add(line, "agent", agent);
    return line + "}";
}

std::string shown_path(std::string_view path) {
    std::string shown;
    while (!path.empty()) {
        auto const slash = std::min(path.find('/', 1), path.size());
        auto const segment = path.substr(0, slash);
        shown += may_be_secret(segment.substr(1)) ? "/*" : std::string{segment};
        path.remove_prefix(slash);
    }
    return shown;
}

Handler with_request_log(LineWriter& lines, Handler handler) {
    return [&lines, handler = std::move(handler)](Request const& request) {
        return answer_and_log(lines, handler, request);
    };
}

}  // namespace sallyport::http
