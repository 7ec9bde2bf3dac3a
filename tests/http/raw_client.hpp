// A client that sends bytes as they are and shows what came back; and a server to send them to.

#pragma once

#include "http/server.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace sallyport::http {

class RawClient {
public:
    /// Not connected yet.
    RawClient() : socket_{context_, boost::asio::ip::tcp::v4()} {
        timeval const patience{10, 0};  // So that a server that never answers fails the test and does not hang it.
        setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    explicit RawClient(int port) : RawClient{} { connect(port); }

    /// Throws boost::system::system_error if nobody listens.
    void connect(int port) {
        socket_.connect({boost::asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port)});
    }

    /// false if the server has closed.
    bool send(std::string_view bytes) {
        boost::system::error_code error;
        boost::asio::write(socket_, boost::asio::buffer(bytes), error);
        return !error;
    }

    void finish_sending() {
        boost::system::error_code ignored;
        socket_.shutdown(boost::asio::socket_base::shutdown_send, ignored);
    }

    /// Closes with a reset instead of an orderly end.
    void reset() {
        socket_.set_option(boost::asio::socket_base::linger{true, 0});
        socket_.close();
    }

    /// Everything until the server closes; after a reset what came before it.
    std::string read_all() {
        while (receive()) {
        }
        return std::exchange(received_, {});
    }

    /// Everything up to and with `mark`; what came before the server closed if it never came.
    std::string read_until(std::string_view mark) {
        for (;;) {
            auto const found = received_.find(mark);
            if (found != std::string::npos) return take(found + mark.size());
            if (!receive()) return std::exchange(received_, {});
        }
    }

    /// One answer with a Content-Length.
    std::string read_answer() {
        auto answer = read_until("\r\n\r\n");
        auto const mark = answer.find("Content-Length: ");
        if (mark == std::string::npos) return answer;
        auto const length = std::stoul(answer.substr(mark + 16));
        while (received_.size() < length && receive()) {
        }
        return answer + take(length);
    }

    boost::asio::ip::tcp::socket& socket() { return socket_; }

private:
    /// Waits for more; false once the server has closed or patience is over.
    bool receive() {
        std::array<char, 65536> piece;
        auto const count = recv(socket_.native_handle(), piece.data(), piece.size(), 0);  // Asio's would wait forever.
        if (count > 0) received_.append(piece.data(), static_cast<std::size_t>(count));
        return count > 0;
    }

    std::string take(std::size_t bytes) {
        auto text = received_.substr(0, bytes);
        received_.erase(0, bytes);
        return text;
    }

    boost::asio::io_context context_;
    boost::asio::ip::tcp::socket socket_;
    std::string received_;
};

/// The status an answer begins with; 0 if there is no answer.
inline int status_of(std::string_view answer) {
    if (!answer.starts_with("HTTP/1.1 ") || answer.size() < 12) return 0;
    return std::stoi(std::string{answer.substr(9, 3)});
}

inline Response plain_refusal(Request const&, int status, std::string const& message) {
    return {status, {{"Content-Type", "text/plain"}}, message};
}

inline Task<Response> echo(Request request, std::shared_ptr<std::atomic<int>> calls) {
    ++*calls;
    co_return Response{200, {}, fmt::format("{} {} {}", request.verb, request.target, request.body)};
}

/// A started server that says what it was asked, and counts how often.
struct EchoServer {
    explicit EchoServer(ServerRules rules = {}, BodyLimit limit = {})
        : server{with_test_port(std::move(rules)),
                 [calls = calls](Request const& request) { return echo(request, calls); }, plain_refusal,
                 std::move(limit)} {
        server.start();
    }

    static ServerRules with_test_port(ServerRules rules) {
        rules.port = 0;
        if (rules.threads == 0) rules.threads = 1;
        return rules;
    }

    /// Sends bytes, ends, and gives everything that comes back.
    std::string ask(std::string_view bytes) {
        RawClient client{server.port()};
        client.send(bytes);
        client.finish_sending();
        return client.read_all();
    }

    std::shared_ptr<std::atomic<int>> calls = std::make_shared<std::atomic<int>>(0);
    Server server;
};

}  // namespace sallyport::http
