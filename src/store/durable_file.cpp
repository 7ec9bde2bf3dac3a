#include "store/durable_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <span>
#include <system_error>
#include <utility>

namespace sallyport::store {
namespace {

namespace fs = std::filesystem;

class Descriptor {
public:
    Descriptor(fs::path file, int flags)
        : file_{std::move(file)}, number_{open(file_.c_str(), flags | O_CLOEXEC, 0600)} {
        if (number_ < 0) fail();
    }
    ~Descriptor() { close(number_); }
    Descriptor(Descriptor const&) = delete;
    Descriptor& operator=(Descriptor const&) = delete;

    /// How many bytes came; 0 at the end.
    std::size_t read_into(std::span<char> room) {
        ssize_t count = 0;
        do count = read(number_, room.data(), room.size());
        while (count < 0 && errno == EINTR);
        if (count < 0) fail();
        return static_cast<std::size_t>(count);
    }

    void write_all(std::string_view text) {
        while (!text.empty()) {
            auto const written = write(number_, text.data(), text.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) fail();
            text.remove_prefix(static_cast<std::size_t>(written));
        }
    }

    void sync() {
        if (fsync(number_) != 0) fail();
    }

private:
    [[noreturn]] void fail() const { throw std::system_error{errno, std::generic_category(), file_.string()}; }

    fs::path file_;
    int number_;
};

constexpr int made_new = O_WRONLY | O_CREAT | O_EXCL;

}  // namespace

void make_private_file(fs::path const& file) { Descriptor const made{file, made_new}; }

void write_private_file(fs::path const& file, std::string_view text) {
    Descriptor made{file, made_new};
    made.write_all(text);
    made.sync();
    sync(folder_of(file));
}

void copy_private_file(fs::path const& from, fs::path const& to) {
    Descriptor source{from, O_RDONLY};
    Descriptor made{to, made_new};
    std::array<char, 65536> part{};
    while (auto const count = source.read_into(part)) made.write_all({part.data(), count});
    made.sync();
}

void sync(fs::path const& path) { Descriptor{path, O_RDONLY}.sync(); }

void rename_durably(fs::path const& from, fs::path const& to) {
    fs::rename(from, to);
    sync(folder_of(to));
}

fs::path folder_of(fs::path const& file) { return file.has_parent_path() ? file.parent_path() : "."; }

}  // namespace sallyport::store
