// A project folder of a test's own, gone when the test ends.

#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sallyport {

class Folder {
public:
    Folder() {
        auto pattern = (std::filesystem::temp_directory_path() / "sallyport-test-XXXXXX").string();
        if (!mkdtemp(pattern.data())) throw std::runtime_error{"no temporary folder"};
        path_ = pattern;
    }

    explicit Folder(std::map<std::string, std::string> const& files) : Folder{} {
        for (auto const& [name, text] : files) write(name, text);
    }

    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(Folder const&) = delete;
    Folder& operator=(Folder const&) = delete;

    std::filesystem::path const& path() const { return path_; }

    void write(std::string const& name, std::string_view text) const {
        std::filesystem::create_directories((path_ / name).parent_path());
        std::ofstream{path_ / name, std::ios::binary} << text;
    }

    std::string read(std::string const& name) const {
        std::ifstream file{path_ / name, std::ios::binary};
        return {std::istreambuf_iterator<char>{file}, {}};
    }

    bool has(std::string const& name) const { return std::filesystem::exists(path_ / name); }

private:
    std::filesystem::path path_;
};

}  // namespace sallyport
