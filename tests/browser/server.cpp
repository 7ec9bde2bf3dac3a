// Serves an app folder to the browser tests: browser_server FOLDER PORT CODES_FILE
//
// It works on a temporary copy with keys and a database of its own, appends each code to CODES_FILE and each mail to
// CODES_FILE.mails, and moves its clock when standard input says "advance SECONDS"; it ends when standard input does.

#include "app_copy.hpp"
#include "codes_file.hpp"
#include "sallyport/app.hpp"
#include "sallyport/testing.hpp"

#include <unistd.h>
#include <csignal>
#include <exception>
#include <fstream>
#include <iostream>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <utility>

namespace {

using namespace sallyport;

/// Appends {"email", "text"} to a file for each mail.
class MailsFile final : public Sender {
public:
    explicit MailsFile(std::string const& file) : out_{file, std::ios::app} {}

    Task<> send(Message message) override {
        std::lock_guard const lock{mutex_};
        out_ << to_text(JsonObject{{"email", message.to}, {"text", message.text}}) << std::endl;
        co_return;
    }

private:
    std::mutex mutex_;
    std::ofstream out_;
};

// Runs on a thread of its own until the other end closes, so that a test that dies leaves no server behind.
void obey(std::shared_ptr<test_support::AdvancingClock> clock) {
    std::string line;
    while (std::getline(std::cin, line)) {
        std::istringstream words{line};
        std::string verb;
        std::int64_t seconds = 0;
        if (words >> verb >> seconds && verb == "advance" && seconds > 0) {
            clock->advance(seconds * 1000);
            std::cout << "advanced " << seconds << std::endl;
        } else {
            std::cerr << "browser_server: not understood: " << line << '\n';
        }
    }
    kill(getpid(), SIGTERM);
}

int serve(std::string const& folder, int port, std::string const& codes) {
    test_support::AppCopy const copy{folder};
    auto clock = std::make_shared<test_support::AdvancingClock>();
    App app{copy.path(),
            {.host = "127.0.0.1", .port = port, .environment = "development", .make_keys = true, .clock = clock}};
    auto const codes_file = std::make_shared<test_support::CodesFile>(codes);
    for (auto const* channel : {"console", "sms"}) app.set_sender(channel, codes_file);
    app.set_sender("email", std::make_shared<MailsFile>(codes + ".mails"));
    std::thread{obey, std::move(clock)}.detach();
    return app.run();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::cerr << "usage: browser_server FOLDER PORT CODES_FILE\n";
        return 2;
    }
    try {
        return serve(argv[1], std::stoi(argv[2]), argv[3]);
    } catch (std::exception const& error) {
        std::cerr << "browser_server: " << error.what() << '\n';
        return 1;
    }
}
