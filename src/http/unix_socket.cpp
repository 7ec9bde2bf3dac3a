#include "http/unix_socket.hpp"

#include <curl/curl.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <stdexcept>
#include <system_error>

namespace sallyport::http {
namespace {

namespace local = boost::asio::local;

std::runtime_error cannot(std::filesystem::path const& socket, std::string const& why) {
    return std::runtime_error{fmt::format("cannot listen on {}: {}", socket.string(), why)};
}

bool has_listener(boost::asio::io_context& context, std::string const& path) {
    local::stream_protocol::socket probe{context};
    boost::system::error_code error;
    probe.connect(local::stream_protocol::endpoint{path}, error);
    return !error;
}

/// One request of libcurl's over a socket.
struct Asking {
    std::unique_ptr<CURL, void (*)(CURL*)> easy{curl_easy_init(), &curl_easy_cleanup};
    std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers{nullptr, &curl_slist_free_all};

    template <class Value>
    void set(CURLoption option, Value value) {
        if (auto const failed = curl_easy_setopt(easy.get(), option, value); failed != CURLE_OK)
            throw std::runtime_error{curl_easy_strerror(failed)};
    }
};

std::size_t append(char* bytes, std::size_t, std::size_t count, void* text) {
    static_cast<std::string*>(text)->append(bytes, count);
    return count;
}

}  // namespace

SocketAddress::SocketAddress(std::filesystem::path const& socket) {
    auto const folder = socket.has_parent_path() ? socket.parent_path() : std::filesystem::path{"."};
    folder_ = open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder_ < 0) throw std::system_error{errno, std::generic_category(), folder.string()};
    path_ = fmt::format("/proc/self/fd/{}/{}", folder_, socket.filename().string());
}

SocketAddress::~SocketAddress() { close(folder_); }

local::stream_protocol::acceptor listen_on(boost::asio::io_context& context, std::filesystem::path const& socket) {
    try {
        SocketAddress const address{socket};
        if (has_listener(context, address.path())) throw cannot(socket, "another server listens there");
        std::error_code missing;
        if (std::filesystem::is_socket(address.path(), missing)) unlink(address.path().c_str());
        local::stream_protocol::acceptor acceptor{context, local::stream_protocol{}};
        // Linux gives the file the mode that its socket has: no moment in which others could connect.
        fchmod(acceptor.native_handle(), S_IRUSR | S_IWUSR);
        acceptor.bind(local::stream_protocol::endpoint{address.path()});
        acceptor.listen();
        return acceptor;
    } catch (std::system_error const& error) {
        throw cannot(socket, error.code().message());
    } catch (boost::system::system_error const& error) {
        throw cannot(socket, error.code().message() + "\n  hint: may this program write to the folder?");
    }
}

std::optional<Response> ask(std::filesystem::path const& socket, Request const& request) {
    std::error_code missing;
    if (!std::filesystem::is_socket(socket, missing)) return std::nullopt;
    SocketAddress const address{socket};
    Asking asking;
    std::string reply;
    auto const url = "http://localhost" + request.target;
    asking.set(CURLOPT_UNIX_SOCKET_PATH, address.path().c_str());
    asking.set(CURLOPT_URL, url.c_str());
    asking.set(CURLOPT_CUSTOMREQUEST, request.verb.c_str());
    asking.set(CURLOPT_POSTFIELDS, request.body.c_str());
    asking.set(CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
    asking.headers.reset(curl_slist_append(nullptr, "Content-Type: application/json"));
    asking.set(CURLOPT_HTTPHEADER, asking.headers.get());
    asking.set(CURLOPT_NOSIGNAL, 1L);
    asking.set(CURLOPT_PROXY, "");
    asking.set(CURLOPT_WRITEFUNCTION, &append);
    asking.set(CURLOPT_WRITEDATA, static_cast<void*>(&reply));
    auto const code = curl_easy_perform(asking.easy.get());
    if (code == CURLE_COULDNT_CONNECT) return std::nullopt;
    if (code != CURLE_OK) {
        throw std::runtime_error{fmt::format("the server behind {} gave no answer: {}\n  hint: look at its log",
                                             socket.string(), curl_easy_strerror(code))};
    }
    long status = 0;
    curl_easy_getinfo(asking.easy.get(), CURLINFO_RESPONSE_CODE, &status);
    Response response;
    response.status = static_cast<int>(status);
    response.body = std::move(reply);
    return response;
}

}  // namespace sallyport::http
