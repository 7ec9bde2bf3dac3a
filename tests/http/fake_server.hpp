// Another server, as this program meets it when it asks for something: it answers as it is told to.

#pragma once

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace sallyport::http {

/// What comes back for one request.
struct FakeAnswer {
    enum class End : std::uint8_t { stay, close, reset, hang };

    std::string text;
    End end = End::stay;
};

inline std::string fake_reply(std::string_view status, std::string_view body, std::string_view headers = "") {
    return fmt::format("HTTP/1.1 {}\r\nContent-Length: {}\r\n{}\r\n{}", status, body.size(), headers, body);
}

/// Listens on a free port of 127.0.0.1, one connection at a time, in a thread of its own.
class FakeServer {
public:
    using Answer = std::function<FakeAnswer(std::string const& request, std::size_t index)>;

    explicit FakeServer(Answer answer) : answer_{std::move(answer)}, listener_{socket(AF_INET, SOCK_STREAM, 0)} {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* any = reinterpret_cast<sockaddr*>(&address);
        if (bind(listener_, any, size) != 0 || listen(listener_, 8) != 0) throw std::runtime_error{"cannot listen"};
        getsockname(listener_, any, &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread{[this] { run(); }};
    }

    ~FakeServer() {
        shutdown(listener_, SHUT_RDWR);
        {
            std::lock_guard const lock{mutex_};
            if (client_ >= 0) shutdown(client_, SHUT_RDWR);
        }
        thread_.join();
        close(listener_);
    }

    FakeServer(FakeServer const&) = delete;
    FakeServer& operator=(FakeServer const&) = delete;

    std::string url(std::string_view path = "/") const { return fmt::format("http://127.0.0.1:{}{}", port_, path); }

    std::vector<std::string> requests() const {
        std::lock_guard const lock{mutex_};
        return requests_;
    }

    int connections() const {
        std::lock_guard const lock{mutex_};
        return connections_;
    }

private:
    void run() {
        for (;;) {
            auto const client = accept(listener_, nullptr, nullptr);
            if (client < 0) return;
            {
                std::lock_guard const lock{mutex_};
                client_ = client;
                ++connections_;
            }
            attend(client);
            std::lock_guard const lock{mutex_};
            client_ = -1;
            close(client);
        }
    }

    void attend(int client) {
        for (std::string inbox; read_request(client, inbox);) {
            std::size_t index = 0;
            {
                std::lock_guard const lock{mutex_};
                requests_.push_back(inbox);
                index = requests_.size() - 1;
            }
            auto const answer = answer_(std::exchange(inbox, {}), index);
            static_cast<void>(::send(client, answer.text.data(), answer.text.size(), MSG_NOSIGNAL));
            if (answer.end == FakeAnswer::End::stay) continue;
            if (answer.end == FakeAnswer::End::hang) {
                char nothing = 0;
                while (recv(client, &nothing, 1, 0) > 0) {
                }
            }
            if (answer.end == FakeAnswer::End::reset) {
                linger const at_once{.l_onoff = 1, .l_linger = 0};
                setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
            }
            return;
        }
    }

    static bool read_request(int client, std::string& inbox) {
        for (;;) {
            if (auto const end = inbox.find("\r\n\r\n"); end != std::string::npos) {
                auto const at = inbox.find("Content-Length: ");
                auto const length = at < end ? std::strtoul(inbox.c_str() + at + 16, nullptr, 10) : 0;
                if (inbox.size() >= end + 4 + length) return true;
            }
            char bytes[4096];
            auto const count = recv(client, bytes, sizeof bytes, 0);
            if (count <= 0) return false;
            inbox.append(bytes, static_cast<std::size_t>(count));
        }
    }

    Answer answer_;
    int listener_;
    int port_ = 0;
    mutable std::mutex mutex_;
    std::vector<std::string> requests_;
    int connections_ = 0;
    int client_ = -1;
    std::thread thread_;
};

}  // namespace sallyport::http
