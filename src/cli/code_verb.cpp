// The verb that makes and checks one-time codes, as an authenticator and its server would.

#include "cli/verb.hpp"
#include "sallyport/clock.hpp"
#include "sallyport/one_time_code.hpp"

#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>

namespace sallyport::cli {
namespace {

/// What the options are read into; it lives as long as the verb.
struct CodeOptions {
    std::string secret;
    bool is_new = false;
    std::string encoding = "base32";
    std::optional<std::uint64_t> counter;
    std::optional<std::int64_t> time;
    CodeShape shape;
    std::string algorithm = "SHA1";
    TimeSteps steps;
    int count = 1;
    std::string code;
    int window = 0;
    std::string label;
};

OneTimeSecret read_secret(CodeOptions const& options) {
    auto text = options.secret;
    if (text == "-") std::getline(std::cin, text);
    if (options.encoding == "hex") return OneTimeSecret::from_hex(text);
    return options.encoding == "ascii" ? OneTimeSecret::from_ascii(text) : OneTimeSecret::from_base32(text);
}

// "Company:ann@company.test"
CodeLabel read_label(std::string const& text) {
    auto const colon = text.find(':');
    if (colon == std::string::npos) return {.issuer = {}, .account = text};
    return {.issuer = text.substr(0, colon), .account = text.substr(colon + 1)};
}

CodeHash hash_named(std::string const& name) {
    if (name == "SHA512") return CodeHash::sha512;
    return name == "SHA256" ? CodeHash::sha256 : CodeHash::sha1;
}

std::int64_t time_of(CodeOptions const& options) { return options.time.value_or(SystemClock{}.now() / 1000); }

int verify(CodeOptions const& options, OneTimeSecret const& secret, Streams const& streams) {
    auto const delta =
        options.counter
            ? verify_hotp(secret, options.code, *options.counter, options.window, options.shape)
            : verify_totp(secret, options.code, time_of(options), {.before = options.window, .after = options.window},
                          options.shape, options.steps);
    if (!delta) throw std::runtime_error{"the code is wrong\n  hint: --window N takes codes up to N steps away"};
    streams.out << *delta << '\n';
    return 0;
}

int print(CodeOptions const& options, OneTimeSecret const& secret, Streams const& streams) {
    auto const first = options.counter ? *options.counter : time_step(time_of(options), options.steps);
    for (int i = 0; i < options.count; ++i)
        streams.out << hotp(secret, first + static_cast<std::uint64_t>(i), options.shape) << '\n';
    return 0;
}

int make_secret(CodeOptions const& options, Streams const& streams) {
    auto const secret = OneTimeSecret::random();
    streams.out << secret.to_base32() << '\n';
    if (!options.label.empty()) streams.out << otpauth_uri(secret, read_label(options.label), options.shape) << '\n';
    return 0;
}

int print_uri(CodeOptions const& options, OneTimeSecret const& secret, Streams const& streams) {
    auto const label = read_label(options.label);
    streams.out << (options.counter ? otpauth_uri_of_counter(secret, label, *options.counter, options.shape)
                                    : otpauth_uri(secret, label, options.shape, options.steps))
                << '\n';
    return 0;
}

int work_on_code(CodeOptions& options, Streams const& streams) {
    options.shape.hash = hash_named(options.algorithm);
    if (options.counter && options.time)
        throw UsageError{"a code is by --counter or by --time\n  hint: sallyport code --help"};
    if (options.is_new == !options.secret.empty())
        throw UsageError{"a SECRET is needed, or --new to make one\n  hint: sallyport code --help"};
    if (options.is_new) return make_secret(options, streams);
    auto const secret = read_secret(options);
    if (!options.label.empty()) return print_uri(options, secret, streams);
    return options.code.empty() ? print(options, secret, streams) : verify(options, secret, streams);
}

}  // namespace

void add_code(CLI::App& app, Streams const& streams) {
    auto* verb = add_verb(app, "code", "make or check one-time codes (TOTP, HOTP)",
                          "sallyport code GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ --time 59");
    auto const options = std::make_shared<CodeOptions>();
    verb->add_option("SECRET", options->secret, "the secret; - reads it from standard input");
    verb->add_flag("--new", options->is_new, "make a secret");
    verb->add_option("--encoding", options->encoding, "of the secret: base32, hex, ascii")
        ->type_name("WORD")
        ->check(CLI::IsMember({"base32", "hex", "ascii"}));
    verb->add_option("--counter", options->counter, "a code by counter (HOTP), not by time");
    verb->add_option("--time", options->time, "seconds since 1970; now if left out");
    verb->add_option("--period", options->steps.period, "seconds a code lasts")->capture_default_str();
    verb->add_option("--digits", options->shape.digits, "6 to 8")->capture_default_str();
    verb->add_option("--algorithm", options->algorithm, "SHA1, SHA256, SHA512")
        ->type_name("WORD")
        ->check(CLI::IsMember({"SHA1", "SHA256", "SHA512"}));
    verb->add_option("--count", options->count, "how many codes in a row, at most 1000")
        ->type_name("INT")
        ->check(CLI::Range(1, 1000));
    verb->add_option("--verify", options->code, "check this code, and print how far off it is");
    verb->add_option("--window", options->window, "how far off it may be")->capture_default_str();
    verb->add_option("--uri", options->label, "print what a QR code holds")->type_name("ISSUER:ACCOUNT");
    verb->callback(
        [options, streams] { streams.work = [options, streams] { return work_on_code(*options, streams); }; });
}

}  // namespace sallyport::cli
