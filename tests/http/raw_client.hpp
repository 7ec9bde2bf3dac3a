// A client that sends bytes as they are and shows what came back; and a server to send them to.

#pragma once

#include "http/server.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace sallyport::http {

class RawClient {
public:
    explicit RawClient(int port) : socket_{context_} {
        socket_.connect({boost::asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port)});
        timeval const patience{10, 0};  // So that a server that never answers fails the test and does not hang it.
        setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        setsockopt(socket_.native_handle(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
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
        boost::system::error_code error;
        boost::asio::read(socket_, boost::asio::dynamic_buffer(received_), error);
        return std::exchange(received_, {});
    }

    /// Everything up to and with `mark`; what came before the server closed if it never came.
    std::string read_until(std::string_view mark) {
        boost::system::error_code error;
        auto const end = boost::asio::read_until(socket_, boost::asio::dynamic_buffer(received_), mark, error);
        if (error) return std::exchange(received_, {});
        auto text = received_.substr(0, end);
        received_.erase(0, end);
        return text;
    }

    /// One answer with a Content-Length.
    std::string read_answer() {
        auto answer = read_until("\r\n\r\n");
        auto const mark = answer.find("Content-Length: ");
        if (mark == std::string::npos) return answer;
        auto const length = std::stoul(answer.substr(mark + 16));
        boost::system::error_code error;
        if (received_.size() < length) {
            boost::asio::read(socket_, boost::asio::dynamic_buffer(received_),
                              boost::asio::transfer_exactly(length - received_.size()), error);
        }
        answer += received_.substr(0, length);
        received_.erase(0, length);
        return answer;
    }

    boost::asio::ip::tcp::socket& socket() { return socket_; }

private:
    boost::asio::io_context context_;
    boost::asio::ip::tcp::socket socket_;
    std::string received_;
};

/// The status an answer begins with; 0 if there is no answer.
inline int status_of(std::string_view answer) {
    if (!answer.starts_with("HTTP/1.1 ") || answer.size() < 12) return 0;
    return std::stoi(std::string{answer.substr(9, 3)});
}

inline Response plain_refusal(int status, std::string const& message) {
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
