#include "delivery/console.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace sallyport::delivery {

std::string console_line(Message const& message) {
    auto line = message.kind == Message::Kind::code
                    ? fmt::format("Two factor code for {}: {}", message.account, message.secret)
                    : fmt::format("Message for {}: {}", message.account, message.text);
    // A name with a line break in it must not write a line of its own.
    std::ranges::replace_if(line, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
    return line;
}

Task<> ConsoleSender::send(Message message) {
    std::puts(console_line(message).c_str());
    std::fflush(stdout);
    co_return;
}

Task<> StubMail::send(Message message) {
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
