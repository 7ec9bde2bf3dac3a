#include "sallyport/app.hpp"

#include "app/parts.hpp"

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>
#include <csignal>
#include <cstdio>
#include <stdexcept>

namespace sallyport {
namespace {

// Large buffers that are freed go back to the system page by page and fault in again on the next request: keep them.
void keep_freed_memory() {
    // NOLINTBEGIN(concurrency-mt-unsafe): called before there is another thread.
    mallopt(M_MMAP_THRESHOLD, 4 << 20);
    mallopt(M_TRIM_THRESHOLD, 16 << 20);
    // NOLINTEND(concurrency-mt-unsafe)
}

// As many open files as the system lets us have: connections are limited by what we decide, not by a shell's default.
void raise_file_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

// Passwords, codes and keys are in memory while they are used: it is written to no file, whatever happens, and no other
// process of the same user looks at it.
void keep_memory_private() { prctl(PR_SET_DUMPABLE, 0); }

// Certificates are renewed while the server runs; without one the signal means what it always does.
void reload_on_hangup(boost::asio::signal_set& hangup, app::Parts& parts) {
    hangup.async_wait([&](auto const& error, int) {
        if (error) return;
        parts.reload_certificate();
        reload_on_hangup(hangup, parts);
    });
}

}  // namespace

App::App(std::filesystem::path folder, AppSettings settings)
    : parts_{std::make_unique<app::Parts>(std::move(folder), std::move(settings))} {}

App::~App() = default;

Model& App::model(std::string_view name) { return parts_->models->get(name); }

void App::add_route(std::string verb, std::string path, Handler handler) {
    parts_->api_parts->plain_routes[{std::move(verb), std::move(path)}] = std::move(handler);
}

Task<Caller> App::caller_of(Request const& request) { co_return co_await parts_->tokens->identify(request); }

void App::add_role(std::string name, RoleResolver resolver) { parts_->roles[std::move(name)] = std::move(resolver); }

void App::set_sender(std::string channel, std::shared_ptr<Sender> sender) {
    parts_->senders[std::move(channel)] = std::move(sender);
}

int App::run() {
    std::signal(SIGPIPE, SIG_IGN);  // NOLINT(bugprone-signal-handler): ignored, nothing runs
    keep_freed_memory();
    keep_memory_private();
    raise_file_limit();
    boost::asio::io_context waiting;
    boost::asio::signal_set signals{waiting, SIGTERM, SIGINT};
    boost::asio::signal_set hangup{waiting};
    if (parts_->config.transport.tls) hangup.add(SIGHUP);
    start();
    auto const& config = parts_->config;
    auto const address = app::url_of(config.transport.tls ? "https" : "http", config.host, port());
    fmt::print("Web server listening at: {}\n", address);
    if (auto const plain = parts_->server->plain_port(); plain != 0)
        fmt::print("Plain HTTP, sent on to HTTPS: {}\n", app::url_of("http", config.host, plain));
    if (parts_->explorer) {
        fmt::print("Browse your REST API at {}{}\n", address, parts_->explorer->mount_path());
    }
    std::fflush(stdout);
    if (parts_->config.transport.tls) reload_on_hangup(hangup, *parts_);
    signals.async_wait([&](auto const&, int) { hangup.cancel(); });
    waiting.run();
    // A second signal while requests are answered ends the program at once.
    std::signal(SIGTERM, [](int) { _exit(1); });
    std::signal(SIGINT, [](int) { _exit(1); });
    stop();
    return 0;
}

void App::start() { parts_->start(); }
void App::stop() { parts_->stop(); }

int App::port() const { return parts_->server ? parts_->server->port() : 0; }

app::Parts& App::parts() { return *parts_; }

}  // namespace sallyport
