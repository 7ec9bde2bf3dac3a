// Finding: something wrong, or worth knowing, in a file of the project folder; and how findings are gathered.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::definition {

/// Where something stands in a file of the project folder.
struct Place {
    std::string file;        ///< Relative to the project folder.
    int line = 0;            ///< From 1; 0 where the file as a whole is meant.
    int column = 0;          ///< From 1, in bytes.
    std::string variable{};  ///< The NAME of the ${NAME} that stood there; "" for none.
};

struct Finding {
    enum class Kind : std::uint8_t { mistake, note };

    Kind kind = Kind::mistake;
    std::string file;  ///< Relative to the project folder.
    int line = 0;      ///< From 1; 0 where the file as a whole is meant.
    int column = 0;    ///< From 1, in bytes.
    std::string text;  ///< What is wrong.
    std::string hint;  ///< What to do; "" for none.
};

/// "common/models/note.json:12:5: unknown key \"propertys\"\n  hint: did you mean \"properties\"?"
std::string to_text(Finding const& finding);

/// Gathers findings, so that all are told at once.
class Findings {
public:
    Findings() = default;
    explicit Findings(std::vector<Finding> found) : found_{std::move(found)} {}

    /// Every mistake comes with a hint that says what to do.
    void mistake(Place const& place, std::string text, std::string hint);
    void note(Place const& place, std::string text, std::string hint = {});

    /// What was gathered, by file, line and column; empties this.
    std::vector<Finding> take();

private:
    std::vector<Finding> found_;
};

/// The candidate that `word` most likely misspells, by edit distance and without regard to case; "" if none is near.
std::string closest(std::string_view word, std::span<std::string const> candidates);

/// As closest(), but at most `most` letters away.
std::string closest_within(std::size_t most, std::string_view word, std::span<std::string const> candidates);

/// "did you mean \"X\"?", or "" if no candidate is near.
std::string did_you_mean(std::string_view word, std::span<std::string const> candidates);

/// "\"a\", \"b\" or \"c\""
std::string one_of(std::span<std::string const> words);

}  // namespace sallyport::definition
