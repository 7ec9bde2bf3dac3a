// The app's keys: for code digests, the pepper of passwords, sealed secrets, identifiers. Kept outside the database.

#pragma once

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::crypto {

enum class Purpose : std::uint8_t { codes, passwords, sealing, identifiers };

struct Key {
    std::string id;     ///< 8 hex digits
    std::string bytes;  ///< 32 raw bytes
};

/// Keys that cannot be used; what() tells all three.
class KeysError : public std::runtime_error {
public:
    KeysError(std::string where, std::string fault, std::string hint);

    std::string const& where() const { return where_; }  ///< The file, or the variable.
    std::string const& fault() const { return fault_; }
    std::string const& hint() const { return hint_; }

private:
    std::string where_;
    std::string fault_;
    std::string hint_;
};

/// Keys by purpose; the first of each is used for new work, the others still open old work.
class Keys {
public:
    /// Fresh keys, one of each purpose.
    static Keys make();

    /// Reads keys.json. Throws KeysError if it is missing, malformed, or readable by others (mode & 077).
    static Keys read(std::filesystem::path const& file);

    /// The same from text. Throws std::runtime_error whose what() is the fault alone.
    static Keys parse(std::string_view text);

    /// Writes keys.json with mode 0600; throws std::runtime_error if the file exists.
    void save(std::filesystem::path const& file) const;

    /// Puts them in the place of what `file` held, as a whole: whatever happens, one whole file is there.
    void replace(std::filesystem::path const& file) const;

    /// These, with new keys for codes, passwords and sealing before the old ones, which still open what they closed.
    /// The key of identifiers stays: what is counted under it would be forgotten.
    Keys rotated() const;

    Key const& current(Purpose purpose) const;
    Key const* find(Purpose purpose, std::string_view id) const;

    /// Names these keys without telling them: stored in the database, so that a node with other keys is refused.
    std::string fingerprint() const;

    /// The fingerprints from before each rotation, the latest first.
    std::vector<std::string> earlier_fingerprints() const;

private:
    std::string text() const;  ///< As keys.json holds them.

    std::vector<Key> of_[4];
};

}  // namespace sallyport::crypto
