#include "delivery/console.hpp"

#include "http/header_text.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <utility>

namespace sallyport::delivery {

std::string console_line(Message const& message) {
    // A name with a line break in it must not write a line of its own.
    auto line = http::without_controls(message.kind == Message::Kind::code
                                           ? fmt::format("Two factor code for {}: {}", message.account, message.secret)
                                           : fmt::format("Message for {}: {}", message.account, message.text));
    // U+0080 to U+009F, which some terminals obey, are C2 80 to C2 9F in UTF-8.
    for (auto at = line.find('\xC2'); at != std::string::npos; at = line.find('\xC2', at + 1)) {
        if (at + 1 < line.size() && static_cast<unsigned char>(line[at + 1]) < 0xA0) line.replace(at, 2, "  ");
    }
    return line;
}

Task<> ConsoleSender::send(Message message) {
    std::puts(console_line(message).c_str());
    std::fflush(stdout);
    co_return;
}

Task<> StubMail::send(Message message) {
    auto const why = fmt::format("the mail data source \"{}\" is a STUB", source_);
    log_.tell("delivery", {{"channel", message.channel}, {"try", message.attempt}, {"givenUp", true}, {"why", why}},
              fmt::format("a message to nobody: {}", why));
    std::lock_guard const lock{mutex_};
    messages_.push_back(std::move(message));
    if (messages_.size() > capacity) messages_.pop_front();
    co_return;
}

std::vector<Message> StubMail::messages() const {
    std::lock_guard const lock{mutex_};
    return {messages_.begin(), messages_.end()};
}

}  // namespace sallyport::delivery
