#include "definition/finding.hpp"

#include "sallyport/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <numeric>
#include <tuple>
#include <utility>

namespace sallyport::definition {
namespace {

/// Levenshtein's distance, where a swap of neighbours counts once, and case not at all.
std::size_t distance(std::string_view from, std::string_view to) {
    std::vector<std::size_t> before(to.size() + 1);
    std::vector<std::size_t> last(to.size() + 1);
    std::vector<std::size_t> row(to.size() + 1);
    std::iota(last.begin(), last.end(), 0U);
    for (std::size_t i = 1; i <= from.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= to.size(); ++j) {
            auto const same = to_lower(from[i - 1]) == to_lower(to[j - 1]);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0U : 1U)});
            auto const swapped = i > 1 && j > 1 && to_lower(from[i - 1]) == to_lower(to[j - 2]) &&
                                 to_lower(from[i - 2]) == to_lower(to[j - 1]);
            if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
        }
        std::swap(before, last);
        std::swap(last, row);
    }
    return last[to.size()];
}

void add(std::vector<Finding>& found, Finding::Kind kind, Place const& place, std::string text, std::string hint) {
    found.push_back({.kind = kind,
                     .file = place.file,
                     .line = place.line,
                     .column = place.column,
                     .text = std::move(text),
                     .hint = std::move(hint)});
}

}  // namespace

std::string to_text(Finding const& finding) {
    auto text = finding.file;
    if (finding.line > 0) text += fmt::format(":{}:{}", finding.line, finding.column);
    text += finding.kind == Finding::Kind::note ? ": note: " : ": ";
    text += finding.text;
    if (!finding.hint.empty()) text += "\n  hint: " + finding.hint;
    return text;
}

void Findings::mistake(Place const& place, std::string text, std::string hint) {
    add(found_, Finding::Kind::mistake, place, std::move(text), std::move(hint));
}

void Findings::note(Place const& place, std::string text, std::string hint) {
    add(found_, Finding::Kind::note, place, std::move(text), std::move(hint));
}

std::vector<Finding> Findings::take() {
    std::ranges::sort(found_, {}, [](Finding const& finding) {
        return std::tie(finding.file, finding.line, finding.column, finding.text);
    });
    return std::exchange(found_, {});
}

std::string closest(std::string_view word, std::span<std::string const> candidates) {
    return closest_within(std::max<std::size_t>(1, word.size() / 3), word, candidates);
}

std::string closest_within(std::size_t most, std::string_view word, std::span<std::string const> candidates) {
    std::string best;
    auto best_distance = most + 1;
    for (auto const& candidate : candidates) {
        auto const far = distance(word, candidate);
        if (far < best_distance) {
            best = candidate;
            best_distance = far;
        }
    }
    return best;
}

std::string did_you_mean(std::string_view word, std::span<std::string const> candidates) {
    auto const near = closest(word, candidates);
    return near.empty() ? "" : fmt::format("did you mean \"{}\"?", near);
}

std::string one_of(std::span<std::string const> words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
        text += fmt::format("\"{}\"", words[i]);
    }
    return text;
}

}  // namespace sallyport::definition
