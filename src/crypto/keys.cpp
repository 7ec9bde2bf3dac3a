// keys.json is {"codes": [{"id": "1f2e3d4c", "key": BASE64}], "passwords": [...], "sealing": [...], "identifiers":
// [...]}, the key in use first.

#include "crypto/keys.hpp"

#include "crypto/digest.hpp"
#include "crypto/random.hpp"
#include "sallyport/json.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace sallyport::crypto {
namespace {

constexpr std::array<std::string_view, 4> purpose_names{"codes", "passwords", "sealing", "identifiers"};

constexpr std::array rotated_purposes{Purpose::codes, Purpose::passwords, Purpose::sealing};

Key make_key() { return {.id = to_hex(random_bytes(4)), .bytes = random_bytes(32)}; }

Key read_key(Json const& entry, std::string_view purpose) {
    auto const& id = entry["id"];
    auto const& text = entry["key"];
    auto const is_id = id.is_string() && id.as_string().size() == 8 &&
                       id.as_string().find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!is_id) throw std::runtime_error{fmt::format("\"{}\": every key needs an \"id\" of 8 hex digits", purpose)};
    bool ok = text.is_string();
    auto bytes = ok ? from_base64(text.as_string(), ok) : std::string{};
    if (!ok || bytes.size() != 32) {
        throw std::runtime_error{
            fmt::format("\"{}\": \"key\" of {} must be 32 bytes in base64", purpose, id.as_string())};
    }
    return {.id = id.as_string(), .bytes = std::move(bytes)};
}

std::vector<Key> read_purpose(Json const& root, std::string_view purpose) {
    auto const& entries = root[purpose];
    if (!entries.is_array() || entries.as_array().empty()) {
        throw std::runtime_error{fmt::format("\"{}\" must be a list of at least one key", purpose)};
    }
    std::vector<Key> keys;
    for (auto const& entry : entries.as_array()) keys.push_back(read_key(entry, purpose));
    return keys;
}

void write_all(int file, std::string_view text) {
    while (!text.empty()) {
        auto const written = write(file, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) throw std::runtime_error{std::generic_category().message(errno)};
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    if (fsync(file) != 0) throw std::runtime_error{std::generic_category().message(errno)};
}

/// Writes a file that only its owner reads, durably; false if there is one.
bool write_new(std::filesystem::path const& file, std::string_view text) {
    auto const fail = [&](std::string const& cause) {
        return std::runtime_error{fmt::format("{}: {}", file.string(), cause)};
    };
    auto const descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0 && errno == EEXIST) return false;
    if (descriptor < 0) throw fail(std::generic_category().message(errno));
    try {
        write_all(descriptor, text);
    } catch (std::runtime_error const& error) {
        close(descriptor);
        throw fail(error.what());
    }
    close(descriptor);
    return true;
}

/// A name that was changed in it is durable afterwards.
void sync_folder(std::filesystem::path const& folder) {
    auto const descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return;
    fsync(descriptor);
    close(descriptor);
}

}  // namespace

KeysError::KeysError(std::string where, std::string fault, std::string hint)
    : std::runtime_error{fmt::format("{}: {}\n  hint: {}", where, fault, hint)},
      where_{std::move(where)},
      fault_{std::move(fault)},
      hint_{std::move(hint)} {}

Keys Keys::make() {
    Keys keys;
    for (auto& list : keys.of_) list.push_back(make_key());
    return keys;
}

Keys Keys::read(std::filesystem::path const& file) {
    struct stat found{};
    if (stat(file.c_str(), &found) != 0) {
        throw KeysError{file.string(), std::generic_category().message(errno), "`sallyport keys new` makes one"};
    }
    if (!S_ISREG(found.st_mode))
        throw KeysError{file.string(), "not a file", "move it away, and put your copy of the keys there"};
    if ((found.st_mode & 077) != 0)
        throw KeysError{file.string(), "others can read the keys", "chmod 600 " + file.string()};
    std::ifstream stream{file};
    std::string const text{std::istreambuf_iterator<char>{stream}, {}};
    if (stream.bad() || !stream.is_open())
        throw KeysError{file.string(), "cannot be read", "it must belong to the user that runs this program"};
    try {
        return parse(text);
    } catch (std::runtime_error const& error) {
        throw KeysError{file.string(), error.what(),
                        "put back your copy of it; only with an empty database may another take its place "
                        "(`sallyport keys new`)"};
    }
}

Keys Keys::parse(std::string_view text) {
    auto const root = parse_json(text);
    if (!root.is_object()) throw std::runtime_error{"keys must be a JSON object"};
    Keys keys;
    for (std::size_t i = 0; i < purpose_names.size(); ++i) keys.of_[i] = read_purpose(root, purpose_names[i]);
    return keys;
}

std::string Keys::text() const {
    auto root = Json::object();
    for (std::size_t i = 0; i < purpose_names.size(); ++i) {
        JsonArray entries;
        for (auto const& key : of_[i]) entries.push_back(JsonObject{{"id", key.id}, {"key", to_base64(key.bytes)}});
        root[purpose_names[i]] = std::move(entries);
    }
    return to_text(root) + "\n";
}

void Keys::save(std::filesystem::path const& file) const {
    if (!write_new(file, text())) {
        throw std::runtime_error{
            fmt::format("{} is there already\n  hint: keep it: without it the passwords, codes and sessions in the "
                        "database are worth nothing",
                        file.string())};
    }
}

void Keys::replace(std::filesystem::path const& file) const {
    auto const draft = std::filesystem::path{file}.concat(".new");
    std::filesystem::remove(draft);  // Of a process that died here.
    write_new(draft, text());
    std::error_code failed;
    std::filesystem::rename(draft, file, failed);
    if (failed) {
        std::filesystem::remove(draft);
        throw std::runtime_error{fmt::format("{} cannot be written: {}", file.string(), failed.message())};
    }
    sync_folder(file.has_parent_path() ? file.parent_path() : ".");
}

Keys Keys::rotated() const {
    auto keys = *this;
    for (auto const purpose : rotated_purposes) {
        auto& list = keys.of_[static_cast<std::size_t>(purpose)];
        list.insert(list.begin(), make_key());
    }
    return keys;
}

Key const& Keys::current(Purpose purpose) const { return of_[static_cast<std::size_t>(purpose)].front(); }

Key const* Keys::find(Purpose purpose, std::string_view id) const {
    auto const& list = of_[static_cast<std::size_t>(purpose)];
    auto const found = std::ranges::find(list, id, &Key::id);
    return found == list.end() ? nullptr : &*found;
}

std::string Keys::fingerprint() const {
    std::string all;
    for (std::size_t i = 0; i < purpose_names.size(); ++i) {
        for (auto const& key : of_[i]) all += fmt::format("{}:{}:{}\n", purpose_names[i], key.id, to_hex(key.bytes));
    }
    return to_hex(sha256(all)).substr(0, 32);
}

std::vector<std::string> Keys::earlier_fingerprints() const {
    auto keys = *this;
    auto const was_rotated = [&](Purpose purpose) { return keys.of_[static_cast<std::size_t>(purpose)].size() > 1; };
    std::vector<std::string> found;
    while (std::ranges::all_of(rotated_purposes, was_rotated)) {
        for (auto const purpose : rotated_purposes) {
            auto& list = keys.of_[static_cast<std::size_t>(purpose)];
            list.erase(list.begin());
        }
        found.push_back(keys.fingerprint());
    }
    return found;
}

}  // namespace sallyport::crypto
