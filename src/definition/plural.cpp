// Paths are part of the contract, so the plurals are those of the inflection rules LoopBack uses, its odd ones
// ("Leafs", "Heros") included. Rules are tried in order; the first ending that fits decides.

#include "definition/plural.hpp"

#include "sallyport/ascii.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace sallyport::definition {
namespace {

constexpr std::array uncountable{"advice",      "aid",          "aircraft",    "air",
                                 "alcohol",     "bread",        "cash",        "chess",
                                 "deer",        "dirt",         "economics",   "education",
                                 "electricity", "equipment",    "ethics",      "evidence",
                                 "fiction",     "flour",        "food",        "fuel",
                                 "fun",         "furniture",    "garbage",     "genetics",
                                 "gold",        "golf",         "gossip",      "hardware",
                                 "health",      "help",         "homework",    "honey",
                                 "hospitality", "housework",    "ice",         "information",
                                 "iron",        "jewelry",      "knowledge",   "literature",
                                 "litter",      "livestock",    "logic",       "luggage",
                                 "machinery",   "management",   "mathematics", "milk",
                                 "money",       "mud",          "music",       "nature",
                                 "news",        "nutrition",    "oxygen",      "pasta",
                                 "physics",     "poetry",       "pollution",   "poverty",
                                 "pride",       "psychology",   "publicity",   "quartz",
                                 "reliability", "research",     "respect",     "rice",
                                 "rubbish",     "safety",       "scenery",     "seafood",
                                 "series",      "sheep",        "shopping",    "sleep",
                                 "smoke",       "snow",         "soap",        "software",
                                 "soil",        "species",      "steam",       "stuff",
                                 "thunder",     "timber",       "traffic",     "transportation",
                                 "trust",       "unemployment", "vegetation",  "violence",
                                 "warmth",      "wealth",       "weather",     "wheat",
                                 "wildlife",    "zinc"};

/// Endings of words that are plural already.
constexpr std::array plural_endings{
    "people",   "children",  "tia",      "ia",       "ta",     "analyses",  "bases",   "diagnoses", "parentheses",
    "theses",   "databases", "drives",   "hives",    "tives",  "curves",    "lves",    "rves",      "ries",
    "movies",   "series",    "xes",      "ches",     "sses",   "shes",      "mice",    "lice",      "buses",
    "oes",      "shoes",     "crises",   "axes",     "testes", "octopuses", "viruses", "aliases",   "canvases",
    "statuses", "campuses",  "matrices", "vertices", "quizzes"};

struct Ending {
    std::string_view singular;
    std::string_view plural;
    bool whole_word = false;
};

constexpr std::array endings{Ending{"man", "men", true},
                             Ending{"woman", "women", true},
                             Ending{"person", "people"},
                             Ending{"child", "children"},
                             Ending{"drive", "drives"},
                             Ending{"ox", "oxen", true},
                             Ending{"axis", "axes"},
                             Ending{"testis", "testes"},
                             Ending{"octopus", "octopuses"},
                             Ending{"virus", "viruses"},
                             Ending{"alias", "aliases"},
                             Ending{"status", "statuses"},
                             Ending{"canvas", "canvases"},
                             Ending{"campus", "campuses"},
                             Ending{"summons", "summonses", true},
                             Ending{"bonus", "bonuses", true},
                             Ending{"bus", "buses"},
                             Ending{"buffalo", "buffaloes"},
                             Ending{"tomato", "tomatoes"},
                             Ending{"potato", "potatoes"},
                             Ending{"tum", "ta"},
                             Ending{"ium", "ia"},
                             Ending{"sis", "ses"},
                             Ending{"lf", "lves"},
                             Ending{"rf", "rves"},
                             Ending{"hive", "hives"},
                             Ending{"tive", "tives"},
                             Ending{"matrix", "matrices"},
                             Ending{"vertex", "vertices"},
                             Ending{"index", "indices"},
                             Ending{"x", "xes"},
                             Ending{"ch", "ches"},
                             Ending{"ss", "sses"},
                             Ending{"sh", "shes"},
                             Ending{"mouse", "mice"},
                             Ending{"louse", "lice"},
                             Ending{"quiz", "quizzes"},
                             Ending{"criterion", "criteria", true},
                             Ending{"s", "s"}};

bool is_vowel(char c) { return std::string_view{"aeiouy"}.find(c) != std::string_view::npos; }

/// The letters of `name` kept as far as they agree with `word`, so that case stays as written.
std::string with_case_of(std::string_view name, std::string const& word) {
    auto result = word;
    for (std::size_t i = 0; i < std::min(name.size(), word.size()) && to_lower(name[i]) == word[i]; ++i)
        result[i] = name[i];
    return result;
}

/// "-y" after a consonant or "qu", and "-fe" after another letter than f; nothing where neither rule fits.
std::string by_letter_before(std::string const& word) {
    auto const size = word.size();
    if (size > 2 && word.ends_with("fe") && word[size - 3] != 'f') return word.substr(0, size - 2) + "ves";
    if (size > 1 && word.ends_with('y')) {
        auto const after_consonant = !is_vowel(word[size - 2]);
        if (after_consonant || word.ends_with("quy")) return word.substr(0, size - 1) + "ies";
    }
    return {};
}

std::string plural_of_lower(std::string const& word) {
    if (std::ranges::find(uncountable, word) != uncountable.end()) return word;
    if (word == "men" || word == "women") return word;
    auto const is_ending = [&](std::string_view ending) { return word.ends_with(ending); };
    if (std::ranges::any_of(plural_endings, is_ending)) return word;
    if (word.ends_with("ies") && word.size() > 3 && !is_vowel(word[word.size() - 4])) return word;
    if (auto found = by_letter_before(word); !found.empty()) return found;
    for (auto const& [singular, plural, whole_word] : endings) {
        if (whole_word ? word == singular : word.ends_with(singular)) {
            return word.substr(0, word.size() - singular.size()) + std::string{plural};
        }
    }
    return word + "s";
}

std::string normalized_segment(std::string_view segment) {
    std::string words;
    for (auto const c : segment) {
        if (c >= 'A' && c <= 'Z') words += '_';
        words += c >= 'A' && c <= 'Z' ? to_lower(c) : c;
    }
    if (words.starts_with('_')) words.erase(0, 1);
    std::ranges::replace_if(words, [](char c) { return c == '_' || c == ' '; }, '-');
    return words;
}

}  // namespace

std::string plural(std::string_view name) {
    auto const word = to_lower(name);
    if (word == "foot") return "feet";  // Whole words, which lose their capital.
    if (word == "tooth") return "teeth";
    if (word == "goose") return "geese";
    if (word == "genus") return "genera";
    return with_case_of(name, plural_of_lower(word));
}

std::string camel(std::string_view name) {
    std::string result;
    auto starts_word = false;
    auto word = 0;
    for (auto const c : name) {
        if (c == '_') {
            starts_word = true;
            ++word;
        } else if (starts_word) {
            result += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
            starts_word = false;
        } else {
            result += result.empty() || word > 0 ? to_lower(c) : c;
        }
    }
    return result;
}

std::string dashed(std::string_view name) {
    std::string result;
    for (std::size_t i = 0; i < name.size(); ++i) {
        auto const is_upper = std::isupper(static_cast<unsigned char>(name[i])) != 0;
        auto const after_lower = i > 0 && std::islower(static_cast<unsigned char>(name[i - 1])) != 0;
        auto const before_lower =
            i > 0 && i + 1 < name.size() && std::islower(static_cast<unsigned char>(name[i + 1])) != 0;
        if (is_upper && (after_lower || before_lower) && !result.ends_with('-')) result += '-';
        result += name[i] == '_' || name[i] == ' ' ? '-' : to_lower(name[i]);
    }
    return result;
}

// The npm package inflection's "underscore", then "dasherize": every capital letter begins a word, so runs of them fall
// apart.
std::string normalized_path(std::string_view path) {
    std::string result;
    while (!path.empty()) {
        auto const slash = path.find('/');
        auto const segment = path.substr(0, slash);
        result += segment.contains(':') ? std::string{segment} : normalized_segment(segment);
        if (slash == std::string_view::npos) break;
        result += '/';
        path.remove_prefix(slash + 1);
    }
    return result;
}

}  // namespace sallyport::definition
