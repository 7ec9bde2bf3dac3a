// What the two doors cost beside the hashing, what a session weighs, and what it takes to check one:
//   bench_doors FOLDER
// FOLDER is a copy of the bench app without a server. Prints one line of JSON: CPU time in microseconds, memory in MiB.

#include "app/parts.hpp"
#include "crypto/digest.hpp"
#include "crypto/password.hpp"
#include "sallyport/app.hpp"
#include "sallyport/testing.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <ctime>
#include <fstream>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace sallyport;

constexpr int logins = 200;
constexpr int accounts = 1000;  // Each may have 20 sessions.
constexpr int sessions_each = 20;
constexpr char const* email = "ann@bench.test";
constexpr char const* password = "correct horse battery";

// Of all threads of the process, in microseconds.
double cpu() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

double memory_mib() {
    std::ifstream rollup{"/proc/self/smaps_rollup"};
    for (std::string word; rollup >> word;) {
        if (word != "Pss:") continue;
        double kib = 0;
        rollup >> kib;
        return kib / 1024;
    }
    throw std::runtime_error{"no Pss in /proc/self/smaps_rollup"};
}

template <class Result>
Result wait_for(Task<Result> task) {
    boost::asio::io_context context;
    auto future = boost::asio::co_spawn(context, std::move(task), boost::asio::use_future);
    context.run();
    return future.get();
}

Json ask(App& app, std::string const& target, JsonObject body) {
    auto const response = test_support::ask(app, "POST", "/api/Employees" + target, Json{std::move(body)});
    if (response.status != 200) throw std::runtime_error{target + " was answered " + std::to_string(response.status)};
    return test_support::json_of(response);
}

void log_in(App& app, test_support::KeepingSender& console) {
    auto const challenge = ask(app, "/requestCode", {{"email", email}, {"password", password}})["challenge"];
    while (console.sent().empty()) std::this_thread::sleep_for(std::chrono::microseconds{200});
    auto const code = console.sent().back().secret;
    console.clear();
    ask(app, "/loginWithCode", {{"email", email}, {"twofactor", code}, {"challenge", challenge}});
}

// The hash of step one, on the threads that do it there, and for each step a keyed digest of the code.
void hash(app::Parts& parts, std::string const& stored) {
    if (wait_for(parts.hashing->check(password, stored)) != crypto::PasswordCheck::right)
        throw std::runtime_error{"the password is not right"};
    for (auto const* code : {"123456", "123457"}) crypto::hmac_sha256(stored, code);
}

struct Costs {
    double logins = 0;
    double hashing = 0;
};

// In turn, so that what else the machine does weighs on both alike.
Costs cost_of_logins(App& app, test_support::KeepingSender& console) {
    auto const stored = crypto::hash_password(app.parts().keys, password);
    Costs costs;
    for (int i = 0; i < logins; ++i) {
        auto const start = cpu();
        log_in(app, console);
        auto const between = cpu();
        hash(app.parts(), stored);
        costs.logins += (between - start) / logins;
        costs.hashing += (cpu() - between) / logins;
    }
    return costs;
}

Task<> mint_all(store::Transaction& transaction, auth::AccessTokens& issuer, std::vector<std::string>& tokens) {
    Request const request;
    for (int i = 0; i < accounts * sessions_each; ++i) {
        auto const proof = auth::ProofOf::password_and_code("Employee", Json{i % accounts + 1}, "console");
        tokens.push_back((co_await issuer.mint(transaction, proof, {}, request)).id);
    }
}

std::vector<std::string> open_sessions(app::Parts& parts) {
    std::vector<std::string> tokens;
    wait_for(parts.own_store->write(
        [&](store::Transaction& transaction) { return mint_all(transaction, *parts.tokens, tokens); }));
    return tokens;
}

Task<> check_all(App& app, std::vector<std::string> const& tokens) {
    Request request;
    for (auto const& token : tokens) {
        request.headers = {{"Authorization", token}};
        if (!(co_await app.parts().tokens->identify(request)).is_known()) throw std::runtime_error{"a session is gone"};
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: bench_doors FOLDER\n";
        return 2;
    }
    try {
        App app{argv[1], {.host = "127.0.0.1", .port = 0, .environment = {}, .make_keys = true, .clock = {}}};
        auto const console = std::make_shared<test_support::KeepingSender>();
        app.set_sender("console", console);
        test_support::lift_limits(app);
        app.start();
        ask(app, "", {{"email", email}, {"password", password}});
        log_in(app, *console);
        auto const [both_steps, hashing] = cost_of_logins(app, *console);

        auto const before = memory_mib();
        auto const tokens = open_sessions(app.parts());
        auto const start = cpu();
        wait_for(check_all(app, tokens));
        auto const check = (cpu() - start) / static_cast<double>(tokens.size());
        auto const sessions = memory_mib() - before;
        app.stop();
        std::cout << to_text(JsonObject{
                         {"logins", both_steps}, {"hashing", hashing}, {"sessions", sessions}, {"check", check}})
                  << '\n';
    } catch (std::exception const& error) {
        std::cerr << "bench_doors: " << error.what() << '\n';
        return 1;
    }
}
