// A transfer is set up on the caller's thread, run by the one thread that owns libcurl's multi handle, and answered on
// the caller's executor.

#include "http/outbound.hpp"

#include "http/network.hpp"

#include <curl/curl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>

namespace sallyport::http {
namespace {

constexpr long idle_seconds = 30;  // A connection unused for longer may be closed just as we write on it.
constexpr long most_connections = 16;
constexpr int longest_poll_ms = 60'000;  // Until woken, or until libcurl itself has something to do.

/// One exchange with another server.
struct Transfer {
    std::unique_ptr<CURL, void (*)(CURL*)> easy{curl_easy_init(), &curl_easy_cleanup};
    std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers{nullptr, &curl_slist_free_all};
    std::unique_ptr<curl_slist, void (*)(curl_slist*)> recipients{nullptr, &curl_slist_free_all};
    OutboundRules rules;
    std::string outgoing;
    std::size_t taken = 0;  ///< Bytes of `outgoing` that libcurl has.
    std::string reply;
    std::chrono::steady_clock::time_point begun;
    bool is_greeted = false;  ///< By a mail server: it has said something.
    bool is_refused_address = false;
    bool is_too_long = false;
    CURLcode code = CURLE_OK;
    std::function<void()> resume;

    template <class Value>
    void set(CURLoption option, Value value) {
        if (auto const failed = curl_easy_setopt(easy.get(), option, value); failed != CURLE_OK)
            throw OutboundFailure{OutboundFailure::Sent::no, 0, curl_easy_strerror(failed)};
    }

    long info(CURLINFO which) const {
        long value = 0;
        curl_easy_getinfo(easy.get(), which, &value);
        return value;
    }

    /// When a mail server that is connected must have said something; nothing if it has, or need not.
    std::optional<std::chrono::steady_clock::time_point> greeting_due() const {
        curl_off_t connected = 0;  // Microseconds after the begin; 0 until then, and where a connection is used again.
        curl_easy_getinfo(easy.get(), CURLINFO_CONNECT_TIME_T, &connected);
        if (rules.greeting_time.count() == 0 || is_greeted || connected == 0) return std::nullopt;
        return begun + std::chrono::microseconds{connected} + rules.greeting_time;
    }
};

void add(std::unique_ptr<curl_slist, void (*)(curl_slist*)>& list, std::string const& line) {
    auto* const head = curl_slist_append(list.get(), line.c_str());  // The list it was given, or a new one.
    if (head == nullptr) throw std::bad_alloc{};
    if (!list) list.reset(head);
}

std::size_t take_reply(char* bytes, std::size_t, std::size_t count, void* context) {
    auto& transfer = *static_cast<Transfer*>(context);
    if (transfer.reply.size() + count > transfer.rules.max_reply) {
        transfer.is_too_long = true;
        return 0;
    }
    transfer.reply.append(bytes, count);
    return count;
}

std::size_t note_greeting(char*, std::size_t, std::size_t count, void* context) {
    static_cast<Transfer*>(context)->is_greeted = true;
    return count;
}

std::size_t give_outgoing(char* buffer, std::size_t, std::size_t room, void* context) {
    auto& transfer = *static_cast<Transfer*>(context);
    auto const count = std::min(room, transfer.outgoing.size() - transfer.taken);
    std::copy_n(transfer.outgoing.data() + transfer.taken, count, buffer);
    transfer.taken += count;
    return count;
}

// libcurl would send a request again, on a new connection, where one it reused was closed without an answer. The other
// side may have acted on the first: what has been handed out is not handed out again.
int refuse_rewind(void* context, curl_off_t offset, int) {
    auto const& transfer = *static_cast<Transfer*>(context);
    return transfer.taken == static_cast<std::size_t>(offset) ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

std::string text_of(sockaddr const& address) {
    namespace ip = boost::asio::ip;
    if (address.sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address, sizeof v4);
        return ip::make_address_v4(ntohl(v4.sin_addr.s_addr)).to_string();
    }
    if (address.sa_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &address, sizeof v6);
        ip::address_v6::bytes_type bytes;
        std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
        return ip::make_address_v6(bytes).to_string();
    }
    return {};
}

// Asked with the very address that is connected to: no name can stand for one address here and another later.
curl_socket_t open_socket(void* context, curlsocktype, curl_sockaddr* address) {
    auto& transfer = *static_cast<Transfer*>(context);
    if (!transfer.rules.allow_private && !is_public_address(text_of(address->addr))) {
        transfer.is_refused_address = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::shared_ptr<Transfer> prepare(std::string const& url, OutboundRules rules, char const* protocols) {
    auto transfer = std::make_shared<Transfer>();
    if (!transfer->easy) throw std::bad_alloc{};
    transfer->rules = std::move(rules);
    auto& t = *transfer;
    t.set(CURLOPT_URL, url.c_str());
    t.set(CURLOPT_PROTOCOLS_STR, protocols);
    t.set(CURLOPT_FOLLOWLOCATION, 0L);
    t.set(CURLOPT_NOPROXY, "*");
    t.set(CURLOPT_NOSIGNAL, 1L);
    t.set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(t.rules.connect_time.count()));
    t.set(CURLOPT_TIMEOUT_MS, static_cast<long>(t.rules.deadline.count()));
    t.set(CURLOPT_MAXAGE_CONN, idle_seconds);
    t.set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!t.rules.certificate_authorities.empty()) {
        t.set(CURLOPT_CAINFO, t.rules.certificate_authorities.c_str());
        t.set(CURLOPT_CAPATH, static_cast<char const*>(nullptr));
    }
    t.set(CURLOPT_OPENSOCKETFUNCTION, &open_socket);
    t.set(CURLOPT_OPENSOCKETDATA, transfer.get());
    t.set(CURLOPT_WRITEFUNCTION, &take_reply);
    t.set(CURLOPT_WRITEDATA, transfer.get());
    t.set(CURLOPT_READFUNCTION, &give_outgoing);
    t.set(CURLOPT_READDATA, transfer.get());
    t.set(CURLOPT_SEEKFUNCTION, &refuse_rewind);
    t.set(CURLOPT_SEEKDATA, transfer.get());
    t.set(CURLOPT_PRIVATE, transfer.get());
    return transfer;
}

std::shared_ptr<Transfer> prepare(OutboundRequest request, OutboundRules rules) {
    auto const* protocols = rules.allow_private ? "http,https" : "https";
    auto transfer = prepare(request.url, std::move(rules), protocols);
    auto& t = *transfer;
    t.outgoing = std::move(request.body);
    t.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    if (request.verb == "GET") {
        t.set(CURLOPT_HTTPGET, 1L);
        t.set(CURLOPT_FRESH_CONNECT, 1L);  // Nothing to rewind: libcurl would send it again (see refuse_rewind).
        t.set(CURLOPT_FORBID_REUSE, 1L);
    } else {
        t.set(CURLOPT_POST, 1L);
        t.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(t.outgoing.size()));
        t.set(CURLOPT_CUSTOMREQUEST, request.verb.c_str());
    }
    for (auto const& [name, value] : request.headers) add(t.headers, fmt::format("{}: {}", name, value));
    add(t.headers, "Expect:");  // No round trip before a body this small.
    t.set(CURLOPT_HTTPHEADER, t.headers.get());
    return transfer;
}

std::shared_ptr<Transfer> prepare(OutboundMail mail, OutboundRules rules) {
    auto transfer = prepare(mail.url, std::move(rules), "smtp,smtps");
    auto& t = *transfer;
    t.outgoing = std::move(mail.letter);
    t.set(CURLOPT_USE_SSL, static_cast<long>(mail.requires_tls ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    if (!mail.user.empty()) {
        t.set(CURLOPT_USERNAME, mail.user.c_str());
        t.set(CURLOPT_PASSWORD, mail.password.c_str());
    }
    t.set(CURLOPT_MAIL_FROM, ("<" + mail.from + ">").c_str());
    add(t.recipients, "<" + mail.to + ">");
    t.set(CURLOPT_MAIL_RCPT, t.recipients.get());
    t.set(CURLOPT_UPLOAD, 1L);
    t.set(CURLOPT_HEADERFUNCTION, &note_greeting);  // Every reply of the server is a header to libcurl.
    t.set(CURLOPT_HEADERDATA, transfer.get());
    return transfer;
}

bool may_have_left(Transfer const& transfer) { return transfer.taken > 0 || transfer.info(CURLINFO_REQUEST_SIZE) > 0; }

std::string reason_of(Transfer const& transfer) {
    if (transfer.is_refused_address) return "the address is not a public one";
    if (transfer.is_too_long) return "the reply is too long";
    return curl_easy_strerror(transfer.code);
}

}  // namespace

OutboundFailure::OutboundFailure(Sent sent, int status, std::string const& text)
    : std::runtime_error{text}, sent_{sent}, status_{status} {}

class Outbound::Worker {
public:
    Worker() {
        static auto const ready = curl_global_init(CURL_GLOBAL_DEFAULT);
        multi_ = ready == CURLE_OK ? curl_multi_init() : nullptr;
        if (multi_ == nullptr) throw std::runtime_error{"libcurl cannot start"};
        curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, most_connections);
        thread_ = std::thread{[this] { run(); }};
    }

    ~Worker() {
        {
            std::lock_guard const lock{mutex_};
            is_stopping_ = true;
        }
        curl_multi_wakeup(multi_);
        thread_.join();
        curl_multi_cleanup(multi_);
    }

    Worker(Worker const&) = delete;
    Worker& operator=(Worker const&) = delete;

    /// Returns on the caller's executor when the transfer is over.
    Task<> run(std::shared_ptr<Transfer> transfer) {
        co_await boost::asio::async_initiate<boost::asio::use_awaitable_t<> const, void()>(
            [this](auto handler, std::shared_ptr<Transfer> started) {
                auto shared = std::make_shared<decltype(handler)>(std::move(handler));
                started->resume = [shared] {
                    auto executor = boost::asio::get_associated_executor(*shared);
                    boost::asio::post(executor, std::move(*shared));
                };
                submit(std::move(started));
            },
            boost::asio::use_awaitable, transfer);
    }

private:
    void submit(std::shared_ptr<Transfer> transfer) {
        {
            std::lock_guard const lock{mutex_};
            arrived_.push_back(std::move(transfer));
        }
        curl_multi_wakeup(multi_);
    }

    void run() {
        pthread_setname_np(pthread_self(), "outbound");
        while (welcome()) {
            int running = 0;
            curl_multi_perform(multi_, &running);
            settle();
            curl_multi_poll(multi_, nullptr, 0, leave_the_silent(), nullptr);
        }
        for (auto& [easy, transfer] : running_) {
            curl_multi_remove_handle(multi_, easy);
            finish(*transfer, CURLE_ABORTED_BY_CALLBACK);
        }
    }

    /// Starts what has arrived; false once nothing more will be.
    bool welcome() {
        std::lock_guard const lock{mutex_};
        for (auto& transfer : arrived_) {
            auto* easy = transfer->easy.get();
            transfer->begun = std::chrono::steady_clock::now();
            curl_multi_add_handle(multi_, easy);
            running_.emplace(easy, std::move(transfer));
        }
        arrived_.clear();
        return !is_stopping_;
    }

    void settle() {
        int left = 0;
        while (auto const* message = curl_multi_info_read(multi_, &left)) {
            if (message->msg != CURLMSG_DONE) continue;
            auto const code = message->data.result;
            auto const found = running_.find(message->easy_handle);
            curl_multi_remove_handle(multi_, found->first);
            finish(*found->second, code);
            running_.erase(found);
        }
    }

    /// Lets time run out for mail servers that do not greet; returns the milliseconds until that must be looked at
    /// again. libcurl itself then gives up: of a transfer taken from it, it would take leave (QUIT), and wait for an
    /// answer.
    int leave_the_silent() {
        using namespace std::chrono;
        auto const now = steady_clock::now();
        auto next = now + milliseconds{longest_poll_ms};
        for (auto& [easy, transfer] : running_) {
            auto const due = transfer->greeting_due();
            if (due) next = std::min(next, std::max(*due, now));
            if (due && *due <= now) curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 1L);
        }
        return static_cast<int>(ceil<milliseconds>(next - now).count());
    }

    static void finish(Transfer& transfer, CURLcode code) {
        transfer.code = code;
        transfer.resume();
        transfer.resume = nullptr;
    }

    CURLM* multi_ = nullptr;
    std::mutex mutex_;
    std::vector<std::shared_ptr<Transfer>> arrived_;
    std::map<CURL*, std::shared_ptr<Transfer>> running_;
    bool is_stopping_ = false;
    std::thread thread_;
};

Outbound::Outbound() = default;
Outbound::~Outbound() = default;

Outbound::Worker& Outbound::worker() {
    std::call_once(started_, [this] { worker_ = std::make_unique<Worker>(); });
    return *worker_;
}

Task<OutboundReply> Outbound::send(OutboundRequest request, OutboundRules rules) {
    auto const transfer = prepare(std::move(request), std::move(rules));
    co_await worker().run(transfer);
    if (transfer->code != CURLE_OK) {
        auto const sent = may_have_left(*transfer) ? OutboundFailure::Sent::maybe : OutboundFailure::Sent::no;
        throw OutboundFailure{sent, 0, reason_of(*transfer)};
    }
    co_return OutboundReply{static_cast<int>(transfer->info(CURLINFO_RESPONSE_CODE)), std::move(transfer->reply)};
}

Task<> Outbound::mail(OutboundMail mail, OutboundRules rules) {
    auto const transfer = prepare(std::move(mail), std::move(rules));
    co_await worker().run(transfer);
    if (transfer->code == CURLE_OK) co_return;
    auto const status = static_cast<int>(transfer->info(CURLINFO_RESPONSE_CODE));
    auto const is_refused = status >= 400;
    auto const sent = transfer->taken > 0 && !is_refused ? OutboundFailure::Sent::maybe : OutboundFailure::Sent::no;
    throw OutboundFailure{sent, is_refused ? status : 0, reason_of(*transfer)};
}

}  // namespace sallyport::http
