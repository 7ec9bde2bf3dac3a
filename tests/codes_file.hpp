// A sender for servers under test: appends {"email", "code"} to a file for each code it is to send.

#pragma once

#include "sallyport/json.hpp"
#include "sallyport/sender.hpp"

#include <filesystem>
#include <fstream>
#include <mutex>

namespace sallyport::test_support {

class CodesFile final : public Sender {
public:
    explicit CodesFile(std::filesystem::path const& file) : out_{file, std::ios::app} {}

    Task<> send(Message message) override {
        if (message.secret.empty()) co_return;  // A notice.
        std::lock_guard const lock{mutex_};
        out_ << to_text(JsonObject{{"email", message.account}, {"code", message.secret}}) << std::endl;
        co_return;
    }

private:
    std::mutex mutex_;
    std::ofstream out_;
};

}  // namespace sallyport::test_support
