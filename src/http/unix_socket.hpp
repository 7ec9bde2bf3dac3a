// A Unix socket: how commands reach the server of a project folder, and nobody else does.

#pragma once

#include "sallyport/request.hpp"

#include <boost/asio/local/stream_protocol.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace sallyport::http {

/// Its address, however long the path to it: an address holds 108 bytes, so the folder is named by a descriptor.
class SocketAddress {
public:
    /// Throws std::system_error if the folder cannot be opened.
    explicit SocketAddress(std::filesystem::path const& socket);
    ~SocketAddress();
    SocketAddress(SocketAddress const&) = delete;
    SocketAddress& operator=(SocketAddress const&) = delete;

    std::string const& path() const { return path_; }  ///< Good as long as this object lives.

private:
    int folder_;
    std::string path_;
};

/// Listens there; only this user may connect, from the first moment. Takes the place of a socket that nobody listens
/// on.
///
/// Throws std::runtime_error naming it if somebody does, or if it cannot be made.
boost::asio::local::stream_protocol::acceptor listen_on(boost::asio::io_context& context,
                                                        std::filesystem::path const& socket);

/// Asks the server on a socket, and waits for its answer; nothing where no server listens there. Blocks.
///
/// Throws std::runtime_error for one that gives no answer.
std::optional<Response> ask(std::filesystem::path const& socket, Request const& request);

}  // namespace sallyport::http
