#include "app/keys_file.hpp"

#include "app/config.hpp"

#include <optional>
#include <stdexcept>
#include <string>

namespace sallyport::app {

namespace fs = std::filesystem;

namespace {

crypto::Keys parse_variable(std::string const& text) {
    try {
        return crypto::Keys::parse(text);
    } catch (std::runtime_error const& error) {
        throw crypto::KeysError{"SALLYPORT_KEYS", error.what(),
                                "this variable takes the text of a keys.json; `sallyport keys new` makes one"};
    }
}

std::optional<fs::path> credential_file() {
    auto const directory = process_environment("CREDENTIALS_DIRECTORY");
    if (!directory) return std::nullopt;
    auto const file = fs::path{*directory} / "sallyport-keys";
    return fs::exists(file) ? std::optional{file} : std::nullopt;
}

}  // namespace

bool are_keys_missing(fs::path const& folder) {
    return !process_environment("SALLYPORT_KEYS") && !credential_file() && !fs::exists(folder / "keys.json");
}

crypto::Keys read_keys(fs::path const& folder, bool make_missing) {
    if (auto const text = process_environment("SALLYPORT_KEYS")) return parse_variable(*text);
    if (auto const credential = credential_file()) return crypto::Keys::read(*credential);
    auto const file = folder / "keys.json";
    if (!fs::exists(file)) {
        if (!make_missing) {
            throw std::runtime_error{
                "keys.json is missing from " + folder.string() +
                "\n  hint: `sallyport keys new` or `sallyport run --make-keys` makes one; keep a copy, the database is "
                "of no use without it"};
        }
        crypto::Keys::make().save(file);
    }
    return crypto::Keys::read(file);
}

void rotate_keys(fs::path const& folder) {
    if (process_environment("SALLYPORT_KEYS") || credential_file()) {
        throw std::runtime_error{
            "the keys are not in keys.json\n  hint: rotate them where they are kept: put a new "
            "{\"id\", \"key\"} first in \"codes\", \"passwords\" and \"sealing\""};
    }
    auto const file = folder / "keys.json";
    crypto::Keys::read(file).rotated().replace(file);
}

}  // namespace sallyport::app
