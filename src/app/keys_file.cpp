#include "app/keys_file.hpp"

#include "app/config.hpp"
#include "crypto/digest.hpp"
#include "crypto/random.hpp"
#include "sallyport/json.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace sallyport::app {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view rotated[] = {"codes", "passwords", "sealing"};

crypto::Keys parse_variable(std::string const& text) {
    try {
        return crypto::Keys::parse(text);
    } catch (std::exception const& error) {
        throw std::runtime_error{std::string{"the variable SALLYPORT_KEYS does not hold keys: "} + error.what() +
                                 "\n  hint: it takes the text of a keys.json; `sallyport keys new` makes one"};
    }
}

std::optional<fs::path> credential_file() {
    auto const directory = process_environment("CREDENTIALS_DIRECTORY");
    if (!directory) return std::nullopt;
    auto const file = fs::path{*directory} / "sallyport-keys";
    return fs::exists(file) ? std::optional{file} : std::nullopt;
}

std::string text_of(fs::path const& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::string keys_text(fs::path const& folder) {
    if (auto text = process_environment("SALLYPORT_KEYS")) return *text;
    return text_of(credential_file().value_or(folder / "keys.json"));
}

// Written beside it, made durable and renamed: whatever happens, one whole file is there.
void replace(fs::path const& file, std::string_view text) {
    auto const fail = [&] {
        return std::runtime_error{
            fmt::format("{} cannot be written: {}", file.string(), std::generic_category().message(errno))};
    };
    auto const draft = fs::path{file}.concat(".new");
    std::error_code ignored;
    fs::remove(draft, ignored);
    auto const descriptor = open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) throw fail();
    auto const written = write(descriptor, text.data(), text.size());
    bool const is_good = written == static_cast<ssize_t>(text.size()) && fsync(descriptor) == 0;
    close(descriptor);
    if (!is_good || std::rename(draft.c_str(), file.c_str()) != 0) {
        auto const failure = fail();
        fs::remove(draft, ignored);
        throw failure;
    }
    auto const folder = file.has_parent_path() ? file.parent_path() : fs::path{"."};
    if (auto const entry = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); entry >= 0) {
        fsync(entry);
        close(entry);
    }
}

}  // namespace

crypto::Keys read_keys(fs::path const& folder, bool make_missing) {
    if (auto const text = process_environment("SALLYPORT_KEYS")) return parse_variable(*text);
    if (auto const credential = credential_file()) return crypto::Keys::read(*credential);
    auto const file = folder / "keys.json";
    if (!fs::exists(file)) {
        if (!make_missing) {
            throw std::runtime_error{
                "keys.json is missing from " + folder.string() +
                "\n  hint: `sallyport keys new` makes one; keep a copy, the database is of no use without it"};
        }
        crypto::Keys::make().save(file);
    }
    return crypto::Keys::read(file);
}

std::vector<std::string> earlier_fingerprints(fs::path const& folder) {
    auto root = parse_json(keys_text(folder));
    std::vector<std::string> found;
    auto const was_rotated = [&](std::string_view purpose) { return root[purpose].as_array().size() > 1; };
    while (std::ranges::all_of(rotated, was_rotated)) {
        for (auto const purpose : rotated) {
            auto& keys = root[purpose].as_array();
            keys.erase(keys.begin());
        }
        found.push_back(crypto::Keys::parse(to_text(root)).fingerprint());
    }
    return found;
}

void rotate_keys(fs::path const& folder) {
    if (process_environment("SALLYPORT_KEYS") || credential_file()) {
        throw std::runtime_error{
            "the keys are not in keys.json\n  hint: rotate them where they are kept: put a new "
            "{\"id\", \"key\"} first in \"codes\", \"passwords\" and \"sealing\""};
    }
    auto const file = folder / "keys.json";
    crypto::Keys::read(file);  // Sound, and nobody else's to read.
    auto root = parse_json(text_of(file));
    for (auto const purpose : rotated) {
        auto& keys = root[purpose].as_array();
        keys.insert(keys.begin(), JsonObject{{"id", crypto::to_hex(crypto::random_bytes(4))},
                                             {"key", crypto::to_base64(crypto::random_bytes(32))}});
    }
    replace(file, to_text(root) + "\n");
}

}  // namespace sallyport::app
